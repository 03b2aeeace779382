/* SPDX-License-Identifier: MIT */
/* What a linter is told once: grades in place of a rule's own, the calendar, the accounts. Through the public header,
 * over a rulebook of four rules. */
#include <smlint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char book_text[] =
    "smlint: 1\n"
    "sources:\n"
    "  code: {title: Civil Service Code, year: 2015, read: '2026-11-20', verified: true}\n"
    "calendar:\n"
    "  spring: {kind: poll, nation: wales, from: '2027-03-01', to: '2027-03-10', status: "
    "verified,\n"
    "    source: code, at: paragraph 3}\n"
    "  summer: {kind: poll, from: '2027-06-01T09:00', to: '2027-06-02', status: computed}\n"
    "defaults: {cite: [{source: code}]}\n"
    "rules:\n"
    "- id: a/rows\n"
    "  title: Rows\n"
    "  phrases: [alpha]\n"
    "  grade: notice\n"
    "  grades: [{when: {account: official}, grade: error}]\n"
    "  message: {en: Alpha.}\n"
    "  examples: {hits: ['[[alpha]]'], clean: [x]}\n"
    "- id: a/locked\n"
    "  title: Locked\n"
    "  phrases: [beta]\n"
    "  grade: warning\n"
    "  locked: true\n"
    "  message: {en: Beta.}\n"
    "  examples: {hits: ['[[beta]]'], clean: [x]}\n"
    "- id: b/poll\n"
    "  title: Poll\n"
    "  phrases: [gamma]\n"
    "  when: {date: {during: poll}}\n"
    "  grade: warning\n"
    "  message: {en: 'Gamma in {window}.'}\n"
    "  examples: {hits: [{text: '[[gamma]]', at: '2027-06-01'}], clean: [x]}\n"
    "- id: b/personal\n"
    "  title: Personal\n"
    "  phrases: [delta]\n"
    "  when: {account: personal}\n"
    "  grade: warning\n"
    "  message: {en: Delta.}\n"
    "  examples: {hits: [{text: '[[delta]]', meta: {account: personal}}], clean: [x]}\n";

static sml_rulebook *book;

static int load_book(void **state)
{
    (void)state;
    char path[] = "/tmp/test_settings.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, book_text, sizeof book_text - 1), sizeof book_text - 1);
    close(fd);
    sml_error err = {0};
    book = sml_rulebook_load(path, NULL, NULL, &err);
    unlink(path);
    assert_string_equal(err.message, "");
    return book ? 0 : -1;
}

static int free_book(void **state)
{
    (void)state;
    sml_rulebook_free(book);
    return 0;
}

/* The grade of the one finding, SML_CLEAN for none; its message into `message` where not NULL. */
static sml_grade grade_of(const sml_options *o, const char *text, sml_context context,
                          char *message)
{
    sml_error err = {0};
    sml_linter *l = sml_linter_new(&book, 1, o, &err);
    assert_string_equal(err.message, "");
    sml_input in = {.path = SML_STR("draft.txt"), .text = {text, strlen(text)}, .context = context};
    sml_result r;
    assert_true(sml_linter_check(&r, l, &in, &err));
    assert_true(r.n_findings <= 1);
    if (message)
        snprintf(message, 64, "%.*s", r.n_findings ? (int)r.findings[0].message.len : 0,
                 r.n_findings ? r.findings[0].message.p : "");
    sml_grade grade = r.grade;
    sml_linter_free(l);
    return grade;
}

static sml_grade overridden(const sml_override *v, uint32_t n, const char *text,
                            const char *account)
{
    sml_options o = SML_OPTIONS_INIT;
    o.overrides = v;
    o.n_overrides = n;
    return grade_of(&o, text, (sml_context){.account = {account, strlen(account)}}, NULL);
}

static void test_override_takes_the_place_of_rows(void **state)
{
    (void)state;
    const sml_override warning[] = {{SML_STR("a/rows"), SML_WARNING, false, {NULL, 0}}};
    assert_int_equal(overridden(NULL, 0, "alpha", "personal"), SML_NOTICE);
    assert_int_equal(overridden(NULL, 0, "alpha", "official"), SML_ERROR);
    assert_int_equal(overridden(warning, 1, "alpha", "personal"), SML_WARNING);
    assert_int_equal(overridden(warning, 1, "alpha", "official"), SML_WARNING);
    assert_int_equal(overridden(warning, 1, "alpha", ""), SML_WARNING);
}

