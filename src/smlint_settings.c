/* SPDX-License-Identifier: MIT */
/*
 * Rules are switched and graded in tables of one byte a rule, beside the image, which is read-only. Names are looked
 * up once, here; a draft costs nothing more than a rulebook without settings does.
 *
 * Overrides may end. Their ends cut time into terms, and each term has its table:
 *
 *     {rule: demo, off, until: 2026-12-31}        term 0: demo is off       | term 1: demo/vote is | term 2: as the
 *     {rule: demo/vote, notice, until: 2027-03-31}        but for demo/vote |         a notice     |         rulebook says
 *
 * A post has the term of the day that it goes out.
 */
#include "smlint_settings.h"

#include "base/error.h"
#include "base/fact.h"
#include "smlint_internal.h"
#include "text/network.h"

#include <string.h>

/* By book and rule. */
typedef struct Tables {
    const Scan *scan;
    uint8_t **off, **grade;
    sml_error *err;
} Tables;

/* ---- rules by their names -------------------------------------------------------------------- */

Str sml_settings_rule_id(const Image *im, uint32_t rule)
{
    return sml_image_str(im, IMAGE_AT(im, RULES, rule)->id);
}

static bool is_of_family(const Image *im, uint32_t rule, Str family)
{
    Str id = sml_settings_rule_id(im, rule);
    return id.len > family.len && id.p[family.len] == '/' && sml_str_starts(id, family);
}

static bool unknown_rule(const Tables *t, Str name)
{
    Arena *a = sml_arena_new();
    VEC(Str) names = {0};
    for (uint32_t b = 0; b < t->scan->n_books; b++) {
        const Image *im = sml_scan_image(t->scan, b);
        for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
            VEC_PUSH(&names, a) = sml_settings_rule_id(im, i);
            VEC_PUSH(&names, a) = sml_judge_family(sml_settings_rule_id(im, i));
        }
    }
    Str near = sml_str_nearest(name, names.v, names.n);
    if (sml_str_eq(sml_judge_family(name), STR("approval")))
        sml_error_set(t->err,
                      "\"%.*s\" is about approvals, and no rule or family; see sm-lint-draft(5)",
                      STR_ARG(name));
    else if (near.len)
        sml_error_set(t->err, "unknown rule or family \"%.*s\"; did you mean %.*s?", STR_ARG(name),
                      STR_ARG(near));
    else
        sml_error_set(t->err, "unknown rule or family \"%.*s\"; `sm-lint rules` lists them",
                      STR_ARG(name));
    sml_arena_free(a);
    return false;
}

/* What to do with a rule: `with` is for the one who asked. */
typedef void (*ApplyFn)(const Tables *t, uint32_t book, uint32_t rule, const void *with);

/* Does it with every rule that a name means. */
static bool apply(const Tables *t, Str name, ApplyFn fn, const void *with)
{
    bool found = false;
    for (uint32_t b = 0; b < t->scan->n_books; b++) {
        const Image *im = sml_scan_image(t->scan, b);
        uint32_t rule = sml_internal_find(im, name);
        if (rule != IMAGE_NONE)
            fn(t, b, rule, with), found = true;
        for (uint32_t i = 0; rule == IMAGE_NONE && i < IMAGE_N(im, RULES); i++)
            if (is_of_family(im, i, name))
                fn(t, b, i, with), found = true;
    }
    return found || unknown_rule(t, name);
}

/* ---- on and off, and grades ------------------------------------------------------------------ */

static void set_off(const Tables *t, uint32_t book, uint32_t rule, const void *with)
{
    t->off[book][rule] = *(const uint8_t *)with;
}

static bool switch_rules(const Tables *t, const sml_str *names, uint32_t n, uint8_t off)
{
    for (uint32_t i = 0; i < n; i++)
        if (!apply(t, names[i], set_off, &off))
            return false;
    return true;
}

static void set_grade(const Tables *t, uint32_t book, uint32_t rule, const void *with)
{
    const sml_override *o = with;
    const Image *im = sml_scan_image(t->scan, book);
    const ImageRule *r = IMAGE_AT(im, RULES, rule);
    if (!o->locked && (r->flags & RULE_LOCKED) && o->grade < sml_internal_worst(im, r))
        return;
    t->grade[book][rule] = o->grade == SML_CLEAN ? CHOICE_OFF : (uint8_t)o->grade;
}

