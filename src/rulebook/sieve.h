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

/* What was found of a phrase: a literal, `back` bytes behind the anchor's start, or a match of a list. */
typedef struct SieveAnchor {
    Str literal;
    uint32_t back;
    uint32_t list; /* its group, or IMAGE_NONE */
} SieveAnchor;

/* As in ImageOwner, with the classes themselves. */
typedef struct Sieve {
    int8_t at[IMAGE_SIEVE];
    uint32_t mask[IMAGE_SIEVE];
} Sieve;

/* Places about the anchor, and the classes of bytes that they can have if the phrase matches
 * there in running text. */
void sml_sieve_make(Sieve *out, const SievePrograms *programs, SieveAnchor anchor);

/* The same for a regex, found by `literal` at most `lead` bytes behind its start: a word edge in front is all that is read
 * off the source. */
void sml_sieve_regex(Sieve *out, Str source, Str literal, uint32_t lead);

/* A sieve that lets everything through. */
void sml_sieve_open(Sieve *out);

#endif
