/* SPDX-License-Identifier: MIT */
/* Dates as people put them into calendars: 23/11/2026, 23 Nov 26, Mon 24 Nov, a spreadsheet's 46349; times as 9.30am. */
#ifndef SML_TEXT_DAY_H
#define SML_TEXT_DAY_H

#include <smlint.h>

#include "base/arena.h"

typedef struct Day {
    Str date;       /* as base/date.h reads it; NUL-terminated */
    bool ambiguous; /* day and month could change places; taken in UK order */
} Day;

/* Reads `date`, and `time` where that is not empty. A date without a year is the one nearest to
 * the day `near` (2026-11-20, or longer); with `near` empty it is not read. False for what is no
 * date. */
bool sml_day_read(Day *out, Str date, Str time, Str near, Arena *a);

/* What was said of the dates of one document. */
typedef struct DayTold {
    uint32_t unread;
    bool order;
} DayTold;

/* Reads the date of one of many posts into `out`; returns what is to be said of it, or an empty text. That it could not be
 * read is said for the first 20, that the day was taken to come first once. */
Str sml_day_take(sml_context *out, Str date, Str time, Str near, DayTold *told, Arena *a);

#endif
