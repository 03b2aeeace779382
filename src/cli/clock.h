/* SPDX-License-Identifier: MIT */
/* The date in force: the one of --date, else of SOURCE_DATE_EPOCH, else today in London. */
#ifndef SML_CLI_CLOCK_H
#define SML_CLI_CLOCK_H

#include "base/arena.h"
#include "base/error.h"

/* Fills the date of a context, and where it is from, if it has none. Fails if SOURCE_DATE_EPOCH is
 * consulted and is not a number of seconds. */
bool sml_clock_fill(sml_context *context, Arena *a, sml_error *err);

/* Whole days from one date to another, negative if `to` is earlier; 0 if either is no date. */
int64_t sml_clock_days(Str from, Str to);

/* The day that is `days` before that of `date`, as 2026-11-20; one of long ago if it is no date. */
void sml_clock_before(char out[16], Str date, int64_t days);

#endif
