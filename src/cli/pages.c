/* SPDX-License-Identifier: MIT */
#include "cli/pages.h"

#include "base/show.h"

/* Text that stays text, in a cell of a table too. */
static void add_markdown(Buf *out, Str s)
{
    Buf safe = {0};
    sml_show_safe(&safe, s);
    for (size_t i = 0; i < safe.len; i++) {
        if (sml_str_find(STR("\\|`*_[]<>#"), (Str){safe.p + i, 1}, 0) != SIZE_MAX)
            sml_buf_addc(out, '\\');
        sml_buf_addc(out, safe.p[i]);
    }
    sml_buf_free(&safe);
}

static void add_markdown_cite(Buf *out, const sml_cite *cite)
{
    if (cite->url.len)
        sml_buf_addc(out, '[');
    add_markdown(out, cite->title);
    if (cite->url.len) {
        sml_buf_add(out, STR("](<"));
        sml_show_safe(out, cite->url);
        sml_buf_add(out, STR(">)"));
    }
    if (cite->at.len) {
        sml_buf_add(out, STR(", "));
        add_markdown(out, cite->at);
    }
}

static void add_code(Buf *out, Str s)
{
    sml_buf_addc(out, '`');
    sml_show_safe(out, s);
    sml_buf_addc(out, '`');
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* What the sites that show Markdown make of a heading: letters, digits and hyphens stay. */
static void add_anchor(Buf *out, Str heading)
{
    sml_buf_addc(out, '#');
    for (size_t i = 0; i < heading.len; i++) {
        char c = heading.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
            sml_buf_addc(out, c);
    }
}

static void add_link(Buf *out, Str heading)
{
    sml_buf_addc(out, '[');
    add_markdown(out, heading);
    sml_buf_add(out, STR("]("));
    add_anchor(out, heading);
    sml_buf_addc(out, ')');
}

/* The index behind the last rule of the family that begins at `first`. */
static uint32_t family_end(const Listed *l, uint32_t first)
{
    sml_rule_brief rule, next;
    sml_rulebook_brief(&rule, l->book, l->v[first]);
    for (uint32_t i = first + 1; i < l->n; i++) {
        sml_rulebook_brief(&next, l->book, l->v[i]);
        if (!sml_str_eq(next.family, rule.family))
            return i;
    }
    return l->n;
}

static void add_contents(Buf *out, const Listed *l)
{
    sml_buf_add(out, STR("\n## Contents\n\n"));
    for (uint32_t i = 0, end; i < l->n; i = end) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        end = family_end(l, i);
        sml_buf_add(out, STR("- "));
        add_link(out, rule.family);
        sml_buf_addf(out, ", %u rule%s\n", end - i, end - i == 1 ? "" : "s");
    }
}

static void add_family_table(Buf *out, const Listed *l, uint32_t from, uint32_t to)
{
    sml_buf_add(out, STR("\n| Rule | Grade | What it is |\n| --- | --- | --- |\n"));
    for (uint32_t i = from; i < to; i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        sml_buf_add(out, STR("| "));
        add_link(out, rule.id);
        sml_buf_addf(out, " | %s | ", sml_grade_name(rule.grade));
        add_markdown(out, rule.title);
        sml_buf_add(out, STR(" |\n"));
    }
}

static void add_item(Buf *out, const char *label, Str text)
{
    if (text.len == 0)
        return;
    sml_buf_addf(out, "- %s: ", label);
    add_markdown(out, text);
    sml_buf_addc(out, '\n');
}

static void add_items(Buf *out, const char *label, const sml_str *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0)
            sml_buf_addf(out, "- %s: ", label);
        add_code(out, v[i]);
        sml_buf_add(out, i + 1 < n ? STR(", ") : STR("\n"));
    }
}

static void add_given(Buf *out, Str given)
{
    if (!given.len)
        return;
    sml_buf_add(out, STR(" ("));
    add_markdown(out, given);
    sml_buf_addc(out, ')');
}

static void add_examples(Buf *out, const sml_rule *rule, bool hit)
{
    const char *label = hit ? "\nFound in:\n\n" : "\nNot found in:\n\n";
    for (uint32_t i = 0; i < rule->n_examples; i++) {
        if (rule->examples[i].hit != hit || rule->examples[i].todo)
            continue;
        sml_buf_add(out, sml_str_from(label));
        sml_buf_add(out, STR("- "));
        add_markdown(out, rule->examples[i].text);
        add_given(out, rule->examples[i].given);
        sml_buf_addc(out, '\n');
        label = "";
    }
}

static void add_grades(Buf *out, const sml_rule *rule)
{
    sml_buf_addf(out, "- Grade: **%s**", sml_grade_name(rule->grade));
    for (uint32_t i = 0; i < rule->n_grades; i++) {
        sml_buf_add(out, STR("; "));
        add_markdown(out, rule->grades[i]);
    }
    if (!sml_str_eq(rule->status, STR("stable"))) {
        sml_buf_add(out, STR("; status "));
        add_markdown(out, rule->status);
    }
    sml_buf_addc(out, '\n');
}

