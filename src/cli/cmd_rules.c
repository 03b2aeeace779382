/* SPDX-License-Identifier: MIT */
/* The rules as a list: for people (table), pages (markdown), programs (json) and completion
 * (names); and the obligations with the rules that serve them (coverage). */
#include "base/json.h"
#include "base/show.h"
#include "base/utf8.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/pages.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/terminal.h"

#include <unistd.h>

/* ---- names and table ------------------------------------------------------------------------- */

static void add_names(Buf *out, const Listed *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        sml_rule_brief rule;
        sml_rulebook_brief(&rule, l->book, l->v[i]);
        sml_show_safe(out, rule.id);
        sml_buf_addc(out, '\n');
    }
}

static size_t widest_id(const Listed *l)
{
    size_t widest = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        sml_rule_brief rule;
        sml_rulebook_brief(&rule, l->book, l->v[i]);
        size_t width = sml_utf8_width(rule.id);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static bool is_stable(const sml_rule *rule)
{
    return rule->status.len == 0 || sml_str_eq(rule->status, STR("stable"));
}

#define GRADE_WIDE  9
#define TITLE_LEAST 24 /* columns; where fewer are left, titles stand below */
#define TITLE_BELOW 4

static void add_title(Paragraph *p, const sml_rule *rule)
{
    sml_show_words(p, rule->title);
    if (!is_stable(rule)) {
        Buf status = {0};
        sml_buf_addf(&status, "(%.*s)", STR_ARG(rule->status));
        sml_show_words(p, sml_buf_str(&status));
        sml_buf_free(&status);
    }
    sml_show_end(p);
}

static void add_table(Buf *out, const Listed *l)
{
    size_t id_wide = widest_id(l) + 2, beside = id_wide + GRADE_WIDE;
    uint32_t width = sml_terminal_width(STDOUT_FILENO);
    bool below = width && beside + TITLE_LEAST > width;
    for (uint32_t i = 0; i < l->n; i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        Str grade = sml_str_from(sml_grade_name(rule.grade));
        sml_show_cell(out, rule.id, id_wide);
        if (below) {
            sml_buf_addf(out, "%.*s\n", STR_ARG(grade));
            sml_show_pad(out, TITLE_BELOW);
        } else {
            sml_show_cell(out, grade, GRADE_WIDE);
        }
        size_t at = below ? TITLE_BELOW : beside;
        Paragraph p = {.out = out, .width = width, .indent = (uint32_t)at, .col = at};
        add_title(&p, &rule);
    }
}

/* ---- json ------------------------------------------------------------------------------------ */

static void add_member(JsonWriter *w, const char *key, Str value)
{
    if (value.len == 0)
        return;
    sml_json_key(w, sml_str_from(key));
    sml_json_string(w, value);
}

static void add_strings(JsonWriter *w, const char *key, const sml_str *v, uint32_t n)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_array(w);
    for (uint32_t i = 0; i < n; i++)
        sml_json_string(w, v[i]);
    sml_json_close(w);
}

static void add_flag(JsonWriter *w, const char *key, bool value)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_bool(w, value);
}

