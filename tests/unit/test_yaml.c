/* SPDX-License-Identifier: MIT */
#include "base/yaml.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    return (*state = sml_arena_new()) ? 0 : -1;
}

static int tear_down(void **state)
{
    sml_arena_free(*state);
    return 0;
}

static YamlNode *parse(Arena *a, const char *text)
{
    YamlNode *root = NULL;
    sml_error err;
    if (!sml_yaml_parse(&root, sml_str_from(text), STR("a.yaml"), a, &err))
        fail_msg("%s:%u:%u: %s", err.path, err.line, err.col, err.message);
    return root;
}

static void assert_text(const YamlNode *n, const char *text)
{
    assert_non_null(n);
    assert_int_equal(n->kind, YAML_SCALAR);
    assert_true(sml_str_eq(n->text, sml_str_from(text)));
}

/* ---- what is read ---- */

static void scalars_are_text(void **state)
{
    YamlNode *root =
        parse(*state, "a: no\nb: 1.10\nc: 2026-11-20\nd: ~\ne: 'x'\nf: \"\\u00e9\"\ng:\nh: ''\n");
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n, 8);
    assert_text(sml_yaml_get(root, STR("a")), "no");
    assert_text(sml_yaml_get(root, STR("b")), "1.10");
    assert_text(sml_yaml_get(root, STR("c")), "2026-11-20");
    assert_text(sml_yaml_get(root, STR("d")), "~");
    assert_text(sml_yaml_get(root, STR("f")), "\xC3\xA9");
    assert_false(sml_yaml_get(root, STR("a"))->quoted);
    assert_true(sml_yaml_get(root, STR("e"))->quoted);
    assert_false(sml_yaml_get(root, STR("e"))->double_quoted);
    assert_true(sml_yaml_get(root, STR("f"))->double_quoted);
    assert_false(sml_yaml_get(root, STR("g"))->quoted);
    assert_true(sml_yaml_get(root, STR("h"))->quoted);
    assert_null(sml_yaml_get(root, STR("i")));
}

static void nothing_is_an_empty_map(void **state)
{
    const char *const texts[] = {"", "\n\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        YamlNode *root = parse(*state, texts[i]);
        assert_int_equal(root->kind, YAML_MAP);
        assert_int_equal(root->n, 0);
    }
}

/* Every node's line and column say the same place as its byte. */
static void check_places(const YamlNode *n, Str text)
{
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < n->at; i++)
        if (text.p[i] == '\n' || (text.p[i] == '\r' && text.p[i + 1] != '\n'))
            line++, start = i + 1;
    assert_int_equal(n->line, line);
    assert_int_equal(n->col, sml_utf8_count(sml_str_slice(text, start, n->at)) + 1);
    for (uint32_t i = 0; i < n->n; i++) {
        check_places(n->items[i], text);
        if (n->kind == YAML_MAP)
            check_places(n->keys[i], text);
    }
}

