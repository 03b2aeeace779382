/* SPDX-License-Identifier: MIT */
/*
 * Safe suggestions put into a draft. What comes out is checked again: every finding that was mended must be gone, and no rule
 * may say more than it did; else nothing of that is kept.
 */
#ifndef SML_CLI_FIX_H
#define SML_CLI_FIX_H

#include "base/arena.h"
#include "base/vec.h"

typedef struct Fix {
    Str rule;
    Str with;      /* in place of span */
    sml_span span; /* bytes of the draft as it was then */
    uint32_t line, col;
    Str before, after; /* the line, secrets replaced */
} Fix;

typedef VEC(Fix) Fixes;

/* The draft with its fixes in `out`, and in `fixes` what was done; both are the draft as it was, and empty, where nothing is.
 * The linter must report each occurrence (sml_options.each). Returns how many safe suggestions are left because the draft
 * writes their words in another way: in UTF-16, with markup between them, with escapes. */
uint32_t sml_fix_draft(Buf *out, Fixes *fixes, sml_linter *linter, const sml_input *in, Arena *a);

/* What was done, for people: "--- draft.txt:2:5 [family/slug]", the line before and the line after. */
void sml_fix_show(Buf *out, Str path, const Fixes *fixes, bool redact);

#endif
