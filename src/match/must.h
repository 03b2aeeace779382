/* SPDX-License-Identifier: MIT */
/*
 * Whether a regex can match a text at all, told from texts of which any match of it holds one. Most regexes that a common
 * word makes worth a try fail here, and PCRE2 need not compile them.
 */
#ifndef SML_MATCH_MUST_H
#define SML_MATCH_MUST_H

#include "base/arena.h"
#include "image/must.h"

/* Longer texts are not looked through: they hold nearly everything. */
#define MUST_MAX_BYTES 4096

/* A fully folded text with separators of words as spaces, and where it has which pairs. */
typedef struct MustText {
    bool asked;
    Str plain; /* empty until the chars were not enough to say no */
    uint64_t chars;
    uint16_t first[MUST_PAIRS], last[MUST_PAIRS]; /* where, from 1; first 0: nowhere */
} MustText;

/* False if the text lacks what `must` says. `t`, which must last as long as `a`, is what earlier calls came to know of the
 * same text; zeroed at first. */
bool sml_must_holds(MustText *t, Str text, const Image *image, const ImageMust *must, Arena *a);

#endif
