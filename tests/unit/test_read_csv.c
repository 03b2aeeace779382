/* SPDX-License-Identifier: MIT */
#include "text/document.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (UINT64_C(64) << 20)

/* The posts of `d`, one a line: label, channel, date, words. */
static void list_posts(Buf *out, const Document *d)
{
    for (uint32_t i = 0; i < d->posts.n; i++) {
        const Post *p = &d->posts.v[i];
        sml_buf_addf(out, "%.*s [%.*s %.*s] %.*s\n", STR_ARG(p->label), STR_ARG(p->context.channel),
                     STR_ARG(p->context.date), STR_ARG(p->words.text));
    }
}

static void assert_posts(Str text, const char *want)
{
    Arena *a = sml_arena_new();
    Buf got = {0};
    Document d;
    sml_error err;
    sml_input in = {.text = text, .kind = SML_INPUT_CSV, .context = {.date = STR("2026-11-20")}};
    if (!sml_document_read(&d, &in, LIMIT, a, &err))
        fail_msg("%u:%u: %s", err.line, err.col, err.message);
    list_posts(&got, &d);
    sml_buf_addc(&got, '\0');
    assert_string_equal(got.p, want);
    sml_buf_free(&got);
    sml_arena_free(a);
}

static void test_columns(void **state)
{
    (void)state;
    assert_posts(STR("Date;Time;Platform;Post copy;Notes\n23/11/2026;9.30am;X;Vote;no\n\n;;;;\n"),
                 "row 2, Post copy [x 2026-11-23T09:30] Vote\n");
    assert_posts(STR("X copy,LinkedIn caption,X chars,LinkedIn link\nA,B,1,C\n,D,,\n"),
                 "row 2, X copy [x ] A\n"
                 "row 2, LinkedIn caption [linkedin ] B\n"
                 "row 3, LinkedIn caption [linkedin ] D\n");
    assert_posts(STR("scheduled_at,message_text\n2026-11-23T09:30:00Z,A"),
                 "row 2, message_text [ 2026-11-23T09:30:00Z] A\n");
    assert_posts(STR("Post (Instagram),Caption - FB\nA,B"),
                 "row 2, Post (Instagram) [instagram ] A\nrow 2, Caption - FB [facebook ] B\n");
    assert_posts(STR("text,year,month,day,hour,minute\nA,2026,11,3,9,30"),
                 "row 2, text [ 2026-11-03T09:30] A\n");
    assert_posts(STR("Dyddiad,Testun,Llwyfan\n23 Tach 2026,A,fb"),
                 "row 2, Testun [facebook 2026-11-23] A\n");
}

static void test_networks(void **state)
{
    (void)state;
    assert_posts(STR("post,platforms\nA,\"twitter, facebook\"\nB,X/Twitter\nC,all\nD,Intranet\n"),
                 "row 2, post [x,facebook ] A\nrow 3, post [x ] B\nrow 4, post [ ] C\n"
                 "row 5, post [Intranet ] D\n");
    assert_posts(STR("text,X,LinkedIn\nA,TRUE,FALSE\nB,yes,yes\nC,,but this is text\n"),
                 "row 2, text [x ] A\nrow 3, text [x,linkedin ] B\nrow 4, text [ ] C\n"
                 "row 4, LinkedIn [linkedin ] but this is text\n");
    assert_posts(
        STR("Date,LinkedIn,Bluesky\n23/11/2026,A,B\n"),
        "row 2, LinkedIn [linkedin 2026-11-23] A\nrow 2, Bluesky [bluesky 2026-11-23] B\n");
}

static void test_headers(void **state)
{
    (void)state;
    assert_posts(STR("\xEF\xBB\xBFsep=;\r\nPost;Link\r\nA, b;c\r\n"), "row 2, Post [ ] A, b\n");
    assert_posts(STR("Comms calendar,\n,\nDate,Post\n,A\n"), "row 4, Post [ ] A\n");
    assert_posts(STR("23/11/2026 09:30,\"A, b\",https://x.example\n"),
                 "row 1, message [ 2026-11-23T09:30] A, b\n");
    assert_posts(STR("Date,Post\n"), "");
    assert_posts(STR(""), "");
}

static void test_cells(void **state)
{
    (void)state;
    assert_posts(STR("Post\n\"Say \"\"hi\"\"\nthere\"\n"), "row 2, Post [ ] Say \"hi\"\nthere\n");
    assert_posts(STR("Post\n\"A\n---\nB\"\n"), "row 2, Post, 1/2 [ ] A\nrow 2, Post, 2/2 [ ] B\n");
    assert_posts(STR("Post,Alt text,Image\nA,A bridge,b.png\n"),
                 "row 2, Post [ ] A\nrow 2, Alt text [ ] A bridge\n");
}

