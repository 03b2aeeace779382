/* SPDX-License-Identifier: MIT */
/*
 * Inside reporters. A format is one file, report_*.c, and one row in report.c. It sees results one
 * at a time, appends to `out`, and keeps nothing of them: what the end of a report needs is counted
 * here.
 */
#ifndef SML_REPORT_REPORT_H
#define SML_REPORT_REPORT_H

#include "base/arena.h"
#include "base/json.h"

typedef struct ReportFormat {
    const char *name;
    void (*begin)(sml_reporter *r); /* before the first draft; NULL: nothing to do */
    void (*add)(sml_reporter *r, const sml_result *result);
    void (*refuse)(sml_reporter *r, const sml_result *result, const sml_error *problem);
    void (*finish)(sml_reporter *r); /* NULL: nothing to do */
} ReportFormat;

extern const ReportFormat sml_report_text, sml_report_gnu, sml_report_json, sml_report_jsonl,
    sml_report_github;

#define REPORT_NAMED 3

typedef struct ReportCounts {
    uint64_t drafts, unread;       /* drafts: those that were checked */
    uint64_t shown[SML_ERROR + 1]; /* findings by grade */
    uint64_t hidden;               /* findings below min_grade */
    uint64_t undecided, rules;     /* findings that lack a fact; rules that could not be decided */
    uint64_t images, links, code, fields, lengths; /* not looked at */
    uint64_t allowed, known;     /* findings set aside: approved, in the baseline */
    Str approvers[REPORT_NAMED]; /* the first who approved; ours */
    uint32_t n_approvers;        /* REPORT_NAMED + 1: more of them */
    Str path, date, date_origin; /* of the first draft checked; ours */
    bool dates_differ;
    bool labelled; /* some are one of several posts of a document */
} ReportCounts;

struct sml_reporter {
    const ReportFormat *format;
    sml_report_options options; /* its texts are copies of ours */
    sml_write_fn write;
    void *user;
    Buf out; /* not yet written */
    bool failed, begun;
    ReportCounts counts;
    Arena *arena; /* as long as the reporter */

    JsonWriter json;              /* json */
    bool after_block, after_line; /* text: what stands above */
    sml_reporter *inner;          /* github: its text report, which goes to `held` */
    Buf held;
    Buf annotations[SML_ERROR + 1]; /* by kind, the first of each */
    uint64_t annotated[SML_ERROR + 1];
};

/* Is the finding to be shown at all? */
static inline bool sml_report_shows(const sml_reporter *r, const sml_finding *f)
{
    return f->grade >= r->options.min_grade;
}

/* " (2/5)": which post of its document; nothing where it is the only one. */
void sml_report_label(Buf *out, const sml_result *result);

/* What the finding says: its message, which quotes the draft, or where no words of drafts may be
 * shown its title. */
Str sml_report_message(const sml_reporter *r, const sml_finding *f);

/* "2 errors, 1 warning in 3 drafts", or "nothing found in 3 drafts". */
void sml_report_counts(Buf *out, const sml_reporter *r);

/* "1 link", "2 links". */
void sml_report_number(Buf *out, uint64_t n, const char *singular);

#endif
