/* SPDX-License-Identifier: MIT */
/*
 * Dates that contradict themselves: "Thursday 3 May 2027" is a Monday. Only a date with its year is looked at, for
 * without one nobody knows which is meant.
 */
#include "match/detect_find.h"

#include "base/date.h"

#include <stdio.h>
#include <string.h>

/* From Thursday on, as 1 January 1970 was one; short forms behind. */
static const char *const weekdays[][5] = {
    {"thursday", "thurs", "thur", "thu", NULL},
    {"friday", "fri", NULL},
    {"saturday", "sat", NULL},
    {"sunday", "sun", NULL},
    {"monday", "mon", NULL},
    {"tuesday", "tues", "tue", NULL},
    {"wednesday", "weds", "wed", NULL},
};

static const char *const months[][4] = {
    {"january", "jan", NULL},
    {"february", "feb", NULL},
    {"march", "mar", NULL},
    {"april", "apr", NULL},
    {"may", NULL},
    {"june", "jun", NULL},
    {"july", "jul", NULL},
    {"august", "aug", NULL},
    {"september", "sept", "sep", NULL},
    {"october", "oct", NULL},
    {"november", "nov", NULL},
    {"december", "dec", NULL},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* What has been read of a date, and where reading is. */
typedef struct Date {
    Str text;
    size_t at;
    unsigned day, month, year; /* month from 1; 0: not read */
} Date;

static void skip(Date *d, const char *text)
{
    Str s = sml_str_from(text);
    if (sml_str_starts(sml_str_slice(d->text, d->at, d->text.len), s))
        d->at += s.len;
}

static bool read_number(Date *d, unsigned most, unsigned *out)
{
    size_t from = d->at;
    for (*out = 0; is_digit(byte_at(d->text, d->at)) && d->at - from < most; d->at++)
        *out = *out * 10 + (unsigned)(d->text.p[d->at] - '0');
    return d->at > from && !is_digit(byte_at(d->text, d->at));
}

static Str read_letters(Date *d)
{
    size_t from = d->at;
    while (is_letter(byte_at(d->text, d->at)))
        d->at++;
    return sml_str_slice(d->text, from, d->at);
}

/* "3rd of May, 2027" from the digit on. */
static bool read_date(Date *d)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};
    if (!read_number(d, 2, &d->day))
        return false;
    size_t behind = d->at;
    if (!sml_detect_listed(read_letters(d), ordinals))
        d->at = behind;
    skip(d, " of");
    skip(d, " ");
    Str month = read_letters(d);
    for (unsigned i = 0; i < COUNT(months); i++)
        if (sml_detect_listed(month, months[i]))
            d->month = i + 1;
    skip(d, ",");
    skip(d, " ");
    size_t digits = d->at;
    return d->month && read_number(d, 4, &d->year) && d->at == digits + 4;
}

/* Days from Thursday to the weekday that ends at `end`, whose start goes to *start; COUNT(weekdays): there is none. */
static size_t weekday_before(Str text, size_t end, size_t *start)
{
    size_t i = 0;
    *start = end;
    while (*start > 0 && is_letter(text.p[*start - 1]))
        --*start;
    bool edge = *start == 0 || !is_alnum(text.p[*start - 1]);
    if (!edge || end - *start < 3 || !strchr("tfsmw", text.p[*start]))
        return COUNT(weekdays);
    while (i < COUNT(weekdays) &&
           !(sml_detect_listed(sml_str_slice(text, *start, end), weekdays[i])))
        i++;
    return i;
}

/* Days from Thursday; COUNT(weekdays) where no calendar has the day. */
static size_t weekday_of(const Date *d)
{
    char written[32];
    Minutes date, unused;
    snprintf(written, sizeof written, "%04u-%02u-%02u", d->year, d->month, d->day);
    if (!sml_date_parse(sml_str_from(written), &date, &unused))
        return COUNT(weekdays);
    return (size_t)((sml_date_days(0, date) % 7 + 7) % 7); /* minute 0 is in 1970 */
}

/* End of the weekday before the number at `at`: "Thursday, the 3". */
static size_t behind_weekday(Str text, size_t at)
{
    Str before = sml_str_slice(text, 0, at);
    static const char *const between[] = {"the ", " ", ","};
    for (size_t i = 0; i < COUNT(between); i++)
        if (sml_str_ends(before, sml_str_from(between[i])))
            before.len -= strlen(between[i]);
    return before.len;
}

void sml_detect_wrong_weekday(Find *f)
{
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        size_t start, said = weekday_before(f->text, behind_weekday(f->text, at), &start);
        Date d = {.text = f->text, .at = at};
        if (said == COUNT(weekdays) || !read_date(&d) || !sml_detect_ends(f, d.at))
            continue;
        size_t is = weekday_of(&d);
        if (is < COUNT(weekdays) && is != said)
            sml_detect_add(f, start, d.at);
    }
}
