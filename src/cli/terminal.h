/* SPDX-License-Identifier: MIT */
/* What the terminal, if there is one, can show. */
#ifndef SML_CLI_TERMINAL_H
#define SML_CLI_TERMINAL_H

#include "base/str.h"

/* Whether to colour what goes to `fd`. `choice` is that of --color; at auto these decide, the
 * first that applies: NO_COLOR, CLICOLOR_FORCE, TERM, whether `fd` is a terminal, CLICOLOR. */
bool sml_terminal_color(Str choice, int fd);

/* Columns to wrap at: of the terminal, or else COLUMNS, or else 80. 0 if `fd` is no terminal:
 * what is read by programs is never wrapped. */
uint32_t sml_terminal_width(int fd);

#endif
