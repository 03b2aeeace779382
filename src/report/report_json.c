/* SPDX-License-Identifier: MIT */
/*
 * One object for a run, everything in it, written draft by draft. Keys are stable: `version`
 * changes with them. `start` and `end` are bytes of the input, `post` of the post's own text;
 * columns are in `column_unit`.
 */
#include "report/report.h"

#define FORMAT_VERSION 1

static void text(JsonWriter *w, const char *key, Str s)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_string(w, s);
}

/* Leaves out what is empty. */
static void text_if(JsonWriter *w, const char *key, Str s)
{
    if (s.len)
        text(w, key, s);
}

static void number(JsonWriter *w, const char *key, uint64_t n)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_uint(w, n);
}

static void truth(JsonWriter *w, const char *key, bool b)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_bool(w, b);
}

static void grade(JsonWriter *w, const char *key, sml_grade g)
{
    text(w, key, sml_str_from(sml_grade_name(g)));
}

static void span(JsonWriter *w, Span s)
{
    number(w, "start", s.start);
    number(w, "end", s.end);
}

/* Of the whole file, where the input was a part of it. */
static void file_span(JsonWriter *w, const sml_result *result, Span s)
{
    number(w, "start", result->first_byte + s.start);
    number(w, "end", result->first_byte + s.end);
}

static void object(JsonWriter *w, const char *key)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_object(w);
}

static void array(JsonWriter *w, const char *key)
{
    sml_json_key(w, sml_str_from(key));
    sml_json_array(w);
}

/* ---- a draft --------------------------------------------------------------------------------- */

/* What an author says of themselves, and of images, is theirs too: left out where drafts are not to
 * be shown. */
