/* SPDX-License-Identifier: MIT */
#include "document_fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (UINT64_C(64) << 20)

static bool read(Fixture *f, Str text, uint64_t limit)
{
    sml_input in = {.path = STR("d.txt"), .text = text};
    return sml_document_read(&f->d, &in, limit, f->arena, &f->err);
}

static void assert_place(Fixture *f, uint32_t at, uint32_t line, uint32_t col)
{
    uint32_t got_line, got_col;
    sml_document_place(&f->d, at, &got_line, &got_col);
    assert_int_equal(got_line, line);
    assert_int_equal(got_col, col);
}

static void assert_line(Fixture *f, uint32_t at, uint32_t start, uint32_t end)
{
    Span line = sml_document_line(&f->d, at);
    assert_int_equal(line.start, start);
    assert_int_equal(line.end, end);
}

static const Norm *words(const Fixture *f)
{
    assert_int_equal(f->d.posts.n, 1);
    return &f->d.posts.v[0].words;
}

/* ---- places ---------------------------------------------------------------------------------- */

static void test_every_kind_of_line_end(void **state)
{
    Fixture *f = *state;
    /* 0a 1\n 2b 3\r 4\n 5\r 6c */
    assert_true(read(f, STR("a\nb\r\n\rc"), LIMIT));
    assert_place(f, 0, 1, 1);
    assert_place(f, 1, 1, 2);
    assert_place(f, 2, 2, 1);
    assert_place(f, 4, 2, 3);
    assert_place(f, 5, 3, 1);
    assert_place(f, 6, 4, 1);
    assert_place(f, 7, 4, 2);
    assert_line(f, 1, 0, 1);
    assert_line(f, 4, 2, 3);
    assert_line(f, 5, 5, 5);
    assert_line(f, 7, 6, 7);
}

static void test_the_last_line_may_be_empty(void **state)
{
    Fixture *f = *state;
    assert_true(read(f, STR("a\n"), LIMIT));
    assert_place(f, 2, 2, 1);
    assert_line(f, 2, 2, 2);
    assert_true(read(f, (Str){0}, LIMIT));
    assert_place(f, 0, 1, 1);
    assert_line(f, 0, 0, 0);
}

static void test_columns_are_code_points(void **state)
{
    Fixture *f = *state;
    /* ŵ, a firefighter of 4 code points and 15 bytes, a bad byte, x */
    assert_true(read(f,
                     STR("\xC5\xB5\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x92\xFF"
                         "x\n\ty"),
                     LIMIT));
    assert_place(f, 2, 1, 2);
    assert_place(f, 1, 1, 1);
    assert_place(f, 17, 1, 6);
    assert_place(f, 18, 1, 7);
    assert_place(f, 21, 2, 2);
    assert_int_equal(f->d.bad_at, 17);
}

static void test_other_separators_end_no_line(void **state)
{
    Fixture *f = *state;
    assert_true(read(f, STR("a\xE2\x80\xA8\xC2\x85\v\fb"), LIMIT));
    assert_place(f, 8, 1, 6);
}

static void test_lines_may_begin_elsewhere(void **state)
{
    Fixture *f = *state;
    sml_input in = {.text = STR("a\nb"), .first_line = 40};
    assert_true(sml_document_read(&f->d, &in, LIMIT, f->arena, &f->err));
    assert_place(f, 2, 41, 1);
}

/* Marks stand every thousand bytes; characters lie across them. */
static void test_long_lines_agree_with_counting(void **state)
{
    Fixture *f = *state;
    Buf text = {0};
    static const char *const letters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                          "\xFF"};
    for (uint32_t i = 0; i < 4000; i++)
        sml_buf_add(&text, i % 997 == 996 ? STR("\r\n") : sml_str_from(letters[i * i % 5]));
    assert_true(read(f, sml_buf_str(&text), LIMIT));
    uint32_t line = 1, col = 1, at = 0;
    for (uint32_t i = 0; i < 4000; i++) {
        assert_place(f, at, line, col);
        bool newline = i % 997 == 996;
        at += (uint32_t)(newline ? 2 : strlen(letters[i * i % 5]));
        line += newline;
        col = newline ? 1 : col + 1;
    }
    assert_place(f, at, line, col);
    sml_buf_free(&text);
}

/* ---- plain text ------------------------------------------------------------------------------ */

