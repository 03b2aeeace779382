/* SPDX-License-Identifier: MIT */
/* Results made by hand, and the bytes that each format makes of them. */
#include "base/json.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- results --------------------------------------------------------------------------------- */

static const sml_cite cites[] = {
    {.source = {"code", 4},
     .title = {"Civil Service Code", 18},
     .at = {"Impartiality", 12},
     .url = {"https://example.org/code", 24},
     .verified = true},
    {.source = {"guide", 5}, .title = {"Social media guidance", 21}},
};

static sml_finding vote(void)
{
    return (sml_finding){
        .rule = STR("impartiality/urges-a-vote"),
        .family = STR("impartiality"),
        .title = STR("Urges people to vote for a party"),
        .grade = SML_ERROR,
        .full_grade = SML_ERROR,
        .message = STR("\"vote Labour\" asks people to back a party."),
        .why = STR("It puts later service in doubt."),
        .instead = STR("Leave out the party."),
        .ask = STR("propriety team"),
        .cites = cites,
        .n_cites = 2,
        .span = {7, 18},
        .post = {7, 18},
        .line = 1,
        .col = 8,
        .end_line = 1,
        .end_col = 19,
        .match = STR("vote Labour"),
        .count = 1,
        .excerpt = STR("Please vote Labour on Thursday"),
        .excerpt_span = {7, 18},
    };
}

static sml_finding repost(void)
{
    return (sml_finding){
        .rule = STR("reposts/no-words"),
        .family = STR("reposts"),
        .title = STR("Reposts without a word"),
        .grade = SML_NOTICE,
        .full_grade = SML_WARNING,
        .missing = STR("if this is an official account"),
        .message = STR("\"RT\" reads as agreement."),
        .span = {0, 2},
        .post = {0, 2},
        .line = 1,
        .col = 1,
        .end_line = 1,
        .end_col = 3,
        .match = STR("RT"),
        .count = 3,
        .excerpt = STR("RT @someone: yes"),
        .excerpt_span = {0, 2},
    };
}

static sml_result result_of(const sml_finding *findings, uint32_t n)
{
    sml_result r = {
        .path = STR("draft.txt"),
        .findings = findings,
        .n_findings = n,
        .context = {.date = STR("2026-11-20"), .date_origin = STR("today")},
    };
    for (uint32_t i = 0; i < n; i++)
        if (findings[i].grade > r.grade)
            r.grade = findings[i].grade;
    return r;
}

/* ---- running --------------------------------------------------------------------------------- */

static bool keep(void *user, sml_str bytes)
{
    sml_buf_add(user, bytes);
    return true;
}

static sml_reporter *reporter(const char *format, const sml_report_options *options, Buf *out)
{
    sml_error err;
    sml_reporter *r = sml_reporter_new(sml_str_from(format), options, keep, out, &err);
    if (!r)
        fail_msg("%s", err.message);
    return r;
}

/* Finishes, and leaves the bytes NUL-terminated in `out`. */
static void finish(sml_reporter *r, Buf *out)
{
    assert_true(sml_reporter_finish(r));
    sml_reporter_free(r);
    sml_buf_addc(out, '\0');
    out->len--;
}

static void assert_report(const char *format, const sml_report_options *options,
                          const sml_result *results, size_t n, const char *want)
{
    Buf out = {0};
    sml_reporter *r = reporter(format, options, &out);
    for (size_t i = 0; i < n; i++)
        assert_true(sml_reporter_add(r, &results[i], NULL));
    finish(r, &out);
    assert_string_equal(out.p, want);
    sml_buf_free(&out);
}

static void assert_problem(const char *format, const char *want)
{
    Buf out = {0};
    sml_error problem = {.path = "a.jsonl", .line = 3, .col = 4, .message = "not JSON"};
    sml_result r = {.path = STR("a.jsonl"), .id = STR("\"x:1\"")};
    sml_reporter *reporter_ = reporter(format, NULL, &out);
    assert_true(sml_reporter_add(reporter_, &r, &problem));
    finish(reporter_, &out);
    assert_string_equal(out.p, want);
    sml_buf_free(&out);
}

#define OPTIONS(...) (&(sml_report_options){.size = sizeof(sml_report_options), __VA_ARGS__})

