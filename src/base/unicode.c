/* SPDX-License-Identifier: MIT */
#include "base/unicode.h"

#include "base/utf8.h"

typedef struct LetterRow {
    uint32_t code_point;
    uint8_t len;
    char to[3];
} LetterRow;

#include "base/unicode_tables.inc"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const UnicodeRecord *sml_unicode_record(uint32_t c)
{
    if (c > 0x10FFFF)
        c = 0x10FFFF;
    return &records[record_of[(uint32_t)block_of[c / BLOCK_SIZE] * BLOCK_SIZE + c % BLOCK_SIZE]];
}

bool sml_unicode_is_word(uint32_t c)
{
    return sml_unicode_record(c)->flags & UNICODE_WORD;
}
bool sml_unicode_is_upper(uint32_t c)
{
    return sml_unicode_record(c)->flags & UNICODE_UPPER;
}
bool sml_unicode_is_lower(uint32_t c)
{
    return sml_unicode_record(c)->flags & UNICODE_LOWER;
}
bool sml_unicode_is_blank(Str s)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = sml_utf8_next(s, &at);
        if (c == UTF8_BAD || !(sml_unicode_record(c)->flags & (UNICODE_SPACE | UNICODE_INVISIBLE)))
            return false;
    }
    return true;
}
unsigned sml_unicode_width(uint32_t c)
{
    return sml_unicode_record(c)->width;
}
const char *sml_unicode_version(void)
{
    return TABLES_VERSION;
}

/* ---- grapheme clusters (UAX #29) ---- */

/* Between which classes no break falls, where the two alone decide it: bit b of row a. */
#define BIT(class) (1u << CLUSTER_##class)
#define ALWAYS     (BIT(EXTEND) | BIT(ZWJ) | BIT(SPACINGMARK))
static const uint16_t joined_with[] = {
    [CLUSTER_OTHER] = ALWAYS,
    [CLUSTER_CR] = BIT(LF),
    [CLUSTER_EXTEND] = ALWAYS,
    [CLUSTER_ZWJ] = ALWAYS,
    [CLUSTER_REGIONAL_INDICATOR] = ALWAYS,
    [CLUSTER_PREPEND] = (uint16_t) ~(BIT(CR) | BIT(LF) | BIT(CONTROL)),
    [CLUSTER_SPACINGMARK] = ALWAYS,
    [CLUSTER_L] = ALWAYS | BIT(L) | BIT(V) | BIT(LV) | BIT(LVT),
    [CLUSTER_V] = ALWAYS | BIT(V) | BIT(T),
    [CLUSTER_T] = ALWAYS | BIT(T),
    [CLUSTER_LV] = ALWAYS | BIT(V) | BIT(T),
    [CLUSTER_LVT] = ALWAYS | BIT(T),
    [CLUSTER_PICTOGRAPHIC] = ALWAYS,
};

static unsigned cluster_class(Str s, size_t *at)
{
    uint32_t c = sml_utf8_next(s, at);
    return c == UTF8_BAD ? CLUSTER_CONTROL : sml_unicode_record(c)->cluster;
}

static bool is_printable_ascii(char c)
{
    return c >= ' ' && c <= '~';
}

size_t sml_unicode_cluster(Str s, size_t at)
{
    /* Nothing ASCII joins a letter before it: most text ends here. */
    if (is_printable_ascii(s.p[at]) && (at + 1 == s.len || is_printable_ascii(s.p[at + 1])))
        return at + 1;
    unsigned before = cluster_class(s, &at);
    bool one_flag = before == CLUSTER_REGIONAL_INDICATOR; /* half of one so far */
    bool picture = before == CLUSTER_PICTOGRAPHIC;        /* then only what extends it */
    while (at < s.len) {
        size_t end = at;
        unsigned class = cluster_class(s, &end);
        bool second_half = one_flag && class == CLUSTER_REGIONAL_INDICATOR;
        bool sequence = picture && before == CLUSTER_ZWJ && class == CLUSTER_PICTOGRAPHIC;
        if (!(joined_with[before] >> class & 1) && !second_half && !sequence)
            return at;
        one_flag = before == CLUSTER_PREPEND && class == CLUSTER_REGIONAL_INDICATOR;
        picture =
            class == CLUSTER_PICTOGRAPHIC ||
            (picture && before != CLUSTER_ZWJ && (class == CLUSTER_EXTEND || class == CLUSTER_ZWJ));
        before = class;
        at = end;
    }
    return at;
}

/* ---- case ---- */

/* The next cased letter at or after `*at`: +1 a capital, -1 a small one, 0 none left. */
static int next_case(Str s, size_t *at)
{
    while (*at < s.len) {
        uint32_t c = sml_utf8_next(s, at);
        unsigned flags = c == UTF8_BAD ? 0 : sml_unicode_record(c)->flags;
        if (flags & UNICODE_UPPER)
            return 1;
        if (flags & UNICODE_LOWER)
            return -1;
    }
    return 0;
}

bool sml_unicode_same_case(Str a, Str b)
{
    for (size_t i = 0, j = 0;;) {
        int one = next_case(a, &i), other = next_case(b, &j);
        if (one != other)
            return false;
        if (one == 0)
            return true;
    }
}

/* ---- disguises ---- */

static Str find_row(const LetterRow *rows, size_t n, uint32_t c)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rows[mid].code_point < c)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == n || rows[low].code_point != c)
        return (Str){NULL, 0};
    return (Str){rows[low].to, rows[low].len};
}

Str sml_unicode_fancy(uint32_t c)
{
    return find_row(fancy_rows, COUNT(fancy_rows), c);
}

Str sml_unicode_confusable(uint32_t c)
{
    return find_row(confusable_rows, COUNT(confusable_rows), c);
}
