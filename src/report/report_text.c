/* SPDX-License-Identifier: MIT */
/*
 * For people, at the end of their day. An error or a warning is a block, a notice is one line:
 *
 *     draft.txt:1:8: error: "vote Labour" asks people to back a party. [impartiality/urges-a-vote]
 *         Please vote Labour on Thursday
 *                ^~~~~~~~~~~
 *         why: It puts service to the next government in doubt. Under Civil Service Code.
 *         instead: Leave out the party.
 *         ask: propriety team
 *
 *     1 error in 1 draft, judged as of 2026-11-20 (today). Not checked: 1 link.
 *
 * The excerpt is cut in three at the span; each part is made safe to print first, and the width of
 * what came out is what the underline follows. So a label such as <U+202E>, a tab and an emoji all
 * count as they look.
 */
#include "report/report.h"

#include "base/show.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

#define INDENT     4
#define HANG       6
#define LEAST_ROOM 20 /* columns for an excerpt, however narrow the terminal */
#define ELLIPSIS   "\xE2\x80\xA6"

typedef enum Style { PLAIN, BOLD, STYLE_NOTICE, STYLE_WARNING, STYLE_ERROR } Style;

static void style(sml_reporter *r, Style s)
{
    static const char *const sequences[] = {"\x1b[0m", "\x1b[1m", "\x1b[1;36m", "\x1b[1;33m",
                                            "\x1b[1;31m"};
    if (r->options.color)
        sml_buf_add(&r->out, sml_str_from(sequences[s]));
}

static Style grade_style(sml_grade grade)
{
    return grade == SML_ERROR ? STYLE_ERROR : grade == SML_WARNING ? STYLE_WARNING : STYLE_NOTICE;
}

static Paragraph paragraph(sml_reporter *r, uint32_t indent)
{
    return (Paragraph){.out = &r->out, .width = r->options.width, .indent = indent};
}

static void words(Paragraph *p, const char *s)
{
    sml_show_words(p, sml_str_from(s));
}

/* ---- the first line of a finding ------------------------------------------------------------- */

static void add_place(sml_reporter *r, Paragraph *p, Str path, uint32_t line, uint32_t col)
{
    Buf place = {0};
    sml_buf_add(&place, path);
    sml_buf_addc(&place, ':');
    if (line)
        sml_buf_addf(&place, "%u:%u:", line, col ? col : 1);
    style(r, BOLD);
    sml_show_unit(p, sml_buf_str(&place));
    style(r, PLAIN);
    sml_buf_free(&place);
}

static void add_grade(sml_reporter *r, Paragraph *p, sml_grade grade)
{
    Buf word = {0};
    sml_buf_addf(&word, "%s:", sml_grade_name(grade));
    style(r, grade_style(grade));
    sml_show_unit(p, sml_buf_str(&word));
    style(r, PLAIN);
    sml_buf_free(&word);
}

static void add_rule(Paragraph *p, Str rule)
{
    Buf text = {0};
    sml_buf_addf(&text, "[%.*s]", STR_ARG(rule));
    sml_show_unit(p, sml_buf_str(&text));
    sml_buf_free(&text);
}

static void add_label(Paragraph *p, const sml_result *result)
{
    Buf text = {0};
    sml_report_label(&text, result);
    sml_show_words(p, sml_buf_str(&text));
    sml_buf_free(&text);
}

static void add_heading(sml_reporter *r, Paragraph *p, const sml_result *result,
                        const sml_finding *f)
{
    add_place(r, p, result->path, f->line, f->col);
    add_grade(r, p, f->grade);
    sml_show_words(p, sml_report_message(r, f));
    add_label(p, result);
    add_rule(p, f->rule);
}

/* "if this is an official account, this is an error"; or, where the fact decides whether it is anything at all, "only if this
 * is an official account" */
