/* SPDX-License-Identifier: MIT */
/* Which literals must appear wherever a regex matches. */
#ifndef SML_RULEBOOK_LITERAL_H
#define SML_RULEBOOK_LITERAL_H

#include "base/arena.h"
#include "base/error.h"

/* folded bytes; of longer ones the first, or the last where those are rarer, cut at a character */
#define LITERAL_MAX 6

/* Folded texts, not cut, of which any match holds one. */
#define SETS_MOST 4
#define SET_MOST  100
typedef struct LiteralMust {
    const Str *v;
    uint32_t n;
} LiteralMust;

typedef struct LiteralSet {
    /* every match holds at least one of these, as folded text; sorted, no doubles, none a prefix
     * of another */
    const Str *v;
    uint32_t n;
    /* the literal begins at most so many bytes behind the match's start; UINT32_MAX: no bound */
    uint32_t lead;
    /* characters (sml_sieve_chars) that the fullest fold has of every text with a match */
    uint64_t must;
    /* what tells more than a hit of these does, rarest first */
    LiteralMust musts[SETS_MOST];
    uint32_t n_musts;
} LiteralSet;

/* Derives the best set for `regex`, which will be matched on fully folded text, or on text with fewer folds whose full fold
 * is what the automaton sees. The regex must use only syntax from a whitelist (see the essay in literal.c); anything it does not
 * know, and anything sm-lint-rules(5) refuses (verbs, \K, \G, callouts, recursion, \C; under case folding \p{Lu},
 * \p{Ll}, [[:upper:]], [[:lower:]]), is an error with the byte offset in err->col (0-based).
 * A set of n == 0 is success: nothing that every match must hold was found. */
bool sml_literal_derive(LiteralSet *out, Str regex, bool caseless, Arena *a, sml_error *err);

#endif
