/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void assert_str(Str got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    assert_memory_equal(got.p, want, got.len);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_tokens_have_places(void **state)
{
    (void)state;
    JsonReader r = {.text = STR(" {\"a\": [1, -2.5e3, true, null], \"b\\n\": {}} ")};
    static const struct {
        JsonKind kind;
        size_t at;
        const char *raw;
    } want[] = {
        {JSON_OBJECT, 1, "{"},   {JSON_KEY, 2, "a"},          {JSON_ARRAY, 7, "["},
        {JSON_NUMBER, 8, "1"},   {JSON_NUMBER, 11, "-2.5e3"}, {JSON_TRUE, 19, "true"},
        {JSON_NULL, 25, "null"}, {JSON_CLOSE, 29, "]"},       {JSON_KEY, 32, "b\\n"},
        {JSON_OBJECT, 39, "{"},  {JSON_CLOSE, 40, "}"},       {JSON_CLOSE, 41, "}"},
        {JSON_END, 43, ""},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        JsonToken t;
        assert_true(sml_json_next(&t, &r));
        assert_int_equal(t.kind, want[i].kind);
        assert_int_equal(t.at, want[i].at);
        assert_str(t.raw, want[i].raw);
    }
}

static bool reads(Str text, JsonReader *r)
{
    *r = (JsonReader){.text = text};
    JsonToken t;
    while (sml_json_next(&t, r))
        if (t.kind == JSON_END)
            return true;
    return false;
}

static void test_refusals_have_places(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        const char *problem; /* a part of it */
    } cases[] = {
        {"", 0, "a value"},
        {"[1,]", 3, "a value"},
        {"[1 2]", 3, "a comma or ]"},
        {"{\"a\" 1}", 5, "a colon"},
        {"{a: 1}", 1, "double quotes"},
        {"{\"a\": 1,}", 8, "double quotes"},
        {"{\"a\": 1]", 7, "a comma or }"},
        {"[\"abc", 1, "closing quote"},
        {"[\"a\tb\"]", 3, "control character"},
        {"[\"a\\xb\"]", 3, "escape"},
        {"[\"\\u12G4\"]", 2, "escape"},
        {"[01]", 1, "number"},
        {"[-]", 1, "number"},
        {"[1.]", 1, "number"},
        {"[nul]", 1, "true, false and null"},
        {"{} {}", 3, "nothing but white space"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JsonReader r;
        assert_false(reads(sml_str_from(cases[i].text), &r));
        assert_int_equal(r.at, cases[i].at);
        assert_non_null(strstr(r.problem, cases[i].problem));
    }
}

static void test_depth_has_an_end(void **state)
{
    (void)state;
    Buf text = {0};
    JsonReader r;
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        sml_buf_addc(&text, '[');
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        sml_buf_addc(&text, ']');
    assert_true(reads(sml_buf_str(&text), &r));
    sml_buf_clear(&text);
    for (int i = 0; i < 1000; i++)
        sml_buf_addc(&text, '[');
    assert_false(reads(sml_buf_str(&text), &r));
    assert_int_equal(r.at, JSON_MAX_DEPTH);
    sml_buf_free(&text);
}

static void test_skip_passes_a_whole_value(void **state)
{
    (void)state;
    JsonReader r = {.text = STR("[{\"x\": [1, {\"y\": []}]}, 7]")};
    JsonToken t;
    assert_true(sml_json_next(&t, &r));
    assert_true(sml_json_next(&t, &r));
    assert_int_equal(t.kind, JSON_OBJECT);
    assert_true(sml_json_skip(&r, &t));
    assert_true(sml_json_next(&t, &r));
    assert_str(t.raw, "7");
    assert_true(sml_json_skip(&r, &t));
    assert_true(sml_json_next(&t, &r));
    assert_int_equal(t.kind, JSON_CLOSE);
}

static Str decode(Str json, Arena *a)
{
    JsonReader r = {.text = json};
    JsonToken t;
    assert_true(sml_json_next(&t, &r));
    assert_int_equal(t.kind, JSON_STRING);
    return sml_json_text(&t, a);
}

static void test_strings_decode(void **state)
{
    (void)state;
    static const struct {
        Str json, want;
    } cases[] = {
        {{"\"plain\"", 7}, {"plain", 5}},
        {{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 18}, {"\"\\/\b\f\n\r\t", 8}},
        {{"\"\\u00e9\\uD83D\\ude00\"", 20}, {"\xC3\xA9\xF0\x9F\x98\x80", 6}},
        {{"\"a\\u0000b\"", 10}, {"a\0b", 3}},
        {{"\"\\ud800x\"", 9}, {"\xEF\xBF\xBDx", 4}},
        {{"\"\\udc00\\ud800\"", 14}, {"\xEF\xBF\xBD\xEF\xBF\xBD", 6}},
        {{"\"\\ud83d\\ud83d\\ude00\"", 20}, {"\xEF\xBF\xBD\xF0\x9F\x98\x80", 7}},
        {{"\"a\xFF\xC3\"", 5}, {"a\xEF\xBF\xBD\xEF\xBF\xBD", 7}},
        {{"\"\xE2\x80\xA8\"", 5}, {"\xE2\x80\xA8", 3}},
    };
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Str got = decode(cases[i].json, a);
        assert_int_equal(got.len, cases[i].want.len);
        assert_memory_equal(got.p, cases[i].want.p, got.len);
    }
    Str borrowed = STR("\"no escapes\"");
    assert_ptr_equal(decode(borrowed, a).p, borrowed.p + 1);
    sml_arena_free(a);
}

