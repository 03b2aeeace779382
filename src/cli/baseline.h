/* SPDX-License-Identifier: MIT */
/*
 * A baseline: what was found when an archive or an old repository was first checked, so that only what
 * is new is shown. One line for each finding, by its fingerprint, so that git can merge two of them:
 *
 *     # sm-lint baseline 1
 *     3f9c21d0a4b57e86 warning impartiality/party-named
 *
 * Lines are sorted, each once; the order in which they are read does not matter, and of two for one
 * fingerprint the graver holds. Blank lines and those that begin with # are passed over.
 */
#ifndef SML_CLI_BASELINE_H
#define SML_CLI_BASELINE_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

/* No file has more: half a gigabyte of memory in the end, for an archive of tens of millions of posts. */
#define BASELINE_MOST 8000000

/* Small, as an archive makes millions of them. Grades are sml_grade. */
typedef struct BaselineEntry {
    uint64_t print;
    uint32_t rule; /* of names */
    uint8_t grade;
    uint8_t met; /* the gravest that was seen of it in this run; SML_CLEAN: none */
} BaselineEntry;

typedef struct Baseline {
    VEC(BaselineEntry) entries; /* by print, once sorted */
    Map rules;                  /* names, each kept once */
    VEC(Str) names;
    uint32_t sorted; /* so many entries there were after the last sorting */
    Arena *arena;
} Baseline;

/* Reads and sorts a file. False with the place in `err` where a line is no entry. */
bool sml_baseline_read(Baseline *out, Str path, Arena *a, sml_error *err);

/* Adds an entry, out of order; `rule` is copied. False if there are BASELINE_MOST without it. */
bool sml_baseline_add(Baseline *b, uint64_t print, sml_grade grade, Str rule);
/* Sorts, and leaves each fingerprint once. */
void sml_baseline_sort(Baseline *b);
/* The entry, in a sorted baseline, or NULL. */
BaselineEntry *sml_baseline_find(const Baseline *b, uint64_t print);

/* What a linter wants; lives in the baseline's arena. */
const sml_known *sml_baseline_known(const Baseline *b);

/* False where another file, a draft perhaps, would be lost: what is there must be a baseline, by its first line, or empty. */
bool sml_baseline_may_write(Str path, sml_error *err);
bool sml_baseline_write(const Baseline *b, Str path, sml_error *err);

#endif
