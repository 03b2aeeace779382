/* SPDX-License-Identifier: MIT */
/* The hits of a walk as an array. */
#ifndef SML_TESTS_HITS_H
#define SML_TESTS_HITS_H

#include "base/vec.h"
#include "match/prefilter.h"

typedef struct Hits {
    VEC(Hit) of;
    Arena *arena;
} Hits;

static inline void hits_hear(void *user, const Hit *hit)
{
    Hits *hits = user;
    VEC_PUSH(&hits->of, hits->arena) = *hit;
}

static inline Hits hits_of(const Image *image, Str folded, Arena *a)
{
    Hits hits = {.arena = a};
    sml_prefilter_walk(image, folded, hits_hear, &hits);
    return hits;
}

#endif
