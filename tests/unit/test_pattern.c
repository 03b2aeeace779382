/* SPDX-License-Identifier: MIT */
#include "match/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EARNED = 1100 }; /* calls after which a pattern has JIT code */

/* Two engines that must agree. */
typedef struct Pair {
    Engine *jit, *plain;
} Pair;

static int set_up(void **state)
{
    Pair *pair = test_malloc(sizeof *pair);
    *pair = (Pair){sml_pattern_engine(true), sml_pattern_engine(false)};
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    Pair *pair = *state;
    sml_pattern_engine_free(pair->jit);
    sml_pattern_engine_free(pair->plain);
    test_free(pair);
    return 0;
}

static Pattern *compile(Engine *e, const char *source, bool caseless)
{
    sml_error err = {0};
    Pattern *p = sml_pattern_new(e, sml_str_from(source), caseless, &err);
    if (!p)
        fail_msg("%s: %s", source, err.message);
    return p;
}

static Found find_all(Engine *e, const char *source, Str subject, Span groups[PATTERN_GROUPS])
{
    Pattern *p = compile(e, source, true);
    sml_pattern_begin(e);
    Found found = sml_pattern_find(e, p, subject, 0, UINT32_MAX, groups);
    sml_pattern_free(e, p);
    return found;
}

static void finds_with_groups(void **state)
{
    Pair *pair = *state;
    Pattern *p = compile(pair->jit, "(?<who>labour|green)(?: (x))? (now)", true);
    Span g[PATTERN_GROUPS];
    sml_pattern_begin(pair->jit);
    Str text = STR("vote GREEN now");
    assert_int_equal(sml_pattern_find(pair->jit, p, text, 0, 14, g), FOUND);
    assert_int_equal(g[0].start, 5);
    assert_int_equal(g[0].end, 14);
    assert_int_equal(g[1].start, 5);
    assert_int_equal(g[1].end, 10);
    assert_int_equal(g[2].start, UINT32_MAX);
    assert_int_equal(g[3].start, 11);
    assert_int_equal(g[9].end, UINT32_MAX);
    assert_int_equal(sml_pattern_group(p, STR("who")), 1);
    assert_int_equal(sml_pattern_group(p, STR("whom")), 0);
    assert_int_equal(sml_pattern_group(p, STR("")), 0);
    assert_int_equal(sml_pattern_find(pair->jit, p, text, 0, 4, g), FOUND_NOTHING);
    assert_int_equal(sml_pattern_find(pair->jit, p, text, 6, 14, g), FOUND_NOTHING);
    assert_int_equal(sml_pattern_find(pair->jit, p, text, 15, 20, g), FOUND_NOTHING);
    sml_pattern_free(pair->jit, p);
}

static void sees_what_stands_around(void **state)
{
    Pair *pair = *state;
    Span g[PATTERN_GROUPS];
    Pattern *p = compile(pair->plain, "(?<=a)b(?=c)|^x$|\\by", false);
    sml_pattern_begin(pair->plain);
    assert_int_equal(sml_pattern_find(pair->plain, p, STR("abc"), 1, 1, g), FOUND);
    assert_int_equal(sml_pattern_find(pair->plain, p, STR("a\nx\nb"), 2, 2, g), FOUND);
    assert_int_equal(sml_pattern_find(pair->plain, p, STR("zy"), 1, 1, g), FOUND_NOTHING);
    assert_int_equal(sml_pattern_find(pair->plain, p, (Str){NULL, 0}, 0, 0, g), FOUND_NOTHING);
    sml_pattern_free(pair->plain, p);
}

