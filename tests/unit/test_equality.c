/* SPDX-License-Identifier: MIT */
/*
 * The same findings of the built-in rules whatever the road: with the automaton and without it, with JIT and without, traced
 * and not. Over random texts put together from the words of the rules' own examples, hidden characters, emoji, tags and
 * noise, and over real posts where SML_DATA has some. test_equality_rulebooks does it for rules that nobody would write.
 *
 * Trying every pattern everywhere is slow, so an ordinary run takes a sample; SML_EQUALITY=N takes N random texts and every
 * real post.
 */
#include "equality.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static Dice dice = {88172645463325252u};

static void compare(Roads *r, sml_str text, sml_input_kind kind, bool brute)
{
    const char *what = roads_differ(r, text, kind, brute, true);
    if (what)
        fail_msg("%s on: %.*s", what, (int)text.len, text.p);
}

static sml_rulebook *open_builtin(Roads *r)
{
    sml_rulebook *rules = sml_rulebook_builtin(NULL);
    assert_true(roads_open(r, rules));
    return rules;
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
    size_t start = seed.len ? below(&dice, (uint32_t)seed.len) : 0, n = below(&dice, 40) + 1;
    if (below(&dice, 4) == 0)
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
    for (uint32_t pieces = below(&dice, 4) + 1; pieces > 0; pieces--) {
        len += add_piece(out + len, size - len - 8, seeds->v[below(&dice, seeds->n)]);
        const char *n = noise[below(&dice, sizeof noise / sizeof *noise)];
        if (strlen(n) < size - len) {
            memcpy(out + len, n, strlen(n));
            len += strlen(n);
        }
    }
    for (size_t i = 0; i < len; i++)
        if (below(&dice, 60) == 0 && out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 32);
    return len;
}

static void random_texts(void **unused)
{
    (void)unused;
    const char *wanted = getenv("SML_EQUALITY");
    uint32_t n = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : 1500;
    Roads r;
    sml_rulebook *rules = open_builtin(&r);
    Seeds seeds = seeds_of(rules);
    char text[512];
    for (uint32_t i = 0; i < n; i++)
        compare(&r, (sml_str){text, random_text(text, sizeof text, &seeds)}, SML_INPUT_TEXT, true);
    free(seeds.v);
    roads_close(&r);
    sml_rulebook_free(rules);
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
    Roads r;
    sml_rulebook *rules = open_builtin(&r);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/posts/%s.jsonl", data, names[i]);
        compare_file(&r, path, getenv("SML_EQUALITY") ? 1 : 50);
    }
    roads_close(&r);
    sml_rulebook_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_texts),
                                       cmocka_unit_test(real_posts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
