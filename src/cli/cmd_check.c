/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "cli/calendar.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/filter.h"
#include "cli/help.h"
#include "cli/reports.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/sidecar.h"
#include "cli/verdict.h"
#include "cli/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Check {
    Command *command;
    const Options *options;
    Rulebooks rulebooks;
    sml_options linter_options;
    sml_linter *linter;
    Str stale;
    Reports reports;
    Inputs inputs;
    Checker checker;
    Filter *filter; /* NULL until an archive is met */
    Verdict verdict;
    Buf text, sidecar;
} Check;

/* ---- setting up: each step says what was wrong ----------------------------------------------- */

static bool fill_date(Check *c)
{
    sml_error err;
    if (sml_clock_fill(&c->command->options.context, c->command->arena, &err))
        return true;
    sml_cmd_usage(VERB_CHECK, "%s", err.message);
    return false;
}

static bool make_linter(Check *c)
{
    const Options *o = c->options;
    c->linter_options = (sml_options){
        .size = sizeof c->linter_options,
        .only = o->only.v,
        .n_only = o->only.n,
        .skip = o->skip.v,
        .n_skip = o->skip.n,
        .language = o->lang,
        .max_bytes = o->max_bytes,
        .trial = o->trial,
        .no_places = c->reports.jsonl,
        .trace = o->trace,
    };
    sml_error err;
    c->linter = sml_linter_new(c->rulebooks.v, c->rulebooks.n, &c->linter_options, &err);
    if (!c->linter)
        sml_say_problem(&err);
    return c->linter;
}

static bool find_inputs(Check *c)
{
    sml_error err;
    if (!sml_walk_find(&c->inputs, c->options, c->command->arena, &err)) {
        sml_say_problem(&err);
        return false;
    }
    sml_walk_say(&c->inputs);
    return true;
}

/* Reports first, so that a misspelt format is not drowned by advice. */
static bool open_reports(Check *c)
{
    sml_error err;
    uint32_t n_stale =
        sml_rulebooks_stale(&c->stale, &c->rulebooks, c->options->context.date, c->command->arena);
    if (sml_reports_open(&c->reports, c->options, c->command->out, c->stale, c->command->arena,
                         &err)) {
        if (n_stale && !c->options->quiet)
            sml_say("list%s %.*s: names may be missing", n_stale > 1 ? "s" : "", STR_ARG(c->stale));
        return true;
    }
    if (err.path[0])
        sml_say_problem(&err);
    else
        sml_cmd_usage(VERB_CHECK, "%s", err.message);
    return false;
}

/* A report that took a draft's place would be the end of the draft. */
static bool reports_spare_inputs(const Check *c)
{
    for (uint32_t r = 0; r < c->reports.n; r++) {
        struct stat report, draft;
        const char *path = c->reports.sinks[r]->path;
        if (!path || stat(path, &report) != 0 || !S_ISREG(report.st_mode))
            continue;
        for (uint32_t i = 0; i < c->inputs.n; i++)
            if (!c->inputs.v[i].is_stdin && stat(c->inputs.v[i].path.p, &draft) == 0 &&
                draft.st_dev == report.st_dev && draft.st_ino == report.st_ino)
                return sml_cmd_usage(
                           VERB_CHECK,
                           "the report \"%s\" would replace a draft; give it another name", path),
                       false;
    }
    return true;
}

