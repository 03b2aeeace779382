/* SPDX-License-Identifier: MIT */
/* FILE:LINE:COL: WORD: MESSAGE [RULE], one line each, as compilers write them: for editors and
 * grep. */
#include "report/report.h"

#include "base/show.h"

static const char *word(sml_grade grade)
{
    return grade == SML_ERROR ? "error" : grade == SML_WARNING ? "warning" : "note";
}

static void add_place(Buf *out, Str path, uint32_t line, uint32_t col)
{
    sml_show_safe(out, path);
    sml_buf_addc(out, ':');
    if (line)
        sml_buf_addf(out, "%u:%u:", line, col ? col : 1);
    sml_buf_addc(out, ' ');
}

/* Compilers' messages end without a full stop. */
static void add_message(Buf *out, Str message)
{
    if (sml_str_ends(message, STR(".")))
        message.len--;
    sml_show_safe(out, message);
}

static void add_finding(sml_reporter *r, const sml_result *result, const sml_finding *f)
{
    Buf *out = &r->out;
    add_place(out, result->path, f->line, f->col);
    sml_buf_addf(out, "%s: ", word(f->grade));
    add_message(out, sml_report_message(r, f));
    sml_report_label(out, result);
    sml_buf_add(out, STR(" ["));
    sml_show_safe(out, f->rule);
    sml_buf_add(out, STR("]\n"));
}

static void add_unchecked(sml_reporter *r, const sml_result *result, const sml_unchecked *u)
{
    add_place(&r->out, result->path, 1, 1);
    sml_buf_add(&r->out, STR("error: not checked: "));
    add_message(&r->out, u->reason);
    sml_report_label(&r->out, result);
    sml_buf_add(&r->out, STR(" ["));
    sml_show_safe(&r->out, u->rule);
    sml_buf_add(&r->out, STR("]\n"));
}

static void add(sml_reporter *r, const sml_result *result)
{
    for (uint32_t i = 0; i < result->n_findings; i++)
        if (sml_report_shows(r, &result->findings[i]))
            add_finding(r, result, &result->findings[i]);
    for (uint32_t i = 0; i < result->n_unchecked; i++)
        add_unchecked(r, result, &result->unchecked[i]);
    if (!result->bad_utf8 || r->options.min_grade > SML_NOTICE)
        return;
    add_place(&r->out, result->path, result->bad_utf8_line, result->bad_utf8_col);
    sml_buf_add(&r->out, STR("note: not UTF-8 here, checked as U+FFFD; save it as UTF-8\n"));
}

static void refuse(sml_reporter *r, const sml_result *result, const sml_error *problem)
{
    Str path = problem->path[0] ? sml_str_from(problem->path) : result->path;
    add_place(&r->out, path, problem->line, problem->col);
    sml_buf_add(&r->out, STR("error: "));
    add_message(&r->out, sml_str_from(problem->message));
    sml_buf_addc(&r->out, '\n');
}

const ReportFormat sml_report_gnu = {.name = "gnu", .add = add, .refuse = refuse};
