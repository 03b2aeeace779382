/* SPDX-License-Identifier: MIT */
/* What the files behind the public functions share. */
#ifndef SML_SMLINT_INTERNAL_H
#define SML_SMLINT_INTERNAL_H

#include "match/scan.h"

const Image *sml_internal_image(const sml_rulebook *rulebook);

/* The file that it was loaded from, in words for messages. */
const char *sml_internal_name(const sml_rulebook *rulebook);

/* Citation `i` of an image, for people; as that edition `edition` has it where not IMAGE_NONE. */
sml_cite sml_internal_cite(const Image *im, uint32_t i, uint32_t edition);

/* Is `edition` one of what citation `i` cites? */
bool sml_internal_is_edition(const Image *im, uint32_t edition, uint32_t i);

/* The rule whose id is `name`, or was, or IMAGE_NONE. */
uint32_t sml_internal_find(const Image *im, Str name);

/* The worst grade that a rule can give. */
sml_grade sml_internal_worst(const Image *im, const ImageRule *rule);

/* Fills `lengths` of the result, in `a`; its context says which networks are asked for. */
void sml_internal_measure(sml_result *out, const Scan *scan, Str text, Arena *a);

/* The bytes of the rulebook that was linked in. */
Str sml_internal_builtin(void);

#endif
