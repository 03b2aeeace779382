/* SPDX-License-Identifier: MIT */
/* Rows of `grades` that can never be reached. */
#ifndef SML_RULEBOOK_REACH_H
#define SML_RULEBOOK_REACH_H

#include "rulebook/rule.h"

/* Why row `row` of the rule's grades is never reached, in words; NULL where it may be. Rows beyond the 64th and conditions of
 * more than 200 parts are taken to be reachable. */
const char *sml_reach_dead(const Rule *rule, uint32_t row);

#endif
