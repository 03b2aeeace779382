/* SPDX-License-Identifier: MIT */
#include "match/mend.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "match/detect.h"

typedef bool MendFn(Buf *out, Str post, Span span, Arena *a);

#define NEIGHBOURS                                                                                 \
    64 /* bytes on both sides that folding may look at: the longest emoji, letters with their marks */

/* The span under these folds alone. */
static bool fold(Buf *out, Str post, Span span, unsigned folds, Arena *a)
{
    Norm norm;
    size_t low = span.start > NEIGHBOURS ? span.start - NEIGHBOURS : 0;
    size_t from = sml_utf8_floor(post, low), high = span.end + (size_t)NEIGHBOURS;
    size_t to = high < post.len ? sml_utf8_floor(post, high) : post.len;
    sml_norm_apply(&norm, sml_str_slice(post, from, to), folds, a);
    sml_buf_add(out, sml_str_slice(norm.text,
                                   sml_norm_from_original(&norm, (uint32_t)(span.start - from)),
                                   sml_norm_from_original(&norm, (uint32_t)(span.end - from))));
    return true;
}

static bool mend_plain(Buf *out, Str post, Span span, Arena *a)
{
    return fold(out, post, span, FOLD_WIDTH, a);
}

static bool mend_visible(Buf *out, Str post, Span span, Arena *a)
{
    return fold(out, post, span, FOLD_ZERO_WIDTH, a);
}

/* "the the": up to the first white space. */
static bool mend_once(Buf *out, Str post, Span span, Arena *a)
{
    (void)a;
    uint32_t end = span.start;
    while (end < span.end && (unsigned char)post.p[end] > ' ')
        end++;
    sml_buf_add(out, sml_str_slice(post, span.start, end));
    return end > span.start;
}

static bool mend_remove(Buf *out, Str post, Span span, Arena *a)
{
    (void)out, (void)post, (void)span, (void)a;
    return true;
}

/* "#getoutside": a capital at each word. */
static bool mend_capitals(Buf *out, Str post, Span span, Arena *a)
{
    (void)a;
    size_t ends[TAG_WORDS], first = span.start + (size_t)1, at = first;
    size_t n = sml_detect_tag_words(sml_str_slice(post, first, span.end), ends);
    sml_buf_add(out, STR("#"));
    for (size_t i = 0; i < n; i++) {
        sml_buf_addc(out, (char)(post.p[at] & ~0x20));
        while (++at < first + ends[i])
            sml_buf_addc(out, (char)(post.p[at] | 0x20));
    }
    return n > 0;
}

bool sml_mend(Str *out, ImageMend mend, Str post, Span span, Arena *a)
{
    static MendFn *const mends[] = {
        [MEND_PLAIN] = mend_plain,   [MEND_VISIBLE] = mend_visible,   [MEND_ONCE] = mend_once,
        [MEND_REMOVE] = mend_remove, [MEND_CAPITALS] = mend_capitals,
    };
    Buf text = {0};
    bool ok = mend != MEND_NOTHING && mends[mend](&text, post, span, a) &&
              !sml_str_eq(sml_buf_str(&text), sml_str_slice(post, span.start, span.end));
    if (ok)
        *out = sml_arena_copy(a, sml_buf_str(&text));
    sml_buf_free(&text);
    return ok;
}

/* Behind the hidden characters that stand at `at`. */
static size_t skip_hidden(Str s, size_t at)
{
    for (size_t next = at; next < s.len; at = next)
        if (!(sml_unicode_record(sml_utf8_next(s, &next))->flags & UNICODE_INVISIBLE))
            break;
    return at;
}

Span sml_mend_reach(ImageMend mend, Str post, Span span)
{
    if (mend != MEND_VISIBLE)
        return span;
    if (skip_hidden(post, 0) == span.start)
        span.start = 0;
    if (skip_hidden(post, span.end) == post.len)
        span.end = (uint32_t)post.len;
    return span;
}
