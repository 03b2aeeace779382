/* SPDX-License-Identifier: MIT */
#include "image/must.h"

#include <assert.h>
#include <string.h>

static size_t rarity(char c)
{
    static const char by_share[] = " etaoinshrldcumwfygpbvk";
    const char *at = c ? strchr(by_share, c) : NULL;
    return at ? (size_t)(at - by_share) : sizeof by_share;
}

/* Keeps the rarest, the best first. */
static void keep(ImageMustText *out, size_t *worth, Str text, size_t at)
{
    size_t here = rarity(text.p[at]) + rarity(text.p[at + 1]) + 1;
    unsigned pair = sml_must_pair(text.p[at], text.p[at + 1]);
    for (int i = 0; i < IMAGE_MUST_PAIRS; i++) {
        if (here <= worth[i])
            continue;
        size_t last = worth[i], last_at = out->at[i];
        unsigned last_pair = out->pairs[i];
        worth[i] = here;
        out->pairs[i] = (uint16_t)pair;
        out->at[i] = (uint8_t)at;
        here = last;
        pair = last_pair;
        at = last_at;
    }
}

void sml_must_pairs(ImageMustText *out, Str text)
{
    assert(text.len > 0);
    size_t worth[IMAGE_MUST_PAIRS] = {0};
    for (size_t at = 0; at + 1 < text.len && at <= UINT8_MAX; at++)
        keep(out, worth, text, at);
    for (int i = 1; i < IMAGE_MUST_PAIRS; i++)
        if (worth[i] == 0) {
            out->pairs[i] = out->pairs[0];
            out->at[i] = out->at[0];
        }
}