static void test_override_switches_off(void **state)
{
    (void)state;
    const sml_override off[] = {{SML_STR("a/rows"), SML_CLEAN, false, {NULL, 0}}};
    assert_int_equal(overridden(off, 1, "alpha", "official"), SML_CLEAN);
    assert_int_equal(overridden(off, 1, "beta", "official"), SML_WARNING);
}

static void test_later_override_wins(void **state)
{
    (void)state;
    const sml_override both[] = {{SML_STR("a"), SML_CLEAN, true, {NULL, 0}},
                                 {SML_STR("a/rows"), SML_ERROR, false, {NULL, 0}}};
    assert_int_equal(overridden(both, 2, "alpha", ""), SML_ERROR);
    assert_int_equal(overridden(both, 2, "beta", ""), SML_CLEAN);
}

static void test_locked_rules_are_lowered_by_leave(void **state)
{
    (void)state;
    const sml_override family[] = {{SML_STR("a"), SML_NOTICE, false, {NULL, 0}}};
    const sml_override raised[] = {{SML_STR("a/locked"), SML_ERROR, false, {NULL, 0}}};
    const sml_override leave[] = {{SML_STR("a/locked"), SML_NOTICE, true, {NULL, 0}}};
    assert_int_equal(overridden(family, 1, "beta", ""), SML_WARNING);
    assert_int_equal(overridden(raised, 1, "beta", ""), SML_ERROR);
    assert_int_equal(overridden(leave, 1, "beta", ""), SML_NOTICE);
}

/* An override says how grave it is, not that it applies: that is still unknown. */
static void test_override_keeps_what_is_unknown(void **state)
{
    (void)state;
    const sml_override error[] = {{SML_STR("b/personal"), SML_ERROR, false, {NULL, 0}}};
    assert_int_equal(overridden(error, 1, "delta", "personal"), SML_ERROR);
    assert_int_equal(overridden(error, 1, "delta", "official"), SML_CLEAN);
    assert_int_equal(overridden(error, 1, "delta", ""), SML_NOTICE);
}

static sml_grade overridden_on(const char *date)
{
    const sml_override v[] = {{SML_STR("a"), SML_CLEAN, true, SML_STR("2026-12-31")},
                              {SML_STR("b"), SML_CLEAN, true, SML_STR("2026-10-31")},
                              {SML_STR("a/rows"), SML_ERROR, true, SML_STR("2026-11-30")},
                              {SML_STR("a/rows"), SML_WARNING, true, {NULL, 0}},
                              {SML_STR("a"), SML_NOTICE, true, SML_STR("2026-10-31")}};
    sml_options o = SML_OPTIONS_INIT;
    o.overrides = v;
    o.n_overrides = 5;
    return grade_of(&o, "beta", (sml_context){.date = {date, strlen(date)}}, NULL);
}

/* By the day that the draft goes out, the last one included. What ends brings back what stood before it. */
static void test_overrides_end(void **state)
{
    (void)state;
    assert_int_equal(overridden_on("2026-10-31T23:59"), SML_NOTICE);
    assert_int_equal(overridden_on("2026-11-01T00:00"), SML_CLEAN);
    assert_int_equal(overridden_on("2026-12-31"), SML_CLEAN);
    assert_int_equal(overridden_on("2026-12-31T23:59"), SML_CLEAN);
    assert_int_equal(overridden_on("2027-01-01"), SML_WARNING);
    assert_int_equal(overridden_on(""), SML_WARNING);
}

/* One linter, posts of many days. */
static void test_overrides_end_for_each_draft(void **state)
{
    (void)state;
    static const char *const days[] = {"2027-01-01", "2026-12-31", "2027-01-02", "2026-12-30"};
    const sml_override off[] = {{SML_STR("a/rows"), SML_CLEAN, false, SML_STR("2026-12-31")}};
    sml_options o = SML_OPTIONS_INIT;
    o.overrides = off;
    o.n_overrides = 1;
    sml_linter *l = sml_linter_new(&book, 1, &o, NULL);
    for (int i = 0; i < 4; i++) {
        sml_result r;
        sml_input in = {.text = SML_STR("alpha"), .context = {.date = {days[i], 10}}};
        assert_true(sml_linter_check(&r, l, &in, NULL));
        assert_int_equal(r.grade, i % 2 ? SML_CLEAN : SML_NOTICE);
    }
    sml_linter_free(l);
}

