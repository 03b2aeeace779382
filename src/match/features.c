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

/*
 * Runs of bytes of some kinds are counted four at once, 16 bits each in one word: a byte adds one to all counters, and takes
 * to zero those whose run it ends. A counter never has its highest bit, so that it does not run over into the next; with what
 * it lacks to that bit added, one that is long enough shows it. After 32,767 bytes it begins again, and has been seen by then.
 */
#define COUNTER(i, value) ((uint64_t)(value) << 16 * (i))
#define LONG_ENOUGH(n)    (0x8000 - (n))
#define SIGNS             COUNTER(0, 0x7FFF)
#define CAPITALS          COUNTER(1, 0x7FFF)
#define SHOUT             COUNTER(2, 0x7FFF) /* "TLP:RED" is one run of capitals */
#define LONG              COUNTER(3, 0x7FFF)

static const uint64_t goes_on[SIGN + 1] = {
    [DIGIT] = LONG,  [UPPER] = CAPITALS | SHOUT | LONG,
    [LOWER] = LONG,  [JOIN] = SIGNS | LONG,
    [COLON] = SHOUT, [WIDE] = SIGNS,
    [SIGN] = SIGNS,
};

/* The kinds of all bytes together, how many are digits, and the HAS_* of runs. */
static unsigned look_over(Str s, size_t *digits, unsigned *has)
{
    const uint64_t each = COUNTER(0, 1) | COUNTER(1, 1) | COUNTER(2, 1) | COUNTER(3, 1);
    const uint64_t lacking = COUNTER(0, LONG_ENOUGH(5)) | COUNTER(1, LONG_ENOUGH(2)) |
                             COUNTER(2, LONG_ENOUGH(6)) | COUNTER(3, LONG_ENOUGH(16));
    uint64_t run = 0, seen = 0;
    unsigned all = 0;
    *digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned kind = kind_at(s, i);
        all |= kind;
        *digits += kind & DIGIT;
        run = (run + each) & goes_on[kind];
        seen |= run + lacking;
    }
    *has = (seen & COUNTER(0, 0x8000) ? HAS_SIGNS : 0) |
           (seen & COUNTER(1, 0x8000) ? HAS_CAPITAL : 0) |
           (seen & COUNTER(2, 0x8000) ? HAS_SHOUT : 0) | (seen & COUNTER(3, 0x8000) ? HAS_LONG : 0);
    return all;
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

unsigned sml_features(Str s)
{
    size_t digits;
    unsigned has, kinds = look_over(s, &digits, &has);
    has |= digits ? HAS_DIGIT : 0;
    has |= digits >= 6 && has_number(s) ? HAS_NUMBER : 0;
    has |= digits >= 6 && has_spaced(s) ? HAS_SPACED : 0;
    has |= kinds & WIDE ? HAS_WIDE : 0;
    has |= kinds & WIDE && sml_detect_strange(s) ? HAS_STRANGE : 0;
    has |= kinds & SIGN && sml_str_find(s, STR("@"), 0) != SIZE_MAX ? HAS_AT : 0;
    has |= kinds & SIGN && sml_str_find(s, STR("#"), 0) != SIZE_MAX ? HAS_HASH : 0;
    has |= has_doubled(s) ? HAS_DOUBLED : 0;
    return has | dotted(s);
}