static void places_are_bytes_and_characters(void **state)
{
    const char *const texts[] = {
        "\xC5\xB7: [\xF0\x9F\x8E\x89 a, b, {c: d}]\nx:\n- y\n- 'z'\n",
        "a: 1\r\nb:\r\n  - \xC3\xA9\xC3\xA9 x\r\n  - {k: v}\r\n",
        "a: 1\rb: 2\rc: [x, y]\r",
        "a: |\n  one\n  tw\xC3\xB6\nb: >-\n  three\n\n  four\nc: d\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_places(parse(*state, texts[i]), sml_str_from(texts[i]));
    YamlNode *root = parse(*state, texts[0]);
    YamlNode *b = root->items[0]->items[1];
    assert_text(b, "b");
    assert_int_equal(b->col, 10);
    assert_int_equal(b->at, 13);
    assert_text(sml_yaml_get(parse(*state, texts[3]), STR("b")), "three\nfour");
}

static void a_byte_order_mark_shifts_bytes_alone(void **state)
{
    YamlNode *root = parse(*state, "\xEF\xBB\xBF"
                                   "a: b\n");
    assert_int_equal(root->items[0]->at, 6);
    assert_int_equal(root->items[0]->col, 4);
}

static void comments_are_left_out(void **state)
{
    YamlNode *root = parse(*state, "a: b # note\nc: d  #\ne: 'f' #g\n#h\n");
    assert_int_equal(root->n, 3);
    assert_text(root->items[0], "b");
}

/* ---- what is refused ---- */

typedef struct Refusal {
    const char *text;
    uint32_t line, col;
    const char *message; /* a part of it */
} Refusal;

static const Refusal refusals[] = {
    /* text that YAML takes for something else */
    {"- @dft\n", 1, 3, "cannot begin with \"@\"; put it in quotes"},
    {"a: `x`\n", 1, 4, "cannot begin with \"`\"; put it in quotes"},
    {"a: %d of us\n", 1, 4, "cannot begin with \"%\"; put it in quotes"},
    {"%d of us\n", 1, 1, "cannot begin with \"%\"; put it in quotes"},
    {"- * or\n", 1, 3, "cannot begin with \"*\"; put it in quotes"},
    {"- *word\n", 1, 3, "put text that begins with \"*\" in quotes"},
    {"- &word\n", 1, 3, "put text that begins with \"&\" in quotes"},
    {"- !word\n", 1, 3, "put text that begins with \"!\" in quotes"},
    {"- {a|b} {c|} d\n", 1, 9, "put text that begins with \"{\" in quotes"},
    {"- {@parties} win\n", 1, 4, "cannot begin with \"@\"; put it in quotes"},
    {"- [[Vote]] now\n", 1, 12, "put text that begins with \"[\" in quotes"},
    {"- #VoteLabour\n", 1, 2, "put text that begins with \"#\" in quotes"},
    {"a:\n- one\n-\n- two\n", 3, 2, "this item is empty"},
    {"a: [#x]\nb: c\n", 1, 4, "hides the rest of this line"},
    {"a: [x, #y]\nb: c\n", 1, 4, "hides the rest of this line"},
    {"a: {b: #y}\nb: c\n", 1, 4, "hides the rest of this line"},
    {"- Vote Labour #VoteLabour\n", 1, 3, "hides the rest of this text"},
    {"a: 'It's fine'\n", 1, 8, "'' for an apostrophe"},
    {"a: \"b\" c\n", 1, 8, "nothing can follow a closing quotation mark"},
    {"a: 'never closed\n\nb: c\n", 1, 4, "this quotation mark is not closed"},
    {"a: note: this\n", 1, 8, "put text that holds a colon and a space in quotes"},
    {"a: \"\\d+\"\n", 1, 5, "single quotes, where a backslash is itself"},
    {"a:\n\t- b\n", 2, 1, "a tab cannot indent"},
    {"a: [b\nc: d\n", 1, 4, "is not closed or lacks a comma"},
    {"a: {b: c\n", 1, 4, "is not closed or lacks a comma"},
    {"a: b\n  c: d\n", 2, 4, "colon"},
    {"- a\nb: c\n", 2, 1, "indentation"},
    {"a: |x\n  y\n", 1, 4, "must be in quotes, or be a block"},
    /* what YAML can do and we do not want */
    {"a: &x 1\n", 1, 4, "anchors are not allowed"},
    {"a: 1\nb: *x\n", 2, 4, "aliases are not allowed"},
    {"a: !!str b\n", 1, 4, "tags are not allowed"},
    {"<<: {a: b}\n", 1, 1, "merge keys"},
    {"a: 1\nb: 2\na: 3\n", 3, 1, "key \"a\" is here already, on line 1"},
    {"[a]: b\n", 1, 1, "a key must be a plain word"},
    {"{a: b}: c\n", 1, 1, "a key must be a plain word"},
    {"a: 1\n---\nb: 2\n", 2, 1, "a second document"},
    {"a: [[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]\n", 1, 19, "nested deeper than 16"},
    {"a: \"\\0\"\n", 1, 4, "U+0000"},
    /* bytes */
    {"a: \xFF\n", 1, 4, "not UTF-8"},
    {"\xFF\xFE"
     "a",
     1, 1, "not UTF-8"},
    {"a: b\n\xC3\xA9\xE2\x80\xA8", 2, 2, "U+2028"},
    {"a: \xC2\x85", 1, 4, "U+0085"},
    {"a: \x07\n", 1, 4, "control characters"},
    {"a: b\xEF\xBB\xBF\n", 1, 5, "byte-order mark"},
};

static void refusals_say_where_and_what(void **state)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const Refusal *r = &refusals[i];
        YamlNode *root;
        sml_error err = {.message = "nothing was refused"};
        bool ok = sml_yaml_parse(&root, sml_str_from(r->text), STR("a.yaml"), *state, &err);
        if (ok || err.line != r->line || err.col != r->col || !strstr(err.message, r->message))
            wrong++, print_error("%sgave %u:%u: %s\nnot  %u:%u: %s\n", r->text, err.line, err.col,
                                 err.message, r->line, r->col, r->message);
        assert_string_equal(err.path, "a.yaml");
        assert_null(strchr(err.message, '\n'));
    }
    assert_int_equal(wrong, 0);
}

