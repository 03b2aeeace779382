/* SPDX-License-Identifier: MIT */
/*
 * Days are counted from 1970-01-01 in the proleptic Gregorian calendar. To keep the leap day at the
 * end of a year, a year is taken to begin in March: month 0 is March, month 11 the next February.
 * 400 such years are always 146,097 days.
 *
 *     2026-03-29 is month 0, day 28 of the year from 2026-03-01. It is day 20,541 since 1970, a
 *     Sunday and the last one in March: at 01:00 UTC the clocks go from 01:00 to 02:00.
 *
 * Today's rule of the clocks is applied to every year. Before 1996 the autumn change came on other
 * Sundays; no draft is that old.
 */
#include "base/date.h"

#define DAY_MINUTES    1440
#define DAYS_400_YEARS 146097
#define DAYS_TO_1970   719468 /* from 0000-03-01 */
#define CLOCK_CHANGE   60     /* minutes after midnight UTC */
#define SUMMER_MINUTES 60
#define FIRST_DAY      (-719528) /* 0000-01-01 */
#define LAST_DAY       2932896   /* 9999-12-31 */

typedef struct Civil {
    int64_t year;
    int month, day; /* from 1 */
} Civil;

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_civil(Civil c)
{
    int64_t year = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * ((c.month + 9) % 12) + 2) / 5 + c.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_400_YEARS + day_of_era - DAYS_TO_1970;
}

static Civil civil_from_days(int64_t days)
{
    days += DAYS_TO_1970;
    int64_t era = floor_div(days, DAYS_400_YEARS);
    int64_t day_of_era = days - era * DAYS_400_YEARS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (int)((5 * day_of_year + 2) / 153);
    Civil c = {.day = (int)day_of_year - (153 * march_month + 2) / 5 + 1,
               .month = march_month < 10 ? march_month + 3 : march_month - 9,
               .year = year_of_era + era * 400};
    c.year += c.month <= 2;
    return c;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* The instant in UTC at which the clocks change in `month`, which has 31 days. */
static Minutes clock_change(int64_t year, int month)
{
    int64_t last = days_from_civil((Civil){year, month, 31});
    int64_t weekday = last + 4 - floor_div(last + 4, 7) * 7; /* Sunday is 0; day 0 was a Thursday */
    return (last - weekday) * DAY_MINUTES + CLOCK_CHANGE;
}

static Minutes london_from_utc(Minutes utc)
{
    int64_t year = civil_from_days(floor_div(utc, DAY_MINUTES)).year;
    bool summer = utc >= clock_change(year, 3) && utc < clock_change(year, 10);
    return summer ? utc + SUMMER_MINUTES : utc;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Takes `digits` digits that make a number of [min, max] off the front of `*s`. */
static bool take_number(int *out, Str *s, size_t digits, int min, int max)
{
    int n = 0;
    if (s->len < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        n = n * 10 + (s->p[i] - '0');
    }
    if (n < min || n > max)
        return false;
    *s = (Str){s->p + digits, s->len - digits};
    *out = n;
    return true;
}

static bool take_char(Str *s, const char *any_of)
{
    if (s->len == 0)
        return false;
    for (const char *c = any_of; *c; c++) {
        if (s->p[0] == *c) {
            *s = (Str){s->p + 1, s->len - 1};
            return true;
        }
    }
    return false;
}

static bool take_day(int64_t *days, Str *s)
{
    int year, month, day;
    if (!take_number(&year, s, 4, 0, 9999) || !take_char(s, "-") ||
        !take_number(&month, s, 2, 1, 12) || !take_char(s, "-") ||
        !take_number(&day, s, 2, 1, days_in_month(year, month)))
        return false;
    *days = days_from_civil((Civil){year, month, day});
    return true;
}

static bool take_clock(int *minutes, Str *s, bool colon)
{
    int hour, minute;
    if (!take_number(&hour, s, 2, 0, 23) || (!take_char(s, ":") && colon) ||
        !take_number(&minute, s, 2, 0, 59))
        return false;
    *minutes = hour * 60 + minute;
    return true;
}

/* ":30", ":30.000", or nothing. */
static bool take_seconds(Str *s)
{
    int number;
    if (!take_char(s, ":"))
        return true;
    if (!take_number(&number, s, 2, 0, 59))
        return false;
    if (!take_char(s, "."))
        return true;
    bool any = false;
    while (take_number(&number, s, 1, 0, 9))
        any = true;
    return any;
}

/* What to add to the time to have UTC. */
static bool take_zone(int *to_utc, Str *s)
{
    *to_utc = 0;
    take_char(s, " ");
    if (take_char(s, "Z"))
        return true;
    bool east = s->len > 0 && s->p[0] == '+';
    if (!take_char(s, "+-") || !take_clock(to_utc, s, false))
        return false;
    if (east)
        *to_utc = -*to_utc;
    return true;
}

bool sml_date_parse(Str s, Minutes *start, Minutes *end)
{
    int64_t days;
    int clock, to_utc;
    if (!take_day(&days, &s))
        return false;
    *start = days * DAY_MINUTES;
    *end = *start + DAY_MINUTES;
    if (s.len == 0)
        return true;

    if (!take_char(&s, "T ") || !take_clock(&clock, &s, true) || !take_seconds(&s))
        return false;
    *start += clock;
    if (s.len > 0) {
        if (!take_zone(&to_utc, &s) || s.len > 0)
            return false;
        *start = london_from_utc(*start + to_utc);
    }
    *end = *start + 1;
    return true;
}

/* ---- the rest -------------------------------------------------------------------------------- */

Minutes sml_date_from_unix(int64_t seconds)
{
    return london_from_utc(floor_div(seconds, 60));
}

static char *put_number(char *out, int64_t n, int digits)
{
    for (int i = digits; i-- > 0; n /= 10)
        out[i] = (char)('0' + n % 10);
    return out + digits;
}

/* By hand: a rulebook tells hundreds of dates, and snprintf takes a thousand steps for each. */
void sml_date_format(char out[16], Minutes m)
{
    int64_t days = floor_div(m, DAY_MINUTES);
    days = days < FIRST_DAY ? FIRST_DAY : days > LAST_DAY ? LAST_DAY : days;
    Civil c = civil_from_days(days);
    out = put_number(out, c.year, 4);
    *out++ = '-';
    out = put_number(out, c.month, 2);
    *out++ = '-';
    *put_number(out, c.day, 2) = '\0';
}

void sml_date_format_moment(char out[MOMENT_MAX], Minutes m)
{
    int64_t minute = m - floor_div(m, DAY_MINUTES) * DAY_MINUTES;
    sml_date_format(out, m);
    out += sizeof "2026-11-21" - 1;
    *out++ = 'T';
    out = put_number(out, minute / 60, 2);
    *out++ = ':';
    *put_number(out, minute % 60, 2) = '\0';
}

Minutes sml_date_after(Minutes m, int64_t days)
{
    return (floor_div(m, DAY_MINUTES) + days) * DAY_MINUTES;
}

int64_t sml_date_days(Minutes a, Minutes b)
{
    return floor_div(b, DAY_MINUTES) - floor_div(a, DAY_MINUTES);
}
