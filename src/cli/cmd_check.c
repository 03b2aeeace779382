/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "cli/baseline.h"
#include "cli/calendar.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/filter.h"
#include "cli/fix.h"
#include "cli/globs.h"
#include "cli/help.h"
#include "cli/profile.h"
#include "cli/reports.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/sidecar.h"
#include "cli/verdict.h"
#include "cli/walk.h"

#include <unistd.h>

typedef struct NamedBaseline {
    Str path;
    Baseline read;
    bool ok;
} NamedBaseline;

typedef struct Check {
    Command *command;
    const Options *options;
    Profiles *profiles;
    Str stale;
    Reports reports;
    Inputs inputs;
    Settled *settled; /* by input */
    Verdict verdict;
    bool found; /* something that makes the exit status 1 */
    bool empty; /* some draft had no post */
    VEC(NamedBaseline) baselines;
    Hearing hearing;
    Checker unread; /* for drafts whose configuration cannot be used */
    Buf text, sidecar, fixed;
} Check;

/* ---- setting up: each step says what was wrong ----------------------------------------------- */

static bool fill_date(Check *c)
{
    sml_error err;
    if (sml_clock_fill(&c->command->options.context, c->command->arena, &err))
        return true;
    sml_cmd_usage(c->command->verb, "%s", err.message);
    return false;
}

static sml_options shape_of(const Check *c)
{
    const Options *o = c->options;
    return (sml_options){
        .size = sizeof(sml_options),
        .only = o->only.v,
        .n_only = o->only.n,
        .skip = o->skip.v,
        .n_skip = o->skip.n,
        .language = o->lang,
        .max_bytes = o->max_bytes,
        .trial = o->trial,
        .no_allow = o->no_allow,
        .trace = o->trace,
        .measure = c->hearing.measure,
        .prints = c->hearing.hear && !c->hearing.measure,
    };
}

static bool make_linters(Check *c)
{
    for (uint32_t i = 0; i < c->inputs.n; i++)
        if (c->settled[i].profile)
            c->settled[i].profile->options.no_places = c->reports.jsonl;
    return sml_profiles_start(c->profiles);
}

/* A file that cannot be read has no line to be named: the one that names it has. */
static void say_baseline(const sml_error *err, const ConfigValue *named)
{
    sml_error placed = *err;
    if (err->line == 0 && named->at.path.len)
        sml_error_at(&placed, named->at.path, named->at.line, named->at.col,
                     "baseline \"%.*s\": %s", STR_ARG(named->text), err->message);
    sml_say_problem(&placed);
}

static const NamedBaseline *baseline_at(Check *c, const ConfigValue *named)
{
    sml_error err;
    Str path = named->text;
    for (uint32_t i = 0; i < c->baselines.n; i++)
        if (sml_str_eq(c->baselines.v[i].path, path))
            return &c->baselines.v[i];
    NamedBaseline *b = &VEC_PUSH(&c->baselines, c->command->arena);
    b->path = path;
    b->ok = sml_baseline_read(&b->read, path, c->command->arena, &err);
    if (!b->ok)
        say_baseline(&err, named);
    return b;
}

/* The option outdoes what configurations name; one that the verb baseline keeps is none to hide things by. */
static bool read_baselines(Check *c)
{
    ConfigValue option = {.text = c->options->baseline};
    for (uint32_t i = 0; i < c->inputs.n && !c->hearing.hear; i++) {
        Profile *p = c->settled[i].profile;
        if (!p || p->options.known || p->unusable)
            continue;
        const ConfigValue *named = option.text.len ? &option : &p->config->baseline;
        if (named->text.len == 0)
            continue;
        const NamedBaseline *b = baseline_at(c, named);
        p->options.known = b->ok ? sml_baseline_known(&b->read) : NULL;
        p->options.n_known = b->ok ? b->read.entries.n : 0;
        p->unusable = !b->ok;
    }
    return option.text.len == 0 || c->baselines.n == 0 || c->baselines.v[0].ok;
}

static bool find_inputs(Check *c)
{
    sml_error err;
    if (!sml_walk_find(&c->inputs, c->options, c->command->arena, &err)) {
        sml_say_problem(&err);
        return false;
    }
    return true;
}

/* A mistake in one folder's configuration is no reason to leave the drafts of others unread. */
static bool settle_inputs(Check *c)
{
    bool any = c->inputs.n == 0;
    sml_options shape = shape_of(c);
    c->profiles = sml_profiles_new(c->options, &shape, c->command->arena);
    c->settled = ARENA_ARRAY(c->command->arena, Settled, c->inputs.n);
    for (uint32_t i = 0; c->profiles && i < c->inputs.n; i++) {
        const Input *in = &c->inputs.v[i];
        any |= sml_profiles_settle(&c->settled[i], c->profiles, in->is_stdin ? in->name : in->path);
    }
    return c->profiles && any;
}