static uint8_t **new_table(const Scan *scan, uint8_t value, Arena *a)
{
    uint8_t **table = ARENA_ARRAY(a, uint8_t *, scan->n_books);
    for (uint32_t b = 0; b < scan->n_books; b++) {
        uint32_t n = IMAGE_N(sml_scan_image(scan, b), RULES);
        table[b] = ARENA_ARRAY(a, uint8_t, n);
        if (n)
            memset(table[b], value, n);
    }
    return table;
}

static bool choose_rules(Settings *out, const sml_options *o, sml_error *err)
{
    Tables t = {.scan = out->scan, .err = err};
    t.off = new_table(out->scan, o->n_only > 0, out->arena);
    out->lasting = (Choice){.off = (const uint8_t *const *)t.off,
                            .trial = o->trial,
                            .trace = o->trace,
                            .each = o->each};
    return switch_rules(&t, o->only, o->n_only, 0) && switch_rules(&t, o->skip, o->n_skip, 1);
}

/* ---- terms ----------------------------------------------------------------------------------- */

/* The first minute that an override no longer holds. */
static Minutes end_of(const sml_override *o)
{
    Minutes start, end;
    return o->until.len && sml_date_parse(o->until, &start, &end) ? end : MINUTES_MAX;
}

static bool grade_rules(const Tables *t, const Settings *s, Minutes now)
{
    for (uint32_t i = 0; i < s->n_overrides; i++)
        if (end_of(&s->overrides[i]) > now &&
            !apply(t, s->overrides[i].rule, set_grade, &s->overrides[i]))
            return false;
    return true;
}

/* Of terms: how many ends lie behind. */
static uint32_t term_of(const Settings *s, const Facts *facts)
{
    uint32_t term = 0;
    if (!facts || !facts->has_date)
        return s->n_ends;
    while (term < s->n_ends && s->ends[term] <= facts->from)
        term++;
    return term;
}

/* Drafts of the archive apart, all are of one term, or two. */
static bool fill_term(const Settings *s, uint32_t term, sml_error *err)
{
    Choice *choice = &s->choices[term];
    if (choice->grade || s->n_overrides == 0)
        return true;
    Tables t = {.scan = s->scan, .err = err};
    t.grade = new_table(s->scan, 0, s->arena);
    choice->grade = (const uint8_t *const *)t.grade;
    return grade_rules(&t, s, term == 0 ? MINUTES_MIN : s->ends[term - 1]);
}

const Choice *sml_settings_choice(const Settings *s, const Facts *facts)
{
    uint32_t term = term_of(s, facts);
    fill_term(s, term, NULL); /* its names were there when all of them were asked for */
    return &s->choices[term];
}

Minutes sml_settings_latest(const Settings *s, const Facts *facts)
{
    Minutes from = facts->has_date && facts->from > s->today ? facts->from : s->today;
    if (s->longest_term == 0 || from == MINUTES_MIN)
        return MINUTES_MAX;
    return sml_date_after(from, (int64_t)s->longest_term + 1);
}

static void add_end(Minutes *ends, uint32_t *n, Minutes end)
{
    uint32_t at = *n;
    while (at > 0 && ends[at - 1] > end)
        at--;
    if (end == MINUTES_MAX || (at > 0 && ends[at - 1] == end))
        return;
    memmove(&ends[at + 1], &ends[at], (*n - at) * sizeof *ends);
    ends[at] = end;
    ++*n;
}

static bool copy_override(sml_override *out, const sml_override *o, Arena *a, sml_error *err)
{
    Minutes start, end;
    *out = (sml_override){sml_arena_copy(a, o->rule), o->grade, o->locked,
                          sml_arena_copy(a, o->until)};
    return o->until.len == 0 || sml_date_parse(o->until, &start, &end) ||
           sml_error_set(err, "override of \"%.*s\": \"%.*s\" is no date; write it like 2026-11-20",
                         STR_ARG(o->rule), STR_ARG(o->until));
}

static bool read_overrides(Settings *out, const sml_options *o, sml_error *err)
{
    sml_override *v = ARENA_ARRAY(out->arena, sml_override, o->n_overrides);
    Minutes *ends = ARENA_ARRAY(out->arena, Minutes, o->n_overrides);
    for (uint32_t i = 0; i < o->n_overrides; i++) {
        if (!copy_override(&v[i], &o->overrides[i], out->arena, err))
            return false;
        add_end(ends, &out->n_ends, end_of(&v[i]));
    }
    out->overrides = v;
    out->n_overrides = o->n_overrides;
    out->ends = ends;
    out->choices = ARENA_ARRAY(out->arena, Choice, (size_t)out->n_ends + 1);
    for (uint32_t i = 0; i <= out->n_ends; i++)
        out->choices[i] = out->lasting;
    return fill_term(out, 0, err);
}