static bool prepare(Check *c)
{
    if (!fill_date(c) || !sml_rulebooks_load(&c->rulebooks, c->options, c->command->arena) ||
        !open_reports(c) || !make_linter(c) || !find_inputs(c) || !reports_spare_inputs(c))
        return false;
    c->checker = (Checker){.linter = c->linter,
                           .reporters = c->reports.reporters,
                           .n_reporters = c->reports.n,
                           .max_bytes = c->options->max_bytes,
                           .verbose = c->options->verbose};
    return true;
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static bool reports_to_terminal(const Check *c)
{
    for (uint32_t i = 0; i < c->reports.n; i++)
        if (!c->reports.sinks[i]->path && isatty(c->reports.sinks[i]->fd))
            return true;
    return false;
}

static void say_complaints(Check *c)
{
    Buf *b = &c->verdict.complaints;
    /* Somebody who looks at both has it in the report already. */
    if (reports_to_terminal(c) && isatty(STDERR_FILENO))
        sml_buf_clear(b);
    sml_buf_add(b, sml_buf_str(&c->verdict.remarks));
    sml_buf_clear(&c->verdict.remarks);
    if (b->len)
        sml_sink_flush(c->command->out); /* so that on a terminal things come in order */
    sml_sink_write_fd(STDERR_FILENO, sml_buf_str(b));
    sml_buf_clear(b);
    c->verdict.n_complaints = 0;
}

static void refuse(Check *c, const sml_input *in, sml_error *problem)
{
    Str name = in->path;
    sml_error named;
    sml_error_at(&named, name, problem->line, problem->col, "%s", problem->message);
    sml_verdict_refuse(&c->verdict, &c->checker, in, &named);
}

static void check_lines(Check *c, int fd, const sml_input *in)
{
    if (!c->filter) {
        FilterParts parts = {&c->checker, &c->reports, &c->rulebooks, &c->linter_options,
                             c->options->jobs};
        c->filter = sml_filter_new(&parts, c->command->arena);
    }
    sml_filter_run(&c->verdict, c->filter, fd, in);
}

/* Archives and calendars, which may be longer than memory. */
static void check_stream(Check *c, const Input *input, const sml_input *in)
{
    sml_error err;
    int fd = input->is_stdin ? STDIN_FILENO : open(input->path.p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        sml_error_os(&err, in->path, "cannot open", errno);
        refuse(c, in, &err);
        return;
    }
    if (in->kind == SML_INPUT_JSONL)
        check_lines(c, fd, in);
    else
        sml_calendar_run(&c->verdict, &c->checker, fd, in);
    if (!input->is_stdin)
        close(fd);
}

static void check_text(Check *c, const Input *input, sml_input *in)
{
    sml_error err;
    if (!sml_io_read(&c->text, input->path.p, (size_t)c->options->max_bytes, &err)) {
        refuse(c, in, &err);
        return;
    }
    if (!sml_sidecar_add(in, &c->sidecar, c->command->arena, &err)) {
        sml_verdict_refuse(&c->verdict, &c->checker, in, &err);
        return;
    }
    in->text = sml_buf_str(&c->text);
    if (input->is_auto)
        in->kind = sml_input_kind_of(in->path, in->text);
    sml_verdict_draft(&c->verdict, &c->checker, in);
}

static void check_input(Check *c, const Input *input)
{
    sml_input in = {.path = input->name, .kind = input->kind, .context = c->options->context};
    if (input->problem)
        refuse(c, &in, input->problem);
    else if (input->kind == SML_INPUT_JSONL || input->kind == SML_INPUT_CSV)
        check_stream(c, input, &in);
    else
        check_text(c, input, &in);
    say_complaints(c);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void tear_down(Check *c)
{
    sml_filter_free(c->filter);
    sml_linter_free(c->linter);
    sml_rulebooks_free(&c->rulebooks);
    sml_buf_free(&c->text);
    sml_buf_free(&c->sidecar);
    sml_buf_free(&c->verdict.complaints);
    sml_buf_free(&c->verdict.remarks);
}

static int exit_status(const Check *c)
{
    sml_grade fail_on;
    /* A folder that was misspelt, or holds no drafts, must not look like a clean one. */
    bool nothing = c->inputs.n == 0 && c->inputs.empty.n > 0;
    if (c->verdict.incomplete || c->verdict.broken || nothing)
        return STATUS_INCOMPLETE;
    if (!sml_grade_parse(&fail_on, c->options->fail_on)) /* never */
        return STATUS_CLEAN;
    return c->verdict.worst >= fail_on ? STATUS_FOUND : STATUS_CLEAN;
}

static int say_nothing_given(void)
{
    Buf text = {0};
    sml_help_short(&text);
    sml_sink_write_fd(STDERR_FILENO, sml_buf_str(&text));
    sml_buf_free(&text);
    return STATUS_INCOMPLETE;
}

int sml_cmd_check(Command *command)
{
    const Options *o = &command->options;
    if (o->operands.n == 0 && o->files_from.len == 0 && isatty(STDIN_FILENO))
        return say_nothing_given();
    Check c = {.command = command, .options = o};
    bool ready = prepare(&c);
    for (uint32_t i = 0; ready && i < c.inputs.n && !c.verdict.broken; i++)
        check_input(&c, &c.inputs.v[i]);
    bool written = sml_reports_close(&c.reports, ready && !c.verdict.broken);
    int status = ready && written ? exit_status(&c) : STATUS_INCOMPLETE;
    tear_down(&c);
    return status;
}
