/* SPDX-License-Identifier: MIT */
#include "document_fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (UINT64_C(64) << 20)

static bool read_line(Fixture *f, Str text)
{
    sml_input in = {.path = STR("a.jsonl"), .text = text, .kind = SML_INPUT_JSONL, .first_line = 7};
    return sml_document_read(&f->d, &in, LIMIT, f->arena, &f->err);
}

static const Post *post(Fixture *f, const char *line)
{
    if (!read_line(f, sml_str_from(line)))
        fail_msg("%s", f->err.message);
    assert_int_equal(f->d.posts.n, 1);
    return &f->d.posts.v[0];
}

static void assert_str(Str got, const char *want)
{
    if (!sml_str_eq(got, sml_str_from(want)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(got), want);
}

static void assert_span(const Post *p, uint32_t start, uint32_t end, uint32_t in, uint32_t in_end)
{
    Span span = sml_norm_span(&p->words, start, end);
    assert_int_equal(span.start, in);
    assert_int_equal(span.end, in_end);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void test_plain_words_are_borrowed(void **state)
{
    Fixture *f = *state;
    const char *line = "{\"text\": \"Vote \xC5\xB5\"}";
    const Post *p = post(f, line);
    assert_ptr_equal(p->words.text.p, line + 10);
    assert_str(p->words.text, "Vote \xC5\xB5");
    assert_str(p->id, "null");
    assert_span(p, 0, 4, 10, 14);
    assert_int_equal(f->d.bad_at, UINT32_MAX);
}

static void test_escapes_map_back(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "{\"text\":\"a\\u00a0b\\ud83d\\ude00\\nc\"}");
    assert_str(p->words.text, "a\xC2\xA0"
                              "b\xF0\x9F\x98\x80\nc");
    assert_span(p, 0, 1, 9, 10);
    assert_span(p, 1, 3, 10, 16);
    assert_span(p, 3, 4, 16, 17);
    assert_span(p, 4, 8, 17, 29);
    assert_span(p, 8, 9, 29, 31);
    assert_span(p, 9, 10, 31, 32);
    assert_span(p, 0, 10, 9, 32);
}

static void test_an_escaped_key_is_the_key(void **state)
{
    Fixture *f = *state;
    assert_str(post(f, "{\"te\\u0078t\": \"x\"}")->words.text, "x");
}

static void test_nul_stays(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "{\"text\": \"a\\u0000b\"}");
    assert_int_equal(p->words.text.len, 3);
    assert_memory_equal(p->words.text.p, "a\0b", 3);
}

static void test_lone_surrogates_and_bad_bytes_are_said(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "{\"text\":\"a\\ud800b\"}");
    assert_str(p->words.text, "a\xEF\xBF\xBD"
                              "b");
    assert_int_equal(f->d.bad_at, 10);
    assert_span(p, 4, 5, 16, 17);
    p = post(f, "{\"text\":\"\xFF\xFF!\"}");
    assert_str(p->words.text, "\xEF\xBF\xBD\xEF\xBF\xBD!");
    assert_int_equal(f->d.bad_at, 9);
    assert_span(p, 6, 7, 11, 12);
}

static void test_byte_order_mark_and_white_space(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "\xEF\xBB\xBF {\"text\":\"a\"}\r\n");
    assert_str(p->words.text, "a");
    assert_span(p, 0, 1, 13, 14);
}

/* ---- facts ----------------------------------------------------------------------------------- */

static void test_facts(void **state)
{
    Fixture *f = *state;
    const Post *p =
        post(f, "{\"id\": \"x:1\", \"account\": \"official\", \"channel\": \"x\","
                " \"date\": \"2026-11-20T09:30\", \"bio\": \"Caf\\u00e9\", \"nation\": \"wales\","
                " \"group\": \"free\", \"kind\": \"reply\", \"language\": \"cy\","
                " \"handle\": \"@dwp\", \"unknown\": {\"text\": [1]}, \"text\": \"x\"}");
    const sml_context *c = &p->context;
    assert_str(p->id, "\"x:1\"");
    assert_str(c->account, "official");
    assert_str(c->channel, "x");
    assert_str(c->date, "2026-11-20T09:30");
    assert_str(c->date_origin, "the draft");
    assert_str(c->bio, "Caf\xC3\xA9");
    assert_str(c->nation, "wales");
    assert_str(c->group, "free");
    assert_str(c->kind, "reply");
    assert_str(c->language, "cy");
    assert_str(c->handle, "@dwp");
    assert_int_equal(c->n_meta, 0);
}

static void test_null_is_unknown(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "{\"id\":null,\"account\":null,\"date\":null,\"repost\":null,"
                            "\"images\":null,\"text\":\"x\"}");
    assert_str(p->id, "null");
    assert_int_equal(p->context.account.len, 0);
    assert_int_equal(p->context.date_origin.len, 0);
    assert_int_equal(p->context.kind.len, 0);
}