static void test_windows_1252(void **state)
{
    (void)state;
    assert_posts(STR("Post\nWe\x92re \xA3"
                     "5 \x96 now\n"),
                 "row 2, Post [ ] We\xE2\x80\x99re \xC2\xA3"
                 "5 \xE2\x80\x93 now\n");
    /* one bad byte among good ones is no other encoding */
    assert_posts(STR("Post\nW\xC5\xB5 \xC5\xB5 \xFF\n"),
                 "row 2, Post [ ] W\xC5\xB5 \xC5\xB5 \xEF\xBF\xBD\n");
}

static void test_one_column(void **state)
{
    (void)state;
    assert_posts(STR("Tweet\r\nHello, all; come in\r\n\"Now, \"\"or\"\"\r\nlater\"\r\n"),
                 "row 2, Tweet [ ] Hello, all; come in\nrow 3, Tweet [ ] Now, \"or\"\r\nlater\n");
    assert_posts(STR("\"Post\"\na;b\n"), "row 2, Post [ ] a;b\n");
    assert_posts(STR("sep=,\nPost\na,b\n"), "row 2, Post [ ] a,b\n");
    assert_posts(STR("sep=\nDate,Post\n2026-11-20,A b\n"), "row 3, Post [ 2026-11-20] A b\n");
    assert_posts(STR("Posts\nDate,Channel,Text\n23/11/2026,X,A\n"),
                 "row 3, Text [x 2026-11-23] A\n");
}

static void assert_refused(Str text, uint32_t posts, uint32_t line, uint32_t col,
                           const char *message)
{
    Arena *a = sml_arena_new();
    Document d;
    sml_error err;
    sml_input in = {.text = text, .kind = SML_INPUT_CSV};
    assert_false(sml_document_read(&d, &in, LIMIT, a, &err));
    assert_int_equal(d.posts.n, posts);
    assert_int_equal(err.line, line);
    assert_int_equal(err.col, col);
    assert_string_equal(err.message, message);
    sml_arena_free(a);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused(STR("Post,Link\nA,\nB,\"never\nC\n"), 1, 3, 3,
                   "row 3: the quote that opens here is never closed, so nothing from here on was "
                   "read; close it");
    assert_refused(
        STR("\nDate,Owner\n1,2\n"), 0, 1, 1,
        "no column of posts here: there is \"Date\", \"Owner\"; call it post, copy, text, "
        "content, message, caption, body or tweet, or by its network (X copy)");
    assert_refused(STR("Post\nA\0b\n"), 0, 2, 2,
                   "a NUL byte, so this is binary; a draft is text in UTF-8");
}

static void test_remarks(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Document d;
    sml_input in = {
        .text = STR("Post,Date\nA,23/11/2026\nB,03/04/2026\nC,05/06/2026\nD,soon\nE,later\n"),
        .kind = SML_INPUT_CSV};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    static const uint32_t remarks[] = {0, 1, 0, 1, 1};
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(d.posts.v[i].n_remarks, remarks[i]);
    assert_string_equal(d.posts.v[1].remarks[0].text.p,
                        "\"03/04/2026\" is taken for 2026-04-03, the day first, and so are others "
                        "like it");
    assert_int_equal(d.posts.v[1].remarks[0].line, 3);
    assert_int_equal(d.posts.v[1].remarks[0].col, 3);
    assert_string_equal(d.posts.v[4].remarks[0].text.p,
                        "\"later\" is read as no date; write it like 2026-11-20");
    sml_arena_free(a);
}

static void test_dates_that_are_none_are_told_twenty_times(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Document d;
    Buf text = {0};
    sml_buf_add(&text, STR("Post,Date\n"));
    for (uint32_t i = 0; i < 25; i++)
        sml_buf_add(&text, STR("A,soon\n"));
    sml_input in = {.text = sml_buf_str(&text), .kind = SML_INPUT_CSV};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    for (uint32_t i = 0; i < 25; i++)
        assert_int_equal(d.posts.v[i].n_remarks, i < 20);
    assert_string_equal(d.posts.v[19].remarks[0].text.p,
                        "\"soon\" is read as no date; write it like 2026-11-20, and others below "
                        "that are none");
    sml_buf_free(&text);
    sml_arena_free(a);
}

/* ---- properties of random calendars ---------------------------------------------------------- */

static void add_random_cell(Buf *b)
{
    static const char *const bits[] = {"a",  "Vote ", "\xC5\xB5", "\xF0\x9F\x98\x80",
                                       "\n", "\r\n",  ",",        "\"\"",
                                       ";",  "x",     "\r",       "---\n"};
    sml_buf_addc(b, '"');
    for (int n = rand() % 8; n > 0; n--)
        sml_buf_add(b, sml_str_from(bits[(size_t)rand() % (sizeof bits / sizeof bits[0])]));
    sml_buf_addc(b, '"');
}

