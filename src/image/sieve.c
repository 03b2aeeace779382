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
/* clang-format on */