static void test_plain_text_is_borrowed(void **state)
{
    Fixture *f = *state;
    Str text = STR("Vote \xC5\xB5");
    assert_true(read(f, text, LIMIT));
    assert_ptr_equal(words(f)->text.p, text.p);
    assert_int_equal(words(f)->n_pieces, 0);
    assert_int_equal(f->d.bad_at, UINT32_MAX);
    assert_int_equal(f->d.posts.v[0].id.len, 0);
}

static void test_byte_order_mark_is_no_part_of_the_post(void **state)
{
    Fixture *f = *state;
    assert_true(read(f, STR("\xEF\xBB\xBFVote"), LIMIT));
    assert_true(sml_str_eq(words(f)->text, STR("Vote")));
    Span span = sml_norm_span(words(f), 0, 4);
    assert_int_equal(span.start, 3);
    assert_int_equal(span.end, 7);
    assert_place(f, 3, 1, 1);
    assert_line(f, 3, 3, 7);
}

static void test_bad_bytes_are_replaced_and_mapped(void **state)
{
    Fixture *f = *state;
    assert_true(read(f, STR("a\xFF\xC3z"), LIMIT));
    assert_true(sml_str_eq(words(f)->text, STR("a\xEF\xBF\xBD\xEF\xBF\xBDz")));
    assert_int_equal(f->d.bad_at, 1);
    Span z = sml_norm_span(words(f), 7, 8), bad = sml_norm_span(words(f), 4, 7);
    assert_int_equal(z.start, 3);
    assert_int_equal(z.end, 4);
    assert_int_equal(bad.start, 2);
    assert_int_equal(bad.end, 3);
}

static void assert_read(Fixture *f, Str text, const char *want, uint32_t at, uint32_t raw)
{
    assert_true(read(f, text, LIMIT));
    assert_true(sml_str_eq(words(f)->text, sml_str_from(want)));
    assert_int_equal(sml_document_raw(&f->d, at), raw);
}

static void test_utf16_is_decoded_and_mapped(void **state)
{
    Fixture *f = *state;
    assert_read(f, STR("\xFF\xFEh\0i\0"), "hi", 1, 4);
    assert_read(f, STR("\xFE\xFF\0h\0i"), "hi", 2, 6);
    assert_read(f, STR("h\0e\0l\0l\0o\0"), "hello", 5, 10);
    assert_read(f, STR("\0h\0e\0l\0l\0o"), "hello", 0, 0);
    /* an emoji takes two units, half of one is no character */
    assert_read(f, STR("\xFF\xFE\x3D\xD8\x47\xDCx\0"), "\xF0\x9F\x91\x87x", 4, 6);
    assert_int_equal(f->d.bad_at, UINT32_MAX);
    assert_read(f, STR("\xFF\xFEx\0\x47\xDCy\0\x3D\xD8"), "x\xEF\xBF\xBDy\xEF\xBF\xBD", 4, 6);
    assert_int_equal(f->d.bad_at, 1);
    /* a file cut short in mid unit ends where it ends */
    assert_read(f, STR("\xFF\xFEx\0y"), "x\xEF\xBF\xBD", 4, 5);
}

static void assert_refused(Fixture *f, Str text, uint32_t line, uint32_t col, const char *message)
{
    assert_false(read(f, text, 20));
    assert_int_equal(f->d.posts.n, 0);
    assert_int_equal(f->err.line, line);
    assert_int_equal(f->err.col, col);
    assert_string_equal(f->err.path, "d.txt");
    assert_string_equal(f->err.message, message);
}

static void test_refusals(void **state)
{
    Fixture *f = *state;
    assert_refused(f, STR("\xFF\xFE\0\0h\0\0\0"), 1, 1, "this is UTF-32; save it as UTF-8");
    assert_refused(f, STR("\0\0\xFE\xFF\0\0\0h"), 1, 1, "this is UTF-32; save it as UTF-8");
    assert_refused(f, STR("ab\ncdefgh\0i"), 2, 7,
                   "a NUL byte, so this is binary; a draft is text in UTF-8");
    assert_refused(f, STR("123456789012345678901"), 0, 0, "21 bytes, more than the limit of 20");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_kind_of_line_end),
        TEST(test_the_last_line_may_be_empty),
        TEST(test_columns_are_code_points),
        TEST(test_other_separators_end_no_line),
        TEST(test_lines_may_begin_elsewhere),
        TEST(test_long_lines_agree_with_counting),
        TEST(test_plain_text_is_borrowed),
        TEST(test_byte_order_mark_is_no_part_of_the_post),
        TEST(test_bad_bytes_are_replaced_and_mapped),
        TEST(test_utf16_is_decoded_and_mapped),
        TEST(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
