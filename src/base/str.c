/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

Str sml_str_from(const char *z)
{
    return (Str){z, z ? strlen(z) : 0};
}

bool sml_str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool sml_str_eq_nocase(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int sml_str_cmp(Str a, Str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool sml_str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && sml_str_eq(sml_str_slice(s, 0, prefix.len), prefix);
}

bool sml_str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len && sml_str_eq(sml_str_slice(s, s.len - suffix.len, s.len), suffix);
}

Str sml_str_slice(Str s, size_t start, size_t end)
{
    if (end > s.len)
        end = s.len;
    if (start > end)
        start = end;
    return (Str){s.p ? s.p + start : s.p, end - start};
}

size_t sml_str_find(Str s, Str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *p = s.p + from, *end = s.p + s.len - needle.len + 1;
    while ((p = memchr(p, needle.p[0], (size_t)(end - p)))) {
        if (memcmp(p, needle.p, needle.len) == 0)
            return (size_t)(p - s.p);
        if (++p == end)
            break;
    }
    return SIZE_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str sml_str_trim(Str s)
{
    while (s.len && is_space(s.p[s.len - 1]))
        s.len--;
    while (s.len && is_space(s.p[0]))
        s.p++, s.len--;
    return s;
}

bool sml_str_cut(Str *part, Str *rest, char sep)
{
    if (!rest->p)
        return false;
    const char *at = rest->len ? memchr(rest->p, sep, rest->len) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (Str){NULL, 0};
        return true;
    }
    *part = (Str){rest->p, (size_t)(at - rest->p)};
    *rest = (Str){at + 1, rest->len - part->len - 1};
    return true;
}

bool sml_str_uint(uint64_t *out, Str s, uint64_t max)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';
        if (digit > 9 || n > (max - digit) / 10 || digit > max)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return s.len > 0;
}

/* Backtracks to the latest star only, which is enough: an earlier one could take no more than it. The two
 * kinds of star are kept apart, because a `*` that failed at a slash may be saved by an earlier `**`. */
bool sml_str_glob(Str pattern, Str path)
{
    size_t p = 0, s = 0;
    size_t star = SIZE_MAX, star_at = 0, deep = SIZE_MAX, deep_at = 0;
    bool folders = false; /* the `**` is one that stands for whole folders */
    for (;;) {
        if (p + 1 < pattern.len && pattern.p[p] == '*' && pattern.p[p + 1] == '*') {
            folders = (p == 0 || pattern.p[p - 1] == '/') && p + 2 < pattern.len &&
                      pattern.p[p + 2] == '/';
            p += folders ? 3 : 2; /* "a / ** / b" also means "a/b" */
            deep = p, deep_at = s, star = SIZE_MAX;
            continue;
        }
        if (p < pattern.len && pattern.p[p] == '*') {
            star = ++p, star_at = s;
            continue;
        }
        if (s == path.len && p == pattern.len)
            return true;
        if (s < path.len && p < pattern.len &&
            (pattern.p[p] == path.p[s] || (pattern.p[p] == '?' && path.p[s] != '/'))) {
            p++, s++;
            continue;
        }
        if (star != SIZE_MAX && star_at < path.len && path.p[star_at] != '/') {
            p = star, s = ++star_at;
            continue;
        }
        if (deep == SIZE_MAX || deep_at >= path.len)
            return false;
        do
            deep_at++;
        while (folders && deep_at < path.len && path.p[deep_at - 1] != '/');
        if (folders && path.p[deep_at - 1] != '/')
            return false;
        p = deep, s = deep_at, star = SIZE_MAX;
    }
}

uint64_t sml_str_hash(Str s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    return h;
}

#define NEAREST_MAX 40

/* Damerau's distance, one row at a time plus the row before for swaps. */
static unsigned distance(Str a, Str b)
{
    unsigned rows[3][NEAREST_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *now = rows[2];
    for (unsigned j = 0; j <= b.len; j++)
        last[j] = before[j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        now[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            bool same = lower(a.p[i - 1]) == lower(b.p[j - 1]);
            unsigned best = last[j - 1] + !same;
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        unsigned *spare = before;
        before = last, last = now, now = spare;
    }
    return last[b.len];
}

Str sml_str_nearest(Str word, const Str *candidates, size_t n)
{
    Str nearest = {NULL, 0};
    unsigned best = (unsigned)word.len / 3 + 1;
    if (best > 4)
        best = 4;
    if (word.len == 0 || word.len > NEAREST_MAX)
        return nearest;
    for (size_t i = 0; i < n; i++) {
        if (candidates[i].len > NEAREST_MAX)
            continue;
        unsigned d = distance(word, candidates[i]);
        if (d < best)
            best = d, nearest = candidates[i];
    }
    return nearest;
}

void sml_buf_free(Buf *b)
{
    sml_mem_free(b->p);
    *b = (Buf){0};
}

void sml_buf_clear(Buf *b)
{
    b->len = 0;
}

void sml_buf_reserve(Buf *b, size_t more)
{
    if (more <= b->cap - b->len)
        return;
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->len < more)
        cap = sml_mem_times(cap, 2);
    b->p = sml_mem_resize(b->p, cap);
    b->cap = cap;
}

void sml_buf_add(Buf *b, Str s)
{
    if (s.len == 0)
        return;
    sml_buf_reserve(b, s.len);
    memcpy(b->p + b->len, s.p, s.len);
    b->len += s.len;
}

void sml_buf_addc(Buf *b, char c)
{
    sml_buf_reserve(b, 1);
    b->p[b->len++] = c;
}

void sml_buf_vaddf(Buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0) {
        sml_buf_reserve(b, (size_t)n + 1);
        vsnprintf(b->p + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void sml_buf_addf(Buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(b, format, args);
    va_end(args);
}

void sml_buf_add_uint(Buf *b, uint64_t n)
{
    char digits[20];
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + n % 10);
    while (n /= 10);
    sml_buf_add(b, (Str){digits + i, sizeof digits - i});
}
