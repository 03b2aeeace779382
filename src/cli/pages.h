/* SPDX-License-Identifier: MIT */
/* A rulebook as pages of Markdown. */
#ifndef SML_CLI_PAGES_H
#define SML_CLI_PAGES_H

#include "base/str.h"

/* A contents list, a section for each family, and in it one for each rule. */
void sml_pages_rules(Buf *out, const sml_rulebook *r);

/* The obligations, and for each the rules that serve it: rules/coverage.md. */
void sml_pages_coverage(Buf *out, const sml_rulebook *r);

#endif