static void refuse_rules(sml_str until, sml_str date, const char *why)
{
    sml_error err = {0};
    const sml_override off[] = {{SML_STR("a/rows"), SML_CLEAN, false, until}};
    const sml_str only[] = {SML_STR("a/rows")};
    sml_options o = SML_OPTIONS_INIT;
    o.overrides = off;
    o.n_overrides = 1;
    o.only = only;
    o.n_only = 1;
    o.date = date;
    sml_linter *l = sml_linter_new(&book, 1, &o, &err);
    assert_int_equal(l == NULL, *why != '\0');
    assert_string_equal(err.message, why);
    sml_linter_free(l);
}

static void test_some_rule_is_left_on_the_day(void **state)
{
    (void)state;
    const char *nothing = "nothing is left to check: every rule that was asked for is skipped, "
                          "switched off or on trial";
    refuse_rules((sml_str){NULL, 0}, SML_STR("2027-01-01"), nothing);
    refuse_rules(SML_STR("2026-12-31"), SML_STR("2026-12-31"), nothing);
    refuse_rules(SML_STR("2026-12-31"), SML_STR("2027-01-01"), "");
    refuse_rules(SML_STR("soon"), SML_STR("2027-01-01"),
                 "override of \"a/rows\": \"soon\" is no date; write it like 2026-11-20");
}

static void test_unknown_names_are_refused(void **state)
{
    (void)state;
    sml_error err;
    const sml_override wrong[] = {{SML_STR("a/row"), SML_NOTICE, false, {NULL, 0}}};
    sml_options o = SML_OPTIONS_INIT;
    o.overrides = wrong;
    o.n_overrides = 1;
    assert_null(sml_linter_new(&book, 1, &o, &err));
    assert_string_equal(err.message, "unknown rule or family \"a/row\"; did you mean a/rows?");
}

/* ---- what an embedder may get wrong ---------------------------------------------------------- */

static void refuse_options(const sml_options *o, const char *why)
{
    sml_error err;
    assert_null(sml_linter_new(&book, 1, o, &err));
    assert_string_equal(err.message, why);
    assert_null(sml_linter_new(&book, 1, o, NULL));
}

static void test_options_that_would_count_for_nothing(void **state)
{
    (void)state;
    const sml_account accounts[] = {{SML_STR("@dft"), {.account = SML_STR("offical")}}};
    sml_options unsized = {.trial = true}, dated = SML_OPTIONS_INIT, account = SML_OPTIONS_INIT;
    dated.date = SML_STR("1 May");
    account.accounts = accounts;
    account.n_accounts = 1;
    refuse_options(&unsized, "these options have no size; begin them with SML_OPTIONS_INIT");
    refuse_options(&dated, "\"1 May\" is no date; write it like 2026-11-20 or 2026-11-20T09:30");
    refuse_options(&account, "unknown account \"offical\"; use official, personal, ministerial or "
                             "an @handle");
}

/* A misspelt fact would keep rules silent that ask for the right one. */
static void test_facts_that_there_are_not(void **state)
{
    (void)state;
    sml_linter *l = sml_linter_new(&book, 1, NULL, NULL);
    const sml_context wrong = {.account = SML_STR("offical")};
    const sml_input inputs[] = {
        {.text = SML_STR("alpha"), .context = wrong},
        {.text = SML_STR("alpha"), .defaults = wrong},
        {.text = SML_STR("{\"id\":1,\"text\":\"alpha\"}"),
         .kind = SML_INPUT_JSONL,
         .defaults = wrong},
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        sml_error err;
        sml_result r;
        assert_false(sml_linter_check(&r, l, &inputs[i], &err));
        assert_string_equal(err.message, "unknown account \"offical\"; use official, personal, "
                                         "ministerial or an @handle");
        assert_string_equal(r.problem->message, err.message);
        assert_int_equal(r.id.len, i == 2 ? 1 : 0);
        assert_int_equal(r.n_findings, 0);
        assert_false(sml_linter_next(&r, l));
    }
    sml_linter_free(l);
}

/* ---- the calendar ---------------------------------------------------------------------------- */

static sml_grade on(const sml_period *v, uint32_t n, const char *date, const char *nation,
                    char *message)
{
    sml_options o = SML_OPTIONS_INIT;
    o.periods = v;
    o.n_periods = n;
    sml_context c = {.date = {date, strlen(date)}, .nation = {nation, strlen(nation)}};
    return grade_of(&o, "gamma", c, message);
}