/* Reports first, so that a misspelt format is not drowned by advice. */
static bool open_reports(Check *c)
{
    sml_error err;
    if (c->hearing.hear)
        return true;
    uint32_t n_stale = sml_rulebooks_stale(&c->stale, sml_profiles_rulebooks(c->profiles),
                                           c->options->context.date, c->command->arena);
    ReportWords words = {c->stale, sml_profiles_changes(c->profiles), c->inputs.n_unread};
    if (sml_reports_open(&c->reports, c->options, c->command->out, &words, c->command->arena,
                         &err)) {
        if (n_stale && !c->options->quiet)
            sml_say("list%s %.*s: names may be missing", n_stale > 1 ? "s" : "", STR_ARG(c->stale));
        return true;
    }
    if (err.path[0])
        sml_say_problem(&err);
    else
        sml_cmd_usage(c->command->verb, "%s", err.message);
    return false;
}

/* A report that took a draft's place would be the end of the draft. */
static bool reports_spare_inputs(const Check *c)
{
    for (uint32_t r = 0; r < c->reports.n; r++) {
        const char *path = c->reports.sinks[r]->path;
        if (!path || !sml_io_is_file(path))
            continue;
        for (uint32_t i = 0; i < c->inputs.n; i++)
            if (!c->inputs.v[i].is_stdin && sml_io_is_same(c->inputs.v[i].path.p, path))
                return sml_cmd_usage(
                           VERB_CHECK,
                           "the report \"%s\" would replace a draft; give it another name", path),
                       false;
    }
    return true;
}

/* Once for drafts that follow each other. */
static void say_configuration(const Check *c)
{
    const Config *said = NULL;
    for (uint32_t i = 0; i < c->inputs.n; i++) {
        const Config *config = c->settled[i].config;
        for (uint32_t f = 0; config && config != said && f < config->files.n; f++)
            sml_say("configuration: %.*s", STR_ARG(config->files.v[f]));
        said = config;
    }
}

/* Of the configurations of drafts in folders that were looked through. */
static void say_idle_globs(const Check *c)
{
    Arena *a = c->command->arena;
    VEC(const Config *) said = {0};
    Strs drafts = {0};
    for (uint32_t i = 0; i < c->inputs.n; i++)
        VEC_PUSH(&drafts, a) = c->settled[i].absolute;
    Walked walked = {.folders = c->inputs.walked.v,
                     .n_folders = c->inputs.walked.n,
                     .drafts = drafts.v,
                     .n_drafts = drafts.n};
    for (uint32_t i = 0; i < c->inputs.n; i++) {
        const Config *config = c->settled[i].config;
        uint32_t k = 0;
        while (k < said.n && said.v[k] != config)
            k++;
        if (!config || k < said.n)
            continue;
        VEC_PUSH(&said, a) = config;
        sml_globs_say_idle(config, &walked, a);
    }
}

