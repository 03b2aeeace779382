/* SPDX-License-Identifier: MIT */
/*
 * What drafts come in besides UTF-8: "Unicode text" of office programs, which is UTF-16, and their
 * plain CSV, which is Windows-1252. Decoded text needs no map back: a character is one unit of
 * UTF-16 or two, and one byte of Windows-1252, so counting characters gives the place.
 */
#ifndef SML_TEXT_ENCODING_H
#define SML_TEXT_ENCODING_H

#include "base/arena.h"

typedef enum Encoding {
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_UTF32, /* told apart only to be named */
    ENCODING_WINDOWS_1252
} Encoding;

/* By its byte-order mark, or by the NULs of UTF-16 without one; else UTF-8. */
Encoding sml_encoding_of(Str bytes);

/* Has `bytes` letters, none of which is UTF-8? False where all is ASCII, too. */
bool sml_encoding_is_1252(Str bytes);

/* Has it bytes above 0x7F? */
bool sml_encoding_is_wide(Str bytes);

/* How many bytes the byte-order mark takes. */
uint32_t sml_encoding_bom(Encoding encoding, Str bytes);

/* UTF-16 or Windows-1252 in UTF-8, the byte-order mark left out. What is no character becomes
 * U+FFFD, and `*bad_at` the offset of the first of these, UINT32_MAX if there is none. */
Str sml_encoding_decode(Encoding encoding, Str bytes, uint32_t *bad_at, Arena *a);

#endif