static void says_where_a_pattern_is_wrong(void **state)
{
    Pair *pair = *state;
    static const struct {
        const char *source;
        uint32_t at;
    } bad[] = {{"ab(c", 4}, {"a**?+*", 5}, {"[z-a]", 3}, {"\\C", 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sml_error err = {0};
        assert_null(sml_pattern_new(pair->jit, sml_str_from(bad[i].source), true, &err));
        assert_true(err.message[0] != 0);
        assert_in_range(err.col, 1, strlen(bad[i].source));
    }
    assert_null(sml_pattern_new(pair->jit, STR("("), true, NULL));
}

/* A long line: the text shown at first ends in the middle of what the pattern has to read. */
static void reads_as_far_as_it_must(void **state)
{
    Pair *pair = *state;
    size_t n = 40000;
    char *text = test_malloc(n);
    memset(text, 'x', n);
    memcpy(text + 700, "foo", 3);
    memcpy(text + n - 3, "bar", 3);
    Span g[PATTERN_GROUPS];
    Engine *engines[] = {pair->jit, pair->plain};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(find_all(engines[i], "foo.*bar", (Str){text, n}, g), FOUND);
        assert_int_equal(g[0].start, 700);
        assert_int_equal(g[0].end, n);
        assert_int_equal(find_all(engines[i], "x+foo", (Str){text, n}, g), FOUND);
        assert_int_equal(find_all(engines[i], "r$", (Str){text, n}, g), FOUND);
        assert_int_equal(find_all(engines[i], "x$", (Str){text, n}, g), FOUND_NOTHING);
    }
    test_free(text);
}

/* Matches that PCRE2 10.42 loses to optimisations of its own. */
static void no_match_is_optimised_away(void **state)
{
    static const struct {
        const char *source, *text;
        uint32_t start, end;
    } cases[] = {
        {"(?:abab|a).*b", "abab ", 0, 4},
        {"(?:abab|a)\\w*?b", "abab ", 0, 2},
        {"(?:reform uk|reform).*uk", "reform uk ", 0, 9},
        {"(?=b)b*b", "ab", 1, 2},
        {"(?=b)b*?b{1,}", "ab", 1, 2},
        {"((.*?)+[^a]*?)++\\s$", "aa \nb", 2, 3},
    };
    Pair *pair = *state;
    Engine *engines[] = {pair->jit, pair->plain};
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        Engine *e = engines[i % 2];
        Pattern *p = compile(e, cases[i / 2].source, false);
        Span g[PATTERN_GROUPS];
        sml_pattern_begin(e);
        for (int k = 0; k < EARNED; k++) {
            Str text = sml_str_from(cases[i / 2].text);
            assert_int_equal(sml_pattern_find(e, p, text, 0, UINT32_MAX, g), FOUND);
            assert_int_equal(g[0].start, cases[i / 2].start);
            assert_int_equal(g[0].end, cases[i / 2].end);
        }
        sml_pattern_free(e, p);
    }
}

/* "é" is two bytes: starts are asked for in the middle of it. */
static void starts_are_whole_characters(void **state)
{
    Pair *pair = *state;
    Engine *engines[] = {pair->jit, pair->plain};
    for (size_t i = 0; i < 2; i++) {
        Pattern *p = compile(engines[i], "x?", false);
        Span g[PATTERN_GROUPS];
        sml_pattern_begin(engines[i]);
        for (int k = 0; k < EARNED; k++) {
            Str text = STR("a\xc3\xa9x");
            assert_int_equal(sml_pattern_find(engines[i], p, text, 2, 2, g), FOUND_NOTHING);
            assert_int_equal(sml_pattern_find(engines[i], p, text, 2, 4, g), FOUND);
            assert_int_equal(g[0].start, 3);
        }
        sml_pattern_free(engines[i], p);
    }
}

/* What begins one behind the last start asked for is no match, and no reason to give up. */
static void no_match_begins_too_late(void **state)
{
    Pair *pair = *state;
    Engine *engines[] = {pair->jit, pair->plain};
    char text[600];
    memset(text, 'x', sizeof text);
    memcpy(text + 1, "cost ", 5);
    for (size_t i = 0; i < 2; i++) {
        Pattern *p = compile(engines[i], "_|cost\\b", false);
        Span g[PATTERN_GROUPS];
        sml_pattern_begin(engines[i]);
        for (int k = 0; k < EARNED; k++)
            assert_int_equal(sml_pattern_find(engines[i], p, (Str){text, sizeof text}, 0, 0, g),
                             FOUND_NOTHING);
        assert_int_equal(sml_pattern_find(engines[i], p, (Str){text, sizeof text}, 0, 1, g), FOUND);
        sml_pattern_free(engines[i], p);
    }
}