static bool any_rule_runs(const Scan *scan, const Choice *choice)
{
    for (uint32_t b = 0; b < scan->n_books; b++) {
        const Image *im = sml_scan_image(scan, b);
        for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
            if (sml_judge_runs(choice, im, b, i))
                return true;
    }
    return false;
}

/* Nothing found would look like a clean draft. */
static bool leaves_rules(const Settings *s, const sml_options *o, sml_error *err)
{
    Facts today = {.has_date = s->today != MINUTES_MIN, .from = s->today};
    bool chosen = o->n_only || o->n_skip || o->n_overrides;
    return !chosen || any_rule_runs(s->scan, sml_settings_choice(s, &today)) ||
           sml_error_set(err, "nothing is left to check: every rule that was asked for is skipped, "
                              "switched off or on trial");
}

/* ---- the calendar ---------------------------------------------------------------------------- */

static bool read_period(Period *out, const sml_period *p, Arena *a, sml_error *err)
{
    Minutes unused;
    *out = (Period){.name = sml_arena_copy(a, p->name),
                    .kind = sml_arena_copy(a, p->kind),
                    .nation = sml_arena_copy(a, p->nation)};
    const sml_str dates[] = {p->from, p->to};
    Minutes *moments[] = {&out->from, &out->to};
    for (size_t i = 0; i < 2; i++)
        if (!sml_date_parse(dates[i], moments[i], &unused))
            return sml_error_set(
                err, "calendar entry \"%.*s\": \"%.*s\" is no date; write it like 2026-11-20T09:30",
                STR_ARG(p->name), STR_ARG(dates[i]));
    if (out->from >= out->to)
        return sml_error_set(err, "calendar entry \"%.*s\" ends before it begins",
                             STR_ARG(p->name));
    return true;
}

static bool read_periods(Settings *out, const sml_options *o, Arena *a, sml_error *err)
{
    Period *v = ARENA_ARRAY(a, Period, o->n_periods);
    for (uint32_t i = 0; i < o->n_periods; i++)
        if (!read_period(&v[i], &o->periods[i], a, err))
            return false;
    out->periods = v;
    out->n_periods = o->n_periods;
    return true;
}

/* ---- accounts -------------------------------------------------------------------------------- */