static void test_a_handle_names_the_account(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "{\"account\":\"@dwp\",\"text\":\"x\"}");
    assert_int_equal(p->context.account.len, 0);
    assert_str(p->context.handle, "@dwp");
}

static void test_reposts(void **state)
{
    Fixture *f = *state;
    assert_str(post(f, "{\"repost\":true,\"text\":\"x\"}")->context.kind, "repost");
    assert_str(post(f, "{\"repost\":false,\"text\":\"x\"}")->context.kind, "");
}

static void test_ids_are_kept_as_written(void **state)
{
    Fixture *f = *state;
    assert_str(post(f, "{\"id\": 1.50e3, \"text\":\"x\"}")->id, "1.50e3");
    assert_str(post(f, "{\"id\": \"\\u0041\\ud800\", \"text\":\"x\"}")->id, "\"\\u0041\\ud800\"");
    assert_str(post(f, "{\"id\": true, \"text\":\"x\"}")->id, "true");
    assert_str(post(f, "{\"id\": \"\xFF\", \"text\":\"x\"}")->id, "\"\xEF\xBF\xBD\"");
}

static void test_images_are_meta(void **state)
{
    Fixture *f = *state;
    const Post *p =
        post(f, "{\"images\":[{\"alt\":\"A br\\u0069dge\",\"width\":10,\"more\":{\"a\":[]}},"
                "\"b.jpg\",{},{\"alt\":null}],\"text\":\"x\"}");
    static const char *const want[][2] = {{"images[0].alt", "A bridge"},
                                          {"images[0].width", "10"},
                                          {"images[1].file", "b.jpg"},
                                          {"images[2].file", ""},
                                          {"images[3].file", ""}};
    assert_int_equal(p->context.n_meta, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_str(p->context.meta[i].key, want[i][0]);
        assert_str(p->context.meta[i].value, want[i][1]);
    }
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static void test_refusals(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *line;
        uint32_t col;
        const char *message, *id;
    } cases[] = {
        {"", 1, "not JSON: a value should stand here", "null"},
        {"{\"id\":1,\"text\":\"a", 16, "not JSON: a closing quote is missing", "1"},
        {"{\"t\":\"\xC3\xA9\",}", 10, "not JSON: a key in double quotes", "null"},
        {"{\"text\":\"a\"} x", 14, "not JSON: nothing but white space", "null"},
        {"[1]", 1, "this is an array; a line is an object like {\"id\"", "null"},
        {"{\"id\":1}", 1, "no \"text\"; a line is an object like {\"id\"", "1"},
        {"{\"text\":5,\"id\":\"z\"}", 9, "\"text\" is a number; it should be a string", "\"z\""},
        {"{\"text\":null}", 9, "\"text\" is null; it should be a string", "null"},
        {"{\"text\":\"a\",\"text\":\"b\"}", 13, "\"text\" is here twice", "null"},
        {"{\"id\":[1],\"text\":\"a\"}", 7, "\"id\" is an array; it should be a string or a number",
         "null"},
        {"{\"account\":\"minister\",\"text\":\"a\"}", 12,
         "unknown account \"minister\"; use official, personal, ministerial or an @handle", "null"},
        {"{\"nation\":\"kent\",\"text\":\"a\"}", 11,
         "unknown nation \"kent\"; use england, scotland, wales, northern-ireland or uk", "null"},
        {"{\"group\":[],\"text\":\"a\"}", 10, "\"group\" is an array; it should be a string",
         "null"},
        {"{\"repost\":\"yes\",\"text\":\"a\"}", 11,
         "\"repost\" is a string; it should be true or false", "null"},
        {"{\"date\":\"20/11/2026\",\"text\":\"a\"}", 9, "\"20/11/2026\" is no date; write it like",
         "null"},
        {"{\"images\":[3],\"text\":\"a\"}", 12, "\"images\" is a number; it should be an array",
         "null"},
        /* Not being JSON outranks the wrong value before it. */
        {"{\"text\":5,", 11, "not JSON: a key in double quotes", "null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_line(f, sml_str_from(cases[i].line)));
        assert_int_equal(f->d.posts.n, 0);
        assert_str(f->d.id, cases[i].id);
        assert_int_equal(f->err.line, 7);
        assert_int_equal(f->err.col, cases[i].col);
        if (strncmp(f->err.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("\"%s\" does not begin with \"%s\"", f->err.message, cases[i].message);
    }
}

static void test_utf16_lines_are_named(void **state)
{
    Fixture *f = *state;
    assert_false(read_line(f, STR("{\0\"\0t\0\"\0:\0")));
    assert_string_equal(f->err.message, "this is UTF-16; save it as UTF-8");
    assert_str(f->d.id, "null");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void assert_list(const char *text, uint32_t posts, const char *message)
{
    Arena *a = sml_arena_new();
    Document d;
    sml_error err = {0};
    sml_input in = {.text = sml_str_from(text), .kind = SML_INPUT_JSON};
    assert_int_equal(sml_document_read(&d, &in, LIMIT, a, &err), message[0] == '\0');
    assert_int_equal(d.posts.n, posts);
    assert_string_equal(err.message, message);
    sml_arena_free(a);
}

static void test_lists(void **state)
{
    (void)state;
    assert_list("[]", 0, "");
    assert_list("[{\"text\": \"a\"}, {\"text\": \"b\\n---\\nc\"}]", 3, "");
    assert_list("{\"v\": [{}], \"posts\": [{\"content\": \"a\"}], \"w\": {}}", 1, "");
    assert_list(
        "[{\"text\": \"a\"}, 3, {\"text\": \"b\"}]", 1,
        "this is a number; an item is an object like {\"id\": \"1\", \"text\": \"\xE2\x80\xA6\"}");
    assert_list("[{\"text\": \"a\"}", 1, "not JSON: a comma or ] should stand here");
    assert_list("{}", 0,
                "no list of posts; write [{\"text\": \"\xE2\x80\xA6\"}] or {\"posts\": [...]}");
}

static void test_each_text_is_a_post(void **state)
{
    (void)state;
    assert_list("[{\"text\": \"b\", \"body\": \"c\"}]", 2, "");
    assert_list("[{\"x_copy\": \"b\", \"text\": \"c\", \"alt\": \"d\"}]", 3, "");
    assert_list("[{\"linkedin\": \"three words here\", \"x\": \"yes\"}]", 1, "");
    assert_list(
        "[{\"alt\": \"a dog\"}]", 0,
        "no \"text\"; an item is an object like {\"id\": \"1\", \"text\": \"\xE2\x80\xA6\"}");
}

static void test_names_of_other_tools(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Document d;
    sml_input in = {.text = STR("[{\"message\": \"a\", \"scheduled_at\": \"2026-11-23T09:30:00Z\", "
                                "\"platform\": \"fb\"}, {\"text\": \"b\", \"body\": \"b\", "
                                "\"date\": null, \"publish date\": \"soon\"}]"),
                    .kind = SML_INPUT_JSON};
    assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
    assert_true(sml_str_eq(d.posts.v[0].context.date, STR("2026-11-23T09:30:00Z")));
    assert_true(sml_str_eq(d.posts.v[0].context.channel, STR("facebook")));
    assert_true(sml_str_eq(d.posts.v[1].words.text, STR("b")));
    assert_int_equal(d.posts.v[1].context.date.len, 0);
    assert_int_equal(d.posts.v[1].n_remarks, 1);
    assert_int_equal(d.posts.v[1].remarks[0].col, 135);
    sml_arena_free(a);
}

static void test_several_networks(void **state)
{
    (void)state;
    static const char *const lists[][2] = {
        {"\"channels\": [\"X\", \"LinkedIn\", \"twitter\"]", "x,linkedin"},
        {"\"platforms\": [\"fb\", \"our site\"]", "facebook,our site"},
        {"\"platform\": \"Threads/Bluesky\"", "threads,bluesky"},
        {"\"channel\": \"x; ig\"", "x,instagram"},
        {"\"networks\": \"all\"", ""},
        {"\"channels\": []", ""},
        {"\"channel\": null", ""},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        Arena *a = sml_arena_new();
        Document d;
        Str text = sml_arena_printf(a, "[{\"text\": \"a\", %s}]", lists[i][0]);
        sml_input in = {.text = text, .kind = SML_INPUT_JSON};
        assert_true(sml_document_read(&d, &in, LIMIT, a, NULL));
        assert_true(sml_str_eq(d.posts.v[0].context.channel, sml_str_from(lists[i][1])));
        sml_arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain_words_are_borrowed),
        TEST(test_escapes_map_back),
        TEST(test_an_escaped_key_is_the_key),
        TEST(test_nul_stays),
        TEST(test_lone_surrogates_and_bad_bytes_are_said),
        TEST(test_byte_order_mark_and_white_space),
        TEST(test_facts),
        TEST(test_null_is_unknown),
        TEST(test_a_handle_names_the_account),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_each_text_is_a_post),
        cmocka_unit_test(test_names_of_other_tools),
        cmocka_unit_test(test_several_networks),
        TEST(test_reposts),
        TEST(test_ids_are_kept_as_written),
        TEST(test_images_are_meta),
        TEST(test_refusals),
        TEST(test_utf16_lines_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
