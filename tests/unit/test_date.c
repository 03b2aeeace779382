/* SPDX-License-Identifier: MIT */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static Minutes start_of(const char *text)
{
    Minutes start, end;
    if (!sml_date_parse(sml_str_from(text), &start, &end))
        fail_msg("\"%s\" is a date", text);
    return start;
}

static void test_reads_days_and_times(void **state)
{
    (void)state;
    Minutes start, end;
    assert_true(sml_date_parse(STR("1970-01-01"), &start, &end));
    assert_int_equal(start, 0);
    assert_int_equal(end, 1440);
    assert_true(sml_date_parse(STR("2026-11-20T09:30"), &start, &end));
    assert_int_equal(end - start, 1);
    assert_int_equal(start, 20777 * 1440 + 9 * 60 + 30);
    assert_int_equal(start_of("2026-11-20 09:30:59"), start);
    assert_int_equal(start_of("1969-12-31T23:59"), -1);
    assert_int_equal(start_of("2026-11-20T00:00"), start_of("2026-11-20"));
    assert_int_equal(start_of("2026-11-20T23:59") + 1, start_of("2026-11-21"));
}

static void test_refuses_what_is_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026",
        "2026-11",
        "2026-1-2",
        "2026-11-2",
        "2026-11-200",
        "2026-00-10",
        "2026-13-10",
        "2026-11-00",
        "2026-11-31",
        "2026-02-29",
        "1900-02-29",
        "2100-02-29",
        "20261120",
        "2026/11/20",
        "20-11-2026",
        " 2026-11-20",
        "2026-11-20 ",
        "2026-11-20T",
        "2026-11-20T9:30",
        "2026-11-20T09",
        "2026-11-20T0930",
        "2026-11-20T24:00",
        "2026-11-20T09:60",
        "2026-11-20T09:30:60",
        "2026-11-20T09:30:",
        "2026-11-20T09:30:00.",
        "2026-11-20T09:30 ",
        "2026-11-20T09:30X",
        "2026-11-20T09:30ZZ",
        "2026-11-20T09:30+1",
        "2026-11-20T09:30+010",
        "2026-11-20T09:30+24:00",
        "2026-11-20Z",
        "-026-11-20",
        "+2026-11-20",
        "tomorrow",
    };
    Minutes start, end;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (sml_date_parse(sml_str_from(bad[i]), &start, &end))
            fail_msg("\"%s\" is no date", bad[i]);
    assert_false(sml_date_parse((Str){"2026-11-20\0", 11}, &start, &end));
}

static void test_leap_years(void **state)
{
    (void)state;
    assert_int_equal(start_of("2024-03-01") - start_of("2024-02-29"), 1440);
    assert_int_equal(start_of("2000-03-01") - start_of("2000-02-29"), 1440);
    assert_int_equal(start_of("2026-03-01") - start_of("2026-02-28"), 1440);
    assert_int_equal(start_of("2100-03-01") - start_of("2100-02-28"), 1440);
}

/* In 2026 the clocks change on 29 March and 25 October. */
static void test_clock_changes(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"2026-03-29T00:59Z", "2026-03-29T00:59"},
        {"2026-03-29T01:00Z", "2026-03-29T02:00"},
        {"2026-10-25T00:59Z", "2026-10-25T01:59"},
        {"2026-10-25T01:00Z", "2026-10-25T01:00"},
        {"2026-03-28T23:59Z", "2026-03-28T23:59"},
        {"2026-10-24T23:00Z", "2026-10-25"},
        {"2026-10-25T23:59Z", "2026-10-25T23:59"},
        {"2026-07-01T23:30Z", "2026-07-02T00:30"},
        {"2026-12-31T23:59:59Z", "2026-12-31T23:59"},
        /* earliest and latest dates that the changes can fall on */
        {"2024-03-31T01:00Z", "2024-03-31T02:00"},
        {"2024-03-31T00:59Z", "2024-03-31T00:59"},
        {"2018-03-25T01:00Z", "2018-03-25T02:00"},
        {"2027-10-31T00:59Z", "2027-10-31T01:59"},
        {"2027-10-31T01:00Z", "2027-10-31T01:00"},
        {"2020-10-25T01:00Z", "2020-10-25T01:00"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (start_of(same[i][0]) != start_of(same[i][1]))
            fail_msg("%s is not %s", same[i][0], same[i][1]);
}