static void test_periods_are_half_open(void **state)
{
    (void)state;
    assert_int_equal(on(NULL, 0, "2027-05-31T23:59", "", NULL), SML_CLEAN);
    assert_int_equal(on(NULL, 0, "2027-06-01T08:59", "", NULL), SML_CLEAN);
    assert_int_equal(on(NULL, 0, "2027-06-01T09:00", "", NULL), SML_WARNING);
    assert_int_equal(on(NULL, 0, "2027-06-01", "", NULL), SML_WARNING);
    assert_int_equal(on(NULL, 0, "2027-06-01T23:59", "", NULL), SML_WARNING);
    assert_int_equal(on(NULL, 0, "2027-06-02T00:00", "", NULL), SML_CLEAN);
    /* midnight in London is 23:00 in UTC then */
    assert_int_equal(on(NULL, 0, "2027-06-01T22:59Z", "", NULL), SML_WARNING);
    assert_int_equal(on(NULL, 0, "2027-06-01T23:00Z", "", NULL), SML_CLEAN);
}

static void test_periods_hold_in_their_nation(void **state)
{
    (void)state;
    assert_int_equal(on(NULL, 0, "2027-03-05", "wales", NULL), SML_WARNING);
    assert_int_equal(on(NULL, 0, "2027-03-05", "scotland", NULL), SML_CLEAN);
    assert_int_equal(on(NULL, 0, "2027-03-05", "", NULL), SML_NOTICE);
    const sml_period britain[] = {{.name = SML_STR("spring"),
                                   .kind = SML_STR("poll"),
                                   .nation = SML_STR("great-britain"),
                                   .from = SML_STR("2027-03-01"),
                                   .to = SML_STR("2027-03-10")}};
    assert_int_equal(on(britain, 1, "2027-03-05", "scotland", NULL), SML_WARNING);
    assert_int_equal(on(britain, 1, "2027-03-05", "northern-ireland", NULL), SML_CLEAN);
}

static void test_periods_are_added_and_moved(void **state)
{
    (void)state;
    char message[64];
    const sml_period v[] = {{.name = SML_STR("autumn"),
                             .kind = SML_STR("poll"),
                             .from = SML_STR("2027-10-01"),
                             .to = SML_STR("2027-10-02")},
                            {.name = SML_STR("summer"),
                             .kind = SML_STR("poll"),
                             .from = SML_STR("2027-06-03"),
                             .to = SML_STR("2027-06-04")}};
    assert_int_equal(on(v, 2, "2027-10-01", "", message), SML_WARNING);
    assert_string_equal(message, "Gamma in autumn.");
    assert_int_equal(on(v, 2, "2027-06-01", "", NULL), SML_CLEAN);
    assert_int_equal(on(v, 2, "2027-06-03", "", message), SML_WARNING);
    assert_string_equal(message, "Gamma in summer.");
    assert_int_equal(on(v, 2, "2027-03-05", "wales", message), SML_WARNING);
    assert_string_equal(message, "Gamma in spring.");
}

/* At both clock changes: 01:00 UTC on 28 March 2027 and 31 October 2027. */
static void test_periods_at_clock_changes(void **state)
{
    (void)state;
    const sml_period spring[] = {{.name = SML_STR("x"),
                                  .kind = SML_STR("poll"),
                                  .from = SML_STR("2027-03-28T02:00"),
                                  .to = SML_STR("2027-03-28T03:00")}};
    assert_int_equal(on(spring, 1, "2027-03-28T00:59Z", "", NULL), SML_CLEAN);
    assert_int_equal(on(spring, 1, "2027-03-28T01:00Z", "", NULL), SML_WARNING);
    assert_int_equal(on(spring, 1, "2027-03-28T01:59Z", "", NULL), SML_WARNING);
    assert_int_equal(on(spring, 1, "2027-03-28T02:00Z", "", NULL), SML_CLEAN);
    /* the hour from 01:00 to 02:00 comes twice, and both times the wall shows it */
    const sml_period autumn[] = {{.name = SML_STR("x"),
                                  .kind = SML_STR("poll"),
                                  .from = SML_STR("2027-10-31T01:00"),
                                  .to = SML_STR("2027-10-31T02:00")}};
    assert_int_equal(on(autumn, 1, "2027-10-30T23:59Z", "", NULL), SML_CLEAN);
    assert_int_equal(on(autumn, 1, "2027-10-31T00:00Z", "", NULL), SML_WARNING);
    assert_int_equal(on(autumn, 1, "2027-10-31T01:00Z", "", NULL), SML_WARNING);
    assert_int_equal(on(autumn, 1, "2027-10-31T02:00Z", "", NULL), SML_CLEAN);
}

