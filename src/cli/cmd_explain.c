/* SPDX-License-Identifier: MIT */
/*
 * One rule for the person it spoke to. A page is a title and paragraphs, each under a label:
 *
 *     impartiality/urges-a-vote
 *     Urges people to vote for a party
 *
 *       grade     error; warning if account is personal and group is free
 *       why       A civil servant serves the government of the day ...
 *       under     Civil Service Code (2015), Impartiality
 *                 https://www.gov.uk/... (read 2026-11-20)
 */
#include "base/show.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/terminal.h"

#include <stdlib.h>
#include <unistd.h>

#define LABEL  2  /* columns before a label */
#define INDENT 12 /* and before what it labels */

typedef struct Page {
    Buf *out;
    uint32_t width; /* 0: never wraps */
    Str date;
    const Config *config; /* that holds here, or NULL */
    Arena *arena;
} Page;

/* `label` may be NULL, for a further paragraph under the same one. */
static void add_paragraph(Page *p, const char *label, Str text)
{
    size_t start = p->out->len;
    if (text.len == 0)
        return;
    sml_show_pad(p->out, LABEL);
    sml_buf_add(p->out, sml_str_from(label));
    size_t used = p->out->len - start;
    sml_show_pad(p->out, used < INDENT ? INDENT - used : 1);
    Paragraph words = {.out = p->out, .width = p->width, .indent = INDENT, .col = INDENT};
    sml_show_words(&words, text);
    sml_show_end(&words);
}

static void add_head(Page *p, const sml_rule *rule)
{
    sml_show_safe(p->out, rule->id);
    sml_buf_addc(p->out, '\n');
    sml_show_safe(p->out, rule->title);
    sml_buf_add(p->out, STR("\n\n"));
}

static void add_grades(Page *p, const sml_rule *rule)
{
    Str text = sml_str_from(sml_grade_name(rule->grade));
    for (uint32_t i = 0; i < rule->n_grades; i++)
        text = sml_arena_printf(p->arena, "%.*s; %.*s", STR_ARG(text), STR_ARG(rule->grades[i]));
    if (rule->locked)
        text = sml_arena_printf(p->arena, "%.*s; no project can lower it", STR_ARG(text));
    add_paragraph(p, "grade", text);
}

static void add_cite(Page *p, const sml_cite *cite)
{
    Str text = cite->title;
    if (cite->year.len)
        text = sml_arena_printf(p->arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(cite->year));
    if (cite->at.len)
        text = sml_arena_printf(p->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(cite->at));
    if (cite->where.len)
        text = sml_arena_printf(p->arena, "%.*s, if %.*s", STR_ARG(text), STR_ARG(cite->where));
    add_paragraph(p, cite->verified ? "under" : "see", text);
    if (cite->url.len && cite->read.len)
        text =
            sml_arena_printf(p->arena, "%.*s (read %.*s)", STR_ARG(cite->url), STR_ARG(cite->read));
    else
        text = cite->url;
    add_paragraph(p, NULL, text);
}

static void add_examples(Page *p, const sml_rule *rule, bool hit, const char *label)
{
    for (uint32_t i = 0; i < rule->n_examples; i++) {
        const sml_example *e = &rule->examples[i];
        if (e->hit != hit)
            continue;
        Str text = e->text;
        if (e->given.len)
            text = sml_arena_printf(p->arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(e->given));
        if (e->todo)
            text = sml_arena_printf(p->arena, "%.*s (not yet)", STR_ARG(text));
        add_paragraph(p, label, text);
        label = NULL;
    }
}

/* A day alone where it is midnight that is meant. */
static Str say_moment(Str moment)
{
    Str midnight = STR("T00:00");
    bool whole = moment.len > midnight.len &&
                 sml_str_eq(sml_str_slice(moment, moment.len - midnight.len, moment.len), midnight);
    return whole ? sml_str_slice(moment, 0, moment.len - midnight.len) : moment;
}

static int compare_periods(const void *a, const void *b)
{
    return sml_str_cmp(((const sml_period *)a)->from, ((const sml_period *)b)->from);
}

