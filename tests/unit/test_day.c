/* SPDX-License-Identifier: MIT */
#include "text/day.h"

#include <setjmp.h>

#include <cmocka.h>

static void assert_day(const char *date, const char *time, const char *want, bool ambiguous)
{
    Arena *a = sml_arena_new();
    Day w;
    bool ok = sml_day_read(&w, sml_str_from(date), sml_str_from(time), STR("2026-11-20"), a);
    if (ok != (want != NULL))
        fail_msg("%s: %s", date, ok ? w.date.p : "not read");
    if (want) {
        assert_string_equal(w.date.p, want);
        assert_int_equal(w.ambiguous, ambiguous);
    }
    sml_arena_free(a);
}

static void test_styles(void **state)
{
    (void)state;
    assert_day("23/11/2026", NULL, "2026-11-23", false);
    assert_day("23/11/26", NULL, "2026-11-23", false);
    assert_day("23.11.2026", NULL, "2026-11-23", false);
    assert_day("23 Nov 2026", NULL, "2026-11-23", false);
    assert_day("23rd November 2026", NULL, "2026-11-23", false);
    assert_day("November 23, 2026", NULL, "2026-11-23", false);
    assert_day("23-Nov-26", NULL, "2026-11-23", false);
    assert_day("Monday, 23 Tachwedd 2026", NULL, "2026-11-23", false);
    assert_day("2026-11-23", NULL, "2026-11-23", false);
    assert_day("2026/11/23", NULL, "2026-11-23", false);
    assert_day("11/23/2026", NULL, "2026-11-23", false);
    assert_day("46349", NULL, "2026-11-23", false);
    assert_day("46349.395833", NULL, "2026-11-23", false);
}

static void test_times(void **state)
{
    (void)state;
    assert_day("23/11/2026", "9.30am", "2026-11-23T09:30", false);
    assert_day("23/11/2026", "09:30", "2026-11-23T09:30", false);
    assert_day("2026-11-23", "12am", "2026-11-23T00:00", false);
    assert_day("23/11/2026", "12:15 pm", "2026-11-23T12:15", false);
    assert_day("23/11/2026", "lunch", "2026-11-23", false);
    assert_day("23/11/2026 09:30", NULL, "2026-11-23T09:30", false);
    assert_day("23 Nov 2026 2 pm", NULL, "2026-11-23T14:00", false);
    assert_day("2026/11/23 09:30", NULL, "2026-11-23T09:30", false);
    assert_day("2026-11-23T09:30:00Z", NULL, "2026-11-23T09:30:00Z", false);
    assert_day("2026-11-23 09:30:00", NULL, "2026-11-23 09:30:00", false);
}

static void test_either_order(void **state)
{
    (void)state;
    assert_day("03/04/2026", NULL, "2026-04-03", true);
    assert_day("04/04/2026", NULL, "2026-04-04", false);
    assert_day("3 Apr 2026", NULL, "2026-04-03", false);
}

static void test_the_nearest_year(void **state)
{
    (void)state;
    assert_day("Mon 24 Nov", NULL, "2026-11-24", false);
    assert_day("5 Jan", NULL, "2027-01-05", false);
    assert_day("23/11", NULL, "2026-11-23", false);
    Arena *a = sml_arena_new();
    Day w;
    assert_false(sml_day_read(&w, STR("5 Jan"), (Str){0}, (Str){0}, a));
    sml_arena_free(a);
}

static void test_what_is_no_date(void **state)
{
    (void)state;
    static const char *const words[] = {"",       "TBC",        "next week", "31/11/2026",
                                        "0/1/26", "1/2/3/2026", "12",        "Nov Nov 3",
                                        "-",      "2026",       "9am",       "99999"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_day(words[i], NULL, NULL, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_styles),          cmocka_unit_test(test_times),
        cmocka_unit_test(test_either_order),    cmocka_unit_test(test_the_nearest_year),
        cmocka_unit_test(test_what_is_no_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
