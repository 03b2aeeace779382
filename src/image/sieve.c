/* SPDX-License-Identifier: MIT */
#include "image/sieve.h"

#define X2(v)   v, v
#define X4(v)   X2(v), X2(v)
#define X5(v)   X4(v), v
#define X16(v)  X4(v), X4(v), X4(v), X4(v)
#define X128(v) X16(v), X16(v), X16(v), X16(v), X16(v), X16(v), X16(v), X16(v)
#define SIGN    SIEVE_SIGN
#define L(i)    (SIEVE_LETTER + (i))

/* clang-format off */
const uint8_t sml_sieve_class[256] = {
    X5(SIGN), X5(SIGN), SIEVE_SPACE, X5(SIGN), X16(SIGN), /* up to 0x1F */
    SIEVE_SPACE, X5(SIGN), X5(SIGN), X5(SIGN),            /* up to '/' */
    X5(SIEVE_DIGIT), X5(SIEVE_DIGIT), X5(SIGN), X2(SIGN), /* up to '@' */
    X16(SIGN), X16(SIGN),                                 /* up to '`' */
    L(0),  L(1),  L(2),  L(3),  L(4),  L(5),  L(6),  L(7),  L(8),  L(9),  L(10), L(11), L(12),
    L(13), L(14), L(15), L(16), L(17), L(18), L(19), L(20), L(21), L(22), L(23), L(24), L(25),
    X5(SIGN), X128(SIEVE_WIDE)};

/* The bits of sml_sieve_chars: letters from 0, digits, signs; NO for what has none. */
#define NO    63
#define DIGIT 26
static const uint8_t char_bit[256] = {
    X16(NO), X16(NO),
    NO, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, /* up to '/' */
    X5(DIGIT), X5(DIGIT), 42, 43, 44, 45, 46, 47, 48,               /* up to '@' */
    X16(NO), X5(NO), X5(NO), 49, 50, 51, 52, NO, 53,                /* up to '`' */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    54, 55, 56, 57, NO, X128(DIGIT)};
/* clang-format on */

uint64_t sml_sieve_chars(Str folded)
{
    uint64_t set = 0;
    for (size_t i = 0; i < folded.len; i++)
        set |= UINT64_C(1) << char_bit[(unsigned char)folded.p[i]];
    return set & ~(UINT64_C(1) << NO);
}
