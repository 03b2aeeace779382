/* SPDX-License-Identifier: MIT */
#include "base/show.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void assert_shown(Str text, const char *want)
{
    Buf out = {0};
    sml_show_safe(&out, text);
    if (!sml_str_eq(sml_buf_str(&out), sml_str_from(want)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(sml_buf_str(&out)), want);
    sml_buf_free(&out);
}

static void test_controls(void **state)
{
    (void)state;
    assert_shown(STR("a\x1b[31m\x7f\0"), "a\\x1b[31m\\x7f\\x00");
    assert_shown(STR("a\nb\tc\rd"), "a\\nb\\tc\\rd");
    assert_shown(STR("\xC2\x9B"
                     "31m"),
                 "\\x9b31m");
    assert_shown(STR("\xFFz"), "\\xffz");
}

static void test_what_cannot_be_seen(void **state)
{
    (void)state;
    assert_shown(STR("\xE2\x80\xAEtxt"), "<U+202E>txt");
    assert_shown(STR("a\xE2\x80\x8B"
                     "b"),
                 "a<U+200B>b");
    assert_shown(STR("a\xE2\x80\x8D"
                     "b"),
                 "a<U+200D>b");
    assert_shown(STR("\xEF\xBB\xBF"), "<U+FEFF>");
    assert_shown(STR("\xE2\x80\xA8"), "<U+2028>");
    assert_shown(STR("a\xF3\xA0\x81\xA1"), "a<U+E0061>");
    assert_shown(STR("a\xEF\xB8\x8F"), "a<U+FE0F>");
}

static void test_what_emoji_and_scripts_need(void **state)
{
    (void)state;
    static const char *const kept[] = {
        "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x92", /* a firefighter */
        "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5",         /* a heart on fire */
        "1\xEF\xB8\x8F\xE2\x83\xA3",                                    /* a keycap */
        "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85", /* Persian */
        ("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB7\xF3\xA0\x81\xAC"
         "\xF3\xA0\x81\xB3\xF3\xA0\x81\xBF"), /* the flag of Wales */
    };
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        assert_shown(sml_str_from(kept[i]), kept[i]);
}

static void test_tabs_of_excerpts(void **state)
{
    (void)state;
    Buf out = {0};
    sml_show_excerpt(&out, STR("\ta"));
    assert_true(sml_str_eq(sml_buf_str(&out), STR("    a")));
    sml_buf_free(&out);
}

static void assert_wrapped(uint32_t width, const char *text, const char *want)
{
    Buf out = {0};
    Paragraph p = {.out = &out, .width = width, .indent = 2};
    sml_show_words(&p, sml_str_from(text));
    sml_show_unit(&p, STR("[x y]"));
    sml_show_end(&p);
    if (!sml_str_eq(sml_buf_str(&out), sml_str_from(want)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(sml_buf_str(&out)), want);
    sml_buf_free(&out);
}

static void test_wrapping(void **state)
{
    (void)state;
    assert_wrapped(0, "one  two\nthree", "one two three [x y]\n");
    assert_wrapped(8, "one two three", "one two\n  three\n  [x y]\n");
    assert_wrapped(4, "enormous", "enormous\n  [x y]\n");
    assert_wrapped(10, "\xE6\x97\xA5\xE6\x9C\xAC ab cd",
                   "\xE6\x97\xA5\xE6\x9C\xAC ab cd\n  [x y]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_what_cannot_be_seen),
        cmocka_unit_test(test_what_emoji_and_scripts_need),
        cmocka_unit_test(test_tabs_of_excerpts),
        cmocka_unit_test(test_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
