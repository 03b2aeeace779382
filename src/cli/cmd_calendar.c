/* SPDX-License-Identifier: MIT */
/* The periods of care, of all rulebooks and of the configuration, as they lie around a day. */
#include "base/date.h"
#include "base/fact.h"
#include "base/show.h"
#include "base/utf8.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/profile.h"

#include <stdlib.h>

typedef struct Entry {
    sml_period p;
    Minutes from, to;
    Str origin; /* where it was said; empty: in a rulebook */
} Entry;

typedef VEC(Entry) Entries;

static void add(Entries *out, const sml_period *p, Str origin, Str nation, Arena *a)
{
    Entry e = {.p = *p, .origin = origin};
    Minutes unused;
    for (uint32_t i = 0; i < out->n; i++)
        if (sml_str_eq(out->v[i].p.name, p->name))
            return; /* the configuration's came first */
    if (!sml_date_parse(p->from, &e.from, &unused) || !sml_date_parse(p->to, &e.to, &unused) ||
        !sml_fact_holds_in(p->nation, nation))
        return;
    VEC_PUSH(out, a) = e;
}

static int by_time(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return sml_str_cmp(x->p.name, y->p.name);
}

static Entries gather(const Settled *s, Str nation, Arena *a)
{
    Entries all = {0};
    const Config *c = s->config;
    for (uint32_t i = 0; i < c->periods.n; i++) {
        ConfigPlace at = c->periods.v[i].head.at;
        sml_period p = s->profile->options.periods[i];
        add(&all, &p, sml_arena_printf(a, "%.*s:%u", STR_ARG(at.path), at.line), nation, a);
    }
    for (uint32_t b = 0; b < s->profile->rulebooks.n; b++)
        for (uint32_t i = 0; i < sml_rulebook_periods(s->profile->rulebooks.v[b]); i++) {
            sml_period p;
            sml_rulebook_period(&p, s->profile->rulebooks.v[b], i);
            add(&all, &p, (Str){NULL, 0}, nation, a);
        }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_time);
    return all;
}

static void add_cell(Buf *out, Str s, size_t width)
{
    size_t start = out->len;
    sml_show_safe(out, s);
    size_t used = sml_utf8_width((Str){out->p + start, out->len - start});
    sml_show_pad(out, used < width ? width - used : 1);
}

static void add_moment(Buf *out, Minutes m)
{
    char text[MOMENT_MAX];
    sml_date_format_moment(text, m);
    text[10] = ' ';
    sml_buf_addf(out, "%s", text);
}

static void add_entry(Buf *out, const Entry *e)
{
    sml_buf_add(out, STR("  "));
    add_cell(out, e->p.name, 34);
    add_cell(out, e->p.nation.len ? e->p.nation : STR("uk"), 18);
    add_moment(out, e->from);
    sml_buf_add(out, STR(" to "));
    add_moment(out, e->to);
    sml_buf_add(out, STR("  "));
    sml_show_safe(out, e->origin.len ? e->origin : e->p.status);
    sml_buf_addc(out, '\n');
}

/* Where a period lies on a day: -1 past, 0 open, 1 to come. */
static int side(const Entry *e, Minutes start, Minutes end)
{
    return e->to <= start ? -1 : e->from >= end ? 1 : 0;
}

static void add_group(Buf *out, const Entries *all, int which, Str title, Minutes start,
                      Minutes end)
{
    bool any = false;
    for (uint32_t i = 0; i < all->n; i++) {
        if (side(&all->v[i], start, end) != which)
            continue;
        if (!any)
            sml_buf_addf(out, "%s%.*s\n", out->len ? "\n" : "", STR_ARG(title));
        any = true;
        add_entry(out, &all->v[i]);
    }
    if (!any && which == 0)
        sml_buf_addf(out, "%.*s none\n", STR_ARG(title));
}

static void add_legend(Buf *out)
{
    sml_buf_add(out,
                STR("\nTimes are London's; the second is the first minute after the period. "
                    "verified: read in an official\nnote; computed: three weeks before a local "
                    "poll, six before a devolved one; else where it was added.\n"));
}

int sml_cmd_calendar(Command *c)
{
    sml_error err;
    Minutes start, end;
    Settled s;
    const sml_context *context = &c->options.context;
    if (c->options.operands.n)
        return sml_cmd_usage(c->verb, "calendar takes no operands; name a day with --date");
    if (!sml_clock_fill(&c->options.context, c->arena, &err))
        return sml_cmd_usage(c->verb, "%s", err.message);
    Profiles *p = sml_profiles_new(&c->options, c->arena);
    bool ok = p && sml_profiles_settle(&s, p, STR(""));
    if (ok && sml_date_parse(context->date, &start, &end)) {
        Buf out = {0};
        Str nation = context->nation.len ? context->nation : s.config->facts.nation.text;
        Entries all = gather(&s, nation, c->arena);
        add_group(&out, &all, 0,
                  sml_arena_printf(c->arena, "Open on %.*s:", STR_ARG(context->date)), start, end);
        add_group(&out, &all, 1, STR("To come:"), start, end);
        add_group(&out, &all, -1, STR("Past:"), start, end);
        add_legend(&out);
        sml_cmd_print(c, &out);
        sml_buf_free(&out);
    }
    sml_profiles_free(p);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
