/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/error.h"
#include "base/show.h"

#include <string.h>

static const ReportFormat *const formats[] = {
    &sml_report_text, &sml_report_gnu, &sml_report_json, &sml_report_jsonl, &sml_report_github,
};

#define N_FORMATS (sizeof formats / sizeof formats[0])

/* ---- for the formats ------------------------------------------------------------------------- */

Str sml_report_message(const sml_reporter *r, const sml_finding *f)
{
    if (!r->options.redact)
        return f->message;
    return f->title.len ? f->title : f->rule;
}

void sml_report_label(Buf *out, const sml_result *result)
{
    if (result->label.len == 0)
        return;
    sml_buf_add(out, STR(" ("));
    sml_show_safe(out, result->label);
    sml_buf_addc(out, ')');
}

void sml_report_number(Buf *out, uint64_t n, const char *singular)
{
    sml_buf_add_uint(out, n);
    sml_buf_addf(out, " %s%s", singular, n == 1 ? "" : "s");
}

static void add_grades(Buf *out, const ReportCounts *c)
{
    const char *separator = "";
    for (int grade = SML_ERROR; grade >= SML_NOTICE; grade--) {
        if (!c->shown[grade])
            continue;
        sml_buf_add(out, sml_str_from(separator));
        sml_report_number(out, c->shown[grade], sml_grade_name((sml_grade)grade));
        separator = ", ";
    }
}

void sml_report_counts(Buf *out, const sml_reporter *r)
{
    const ReportCounts *c = &r->counts;
    bool any = c->shown[SML_ERROR] || c->shown[SML_WARNING] || c->shown[SML_NOTICE];
    if (c->drafts == 1 && !any) {
        sml_show_safe(out, c->path);
        sml_buf_add(out, STR(": "));
    }
    if (any)
        add_grades(out, c);
    else if (c->drafts && r->options.min_grade > SML_NOTICE)
        sml_buf_addf(out, "no %s found", sml_grade_name(r->options.min_grade));
    else
        sml_buf_add(out, c->drafts ? STR("nothing found") : STR("nothing was checked"));
    if (any || c->drafts > 1) {
        sml_buf_add(out, STR(" in "));
        sml_report_number(out, c->drafts, c->labelled ? "post" : "draft");
    }
}

/* ---- the reporter ---------------------------------------------------------------------------- */

const char *sml_reporter_format(uint32_t i)
{
    return i < N_FORMATS ? formats[i]->name : NULL;
}

static const ReportFormat *find_format(Str name)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (sml_str_eq(sml_str_from(formats[i]->name), name))
            return formats[i];
    return NULL;
}

static void complain(Str name, sml_error *err)
{
    Buf names = {0};
    for (size_t i = 0; i < N_FORMATS; i++)
        sml_buf_addf(
            &names, "%s%s",
            i == 0              ? ""
            : i + 1 < N_FORMATS ? ", "
                                : " or ",
            formats[i]->name); /* NOLINT(clang-analyzer-core.NullDereference): all are there */
    sml_error_set(err, "unknown format \"%.*s\"; use %.*s", STR_ARG(name),
                  STR_ARG(sml_buf_str(&names)));
    sml_buf_free(&names);
}

static void copy_options(sml_reporter *r, const sml_report_options *options)
{
    if (options)
        memcpy(&r->options, options,
               options->size < sizeof r->options ? options->size : sizeof r->options);
    r->options.skipped = sml_arena_copy(r->arena, r->options.skipped);
    r->options.stale = sml_arena_copy(r->arena, r->options.stale);
    r->options.changed = sml_arena_copy(r->arena, r->options.changed);
}

sml_reporter *sml_reporter_new(sml_str format, const sml_report_options *options,
                               sml_write_fn write, void *user, sml_error *err)
{
    const ReportFormat *row = find_format(format);
    if (!row) {
        complain(format, err);
        return NULL;
    }
    if (options && options->size == 0) {
        sml_error_set(err, "these options have no size; begin them with SML_REPORT_OPTIONS_INIT");
        return NULL;
    }
    Arena *arena = sml_arena_new();
    sml_reporter *r = ARENA_NEW(arena, sml_reporter);
    r->format = row;
    r->write = write;
    r->user = user;
    r->arena = arena;
    copy_options(r, options);
    return r;
}

void sml_reporter_free(sml_reporter *r)
{
    if (!r)
        return;
    sml_reporter_free(r->inner);
    sml_buf_free(&r->held);
    for (size_t i = 0; i <= SML_ERROR; i++)
        sml_buf_free(&r->annotations[i]);
    sml_buf_free(&r->out);
    sml_arena_free(r->arena);
}

static bool flush(sml_reporter *r)
{
    if (r->out.len && !r->failed)
        r->failed = !r->write(r->user, sml_buf_str(&r->out));
    sml_buf_clear(&r->out);
    return !r->failed;
}

static void begin(sml_reporter *r)
{
    if (!r->begun && r->format->begin)
        r->format->begin(r);
    r->begun = true;
}

static void count_date(sml_reporter *r, const sml_context *context)
{
    ReportCounts *c = &r->counts;
    if (c->drafts > 1) {
        c->dates_differ = c->dates_differ || !sml_str_eq(c->date, context->date);
        return;
    }
    c->date = sml_arena_copy(r->arena, context->date);
    c->date_origin = sml_arena_copy(r->arena, context->date_origin);
}

static void count_approver(sml_reporter *r, Str by)
{
    ReportCounts *c = &r->counts;
    for (uint32_t i = 0; i < c->n_approvers && i < REPORT_NAMED; i++)
        if (sml_str_eq(c->approvers[i], by))
            return;
    if (by.len == 0 || c->n_approvers > REPORT_NAMED)
        return;
    if (c->n_approvers < REPORT_NAMED)
        c->approvers[c->n_approvers] = sml_arena_copy(r->arena, by);
    c->n_approvers++;
}

static void count_aside(sml_reporter *r, const sml_result *result)
{
    r->counts.known += result->known;
    for (uint32_t i = 0; i < result->n_allowed; i++) {
        r->counts.allowed += result->allowed[i].finding.count;
        count_approver(r, result->allowed[i].allow->by);
    }
}

static void count(sml_reporter *r, const sml_result *result)
{
    ReportCounts *c = &r->counts;
    if (++c->drafts == 1)
        c->path = sml_arena_copy(r->arena, result->path);
    count_date(r, &result->context);
    c->labelled = c->labelled || result->label.len > 0;
    c->undecided += result->undecided;
    c->rules += result->n_unchecked;
    c->images += result->images;
    c->links += result->links;
    count_aside(r, result);
    c->code += result->code;
    c->fields += result->fields;
    c->lengths += result->unmeasured;
    for (uint32_t i = 0; i < result->n_findings; i++) {
        const sml_finding *f = &result->findings[i];
        if (sml_report_shows(r, f))
            c->shown[f->grade]++;
        else
            c->hidden++;
    }
}

bool sml_reporter_add(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    if (r->failed)
        return false;
    begin(r);
    if (problem) {
        r->counts.unread++;
        r->format->refuse(r, result, problem);
    } else {
        count(r, result);
        r->format->add(r, result);
    }
    return flush(r); /* at once: a filter must answer before it waits for the next line */
}

bool sml_reporter_finish(sml_reporter *r)
{
    if (r->failed)
        return false;
    begin(r);
    if (r->format->finish)
        r->format->finish(r);
    return flush(r);
}