/* ---- text ------------------------------------------------------------------------------------ */

static void test_text_blocks(void **state)
{
    (void)state;
    sml_finding findings[] = {repost(), vote()};
    sml_result r = result_of(findings, 2);
    r.undecided = 1;
    r.links = 1;
    assert_report("text", NULL, &r, 1,
                  "draft.txt:1:8: error: \"vote Labour\" asks people to back a party. "
                  "[impartiality/urges-a-vote]\n"
                  "    Please vote Labour on Thursday\n"
                  "           ^~~~~~~~~~~\n"
                  "    why: It puts later service in doubt. Under Civil Service Code, "
                  "Impartiality. See Social media "
                  "guidance.\n"
                  "    instead: Leave out the party.\n"
                  "    ask: propriety team\n"
                  "\n"
                  "draft.txt:1:1: notice: \"RT\" reads as agreement. [reposts/no-words] (and 2 "
                  "more like it in this "
                  "post) (if this is an official account, this is a warning)\n"
                  "\n"
                  "1 error, 1 notice in 1 draft, judged as of 2026-11-20 (today). Not checked: 1 "
                  "link. 1 finding "
                  "graded low, as a fact is missing.\n");
}

static void test_text_wraps(void **state)
{
    (void)state;
    sml_finding f = vote();
    sml_result r = result_of(&f, 1);
    assert_report("text", OPTIONS(.width = 40), &r, 1,
                  "draft.txt:1:8: error: \"vote Labour\" asks\n"
                  "    people to back a party.\n"
                  "    [impartiality/urges-a-vote]\n"
                  "    Please vote Labour on Thursday\n"
                  "           ^~~~~~~~~~~\n"
                  "    why: It puts later service in doubt.\n"
                  "      Under Civil Service Code,\n"
                  "      Impartiality. See Social media\n"
                  "      guidance.\n"
                  "    instead: Leave out the party.\n"
                  "    ask: propriety team\n"
                  "\n"
                  "1 error in 1 draft, judged as of\n"
                  "2026-11-20 (today).\n");
}

static void test_text_of_clean_drafts(void **state)
{
    (void)state;
    sml_result clean = result_of(NULL, 0), two[] = {clean, clean};
    assert_report("text", NULL, &clean, 1,
                  "draft.txt: nothing found, judged as of 2026-11-20 (today). Not checked: "
                  "permission to post.\n");
    two[1].images = 2;
    two[1].context.date = STR("2026-11-21");
    assert_report(
        "text", OPTIONS(.skipped = STR("reposts"), .stale = STR("parties (2026-05-01)")), two, 2,
        "nothing found in 2 drafts, each judged as of its own date. Not checked: 2 images, "
        "reposts (skipped), permission to post. Old lists: parties (2026-05-01).\n");
    assert_report("text", OPTIONS(.quiet = true), two, 2, "");
    assert_report("text", NULL, NULL, 0, "nothing was checked.\n");
}

static void test_text_hides_what_is_below(void **state)
{
    (void)state;
    sml_finding f = repost();
    sml_result r = result_of(&f, 1);
    assert_report("text", OPTIONS(.min_grade = SML_WARNING), &r, 1,
                  "draft.txt: no warning found, judged as of 2026-11-20 (today). 1 finding below "
                  "warning not shown.\n");
}

static void test_text_says_what_was_not_decided(void **state)
{
    (void)state;
    sml_unchecked u = {STR("a/b"), STR("match limit reached")};
    sml_result r = result_of(NULL, 0);
    r.unchecked = &u;
    r.n_unchecked = 1;
    r.bad_utf8 = true;
    r.bad_utf8_line = 2;
    r.bad_utf8_col = 5;
    assert_report(
        "text", NULL, &r, 1,
        "draft.txt:2:5: notice: not UTF-8 here, checked as U+FFFD; save it as UTF-8\n"
        "draft.txt: not checked: match limit reached [a/b]\n"
        "\n"
        "draft.txt: nothing found, judged as of 2026-11-20 (today). Not checked: 1 undecided "
        "rule, permission to post.\n");
}