static void refuse_period(const char *from, const char *to, const char *why)
{
    sml_error err;
    const sml_period v[] = {
        {.name = SML_STR("x"), .from = {from, strlen(from)}, .to = {to, strlen(to)}}};
    sml_options o = SML_OPTIONS_INIT;
    o.periods = v;
    o.n_periods = 1;
    assert_null(sml_linter_new(&book, 1, &o, &err));
    assert_string_equal(err.message, why);
}

static void test_wrong_periods_are_refused(void **state)
{
    (void)state;
    refuse_period(
        "2027-02-30", "2027-03-01",
        "calendar entry \"x\": \"2027-02-30\" is no date; write it like 2026-11-20T09:30");
    refuse_period("2027-03-01", "2027-03-01", "calendar entry \"x\" ends before it begins");
}

static void test_rulebook_tells_its_periods(void **state)
{
    (void)state;
    sml_period p;
    assert_int_equal(sml_rulebook_periods(book), 2);
    sml_rulebook_period(&p, book, 1);
    assert_memory_equal(p.name.p, "summer", p.name.len);
    assert_int_equal(p.from.len, strlen("2027-06-01T09:00"));
    assert_memory_equal(p.from.p, "2027-06-01T09:00", p.from.len);
    assert_memory_equal(p.to.p, "2027-06-02T00:00", p.to.len);
    assert_memory_equal(p.status.p, "computed", p.status.len);
    assert_int_equal(p.source.title.len, 0);
    sml_rulebook_period(&p, book, 0);
    assert_int_equal(p.source.title.len, strlen("Civil Service Code"));
    assert_memory_equal(p.source.title.p, "Civil Service Code", p.source.title.len);
    assert_memory_equal(p.source.at.p, "paragraph 3", p.source.at.len);
    assert_true(p.source.verified);
}

/* ---- accounts -------------------------------------------------------------------------------- */

static sml_grade posted_by(const char *account, const char *handle)
{
    const sml_account v[] = {
        {SML_STR("@Jo"), {.account = SML_STR("personal")}},
        {{NULL, 0}, {.account = SML_STR("official"), .nation = SML_STR("wales")}}};
    sml_options o = SML_OPTIONS_INIT;
    o.accounts = v;
    o.n_accounts = 2;
    sml_context c = {.account = {account, strlen(account)}, .handle = {handle, strlen(handle)}};
    return grade_of(&o, "delta", c, NULL);
}

static void test_accounts_are_looked_up(void **state)
{
    (void)state;
    assert_int_equal(posted_by("", "@jo"), SML_WARNING);
    assert_int_equal(posted_by("@JO", ""), SML_WARNING);
    assert_int_equal(posted_by("", "jo"), SML_WARNING);
    assert_int_equal(posted_by("", "@other"), SML_CLEAN);
    assert_int_equal(posted_by("", ""), SML_CLEAN);
    assert_int_equal(posted_by("personal", ""), SML_WARNING);
    assert_int_equal(posted_by("official", "@jo"), SML_CLEAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_override_takes_the_place_of_rows),
        cmocka_unit_test(test_override_switches_off),
        cmocka_unit_test(test_later_override_wins),
        cmocka_unit_test(test_locked_rules_are_lowered_by_leave),
        cmocka_unit_test(test_override_keeps_what_is_unknown),
        cmocka_unit_test(test_overrides_end),
        cmocka_unit_test(test_overrides_end_for_each_draft),
        cmocka_unit_test(test_some_rule_is_left_on_the_day),
        cmocka_unit_test(test_unknown_names_are_refused),
        cmocka_unit_test(test_options_that_would_count_for_nothing),
        cmocka_unit_test(test_facts_that_there_are_not),
        cmocka_unit_test(test_periods_are_half_open),
        cmocka_unit_test(test_periods_hold_in_their_nation),
        cmocka_unit_test(test_periods_are_added_and_moved),
        cmocka_unit_test(test_periods_at_clock_changes),
        cmocka_unit_test(test_wrong_periods_are_refused),
        cmocka_unit_test(test_rulebook_tells_its_periods),
        cmocka_unit_test(test_accounts_are_looked_up),
    };
    return cmocka_run_group_tests(tests, load_book, free_book);
}
