/* SPDX-License-Identifier: MIT */
/* Calendars as a stream: read in parts of whole rows, so that memory does not grow with their length. */
#ifndef SML_CLI_CALENDAR_H
#define SML_CLI_CALENDAR_H

#include "cli/verdict.h"

/* Checks all posts of `fd`. `shape` is what they have in common: path and context. */
void sml_calendar_run(Verdict *v, const Checker *c, int fd, const sml_input *shape);

#endif
