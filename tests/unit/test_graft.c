/* SPDX-License-Identifier: MIT */
#include "base/graft.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static const Str words[] = {{"vote \"Labour\"", 13}};
static const sml_allow approval = {.rule = {"demo/vote", 9},
                                   .match = words,
                                   .n_match = 1,
                                   .reason = {"why\tnot", 7},
                                   .by = {"Jo", 2},
                                   .until = {"2026-12-31", 10}};

#define ITEM(in, eol)                                                                              \
    in "- rule: demo/vote" eol in "  match: \"vote \\\"Labour\\\"\"" eol in                        \
       "  reason: \"why\\u0009not\"" eol in "  by: \"Jo\"" eol in "  until: 2026-12-31" eol

static void assert_grafted(const char *before, bool front, const char *after)
{
    Buf out = {0};
    sml_error err = {0};
    bool ok = sml_graft_allow(&out, sml_str_from(before), STR("d"), front, &approval, &err);
    if (!ok)
        print_message("%s: %s\n", before, err.message);
    assert_true(ok);
    sml_buf_addc(&out, '\0');
    assert_string_equal(out.p, after);
    sml_buf_free(&out);
}

static void test_front_matter_is_begun(void **state)
{
    (void)state;
    assert_grafted("Hi\n", true, "---\nallow:\n" ITEM("", "\n") "---\n\nHi\n");
    assert_grafted("\xEF\xBB\xBFHi\r\nyou", true,
                   "\xEF\xBB\xBF---\r\nallow:\r\n" ITEM("", "\r\n") "---\r\n\r\nHi\r\nyou");
    assert_grafted("", true, "---\nallow:\n" ITEM("", "\n") "---\n\n");
}

static void test_list_is_begun(void **state)
{
    (void)state;
    assert_grafted("---\n# ours\nchannel: x  # X\n\n---\nHi", true,
                   "---\n# ours\nchannel: x  # X\n\nallow:\n" ITEM("", "\n") "---\nHi");
    assert_grafted("---\rchannel: x\r---\rHi", true,
                   "---\rchannel: x\rallow:\r" ITEM("", "\r") "---\rHi");
    assert_grafted("---\n---\nHi", true, "---\nallow:\n" ITEM("", "\n") "---\nHi");
    assert_grafted("channel: x", false, "channel: x\nallow:\n" ITEM("", "\n"));
    assert_grafted("", false, "allow:\n" ITEM("", "\n"));
    assert_grafted("# nothing yet\n", false, "# nothing yet\nallow:\n" ITEM("", "\n"));
}

static void test_empty_list_is_filled(void **state)
{
    (void)state;
    assert_grafted("allow:\nchannel: x\n", false, "allow:\n" ITEM("", "\n") "channel: x\n");
    assert_grafted("allow: []\nchannel: x\n", false, "allow:\n" ITEM("", "\n") "channel: x\n");
    assert_grafted("allow: # none\n", false, "allow: # none\n" ITEM("", "\n"));
}

static void test_list_is_added_to(void **state)
{
    (void)state;
#define OLD "allow:\n  - {rule: a/b, match: x, reason: y}\n"
    assert_grafted("---\n" OLD "\n# on networks\nchannel: x\n---\nHi", true,
                   "---\n" OLD ITEM("  ", "\n") "\n# on networks\nchannel: x\n---\nHi");
    assert_grafted(OLD, false, OLD ITEM("  ", "\n"));
    assert_grafted("allow:\n- rule: a/b", false, "allow:\n- rule: a/b\n" ITEM("", "\n"));
}

static void test_comment_that_is_text(void **state)
{
    (void)state;
    assert_grafted(
        "allow:\n- rule: a/b\n  reason: |\n    see\n    # 7\nchannel: x\n", false,
        "allow:\n- rule: a/b\n  reason: |\n    see\n    # 7\n" ITEM("", "\n") "channel: x\n");
}

static void test_what_cannot_be_done(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"---\nallow: [{rule: a/b}]\n---\n", "in brackets"},
        {"---\n{channel: x}\n---\n", "by hand"},
        {"---\n- x\n---\n", "no map"},
        {"---\nchannel: x\n", "never closed"},
        {"---\nchannel: 'x\n---\n", "not closed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Buf out = {0};
        sml_error err = {0};
        assert_false(
            sml_graft_allow(&out, sml_str_from(cases[i].text), STR("d"), true, &approval, &err));
        assert_non_null(strstr(err.message, cases[i].says));
        assert_string_equal(err.path, "d");
        sml_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_front_matter_is_begun), cmocka_unit_test(test_list_is_begun),
        cmocka_unit_test(test_empty_list_is_filled),  cmocka_unit_test(test_list_is_added_to),
        cmocka_unit_test(test_comment_that_is_text),  cmocka_unit_test(test_what_cannot_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
