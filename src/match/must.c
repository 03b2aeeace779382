/* SPDX-License-Identifier: MIT */
#include "match/must.h"

#include "image/sieve.h"

#include <string.h>

static void add(MustText *t, unsigned place)
{
    t->places[place / 64] |= UINT64_C(1) << place % 64;
}

static void learn(MustText *t, Str text, Arena *a)
{
    char *plain = ARENA_ARRAY(a, char, text.len);
    memset(t->places, 0, sizeof t->places);
    for (size_t i = 0; i < text.len; i++) {
        plain[i] = sml_must_plain(text.p[i]);
        add(t, sml_must_byte(plain[i]));
        if (i > 0)
            add(t, sml_must_pair(plain[i - 1], plain[i]));
    }
    t->chars = sml_sieve_chars(text);
    t->plain = (Str){plain, text.len};
}

static bool has_places(const MustText *t, const ImageMustText *one)
{
    for (int i = 0; i < IMAGE_MUST_PLACES; i++)
        if (!(t->places[one->places[i] / 64] >> one->places[i] % 64 & 1))
            return false;
    return true;
}

static bool holds_one(const MustText *t, const Image *im, ImageRange texts)
{
    const ImageMustText *v = IMAGE_AT(im, MUST_TEXTS, texts.first);
    for (uint32_t i = 0; i < texts.n; i++)
        if (has_places(t, &v[i]) &&
            sml_str_find(t->plain, sml_image_str(im, v[i].text), 0) != SIZE_MAX)
            return true;
    return false;
}

bool sml_must_holds(MustText *t, Str text, const Image *im, const ImageMust *must, Arena *a)
{
    uint64_t chars = must->chars[0] | (uint64_t)must->chars[1] << 32;
    if (text.len > MUST_MAX_BYTES)
        return true;
    if (t->plain.len == 0)
        learn(t, text, a);
    if ((t->chars & chars) != chars)
        return false;
    for (uint32_t i = 0; i < must->sets.n; i++)
        if (!holds_one(t, im, *IMAGE_AT(im, MUST_SETS, must->sets.first + i)))
            return false;
    return true;
}