static void test_zones(void **state)
{
    (void)state;
    assert_int_equal(start_of("2026-11-20T09:30+00:00"), start_of("2026-11-20T09:30"));
    assert_int_equal(start_of("2026-11-20T09:30-00:00"), start_of("2026-11-20T09:30Z"));
    assert_int_equal(start_of("2026-07-20T09:30+01:00"), start_of("2026-07-20T09:30"));
    assert_int_equal(start_of("2026-11-20T00:30+01:00"), start_of("2026-11-19T23:30"));
    assert_int_equal(start_of("2026-12-31T20:00-05:00"), start_of("2027-01-01T01:00"));
    assert_int_equal(start_of("2026-11-20 09:30:00 +0000"), start_of("2026-11-20T09:30"));
    assert_int_equal(start_of("2026-07-20T08:30:00.000Z"), start_of("2026-07-20T09:30"));
    assert_int_equal(start_of("2026-11-20 15:00:00+05:30"), start_of("2026-11-20T09:30"));
}

static void check_unix(int64_t seconds, const char *day)
{
    char text[16];
    sml_date_format(text, sml_date_from_unix(seconds));
    assert_string_equal(text, day);
}

static void test_from_unix(void **state)
{
    (void)state;
    assert_int_equal(sml_date_from_unix(1774745999), start_of("2026-03-29T00:59"));
    assert_int_equal(sml_date_from_unix(1774746000), start_of("2026-03-29T02:00"));
    check_unix(0, "1970-01-01");
    check_unix(-1, "1969-12-31");
    check_unix(1783033199, "2026-07-02"); /* 2026-07-02T22:59:59Z */
    check_unix(1783033200, "2026-07-03"); /* 23:00 UTC is midnight in London */
    check_unix(INT64_MAX, "9999-12-31");
    check_unix(INT64_MIN, "0000-01-01");
}

static void test_format_gives_back_every_day(void **state)
{
    (void)state;
    char text[16];
    for (Minutes m = start_of("0000-01-01"); m <= start_of("9999-12-31"); m += 1440) {
        sml_date_format(text, m + m % 7 * 200 % 1440 * (m > 0));
        Minutes start, end;
        assert_true(sml_date_parse(sml_str_from(text), &start, &end));
        assert_int_equal(start, m);
    }
    sml_date_format(text, MINUTES_MIN);
    assert_string_equal(text, "0000-01-01");
    sml_date_format(text, MINUTES_MAX);
    assert_string_equal(text, "9999-12-31");
}

static void test_days(void **state)
{
    (void)state;
    assert_int_equal(sml_date_days(start_of("2026-11-20T23:59"), start_of("2026-11-21T00:00")), 1);
    assert_int_equal(sml_date_days(start_of("2026-11-20"), start_of("2026-11-20T23:59")), 0);
    assert_int_equal(sml_date_days(start_of("2026-11-20"), start_of("2026-08-22")), -90);
    assert_true(sml_date_after(start_of("2026-11-20T23:59"), 1) == start_of("2026-11-21"));
    assert_true(sml_date_after(start_of("2026-11-20"), 41) == start_of("2026-12-31"));
    assert_int_equal(sml_date_days(start_of("1970-01-02"), start_of("1969-12-31T12:00")), -2);
    assert_int_equal(sml_date_days(start_of("2026-03-28"), start_of("2026-03-30")), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_days_and_times),
        cmocka_unit_test(test_refuses_what_is_no_date),
        cmocka_unit_test(test_leap_years),
        cmocka_unit_test(test_clock_changes),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_from_unix),
        cmocka_unit_test(test_format_gives_back_every_day),
        cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
