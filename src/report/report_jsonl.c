/* SPDX-License-Identifier: MIT */
/*
 * One object a draft, in order: the answer of the archive filter. Most lines of an archive are
 * clean, so they go straight to the buffer; so do the keys of the others. `start` and `end` are
 * bytes of the post's own text.
 */
#include "report/report.h"

#include <string.h>

static void add_cues(Buf *out, const sml_finding *f)
{
    sml_buf_add(out, STR(",\"cues\":["));
    for (uint32_t i = 0; i < f->n_cues; i++) {
        const sml_cue *cue = &f->cues[i];
        sml_buf_add(out, i ? STR(",{\"name\":") : STR("{\"name\":"));
        sml_json_quote(out, cue->name);
        sml_buf_addf(out, ",\"start\":%u,\"end\":%u}", cue->span.start, cue->span.end);
    }
    sml_buf_addc(out, ']');
}

static void add_text(Buf *out, Str key, Str s)
{
    sml_buf_add(out, key);
    sml_json_quote(out, s);
}

static void add_finding(sml_reporter *r, const sml_finding *f)
{
    Buf *out = &r->out;
    add_text(out, STR("{\"rule\":"), f->rule);
    add_text(out, STR(",\"grade\":"), sml_str_from(sml_grade_name(f->grade)));
    sml_buf_add(out, STR(",\"start\":"));
    sml_buf_add_uint(out, f->post.start);
    sml_buf_add(out, STR(",\"end\":"));
    sml_buf_add_uint(out, f->post.end);
    if (!f->masked && !r->options.redact)
        add_text(out, STR(",\"match\":"), f->match);
    add_text(out, STR(",\"message\":"), sml_report_message(r, f));
    if (f->missing.len)
        add_text(out, STR(",\"missing\":"), f->missing);
    if (f->n_cues)
        add_cues(out, f);
    sml_buf_addc(out, '}');
}

static void add_findings(sml_reporter *r, const sml_result *result)
{
    bool first = true;
    for (uint32_t i = 0; i < result->n_findings; i++) {
        if (!sml_report_shows(r, &result->findings[i]))
            continue;
        if (!first)
            sml_buf_addc(&r->out, ',');
        add_finding(r, &result->findings[i]);
        first = false;
    }
}

static void add_aside(Buf *out, const sml_result *result)
{
    uint64_t allowed = 0;
    for (uint32_t i = 0; i < result->n_allowed; i++)
        allowed += result->allowed[i].finding.count;
    if (allowed)
        sml_buf_addf(out, ",\"allowed\":%llu", (unsigned long long)allowed);
    if (result->known)
        sml_buf_addf(out, ",\"known\":%u", result->known);
    if (result->fields)
        sml_buf_addf(out, ",\"fields\":%u", result->fields);
}

static void add_unchecked(Buf *out, const sml_result *result)
{
    sml_buf_add(out, STR(",\"unchecked\":["));
    for (uint32_t i = 0; i < result->n_unchecked; i++) {
        add_text(out, i ? STR(",{\"rule\":") : STR("{\"rule\":"), result->unchecked[i].rule);
        add_text(out, STR(",\"reason\":"), result->unchecked[i].reason);
        sml_buf_addc(out, '}');
    }
    sml_buf_addc(out, ']');
}

/* A draft that is no JSON record goes by its path, and by its label where it is one of several. */
static void add_id(Buf *out, const sml_result *result)
{
    sml_buf_add(out, STR("{\"id\":"));
    if (result->id.len) {
        sml_buf_add(out, result->id);
        return;
    }
    Buf name = {0};
    sml_buf_add(&name, result->path);
    sml_report_label(&name, result);
    sml_json_quote(out, sml_buf_str(&name));
    sml_buf_free(&name);
}

static void add(sml_reporter *r, const sml_result *result)
{
    Buf *out = &r->out;
    add_id(out, result);
    if (result->id.len && result->label.len)
        add_text(out, STR(",\"label\":"), result->label);
    sml_buf_add(out, STR(",\"grade\":\""));
    sml_buf_add(out, sml_str_from(sml_grade_name(result->grade)));
    sml_buf_add(out, STR("\",\"findings\":["));
    add_findings(r, result);
    sml_buf_addc(out, ']');
    add_aside(out, result);
    if (result->n_unchecked)
        add_unchecked(out, result);
    if (result->bad_utf8)
        sml_buf_add(out, STR(",\"bad_utf8\":true"));
    sml_buf_add(out, STR("}\n"));
}

static void refuse(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    Buf text = {0};
    if (problem->line)
        sml_buf_addf(&text, "line %u, ", problem->line);
    if (problem->line && problem->col)
        sml_buf_addf(&text, "column %u, ", problem->col);
    if (text.len)
        memcpy(text.p + text.len - 2, ": ", 2);
    sml_buf_add(&text, sml_str_from(problem->message));
    add_id(&r->out, result);
    add_text(&r->out, STR(",\"error\":"), sml_buf_str(&text));
    sml_buf_add(&r->out, STR("}\n"));
    sml_buf_free(&text);
}

const ReportFormat sml_report_jsonl = {.name = "jsonl", .add = add, .refuse = refuse};