static void add_rule(Buf *out, const sml_rule *rule)
{
    sml_buf_add(out, STR("\n### "));
    add_markdown(out, rule->id);
    sml_buf_add(out, STR("\n\n"));
    add_markdown(out, rule->title);
    sml_buf_add(out, STR(".\n"));
    if (rule->why.len) {
        sml_buf_addc(out, '\n');
        add_markdown(out, rule->why);
        sml_buf_addc(out, '\n');
    }
    sml_buf_addc(out, '\n');
    add_grades(out, rule);
    add_item(out, "Only if", rule->when);
    add_item(out, "Says", rule->message);
    add_item(out, "Instead", rule->instead);
    add_item(out, "Ask", rule->ask);
    for (uint32_t i = 0; i < rule->n_cites; i++) {
        sml_buf_add(out, rule->cites[i].verified ? STR("- Under: ") : STR("- See: "));
        add_markdown_cite(out, &rule->cites[i]);
        sml_buf_addc(out, '\n');
    }
    add_items(out, "Serves", rule->covers, rule->n_covers);
    add_items(out, "Lists", rule->lists, rule->n_lists);
    add_examples(out, rule, true);
    add_examples(out, rule, false);
}

void sml_pages_rules(Buf *out, const Listed *l)
{
    sml_pack pack = sml_rulebook_pack(l->book);
    sml_buf_add(out, STR("# "));
    add_markdown(out, pack.title);
    sml_buf_add(out, STR("\n\nRulebook "));
    add_code(out, pack.id);
    sml_buf_add(out, STR(", version "));
    add_markdown(out, pack.version);
    sml_buf_add(out, STR(".\n"));
    add_contents(out, l);
    for (uint32_t i = 0, end; i < l->n; i = end) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        end = family_end(l, i);
        sml_buf_add(out, STR("\n## "));
        add_markdown(out, rule.family);
        sml_buf_addc(out, '\n');
        add_family_table(out, l, i, end);
        for (; i < end; i++) {
            sml_rulebook_rule(&rule, l->book, l->v[i]);
            add_rule(out, &rule);
        }
    }
}

/* ---- coverage -------------------------------------------------------------------------------- */

static bool covers(const sml_rule *rule, Str obligation)
{
    for (uint32_t i = 0; i < rule->n_covers; i++)
        if (sml_str_eq(rule->covers[i], obligation))
            return true;
    return false;
}

typedef struct Served {
    uint32_t rules, hits, cleans;
} Served;

/* The rules that serve an obligation, as a cell. */
static Served add_serving(Buf *out, const Listed *l, Str obligation)
{
    Served served = {0, 0, 0};
    for (uint32_t i = 0; i < l->n; i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        if (!covers(&rule, obligation))
            continue;
        sml_buf_add(out, served.rules++ ? STR(", `") : STR("`"));
        sml_show_safe(out, rule.id);
        sml_buf_addc(out, '`');
        for (uint32_t k = 0; k < rule.n_examples; k++)
            *(rule.examples[k].hit ? &served.hits : &served.cleans) += 1;
    }
    return served;
}

/* False, and nothing added, for an obligation that none of some rules serves. */
static bool add_coverage_row(Buf *out, const Listed *l, const sml_obligation *o)
{
    Buf rules = {0};
    Served served = add_serving(&rules, l, o->name);
    if (!l->all && served.rules == 0) {
        sml_buf_free(&rules);
        return false;
    }
    sml_buf_add(out, STR("| `"));
    sml_show_safe(out, o->name);
    sml_buf_add(out, STR("` | "));
    add_markdown(out, o->title);
    sml_buf_add(out, STR(" | "));
    sml_buf_add(out, sml_buf_str(&rules));
    sml_buf_free(&rules);
    if (o->see.len) {
        sml_buf_add(out, served.rules ? STR("; [in part](<") : STR("[none](<"));
        sml_show_safe(out, o->see);
        sml_buf_add(out, STR(">)"));
    } else if (served.rules == 0) {
        sml_buf_add(out, STR("none"));
    }
    sml_buf_add(out, STR(" | "));
    add_markdown_cite(out, &o->cite);
    sml_buf_addf(out, " | %u | %u |\n", served.hits, served.cleans);
    return true;
}

void sml_pages_coverage(Buf *out, const Listed *l)
{
    Buf rows = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < sml_rulebook_obligations(l->book); i++) {
        sml_obligation o;
        sml_rulebook_obligation(&o, l->book, i);
        n += add_coverage_row(&rows, l, &o);
    }
    sml_buf_add(out, STR("# Coverage\n\n"));
    sml_buf_addf(out, "What is asked of people, and which of the %u rule%s of `", l->n,
                 l->n == 1 ? "" : "s");
    sml_show_safe(out, sml_rulebook_pack(l->book).id);
    sml_buf_addf(
        out,
        "` help%s to keep it: %u obligation%s.\nMade by `sm-lint rules --format coverage`; "
        "change the rules instead.\n\n"
        "| Obligation | What it asks | Rules | Authority | Hits | Cleans |\n"
        "| --- | --- | --- | --- | ---: | ---: |\n",
        l->n == 1 ? "s" : "", n, n == 1 ? "" : "s");
    sml_buf_add(out, sml_buf_str(&rows));
    sml_buf_free(&rows);
}
