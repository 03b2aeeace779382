/* SPDX-License-Identifier: MIT */
#include "base/fact.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void test_closed_sets(void **state)
{
    (void)state;
    assert_true(sml_fact_check(STR("account"), STR("official"), NULL));
    assert_true(sml_fact_check(STR("account"), STR("Ministerial"), NULL));
    assert_true(sml_fact_check(STR("account"), STR("@dwp"), NULL));
    assert_true(sml_fact_check(STR("nation"), STR("northern-ireland"), NULL));
    assert_true(sml_fact_check(STR("nation"), STR("UK"), NULL));
    assert_true(sml_fact_check(STR("kind"), STR("alt"), NULL));
    assert_true(sml_fact_check(STR("date"), STR("2026-11-20T09:30"), NULL));
    assert_false(sml_fact_check(STR("account"), STR("@"), NULL));
    assert_false(sml_fact_check(STR("group"), STR("@dwp"), NULL));
    assert_false(sml_fact_check(STR("date"), STR("2026-02-30"), NULL));
}

static void test_open_sets_and_unknown_facts(void **state)
{
    (void)state;
    assert_true(sml_fact_check(STR("channel"), STR("anything"), NULL));
    assert_true(sml_fact_check(STR("images[0].alt"), STR("A bridge"), NULL));
    assert_true(sml_fact_check(STR("account"), (Str){0}, NULL));
    assert_true(sml_fact_check(STR("date"), (Str){0}, NULL));
}

static void test_the_error_lists_the_values(void **state)
{
    (void)state;
    sml_error err;
    assert_false(sml_fact_check(STR("group"), STR("loose"), &err));
    assert_string_equal(err.message,
                        "unknown group \"loose\"; use free, intermediate or restricted");
    assert_false(sml_fact_check(STR("account"), STR("minister"), &err));
    assert_string_equal(
        err.message,
        "unknown account \"minister\"; use official, personal, ministerial or an @handle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_sets),
        cmocka_unit_test(test_open_sets_and_unknown_facts),
        cmocka_unit_test(test_the_error_lists_the_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
