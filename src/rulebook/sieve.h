/* SPDX-License-Identifier: MIT */
/* Which bytes around a literal let its phrase match: worked out once, so that most tries of a phrase end before they begin. */
#ifndef SML_RULEBOOK_SIEVE_H
#define SML_RULEBOOK_SIEVE_H

#include "image/image.h"

/* The programs of a phrase as they lie in the image to be. */
typedef struct SievePrograms {
    const uint32_t *code;
    const char *strings;
    uint32_t forward, backward; /* backward IMAGE_NONE where the anchor comes first */
} SievePrograms;

/* Fills out->at and out->mask: places, counted from the anchor, and the classes of bytes that they can
 * have where `literal` stands `back` bytes behind the anchor and the phrase matches in running text. */
void sml_sieve_make(ImageOwner *out, const SievePrograms *programs, Str literal, uint32_t back);

/* A sieve that lets everything through. */
void sml_sieve_open(ImageOwner *out);

#endif