/* The two lines of the excerpt in a report. */
static void assert_excerpt(Str excerpt, sml_span span, uint32_t width, const char *want)
{
    sml_finding f = {.rule = STR("a/b"), .grade = SML_ERROR, .message = STR("m"), .count = 1};
    f.excerpt = excerpt;
    f.excerpt_span = span;
    sml_result r = result_of(&f, 1);
    Buf out = {0};
    sml_reporter *reporter_ = reporter("text", OPTIONS(.width = width, .quiet = true), &out);
    sml_reporter_add(reporter_, &r, NULL);
    finish(reporter_, &out);
    const char *second = strchr(out.p, '\n') + 1;
    assert_string_equal(second, want);
    sml_buf_free(&out);
}

static void test_underlines_follow_what_is_seen(void **state)
{
    (void)state;
    /* A tab; wide letters; a sequence of four code points that is one emoji; a hidden turn; escape
     * bytes. */
    assert_excerpt(STR("\tab"), (sml_span){1, 3}, 0, "        ab\n        ^~\n");
    assert_excerpt(STR("\xE6\x97\xA5x\xE6\x9C\xAC"), (sml_span){3, 7}, 0,
                   "    \xE6\x97\xA5x\xE6\x9C\xAC\n      ^~~\n");
    assert_excerpt(
        STR("\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x92 ok"), (sml_span){16, 18},
        0, "    \xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x92 ok\n       ^~\n");
    assert_excerpt(STR("\xE2\x80\xAE"
                       "ab"),
                   (sml_span){3, 5}, 0, "    <U+202E>ab\n            ^~\n");
    assert_excerpt(STR("\x1b[2Jab"), (sml_span){4, 6}, 0, "    \\x1b[2Jab\n           ^~\n");
    /* e and a combining accent; nothing at all. */
    assert_excerpt(STR("e\xCC\x81z"), (sml_span){3, 4}, 0, "    e\xCC\x81z\n     ^\n");
    assert_excerpt(STR("ab"), (sml_span){2, 2}, 0, "    ab\n      ^\n");
}

