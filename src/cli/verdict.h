/* SPDX-License-Identifier: MIT */
/* One draft through a linter into reports, and what that means for the exit status. */
#ifndef SML_CLI_VERDICT_H
#define SML_CLI_VERDICT_H

#include "base/error.h"

/* Gets a post that was checked, or with `r->problem` what could not be read; NULL where more may be long in coming, so
 * that what is at hand should be shown. The result lives until it returns. */
typedef void (*HearResult)(void *user, const sml_result *r);

/* Who hears of results in place of reports, and whether posts are measured, not checked. */
typedef struct Hearing {
    HearResult hear; /* NULL: nobody */
    void *user;
    bool measure;
} Hearing;

/* Who checks: borrowed, and used by one thread at a time. */
typedef struct Checker {
    sml_linter *linter;
    sml_reporter *const *reporters;
    uint32_t n_reporters;
    uint64_t max_bytes;
    bool verbose; /* minor remarks too */
    Hearing hearing;
} Checker;

/* What came of some drafts. Zero-initialised is ready; give `complaints` and `remarks`
 * back with sml_buf_free. */
typedef struct Verdict {
    sml_grade worst;
    uint64_t posts;  /* that were looked at; one without words or images is none */
    bool incomplete; /* something could not be read, or not decided */
    bool broken;     /* a report could not be written: nothing further is worth doing */
    Buf complaints;  /* lines for standard error, the first VERDICT_COMPLAINTS of n_complaints */
    uint32_t n_complaints;
    Buf remarks;         /* lines for standard error that no report has */
    uint32_t n_pictures; /* missed */
} Verdict;

/* Enough to see what is wrong; an archive of another shape would make millions. */
#define VERDICT_COMPLAINTS 20

/* Checks the draft and reports it, post by post. */
void sml_verdict_draft(Verdict *v, const Checker *c, const sml_input *in);

/* Reports a draft that could not be read; `problem` gets the path and line of `in` where it has
 * none. */
void sml_verdict_refuse(Verdict *v, const Checker *c, const sml_input *in, sml_error *problem);

/* Adds to `v` what is known of other drafts; the complaints stay where they are. */
void sml_verdict_merge(Verdict *v, const Verdict *other);

#endif
