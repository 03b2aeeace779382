/* SPDX-License-Identifier: MIT */
/* A rulebook from a string, for tests: no files. */
#ifndef TESTS_RULEBOOK_TEXT_H
#define TESTS_RULEBOOK_TEXT_H

#include "image/image.h"
#include "rulebook/compile.h"
#include "rulebook/load.h"

#include <stdio.h>

#define RULEBOOK_HEAD                                                                              \
    "smlint: 1\n"                                                                                  \
    "pack: {id: test, title: Test, version: 1.0.0, language: en-GB}\n"                             \
    "sources:\n"                                                                                   \
    "  code: {title: Code, year: 2015, url: 'https://example.com/', read: '2026-11-20', "          \
    "verified: true}\n"
#define RULE_TAIL "  cite: [{source: code, at: here}]\n"

static bool read_text(void *user, Buf *out, const char *path, sml_error *err)
{
    (void)path, (void)err;
    sml_buf_clear(out);
    sml_buf_add(out, sml_str_from(user));
    return true;
}

static inline void print_problem(void *user, const sml_error *e, bool is_error)
{
    (void)user;
    fprintf(stderr, "%s:%u:%u: %s: %s\n", e->path, e->line, e->col, is_error ? "error" : "warning",
            e->message);
}

/* The image of a rulebook; its bytes live in `bytes`. */
static inline bool rulebook_from(Image *out, Buf *bytes, const char *yaml)
{
    Arena *a = sml_arena_new();
    Diagnostics d = {.hear = print_problem};
    Rules rules;
    sml_error err;
    bool ok = sml_load_with(&rules, "test.yaml", read_text, (void *)(uintptr_t)yaml, &d, a) &&
              sml_compile(bytes, &rules, &d, a);
    sml_arena_free(a);
    if (ok && !sml_image_open(out, sml_buf_str(bytes), STR("test.yaml"), &err)) {
        print_problem(NULL, &err, true);
        return false;
    }
    return ok;
}

#endif