static void test_excerpts_fit_the_terminal(void **state)
{
    (void)state;
    Str long_line = STR("0123456789 0123456789 0123456789 [here] 0123456789 0123456789");
    assert_excerpt(long_line, (sml_span){33, 39}, 34,
                   "    \xE2\x80\xA6"
                   "789 0123456789 [here] 012345\xE2\x80\xA6\n"
                   "                    ^~~~~~\n");
    assert_excerpt(STR("0123456789012345678901234567890123456789"), (sml_span){0, 40}, 34,
                   "    0123456789012345678901234567\xE2\x80\xA6\n"
                   "    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

static void test_colours_are_extra(void **state)
{
    (void)state;
    sml_finding f = repost();
    f.count = 1;
    f.missing = (Str){0};
    sml_result r = result_of(&f, 1);
    assert_report(
        "text", OPTIONS(.color = true, .quiet = true), &r, 1,
        "\x1b[1mdraft.txt:1:1:\x1b[0m\x1b[1;36m notice:\x1b[0m \"RT\" reads as agreement. "
        "[reposts/no-words]\n");
}

static void test_whole_and_redacted_findings_show_no_words(void **state)
{
    (void)state;
    sml_finding f = vote();
    f.ask = f.instead = f.why = (Str){0};
    f.n_cites = 0;
    sml_result r = result_of(&f, 1);
    assert_report(
        "text", OPTIONS(.redact = true, .quiet = true), &r, 1,
        "draft.txt:1:8: error: Urges people to vote for a party [impartiality/urges-a-vote]\n");
    f.whole = true;
    f.message = STR("m");
    assert_report("text", OPTIONS(.quiet = true), &r, 1,
                  "draft.txt:1:8: error: m [impartiality/urges-a-vote]\n");
}

static void test_paths_cannot_begin_lines(void **state)
{
    (void)state;
    sml_finding f = repost();
    sml_result r = result_of(&f, 1);
    r.path = STR("a\n::error::\x1b[2J.txt");
    static const char *const formats[] = {"text", "gnu", "github", "json", "jsonl"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        Buf out = {0};
        sml_reporter *reporter_ = reporter(formats[i], NULL, &out);
        sml_reporter_add(reporter_, &r, NULL);
        finish(reporter_, &out);
        assert_null(strstr(out.p, "\n::error"));
        assert_null(strchr(out.p, '\x1b'));
        sml_buf_free(&out);
    }
}

/* ---- gnu ------------------------------------------------------------------------------------- */

static void test_gnu(void **state)
{
    (void)state;
    sml_finding findings[] = {repost(), vote()};
    sml_result r = result_of(findings, 2);
    assert_report("gnu", NULL, &r, 1,
                  "draft.txt:1:1: note: \"RT\" reads as agreement [reposts/no-words]\n"
                  "draft.txt:1:8: error: \"vote Labour\" asks people to back a party "
                  "[impartiality/urges-a-vote]\n");
    assert_report(
        "gnu", OPTIONS(.min_grade = SML_ERROR, .redact = true), &r, 1,
        "draft.txt:1:8: error: Urges people to vote for a party [impartiality/urges-a-vote]\n");
    assert_problem("gnu", "a.jsonl:3:4: error: not JSON\n");
}

/* ---- jsonl ----------------------------------------------------------------------------------- */

static void test_jsonl(void **state)
{
    (void)state;
    sml_finding findings[] = {repost(), vote()};
    sml_cue cue = {STR("pledge"), {7, 11}};
    findings[1].masked = true;
    findings[1].match = (Str){0};
    findings[1].cues = &cue;
    findings[1].n_cues = 1;
    sml_unchecked u = {STR("a/b"), STR("match limit reached")};
    sml_result r[] = {result_of(NULL, 0), result_of(findings, 2)};
    r[0].id = STR("null");
    r[1].id = STR("\"x:1\"");
    r[1].unchecked = &u;
    r[1].n_unchecked = 1;
    r[1].bad_utf8 = true;
    assert_report(
        "jsonl", NULL, r, 2,
        "{\"id\":null,\"grade\":\"clean\",\"findings\":[]}\n"
        "{\"id\":\"x:1\",\"grade\":\"error\",\"findings\":["
        "{\"rule\":\"reposts/no-words\",\"grade\":\"notice\",\"start\":0,\"end\":2,"
        "\"match\":\"RT\",\"message\":\"\\\"RT\\\" reads as agreement.\","
        "\"missing\":\"if this is an official account\"},"
        "{\"rule\":\"impartiality/urges-a-vote\",\"grade\":\"error\",\"start\":7,\"end\":18,"
        "\"message\":\"\\\"vote Labour\\\" asks people to back a party.\","
        "\"cues\":[{\"name\":\"pledge\",\"start\":7,\"end\":11}]}],"
        "\"unchecked\":[{\"rule\":\"a/b\",\"reason\":\"match limit reached\"}],"
        "\"bad_utf8\":true}\n");
    assert_problem("jsonl", "{\"id\":\"x:1\",\"error\":\"line 3, column 4: not JSON\"}\n");
}

static void test_jsonl_of_files_goes_by_path(void **state)
{
    (void)state;
    sml_finding f = vote();
    sml_result r = result_of(&f, 1);
    assert_report(
        "jsonl", OPTIONS(.redact = true), &r, 1,
        "{\"id\":\"draft.txt\",\"grade\":\"error\",\"findings\":["
        "{\"rule\":\"impartiality/urges-a-vote\",\"grade\":\"error\",\"start\":7,\"end\":18,"
        "\"message\":\"Urges people to vote for a party\"}]}\n");
}

/* ---- json ------------------------------------------------------------------------------------ */

static void test_json_without_drafts(void **state)
{
    (void)state;
    char want[512];
    snprintf(want, sizeof want,
             "{\"version\":1,\"tool\":{\"name\":\"sm-lint\",\"version\":\"%s\"},"
             "\"column_unit\":\"code points\",\"drafts\":[\n"
             "],\"summary\":{\"drafts\":0,\"unread\":0,\"errors\":0,\"warnings\":0,\"notices\":0,"
             "\"hidden\":0,\"undecided\":0,\"unchecked\":0,\"images\":0,\"links\":0}}\n",
             sml_version());
    assert_report("json", NULL, NULL, 0, want);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in %s", part, text);
}

static void test_json(void **state)
{
    (void)state;
    sml_finding findings[] = {repost(), vote()};
    sml_result r = result_of(findings, 2);
    sml_pair meta = {STR("images[0].alt"), STR("A bridge")};
    r.context.meta = &meta;
    r.context.n_meta = 1;
    r.context.account = STR("official");
    Buf out = {0};
    sml_reporter *reporter_ = reporter("json", NULL, &out);
    sml_reporter_add(reporter_, &r, NULL);
    sml_error problem = {.message = "5 bytes, more than the limit of 4"};
    sml_reporter_add(reporter_, &r, &problem);
    finish(reporter_, &out);
    assert_has(out.p, "\n{\"path\":\"draft.txt\",\"checked\":true,\"grade\":\"error\",\"context\":"
                      "{\"account\":\"official\",\"date\":\"2026-11-20\",\"date_origin\":\"today\","
                      "\"meta\":{\"images[0].alt\":\"A bridge\"}},\"findings\":[{\"rule\":");
    assert_has(out.p, "\"cites\":[{\"source\":\"code\",\"title\":\"Civil Service Code\",\"at\":"
                      "\"Impartiality\",\"url\":\"https://example.org/code\",\"verified\":true},");
    assert_has(out.p,
               "\"whole\":false,\"masked\":false,\"start\":7,\"end\":18,\"post\":{\"start\":7,"
               "\"end\":18},\"line\":1,\"column\":8,\"end_line\":1,\"end_column\":19,\"count\":1,"
               "\"match\":\"vote Labour\",\"excerpt\":\"Please vote Labour on Thursday\","
               "\"excerpt_span\":{\"start\":7,\"end\":18}}");
    assert_has(
        out.p,
        ",\n{\"path\":\"draft.txt\",\"checked\":false,\"error\":{\"message\":\"5 bytes, more "
        "than the limit of 4\"}}\n],\"summary\":{\"drafts\":1,\"unread\":1,\"errors\":1,");
    sml_buf_free(&out);
}

static void test_json_redacted(void **state)
{
    (void)state;
    sml_finding f = vote();
    sml_result r = result_of(&f, 1);
    r.context.bio = STR("Labour voter");
    Buf out = {0};
    sml_reporter *reporter_ = reporter("json", OPTIONS(.redact = true), &out);
    sml_reporter_add(reporter_, &r, NULL);
    finish(reporter_, &out);
    assert_null(strstr(out.p, "Labour"));
    sml_buf_free(&out);
}

/* Every line of jsonl and the whole of json, to our own strict reader, whatever the draft holds. */
static void test_json_is_json(void **state)
{
    (void)state;
    sml_finding f = vote();
    f.match = f.excerpt = STR("\xFF\"\\\0\x1f\xED\xA0\x80\xE2\x80\xA8");
    sml_result r = result_of(&f, 1);
    static const char *const formats[] = {"json", "jsonl"};
    for (size_t i = 0; i < 2; i++) {
        Buf out = {0};
        sml_reporter *reporter_ = reporter(formats[i], NULL, &out);
        sml_reporter_add(reporter_, &r, NULL);
        finish(reporter_, &out);
        JsonReader json = {.text = sml_buf_str(&out)};
        JsonToken t;
        while (sml_json_next(&t, &json) && t.kind != JSON_END)
            continue;
        assert_null(json.problem);
        assert_int_equal(sml_utf8_check(json.text), json.text.len);
        sml_buf_free(&out);
    }
}

/* ---- github ---------------------------------------------------------------------------------- */

static void test_github(void **state)
{
    (void)state;
    sml_finding f = vote();
    f.message = STR("100% \"a:b,c\"");
    f.why = (Str){0};
    f.n_cites = 0;
    sml_result r = result_of(&f, 1);
    r.path = STR("./may, day:1.txt");
    Buf out = {0};
    sml_reporter *reporter_ = reporter("github", NULL, &out);
    sml_reporter_add(reporter_, &r, NULL);
    finish(reporter_, &out);
    const char *head =
        "::error title=impartiality/urges-a-vote,file=may%2C day%3A1.txt,line=1,endLine=1,"
        "col=8,endColumn=19::100%25 \"a:b,c\"%0ALeave out the party.\n"
        "::group::sm-lint: 1 error in 1 draft\n"
        "::stop-commands::sm-lint-";
    assert_memory_equal(out.p, head, strlen(head));
    const char *token = out.p + strlen(head) - strlen("sm-lint-");
    char tail[64];
    snprintf(tail, sizeof tail, "\n::%.24s::\n::endgroup::\n", token);
    assert_true(sml_str_ends(sml_buf_str(&out), sml_str_from(tail)));
    sml_buf_free(&out);
}

static void test_github_keeps_ten_of_each_kind_worst_first(void **state)
{
    (void)state;
    sml_finding findings[26];
    for (uint32_t i = 0; i < 26; i++)
        findings[i] = i < 12 ? repost() : vote();
    findings[12].end_line = 2;
    sml_result r = result_of(findings, 26);
    Buf out = {0};
    sml_reporter *reporter_ = reporter("github", NULL, &out);
    sml_reporter_add(reporter_, &r, NULL);
    finish(reporter_, &out);
    unsigned lines = 0;
    char *line = out.p;
    for (; strncmp(line, "::group::", 9) != 0; line = strchr(line, '\n') + 1, lines++)
        assert_int_equal(strncmp(line, lines < 10 ? "::error " : "::notice ", 8), 0);
    assert_int_equal(lines, 20);
    assert_has(out.p, "line=1,endLine=2::");
    assert_has(line, "14 errors, 12 notices in 1 draft");
    sml_buf_free(&out);
}

/* ---- all ------------------------------------------------------------------------------------- */

static bool refuse(void *user, sml_str bytes)
{
    (void)bytes;
    ++*(unsigned *)user;
    return false;
}

static void test_a_failed_write_is_remembered(void **state)
{
    (void)state;
    unsigned calls = 0;
    sml_result r = result_of(NULL, 0);
    sml_reporter *reporter_ = sml_reporter_new(STR("jsonl"), NULL, refuse, &calls, NULL);
    bool ok = true;
    for (int i = 0; i < 10000; i++)
        ok = sml_reporter_add(reporter_, &r, NULL);
    assert_false(ok);
    assert_false(sml_reporter_finish(reporter_));
    assert_int_equal(calls, 1);
    sml_reporter_free(reporter_);
}

static void test_formats_are_named(void **state)
{
    (void)state;
    sml_error err;
    assert_null(sml_reporter_new(STR("yaml"), NULL, keep, NULL, &err));
    assert_string_equal(err.message,
                        "unknown format \"yaml\"; use text, gnu, json, jsonl or github");
    sml_report_options unsized = {.quiet = true};
    assert_null(sml_reporter_new(STR("text"), &unsized, keep, NULL, &err));
    assert_string_equal(err.message,
                        "these options have no size; begin them with SML_REPORT_OPTIONS_INIT");
    assert_string_equal(sml_reporter_format(0), "text");
    assert_null(sml_reporter_format(5));
    sml_reporter_free(NULL);
}

static void test_problems_in_text(void **state)
{
    (void)state;
    assert_problem("text",
                   "a.jsonl:3:4: error: not JSON\n\nnothing was checked. Not checked: 1 unread "
                   "draft.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_blocks),
        cmocka_unit_test(test_text_wraps),
        cmocka_unit_test(test_text_of_clean_drafts),
        cmocka_unit_test(test_text_hides_what_is_below),
        cmocka_unit_test(test_text_says_what_was_not_decided),
        cmocka_unit_test(test_underlines_follow_what_is_seen),
        cmocka_unit_test(test_excerpts_fit_the_terminal),
        cmocka_unit_test(test_colours_are_extra),
        cmocka_unit_test(test_whole_and_redacted_findings_show_no_words),
        cmocka_unit_test(test_paths_cannot_begin_lines),
        cmocka_unit_test(test_gnu),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_jsonl_of_files_goes_by_path),
        cmocka_unit_test(test_json_without_drafts),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_redacted),
        cmocka_unit_test(test_json_is_json),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_github_keeps_ten_of_each_kind_worst_first),
        cmocka_unit_test(test_a_failed_write_is_remembered),
        cmocka_unit_test(test_formats_are_named),
        cmocka_unit_test(test_problems_in_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