static bool prepare(Check *c)
{
    if (!fill_date(c) || !find_inputs(c) || !settle_inputs(c) || !open_reports(c) ||
        !read_baselines(c) || !make_linters(c) || !reports_spare_inputs(c))
        return false;
    sml_walk_say(&c->inputs);
    if (c->inputs.walked.n && !c->options->quiet && !c->hearing.hear)
        say_idle_globs(c);
    if (c->options->verbose)
        say_configuration(c);
    c->unread = (Checker){.reporters = c->reports.reporters,
                          .n_reporters = c->reports.n,
                          .max_bytes = c->options->max_bytes,
                          .verbose = c->options->verbose,
                          .hearing = c->hearing};
    for (uint32_t i = 0; i < c->inputs.n; i++) {
        Profile *p = c->settled[i].profile;
        if (!p)
            continue;
        p->checker = c->unread;
        p->checker.linter = p->linter;
    }
    return true;
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static void say_complaints(Check *c)
{
    Buf *b = &c->verdict.complaints;
    if (b->len && sml_reports_reach(&c->reports, STDERR_FILENO))
        sml_buf_clear(b);
    sml_buf_add(b, sml_buf_str(&c->verdict.remarks));
    sml_buf_clear(&c->verdict.remarks);
    if (b->len)
        sml_sink_flush(c->command->out); /* so that on a terminal things come in order */
    sml_io_write(STDERR_FILENO, sml_buf_str(b));
    sml_buf_clear(b);
    c->verdict.n_complaints = 0;
}

static void refuse(Check *c, const Profile *p, const sml_input *in, sml_error *problem)
{
    Str name = in->path;
    sml_error named;
    sml_error_at(&named, name, problem->line, problem->col, "%s", problem->message);
    sml_verdict_refuse(&c->verdict, &p->checker, in, &named);
}

static void check_lines(Check *c, Profile *p, int fd, const sml_input *in)
{
    if (!p->filter) {
        FilterParts parts = {&p->checker, &c->reports, &p->rulebooks, &p->options,
                             c->options->jobs};
        p->filter = sml_filter_new(&parts, c->command->arena);
    }
    sml_filter_run(&c->verdict, p->filter, fd, in);
}

/* Archives and calendars, which may be longer than memory. */
static void check_stream(Check *c, Profile *p, const Input *input, const sml_input *in)
{
    sml_error err;
    if (c->options->fix || c->options->diff)
        sml_say("%.*s: archives and calendars are checked, not mended", STR_ARG(input->name));
    int fd = input->is_stdin ? STDIN_FILENO : sml_io_open(input->path.p, &err);
    if (fd < 0) {
        refuse(c, p, in, &err);
        return;
    }
    if (in->kind == SML_INPUT_JSONL)
        check_lines(c, p, fd, in);
    else
        sml_calendar_run(&c->verdict, &p->checker, fd, in);
    if (!input->is_stdin)
        close(fd);
}

/* ---- mending ---- */

static sml_linter *fixing_linter(const Profile *p)
{
    sml_error err;
    sml_options options = p->options;
    options.each = true;
    options.no_places = false;
    sml_linter *linter = sml_linter_new(p->rulebooks.v, p->rulebooks.n, &options, &err);
    if (!linter)
        sml_say_problem(&err);
    return linter;
}

static void show_fixes(Check *c, const sml_input *in, const Fixes *fixes)
{
    Buf shown = {0};
    sml_fix_show(&shown, in->path, fixes, c->options->redact);
    sml_cmd_print(c->command, &shown);
    sml_buf_free(&shown);
    c->found = c->found || fixes->n > 0;
}

static bool write_fixed(Check *c, const Input *input, const Fixes *fixes)
{
    sml_error err;
    if (!sml_io_write_file(input->path.p, sml_buf_str(&c->fixed), &err)) {
        sml_say_problem(&err);
        c->verdict.incomplete = true;
        return false;
    }
    if (!c->options->quiet)
        sml_say("%.*s: %u mended", STR_ARG(input->name), fixes->n);
    return true;
}

/* Mends the draft, and gives it to `in` as it is then. */
static void mend_text(Check *c, const Profile *p, const Input *input, sml_input *in)
{
    Fixes fixes = {0};
    sml_linter *linter = fixing_linter(p);
    if (!linter) {
        c->verdict.incomplete = true;
        return;
    }
    uint32_t left = sml_fix_draft(&c->fixed, &fixes, linter, in, c->command->arena);
    sml_linter_free(linter);
    if (left)
        sml_say("%.*s: %u not mended, as the file writes these words in another way (UTF-16, bad "
                "bytes, markup, "
                "escapes)",
                STR_ARG(input->name), left);
    if (c->options->diff)
        show_fixes(c, in, &fixes);
    else if (fixes.n && write_fixed(c, input, &fixes))
        in->text = sml_buf_str(&c->fixed);
}

/* What comes through a pipe can be shown mended, but there is nothing to write to. */
static bool can_mend(const Check *c, const Input *input)
{
    if (c->options->diff)
        return true;
    if (!c->options->fix)
        return false;
    if (!input->is_stdin && sml_io_is_file(input->path.p))
        return true;
    sml_say("%.*s is checked, not mended; --diff shows what could be",
            STR_ARG(input->is_stdin ? STR("standard input") : input->name));
    return false;
}

static void check_text(Check *c, const Profile *p, const Input *input, sml_input *in)
{
    sml_error err;
    if (!sml_io_read(&c->text, input->path.p, (size_t)c->options->max_bytes, &err)) {
        refuse(c, p, in, &err);
        return;
    }
    if (!sml_sidecar_add(in, &c->sidecar, c->command->arena, &err)) {
        sml_verdict_refuse(&c->verdict, &p->checker, in, &err);
        return;
    }
    in->text = sml_buf_str(&c->text);
    if (input->is_auto)
        in->kind = sml_input_kind_of(in->path, in->text);
    if (can_mend(c, input))
        mend_text(c, p, input, in);
    if (!c->options->diff)
        sml_verdict_draft(&c->verdict, &p->checker, in);
}

/* Each draft by what its own configuration says; the option outdoes all. */
static void note_grade(Check *c, const Settled *s)
{
    sml_grade fail_on = SML_WARNING;
    Str word = c->options->fail_on.len ? c->options->fail_on : s->fail_on.text;
    bool never = word.len && !sml_grade_parse(&fail_on, word);
    c->found = c->found || (!never && c->verdict.worst >= fail_on);
    c->verdict.worst = SML_CLEAN;
}

/* In a folder, leaving some out is what was wished; who names a draft expects it to be checked. */
static void say_excluded(const Check *c, const Input *input, const ConfigExclude *x)
{
    if (input->is_named || input->is_stdin || c->options->verbose)
        sml_say("%.*s: not checked, as %.*s:%u leaves it out: %.*s", STR_ARG(input->name),
                STR_ARG(x->head.at.path), x->head.at.line, STR_ARG(x->sign.reason.text));
}

/* "Clean" would be said of what nobody wrote: an export that went wrong, most likely. An archive may come in parts, and a
 * part may be empty. */
static void note_empty(Check *c, const sml_input *in, uint64_t posts_before)
{
    sml_error remark;
    if (c->verdict.posts > posts_before || c->verdict.n_complaints || c->options->diff ||
        in->kind == SML_INPUT_JSONL)
        return;
    c->empty = true;
    sml_error_at(&remark, in->path, 0, 0, "there is no post in this, so nothing was checked");
    sml_say_line(&c->verdict.remarks, &remark, "warning");
}

static void check_input(Check *c, const Input *input, const Settled *s)
{
    sml_input in = {.path = input->name,
                    .kind = input->kind,
                    .context = c->options->context,
                    .defaults = s->defaults};
    if (s->excluded) {
        say_excluded(c, input, s->excluded);
        return;
    }
    if (!s->profile || !s->profile->linter) {
        sml_error unread;
        sml_error_at(&unread, in.path, 0, 0, "not checked, as its configuration cannot be used");
        sml_verdict_refuse(&c->verdict, &c->unread, &in, &unread);
        say_complaints(c);
        return;
    }
    uint64_t posts = c->verdict.posts;
    if (input->problem)
        refuse(c, s->profile, &in, input->problem);
    else if (input->kind == SML_INPUT_JSONL || input->kind == SML_INPUT_CSV)
        check_stream(c, s->profile, input, &in);
    else
        check_text(c, s->profile, input, &in);
    note_grade(c, s);
    note_empty(c, &in, posts);
    say_complaints(c);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void tear_down(Check *c)
{
    sml_profiles_free(c->profiles);
    sml_buf_free(&c->text);
    sml_buf_free(&c->sidecar);
    sml_buf_free(&c->fixed);
    sml_buf_free(&c->verdict.complaints);
    sml_buf_free(&c->verdict.remarks);
}

static int exit_status(const Check *c)
{
    /* A folder that was misspelt, or holds no drafts, must not look like a clean one; nor must drafts without a post. */
    bool nothing = (c->inputs.n == 0 && c->inputs.empty.n > 0) || (c->empty && !c->verdict.posts);
    if (c->verdict.incomplete || c->verdict.broken || nothing)
        return STATUS_INCOMPLETE;
    return c->found ? STATUS_FOUND : STATUS_CLEAN;
}

static int say_nothing_given(void)
{
    Buf text = {0};
    sml_help_short(&text);
    sml_io_write(STDERR_FILENO, sml_buf_str(&text));
    sml_buf_free(&text);
    return STATUS_INCOMPLETE;
}

static int run(Check *c)
{
    bool ready = prepare(c);
    for (uint32_t i = 0; ready && i < c->inputs.n && !c->verdict.broken; i++)
        check_input(c, &c->inputs.v[i], &c->settled[i]);
    bool written = sml_reports_close(&c->reports, ready && !c->verdict.broken);
    int status = ready && written ? exit_status(c) : STATUS_INCOMPLETE;
    tear_down(c);
    return status;
}

int sml_cmd_check(Command *command)
{
    const Options *o = &command->options;
    if (o->operands.n == 0 && o->files_from.len == 0 && isatty(STDIN_FILENO))
        return say_nothing_given();
    if (o->diff && o->formats.n)
        return sml_cmd_usage(VERB_CHECK, "--diff shows fixes alone; leave --format out");
    command->options.quiet |= o->diff;
    Check c = {.command = command, .options = o};
    return run(&c);
}

int sml_cmd_check_for(Command *command, const Hearing *hearing)
{
    Check c = {.command = command, .options = &command->options, .hearing = *hearing};
    return run(&c) == STATUS_INCOMPLETE ? STATUS_INCOMPLETE : STATUS_CLEAN;
}
