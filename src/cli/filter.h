/* SPDX-License-Identifier: MIT */
/*
 * Archives of drafts, one JSON object a line, as a stream: memory does not grow with the number
 * of lines, order is kept, a bad line does not stop the rest. Where every report is JSONL too,
 * several threads can share the work; the bytes that come out are the same for any number of
 * them.
 */
#ifndef SML_CLI_FILTER_H
#define SML_CLI_FILTER_H

#include "cli/reports.h"
#include "cli/rulebooks.h"
#include "cli/verdict.h"

typedef struct Filter Filter;

/* What the filter borrows. */
typedef struct FilterParts {
    const Checker *checker; /* used where there are no threads */
    Reports *reports;
    const Rulebooks *rulebooks; /* from which the threads' own linters are made */
    const sml_options *options;
    uint32_t jobs; /* 0: one a processor */
} FilterParts;

/* Starts the threads, if there are to be any. */
Filter *sml_filter_new(const FilterParts *parts, Arena *a);
void sml_filter_free(Filter *f); /* NULL is fine */

/* Checks all lines of `fd`. `shape` is what they have in common: path and context. Complaints go to
 * standard error as they come. */
void sml_filter_run(Verdict *total, Filter *f, int fd, const sml_input *shape);

#endif
