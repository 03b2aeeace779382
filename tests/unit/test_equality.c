/* SPDX-License-Identifier: MIT */
/*
 * The same findings whatever the road: with the automaton and without it, with JIT and without, traced and not. Over random texts
 * put together from the words of the rules' own examples, hidden characters, emoji, tags and noise, and over real posts where
 * SML_DATA has some.
 *
 * Trying every pattern everywhere is slow, so an ordinary run takes a sample; SML_EQUALITY=N takes N random texts and every
 * real post.
 */
#include <smlint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t state = 88172645463325252u;

static uint32_t below(uint32_t n)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

static bool same(const sml_result *a, const sml_result *b)
{
    if (a->n_findings != b->n_findings || a->n_unchecked != b->n_unchecked)
        return false;
    for (uint32_t i = 0; i < a->n_findings; i++) {
        const sml_finding *x = &a->findings[i], *y = &b->findings[i];
        if (x->rule.len != y->rule.len || memcmp(x->rule.p, y->rule.p, x->rule.len) != 0 ||
            x->post.start != y->post.start || x->post.end != y->post.end || x->grade != y->grade ||
            x->count != y->count || x->message.len != y->message.len ||
            memcmp(x->message.p, y->message.p, x->message.len) != 0)
            return false;
    }
    return true;
}

typedef struct Roads {
    sml_rulebook *rules;
    sml_linter *usual, *brute, *plain;
} Roads;

static Roads open_roads(void)
{
    Roads r = {.rules = sml_rulebook_builtin(NULL)};
    sml_error err;
    sml_options brute = SML_OPTIONS_INIT, plain = SML_OPTIONS_INIT;
    brute.no_prefilter = true;
    plain.no_jit = true;
    plain.trace = true;
    r.usual = sml_linter_new(&r.rules, 1, NULL, &err);
    r.brute = sml_linter_new(&r.rules, 1, &brute, &err);
    r.plain = sml_linter_new(&r.rules, 1, &plain, &err);
    assert_true(r.usual && r.brute && r.plain);
    return r;
}

static void close_roads(Roads *r)
{
    sml_linter_free(r->usual);
    sml_linter_free(r->brute);
    sml_linter_free(r->plain);
    sml_rulebook_free(r->rules);
}

static void show(const char *road, const sml_result *r)
{
    for (uint32_t i = 0; i < r->n_findings; i++)
        fprintf(stderr, "  %s: %.*s %u-%u x%u\n", road, (int)r->findings[i].rule.len,
                r->findings[i].rule.p, r->findings[i].post.start, r->findings[i].post.end,
                r->findings[i].count);
}

/* Every finding is in the trace, and nothing else claims to be one. */
static bool traced(const sml_result *r)
{
    uint32_t met = 0, claimed = 0;
    for (uint32_t i = 0; i < r->n_traces; i++) {
        const sml_trace *t = &r->traces[i];
        claimed += t->grade != SML_CLEAN;
        if ((t->grade == SML_CLEAN) == (t->because.len == 0))
            return false;
        for (uint32_t k = 0; k < r->n_findings; k++)
            met += t->grade && r->findings[k].rule.p == t->rule.p;
    }
    return met == r->n_findings && claimed <= met;
}

static void compare(Roads *r, sml_str text, sml_input_kind kind, bool brute)
{
    static const char *const accounts[] = {"", "official", "personal"};
    const char *account = accounts[text.len % 3];
    sml_input in = {
        .text = text,
        .kind = kind,
        .context = {.account = {account, strlen(account)}, .date = SML_STR("2026-11-20")}};
    sml_error err;
    sml_result usual, other;
    bool ok = sml_linter_check(&usual, r->usual, &in, &err);
    assert_int_equal(sml_linter_check(&other, r->plain, &in, &err), ok);
    if (ok && !same(&usual, &other)) {
        show("JIT", &usual), show("no JIT", &other);
        fail_msg("with and without JIT differ on: %.*s", (int)text.len, text.p);
    }
    if (ok && (usual.n_traces || !traced(&other)))
        fail_msg("the trace is not of the findings in: %.*s", (int)text.len, text.p);
    if (!brute)
        return;
    assert_int_equal(sml_linter_check(&other, r->brute, &in, &err), ok);
    if (ok && !same(&usual, &other)) {
        show("automaton", &usual), show("brute", &other);
        fail_msg("with and without the automaton differ on: %.*s", (int)text.len, text.p);
    }
}

