/* SPDX-License-Identifier: MIT */
/*
 * A date is cut at spaces, commas, slashes, dashes and dots; then the numbers and a month's name
 * say which is which:
 *
 *     Mon 24 Nov        "Mon" says nothing new, 24 is a day, no year: the nearest one
 *     11/23/2026        23 can only be a day, so this one is American
 *     03/04/2026        could be either: 3 April, and ambiguous
 */
#include "text/day.h"

#include "base/date.h"
#include "base/utf8.h"

#include <string.h>

#define DAY_MINUTES  1440
#define SERIAL_1970  25569 /* a spreadsheet's count of days on 1970-01-01 */
#define SERIAL_LEAST 20000
#define SERIAL_MOST  90000
#define DAY_SECONDS  86400
#define MOST_TOLD    20

typedef struct Parts {
    uint64_t numbers[3];
    size_t digits[3];
    uint32_t n;
    uint64_t month; /* by name; 0: none */
    bool timed;
    uint64_t hour, minute;
} Parts;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(Str s)
{
    size_t n = 0;
    while (n < s.len && is_digit(s.p[n]))
        n++;
    return n;
}

/* ---- times ----------------------------------------------------------------------------------- */

/* 1 for am, 2 for pm, 0 for neither; cut off the end. */
static int take_half(Str *s)
{
    for (int half = 1; half <= 2; half++) {
        Str word = half == 1 ? STR("am") : STR("pm");
        if (s->len > 2 && sml_str_eq_nocase(sml_str_slice(*s, s->len - 2, s->len), word)) {
            *s = sml_str_trim(sml_str_slice(*s, 0, s->len - 2));
            return half;
        }
    }
    return 0;
}

/* "09:30", "9.30am", "9am", "14:30:00". */
static bool read_time(Parts *p, Str s)
{
    s = sml_str_trim(s);
    int half = take_half(&s);
    size_t digits = count_digits(s);
    if (!sml_str_uint(&p->hour, sml_str_slice(s, 0, digits), half ? 12 : 23))
        return false;
    s = sml_str_slice(s, digits, s.len);
    p->minute = 0;
    if (s.len == 0 && !half)
        return false;
    if (s.len) {
        Str minute = sml_str_slice(s, 1, 3), rest = sml_str_slice(s, 3, s.len);
        if ((s.p[0] != ':' && s.p[0] != '.') || minute.len != 2 ||
            !sml_str_uint(&p->minute, minute, 59) || (rest.len && rest.p[0] != ':'))
            return false;
    }
    if (half)
        p->hour = p->hour % 12 + (half == 2 ? 12 : 0);
    return p->timed = true;
}

/* A time behind the date: its last word, or two where am or pm stands alone. Taken off. */
static void take_time(Parts *p, Str *date)
{
    size_t at = date->len;
    for (int words = 0; words < 2 && at > 0; words++) {
        while (at > 0 && date->p[at - 1] != ' ' && date->p[at - 1] != 'T')
            at--;
        Str word = sml_str_slice(*date, at, date->len);
        bool marked = sml_str_find(word, STR(":"), 0) != SIZE_MAX ||
                      sml_str_eq_nocase(sml_str_slice(word, word.len - 1, word.len), STR("m"));
        if (at > 0 && marked && read_time(p, word)) {
            *date = sml_str_trim(sml_str_slice(*date, 0, at - 1));
            return;
        }
        while (at > 0 && date->p[at - 1] == ' ')
            at--;
    }
}

/* ---- days ------------------------------------------------------------------------------------ */

/* Index from 1 of the name that `s` begins or is, by its first three letters or all; 0: none. */
static uint64_t find_name(Str s, const char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str name = sml_str_from(names[i]);
        if (s.len >= 3 && sml_str_eq_nocase(s, sml_str_slice(name, 0, s.len)))
            return i + 1;
    }
    return 0;
}

static uint64_t month_named(Str s)
{
    static const char *const english[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
    static const char *const welsh[] = {"ionawr", "chwefror", "mawrth",     "ebrill",
                                        "mai",    "mehefin",  "gorffennaf", "awst",
                                        "medi",   "hydref",   "tachwedd",   "rhagfyr"};
    uint64_t month = find_name(s, english, 12);
    return month ? month : find_name(s, welsh, 12);
}

static bool is_weekday(Str s)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    return find_name(s, names, 7) > 0;
}

static bool is_ordinal(Str s)
{
    return sml_str_eq_nocase(s, STR("st")) || sml_str_eq_nocase(s, STR("nd")) ||
           sml_str_eq_nocase(s, STR("rd")) || sml_str_eq_nocase(s, STR("th"));
}

static bool add_word(Parts *p, Str word)
{
    size_t digits = count_digits(word);
    if (digits) {
        Str rest = sml_str_slice(word, digits, word.len);
        if (p->n == 3 || (rest.len && !is_ordinal(rest)))
            return false;
        p->digits[p->n] = digits;
        return sml_str_uint(&p->numbers[p->n++], sml_str_slice(word, 0, digits), 9999);
    }
    if (is_weekday(word))
        return true;
    uint64_t month = month_named(word);
    bool first = p->month == 0;
    p->month = month;
    return month && first;
}

