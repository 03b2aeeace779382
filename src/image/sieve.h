/* SPDX-License-Identifier: MIT */
/*
 * Bytes in 32 classes, so that a set of them is one word: what a phrase allows at a place near its
 * anchor (ImageOwner) is such a set, made by the compiler and asked by the scanner.
 */
#ifndef SML_IMAGE_SIEVE_H
#define SML_IMAGE_SIEVE_H

#include "base/str.h"

/* Letters have a class each. Text is folded, so that capitals do not occur. */
enum {
    SIEVE_OUTSIDE, /* before or behind the text */
    SIEVE_LETTER,  /* 'a'; 'z' is SIEVE_LETTER + 25 */
    SIEVE_DIGIT = SIEVE_LETTER + 26,
    SIEVE_SPACE, /* and line break */
    SIEVE_SIGN,  /* other ASCII */
    SIEVE_WIDE,  /* a byte of a character beyond ASCII */
    SIEVE_CLASSES
};

#define SIEVE_ALL  UINT32_MAX
#define SIEVE_WORD (UINT32_C(0x7FFFFFF) << SIEVE_LETTER) /* ASCII letters and digits */

extern const uint8_t sml_sieve_class[256];

/* Which letters and signs of ASCII a folded text has, a bit each, and whether it may have a digit of any script: what a
 * regex cannot do without is such a set, too. White space, '_' and what is beyond ASCII count for nothing. */
uint64_t sml_sieve_chars(Str folded);

#define SIEVE_ANY_DIGIT (UINT64_C(1) << 26)

#endif
