/* SPDX-License-Identifier: MIT */
/*
 * What a folded text holds, roughly: which bytes, and which pairs of neighbours. A post has some two hundred different
 * pairs, a text of eight bytes has seven, so that one which is not there is mostly told from two or three of its pairs.
 *
 *     "please call 111"     pl le ea as se e_ _c ca al ll l_ _1 11
 *     "mammogram"           ma is missing
 */
#ifndef SML_IMAGE_MUST_H
#define SML_IMAGE_MUST_H

#include "base/str.h"
#include "image/image.h"

#define MUST_PAIRS  4096
#define MUST_PLACES (MUST_PAIRS + 256) /* pairs, then single bytes */

/* Separators of words stand for one another, as they do for the automaton. */
static inline char sml_must_plain(char c)
{
    return c == '\n' || c == '_' ? ' ' : c;
}

/* Of a plain byte, and of two plain neighbours; bytes that differ by 64 share a place. */
static inline unsigned sml_must_byte(char c)
{
    return MUST_PAIRS + (unsigned char)c;
}

static inline unsigned sml_must_pair(char a, char b)
{
    return ((unsigned char)a & 63U) << 6 | ((unsigned char)b & 63U);
}

/* Fills the places of a text that is not empty, spread over it. */
void sml_must_places(uint16_t places[IMAGE_MUST_PLACES], Str text);

#endif