static void add_cites(JsonWriter *w, const sml_rule *rule)
{
    sml_json_key(w, STR("cite"));
    sml_json_array(w);
    for (uint32_t i = 0; i < rule->n_cites; i++) {
        const sml_cite *cite = &rule->cites[i];
        sml_json_object(w);
        add_member(w, "source", cite->source);
        add_member(w, "title", cite->title);
        add_member(w, "at", cite->at);
        add_member(w, "year", cite->year);
        add_member(w, "url", cite->url);
        add_member(w, "read", cite->read);
        add_flag(w, "verified", cite->verified);
        if (cite->where.len)
            add_member(w, "where", cite->where);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void add_json_rule(JsonWriter *w, const sml_rule *rule)
{
    sml_json_break(w);
    sml_json_object(w);
    add_member(w, "id", rule->id);
    add_member(w, "family", rule->family);
    add_member(w, "title", rule->title);
    add_member(w, "grade", sml_str_from(sml_grade_name(rule->grade)));
    add_strings(w, "grades", rule->grades, rule->n_grades);
    add_member(w, "kind", rule->kind);
    add_member(w, "status", rule->status);
    add_member(w, "when", rule->when);
    add_member(w, "message", rule->message);
    add_member(w, "why", rule->why);
    add_member(w, "instead", rule->instead);
    add_member(w, "ask", rule->ask);
    add_flag(w, "mask", rule->mask);
    add_flag(w, "each", rule->each);
    add_flag(w, "locked", rule->locked);
    add_strings(w, "lists", rule->lists, rule->n_lists);
    add_strings(w, "covers", rule->covers, rule->n_covers);
    add_cites(w, rule);
    sml_json_close(w);
}

static void add_json_lists(JsonWriter *w, const Listed *l)
{
    sml_json_key(w, STR("lists"));
    sml_json_array(w);
    for (uint32_t i = 0; i < sml_rulebook_lists(l->book); i++) {
        sml_list list;
        sml_rulebook_list(&list, l->book, i);
        if (!sml_rulebooks_uses(l, list.name))
            continue;
        sml_json_break(w);
        sml_json_object(w);
        add_member(w, "name", list.name);
        add_member(w, "checked", list.checked);
        sml_json_key(w, STR("items"));
        sml_json_uint(w, list.items);
        sml_json_close(w);
    }
    sml_json_break(w);
    sml_json_close(w);
}

static void add_json_rulebook(JsonWriter *w, const Listed *l)
{
    sml_pack pack = sml_rulebook_pack(l->book);
    sml_json_break(w);
    sml_json_object(w);
    add_member(w, "id", pack.id);
    add_member(w, "title", pack.title);
    add_member(w, "version", pack.version);
    add_member(w, "language", pack.language);
    add_json_lists(w, l);
    sml_json_key(w, STR("rules"));
    sml_json_array(w);
    for (uint32_t i = 0; i < l->n; i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        add_json_rule(w, &rule);
    }
    sml_json_break(w);
    sml_json_close(w);
    sml_json_close(w);
}

/* A rulebook with none of the rules that were asked for is no answer. */
static bool is_answer(const Listed *l)
{
    return l->all || l->n;
}

static void add_json(Buf *out, const Listed *listed, uint32_t n)
{
    JsonWriter w = {.out = out};
    sml_json_object(&w);
    sml_json_key(&w, STR("rulebooks"));
    sml_json_array(&w);
    for (uint32_t i = 0; i < n; i++)
        if (is_answer(&listed[i]))
            add_json_rulebook(&w, &listed[i]);
    sml_json_break(&w);
    sml_json_close(&w);
    sml_json_close(&w);
    sml_buf_addc(out, '\n');
}

/* ---- stale lists ----------------------------------------------------------------------------- */

static uint32_t add_stale(Buf *out, const Listed *l, Str date)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < sml_rulebook_lists(l->book); i++) {
        sml_list list;
        sml_rulebook_list(&list, l->book, i);
        int64_t age = sml_rulebooks_list_age(&list, date);
        if (age <= RULEBOOKS_STALE_DAYS || !sml_rulebooks_uses(l, list.name))
            continue;
        sml_show_safe(out, list.name);
        sml_buf_addf(out, ": last checked on %.*s, %lld days before %.*s\n", STR_ARG(list.checked),
                     (long long)age, STR_ARG(date));
        n++;
    }
    return n;
}

static int print_stale(Command *c, const Listed *listed, uint32_t n)
{
    Buf text = {0};
    sml_error err;
    uint32_t stale = 0;
    sml_context *context = &c->options.context;
    if (!sml_clock_fill(context, c->arena, &err))
        return sml_cmd_usage(c->verb, "%s", err.message);
    for (uint32_t i = 0; i < n; i++)
        stale += add_stale(&text, &listed[i], context->date);
    sml_cmd_print(c, &text);
    sml_buf_free(&text);
    return stale ? STATUS_FOUND : STATUS_CLEAN;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static int print_list(Command *c, const Listed *listed, uint32_t n)
{
    static const struct Format {
        const char *name;
        void (*add)(Buf *out, const Listed *l);
    } formats[] = {{"table", add_table},
                   {"markdown", sml_pages_rules},
                   {"coverage", sml_pages_coverage},
                   {"names", add_names}};

    Buf text = {0};
    if (sml_str_eq(c->options.list_format, STR("json")))
        add_json(&text, listed, n);
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++)
        if (sml_str_eq(c->options.list_format, sml_str_from(formats[f].name)))
            for (uint32_t i = 0; i < n; i++)
                if (is_answer(&listed[i]))
                    formats[f].add(&text, &listed[i]);
    sml_cmd_print(c, &text);
    sml_buf_free(&text);
    return STATUS_CLEAN;
}

int sml_cmd_rules(Command *c)
{
    Rulebooks rulebooks = {0};
    int status = STATUS_INCOMPLETE;
    const Strs *names = &c->options.operands;
    if (c->options.schema && names->n)
        return sml_cmd_usage(c->verb, "unexpected \"%.*s\"; --schema is about every rulebook",
                             STR_ARG(names->v[0]));
    if (c->options.schema) {
        sml_rulebook_schema(sml_sink_write, c->out);
        return STATUS_CLEAN;
    }
    if (sml_rulebooks_load(&rulebooks, &c->options, c->arena)) {
        Listed *listed = ARENA_ARRAY(c->arena, Listed, rulebooks.n);
        if (sml_rulebooks_pick(listed, &rulebooks, names, c->arena))
            status = c->options.stale ? print_stale(c, listed, rulebooks.n)
                                      : print_list(c, listed, rulebooks.n);
    }
    sml_rulebooks_free(&rulebooks);
    return status;
}
