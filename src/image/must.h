/* SPDX-License-Identifier: MIT */
/*
 * Which pairs of neighbours a folded text has, roughly, and where. A post has some two hundred different pairs, a text of
 * eight bytes has seven, so that one which is not there is mostly told from one or two of its pairs; and one that may be
 * there can begin in few places.
 *
 *     "please call 111"     pl le ea as se e_ _c ca al ll l_ _1 11
 *     "mammogram"           mm is missing
 */
#ifndef SML_IMAGE_MUST_H
#define SML_IMAGE_MUST_H

#include "base/str.h"
#include "image/image.h"

#define MUST_PAIRS 1024

/* Separators of words stand for one another, as they do for the automaton. */
static inline char sml_must_plain(char c)
{
    return c == '\n' || c == '_' ? ' ' : c;
}

/* Of two plain neighbours; bytes that differ by 32 count as one. */
static inline unsigned sml_must_pair(char a, char b)
{
    return ((unsigned char)a & 31U) << 5 | ((unsigned char)b & 31U);
}

/* Fills in the rarest pairs of a text that is not empty. */
void sml_must_pairs(ImageMustText *out, Str text);

#endif
