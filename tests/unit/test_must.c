/* SPDX-License-Identifier: MIT */
#include "match/must.h"

#include "image_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct Bench {
    Built b;
    ImageMustText texts[8];
    ImageRange sets[2];
    ImageMust must;
    Image image;
} Bench;

/* Two sets: the first `n` of `words`, and the others. */
static void set_up(Bench *bench, const char *const *words, uint32_t n, uint32_t n_all)
{
    *bench = (Bench){.b = {.arena = sml_arena_new()}};
    for (uint32_t i = 0; i < n_all; i++) {
        bench->texts[i].text = built_str(&bench->b, sml_str_from(words[i]));
        sml_must_pairs(&bench->texts[i], sml_str_from(words[i]));
    }
    bench->sets[0] = (ImageRange){0, n};
    bench->sets[1] = (ImageRange){n, n_all - n};
    bench->must = (ImageMust){.sets = {0, 2}};
    bench->b.section[SECTION_MUST_TEXTS] = (BuiltSection){bench->texts, n_all};
    bench->b.section[SECTION_MUST_SETS] = (BuiltSection){bench->sets, 2};
    bench->image = sml_image_trust(built_image(&bench->b));
}

static bool holds(Bench *bench, const char *text)
{
    MustText t = {0};
    return sml_must_holds(&t, sml_str_from(text), &bench->image, &bench->must, bench->b.arena);
}

static void test_one_of_each_set(void **state)
{
    (void)state;
    static const char *const words[] = {"streeting", "burnham", "out"};
    Bench bench;
    set_up(&bench, words, 2, 3);
    assert_true(holds(&bench, "burnham out"));
    assert_true(holds(&bench, "out with streeting"));
    assert_true(holds(&bench, "out burn ham burnham nham bur"));
    assert_false(holds(&bench, "out burn ham nham bur"));
    assert_false(holds(&bench, "burnham in"));
    assert_false(holds(&bench, "out in the street"));
    assert_false(holds(&bench, "out, stree, ting"));
    assert_false(holds(&bench, ""));
    sml_arena_free(bench.b.arena);
}

static void test_separators_and_single_signs(void **state)
{
    (void)state;
    static const char *const words[] = {"a b", ">", "?"};
    Bench bench;
    set_up(&bench, words, 1, 3);
    assert_true(holds(&bench, "a b>"));
    assert_true(holds(&bench, "a\nb ?"));
    assert_true(holds(&bench, "#a_b>"));
    assert_false(holds(&bench, "ab>"));
    assert_false(holds(&bench, "a b!"));
    sml_arena_free(bench.b.arena);
}

static void test_long_texts_are_not_looked_through(void **state)
{
    (void)state;
    static const char *const words[] = {"burnham", "out"};
    static char text[MUST_MAX_BYTES + 2];
    Bench bench;
    set_up(&bench, words, 1, 2);
    memset(text, 'x', MUST_MAX_BYTES);
    assert_false(holds(&bench, text));
    text[MUST_MAX_BYTES] = 'x';
    assert_true(holds(&bench, text));
    sml_arena_free(bench.b.arena);
}

/* Whatever is there is never said to be missing. */
static void test_finds_what_is_there(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 2000; round++) {
        char text[80], word[20];
        for (size_t i = 0; i + 1 < sizeof text; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[i] = (char)(1 + (seed >> 33) % 255);
        }
        text[sizeof text - 1] = '\0';
        size_t len = 1 + (size_t)round % (sizeof word - 1), from = (size_t)round % 50;
        for (size_t i = 0; i < len; i++)
            word[i] = sml_must_plain(text[from + i]);
        word[len] = '\0';
        const char *const words[] = {word, word};
        Bench bench;
        set_up(&bench, words, 1, 2);
        assert_true(holds(&bench, text));
        sml_arena_free(bench.b.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_of_each_set),
        cmocka_unit_test(test_separators_and_single_signs),
        cmocka_unit_test(test_long_texts_are_not_looked_through),
        cmocka_unit_test(test_finds_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
