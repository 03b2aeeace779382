/* SPDX-License-Identifier: MIT */
/*
 * Runs phrase programs (ImageOp) over a post. A phrase is tried only where its anchor was found: `forward` from
 * there to the right, then `backward` to the left, each backtracking over alternatives and gaps.
 *
 * In a hashtag a phrase may stand closed up: "#VoteLabourNow" holds "vote labour". There a separator is a word
 * boundary of the tag (any place at all in a tag of one case, which must then match whole), and at least two
 * words must match unless the whole tag does.
 */
#ifndef SML_MATCH_PHRASE_H
#define SML_MATCH_PHRASE_H

#include "base/vec.h"
#include "image/image.h"
#include "match/view.h"

/* A match of a list: folded bytes, and whether it lies inside a hashtag as a part of it (and so counts only as part of a
 * closed-up phrase). */
typedef struct Match {
    uint32_t start;
    uint32_t end : 31; /* no text is longer */
    uint32_t part_of_tag : 1;
} Match;

static inline Match sml_match(uint32_t start, uint32_t end)
{
    return (Match){start, end & INT32_MAX, 0};
}

/* By start, longer ones first, once they are found; then those that are parts of hashtags stand behind v[n], in the same
 * order. */
typedef struct Matches {
    Match *v;
    uint32_t n, cap;
    uint32_t parts;
    uint32_t longest; /* bytes */
} Matches;

/* Index of the first of v[0] to v[n] that starts at or behind `at`; m->n if there is none. */
uint32_t sml_phrase_first_match(const Matches *m, uint32_t at);

/* The matches of list `group`, by start; whoever runs the programs provides them. */
typedef const Matches *(*PhraseLists)(void *user, uint32_t group);

typedef struct PhraseRun {
    const Image *image;
    const View *view;
    PhraseLists lists;
    void *user;
    Arena *scratch;
    uint32_t steps; /* left of the budget of this rule and post; 0 afterwards: it was not decided */
    const Tag *tag; /* the hashtag that is being matched in, or NULL in running text */
} PhraseRun;

#define PHRASE_STEPS UINT32_C(2000000)

/* Marks the bytes that the text at a program's start may begin with: never one too few. */
void sml_phrase_first(uint8_t begins[256], const Image *image, uint32_t pc);

/* Matches `pattern` with its anchor at folded byte `at`. True: `out` is the match. Tries running text first, then, where
 * `at` lies in a hashtag, the closed-up reading. */
bool sml_phrase_match(Match *out, PhraseRun *run, const ImagePattern *pattern, uint32_t at);

#endif
