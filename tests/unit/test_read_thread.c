/* SPDX-License-Identifier: MIT */
#include "text/document.h"
#include "text/reader.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (UINT64_C(64) << 20)

/* The posts of `text`, each with a bar behind it. */
static void assert_posts(const char *text, const char *thread, const char *want)
{
    Arena *a = sml_arena_new();
    Document d;
    sml_pair meta = {STR("thread"), sml_str_from(thread)};
    sml_input in = {.path = STR("t.txt"),
                    .text = sml_str_from(text),
                    .kind = SML_INPUT_THREAD,
                    .context = {.meta = &meta, .n_meta = thread != NULL}};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    Buf got = {0};
    for (uint32_t i = 0; i < d.posts.n; i++) {
        const Post *p = &d.posts.v[i];
        sml_buf_add(&got, p->words.text);
        sml_buf_addc(&got, '|');
        assert_int_equal(p->label.len > 0, d.posts.n > 1);
        assert_int_equal(p->thread, d.posts.n > 1);
    }
    sml_buf_addc(&got, '\0');
    assert_string_equal(got.p, want);
    sml_buf_free(&got);
    sml_arena_free(a);
}

static void test_text_is_one_post_byte_for_byte(void **state)
{
    (void)state;
    assert_posts("", NULL, "|");
    assert_posts(" a\n\n\nb \n\n", NULL, " a\n\n\nb \n\n|");
    assert_posts("a -- b\n--\n**\n", NULL, "a -- b\n--\n**\n|");
    assert_posts("\xEF\xBB\xBFVote", NULL, "Vote|");
}

static void test_separators(void **state)
{
    (void)state;
    assert_posts("a\n---\nb\r\n===\r\n\r\nc\n\n*****\nd\n", NULL, "a|b|c|d|");
    assert_posts("\n---\na\n---\n\n---\nb\n---", NULL, "a|b|");
    assert_posts("a\n---\n", NULL, "a|");
    assert_posts("\n---\n---\n", NULL, "\n---\n---\n|");
    assert_posts("a\n \xE2\x80\x94\xE2\x80\x94\xE2\x80\x94\n b\n\nc", NULL, "a| b\n\nc|");
}

static void test_numbering(void **state)
{
    (void)state;
    assert_posts("1/2 a\nb\n2/2 c", NULL, "1/2 a\nb|2/2 c|");
    assert_posts("1/ a\n\n2/ c", NULL, "1/ a|2/ c|");
    assert_posts("(1/3) a\n(2/3) b\n(3/3) c", NULL, "(1/3) a|(2/3) b|(3/3) c|");
    assert_posts("Tweet 1: a\nTweet 2: b", NULL, "Tweet 1: a|Tweet 2: b|");
    assert_posts("A title\n1/2 a\n2/2 b", NULL, "A title|1/2 a|2/2 b|");
    assert_posts("1/2 a\n---\n2/2 b", NULL, "1/2 a|2/2 b|");
}

static void test_what_is_no_numbering(void **state)
{
    (void)state;
    assert_posts("1/2 price\nAll week", NULL, "1/2 price\nAll week|");
    assert_posts("1/2 a\n2/3 b", NULL, "1/2 a\n2/3 b|");
    assert_posts("2/2 a\n1/2 b", NULL, "2/2 a\n1/2 b|");
    assert_posts("1/2a\n2/2b", NULL, "1/2a\n2/2b|");
    assert_posts("1. a\n2. b", NULL, "1. a\n2. b|");
}

static void test_blank_lines_part_only_where_asked(void **state)
{
    (void)state;
    assert_posts("a\n\n\nb\n\nc", "blank", "a|b\n\nc|");
    assert_posts("a\n\n\nb\n\nc", "lines", "a\n\n\nb\n\nc|");
}

static void test_positions(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Document d;
    sml_input in = {.text = STR("\xEF\xBB\xBF"
                                "a\n---\n\xFF vote"),
                    .kind = SML_INPUT_THREAD};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    const Norm *words = &d.posts.v[1].words;
    assert_true(sml_str_eq(words->text, STR("\xEF\xBF\xBD vote")));
    assert_int_equal(sml_norm_span(words, 4, 8).start, 11);
    assert_int_equal(sml_norm_span(words, 4, 8).end, 15);
    assert_int_equal(d.bad_at, 9);
    sml_arena_free(a);
}

static void test_a_file_of_separators_costs_little(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Buf text = {0};
    for (int i = 0; i < 30000; i++)
        sml_buf_add(&text, STR("a\n---\n"));
    sml_buf_add(&text, STR("the end"));
    Document d;
    sml_input in = {.text = sml_buf_str(&text), .kind = SML_INPUT_THREAD};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    assert_int_equal(d.posts.n, 10000);
    assert_true(sml_str_ends(VEC_LAST(&d.posts).words.text, STR("the end")));
    sml_buf_free(&text);
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_one_post_byte_for_byte),
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_numbering),
        cmocka_unit_test(test_what_is_no_numbering),
        cmocka_unit_test(test_blank_lines_part_only_where_asked),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_a_file_of_separators_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