static void test_stretches_tell_places(void **state)
{
    (void)state;
    static const struct {
        size_t in, len;
        const char *text;
        bool replaced;
    } want[] = {
        {0, 2, "ab", false}, {2, 2, "\n", false},           {4, 12, "\xF0\x9F\x98\x80", false},
        {16, 1, "c", false}, {17, 6, "\xEF\xBF\xBD", true}, {23, 1, "\xEF\xBF\xBD", true}};
    size_t at = 0, i = 0;
    JsonStretch s;
    for (; sml_json_stretch(&s, STR("ab\\n\\ud83d\\ude00c\\udc00\xFF"), &at); i++) {
        assert_true(i < sizeof want / sizeof want[0]);
        assert_int_equal(s.in, want[i].in);
        assert_int_equal(s.len, want[i].len);
        assert_int_equal(s.replaced, want[i].replaced);
        assert_str(s.text, want[i].text);
    }
    assert_int_equal(i, sizeof want / sizeof want[0]);
}

/* The eight-byte steps must stop wherever a quote may stand. */
static void test_every_length_and_place(void **state)
{
    (void)state;
    static const char *const stoppers[] = {"\\n", "\xC3\xA9", "\\u0041", "\x7F", " "};
    char text[64];
    for (size_t before = 0; before < 20; before++) {
        for (size_t i = 0; i < sizeof stoppers / sizeof stoppers[0]; i++) {
            size_t n = strlen(stoppers[i]);
            memset(text, 'x', sizeof text);
            text[0] = '"';
            memcpy(text + 1 + before, stoppers[i], n);
            text[before + n + 5] = '"';
            JsonReader r = {.text = {text, sizeof text}};
            JsonToken t;
            assert_true(sml_json_next(&t, &r));
            assert_int_equal(t.raw.len, before + n + 4);
            assert_int_equal(t.escaped, stoppers[i][0] == '\\');
            assert_int_equal(t.wide, stoppers[i][0] == '\xC3');
        }
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

static void test_writer_nests(void **state)
{
    (void)state;
    Buf out = {0};
    JsonWriter w = {.out = &out};
    sml_json_object(&w);
    sml_json_key(&w, STR("a"));
    sml_json_array(&w);
    sml_json_uint(&w, 0);
    sml_json_uint(&w, UINT64_MAX);
    sml_json_array(&w);
    sml_json_close(&w);
    sml_json_object(&w);
    sml_json_close(&w);
    sml_json_close(&w);
    sml_json_key(&w, STR("b"));
    sml_json_bool(&w, true);
    sml_json_key(&w, STR("c"));
    sml_json_null(&w);
    sml_json_break(&w);
    sml_json_key(&w, STR("d"));
    sml_json_raw(&w, STR("[1.5]"));
    sml_json_close(&w);
    assert_str(sml_buf_str(&out),
               "{\"a\":[0,18446744073709551615,[],{}],\"b\":true,\"c\":null,\n\"d\":[1.5]}");
    sml_buf_free(&out);
}

static void test_quoting(void **state)
{
    (void)state;
    static const struct {
        Str text;
        const char *want;
    } cases[] = {
        {{"a\"b\\c/", 6}, "\"a\\\"b\\\\c/\""},
        {{"\0\b\t\n\v\f\r\x1b\x7f", 9}, "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001b\\u007f\""},
        {{"\xC2\x9B!", 3}, "\"\\u009b!\""},
        {{"\xE2\x80\xAE", 3}, "\"\\u202e\""},
        {{"\xE2\x80\xA8\xE2\x80\xA9", 6}, "\"\xE2\x80\xA8\xE2\x80\xA9\""},
        {{"\xC5\xB5\xF0\x9F\x98\x80", 6}, "\"\xC5\xB5\xF0\x9F\x98\x80\""},
        {{"\xFF"
          "a\xED\xA0\x80",
          5},
         "\"\xEF\xBF\xBD"
         "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    Buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sml_buf_clear(&out);
        sml_json_quote(&out, cases[i].text);
        assert_str(sml_buf_str(&out), cases[i].want);
    }
    sml_buf_free(&out);
}

/* Whatever text goes out comes back the same. */
static void test_round_trip(void **state)
{
    (void)state;
    Buf text = {0}, json = {0};
    for (unsigned c = 0; c < 0x80; c++)
        sml_buf_addc(&text, (char)c);
    sml_buf_add(&text, STR("\xC2\x85\xE2\x81\xA6\xD8\x9C\xEF\xBB\xBF\xF0\x9F\x8F\xB4"));
    sml_json_quote(&json, sml_buf_str(&text));
    Arena *a = sml_arena_new();
    Str back = decode(sml_buf_str(&json), a);
    assert_int_equal(back.len, text.len);
    assert_memory_equal(back.p, text.p, text.len);
    sml_arena_free(a);
    sml_buf_free(&text);
    sml_buf_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_have_places),
        cmocka_unit_test(test_refusals_have_places),
        cmocka_unit_test(test_depth_has_an_end),
        cmocka_unit_test(test_skip_passes_a_whole_value),
        cmocka_unit_test(test_strings_decode),
        cmocka_unit_test(test_stretches_tell_places),
        cmocka_unit_test(test_every_length_and_place),
        cmocka_unit_test(test_writer_nests),
        cmocka_unit_test(test_quoting),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
