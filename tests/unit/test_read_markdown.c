/* SPDX-License-Identifier: MIT */
#include "text/document.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (UINT64_C(64) << 20)

static void assert_posts(const char *text, const char *want)
{
    Arena *a = sml_arena_new();
    Buf got = {0};
    Document d;
    sml_error err;
    sml_input in = {.text = sml_str_from(text), .kind = SML_INPUT_MARKDOWN};
    if (!sml_document_read(&d, &in, LIMIT, a, &err))
        fail_msg("%s", err.message);
    for (uint32_t i = 0; i < d.posts.n; i++) {
        const Post *p = &d.posts.v[i];
        sml_buf_addf(&got, "%.*s[%.*s%.*s]%.*s|", STR_ARG(p->label), STR_ARG(p->context.channel),
                     STR_ARG(p->context.kind), STR_ARG(p->words.text));
    }
    sml_buf_addc(&got, '\0');
    assert_string_equal(got.p, want);
    sml_buf_free(&got);
    sml_arena_free(a);
}

static void test_prose(void **state)
{
    (void)state;
    assert_posts("", "[]|");
    assert_posts("Vote **now**, *please*\\!\nNext\n\nPara", "[]Vote now, please!\nNext\n\nPara|");
    assert_posts("> a\n> b\n\n- one\n- two\n  three\n\n1. four",
                 "[]a\nb\n\none\ntwo\nthree\n\nfour|");
    assert_posts("Tom &amp; Ann&#39;s &#x1F600;&nope;", "[]Tom & Ann's \xF0\x9F\x98\x80&nope;|");
    assert_posts("#VoteLabour\r\nnext", "[]#VoteLabour\nnext|");
    assert_posts("    indented", "[]indented|");
    assert_posts("| a | b |\n|---|---|\n| c | d |", "[]| a | b |\n|---|---|\n| c | d ||");
    assert_posts("under\n---\nmore", "[]under\n\nmore|");
}

static void test_what_is_no_prose(void **state)
{
    (void)state;
    assert_posts("a `code` b\n\n```\ncode\n```\nc", "[]a  b\n\nc|");
    assert_posts("a <b>bold</b> <!-- x --> c", "[]a bold  c|");
    assert_posts("Vote Lab<b>our</b><br>now", "[]Vote Labour\nnow|");
    assert_posts("<div>\ninside\n</div>", "[]inside|");
    Arena *a = sml_arena_new();
    Document d;
    sml_input in = {.text = STR("a `b` c\n\n```\nd\n```\n"), .kind = SML_INPUT_MARKDOWN};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    assert_int_equal(d.posts.v[0].code, 2);
    sml_arena_free(a);
}

static void test_links(void **state)
{
    (void)state;
    assert_posts("see [the *data*](https://a.example/x_y \"T\").",
                 "[]see the data https://a.example/x_y.|");
    assert_posts("<https://a.example> and https://b.example",
                 "[]https://a.example and https://b.example|");
    assert_posts("[a](https://a.example)b", "[]a https://a.example b|");
    assert_posts("[up](#top) b", "[]up b|");
    assert_posts("[one][r] two\n\n[r]: https://r.example \"T\"\n\nthree",
                 "[]one https://r.example two\n\nthree|");
}

static void test_images(void **state)
{
    (void)state;
    assert_posts("a ![A *bridge*](b.png) c\n\n![](d.png)", "[]a  c|alt text 1[alt]A bridge|");
    Arena *a = sml_arena_new();
    Document d;
    sml_input in = {.text = STR("![x](b.png) ![](d.png)"), .kind = SML_INPUT_MARKDOWN};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    const sml_context *c = &d.posts.v[0].context;
    assert_int_equal(c->n_meta, 3);
    assert_string_equal(c->meta[0].key.p, "images[0].file");
    assert_string_equal(c->meta[0].value.p, "b.png");
    assert_string_equal(c->meta[1].key.p, "images[0].alt");
    assert_string_equal(c->meta[2].key.p, "images[1].file");
    sml_arena_free(a);
}

