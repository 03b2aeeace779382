/* SPDX-License-Identifier: MIT */
#include "text/encoding.h"

#include "base/utf8.h"

#include <string.h>

#define LOST UINT32_C(0xFFFD)

/* Bytes 0x80 to 0x9F of Windows-1252; 0 where there is no character. */
static const uint16_t windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* Text in an alphabet of ours has a NUL in every second byte of UTF-16, and never in the others. */
static Encoding of_nuls(Str s)
{
    size_t nuls[2] = {0}, sample = s.len < 512 ? s.len : 512;
    if (sample == 0 || !memchr(s.p, '\0', sample))
        return ENCODING_UTF8;
    for (size_t i = 0; i < sample; i++)
        nuls[i & 1] += s.p[i] == '\0';
    bool even = nuls[0] > nuls[1];
    size_t most = even ? nuls[0] : nuls[1];
    if (nuls[0] + nuls[1] != most || most * 3 <= sample)
        return ENCODING_UTF8;
    return even ? ENCODING_UTF16BE : ENCODING_UTF16LE;
}

Encoding sml_encoding_of(Str s)
{
    if (sml_str_starts(s, STR("\xFF\xFE\0\0")) || sml_str_starts(s, STR("\0\0\xFE\xFF")))
        return ENCODING_UTF32;
    if (sml_str_starts(s, STR("\xFF\xFE")))
        return ENCODING_UTF16LE;
    if (sml_str_starts(s, STR("\xFE\xFF")))
        return ENCODING_UTF16BE;
    return of_nuls(s);
}

bool sml_encoding_is_1252(Str s)
{
    size_t at = sml_utf8_check(s), good = 0, bad = 0;
    if (at == s.len)
        return false;
    for (at = 0; at < s.len;) {
        size_t here = at;
        uint32_t c = sml_utf8_next(s, &at);
        bad += c == UTF8_BAD;
        good += c != UTF8_BAD && at - here > 1;
    }
    return bad > good;
}

bool sml_encoding_is_wide(Str s)
{
    unsigned char all = 0;
    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.p[i];
    return all & 0x80;
}

uint32_t sml_encoding_bom(Encoding encoding, Str s)
{
    bool wide = encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
    if (wide && (sml_str_starts(s, STR("\xFF\xFE")) || sml_str_starts(s, STR("\xFE\xFF"))))
        return 2;
    return encoding == ENCODING_UTF8 && sml_str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

static uint32_t unit_at(Encoding encoding, Str s, size_t at)
{
    uint32_t a = (unsigned char)s.p[at], b = at + 1 < s.len ? (unsigned char)s.p[at + 1] : 0;
    return encoding == ENCODING_UTF16LE ? a | b << 8 : a << 8 | b;
}

static uint32_t next_wide(Encoding encoding, Str s, size_t *at)
{
    uint32_t unit = unit_at(encoding, s, *at);
    bool whole = *at + 1 < s.len;
    *at += whole ? 2 : 1;
    if (!whole || (unit & 0xFC00) == 0xDC00)
        return LOST;
    if ((unit & 0xFC00) != 0xD800)
        return unit;
    uint32_t low = *at + 1 < s.len ? unit_at(encoding, s, *at) : 0;
    if ((low & 0xFC00) != 0xDC00)
        return LOST;
    *at += 2;
    return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
}

static uint32_t next_narrow(Str s, size_t *at)
{
    uint32_t c = (unsigned char)s.p[(*at)++];
    if (c < 0x80 || c > 0x9F)
        return c;
    return windows[c - 0x80] ? windows[c - 0x80] : LOST;
}

Str sml_encoding_decode(Encoding encoding, Str s, uint32_t *bad_at, Arena *a)
{
    bool narrow = encoding == ENCODING_WINDOWS_1252;
    char *out = ARENA_ARRAY(a, char, narrow ? 3 * s.len : s.len / 2 * 3 + 3);
    size_t len = 0;
    *bad_at = UINT32_MAX;
    for (size_t at = sml_encoding_bom(encoding, s); at < s.len;) {
        uint32_t c = narrow ? next_narrow(s, &at) : next_wide(encoding, s, &at);
        if (c == LOST && *bad_at == UINT32_MAX)
            *bad_at = (uint32_t)len;
        len += sml_utf8_put(out + len, c);
    }
    return (Str){out, len};
}
