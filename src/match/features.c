/* SPDX-License-Identifier: MIT */
#include "match/features.h"

#include "match/detect.h"

/* SIGN: what neither parts sentences nor joins words. */
enum { DIGIT = 1, UPPER = 2, LOWER = 4, JOIN = 8, COLON = 16, WIDE = 32, SIGN = 64 };
#define X16(v) v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v
#define X10(v) v, v, v, v, v, v, v, v, v, v
#define X26(v) X16(v), X10(v)
/* clang-format off */
static const uint8_t byte_kind[256] = {
    X16(0), X16(0),
    0, 0, 0, SIGN, SIGN, SIGN, SIGN, 0, 0, 0, SIGN, SIGN, 0, JOIN, 0, SIGN, /* up to '/' */
    X10(DIGIT), COLON, 0, SIGN, SIGN, SIGN, 0, SIGN,                        /* up to '@' */
    X26(UPPER), 0, SIGN, 0, SIGN, JOIN, SIGN,                               /* up to '`' */
    X26(LOWER), SIGN, SIGN, SIGN, SIGN, 0,                                  /* up to DEL */
    X16(WIDE), X16(WIDE), X16(WIDE), X16(WIDE), X16(WIDE), X16(WIDE), X16(WIDE), X16(WIDE)};
/* clang-format on */
#undef X16
#undef X10
#undef X26

static unsigned kind_at(Str s, size_t at)
{
    return byte_kind[(unsigned char)s.p[at]];
}

/* Are there `least` bytes of these kinds in a row? Such a run covers every least-th byte, so only those are looked at. */
static bool has_run(Str s, size_t least, unsigned kinds)
{
    for (size_t at = least - 1; at < s.len; at += least) {
        if (!(kind_at(s, at) & kinds))
            continue;
        size_t start = at, end = at + 1;
        while (start > 0 && at - start < least && (kind_at(s, start - 1) & kinds))
            start--;
        while (end < s.len && end - at < least && (kind_at(s, end) & kinds))
            end++;
        if (end - start >= least)
            return true;
    }
    return false;
}

static unsigned dotted(Str s)
{
    unsigned has = 0;
    for (size_t at = sml_str_find(s, STR("."), 1); at != SIZE_MAX && at + 1 < s.len;
         at = sml_str_find(s, STR("."), at + 1)) {
        unsigned before = kind_at(s, at - 1), behind = kind_at(s, at + 1);
        if ((before & (DIGIT | UPPER | LOWER)) && (behind & (DIGIT | UPPER | LOWER)))
            has |= before & behind & DIGIT ? HAS_DOTTED | HAS_DOTTED_DIGITS : HAS_DOTTED;
        if ((before & LOWER) && (behind & UPPER))
            has |= HAS_RUN_ON;
    }
    return has | (sml_str_find(s, STR("::"), 0) != SIZE_MAX ? HAS_DOTTED_DIGITS : 0);
}

/* Six digits with nothing between them but, here and there, one sign or space. */
static bool has_number(Str s)
{
    size_t digits = 0, last = 0;
    for (size_t i = 0; i < s.len && digits < 6; i++) {
        unsigned kind = kind_at(s, i);
        if (kind == DIGIT)
            digits++, last = i;
        else if (kind & (UPPER | LOWER) || i > last + 1)
            digits = 0;
    }
    return digits >= 6;
}

/* Six digits with neither letter nor digit at their sides. */
static bool has_spaced(Str s)
{
    unsigned alone = 0;
    for (size_t i = 0; i < s.len && alone < 6; i++) {
        unsigned before = i ? kind_at(s, i - 1) : 0, behind = i + 1 < s.len ? kind_at(s, i + 1) : 0;
        alone += kind_at(s, i) == DIGIT && !((before | behind) & (DIGIT | UPPER | LOWER));
    }
    return alone >= 6;
}

static bool is_wordish(char c)
{
    return c == '\'' || (byte_kind[(unsigned char)c] & (DIGIT | UPPER | LOWER | WIDE));
}

/* Does what stands at `at` begin as [word, end) does? */
static bool begins_alike(Str s, size_t word, size_t end, size_t at)
{
    for (; word < end; word++, at++)
        if (at == s.len || ((s.p[word] ^ s.p[at]) & ~0x20))
            return false;
    return true;
}

/* A word, space, and the same word. */
static bool has_doubled(Str s)
{
    size_t word = 0, next;
    for (size_t end = 0; end < s.len; end++) {
        if ((unsigned char)s.p[end] > ' ')
            continue;
        for (next = end + 1; next < s.len && (unsigned char)s.p[next] <= ' ';)
            next++;
        while (word < end && !is_wordish(s.p[word]))
            word++;
        if (word < end && begins_alike(s, word, end, next))
            return true;
        word = end = next;
    }
    return false;
}

static bool has_digits(Str s, unsigned least)
{
    unsigned digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += (unsigned char)(s.p[i] - '0') < 10;
    return digits >= least;
}

/* The kinds of all bytes together. */
static unsigned kinds_in(Str s)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < s.len; i++)
        kinds |= byte_kind[(unsigned char)s.p[i]];
    return kinds;
}

unsigned sml_features(Str s)
{
    unsigned kinds = kinds_in(s), has = kinds & DIGIT ? HAS_DIGIT : 0;
    bool digits = kinds & DIGIT && has_digits(s, 6);
    has |= digits && has_number(s) ? HAS_NUMBER : 0;
    has |= digits && has_spaced(s) ? HAS_SPACED : 0;
    has |= kinds & WIDE ? HAS_WIDE : 0;
    has |= kinds & WIDE && sml_detect_strange(s) ? HAS_STRANGE : 0;
    has |= kinds & SIGN && sml_str_find(s, STR("@"), 0) != SIZE_MAX ? HAS_AT : 0;
    has |= kinds & SIGN && sml_str_find(s, STR("#"), 0) != SIZE_MAX ? HAS_HASH : 0;
    has |= has_doubled(s) ? HAS_DOUBLED : 0;
    has |= has_run(s, 5, SIGN | JOIN | WIDE) ? HAS_SIGNS : 0;
    has |= has_run(s, 2, UPPER) ? HAS_CAPITAL : 0;
    /* "TLP:RED" counts as one run of capitals. */
    has |= has_run(s, 6, UPPER | COLON) ? HAS_SHOUT : 0;
    return has | dotted(s) | (has_run(s, 16, DIGIT | UPPER | LOWER | JOIN) ? HAS_LONG : 0);
}