static void add_context(JsonWriter *w, const sml_context *c, bool redact)
{
    object(w, "context");
    text_if(w, "account", c->account);
    text_if(w, "handle", c->handle);
    text_if(w, "channel", c->channel);
    text_if(w, "kind", c->kind);
    text_if(w, "nation", c->nation);
    text_if(w, "group", c->group);
    text_if(w, "language", c->language);
    text_if(w, "department", c->department);
    text_if(w, "names_employer", c->names_employer);
    if (!redact)
        text_if(w, "bio", c->bio);
    text(w, "date", c->date);
    text(w, "date_origin", c->date_origin);
    if (c->n_meta && !redact) {
        object(w, "meta");
        for (uint32_t i = 0; i < c->n_meta; i++) {
            sml_json_key(w, c->meta[i].key);
            sml_json_string(w, c->meta[i].value);
        }
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void add_cites(JsonWriter *w, const sml_finding *f)
{
    array(w, "cites");
    for (uint32_t i = 0; i < f->n_cites; i++) {
        const sml_cite *c = &f->cites[i];
        sml_json_object(w);
        text(w, "source", c->source);
        text_if(w, "title", c->title);
        text_if(w, "at", c->at);
        text_if(w, "year", c->year);
        text_if(w, "url", c->url);
        text_if(w, "read", c->read);
        truth(w, "verified", c->verified);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void add_cues(JsonWriter *w, const sml_finding *f)
{
    if (!f->n_cues)
        return;
    array(w, "cues");
    for (uint32_t i = 0; i < f->n_cues; i++) {
        sml_json_object(w);
        text(w, "name", f->cues[i].name);
        span(w, f->cues[i].span);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void add_words(JsonWriter *w, const sml_finding *f)
{
    if (!f->masked)
        text(w, "match", f->match);
    text_if(w, "suggest", f->suggest);
    text(w, "excerpt", f->excerpt);
    object(w, "excerpt_span");
    span(w, f->excerpt_span);
    sml_json_close(w);
}

static void add_finding(sml_reporter *r, const sml_result *result, const sml_finding *f)
{
    JsonWriter *w = &r->json;
    sml_json_object(w);
    text(w, "rule", f->rule);
    text(w, "family", f->family);
    text(w, "title", f->title);
    grade(w, "grade", f->grade);
    grade(w, "full_grade", f->full_grade);
    text_if(w, "missing", f->missing);
    text(w, "message", sml_report_message(r, f));
    text_if(w, "why", f->why);
    text_if(w, "instead", f->instead);
    text_if(w, "ask", f->ask);
    add_cites(w, f);
    truth(w, "whole", f->whole);
    truth(w, "masked", f->masked);
    file_span(w, result, f->span);
    object(w, "post");
    span(w, f->post);
    sml_json_close(w);
    number(w, "line", f->line);
    number(w, "column", f->col);
    number(w, "end_line", f->end_line);
    number(w, "end_column", f->end_col);
    number(w, "count", f->count);
    add_cues(w, f);
    if (!r->options.redact)
        add_words(w, f);
    sml_json_close(w);
}

static void add_approval(JsonWriter *w, const sml_allow *a, bool redact)
{
    object(w, "approval");
    if (!redact) /* it may well quote the draft */
        text(w, "reason", a->reason);
    text_if(w, "by", a->by);
    text_if(w, "until", a->until);
    text_if(w, "path", a->path);
    number(w, "line", a->line);
    number(w, "column", a->col);
    sml_json_close(w);
}

static void add_allowed(sml_reporter *r, const sml_result *result)
{
    JsonWriter *w = &r->json;
    if (!result->n_allowed)
        return;
    array(w, "allowed");
    for (uint32_t i = 0; i < result->n_allowed; i++) {
        const sml_finding *f = &result->allowed[i].finding;
        sml_json_object(w);
        text(w, "rule", f->rule);
        grade(w, "grade", f->grade);
        file_span(w, result, f->span);
        number(w, "line", f->line);
        number(w, "column", f->col);
        number(w, "count", f->count);
        if (!f->masked && !r->options.redact)
            text(w, "match", f->match);
        add_approval(w, result->allowed[i].allow, r->options.redact);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void number_if(JsonWriter *w, const char *key, uint64_t n)
{
    if (n)
        number(w, key, n);
}

static void add_unchecked(JsonWriter *w, const sml_result *result)
{
    array(w, "unchecked");
    for (uint32_t i = 0; i < result->n_unchecked; i++) {
        sml_json_object(w);
        text(w, "rule", result->unchecked[i].rule);
        text(w, "reason", result->unchecked[i].reason);
        sml_json_close(w);
    }
    sml_json_close(w);
}

/* What is no finding, and would otherwise be on standard error alone. It may quote what a draft says of itself. */
static void add_remarks(sml_reporter *r, const sml_result *result)
{
    JsonWriter *w = &r->json;
    bool any = false;
    for (uint32_t i = 0; i < result->n_remarks && !r->options.redact; i++) {
        const sml_remark *m = &result->remarks[i];
        if (m->minor)
            continue;
        if (!any)
            array(w, "remarks");
        any = true;
        sml_json_object(w);
        text_if(w, "path", m->path);
        number_if(w, "line", m->line);
        number_if(w, "column", m->col);
        text(w, "message", m->text);
        sml_json_close(w);
    }
    if (any)
        sml_json_close(w);
}

static void add_place(sml_reporter *r, const char *key, const sml_result *result,
                      const sml_place *p)
{
    JsonWriter *w = &r->json;
    if (p->span.end == p->span.start)
        return;
    object(w, key);
    file_span(w, result, p->span);
    number(w, "line", p->line);
    number(w, "column", p->col);
    if (!r->options.redact)
        text_if(w, "words", p->words);
    sml_json_close(w);
}

static void add_traces(sml_reporter *r, const sml_result *result)
{
    JsonWriter *w = &r->json;
    if (!result->n_traces)
        return;
    array(w, "traces");
    for (uint32_t i = 0; i < result->n_traces; i++) {
        const sml_trace *t = &result->traces[i];
        sml_json_object(w);
        text(w, "rule", t->rule);
        grade(w, "grade", t->grade);
        text_if(w, "because", t->because);
        add_place(r, "cue", result, &t->cue);
        add_place(r, "stop", result, &t->stop);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void begin_draft(JsonWriter *w, const sml_result *result)
{
    sml_json_break(w);
    sml_json_object(w);
    text(w, "path", result->path);
    text_if(w, "label", result->label);
    if (result->id.len) {
        sml_json_key(w, STR("id"));
        sml_json_raw(w, result->id);
    }
}

static void add(sml_reporter *r, const sml_result *result)
{
    JsonWriter *w = &r->json;
    begin_draft(w, result);
    truth(w, "checked", true);
    grade(w, "grade", result->grade);
    add_context(w, &result->context, r->options.redact);
    array(w, "findings");
    for (uint32_t i = 0; i < result->n_findings; i++)
        if (sml_report_shows(r, &result->findings[i]))
            add_finding(r, result, &result->findings[i]);
    sml_json_close(w);
    add_allowed(r, result);
    number_if(w, "known", result->known);
    add_unchecked(w, result);
    add_remarks(r, result);
    add_traces(r, result);
    number(w, "undecided", result->undecided);
    number(w, "images", result->images);
    number(w, "links", result->links);
    number_if(w, "code", result->code);
    number_if(w, "fields", result->fields);
    number_if(w, "unmeasured", result->unmeasured);
    if (result->bad_utf8) {
        object(w, "bad_utf8");
        number(w, "line", result->bad_utf8_line);
        number(w, "column", result->bad_utf8_col);
        sml_json_close(w);
    }
    sml_json_close(w);
}

static void refuse(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    JsonWriter *w = &r->json;
    begin_draft(w, result);
    truth(w, "checked", false);
    object(w, "error");
    if (problem->line)
        number(w, "line", problem->line);
    if (problem->col)
        number(w, "column", problem->col);
    text(w, "message", sml_str_from(problem->message));
    sml_json_close(w);
    sml_json_close(w);
}

/* ---- the run --------------------------------------------------------------------------------- */

static void begin(sml_reporter *r)
{
    JsonWriter *w = &r->json;
    w->out = &r->out;
    sml_json_object(w);
    number(w, "version", FORMAT_VERSION);
    object(w, "tool");
    text(w, "name", STR("sm-lint"));
    text(w, "version", sml_str_from(sml_version()));
    sml_json_close(w);
    text(w, "column_unit", STR("code points"));
    array(w, "drafts");
}

static void add_summary(JsonWriter *w, const sml_reporter *r)
{
    const ReportCounts *c = &r->counts;
    object(w, "summary");
    number(w, "drafts", c->drafts);
    number(w, "unread", c->unread);
    number(w, "errors", c->shown[SML_ERROR]);
    number(w, "warnings", c->shown[SML_WARNING]);
    number(w, "notices", c->shown[SML_NOTICE]);
    number(w, "hidden", c->hidden);
    number(w, "undecided", c->undecided);
    number(w, "unchecked", c->rules);
    number(w, "images", c->images);
    number(w, "links", c->links);
    number_if(w, "allowed", c->allowed);
    number_if(w, "known", c->known);
    number_if(w, "code", c->code);
    number_if(w, "fields", c->fields);
    number_if(w, "unmeasured", c->lengths);
    number_if(w, "passed_over", r->options.passed_over);
    text_if(w, "skipped", r->options.skipped);
    text_if(w, "stale_lists", r->options.stale);
    text_if(w, "changed", r->options.changed);
    sml_json_close(w);
}

static void finish(sml_reporter *r)
{
    JsonWriter *w = &r->json;
    sml_json_break(w);
    sml_json_close(w);
    add_summary(w, r);
    sml_json_close(w);
    sml_buf_addc(&r->out, '\n');
}

const ReportFormat sml_report_json = {
    .name = "json", .begin = begin, .add = add, .refuse = refuse, .finish = finish};
