/* SPDX-License-Identifier: MIT */
/* Walks the image's automaton over folded text. */
#ifndef SML_MATCH_PREFILTER_H
#define SML_MATCH_PREFILTER_H

#include "base/vec.h"
#include "image/image.h"

typedef struct Hit {
    uint32_t literal : 31; /* index in LITERALS */
    uint32_t loose : 1;    /* without the edges that its strict owners ask for */
    uint32_t at;           /* folded offset of the literal's first byte */
} Hit;
typedef VEC(Hit) Hits;

/* Appends every occurrence of every literal in `folded`, by end, the longest first, to `out` in `a`. A literal with
 * LITERAL_EDGE is left out where a letter, mark or digit stands before it, one with LITERAL_EDGE_END where one stands
 * behind it, unless that neighbour lies in a run that begins with '#' (a hashtag: its words may stand closed up). Linear in
 * the text; nothing is allocated but the hits. Of a hostile image's literals some may be reported where they do not stand,
 * but always inside the text and at the start of a character. */
void sml_prefilter_walk(Hits *out, const Image *image, Str folded, Arena *a);

#endif
