/* SPDX-License-Identifier: MIT */
/*
 * Civil time in Europe/London, without the system's zone files. An instant is a count of minutes of
 * London wall-clock time since 1970-01-01T00:00; comparing two such instants compares what the clock on
 * the wall shows, which is what pre-election notices are written in.
 *
 * The clock changes at 01:00 UTC on the last Sundays of March and October (Summer Time Order 2002, S.I.
 * 2002/262).
 */
#ifndef SML_BASE_DATE_H
#define SML_BASE_DATE_H

#include "base/str.h"

typedef int64_t Minutes;
#define MINUTES_MIN INT64_MIN
#define MINUTES_MAX INT64_MAX

/* Reads 2026-11-20, 2026-11-20T09:30 or 2026-11-20T09:30:00(.000), the last two also with a zone (Z, +01:00, +0100, a space
 * before it or none), which is turned into London time, and a space in place of the T. `*start` is the first minute meant and
 * `*end` the first one after it: a day later for a date alone, a minute later for a time. False for
 * anything else, impossible days included. */
bool sml_date_parse(Str s, Minutes *start, Minutes *end);

/* The London day and time of a count of seconds since 1970 in UTC. */
Minutes sml_date_from_unix(int64_t seconds);

/* 2026-11-20 in `out`, NUL-terminated. */
void sml_date_format(char out[16], Minutes m);

/* 2026-11-20T09:30 in `out`, NUL-terminated. */
#define MOMENT_MAX 24
void sml_date_format_moment(char out[MOMENT_MAX], Minutes m);

/* The midnight at the beginning of the day that comes `days` after that of `m`. */
Minutes sml_date_after(Minutes m, int64_t days);

/* Whole days from a to b, negative if b is earlier. */
int64_t sml_date_days(Minutes a, Minutes b);

#endif
