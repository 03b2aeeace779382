/* SPDX-License-Identifier: MIT */
#include "rulebook/gather.h"

#include <stdlib.h>
#include <string.h>

#define GATHERED_MAX 1000

static bool same_problem(const sml_error *a, const sml_error *b)
{
    return a->line == b->line && a->col == b->col && strcmp(a->message, b->message) == 0 &&
           strcmp(a->path, b->path) == 0;
}

/* Defaults are read again for every rule; what is wrong in them is heard once. */
void sml_gather_hear(void *user, const sml_error *error, bool is_error)
{
    Gathered *g = user;
    if (g->all.n == GATHERED_MAX)
        return;
    for (uint32_t i = 0; i < g->all.n; i++)
        if (same_problem(&g->all.v[i].error, error))
            return;
    VEC_PUSH(&g->all, g->arena) =
        (Problem){.error = *error, .is_error = is_error, .number = g->all.n};
}

static int compare_problems(const void *a, const void *b)
{
    const Problem *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->error.line != y->error.line)
        return x->error.line < y->error.line ? -1 : 1;
    if (x->error.col != y->error.col)
        return x->error.col < y->error.col ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static uint32_t file_number(const Gathered *g, const sml_error *error)
{
    uint32_t i = 0;
    while (i < g->files.n && !sml_str_eq(g->files.v[i], sml_str_from(error->path)))
        i++;
    return i;
}

void sml_gather_pass(Gathered *g, Diagnostics *d)
{
    for (uint32_t i = 0; i < g->all.n; i++)
        g->all.v[i].file = file_number(g, &g->all.v[i].error);
    if (g->all.n)
        qsort(g->all.v, g->all.n, sizeof *g->all.v, compare_problems);
    for (uint32_t i = 0; i < g->all.n; i++)
        sml_diag_pass(d, &g->all.v[i].error, g->all.v[i].is_error);
}
