/* SPDX-License-Identifier: MIT */
/* A rulebook, or some of its rules, as pages of Markdown. */
#ifndef SML_CLI_PAGES_H
#define SML_CLI_PAGES_H

#include "cli/rulebooks.h"

/* A contents list, a section for each family, and in it one for each rule. */
void sml_pages_rules(Buf *out, const Listed *l);

/* The obligations, and for each the rules that serve it: rules/coverage.md. Of some rules, those that they serve. */
void sml_pages_coverage(Buf *out, const Listed *l);

#endif