static void make_calendar(Buf *b)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const char *end = ends[rand() % 3];
    sml_buf_clear(b);
    sml_buf_addf(b, "Post,Notes,X copy%s", end);
    for (int rows = rand() % 6; rows > 0; rows--) {
        for (int cell = 0; cell < 3; cell++) {
            if (cell)
                sml_buf_addc(b, ',');
            add_random_cell(b);
        }
        sml_buf_add(b, sml_str_from(end));
    }
}

/* Every byte of a post stands in the file where its map says, a doubled quote for one. */
static void check_map(const Document *d, const Post *p)
{
    Str text = p->words.text;
    for (uint32_t i = 0; i < text.len; i++) {
        Span at = sml_norm_span(&p->words, i, i + 1);
        assert_true(at.start < at.end && at.end <= d->bytes.len);
        if (at.end - at.start == 1)
            assert_int_equal(d->bytes.p[at.start], text.p[i]);
        else
            assert_memory_equal(d->bytes.p + at.start, "\"\"", 2);
    }
}

static void test_every_byte_has_its_place(void **state)
{
    (void)state;
    srand(7);
    Buf b = {0};
    for (int round = 0; round < 3000; round++) {
        make_calendar(&b);
        Arena *a = sml_arena_new();
        Document d;
        sml_input in = {.text = sml_buf_str(&b), .kind = SML_INPUT_CSV};
        assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
        for (uint32_t i = 0; i < d.posts.n; i++)
            check_map(&d, &d.posts.v[i]);
        sml_arena_free(a);
    }
    sml_buf_free(&b);
}

/* What is read of `text` in parts that grow as they must. */
static void read_in_parts(Buf *out, Str text)
{
    sml_sheet *sheet = sml_sheet_new();
    size_t want = 1 + (size_t)rand() % 40, at = 0;
    for (;;) {
        Arena *a = sml_arena_new();
        Document d;
        size_t end = at + want < text.len ? at + want : text.len;
        sml_input in = {.text = sml_str_slice(text, at, end),
                        .kind = SML_INPUT_CSV,
                        .sheet = sheet,
                        .more = end < text.len};
        assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
        list_posts(out, &d);
        sml_arena_free(a);
        size_t used = sml_sheet_used(sheet);
        assert_true(used <= in.text.len);
        at += used;
        want = used ? 1 + (size_t)rand() % 40 : 2 * want;
        if (!in.more)
            break;
    }
    sml_sheet_free(sheet);
}

static void test_parts_read_as_the_whole(void **state)
{
    (void)state;
    srand(8);
    Buf b = {0};
    for (int round = 0; round < 3000; round++) {
        make_calendar(&b);
        Buf whole = {0}, parts = {0};
        Arena *a = sml_arena_new();
        Document d;
        sml_input in = {.text = sml_buf_str(&b), .kind = SML_INPUT_CSV};
        assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
        list_posts(&whole, &d);
        read_in_parts(&parts, sml_buf_str(&b));
        assert_true(sml_str_eq(sml_buf_str(&whole), sml_buf_str(&parts)));
        sml_buf_free(&whole);
        sml_buf_free(&parts);
        sml_arena_free(a);
    }
    sml_buf_free(&b);
}

static void test_kinds(void **state)
{
    (void)state;
    Str calendar = STR("\xEF\xBB\xBF"
                       "Date;Post\n1;2\n");
    assert_int_equal(sml_input_kind_of(STR("a.csv"), (Str){0}), SML_INPUT_CSV);
    assert_int_equal(sml_input_kind_of(STR("A.TSV"), (Str){0}), SML_INPUT_CSV);
    assert_int_equal(sml_input_kind_of(STR("a.txt"), calendar), SML_INPUT_CSV);
    assert_int_equal(sml_input_kind_of(STR("a.jsonl"), calendar), SML_INPUT_JSONL);
    assert_int_equal(sml_input_kind_of(STR("-"), STR("Post, and date\nx\n")), SML_INPUT_THREAD);
    assert_int_equal(sml_input_kind_of(STR("a.txt"), STR("D\0a\0t\0e\0\t\0P\0o\0s\0t\0\n\0")),
                     SML_INPUT_CSV);
    assert_true(sml_input_is_draft(STR("x/a.csv")));
    assert_false(sml_input_is_draft(STR("x/.csv.bak")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_one_column),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_windows_1252),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_dates_that_are_none_are_told_twenty_times),
        cmocka_unit_test(test_every_byte_has_its_place),
        cmocka_unit_test(test_parts_read_as_the_whole),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
