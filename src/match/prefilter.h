/* SPDX-License-Identifier: MIT */
/* Walks the image's automaton over folded text. */
#ifndef SML_MATCH_PREFILTER_H
#define SML_MATCH_PREFILTER_H

#include "image/image.h"

typedef struct Hit {
    uint32_t literal : 31; /* index in LITERALS */
    uint32_t loose : 1;    /* without the edges that its strict owners ask for */
    uint32_t at;           /* folded offset of the literal's first byte */
} Hit;

/* Hears of a hit; the pointer is good for the call. */
typedef void (*PrefilterHit)(void *user, const Hit *hit);

/* Tells `hear` every occurrence of every literal in `folded`, by end, the longest first. A literal with
 * LITERAL_EDGE is left out where a letter, mark or digit stands before it, one with LITERAL_EDGE_END where one stands
 * behind it, unless that neighbour lies in a run that begins with '#' (a hashtag: its words may stand closed up). Linear in
 * the text; nothing is allocated. Of a hostile image's literals some may be reported where they do not stand,
 * but always inside the text and at the start of a character. */
void sml_prefilter_walk(const Image *image, Str folded, PrefilterHit hear, void *user);

#endif
