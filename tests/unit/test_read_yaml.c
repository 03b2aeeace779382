/* SPDX-License-Identifier: MIT */
/* Lists of posts in YAML, in every style of text: the words are YAML's, and each stands where the map says. */
#include "text/document.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define PIECES 12

static uint32_t roll(uint32_t *seed, uint32_t n)
{
    *seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
    return (*seed >> 16) % n;
}

/* Words and line breaks that begin and end with a word, as all styles can carry them. */
static void add_value(Buf *out, uint32_t *seed)
{
    static const char *const words[] = {"alpha", "caf\xC3\xA9", "it's", "#tag!",
                                        "\xF0\x9F\x98\x80x"};
    static const char *const breaks[] = {" ", "\n", "\n\n", " ", "\n"};
    sml_buf_add(out, STR("word"));
    for (uint32_t i = roll(seed, PIECES); i > 0; i--) {
        sml_buf_add(out, sml_str_from(breaks[roll(seed, 5)]));
        sml_buf_add(out, sml_str_from(words[roll(seed, 5)]));
    }
}

/* `s` with each line break written as `line`, and `mark` as `marked`. */
static void add_as(Buf *out, Str s, const char *line, char mark, const char *marked)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == '\n')
            sml_buf_add(out, sml_str_from(line));
        else if (mark && s.p[i] == mark)
            sml_buf_add(out, sml_str_from(marked));
        else
            sml_buf_addc(out, s.p[i]);
}

static void add_literal(Buf *out, Str s)
{
    sml_buf_add(out, STR("|-\n    "));
    add_as(out, s, "\n    ", 0, "");
}

/* A line break is one more in folded text. */
static void add_folded(Buf *out, Str s)
{
    sml_buf_add(out, STR(">-\n    "));
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] != '\n') {
            sml_buf_addc(out, s.p[i]);
            continue;
        }
        bool first = i == 0 || s.p[i - 1] != '\n';
        bool last = i + 1 == s.len || s.p[i + 1] != '\n';
        sml_buf_add(out, first ? STR("\n\n") : STR("\n"));
        if (last)
            sml_buf_add(out, STR("    "));
    }
}

static void add_single(Buf *out, Str s)
{
    sml_buf_addc(out, '\'');
    Buf folded = {0};
    add_folded(&folded, s);
    add_as(out, sml_str_slice(sml_buf_str(&folded), 7, folded.len), "\r\n", '\'', "''");
    sml_buf_addc(out, '\'');
    sml_buf_free(&folded);
}

static void add_double(Buf *out, Str s)
{
    sml_buf_addc(out, '"');
    add_as(out, s, "\\n\\\n      ", '!', "\\u0021");
    sml_buf_addc(out, '"');
}

static void (*const styles[])(Buf *out, Str s) = {add_literal, add_folded, add_single, add_double};

static void assert_stands(const Document *d, const Norm *words)
{
    for (uint32_t i = 0; i < words->text.len; i++) {
        char c = words->text.p[i];
        Span at = sml_norm_span(words, i, i + 1);
        assert_true(at.start < at.end && at.end <= d->bytes.len);
        char there = d->bytes.p[at.start];
        if (c != ' ' && c != '\n' && there != '\\')
            assert_int_equal(there, c);
        if (there == '\\')
            assert_true(c == '!' || c == '\n');
    }
}

static void check(uint32_t *seed, size_t style)
{
    Arena *a = sml_arena_new();
    Buf value = {0}, yaml = {0};
    Document d;
    sml_error err;
    add_value(&value, seed);
    sml_buf_add(&yaml, STR("- text: "));
    styles[style](&yaml, sml_buf_str(&value));
    sml_buf_add(&yaml, STR("\n  channel: x\n"));
    sml_input in = {.path = STR("p.yaml"), .text = sml_buf_str(&yaml), .kind = SML_INPUT_YAML};
    if (!sml_document_read(&d, &in, 1 << 20, a, &err))
        fail_msg("%s in\n%.*s", err.message, STR_ARG(sml_buf_str(&yaml)));
    assert_int_equal(d.posts.n, 1);
    const Norm *words = &d.posts.v[0].words;
    if (!sml_str_eq(words->text, sml_buf_str(&value)))
        fail_msg("\"%.*s\" in\n%.*s", STR_ARG(words->text), STR_ARG(sml_buf_str(&yaml)));
    assert_stands(&d, words);
    sml_buf_free(&value);
    sml_buf_free(&yaml);
    sml_arena_free(a);
}

static void test_every_style_stands_where_it_is(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (uint32_t round = 0; round < 500; round++)
        for (size_t style = 0; style < sizeof styles / sizeof styles[0]; style++)
            check(&seed, style);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_style_stands_where_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
