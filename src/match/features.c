/* SPDX-License-Identifier: MIT */
#include "match/features.h"

#include "match/detect.h"

/* SIGN: what neither parts sentences nor joins words. */
enum { DIGIT = 1, UPPER = 2, LOWER = 4, JOIN = 8, COLON = 16, WIDE = 32, SIGN = 64 };
#define ALNUM  (DIGIT | UPPER | LOWER)
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
 * Runs of bytes of some kinds are counted eight at once, 8 bits each in one word: a byte adds one to all counters, and takes
 * to zero those whose run it ends. A counter never has its highest bit, so that it does not run over into the next; with what
 * it lacks to that bit added, one that is long enough shows it. After 127 bytes it begins again, and has been seen by then.
 */
#define COUNTER(i, value) ((uint64_t)(value) << 8 * (i))
#define LONG_ENOUGH(n)    (0x80 - (n))
/* "TLP:RED" is one run of capitals that SHOUT. */
enum { SIGNS, CAPITALS, SHOUT, LONG, ANY_DIGIT, ANY_WIDE, ANY_SIGN };
#define RUN(i) COUNTER(i, 0x7F)

#define ON_DIGIT (RUN(LONG) | RUN(ANY_DIGIT))
#define ON_UPPER (RUN(CAPITALS) | RUN(SHOUT) | RUN(LONG))
#define ON_JOIN  (RUN(SIGNS) | RUN(LONG))
#define ON_WIDE  (RUN(SIGNS) | RUN(ANY_WIDE))
#define ON_SIGN  (RUN(SIGNS) | RUN(ANY_SIGN))

/* By kind, for there are few. */
static const uint64_t goes_on[SIGN + 1] = {
    [DIGIT] = ON_DIGIT,   [UPPER] = ON_UPPER, [LOWER] = RUN(LONG), [JOIN] = ON_JOIN,
    [COLON] = RUN(SHOUT), [WIDE] = ON_WIDE,   [SIGN] = ON_SIGN,
};

/* A counter's highest bit where it was long enough somewhere. */
static uint64_t look_over(Str s)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t lacking = COUNTER(SIGNS, LONG_ENOUGH(5)) | COUNTER(CAPITALS, LONG_ENOUGH(2)) |
                             COUNTER(SHOUT, LONG_ENOUGH(6)) | COUNTER(LONG, LONG_ENOUGH(16)) |
                             COUNTER(ANY_DIGIT, LONG_ENOUGH(1)) |
                             COUNTER(ANY_WIDE, LONG_ENOUGH(1)) | COUNTER(ANY_SIGN, LONG_ENOUGH(1));
    uint64_t run = 0, seen = 0;
    for (size_t i = 0; i < s.len; i++) {
        run = (run + each) & goes_on[kind_at(s, i)];
        seen |= run + lacking;
    }
    return seen;
}

static unsigned dotted(Str s)
{
    unsigned has = 0;
    for (size_t at = sml_str_find(s, STR("."), 1); at != SIZE_MAX && at + 1 < s.len;
         at = sml_str_find(s, STR("."), at + 1)) {
        unsigned before = kind_at(s, at - 1), behind = kind_at(s, at + 1);
        if ((before & ALNUM) && (behind & ALNUM))
            has |= before & behind & DIGIT ? HAS_DOTTED | HAS_DOTTED_DIGITS : HAS_DOTTED;
        if ((before & LOWER) && (behind & UPPER))
            has |= HAS_RUN_ON;
    }
    return has | (sml_str_find(s, STR("::"), 0) != SIZE_MAX ? HAS_DOTTED_DIGITS : 0);
}

/* Six digits with nothing between two of them but, here and there, one sign or space; six with neither letter nor digit at
 * their sides. */
static unsigned numbers(Str s)
{
    size_t run = 0, alone = 0, last = 0;
    unsigned has = 0;
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)(s.p[i] - '0') > 9)
            continue;
        unsigned before = i ? kind_at(s, i - 1) : 0, behind = i + 1 < s.len ? kind_at(s, i + 1) : 0;
        bool near = i == last + 1 || (i == last + 2 && !(before & (UPPER | LOWER)));
        run = near && run ? run + 1 : 1;
        alone += !((before | behind) & ALNUM);
        has |= (run >= 6 ? HAS_NUMBER : 0) | (alone >= 6 ? HAS_SPACED : 0);
        last = i;
    }
    return has;
}

static bool is_wordish(char c)
{
    return c == '\'' || (byte_kind[(unsigned char)c] & (ALNUM | WIDE));
}

/* Does what stands at `at` begin as [word, end) does? */
static bool begins_alike(Str s, size_t word, size_t end, size_t at)
{
    for (; word < end; word++, at++)
        if (at == s.len || ((s.p[word] ^ s.p[at]) & ~0x20))
            return false;
    return true;
}

/* A word, space, and the same word. Mostly the first letters differ. */
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
    static const struct {
        int run;
        unsigned has;
    } told[] = {{SIGNS, HAS_SIGNS}, {CAPITALS, HAS_CAPITAL}, {SHOUT, HAS_SHOUT},
                {LONG, HAS_LONG},   {ANY_DIGIT, HAS_DIGIT},  {ANY_WIDE, HAS_WIDE}};
    uint64_t seen = look_over(s);
    unsigned has = 0;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        has |= seen & COUNTER(told[i].run, 0x80) ? told[i].has : 0;
    has |= has & HAS_DIGIT ? numbers(s) : 0;
    has |= has & HAS_WIDE && sml_detect_strange(s) ? HAS_STRANGE : 0;
    if (seen & COUNTER(ANY_SIGN, 0x80)) {
        has |= sml_str_find(s, STR("@"), 0) != SIZE_MAX ? HAS_AT : 0;
        has |= sml_str_find(s, STR("#"), 0) != SIZE_MAX ? HAS_HASH : 0;
    }
    has |= has_doubled(s) ? HAS_DOUBLED : 0;
    return has | dotted(s);
}