static bool read_words(Parts *p, Str s)
{
    size_t start = 0;
    for (size_t at = 0; at <= s.len; at++) {
        if (at < s.len && !strchr(" ,/-.", s.p[at]))
            continue;
        if (at > start && !add_word(p, sml_str_slice(s, start, at)))
            return false;
        start = at + 1;
    }
    return p->n > 0;
}

typedef struct Civil {
    uint64_t year, month, day; /* year 0: none given */
    bool ambiguous;
} Civil;

static bool assign(Civil *d, const Parts *p)
{
    const uint64_t *v = p->numbers;
    *d = (Civil){.month = p->month};
    uint32_t want = p->month ? 2 : 3;
    if (p->n > want || p->n + 1 < want)
        return false;
    bool year_first = p->n == want && p->digits[0] == 4;
    uint32_t i = year_first;
    if (p->month) {
        d->day = v[i];
    } else if (year_first) {
        d->month = v[1];
        d->day = v[2];
    } else {
        bool american = v[1] > 12 && v[0] <= 12;
        d->day = american ? v[1] : v[0];
        d->month = american ? v[0] : v[1];
        d->ambiguous = v[0] <= 12 && v[1] <= 12 && v[0] != v[1];
    }
    if (p->n == want)
        d->year = year_first ? v[0] : v[want - 1];
    if (p->n == want && !year_first && p->digits[want - 1] == 2)
        d->year += 2000;
    return true;
}

static Str print_day(const Civil *d, uint64_t year, Arena *a)
{
    return sml_arena_printf(a, "%04u-%02u-%02u", (unsigned)year, (unsigned)d->month,
                            (unsigned)d->day);
}

/* The year in which the day is nearest to `near`. */
static bool find_year(Civil *d, Str near, Arena *a)
{
    Minutes from, day, end;
    uint64_t year;
    if (!sml_date_parse(near, &from, &end) || !sml_str_uint(&year, sml_str_slice(near, 0, 4), 9998))
        return false;
    int64_t best = INT64_MAX;
    for (uint64_t y = year - (year > 0); y <= year + 1; y++) {
        if (!sml_date_parse(print_day(d, y, a), &day, &end))
            continue;
        int64_t days = sml_date_days(from, day);
        days = days < 0 ? -days : days;
        if (days < best) {
            best = days;
            d->year = y;
        }
    }
    return best < INT64_MAX;
}

/* "46349", "46349.395": days of a spreadsheet. */
static bool read_serial(Day *out, Str s, Arena *a)
{
    Str whole = s, rest = s;
    uint64_t days;
    if (!sml_str_cut(&whole, &rest, '.') || !sml_str_uint(&days, whole, SERIAL_MOST) ||
        days < SERIAL_LEAST || (rest.p && count_digits(rest) != rest.len))
        return false;
    char *day = ARENA_ARRAY(a, char, 16);
    sml_date_format(day, sml_date_from_unix(((int64_t)days - SERIAL_1970) * DAY_SECONDS));
    out->date = sml_str_from(day);
    return true;
}

bool sml_day_read(Day *out, Str date, Str time, Str near, Arena *a)
{
    Minutes start, end;
    Parts p = {0};
    Civil d;
    date = sml_str_trim(date);
    *out = (Day){0};
    bool iso = sml_date_parse(date, &start, &end);
    if (iso && (date.len > 10 || time.len == 0)) {
        out->date = sml_arena_copy(a, date);
        return true;
    }
    if (!iso && read_serial(out, date, a))
        return true;
    take_time(&p, &date);
    if (!read_words(&p, date) || !assign(&d, &p) || (d.year == 0 && !find_year(&d, near, a)))
        return false;
    if (!p.timed)
        read_time(&p, time);
    Str day = print_day(&d, d.year, a);
    out->date =
        p.timed ? sml_arena_printf(a, "%sT%02u:%02u", day.p, (unsigned)p.hour, (unsigned)p.minute)
                : day;
    out->ambiguous = d.ambiguous;
    return sml_date_parse(out->date, &start, &end);
}

static Str say_unread(Str date, DayTold *told, Arena *a)
{
    if (told->unread >= MOST_TOLD)
        return (Str){0};
    bool last = ++told->unread == MOST_TOLD;
    return sml_arena_printf(a, "\"%.*s\" is read as no date; write it like 2026-11-20%s",
                            STR_ARG(sml_str_slice(date, 0, sml_utf8_floor(date, 40))),
                            last ? ", and others below that are none" : "");
}

Str sml_day_take(sml_context *out, Str date, Str time, Str near, DayTold *told, Arena *a)
{
    Day day;
    if (!sml_day_read(&day, date, time, near, a))
        return say_unread(date, told, a);
    out->date = day.date;
    out->date_origin = STR("the draft");
    if (!day.ambiguous || told->order)
        return (Str){0};
    told->order = true;
    return sml_arena_printf(a,
                            "\"%.*s\" is taken for %.*s, the day first, and so are others like it",
                            STR_ARG(date), STR_ARG(sml_str_slice(day.date, 0, 10)));
}
