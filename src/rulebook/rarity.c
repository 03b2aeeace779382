/* SPDX-License-Identifier: MIT */
#include "rulebook/rarity.h"

#include <string.h>

#define RAREST 14 /* bits: a word that is in no list */

/* In byte order, so that the words with one beginning stand together. */
static const struct Common {
    const char *word;
    int bits;
} common[] = {
#define COMMON(word, bits) {word, bits},
#include "rulebook/rarity.def"
#undef COMMON
};

/* The first that does not come before `word`. */
static size_t place_of(Str word)
{
    size_t low = 0, high = sizeof common / sizeof *common;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sml_str_cmp(sml_str_from(common[mid].word), word) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The bits of the commonest word in the list that is `word`, or begins with it. */
static int listed(Str word, bool whole)
{
    int bits = RAREST;
    for (size_t i = place_of(word); i < sizeof common / sizeof *common; i++) {
        Str w = sml_str_from(common[i].word);
        if (whole ? !sml_str_eq(w, word) : !sml_str_starts(w, word))
            break;
        bits = common[i].bits < bits ? common[i].bits : bits;
    }
    return bits;
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
