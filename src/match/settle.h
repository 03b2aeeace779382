/* SPDX-License-Identifier: MIT */
/* What is left of a post's findings once all rules have been judged, and in which order. */
#ifndef SML_MATCH_SETTLE_H
#define SML_MATCH_SETTLE_H

#include "match/judge.h"

/* Puts the findings in order, and leaves out what another one of its family covers. */
void sml_settle_findings(Judgement *j, Scan *s);

/* That, and what it means for traces and masks. */
void sml_settle(Judgement *j, Scan *s);

#endif
