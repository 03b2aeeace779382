/* SPDX-License-Identifier: MIT */
/*
 * Workflow commands, one line an annotation. GitHub keeps ten of each kind and drops the rest in
 * silence, so the first ten of each kind go out as annotations, worst kind first, and then
 * everything once more as the text report. That quotes drafts, and a draft may hold "::error"; so
 * it stands where commands are switched off, until a token that does not occur in it.
 */
#include "report/report.h"

#include "base/show.h"

#define MOST_OF_A_KIND 10

static void add_escaped(Buf *out, Str s, bool property)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            sml_buf_addf(out, "%%%02X", (unsigned)c);
        else
            sml_buf_addc(out, c);
    }
}

static void add_safe(Buf *out, Str s, bool property)
{
    Buf safe = {0};
    sml_show_safe(&safe, s);
    add_escaped(out, sml_buf_str(&safe), property);
    sml_buf_free(&safe);
}

static void add_number(Buf *out, const char *key, uint32_t n)
{
    if (n)
        sml_buf_addf(out, ",%s=%u", key, n);
}

static void add_file(Buf *out, Str path)
{
    if (sml_str_starts(path, STR("./")))
        path = sml_str_slice(path, 2, path.len);
    if (path.len == 0)
        return;
    sml_buf_add(out, STR(",file="));
    add_safe(out, path, true);
}

/* Where the annotation goes, with its head up to the title; NULL once there are enough of its
 * kind. */
static Buf *begin_annotation(sml_reporter *r, sml_grade kind, Str title, Str path)
{
    if (r->annotated[kind]++ >= MOST_OF_A_KIND)
        return NULL;
    Buf *out = &r->annotations[kind];
    sml_buf_addf(out, "::%s title=", sml_grade_name(kind));
    add_safe(out, title, true);
    add_file(out, path);
    return out;
}

static void end_annotation(Buf *out, Str message, Str more)
{
    sml_buf_add(out, STR("::"));
    add_safe(out, message, false);
    if (more.len) {
        sml_buf_add(out, STR("%0A"));
        add_safe(out, more, false);
    }
    sml_buf_addc(out, '\n');
}

/* GitHub takes columns only where both are in one line. */
static void add_place(Buf *out, const sml_finding *f)
{
    add_number(out, "line", f->line);
    add_number(out, "endLine", f->end_line);
    if (f->line != f->end_line)
        return;
    add_number(out, "col", f->col);
    add_number(out, "endColumn", f->end_col);
}

static void annotate(sml_reporter *r, const sml_result *result, const sml_finding *f)
{
    Buf *out = begin_annotation(r, f->grade, f->rule, result->path);
    if (!out)
        return;
    add_place(out, f);
    Buf message = {0};
    sml_buf_add(&message, sml_report_message(r, f));
    sml_report_label(&message, result);
    end_annotation(out, sml_buf_str(&message), f->instead);
    sml_buf_free(&message);
}

static void annotate_unchecked(sml_reporter *r, const sml_result *result, const sml_unchecked *u)
{
    Buf *out = begin_annotation(r, SML_ERROR, u->rule, result->path);
    if (!out)
        return;
    Buf message = {0};
    sml_buf_addf(&message, "not checked: %.*s", STR_ARG(u->reason));
    end_annotation(out, sml_buf_str(&message), (Str){0});
    sml_buf_free(&message);
}

static void add(sml_reporter *r, const sml_result *result)
{
    for (uint32_t i = 0; i < result->n_findings; i++)
        if (sml_report_shows(r, &result->findings[i]))
            annotate(r, result, &result->findings[i]);
    for (uint32_t i = 0; i < result->n_unchecked; i++)
        annotate_unchecked(r, result, &result->unchecked[i]);
    sml_reporter_add(r->inner, result, NULL);
}

static void refuse(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    Str path = problem->path[0] ? sml_str_from(problem->path) : result->path;
    Buf *out = begin_annotation(r, SML_ERROR, STR("not checked"), path);
    if (out) {
        add_number(out, "line", problem->line);
        add_number(out, "col", problem->line ? problem->col : 0);
        end_annotation(out, sml_str_from(problem->message), (Str){0});
    }
    sml_reporter_add(r->inner, result, problem);
}

/* ---- the text report ------------------------------------------------------------------------- */

static bool hold(void *user, sml_str bytes)
{
    sml_buf_add(user, bytes);
    return true;
}

static void begin(sml_reporter *r)
{
    sml_report_options options = r->options;
    options.size = sizeof options;
    options.width = 0;
    options.quiet = false;
    r->inner = sml_reporter_new(STR("text"), &options, hold, &r->held, NULL);
}

/* A hash of the text, so that the same run gives the same bytes; the next number where it does
 * occur in it. */
static void add_token(Buf *out, Str text)
{
    for (uint64_t hash = sml_str_hash(text);; hash++) {
        size_t start = out->len;
        sml_buf_addf(out, "sm-lint-%016llx", (unsigned long long)hash);
        Str token = {out->p + start, out->len - start};
        if (sml_str_find(text, token, 0) == SIZE_MAX)
            return;
        out->len = start;
    }
}

static void finish(sml_reporter *r)
{
    Buf *out = &r->out, token = {0};
    for (int kind = SML_ERROR; kind >= SML_NOTICE; kind--)
        sml_buf_add(out, sml_buf_str(&r->annotations[kind]));
    sml_reporter_finish(r->inner);
    Str text = sml_buf_str(&r->held);
    add_token(&token, text);
    sml_buf_add(out, STR("::group::sm-lint: "));
    sml_report_counts(out, r);
    sml_buf_addf(out, "\n::stop-commands::%.*s\n", STR_ARG(sml_buf_str(&token)));
    sml_buf_add(out, text);
    sml_buf_addf(out, "::%.*s::\n::endgroup::\n", STR_ARG(sml_buf_str(&token)));
    sml_buf_free(&token);
}

const ReportFormat sml_report_github = {
    .name = "github", .begin = begin, .add = add, .refuse = refuse, .finish = finish};
