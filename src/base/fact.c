/* SPDX-License-Identifier: MIT */
#include "base/fact.h"

#include "base/date.h"
#include "base/utf8.h"

static const struct Fact {
    const char *key, *values[8]; /* up to a NULL */
    const char *others;          /* what else it takes, in words, or NULL */
} facts[] = {
    {"account", {"official", "personal", "ministerial"}, "an @handle"},
    {"group", {"free", "intermediate", "restricted"}, NULL},
    {"names-employer", {"expected", "forbidden", "free"}, NULL},
    {"kind", {"post", "reply", "repost", "quote", "thread", "alt", "bio"}, NULL},
    {"nation", {"england", "scotland", "wales", "northern-ireland", "uk"}, NULL},
};

static bool has_value(const struct Fact *f, Str value)
{
    if (f->others && value.len > 1 && value.p[0] == '@')
        return true;
    for (const char *const *v = f->values; *v; v++)
        if (sml_str_eq_nocase(sml_str_from(*v), value))
            return true;
    return false;
}

/* "official, personal, ministerial or an @handle" */
static void list_values(Buf *out, const struct Fact *f)
{
    for (const char *const *v = f->values; *v; v++) {
        bool last = !v[1] && !f->others;
        sml_buf_addf(out, "%s%s", v == f->values ? "" : last ? " or " : ", ", *v);
    }
    if (f->others)
        sml_buf_addf(out, " or %s", f->others);
}

static bool refuse(const struct Fact *f, Str value, sml_error *err)
{
    Buf values = {0};
    list_values(&values, f);
    sml_error_set(err, "unknown %s \"%.*s\"; use %.*s", f->key,
                  STR_ARG(sml_str_slice(value, 0, sml_utf8_floor(value, 60))),
                  STR_ARG(sml_buf_str(&values)));
    sml_buf_free(&values);
    return false;
}

static bool check_date(Str value, sml_error *err)
{
    Minutes from, to;
    if (sml_date_parse(value, &from, &to))
        return true;
    return sml_error_set(err, "\"%.*s\" is no date; write it like 2026-11-20 or 2026-11-20T09:30",
                         STR_ARG(sml_str_slice(value, 0, sml_utf8_floor(value, 60))));
}

bool sml_fact_check(Str key, Str value, sml_error *err)
{
    if (value.len == 0)
        return true;
    if (sml_str_eq(key, STR("date")))
        return check_date(value, err);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (sml_str_eq(key, sml_str_from(facts[i].key)))
            return has_value(&facts[i], value) || refuse(&facts[i], value, err);
    return true;
}

bool sml_fact_is_everywhere(Str area)
{
    return area.len == 0 || sml_str_eq_nocase(area, STR("uk"));
}

bool sml_fact_holds_in(Str area, Str nation)
{
    if (sml_fact_is_everywhere(nation) || sml_fact_is_everywhere(area))
        return true;
    if (sml_str_eq_nocase(area, STR("great-britain")))
        return !sml_str_eq_nocase(nation, STR("northern-ireland"));
    return sml_str_eq_nocase(area, nation);
}