/* Periods that are not over yet: those of years ago help nobody who writes today. */
static void add_periods(Page *p, const sml_rule *rule)
{
    uint32_t over = 0;
    const char *label = "dates";
    sml_period *periods = ARENA_ARRAY(p->arena, sml_period, rule->n_periods);
    for (uint32_t i = 0; i < rule->n_periods; i++)
        periods[i] = rule->periods[i];
    if (rule->n_periods)
        qsort(periods, rule->n_periods, sizeof *periods, compare_periods);
    for (uint32_t i = 0; i < rule->n_periods; i++) {
        const sml_period *period = &periods[i];
        if (sml_str_cmp(period->to, p->date) <= 0) {
            over++;
            continue;
        }
        Str from = say_moment(period->from), to = say_moment(period->to);
        Str text = sml_arena_printf(p->arena, "%.*s to %.*s: %.*s", STR_ARG(from), STR_ARG(to),
                                    STR_ARG(period->name));
        if (period->nation.len)
            text = sml_arena_printf(p->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(period->nation));
        add_paragraph(p, label, text);
        label = NULL;
    }
    if (over)
        add_paragraph(p, label,
                      sml_arena_printf(p->arena, "%u before %.*s", over, STR_ARG(p->date)));
}

static void add_obligations(Page *p, const sml_rule *rule, const sml_rulebook *home)
{
    const char *label = "serves";
    for (uint32_t i = 0; i < sml_rulebook_obligations(home); i++) {
        sml_obligation o;
        sml_rulebook_obligation(&o, home, i);
        bool covered = false;
        for (uint32_t k = 0; k < rule->n_covers; k++)
            covered |= sml_str_eq(rule->covers[k], o.name);
        if (!covered)
            continue;
        add_paragraph(p, label,
                      sml_arena_printf(p->arena, "%.*s [%.*s]", STR_ARG(o.title), STR_ARG(o.name)));
        label = NULL;
    }
}

static bool find_list(sml_list *out, const sml_rulebook *r, Str name)
{
    for (uint32_t i = 0; i < sml_rulebook_lists(r); i++) {
        sml_rulebook_list(out, r, i);
        if (sml_str_eq(out->name, name))
            return true;
    }
    return false;
}

static Str say_list(const Page *p, const sml_list *list)
{
    Str text = sml_arena_printf(p->arena, "%.*s: %u name%s", STR_ARG(list->name), list->items,
                                list->items == 1 ? "" : "s");
    if (list->checked.len == 0)
        return text;
    int64_t age = sml_rulebooks_list_age(list, p->date);
    text =
        sml_arena_printf(p->arena, "%.*s, checked on %.*s", STR_ARG(text), STR_ARG(list->checked));
    if (age > 0)
        text = sml_arena_printf(p->arena, "%.*s, %lld day%s before %.*s", STR_ARG(text),
                                (long long)age, age == 1 ? "" : "s", STR_ARG(p->date));
    return age > RULEBOOKS_STALE_DAYS
               ? sml_arena_printf(p->arena, "%.*s: names may be missing", STR_ARG(text))
               : text;
}

