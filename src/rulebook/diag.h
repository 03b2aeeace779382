/* SPDX-License-Identifier: MIT */
/* Every complaint about a rulebook, one row each in diag.def: DIAG(CODE, ERROR|WARNING, "format"). */
#ifndef SML_RULEBOOK_DIAG_H
#define SML_RULEBOOK_DIAG_H

#include "rulebook/rule.h"

typedef enum DiagCode {
#define DIAG(code, level, text) DIAG_##code,
#include "rulebook/diag.def"
#undef DIAG
    DIAG_COUNT
} DiagCode;

/* Reports the row's text at `pos`, filled as printf would from the arguments that the row's format asks
 * for (Str arguments through STR_ARG), with the id of d->rule behind it, shown safely (base/show.h): it is
 * one harmless line. Always false for an error row, true for a warning. */
bool sml_diag(Diagnostics *d, Pos pos, DiagCode code, ...);

/* Counts a problem found elsewhere and lets it be heard, if it is among the first 20. */
void sml_diag_pass(Diagnostics *d, const sml_error *problem, bool is_error);

#endif
