/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "cli/rulebooks.h"
#include "cli/say.h"

/* What all rulebooks came to. */
typedef struct Tests {
    Command *command;
    uint64_t passed, failed;
    sml_coverage_counts covered;
    bool incomplete;
} Tests;

/* Failures are what was asked for, so they go to standard output. */
static void hear_failure(void *user, const sml_error *problem, bool is_error)
{
    Tests *t = user;
    Buf line = {0};
    sml_say_line(&line, problem, is_error ? "error" : "warning");
    sml_cmd_print(t->command, &line);
    sml_buf_free(&line);
}

static void run_rulebook(Tests *t, sml_rulebook *r)
{
    sml_test_counts counts = {0, 0};
    sml_error err;
    if (!sml_rulebook_test(&counts, r, hear_failure, t, &err)) {
        sml_say_problem(&err);
        t->incomplete = true;
    }
    t->passed += counts.passed;
    t->failed += counts.failed;
}

static void hear_untried(void *user, const sml_error *problem, bool is_error)
{
    Tests *t = user;
    Buf line = {0};
    (void)is_error;
    sml_say_line(&line, problem, "notice");
    sml_cmd_print(t->command, &line);
    sml_buf_free(&line);
}

static void cover_file(Tests *t, Str path)
{
    sml_coverage_counts counts;
    sml_error err;
    if (!sml_rulebook_coverage(&counts, path.p, hear_untried, t, &err)) {
        sml_say_problem(&err);
        t->incomplete = true;
    }
    t->covered.matched += counts.matched;
    t->covered.all += counts.all;
}

static void run_file(Tests *t, Str path)
{
    sml_rulebook *r = sml_rulebooks_load_file(path);
    if (r)
        run_rulebook(t, r);
    else
        t->incomplete = true;
    if (r && t->command->options.coverage)
        cover_file(t, path);
    sml_rulebook_free(r);
}

static void run_builtin(Tests *t)
{
    sml_error err;
    sml_rulebook *r = sml_rulebook_builtin(&err);
    if (r) {
        run_rulebook(t, r);
    } else {
        sml_say_problem(&err);
        t->incomplete = true;
    }
    sml_rulebook_free(r);
}

static void print_counts(const Tests *t)
{
    Buf line = {0};
    sml_buf_add_uint(&line, t->passed);
    sml_buf_add(&line, STR(" passed, "));
    sml_buf_add_uint(&line, t->failed);
    sml_buf_add(&line, STR(" failed\n"));
    if (t->command->options.coverage)
        sml_buf_addf(&line, "%u of %u alternatives are matched by an example\n", t->covered.matched,
                     t->covered.all);
    sml_cmd_print(t->command, &line);
    sml_buf_free(&line);
}

int sml_cmd_test(Command *c)
{
    Tests t = {.command = c};
    const Strs *files = &c->options.operands;
    if (c->options.coverage && files->n == 0)
        return sml_cmd_usage(c->verb, "--coverage takes rulebooks as files of YAML, for only they "
                                      "have lines to point at");
    for (uint32_t i = 0; i < files->n; i++)
        run_file(&t, files->v[i]);
    if (files->n == 0)
        run_builtin(&t);
    if (!c->options.quiet)
        print_counts(&t);
    if (t.incomplete)
        return STATUS_INCOMPLETE;
    return t.failed ? STATUS_FOUND : STATUS_CLEAN;
}