static void test_sections(void **state)
{
    (void)state;
    assert_posts("# Bins\n\n### X\n\none\n\n### LinkedIn copy\ntwo\n\n### Notes\nthree\n",
                 "[]Bins|X[x]one|LinkedIn copy[linkedin]two|after LinkedIn copy[]Notes\n\nthree|");
    assert_posts("## X\none\n### Why\ntwo\n# Week 2\nthree\n### LinkedIn\nfour",
                 "X[x]one\n\nWhy\n\ntwo|after X[]Week 2\n\nthree|LinkedIn[linkedin]four|");
    assert_posts("--- Mastodon ---\n\na\n\n--- Bluesky ---\n\nb", "--- Mastodon ---[mastodon]a|"
                                                                  "--- Bluesky ---[bluesky]b|");
    assert_posts("## X\none\n\n---\n\ntwo\n\n***\n", "X, 1/2[x]one|X, 2/2[x]two|");
    assert_posts(
        "### X (Twitter)\none\n### Instagram & Threads\ntwo\n### LinkedIn \xE2\x80\x93 DfE\nthree",
        "X (Twitter)[x]one|Instagram & Threads[instagram,threads]two|"
        "LinkedIn \xE2\x80\x93 DfE[linkedin]three|");
    assert_posts("### X-ray\none\n### Threads of history\ntwo",
                 "[]X-ray\n\none\n\nThreads of history\n\ntwo|");
    assert_posts("one\n\n---\n\ntwo ![alt](i.png)", "1/2[]one|2/2[]two |alt text 1[alt]alt|");
}

static void test_front_matter(void **state)
{
    (void)state;
    assert_posts("---\naccount: official\n---\nhello *you*", "[]hello you|");
}

/* Whatever the source: words are UTF-8 of the source, in its order, but for what stands for more. */
static void check_map(const Document *d, const Post *p)
{
    Str text = p->words.text;
    uint32_t last = 0;
    for (uint32_t i = 0; i < text.len; i++) {
        Span at = sml_norm_span(&p->words, i, i + 1);
        assert_true(at.start >= last && at.start < at.end && at.end <= d->bytes.len);
        if (at.end - at.start == 1 && text.p[i] != d->bytes.p[at.start])
            assert_true(text.p[i] == '\n' || text.p[i] == ' ' || d->bytes.p[at.start] == ']' ||
                        (text.p[i] & 0x80));
        last = at.start;
    }
}

static void test_every_byte_has_its_place(void **state)
{
    (void)state;
    static const char *const bits[] = {"word ", "**",       "*",
                                       "_",     "[",        "](https://x.example)",
                                       "![",    "](b.png)", "\n",
                                       "\n\n",  "# X\n",    "- ",
                                       "> ",    "`",        "```\n",
                                       "<b>",   "\\",       "&amp;",
                                       "\r\n",  "---\n",    "\xC5\xB5",
                                       "\xFF",  "[r]",      "1. ",
                                       "    ",  "***\n",    "\n[r]: https://r.example\n"};
    srand(3);
    for (int round = 0; round < 20000; round++) {
        Buf b = {0};
        for (int n = rand() % 20; n > 0; n--)
            sml_buf_add(&b, sml_str_from(bits[(size_t)rand() % (sizeof bits / sizeof bits[0])]));
        Arena *a = sml_arena_new();
        Document d;
        sml_input in = {.text = sml_buf_str(&b), .kind = SML_INPUT_MARKDOWN};
        if (sml_document_read(&d, &in, LIMIT, a, NULL))
            for (uint32_t i = 0; i < d.posts.n; i++)
                check_map(&d, &d.posts.v[i]);
        sml_arena_free(a);
        sml_buf_free(&b);
    }
}

static void test_a_long_text_is_read_as_plain(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Document d;
    Buf b = {0};
    while (b.len <= (size_t)1 << 20)
        sml_buf_add(&b, STR("*many* words "));
    sml_input in = {.text = sml_buf_str(&b), .kind = SML_INPUT_MARKDOWN};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    assert_int_equal(d.posts.v[0].words.text.len, b.len);
    assert_int_equal(d.posts.v[0].n_remarks, 1);
    sml_buf_free(&b);
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prose),
        cmocka_unit_test(test_what_is_no_prose),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_front_matter),
        cmocka_unit_test(test_every_byte_has_its_place),
        cmocka_unit_test(test_a_long_text_is_read_as_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
