/* SPDX-License-Identifier: MIT */
/* How rare a text is in British public posts: what a literal is worth to the automaton. */
#ifndef SML_RULEBOOK_RARITY_H
#define SML_RULEBOOK_RARITY_H

#include "base/str.h"

/* About one post in 2^result holds `text` (folded). Words of it count as whole words where a space, or the text's end with `ends`
 * set, stands behind them; else as beginnings of words. */
int sml_rarity(Str text, bool ends);

/* Rarity of several texts together: add each to a sum that began at 0, then ask. */
static inline uint64_t sml_rarity_add(uint64_t sum, int bits)
{
    return sum + (UINT64_C(1) << (40 - (bits < 0 ? 0 : bits > 40 ? 40 : bits)));
}
int sml_rarity_of_sum(uint64_t sum);

#endif