bool sml_settings_facts_hold(const sml_context *c, sml_error *err)
{
    const sml_pair facts[] = {
        {STR("account"), c->account}, {STR("group"), c->group},
        {STR("kind"), c->kind},       {STR("names-employer"), c->names_employer},
        {STR("nation"), c->nation},   {STR("date"), c->date},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (!sml_fact_check(facts[i].key, facts[i].value, err))
            return false;
    return true;
}

/* What an account can say of a draft: not its date, nor of images. */
static const size_t facts_of_accounts[] = {
    offsetof(sml_context, account),
    offsetof(sml_context, channel),
    offsetof(sml_context, nation),
    offsetof(sml_context, group),
    offsetof(sml_context, bio),
    offsetof(sml_context, kind),
    offsetof(sml_context, language),
    offsetof(sml_context, department),
    offsetof(sml_context, names_employer),
};

#define N_FACTS (sizeof facts_of_accounts / sizeof *facts_of_accounts)

static Str *fact_of(sml_context *c, size_t i)
{
    return (Str *)(void *)((char *)c + facts_of_accounts[i]);
}

static const sml_account *copy_accounts(const sml_account *from, uint32_t n, Arena *a)
{
    sml_account *v = ARENA_ARRAY(a, sml_account, n);
    for (uint32_t i = 0; i < n; i++) {
        sml_account given = from[i];
        v[i].handle = sml_arena_copy(a, given.handle);
        for (size_t f = 0; f < N_FACTS; f++)
            if (fact_of(&given.facts, f)->len)
                *fact_of(&v[i].facts, f) = sml_arena_copy(a, *fact_of(&given.facts, f));
        v[i].facts.channel = sml_network_list(v[i].facts.channel, a);
    }
    return v;
}

static Str without_at(Str handle)
{
    return sml_str_starts(handle, STR("@")) ? sml_str_slice(handle, 1, handle.len) : handle;
}

static void add_facts(sml_context *c, const sml_account *account)
{
    sml_context known = account->facts;
    for (size_t f = 0; f < N_FACTS; f++)
        if (fact_of(c, f)->len == 0)
            *fact_of(c, f) = *fact_of(&known, f);
}

/* An account that is an @handle says who, not whose. */
static void part_handle(sml_context *c)
{
    if (!sml_str_starts(c->account, STR("@")))
        return;
    if (c->handle.len == 0)
        c->handle = c->account;
    c->account = (Str){NULL, 0};
}

bool sml_settings_account(sml_context *c, const Settings *s)
{
    bool any = false;
    if (s->n_accounts)
        part_handle(c);
    bool known = c->handle.len == 0;
    for (uint32_t i = 0; i < s->n_accounts; i++) {
        bool same = sml_str_eq_nocase(without_at(s->accounts[i].handle), without_at(c->handle));
        any = any || s->accounts[i].handle.len;
        if (s->accounts[i].handle.len == 0 || c->handle.len == 0 || !same)
            continue;
        add_facts(c, &s->accounts[i]);
        known = true;
    }
    for (uint32_t i = 0; i < s->n_accounts; i++)
        if (s->accounts[i].handle.len == 0)
            add_facts(c, &s->accounts[i]);
    return known || !any || c->account.len;
}

Str sml_settings_nearest(const Settings *s, Str handle, Arena *a)
{
    VEC(Str) names = {0};
    for (uint32_t i = 0; i < s->n_accounts; i++)
        if (s->accounts[i].handle.len)
            VEC_PUSH(&names, a) = s->accounts[i].handle;
    return sml_str_nearest(handle, names.v, names.n);
}

/* ---- whom to ask ----------------------------------------------------------------------------- */

static const sml_pair *copy_contacts(const sml_pair *from, uint32_t n, Arena *a)
{
    sml_pair *v = ARENA_ARRAY(a, sml_pair, n);
    for (uint32_t i = 0; i < n; i++)
        v[i] = (sml_pair){sml_arena_copy(a, from[i].key), sml_arena_copy(a, from[i].value)};
    return v;
}

static bool is_letter(Str s, size_t at)
{
    unsigned char c = at < s.len ? (unsigned char)s.p[at] : ' ';
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The contact whose name stands at `at`, whole words of it, or NULL. */
static const sml_pair *contact_at(const Settings *s, Str ask, size_t at)
{
    const sml_pair *best = NULL;
    if (at > 0 && is_letter(ask, at - 1))
        return NULL;
    for (uint32_t i = 0; i < s->n_contacts; i++) {
        Str name = s->contacts[i].key;
        if (name.len && (!best || name.len > best->key.len) && !is_letter(ask, at + name.len) &&
            sml_str_eq_nocase(sml_str_slice(ask, at, at + name.len), name))
            best = &s->contacts[i];
    }
    return best;
}

Str sml_settings_ask(const Settings *s, Str ask, Arena *a)
{
    if (s->n_contacts == 0)
        return ask;
    Buf out = {0};
    for (size_t at = 0; at < ask.len;) {
        const sml_pair *contact = contact_at(s, ask, at);
        if (contact)
            sml_buf_add(&out, contact->value);
        else
            sml_buf_addc(&out, ask.p[at]);
        at += contact ? contact->key.len : 1;
    }
    Str text = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return text;
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool sml_settings_read(Settings *out, const Scan *scan, const sml_options *o, Arena *a,
                       sml_error *err)
{
    out->accounts = copy_accounts(o->accounts, o->n_accounts, a);
    out->n_accounts = o->n_accounts;
    out->contacts = copy_contacts(o->contacts, o->n_contacts, a);
    out->n_contacts = o->n_contacts;
    Minutes end;
    out->scan = scan;
    out->arena = a;
    out->longest_term = o->longest_term;
    for (uint32_t i = 0; i < o->n_accounts; i++)
        if (!sml_settings_facts_hold(&o->accounts[i].facts, err))
            return false;
    if (!sml_fact_check(STR("date"), o->date, err))
        return false;
    if (!sml_date_parse(o->date, &out->today, &end))
        out->today = MINUTES_MIN;
    return choose_rules(out, o, err) && read_overrides(out, o, err) && leaves_rules(out, o, err) &&
           read_periods(out, o, a, err);
}