static void hostile_text_meets_a_limit(void **state)
{
    static const char *const patterns[] = {"(a+)+b",
                                           "(a|a)*b",
                                           "(a|aa)+b",
                                           "a*a*a*b",
                                           "(\\w+\\s?)+@",
                                           ".*.*.*x",
                                           "a*.*+b",
                                           "(a*)*b",
                                           "\\w+@",
                                           "((a?){20}){20}b",
                                           "a++b",
                                           "(?=(a+))a*b\\1",
                                           "(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|"
                                           "a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)"
                                           "(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|"
                                           "a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b"};
    Pair *pair = *state;
    size_t n = 4u << 20;
    char *text = test_malloc(n);
    memset(text, 'a', n);
    Span g[PATTERN_GROUPS];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        assert_int_equal(find_all(pair->jit, patterns[i], (Str){text, n}, g), FOUND_LIMIT);
        assert_int_equal(find_all(pair->plain, patterns[i], (Str){text, n}, g), FOUND_LIMIT);
    }
    test_free(text);
}

static void a_spent_budget_comes_back_with_the_next_post(void **state)
{
    Pair *pair = *state;
    char text[400];
    memset(text, 'a', sizeof text);
    Span g[PATTERN_GROUPS];
    Pattern *p = compile(pair->jit, "(a+)+c|q", false);
    sml_pattern_begin(pair->jit);
    assert_int_equal(sml_pattern_find(pair->jit, p, (Str){text, sizeof text}, 0, 10, g),
                     FOUND_LIMIT);
    assert_int_equal(sml_pattern_find(pair->jit, p, STR("q"), 0, 1, g), FOUND_LIMIT);
    sml_pattern_begin(pair->jit);
    assert_int_equal(sml_pattern_find(pair->jit, p, STR("q"), 0, 1, g), FOUND);
    sml_pattern_free(pair->jit, p);
}

/* ---- the same answers with JIT and without ----------------------------------------------------- */

