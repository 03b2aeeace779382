/* SPDX-License-Identifier: MIT */
#include "rulebook/rarity.h"

#include <string.h>

#define RAREST 14 /* bits: a word that is in no list */

static const struct {
    int bits;
    const char *words;
} common[] = {
#define COMMON(bits, words) {bits, words},
#include "rulebook/rarity.def"
#undef COMMON
};

/* The bits of the commonest word in the lists that is `word`, or begins with it. */
static int listed(Str word, bool whole)
{
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        Str rest = sml_str_from(common[i].words), w;
        while (sml_str_cut(&w, &rest, ' '))
            if (whole ? sml_str_eq(w, word) : sml_str_starts(w, word))
                return common[i].bits;
    }
    return RAREST;
}

/* A beginning that no listed word has is worth two bits and a bit a letter; signs and digits are common. */
static int word_bits(Str word, bool whole)
{
    bool letter = false;
    for (size_t i = 0; i < word.len; i++)
        letter |= (unsigned char)word.p[i] >= 'a';
    if (!letter)
        return word.len > 2 ? 4 : 0;
    int by_length = (int)word.len * 5 / 2 + (whole ? 2 : 0), by_list = listed(word, whole);
    if (!whole && by_list > 1 && by_list < RAREST)
        by_list--; /* others begin so as well */
    return by_length < by_list ? by_length : by_list;
}

int sml_rarity(Str text, bool ends)
{
    int bits = 0;
    Str rest = text, word;
    if (text.len == 0)
        return 0;
    while (sml_str_cut(&word, &rest, ' '))
        bits += word.len ? word_bits(word, rest.p != NULL || ends) : 0;
    return bits;
}

int sml_rarity_of_sum(uint64_t sum)
{
    int bits = 40;
    for (; sum > 1; sum >>= 1)
        bits--;
    return bits;
}
