/* SPDX-License-Identifier: MIT */
#include "cli/clock.h"

#include "base/date.h"

#include <stdlib.h>

#define END_OF_9999 UINT64_C(253402300799)

bool sml_clock_fill(sml_context *context, Arena *a, sml_error *err)
{
    char day[16];
    if (context->date.len)
        return true;
    Str epoch = sml_str_from(getenv("SOURCE_DATE_EPOCH"));
    uint64_t seconds;
    if (epoch.len && !sml_str_uint(&seconds, epoch, END_OF_9999))
        return sml_error_set(
            err, "SOURCE_DATE_EPOCH is \"%.*s\"; it must be seconds since 1970, digits only",
            STR_ARG(epoch));
    if (epoch.len)
        sml_day_of(day, (int64_t)seconds);
    else
        sml_today(day);
    context->date = sml_arena_copy(a, sml_str_from(day));
    context->date_origin = epoch.len ? STR("SOURCE_DATE_EPOCH") : STR("today");
    return true;
}

int64_t sml_clock_days(Str from, Str to)
{
    Minutes start, end, unused;
    if (!sml_date_parse(from, &start, &unused) || !sml_date_parse(to, &end, &unused))
        return 0;
    return sml_date_days(start, end);
}

void sml_clock_before(char out[16], Str date, int64_t days)
{
    Minutes start = 0, unused;
    sml_date_parse(date, &start, &unused);
    sml_date_format(out, sml_date_after(start, -days));
}
