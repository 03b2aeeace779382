/* SPDX-License-Identifier: MIT */
/* Problems as they are found, to be heard in the order of files and lines: a reader mends from the top. */
#ifndef SML_RULEBOOK_GATHER_H
#define SML_RULEBOOK_GATHER_H

#include "rulebook/diag.h"

typedef struct Problem {
    sml_error error;
    bool is_error;
    uint32_t file, number; /* of its file, and of itself in the order of finding */
} Problem;

typedef struct Gathered {
    Arena *arena; /* nobody else's: others rewind theirs while problems come */
    VEC(Problem) all;
    VEC(Str) files; /* their order; filled in before the problems are passed on */
} Gathered;

/* A sml_diagnostic_fn; `user` is a Gathered. Keeps the first 1000 problems, each once. */
void sml_gather_hear(void *user, const sml_error *error, bool is_error);

/* Passes all on, in order. */
void sml_gather_pass(Gathered *g, Diagnostics *d);

#endif
