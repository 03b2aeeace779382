/* SPDX-License-Identifier: MIT */
#include "base/unicode.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void knows_letters_from_the_rest(void **state)
{
    (void)state;
    static const uint32_t words[] = {'a',   'Z',   '7',   0xE9,   0x175,
                                     0x302, 0x43E, 0x663, 0x4E00, 0x1D415};
    static const uint32_t others[] = {' ',     '_',    '-',  '\'',     0x2019,
                                      0x1F44D, 0x200B, 0xA0, 0x10FFFF, 0x3164};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_true(sml_unicode_is_word(words[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(sml_unicode_is_word(others[i]));
    assert_false(sml_unicode_is_word(UTF8_BAD));
    assert_true(sml_unicode_is_upper(0x174) && !sml_unicode_is_lower(0x174));
    assert_true(sml_unicode_is_lower(0x175) && !sml_unicode_is_upper(0x175));
}

static void counts_columns(void **state)
{
    (void)state;
    static const struct {
        uint32_t c;
        unsigned width;
    } rows[] = {{'a', 1},     {0xE9, 1},   {'\n', 0},   {0x301, 0},  {0x200B, 0},
                {0x200D, 0},  {0xFE0F, 0}, {0x4E00, 2}, {0xAC00, 2}, {0xFF21, 2},
                {0x1F44D, 2}, {0x231A, 2}, {0x2764, 1}, {0xFEFF, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sml_unicode_width(rows[i].c), rows[i].width);
}

static void compares_case_alone(void **state)
{
    (void)state;
    assert_true(sml_unicode_same_case(STR("Labour\u2019s"), STR("Labour's")));
    assert_true(sml_unicode_same_case(STR("W\u0302"), STR("\u0174")));
    assert_true(sml_unicode_same_case(STR("L\u200babour"), STR("Labour")));
    assert_false(sml_unicode_same_case(STR("labour"), STR("Labour")));
    assert_false(sml_unicode_same_case(STR("LABOUR"), STR("Labour")));
    assert_true(sml_unicode_same_case(STR(""), STR("12")));
}

static void undresses_letters(void **state)
{
    (void)state;
    assert_true(sml_str_eq(sml_unicode_fancy(0x1F165), STR("V")));
    assert_true(sml_str_eq(sml_unicode_fancy(0x1D20), STR("v")));
    assert_true(sml_str_eq(sml_unicode_confusable(0x43E), STR("o")));
    assert_true(sml_str_eq(sml_unicode_confusable(0x406), STR("I")));
    assert_int_equal(sml_unicode_fancy('v').len, 0);
    assert_int_equal(sml_unicode_confusable(0x131).len, 0);
}

static void assert_one_cluster(Str s)
{
    if (sml_unicode_cluster(s, 0) != s.len)
        fail_msg("\"%.*s\" is cut at %zu", STR_ARG(s), sml_unicode_cluster(s, 0));
}

static void keeps_what_people_see_as_one(void **state)
{
    (void)state;
    assert_one_cluster(STR("\U0001F469\u200D\U0001F469\u200D\U0001F467"));
    assert_one_cluster(STR("\U0001F44D\U0001F3FD"));
    assert_one_cluster(STR("\U0001F1EC\U0001F1E7"));
    assert_one_cluster(STR("1\uFE0F\u20E3"));
    assert_one_cluster(STR("w\u0302"));
    assert_one_cluster(STR("\r\n"));
    assert_int_equal(sml_unicode_cluster(STR("\U0001F1EC\U0001F1E7\U0001F1EC"), 0), 8);
    assert_int_equal(sml_unicode_cluster(STR("\xFF\u0301"), 0), 1);
}

/* A line of GraphemeBreakTest.txt: "÷ 0020 × 0308 ÷ 0020 ÷ # …". The text, and where its clusters
 * end. */
static Str read_line(char *line, char room[256], size_t ends[64], size_t *n)
{
    size_t len = 0;
    *n = 0;
    for (char *word = strtok(line, " \t"); word && *word != '#'; word = strtok(NULL, " \t")) {
        if (strcmp(word, "\xC3\xB7") == 0)
            ends[(*n)++] = len;
        else if (strcmp(word, "\xC3\x97") != 0)
            len += sml_utf8_put(room + len, (uint32_t)strtoul(word, NULL, 16));
    }
    return (Str){room, len};
}

static void agrees_with_the_standards_own_test(void **state)
{
    (void)state;
    FILE *f = fopen("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt", "r");
    if (!f) {
        print_message("skipped: no GraphemeBreakTest.txt (package unicode-data)\n");
        skip();
    }
    char line[4096], room[256];
    size_t ends[64], n, lines = 0;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#')
            continue;
        Str s = read_line(line, room, ends, &n);
        size_t at = 0;
        for (size_t i = 1; i < n; i++) {
            at = sml_unicode_cluster(s, at);
            /* Surrogates cannot stand in UTF-8, so a line with one means nothing here. */
            if (sml_utf8_check(s) == s.len)
                assert_int_equal(at, ends[i]);
        }
        lines++;
    }
    fclose(f);
    printf("suite: grapheme clusters %zu/%zu\n", lines, lines);
    assert_true(lines > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_letters_from_the_rest),
        cmocka_unit_test(counts_columns),
        cmocka_unit_test(compares_case_alone),
        cmocka_unit_test(undresses_letters),
        cmocka_unit_test(keeps_what_people_see_as_one),
        cmocka_unit_test(agrees_with_the_standards_own_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
