/* SPDX-License-Identifier: MIT */
/* One line on standard error, written at once so that lines of several processes do not mix. */
#ifndef SML_CLI_SAY_H
#define SML_CLI_SAY_H

#include "base/error.h"

/* "sm-lint: " and the text. */
void sml_say(const char *format, ...) SML_PRINTF(1, 2);

/* "path:line:col: error: message" for a problem with a place, "sm-lint: path: message" for one
 * without. */
void sml_say_problem(const sml_error *problem);

/* The same line, appended to `out`; with `word` ("error", "warning") for a problem with a place. */
void sml_say_line(Buf *out, const sml_error *problem, const char *word);

/* Hears the diagnostics of a rulebook (an sml_diagnostic_fn). */
void sml_say_diagnostic(void *user, const sml_error *problem, bool is_error);

#endif