/* The words of all examples, as seeds. */
typedef struct Seeds {
    sml_str *v;
    uint32_t n;
} Seeds;

static Seeds seeds_of(const sml_rulebook *rules)
{
    Seeds s = {NULL, 0};
    for (uint32_t i = 0; i < sml_rulebook_count(rules); i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, rules, i);
        for (uint32_t k = 0; k < rule.n_examples; k++) {
            s.v = realloc(s.v, (s.n + 1) * sizeof *s.v);
            s.v[s.n++] = rule.examples[k].text;
        }
    }
    return s;
}

/* A run of words out of one example. */
static size_t add_piece(char *out, size_t room, sml_str seed)
{
    size_t start = seed.len ? below((uint32_t)seed.len) : 0, n = below(40) + 1;
    if (below(4) == 0)
        start = 0;
    while (start > 0 && seed.p[start - 1] != ' ')
        start--;
    if (n > seed.len - start)
        n = seed.len - start;
    if (n > room)
        n = room;
    memcpy(out, seed.p + start, n);
    return n;
}

static const char *const noise[] = {" ",      "\n",         "\r\n", "\u00a0",  "\u200b", "#",
                                    "@",      "\U0001F389", ". ",   ", ",      "'s ",    "\u2019",
                                    "\"",     "-",          "\n\n", "\u0301",  "K",      "\u212a",
                                    "\u017f", "\uff36",     "RT @", "https://"};

static size_t random_text(char *out, size_t size, const Seeds *seeds)
{
    size_t len = 0;
    for (uint32_t pieces = below(4) + 1; pieces > 0; pieces--) {
        len += add_piece(out + len, size - len - 8, seeds->v[below(seeds->n)]);
        const char *n = noise[below(sizeof noise / sizeof *noise)];
        if (strlen(n) < size - len) {
            memcpy(out + len, n, strlen(n));
            len += strlen(n);
        }
    }
    for (size_t i = 0; i < len; i++)
        if (below(60) == 0 && out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 32);
    return len;
}

static void random_texts(void **unused)
{
    (void)unused;
    const char *wanted = getenv("SML_EQUALITY");
    uint32_t n = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : 1500;
    Roads r = open_roads();
    Seeds seeds = seeds_of(r.rules);
    char text[512];
    for (uint32_t i = 0; i < n; i++)
        compare(&r, (sml_str){text, random_text(text, sizeof text, &seeds)}, SML_INPUT_TEXT, true);
    free(seeds.v);
    close_roads(&r);
}

static void compare_file(Roads *r, const char *path, uint32_t step)
{
    static char line[1 << 20];
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("skipped: no %s\n", path);
        return;
    }
    for (uint32_t i = 0; fgets(line, sizeof line, f); i++)
        compare(r, (sml_str){line, strlen(line)}, SML_INPUT_JSONL, i % step == 0);
    fclose(f);
}

static void real_posts(void **unused)
{
    (void)unused;
    static const char *const names[] = {"official", "political", "policy-official"};
    const char *data = getenv("SML_DATA");
    if (!data) {
        printf("skipped: real posts (set SML_DATA to a folder with posts/*.jsonl)\n");
        return;
    }
    Roads r = open_roads();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/posts/%s.jsonl", data, names[i]);
        compare_file(&r, path, getenv("SML_EQUALITY") ? 1 : 50);
    }
    close_roads(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_texts),
                                       cmocka_unit_test(real_posts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