static void add_missing(Paragraph *p, const sml_finding *f, const char *open, const char *close)
{
    static const char *const verdicts[] = {
        [SML_CLEAN] = "nothing",
        [SML_NOTICE] = "a notice",
        [SML_WARNING] = "a warning",
        [SML_ERROR] = "an error",
    };
    Buf text = {0};
    if (f->full_grade > f->grade)
        sml_buf_addf(&text, "%s%.*s, this is %s%s", open, STR_ARG(f->missing),
                     verdicts[f->full_grade], close);
    else
        sml_buf_addf(&text, "%s%s%.*s%s", open,
                     sml_str_starts(f->missing, STR("if ")) ? "only " : "", STR_ARG(f->missing),
                     close);
    sml_show_words(p, sml_buf_str(&text));
    sml_buf_free(&text);
}

static void add_count(Paragraph *p, const sml_finding *f, const char *open, const char *close)
{
    Buf text = {0};
    sml_buf_addf(&text, "%sand %u more like it in this post%s", open, f->count - 1, close);
    sml_show_words(p, sml_buf_str(&text));
    sml_buf_free(&text);
}

/* ---- the excerpt ----------------------------------------------------------------------------- */

/* What of `s` fits into `columns`, from its start or from its end, whole clusters only. */
static Str fit_start(Str s, size_t columns)
{
    size_t at = 0, used = 0;
    while (at < s.len) {
        size_t end = sml_unicode_cluster(s, at);
        used += sml_utf8_width(sml_str_slice(s, at, end));
        if (used > columns)
            break;
        at = end;
    }
    return sml_str_slice(s, 0, at);
}

static Str fit_end(Str s, size_t columns)
{
    size_t at = 0, left = sml_utf8_width(s);
    while (at < s.len && left > columns) {
        size_t end = sml_unicode_cluster(s, at);
        left -= sml_utf8_width(sml_str_slice(s, at, end));
        at = end;
    }
    return sml_str_slice(s, at, s.len);
}

typedef struct Excerpt {
    Buf part[3]; /* before, within and behind the span, safe to print */
    Str before, match, after;
    bool cut_before, cut_after;
} Excerpt;

/* The span comes first; then what stands before it, with a third of the room kept for what
 * follows. */
static void fit(Excerpt *e, size_t room)
{
    size_t match = sml_utf8_width(e->match), after = sml_utf8_width(e->after);
    if (match + sml_utf8_width(e->before) + after <= room)
        return;
    room -= 2; /* an ellipsis at both ends */
    size_t left = match < room ? room - match : 0;
    Str whole = e->before, rest = e->after;
    e->before = fit_end(whole, left - (after < left / 3 ? after : left / 3));
    e->match = fit_start(e->match, room);
    e->after = fit_start(rest, left - sml_utf8_width(e->before));
    e->cut_before = e->before.len < whole.len;
    e->cut_after = e->after.len < rest.len || match > room;
}

static void add_underline(sml_reporter *r, const Excerpt *e, sml_grade grade)
{
    size_t columns = sml_utf8_width(e->match);
    sml_show_pad(&r->out, INDENT + sml_utf8_width(e->before) + e->cut_before);
    style(r, grade_style(grade));
    sml_buf_addc(&r->out, '^');
    for (size_t i = 1; i < columns; i++)
        sml_buf_addc(&r->out, '~');
    style(r, PLAIN);
    sml_buf_addc(&r->out, '\n');
}

static void add_excerpt(sml_reporter *r, const sml_finding *f)
{
    if (r->options.redact || f->whole || f->excerpt.len == 0)
        return;
    Excerpt e = {0};
    Span span = f->excerpt_span;
    sml_show_excerpt(&e.part[0], sml_str_slice(f->excerpt, 0, span.start));
    sml_show_excerpt(&e.part[1], sml_str_slice(f->excerpt, span.start, span.end));
    sml_show_excerpt(&e.part[2], sml_str_slice(f->excerpt, span.end, f->excerpt.len));
    e.before = sml_buf_str(&e.part[0]);
    e.match = sml_buf_str(&e.part[1]);
    e.after = sml_buf_str(&e.part[2]);
    uint32_t width = r->options.width;
    if (width)
        fit(&e, width < INDENT + LEAST_ROOM ? LEAST_ROOM : width - INDENT);

    sml_show_pad(&r->out, INDENT);
    sml_buf_add(&r->out, e.cut_before ? STR(ELLIPSIS) : STR(""));
    sml_buf_add(&r->out, e.before);
    sml_buf_add(&r->out, e.match);
    sml_buf_add(&r->out, e.after);
    sml_buf_add(&r->out, e.cut_after ? STR(ELLIPSIS "\n") : STR("\n"));
    add_underline(r, &e, f->grade);
    for (size_t i = 0; i < 3; i++)
        sml_buf_free(&e.part[i]);
}

