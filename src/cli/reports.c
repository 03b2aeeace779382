/* SPDX-License-Identifier: MIT */
#include "cli/reports.h"

#include "base/io.h"
#include "cli/say.h"
#include "cli/terminal.h"

#include <unistd.h>

/* NAME[:PATH], taken apart. */
typedef struct Target {
    Str name, path; /* empty path: standard output */
} Target;

typedef VEC(Target) Targets;

static bool parse_target(Target *out, Str spec, sml_error *err)
{
    Str rest = spec;
    *out = (Target){0};
    sml_str_cut(&out->name, &rest, ':');
    if (rest.p && rest.len == 0)
        return sml_error_set(err, "option \"--format\": no path behind the colon of \"%.*s\"",
                             STR_ARG(spec));
    if (!sml_str_eq(rest, STR("-")))
        out->path = rest;
    return true;
}

static void add_target(Targets *targets, Target t, Arena *a)
{
    for (uint32_t i = 0; i < targets->n; i++)
        if (sml_str_eq(targets->v[i].path, t.path)) {
            targets->v[i] = t;
            return;
        }
    VEC_PUSH(targets, a) = t;
}

static bool parse_targets(Targets *out, const Options *o, Arena *a, sml_error *err)
{
    Target t = {STR("text"), {NULL, 0}};
    if (o->formats.n == 0)
        add_target(out, t, a);
    for (uint32_t i = 0; i < o->formats.n; i++) {
        if (!parse_target(&t, o->formats.v[i], err))
            return false;
        add_target(out, t, a);
    }
    return true;
}

static Str join(const Strs *names, Arena *a)
{
    Str text = {NULL, 0};
    for (uint32_t i = 0; i < names->n; i++)
        text =
            sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(text), i ? ", " : "", STR_ARG(names->v[i]));
    return text;
}

/* What --only and --skip leave out: it was not checked, and the report must not look as if it had
 * been. */
static Str say_skipped(const Options *o, Arena *a)
{
    Str only = join(&o->only, a), skip = join(&o->skip, a);
    if (only.len && skip.len)
        return sml_arena_printf(a, "all but %.*s; and %.*s", STR_ARG(only), STR_ARG(skip));
    return only.len ? sml_arena_printf(a, "all but %.*s", STR_ARG(only)) : skip;
}

static sml_report_options report_options(const Options *o, const ReportWords *words, Arena *a)
{
    sml_report_options r = SML_REPORT_OPTIONS_INIT;
    sml_grade_parse(&r.min_grade, o->min_grade);
    r.quiet = o->quiet;
    r.redact = o->redact;
    r.skipped = say_skipped(o, a);
    r.stale = words->stale;
    r.changed = words->changed;
    r.passed_over = words->passed_over;
    return r;
}

static bool is_format(Str name, sml_error *err)
{
    sml_reporter *probe = sml_reporter_new(name, NULL, sml_sink_write, NULL, err);
    sml_reporter_free(probe);
    return probe;
}

static bool open_report(Reports *r, const Target *t, Sink *standard, Str color, Arena *a,
                        sml_error *err)
{
    Sink *sink = standard;
    if (t->path.len) {
        sink = ARENA_NEW(a, Sink);
        if (!sml_sink_open(sink, t->path.p, err))
            return false;
    }
    sml_report_options options = r->options;
    options.color = sml_terminal_color(color, sink->file.fd);
    options.width = sml_terminal_width(sink->file.fd);
    r->sinks[r->n] = sink;
    r->reporters[r->n++] = sml_reporter_new(t->name, &options, sml_sink_write, sink, err);
    r->jsonl = r->jsonl && sml_str_eq(t->name, STR("jsonl"));
    return true;
}

bool sml_reports_open(Reports *out, const Options *options, Sink *standard,
                      const ReportWords *words, Arena *a, sml_error *err)
{
    Targets targets = {0};
    *out = (Reports){.jsonl = true, .options = report_options(options, words, a)};
    if (!parse_targets(&targets, options, a, err))
        return false;
    /* All names first: a misspelt one must not touch a file. */
    for (uint32_t i = 0; i < targets.n; i++)
        if (!is_format(targets.v[i].name, err))
            return false;
    out->sinks = ARENA_ARRAY(a, Sink *, targets.n);
    out->reporters = ARENA_ARRAY(a, sml_reporter *, targets.n);
    for (uint32_t i = 0; i < targets.n; i++)
        if (!open_report(out, &targets.v[i], standard, options->color, a, err))
            return false;
    return true;
}

bool sml_reports_raw(Reports *reports, Str bytes)
{
    bool ok = true;
    for (uint32_t i = 0; i < reports->n; i++)
        ok = sml_sink_write(reports->sinks[i], bytes) && ok;
    return ok;
}

bool sml_reports_reach(const Reports *reports, int fd)
{
    for (uint32_t i = 0; i < reports->n; i++) {
        int to = reports->sinks[i]->file.fd;
        if (!reports->sinks[i]->path && (sml_io_is_same_fd(to, fd) || (isatty(to) && isatty(fd))))
            return true;
    }
    return false;
}

bool sml_reports_flush(Reports *reports)
{
    bool ok = true;
    for (uint32_t i = 0; i < reports->n; i++)
        ok = sml_sink_flush(reports->sinks[i]) && ok;
    return ok;
}

bool sml_reports_close(Reports *reports, bool keep)
{
    bool ok = true;
    for (uint32_t i = 0; i < reports->n; i++) {
        sml_error err;
        Sink *sink = reports->sinks[i];
        if (keep)
            sml_reporter_finish(reports->reporters[i]);
        sml_reporter_free(reports->reporters[i]);
        if (!sink->path || sml_sink_close(sink, keep, &err))
            continue;
        ok = false;
        if (err.message[0])
            sml_say_problem(&err);
    }
    reports->n = 0;
    return ok;
}
