/* SPDX-License-Identifier: MIT */
#include "match/must.h"

#include "image/sieve.h"

#include <string.h>

/* The first byte makes a pair with nothing, which is at 0 and so nowhere. */
static void learn(MustText *t, Str text, Arena *a)
{
    char *plain = ARENA_ARRAY(a, char, text.len), before = ' ';
    memset(t->first, 0, sizeof t->first);
    for (size_t i = 0; i < text.len; i++) {
        char c = plain[i] = sml_must_plain(text.p[i]);
        unsigned pair = sml_must_pair(before, c);
        t->last[pair] = (uint16_t)i;
        t->first[pair] = t->first[pair] ? t->first[pair] : (uint16_t)i;
        before = c;
    }
    t->plain = (Str){plain, text.len};
}

/* Its pairs tell where it can begin: mostly nowhere, or at one byte. */
static bool is_here(const MustText *t, Str text, const ImageMustText *one)
{
    size_t from = 0, to = t->plain.len;
    for (int i = 0; i < IMAGE_MUST_PAIRS && text.len > 1; i++) {
        size_t first = t->first[one->pairs[i]], last = t->last[one->pairs[i]], at = one->at[i];
        if (first == 0 || last <= at)
            return false;
        from = first > at + from ? first - at - 1 : from;
        to = last - at < to ? last - at : to;
    }
    return sml_str_find(sml_str_slice(t->plain, 0, to + text.len - 1), text, from) != SIZE_MAX;
}

static bool holds_one(const MustText *t, const Image *im, ImageRange texts)
{
    const ImageMustText *v = IMAGE_AT(im, MUST_TEXTS, texts.first);
    for (uint32_t i = 0; i < texts.n; i++)
        if (is_here(t, sml_image_str(im, v[i].text), &v[i]))
            return true;
    return false;
}

bool sml_must_holds(MustText *t, Str text, const Image *im, const ImageMust *must, Arena *a)
{
    uint64_t chars = must->chars[0] | (uint64_t)must->chars[1] << 32;
    if (text.len > MUST_MAX_BYTES)
        return true;
    if (!t->asked)
        t->chars = sml_sieve_chars(text);
    t->asked = true;
    if ((t->chars & chars) != chars)
        return false;
    if (t->plain.len == 0)
        learn(t, text, a);
    for (uint32_t i = 0; i < must->sets.n; i++)
        if (!holds_one(t, im, *IMAGE_AT(im, MUST_SETS, must->sets.first + i)))
            return false;
    return true;
}