/* ---- what stands below it -------------------------------------------------------------------- */

static Paragraph indented(sml_reporter *r)
{
    sml_show_pad(&r->out, INDENT);
    Paragraph p = paragraph(r, HANG);
    p.col = INDENT;
    return p;
}

static void add_labelled(sml_reporter *r, const char *label, Str text)
{
    if (text.len == 0)
        return;
    Paragraph p = indented(r);
    words(&p, label);
    sml_show_words(&p, text);
    sml_show_end(&p);
}

/* "Under Civil Service Code, Impartiality; Propriety guidance." */
static void cite(Buf *out, const sml_finding *f, bool verified, const char *word)
{
    const char *separator = word;
    for (uint32_t i = 0; i < f->n_cites; i++) {
        const sml_cite *c = &f->cites[i];
        if (c->verified != verified)
            continue;
        Str title = c->title.len ? c->title : c->source;
        sml_buf_addf(out, "%s%.*s", separator, STR_ARG(title));
        if (c->at.len)
            sml_buf_addf(out, ", %.*s", STR_ARG(c->at));
        separator = "; ";
    }
    if (separator != word)
        sml_buf_addc(out, '.');
}

static void add_why(sml_reporter *r, const sml_finding *f)
{
    Buf text = {0};
    Str why = sml_str_trim(f->why);
    sml_buf_add(&text, why);
    if (why.len && !strchr(".!?", why.p[why.len - 1]))
        sml_buf_addc(&text, '.');
    cite(&text, f, true, " Under ");
    cite(&text, f, false, " See ");
    add_labelled(r, "why:", sml_buf_str(&text));
    sml_buf_free(&text);
}

/* ---- findings -------------------------------------------------------------------------------- */

static void begin_block(sml_reporter *r)
{
    if (r->after_block || r->after_line)
        sml_buf_addc(&r->out, '\n');
    r->after_block = true;
    r->after_line = false;
}

static void begin_line(sml_reporter *r)
{
    if (r->after_block)
        sml_buf_addc(&r->out, '\n');
    r->after_block = false;
    r->after_line = true;
}

static void add_block(sml_reporter *r, const sml_result *result, const sml_finding *f)
{
    begin_block(r);
    Paragraph p = paragraph(r, INDENT);
    add_heading(r, &p, result, f);
    sml_show_end(&p);
    add_excerpt(r, f);
    if (f->count > 1) {
        p = indented(r);
        add_count(&p, f, "", "");
        sml_show_end(&p);
    }
    if (f->missing.len) {
        p = indented(r);
        add_missing(&p, f, "", "");
        sml_show_end(&p);
    }
    add_why(r, f);
    add_labelled(r, "instead:", f->instead);
    if (!r->options.redact)
        add_labelled(r, "write:", f->suggest);
    add_labelled(r, "ask:", f->ask);
}

static void add_line(sml_reporter *r, const sml_result *result, const sml_finding *f)
{
    begin_line(r);
    Paragraph p = paragraph(r, INDENT);
    add_heading(r, &p, result, f);
    if (f->count > 1)
        add_count(&p, f, "(", ")");
    if (f->missing.len)
        add_missing(&p, f, "(", ")");
    sml_show_end(&p);
}

static void add_grade_of(sml_reporter *r, const sml_result *result, sml_grade grade)
{
    for (uint32_t i = 0; i < result->n_findings; i++) {
        const sml_finding *f = &result->findings[i];
        if (f->grade == grade && grade == SML_NOTICE)
            add_line(r, result, f);
        else if (f->grade == grade)
            add_block(r, result, f);
    }
}

/* ---- what is no finding ---------------------------------------------------------------------- */

static void add_bad_utf8(sml_reporter *r, const sml_result *result)
{
    begin_line(r);
    Paragraph p = paragraph(r, INDENT);
    add_place(r, &p, result->path, result->bad_utf8_line, result->bad_utf8_col);
    add_grade(r, &p, SML_NOTICE);
    words(&p, "not UTF-8 here, checked as U+FFFD; save it as UTF-8");
    sml_show_end(&p);
}