static void a_nul_byte_is_refused(void **state)
{
    YamlNode *root;
    sml_error err;
    assert_false(sml_yaml_parse(&root, (Str){"a: \0b\n", 6}, STR("a.yaml"), *state, &err));
    assert_non_null(strstr(err.message, "control characters"));
}

static void large_input_ends_soon(void **state)
{
    YamlNode *root;
    sml_error err;
    Buf text = {0};
    const char *const pieces[] = {"[",  "- ",  "{",    "a: ",  "? ", "'",
                                  "x,", "&a ", "- - ", "a:\n", "|\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        ArenaMark mark = sml_arena_mark(*state);
        sml_buf_clear(&text);
        while (text.len < 200000)
            sml_buf_add(&text, sml_str_from(pieces[i]));
        sml_yaml_parse(&root, sml_buf_str(&text), STR("a.yaml"), *state, &err);
        sml_arena_rewind(*state, mark);
    }
    while (text.len <= YAML_MAX_BYTES)
        sml_buf_add(&text, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    assert_false(sml_yaml_parse(&root, sml_buf_str(&text), STR("a.yaml"), *state, &err));
    assert_non_null(strstr(err.message, "at most 4 MiB"));
    sml_buf_clear(&text);
    sml_buf_add(&text, STR("["));
    while (text.len < 3 * (size_t)YAML_MAX_NODES)
        sml_buf_add(&text, STR("x, "));
    assert_false(sml_yaml_parse(&root, sml_buf_str(&text), STR("a.yaml"), *state, &err));
    sml_buf_free(&text);
}

/* Whatever the bytes are, there is a tree or one line that says why not. */
static void any_bytes_are_survived(void **state)
{
    static const char alphabet[] = "ab \n\t-:[]{}#'\"&*!|>%@`,?\\=~<\r\xC3\xA9";
    uint32_t seed = 12345;
    for (int round = 0; round < 20000; round++) {
        char text[40];
        size_t n = 0;
        while (n < sizeof text) {
            seed = seed * 1664525u + 1013904223u;
            text[n++] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        YamlNode *root = NULL;
        sml_error err = {.message = ""};
        ArenaMark mark = sml_arena_mark(*state);
        bool ok = sml_yaml_parse(&root, (Str){text, n}, STR("a.yaml"), *state, &err);
        assert_true(ok ? root != NULL : err.message[0] != '\0' && err.line > 0);
        sml_arena_rewind(*state, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars_are_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_an_empty_map, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_are_bytes_and_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_shifts_bytes_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(comments_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_say_where_and_what, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_nul_byte_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_input_ends_soon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_bytes_are_survived, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
