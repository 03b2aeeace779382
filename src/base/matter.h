/* SPDX-License-Identifier: MIT */
/*
 * Front matter: a block at the top of a draft that speaks of the draft and is not posted.
 *
 *     ---
 *     account: official
 *     ---
 *
 *     Applications open on Monday.
 *
 * A line of three dashes opens it, at the very start (a byte-order mark aside), and another closes
 * it. Blank lines behind it part it from the post and belong to neither.
 */
#ifndef SML_BASE_MATTER_H
#define SML_BASE_MATTER_H

#include "base/error.h"

/* Who writes more than this about one post has mistaken the place. */
#define MATTER_MAX_BYTES (UINT32_C(64) << 10)

typedef struct Matter {
    /* [0, close) is one YAML document, its opening line and the byte-order mark included, so that
     * places in it are places in the draft; close 0: there is no front matter */
    uint32_t close; /* where the closing line begins */
    uint32_t end;   /* the lines behind the closing one */
    uint32_t body;  /* the post: behind blank lines too */
} Matter;

/* Looks for front matter in `bytes`, a draft called `path`. False, with the place in `err`, where it
 * is not closed, longer than MATTER_MAX_BYTES, behind blank lines, or in another language: TOML between
 * lines of +++, or JSON. `out` is filled then too, so that the rest can be shown. */
bool sml_matter_find(Matter *out, Str bytes, Str path, sml_error *err);

#endif