static void add_unchecked(sml_reporter *r, const sml_result *result, const sml_unchecked *u)
{
    begin_line(r);
    Paragraph p = paragraph(r, INDENT);
    add_place(r, &p, result->path, 0, 0);
    words(&p, "not checked:");
    sml_show_words(&p, u->reason);
    add_label(&p, result);
    add_rule(&p, u->rule);
    sml_show_end(&p);
}

/* ---- traces ---------------------------------------------------------------------------------- */

/* draft.txt:1:8: trace: "Labour": unless, row 2: innocent words within 5, "statistics" at 1:15 [family/slug] */
static void add_trace(sml_reporter *r, const sml_result *result, const sml_trace *t)
{
    bool shown = !r->options.redact;
    Paragraph p = paragraph(r, INDENT);
    Buf text = {0};
    add_place(r, &p, result->path, t->cue.line, t->cue.col);
    sml_buf_add(&text, STR("trace: "));
    if (shown && t->cue.words.len)
        sml_buf_addf(&text, "\"%.*s\": ", STR_ARG(t->cue.words));
    if (t->grade)
        sml_buf_addf(&text, "found, %s", sml_grade_name(t->grade));
    sml_buf_add(&text, t->because);
    if (t->stop.line && shown && t->stop.words.len)
        sml_buf_addf(&text, ", \"%.*s\"", STR_ARG(t->stop.words));
    if (t->stop.line)
        sml_buf_addf(&text, " at %u:%u", t->stop.line, t->stop.col);
    sml_show_words(&p, sml_buf_str(&text));
    sml_buf_free(&text);
    add_rule(&p, t->rule);
    sml_show_end(&p);
}

/* Rules without a cue are many, and have all the same to say. */
static void add_cueless(sml_reporter *r, const sml_result *result, uint32_t from)
{
    Paragraph p = paragraph(r, INDENT);
    Buf text = {0};
    add_place(r, &p, result->path, 0, 0);
    words(&p, "trace: found no words for:");
    for (uint32_t i = from; i < result->n_traces; i++)
        sml_buf_addf(&text, "%s%.*s", i > from ? ", " : "", STR_ARG(result->traces[i].rule));
    sml_show_words(&p, sml_buf_str(&text));
    sml_buf_free(&text);
    sml_show_end(&p);
}

static bool has_cue(const sml_trace *t)
{
    return t->grade || t->cue.line;
}

static void add_traces(sml_reporter *r, const sml_result *result)
{
    uint32_t i = 0;
    if (result->n_traces)
        begin_line(r);
    for (; i < result->n_traces && has_cue(&result->traces[i]); i++)
        add_trace(r, result, &result->traces[i]);
    if (i < result->n_traces)
        add_cueless(r, result, i);
}

static void add(sml_reporter *r, const sml_result *result)
{
    sml_grade least = r->options.min_grade > SML_NOTICE ? r->options.min_grade : SML_NOTICE;
    for (int grade = SML_ERROR; grade >= (int)least; grade--)
        add_grade_of(r, result, (sml_grade)grade);
    if (result->bad_utf8 && least == SML_NOTICE && !r->options.quiet)
        add_bad_utf8(r, result);
    for (uint32_t i = 0; i < result->n_unchecked; i++)
        add_unchecked(r, result, &result->unchecked[i]);
    add_traces(r, result);
}

static void refuse(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    begin_line(r);
    Paragraph p = paragraph(r, INDENT);
    Str path = problem->path[0] ? sml_str_from(problem->path) : result->path;
    add_place(r, &p, path, problem->line, problem->col);
    add_grade(r, &p, SML_ERROR);
    words(&p, problem->message);
    sml_show_end(&p);
}

/* ---- the last line --------------------------------------------------------------------------- */

static void add_date(Buf *out, const ReportCounts *c)
{
    if (c->dates_differ)
        sml_buf_add(out, STR(", each judged as of its own date"));
    else if (c->date.len)
        sml_buf_addf(out, ", judged as of %.*s", STR_ARG(c->date));
    else if (c->drafts)
        sml_buf_add(out, STR(", judged without a date"));
    if (!c->dates_differ && c->date.len && c->date_origin.len)
        sml_buf_addf(out, " (%.*s)", STR_ARG(c->date_origin));
}

