/* SPDX-License-Identifier: MIT */
/*
 * Rules are switched and graded in tables of one byte a rule, beside the image, which is read-only. Names are looked
 * up once, here; a draft costs nothing more than a rulebook without settings does.
 */
#include "smlint_settings.h"

#include "base/error.h"
#include "smlint_internal.h"

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

static bool is_named(const Image *im, uint32_t rule, Str name)
{
    return sml_internal_is_rule(im, rule, name) ||
           sml_str_eq(sml_judge_family(sml_settings_rule_id(im, rule)), name);
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
        for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
            if (is_named(im, i, name))
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

static bool override_rules(const Tables *t, const sml_override *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!apply(t, v[i].rule, set_grade, &v[i]))
            return false;
    return true;
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
static bool leaves_rules(const Scan *scan, const Choice *choice, const sml_options *o,
                         sml_error *err)
{
    bool chosen = o->n_only || o->n_skip || o->n_overrides;
    return !chosen || any_rule_runs(scan, choice) ||
           sml_error_set(err, "nothing is left to check: every rule that was asked for is skipped, "
                              "switched off or on trial");
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

static bool choose_rules(Settings *out, const Scan *scan, const sml_options *o, Arena *a,
                         sml_error *err)
{
    Tables t = {.scan = scan, .off = new_table(scan, o->n_only > 0, a), .err = err};
    if (o->n_overrides)
        t.grade = new_table(scan, 0, a);
    out->choice = (Choice){.off = (const uint8_t *const *)t.off,
                           .grade = (const uint8_t *const *)t.grade,
                           .trial = o->trial,
                           .trace = o->trace,
                           .each = o->each};
    return override_rules(&t, o->overrides, o->n_overrides) &&
           switch_rules(&t, o->only, o->n_only, 0) && switch_rules(&t, o->skip, o->n_skip, 1) &&
           leaves_rules(scan, &out->choice, o, err);
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
    return choose_rules(out, scan, o, a, err) && read_periods(out, o, a, err);
}
