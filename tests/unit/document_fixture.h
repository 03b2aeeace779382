/* SPDX-License-Identifier: MIT */
/* What tests of readers share: a document in an arena of its own. */
#ifndef SML_TESTS_DOCUMENT_FIXTURE_H
#define SML_TESTS_DOCUMENT_FIXTURE_H

#include "text/document.h"

typedef struct Fixture {
    Arena *arena;
    Document d;
    sml_error err;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = sml_mem_resize(NULL, sizeof *f);
    *f = (Fixture){.arena = sml_arena_new()};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sml_arena_free(f->arena);
    sml_mem_free(f);
    return 0;
}

#endif
