/* SPDX-License-Identifier: MIT */
/* UTF-8: decode, check, count. Strict: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SML_BASE_UTF8_H
#define SML_BASE_UTF8_H

#include "base/str.h"

#define UTF8_BAD UINT32_C(0xFFFFFFFF)

/* The code point at `*at`, which moves behind it. On a bad byte returns UTF8_BAD and moves one byte on.
 * `*at` must be below s.len. */
uint32_t sml_utf8_next(Str s, size_t *at);

/* Encodes a scalar value into `out` (4 bytes of room) and returns how many bytes it took. */
size_t sml_utf8_put(char out[4], uint32_t code_point);

/* Offset of the first bad byte, or s.len where all is well. */
size_t sml_utf8_check(Str s);

/* Code points and UTF-16 units in valid text. */
size_t sml_utf8_count(Str s);
size_t sml_utf8_count16(Str s);

/* Start of the character that holds byte `at` (`at` itself if it begins one, or equals s.len). */
size_t sml_utf8_floor(Str s, size_t at);

/* Columns of a terminal: 0 for marks and joiners, 2 for wide letters and emoji, else 1. A whole emoji
 * sequence is 2 wide; so this takes text, not a code point. Control characters count 0. */
size_t sml_utf8_width(Str s);

#endif
