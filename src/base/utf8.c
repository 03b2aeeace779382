/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/unicode.h"

#include <string.h>

uint32_t sml_utf8_next(Str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.len - *at;
    *at += 1;
    if (p[0] < 0x80)
        return p[0];
    /* The bounds of the second byte shut out overlong forms, surrogates and what lies above U+10FFFF. */
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        if (left < 2 || (p[1] & 0xC0) != 0x80)
            return UTF8_BAD;
        *at += 1;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if ((p[0] & 0xF0) == 0xE0) {
        unsigned least = p[0] == 0xE0 ? 0xA0 : 0x80, most = p[0] == 0xED ? 0x9F : 0xBF;
        if (left < 3 || p[1] < least || p[1] > most || (p[2] & 0xC0) != 0x80)
            return UTF8_BAD;
        *at += 2;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        unsigned least = p[0] == 0xF0 ? 0x90 : 0x80, most = p[0] == 0xF4 ? 0x8F : 0xBF;
        if (left < 4 || p[1] < least || p[1] > most || (p[2] & 0xC0) != 0x80 ||
            (p[3] & 0xC0) != 0x80)
            return UTF8_BAD;
        *at += 3;
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    }
    return UTF8_BAD;
}

size_t sml_utf8_put(char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* Offset of the first byte above 0x7F at or after `at`, eight bytes at a time. */
static size_t skip_ascii(Str s, size_t at)
{
    for (; at + 8 <= s.len; at += 8) {
        uint64_t word;
        memcpy(&word, s.p + at, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (at < s.len && (unsigned char)s.p[at] < 0x80)
        at++;
    return at;
}

size_t sml_utf8_check(Str s)
{
    for (size_t at = skip_ascii(s, 0); at < s.len; at = skip_ascii(s, at)) {
        size_t start = at;
        if (sml_utf8_next(s, &at) == UTF8_BAD)
            return start;
    }
    return s.len;
}

size_t sml_utf8_count(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

size_t sml_utf8_count16(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += (size_t)(((unsigned char)s.p[i] & 0xC0) != 0x80) + ((unsigned char)s.p[i] >= 0xF0);
    return n;
}

size_t sml_utf8_floor(Str s, size_t at)
{
    while (at > 0 && at < s.len && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

size_t sml_utf8_width(Str s)
{
    size_t columns = 0;
    for (size_t at = 0; at < s.len;) {
        /* Only the last of a run of ASCII may have something behind it that joins it. */
        size_t run = at;
        while (run < s.len && s.p[run] >= ' ' && s.p[run] <= '~')
            run++;
        if (run > at + 1 || run == s.len) {
            size_t alone = run - at - (run < s.len);
            columns += alone;
            at += alone;
            continue;
        }
        size_t end = sml_unicode_cluster(s, at), widest = 0;
        while (at < end) {
            uint32_t c = sml_utf8_next(s, &at);
            size_t w = c == UTF8_BAD ? 1 : sml_unicode_width(c);
            /* U+FE0F asks for the emoji form of what it follows. */
            if (c == 0xFE0F)
                w = 2;
            if (w > widest)
                widest = w;
        }
        columns += widest;
    }
    return columns;
}
