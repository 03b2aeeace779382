/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out at every place where it can: one run from a rulebook's YAML to a report, again and again, with
 * the first allocation failing, then the second, and so on until a run comes through. The hook leaves by longjmp, as
 * an embedder's may; what the run had is then lost, so leaks are not looked for.
 */
#include "base/arena.h"
#include "match/judge.h"
#include "rulebook_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define RUNS_MAX 100000

/* The sanitiser looks for this name. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static jmp_buf out_of_memory;

static void leave(size_t wanted)
{
    (void)wanted;
    longjmp(out_of_memory, 1);
}

static const char yaml[] = RULEBOOK_HEAD
    "lists:\n"
    "  parties: {checked: '2026-11-20', items: [Labour, 'Lib Dem{s|}']}\n"
    "rules:\n"
    "- id: test/phrase\n"
    "  title: A phrase\n"
    "  phrases: ['vote {for|} {@parties}', 'we <3> win']\n"
    "  unless: [{inside: quote}]\n"
    "  grade: error\n"
    "  message: {en: 'Says {match}.'}\n"
    "  examples: {hits: ['[[vote Labour]]'], clean: [vote]}\n" RULE_TAIL "- id: test/regex\n"
    "  title: A regex\n"
    "  regex: 'code \\d{4}'\n"
    "  grade: warning\n"
    "  message: {en: 'Says {match}.'}\n"
    "  examples: {hits: ['[[code 1234]]'], clean: [code]}\n" RULE_TAIL;

static bool count(void *user, sml_str bytes)
{
    *(size_t *)user += bytes.len;
    return true;
}

/* Compiles a rulebook and looks for what it has. */
static void run_rulebook(void)
{
    Image image;
    Buf bytes = {0};
    assert_true(rulebook_from(&image, &bytes, yaml));
    Arena *a = sml_arena_new();
    Scan *s = sml_scan_new(&image, 1, (ScanOptions){0});
    sml_scan_begin(s, STR("Vote for the Lib Dems, code 1234, \xF0\x9F\x8E\x89"), a);
    uint32_t found = 0;
    for (uint32_t i = 0; i < IMAGE_N(&image, GROUPS); i++)
        found += sml_scan_matches(s, 0, i)->n;
    assert_true(found >= 2);
    sml_scan_free(s);
    sml_arena_free(a);
    sml_buf_free(&bytes);
}

/* Lints a draft with the rules that are built in, and reports it in every format. */
static void run_draft(void)
{
    sml_error err;
    sml_result result;
    sml_rule rule;
    sml_rulebook *rules = sml_rulebook_builtin(&err);
    sml_rulebook_rule(&rule, rules, 0);
    sml_linter *linter = sml_linter_new(&rules, 1, NULL, &err);
    sml_input in = {.path = SML_STR("draft.txt"),
                    .text = SML_STR("Vote Labour! Ring 07700 900123.\r\n\xF0\x9D\x90\x95ote \xFF"),
                    .context = {.date = SML_STR("2026-11-20")}};
    assert_true(sml_linter_check(&result, linter, &in, &err) && result.n_findings > 0);
    for (uint32_t i = 0; sml_reporter_format(i); i++) {
        size_t written = 0;
        sml_reporter *r =
            sml_reporter_new(sml_str_from(sml_reporter_format(i)), NULL, count, &written, &err);
        assert_true(r && sml_reporter_add(r, &result, NULL) && sml_reporter_finish(r) &&
                    written > 0);
        sml_reporter_free(r);
    }
    sml_linter_free(linter);
    sml_rulebook_free(rules);
}

/* True if the run came through with its n-th allocation failing: it has fewer. */
static bool survives(void (*run)(void), uint64_t n)
{
    if (setjmp(out_of_memory))
        return false;
    sml_mem_fail_after(n);
    run();
    return true;
}

static void fail_everywhere(void (*run)(void))
{
    if (getenv("VALGRIND")) {
        print_message("skipped: valgrind would count what is lost on purpose\n");
        return;
    }
    MemHook old = sml_mem_hook(leave);
    uint64_t n = 1;
    while (n < RUNS_MAX && !survives(run, n))
        n++;
    sml_mem_fail_after(0);
    sml_mem_hook(old);
    assert_in_range(n, 10, RUNS_MAX - 1);
}

static void test_rulebook(void **state)
{
    (void)state;
    fail_everywhere(run_rulebook);
}

static void test_draft(void **state)
{
    (void)state;
    fail_everywhere(run_draft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rulebook),
        cmocka_unit_test(test_draft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
