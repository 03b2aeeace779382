/* SPDX-License-Identifier: MIT */
/* The periods of care, of all rulebooks and of the configuration, as they lie around a day. */
#include "base/date.h"
#include "base/fact.h"
#include "base/show.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "cli/terminal.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct Entry {
    sml_period p;
    Minutes from, to;
    Str origin; /* where it was said; empty: in a rulebook */
    Str source; /* in words, where its dates are from; may be empty */
} Entry;

typedef VEC(Entry) Entries;

static void add(Entries *out, Entry e, Str nation, Arena *a)
{
    Minutes unused;
    for (uint32_t i = 0; i < out->n; i++)
        if (sml_str_eq(out->v[i].p.name, e.p.name))
            return; /* the configuration's came first */
    if (!sml_date_parse(e.p.from, &e.from, &unused) || !sml_date_parse(e.p.to, &e.to, &unused) ||
        !sml_fact_holds_in(e.p.nation, nation))
        return;
    VEC_PUSH(out, a) = e;
}

/* "Guidance for officials, paragraph 3, 2024, read on 2026-11-20 <https://...>"; what nobody read is for others to see. */
static Str words_of(const sml_cite *c, Arena *a)
{
    Str words = c->title;
    const struct {
        const char *before;
        Str part;
        const char *behind;
    } rest[] = {
        {", ", c->at, ""}, {", ", c->year, ""}, {", read on ", c->read, ""}, {" <", c->url, ">"}};
    if (words.len && !c->verified)
        words = sml_arena_printf(a, "see %.*s", STR_ARG(words));
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
        if (rest[i].part.len)
            words = sml_arena_printf(a, "%.*s%s%.*s%s", STR_ARG(words), rest[i].before,
                                     STR_ARG(rest[i].part), rest[i].behind);
    return words;
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
        Entry e = {.p = s->profile->options.periods[i], .source = c->periods.v[i].source.text};
        e.origin = sml_arena_printf(a, "%.*s:%u", STR_ARG(at.path), at.line);
        add(&all, e, nation, a);
    }
    for (uint32_t b = 0; b < s->profile->rulebooks.n; b++)
        for (uint32_t i = 0; i < sml_rulebook_periods(s->profile->rulebooks.v[b]); i++) {
            Entry e = {0};
            sml_rulebook_period(&e.p, s->profile->rulebooks.v[b], i);
            e.source = words_of(&e.p.source, a);
            add(&all, e, nation, a);
        }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_time);
    return all;
}

static void add_moment(Buf *out, Minutes m)
{
    char text[MOMENT_MAX];
    sml_date_format_moment(text, m);
    text[10] = ' ';
    sml_buf_addf(out, "%s", text);
}

typedef struct Page {
    Buf text;
    Strs sources; /* of the entries so far; their numbers count from 1 */
    bool narrow;  /* an entry takes two lines */
    Arena *arena;
} Page;

#define ENTRY_WIDE 100 /* columns of a terminal that one line of an entry wants */

static uint32_t number_of(Page *p, Str source)
{
    uint32_t i = 0;
    while (i < p->sources.n && !sml_str_eq(p->sources.v[i], source))
        i++;
    if (i == p->sources.n)
        VEC_PUSH(&p->sources, p->arena) = source;
    return i + 1;
}

static void add_entry(Page *p, const Entry *e)
{
    Buf *out = &p->text;
    sml_buf_add(out, STR("  "));
    sml_show_cell(out, e->p.name, 33);
    sml_buf_addc(out, ' ');
    Str nation = e->p.nation.len ? e->p.nation : STR("uk");
    sml_show_cell(out, nation, p->narrow ? 0 : 17);
    sml_buf_add(out, p->narrow ? STR("\n    ") : STR(" "));
    add_moment(out, e->from);
    sml_buf_add(out, STR(" to "));
    add_moment(out, e->to);
    sml_buf_add(out, STR("  "));
    sml_show_safe(out, e->p.status);
    if (e->origin.len) {
        sml_buf_add(out, e->p.status.len ? STR(" in ") : STR(""));
        sml_show_safe(out, e->origin);
    }
    if (e->source.len)
        sml_buf_addf(out, " [%u]", number_of(p, e->source));
    sml_buf_addc(out, '\n');
}

/* Where a period lies on a day: -1 past, 0 open, 1 to come. */
static int side(const Entry *e, Minutes start, Minutes end)
{
    return e->to <= start ? -1 : e->from >= end ? 1 : 0;
}

static void add_group(Page *p, const Entries *all, int which, Str title, Minutes start, Minutes end)
{
    Buf *out = &p->text;
    bool any = false;
    for (uint32_t i = 0; i < all->n; i++) {
        if (side(&all->v[i], start, end) != which)
            continue;
        if (!any)
            sml_buf_addf(out, "%s%.*s\n", out->len ? "\n" : "", STR_ARG(title));
        any = true;
        add_entry(p, &all->v[i]);
    }
    if (!any && which == 0)
        sml_buf_addf(out, "%.*s none\n", STR_ARG(title));
}

static void add_legend(Page *p)
{
    Buf *out = &p->text;
    if (p->sources.n)
        sml_buf_add(out, STR("\nSources:\n"));
    for (uint32_t i = 0; i < p->sources.n; i++) {
        sml_buf_addf(out, "  [%u] ", i + 1);
        sml_show_safe(out, p->sources.v[i]);
        sml_buf_addc(out, '\n');
    }
    sml_buf_add(out,
                STR("\nTimes are London's; the second is the first minute after the period. "
                    "verified: the source says\nthem; computed: they follow from what it says of "
                    "such polls. A file and line: added there.\n"));
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
    Profiles *p = sml_profiles_new(&c->options, &(sml_options)SML_OPTIONS_INIT, c->arena);
    bool ok = p && sml_profiles_settle(&s, p, STR(""));
    if (ok && sml_date_parse(context->date, &start, &end)) {
        uint32_t width = sml_terminal_width(STDOUT_FILENO);
        Page page = {.narrow = width && width < ENTRY_WIDE, .arena = c->arena};
        Str nation = context->nation.len ? context->nation : s.config->facts.nation.text;
        Entries all = gather(&s, nation, c->arena);
        add_group(&page, &all, 0,
                  sml_arena_printf(c->arena, "Open on %.*s:", STR_ARG(context->date)), start, end);
        add_group(&page, &all, 1, STR("To come:"), start, end);
        add_group(&page, &all, -1, STR("Past:"), start, end);
        add_legend(&page);
        sml_cmd_print(c, &page.text);
        sml_buf_free(&page.text);
    }
    sml_profiles_free(p);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
