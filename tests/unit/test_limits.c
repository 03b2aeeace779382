/* SPDX-License-Identifier: MIT */
/* What an image cannot hold is refused where it is compiled, in words that its author understands; what is less compiles at
 * once. */
#include "rulebook/literal.h"
#include "rulebook_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The problem of a rulebook that has `head` and a rule of these phrases; empty where it compiles. */
static Str problem_of(const Buf *head, Str phrases, Arena *a)
{
    Buf text = {0}, bytes = {0};
    Rules rules;
    Image image;
    Diagnostics d = {.hear = NULL};
    sml_buf_add(&text, STR(RULEBOOK_HEAD));
    sml_buf_add(&text, sml_buf_str(head));
    sml_buf_addf(&text,
                 "rules:\n- id: a/b\n  title: T\n  grade: notice\n  message: {en: M.}\n"
                 "  phrases: ['%.*s']\n  examples: {hits: ['[[x]]'], clean: [y]}\n" RULE_TAIL "%c",
                 STR_ARG(phrases), '\0');
    bool ok = sml_load_with(&rules, "test.yaml", read_text, text.p, &d, a) &&
              sml_compile(&bytes, &rules, &d, a);
    if (ok)
        ok = sml_image_open(&image, sml_buf_str(&bytes), STR("test.yaml"), &d.first);
    sml_buf_free(&text);
    sml_buf_free(&bytes);
    return ok ? (Str){0} : sml_arena_copy(a, sml_str_from(d.first.message));
}

static void expect(const Buf *head, Str phrases, const char *problem)
{
    Arena *a = sml_arena_new();
    Str said = problem_of(head, phrases, a);
    if (problem ? sml_str_find(said, sml_str_from(problem), 0) == SIZE_MAX : said.len > 0)
        fail_msg("\"%.*s\" is said", STR_ARG(said));
    sml_arena_free(a);
}

static void expect_words(uint32_t n, const char *format, const char *problem)
{
    Buf text = {0};
    for (uint32_t i = 0; i < n; i++)
        sml_buf_addf(&text, format, i % 100);
    sml_buf_add(&text, STR("end"));
    expect(&(Buf){0}, sml_buf_str(&text), problem);
    sml_buf_free(&text);
}

static void test_long_phrase(void **state)
{
    (void)state;
    expect_words(254, "word%u ", NULL);
    expect_words(260, "word%u ", "too long");
    expect_words(100000, "a%u ", "too long");
    expect_words(80, "{a%u|} ", NULL);
    expect_words(110, "{a%u|} ", "too long");
}

static void test_many_alternatives(void **state)
{
    (void)state;
    Buf text = {0};
    for (uint32_t i = 0; i < 5000; i++)
        sml_buf_addf(&text, "%sw%u", i ? "|" : "{", i);
    sml_buf_add(&text, STR("} end"));
    expect(&(Buf){0}, sml_buf_str(&text), "too many alternatives");
    sml_buf_free(&text);
}

/* Lists l0 to l`depth`-1, each of `items` items that hold the next, or need words with the next in them. */
static Buf nested(uint32_t depth, uint32_t items, bool needs)
{
    Buf out = {0};
    sml_buf_add(&out, STR("lists:\n"));
    for (uint32_t i = 0; i < depth; i++) {
        sml_buf_addf(&out, "  l%u:\n    items:\n", i);
        for (uint32_t k = 0; k < items && i + 1 < depth; k++)
            sml_buf_addf(&out,
                         needs ? "    - {is: x%u, needs: ['{@l%u}']}\n" : "    - 'x%u {@l%u}'\n", k,
                         i + 1);
        if (i + 1 == depth)
            sml_buf_add(&out, STR("    - word\n"));
    }
    return out;
}

static void expect_nested(uint32_t depth, uint32_t items, bool needs, const char *problem)
{
    Buf head = nested(depth, items, needs);
    expect(&head, STR("vote {@l0}"), problem);
    sml_buf_free(&head);
}

static void test_nested_lists(void **state)
{
    (void)state;
    expect_nested(15, 1, false, NULL);
    expect_nested(16, 1, false, "lists are nested deeper than 15 here");
    expect_nested(8, 1, true, NULL);
    expect_nested(9, 1, true, "lists are nested deeper than 15 here");
}

/* Twelve lists that each name the next a hundred times: nobody lives to walk all the ways. */
static void test_fan_of_lists(void **state)
{
    (void)state;
    expect_nested(12, 100, false, NULL);
}

static void too_much(size_t wanted)
{
    fail_msg("%zu more bytes are wanted", wanted);
}

/* Blocks of an arena are of 8 MiB in the end: thirty of them are room for nine thousand branches, but not for nine thousand
 * times as many. */
static void test_regex_of_many_branches(void **state)
{
    (void)state;
    Buf regex = {0};
    LiteralSet set;
    sml_error err;
    Arena *a = sml_arena_new();
    for (uint32_t i = 0; i < 9000; i++)
        sml_buf_addf(&regex, "%sq%04u", i ? "|" : "", i);
    sml_mem_hook(too_much);
    sml_mem_fail_after(30);
    assert_true(sml_literal_derive(&set, sml_buf_str(&regex), true, a, &err));
    sml_mem_fail_after(0);
    sml_mem_hook(NULL);
    assert_int_equal(set.n, 9000);
    sml_buf_free(&regex);
    sml_arena_free(a);
}

/* As `expect`, in so many allocations: a new block is one, and so is a piece of 8 KiB. */
static void expect_within(uint64_t allocations, const Buf *head, Str phrases, const char *problem)
{
    sml_mem_hook(too_much);
    sml_mem_fail_after(allocations);
    expect(head, phrases, problem);
    sml_mem_fail_after(0);
    sml_mem_hook(NULL);
}

/* What a list's items can stand against is found once for each list: the ways through these are 216,000. */
static void test_letters_against_a_fan_of_lists(void **state)
{
    (void)state;
    Buf head = nested(4, 60, false);
    expect_within(400, &head, STR("{@l0}s"), NULL);
    sml_buf_free(&head);
}

static void test_long_brace(void **state)
{
    (void)state;
    Buf text = {0};
    sml_buf_add(&text, STR("a{"));
    for (uint32_t i = 0; i < 20000; i++)
        sml_buf_add(&text, STR(" b"));
    sml_buf_add(&text, STR(" }e"));
    expect_within(25000, &(Buf){0}, sml_buf_str(&text), "too long"); /* a word takes one */
    sml_buf_clear(&text);
    for (uint32_t i = 0; i < 20000; i++)
        sml_buf_add(&text, STR("{a}"));
    expect_within(3000, &(Buf){0}, sml_buf_str(&text), "too much text is spelled out");
    sml_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_phrase),
        cmocka_unit_test(test_many_alternatives),
        cmocka_unit_test(test_nested_lists),
        cmocka_unit_test(test_fan_of_lists),
        cmocka_unit_test(test_regex_of_many_branches),
        cmocka_unit_test(test_letters_against_a_fan_of_lists),
        cmocka_unit_test(test_long_brace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
