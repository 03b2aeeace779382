/* SPDX-License-Identifier: MIT */
/* The reports of one run: one for every --format, each to standard output or to a file of its
 * own. */
#ifndef SML_CLI_REPORTS_H
#define SML_CLI_REPORTS_H

#include "cli/options.h"
#include "cli/sink.h"

typedef struct Reports {
    Sink **sinks; /* n of each; a reporter writes into the sink of the same place */
    sml_reporter **reporters;
    uint32_t n;
    bool jsonl; /* all of them: a line of output then depends on one line of input alone */
    sml_report_options options; /* of the first, without colour and width */
} Reports;

/* What the summary is to say beside what was found; or empty. */
typedef struct ReportWords {
    Str stale;            /* of sml_rulebooks_stale */
    Str changed;          /* of sml_profiles_changes */
    uint32_t passed_over; /* files in directories */
} ReportWords;

/* Opens them. `standard` is standard output, borrowed, and stays open. A later format without a path replaces an earlier one; with no
 * --format at all there is one, text. On failure too the reports are to be closed. */
bool sml_reports_open(Reports *out, const Options *options, Sink *standard,
                      const ReportWords *words, Arena *a, sml_error *err);

/* Bytes that a reporter of the same format and options has written elsewhere, into every report. */
bool sml_reports_raw(Reports *reports, Str bytes);

/* Does a report go where `fd` does: one terminal, pipe or file? Who reads that has what is reported already. */
bool sml_reports_reach(const Reports *reports, int fd);

/* Shows what has been reported so far. */
bool sml_reports_flush(Reports *reports);

/* Ends them all and puts files in their places; where `keep` is false no file is left. False if a
 * file could not be written: what and why is said on standard error. */
bool sml_reports_close(Reports *reports, bool keep);

#endif