static void add_lists(Page *p, const sml_rule *rule, const sml_rulebook *home)
{
    const char *label = "lists";
    for (uint32_t i = 0; i < rule->n_lists; i++) {
        sml_list list;
        if (!find_list(&list, home, rule->lists[i]))
            continue;
        add_paragraph(p, label, say_list(p, &list));
        label = NULL;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_word(Str text, Str word)
{
    size_t at = 0;
    for (; (at = sml_str_find(text, word, at)) != SIZE_MAX; at++) {
        size_t end = at + word.len;
        if ((at == 0 || !is_letter(text.p[at - 1])) && (end == text.len || !is_letter(text.p[end])))
            return true;
    }
    return false;
}

static bool depends_on(const sml_rule *rule, Str fact)
{
    bool found = has_word(rule->when, fact) || (rule->n_periods && sml_str_eq(fact, STR("date")));
    for (uint32_t i = 0; i < rule->n_grades; i++)
        found = found || has_word(rule->grades[i], fact);
    return found;
}

/* The words alone do not say whose account it is; the options that do are those named for the
 * facts. */
static void add_limits(Page *p, const sml_rule *rule)
{
    Str facts = {NULL, 0};
    const OptionRow *row;
    for (uint32_t i = 0; (row = sml_options_row(VERB_CHECK, i)); i++)
        if (row->kind == KIND_FACT && depends_on(rule, sml_str_from(row->name)))
            facts = sml_arena_printf(p->arena, "%.*s%s--%s", STR_ARG(facts), facts.len ? ", " : "",
                                     row->name);
    if (facts.len)
        add_paragraph(
            p, "unseen",
            sml_arena_printf(p->arena,
                             "The words alone do not show all that this rule depends on. Say it "
                             "with %.*s.",
                             STR_ARG(facts)));
    add_paragraph(p, facts.len ? NULL : "unseen",
                  STR("Pictures, videos and the pages that links lead to are not looked into."));
}

/* ---- what configuration makes of it ---------------------------------------------------------- */

static Str add_sign(const Page *p, Str text, const ConfigSign *s)
{
    const struct {
        const char *before;
        Str text;
    } parts[] = {{": ", s->reason.text}, {" By ", s->by.text}, {", until ", s->until.text}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].text.len)
            text = sml_arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(text), parts[i].before,
                                    STR_ARG(parts[i].text));
    return text;
}

/* Is it of this rule itself, or of its family? */
static bool means(Str name, const sml_rule *rule, const sml_rulebook *home, bool itself)
{
    sml_rule_brief named;
    uint32_t i = sml_rulebook_find(home, name);
    if (!itself)
        return sml_str_eq(name, rule->family);
    if (i == UINT32_MAX)
        return false;
    sml_rulebook_brief(&named, home, i);
    return sml_str_eq(named.id, rule->id);
}

/* A rule's own wins over its family's; a family's passes over what is locked. */
static const ConfigOverride *override_of(const Page *p, const sml_rule *rule,
                                         const sml_rulebook *home)
{
    for (int itself = 1; itself >= 0; itself--)
        for (uint32_t i = 0; i < p->config->overrides.n; i++) {
            const ConfigOverride *o = &p->config->overrides.v[i];
            sml_grade grade = SML_CLEAN;
            sml_grade_parse(&grade, o->grade.text);
            bool passes =
                rule->locked && o->head.level != LEVEL_ORGANISATION && grade < rule->worst;
            if (means(o->head.name, rule, home, itself) && !passes &&
                !sml_profiles_expired(&o->sign, p->date))
                return o;
        }
    return NULL;
}

static void add_exclude(Page *p, const ConfigExclude *x)
{
    Str text = STR("off");
    for (uint32_t i = 0; i < x->paths.n; i++)
        text = sml_arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(text), i ? ", " : " for ",
                                STR_ARG(x->paths.v[i].text));
    text = sml_arena_printf(p->arena, "%.*s (%.*s:%u)", STR_ARG(text), STR_ARG(x->head.at.path),
                            x->head.at.line);
    add_paragraph(p, "here", add_sign(p, text, &x->sign));
}