static bool any_findings(const ReportCounts *c)
{
    return c->shown[SML_ERROR] || c->shown[SML_WARNING] || c->shown[SML_NOTICE] || c->hidden;
}

static void add_not_checked(Buf *out, const sml_reporter *r)
{
    const struct {
        uint64_t n;
        const char *word;
    } items[] = {
        {r->counts.links, "link"},
        {r->counts.images, "image"},
        {r->counts.code, "code passage"},
        {r->counts.fields, "field"},
        {r->counts.rules, "undecided rule"},
        {r->counts.unread, "unread draft"},
        {r->options.passed_over, "other file"},
    };
    const char *separator = " Not checked: ";
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        if (!items[i].n)
            continue;
        sml_buf_add(out, sml_str_from(separator));
        sml_report_number(out, items[i].n, items[i].word);
        separator = ", ";
    }
    if (r->counts.lengths) {
        sml_buf_add(out, sml_str_from(separator));
        sml_report_number(out, r->counts.lengths, "length");
        sml_buf_add(out, STR(" (no known network)"));
        separator = ", ";
    }
    if (r->options.skipped.len) {
        sml_buf_addf(out, "%s%.*s (skipped)", separator, STR_ARG(r->options.skipped));
        separator = ", ";
    }
    /* Where there is nothing else to read, somebody may take it for leave to post. */
    if (r->counts.drafts && !any_findings(&r->counts)) {
        sml_buf_addf(out, "%spermission to post", separator);
        separator = ", ";
    }
    if (separator[0] == ',')
        sml_buf_addc(out, '.');
}

/* "2 findings approved (by Jo Bloggs, the press office)." */
static void add_aside(Buf *out, const ReportCounts *c)
{
    if (c->allowed) {
        sml_buf_addc(out, ' ');
        sml_report_number(out, c->allowed, "finding");
        sml_buf_add(out, STR(" approved"));
        for (uint32_t i = 0; i < c->n_approvers && i < REPORT_NAMED; i++)
            sml_buf_addf(out, "%s%.*s", i ? ", " : " (by ", STR_ARG(c->approvers[i]));
        if (c->n_approvers > REPORT_NAMED)
            sml_buf_add(out, STR(" and others"));
        sml_buf_add(out, c->n_approvers ? STR(").") : STR("."));
    }
    if (c->known) {
        sml_buf_addc(out, ' ');
        sml_report_number(out, c->known, "finding");
        sml_buf_add(out, STR(" known from the baseline not shown."));
    }
}

static void add_remarks(Buf *out, const sml_reporter *r)
{
    const ReportCounts *c = &r->counts;
    if (c->hidden) {
        sml_buf_addc(out, ' ');
        sml_report_number(out, c->hidden, "finding");
        sml_buf_addf(out, " below %s not shown.", sml_grade_name(r->options.min_grade));
    }
    if (c->undecided) {
        sml_buf_addc(out, ' ');
        sml_report_number(out, c->undecided, "finding");
        sml_buf_addf(out, " graded low, as a fact is missing.");
    }
    add_aside(out, c);
    if (r->options.changed.len)
        sml_buf_addf(out, " By configuration: %.*s.", STR_ARG(r->options.changed));
    if (r->options.stale.len)
        sml_buf_addf(out, " Old lists: %.*s.", STR_ARG(r->options.stale));
}

static void finish(sml_reporter *r)
{
    if (r->options.quiet)
        return;
    if (r->after_block || r->after_line)
        sml_buf_addc(&r->out, '\n');
    Buf text = {0};
    sml_report_counts(&text, r);
    add_date(&text, &r->counts);
    sml_buf_addc(&text, '.');
    add_not_checked(&text, r);
    add_remarks(&text, r);
    Paragraph p = paragraph(r, 0);
    sml_show_words(&p, sml_buf_str(&text));
    sml_show_end(&p);
    sml_buf_free(&text);
}

const ReportFormat sml_report_text = {
    .name = "text", .add = add, .refuse = refuse, .finish = finish};