static uint32_t rnd(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

typedef struct Text {
    char p[512];
    size_t n;
} Text;

static void put(Text *t, const char *z)
{
    size_t n = strlen(z);
    if (t->n + n < sizeof t->p)
        memcpy(t->p + t->n, z, n), t->n += n;
}

/* Alternatives that begin alike, or not, for the JIT's count of paths. */
static void put_words(Text *t, uint32_t *seed)
{
    static const char *const words[] = {"ab",  "abab", "aaaa", "a",   "b",
                                        "cab", "ba+",  "c?a",  "\\.b"};
    put(t, "(?:");
    for (uint32_t n = 2 + rnd(seed, 5); n > 0; n--) {
        put(t, words[rnd(seed, 9)]);
        put(t, n > 1 ? "|" : ")");
    }
}

static void put_regex(Text *t, uint32_t *seed, int depth)
{
    static const char *const atoms[] = {"a",    "b",    "c",   " ",        ".", "\\w",   "\\s",
                                        "[ab]", "[^a]", "\\b", "\xc3\xa9", "$", "(?=b)", "(?<!a)"};
    static const char *const counts[] = {"",  "",   "",   "",    "*",     "+",
                                         "?", "*?", "++", "{2}", "{0,3}", "{1,}"};
    uint32_t items = 1 + rnd(seed, 3);
    for (uint32_t i = 0; i < items; i++) {
        uint32_t pick = depth > 0 ? rnd(seed, 20) : rnd(seed, 14);
        if (pick < 14) {
            put(t, atoms[pick]);
            if (pick < 9 || pick == 10)
                put(t, counts[rnd(seed, 12)]);
            continue;
        }
        if (pick == 14) {
            put_words(t, seed);
            put(t, counts[rnd(seed, 12)]);
            continue;
        }
        put(t, pick % 2 ? "(" : "(?:");
        put_regex(t, seed, depth - 1);
        for (uint32_t more = rnd(seed, 3); more > 0; more--) {
            put(t, "|");
            put_regex(t, seed, depth - 1);
        }
        put(t, ")");
        put(t, counts[rnd(seed, 12)]);
    }
}

static Str random_text(char *out, size_t max, uint32_t *seed)
{
    static const char *const units[] = {"a", "b", "c", " ", "\n", "\xc3\xa9", "aaaaaaaa", "abab"};
    size_t n = 0, want = rnd(seed, 30) == 0 ? max - 8 : rnd(seed, 60);
    while (n < want) {
        const char *unit = units[rnd(seed, 8)];
        memcpy(out + n, unit, strlen(unit));
        n += strlen(unit);
    }
    return (Str){out, n};
}

/* `ahead`: how many bytes of starts are asked for at once. */
static void compare(Pair *pair, Pattern *a, Pattern *b, Str text, uint32_t ahead,
                    const char *source)
{
    sml_pattern_begin(pair->jit);
    sml_pattern_begin(pair->plain);
    for (uint32_t from = 0; from <= text.len;) {
        Span g[PATTERN_GROUPS], h[PATTERN_GROUPS];
        uint32_t last = ahead < UINT32_MAX - from ? from + ahead : UINT32_MAX;
        Found x = sml_pattern_find(pair->jit, a, text, from, last, g);
        Found y = sml_pattern_find(pair->plain, b, text, from, last, h);
        if (x != y || (x == FOUND && memcmp(g, h, sizeof g) != 0))
            fail_msg("/%s/ on \"%.*s\" from %u to %u: %d with JIT, %d without", source,
                     STR_ARG(text), from, last, (int)x, (int)y);
        if (x == FOUND_LIMIT || (x == FOUND_NOTHING && last == UINT32_MAX))
            return;
        from = x == FOUND_NOTHING ? last + 1 : g[0].end > g[0].start ? g[0].end : g[0].end + 1;
    }
}

static void jit_makes_no_difference(void **state)
{
    Pair *pair = *state;
    uint32_t seed = 20261120;
    char *room = test_malloc(2500), out_of_sight[600];
    memset(out_of_sight, 'c', sizeof out_of_sight);
    Str long_text = {out_of_sight, sizeof out_of_sight};
    for (int i = 0; i < 1500; i++) {
        Text source = {.n = 0};
        put_regex(&source, &seed, 3);
        source.p[source.n] = 0;
        Pattern *a = sml_pattern_new(pair->jit, (Str){source.p, source.n}, i % 2, NULL);
        Pattern *b = sml_pattern_new(pair->plain, (Str){source.p, source.n}, i % 2, NULL);
        assert_int_equal(a == NULL, b == NULL);
        if (!a)
            continue;
        for (int warm = 0; warm < EARNED; warm++) { /* until it has earned its JIT code */
            Span g[PATTERN_GROUPS];
            sml_pattern_find(pair->jit, a, STR("cab"), 0, 3, g);
            sml_pattern_find(pair->jit, a, long_text, 0, 3, g);
        }
        for (int k = 0; k < 6; k++) {
            uint32_t ahead = k % 2 ? rnd(&seed, 10) : UINT32_MAX;
            compare(pair, a, b, random_text(room, 2500, &seed), ahead, source.p);
        }
        sml_pattern_free(pair->jit, a);
        sml_pattern_free(pair->plain, b);
    }
    test_free(room);
}

/* So many patterns that the budget for JIT code runs out: nothing else changes. */
static void jit_code_is_bounded(void **state)
{
    Pair *pair = *state;
    enum { MANY = 1000 };
    Pattern **patterns = test_calloc(MANY, sizeof *patterns);
    Span g[PATTERN_GROUPS];
    sml_pattern_begin(pair->jit);
    for (int i = 0; i < MANY; i++) {
        char source[160];
        snprintf(source, sizeof source,
                 "(x%d)(\\w+)\\s+(?:[a-c]+\\d*|\\p{Lu}+\\b\\W*){1,9}(foo|bar)+$", i);
        patterns[i] = compile(pair->jit, source, true);
        for (int k = 0; k < EARNED; k++)
            assert_int_equal(sml_pattern_find(pair->jit, patterns[i], STR("x"), 0, 1, g),
                             FOUND_NOTHING);
    }
    for (int i = 0; i < MANY; i++)
        sml_pattern_free(pair->jit, patterns[i]);
    test_free(patterns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_with_groups, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sees_what_stands_around, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_where_a_pattern_is_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_as_far_as_it_must, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_match_is_optimised_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(starts_are_whole_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_match_begins_too_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_text_meets_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_spent_budget_comes_back_with_the_next_post, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(jit_makes_no_difference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(jit_code_is_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