static void add_here(Page *p, const sml_rule *rule, const sml_rulebook *home)
{
    if (!p->config)
        return;
    const ConfigOverride *o = override_of(p, rule, home);
    if (o)
        add_paragraph(p, "here",
                      add_sign(p,
                               sml_arena_printf(p->arena, "%.*s (%.*s:%u)", STR_ARG(o->grade.text),
                                                STR_ARG(o->head.at.path), o->head.at.line),
                               &o->sign));
    for (uint32_t i = 0; i < p->config->excludes.n; i++) {
        const ConfigExclude *x = &p->config->excludes.v[i];
        bool named = false;
        for (uint32_t k = 0; k < x->rules.n; k++)
            named = named || means(x->rules.v[k].text, rule, home, true) ||
                    means(x->rules.v[k].text, rule, home, false);
        if (named && !sml_profiles_expired(&x->sign, p->date))
            add_exclude(p, x);
    }
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void add_rule(Page *p, const sml_rule *rule, const sml_rulebook *home)
{
    add_head(p, rule);
    add_grades(p, rule);
    add_here(p, rule, home);
    add_paragraph(p, "if", rule->when);
    add_periods(p, rule);
    if (rule->status.len && !sml_str_eq(rule->status, STR("stable")))
        add_paragraph(p, "status", rule->status);
    add_paragraph(p, "kind", rule->kind);
    add_paragraph(p, "says", rule->message);
    add_paragraph(p, "why", rule->why);
    for (uint32_t i = 0; i < rule->n_cites; i++)
        add_cite(p, &rule->cites[i]);
    add_paragraph(p, "instead", rule->instead);
    add_paragraph(p, "ask", rule->ask);
    add_obligations(p, rule, home);
    add_examples(p, rule, true, "found");
    add_examples(p, rule, false, "not found");
    add_lists(p, rule, home);
    add_limits(p, rule);
}

static bool is_family(const Rulebooks *rulebooks, Str name)
{
    for (uint32_t r = 0; r < rulebooks->n; r++)
        for (uint32_t i = 0; i < sml_rulebook_count(rulebooks->v[r]); i++) {
            sml_rule_brief rule;
            sml_rulebook_brief(&rule, rulebooks->v[r], i);
            if (sml_str_eq(rule.family, name))
                return true;
        }
    return false;
}

static void say_unknown(const Rulebooks *rulebooks, Str id, Arena *a)
{
    Str nearest = sml_rulebooks_nearest(rulebooks, id, a);
    if (is_family(rulebooks, id))
        sml_say("\"%.*s\" is a family; its rules are listed by sm-lint rules %.*s", STR_ARG(id),
                STR_ARG(id));
    else if (sml_str_starts(id, STR("approval/")))
        sml_say("\"%.*s\" is about approvals, and no rule; see sm-lint-draft(5)", STR_ARG(id));
    else if (nearest.len)
        sml_say("unknown rule \"%.*s\"; did you mean \"%.*s\"?", STR_ARG(id), STR_ARG(nearest));
    else
        sml_say("unknown rule \"%.*s\"; all are listed by sm-lint rules", STR_ARG(id));
}

static int explain(Command *c, const Rulebooks *rulebooks, const Config *config)
{
    int status = STATUS_CLEAN;
    Buf text = {0};
    Page page = {&text, sml_terminal_width(STDOUT_FILENO), c->options.context.date, config,
                 c->arena};
    for (uint32_t i = 0; i < c->options.operands.n; i++) {
        sml_rule rule;
        const sml_rulebook *home;
        Str id = c->options.operands.v[i];
        if (!sml_rulebooks_find(&rule, &home, rulebooks, id)) {
            say_unknown(rulebooks, id, c->arena);
            status = STATUS_INCOMPLETE;
            continue;
        }
        if (text.len)
            sml_buf_addc(&text, '\n');
        add_rule(&page, &rule, home);
    }
    sml_cmd_print(c, &text);
    sml_buf_free(&text);
    return status;
}

int sml_cmd_explain(Command *c)
{
    Settled here;
    sml_error err;
    if (c->options.operands.n == 0)
        return sml_cmd_usage(c->verb, "no rule given; all are listed by sm-lint rules");
    if (!sml_clock_fill(&c->options.context, c->arena, &err))
        return sml_cmd_usage(c->verb, "%s", err.message);
    Profiles *p = sml_profiles_new(&c->options, &(sml_options)SML_OPTIONS_INIT, c->arena);
    if (!p)
        return STATUS_INCOMPLETE;
    /* A broken configuration, which was told, is no reason to say nothing of a rule. */
    bool ok = sml_profiles_settle(&here, p, STR(""));
    int status = explain(c, sml_profiles_rulebooks(p), ok ? here.config : NULL);
    sml_profiles_free(p);
    return ok ? status : STATUS_INCOMPLETE;
}
