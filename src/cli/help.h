/* SPDX-License-Identifier: MIT */
/* --help, made from the rows of options.def and verbs.def. */
#ifndef SML_CLI_HELP_H
#define SML_CLI_HELP_H

#include "cli/options.h"

/* All about one verb; the help of check also lists the verbs. Lines are at most `width` columns
 * where the words allow it; 0 means 80. */
void sml_help_full(Buf *out, Verb verb, uint32_t width);

/* A few lines for who gave no draft. */
void sml_help_short(Buf *out);

/* The values of a row in order, @formats replaced by the formats there are, with `separator`
 * between; nothing for @files and @rules. */
void sml_help_values(Buf *out, const OptionRow *row, const char *separator);

#endif
