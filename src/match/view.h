/* SPDX-License-Identifier: MIT */
/*
 * A post as rules see it under one set of folds: the words as written, folded, and cut into tokens. Nearly every rule uses
 * the full fold; a rule that lists what it keeps in `fold` has a view of its own, made when first asked for.
 */
#ifndef SML_MATCH_VIEW_H
#define SML_MATCH_VIEW_H

#include "base/vec.h"
#include "text/token.h"

typedef struct View {
    Str original; /* valid UTF-8 */
    unsigned folds;
    Norm norm;
    /* what may be a hashtag, from behind its '#'; told from the bytes alone, before anybody cuts the post into tokens */
    Spans tags;
    Arena *arena;
    /* through sml_view_tokens only: most posts are done with before anybody asks for them */
    Tokens tokens;
    bool cut;
} View;

void sml_view_make(View *out, Str original, unsigned folds, Arena *a);

/* The view's tokens, cut when first asked for. */
const Tokens *sml_view_tokens(const View *v);

/* IN_* bits of the text at folded byte `at`. */
uint32_t sml_view_class(const View *v, uint32_t at);

/* If `at` may lie in a hashtag, the bytes that has behind its '#' (of more than TAG_MAX the first so many); else 0. */
#define TAG_MAX 400 /* no network takes one as long */
uint32_t sml_view_room_of_tag(const View *v, uint32_t at);
static inline uint32_t sml_view_tag_room(const View *v, uint32_t at)
{
    /* Most posts have none, or at their end. */
    return v->tags.n && at >= v->tags.v[0].start ? sml_view_room_of_tag(v, at) : 0;
}

/* Is `at` inside quotation marks? */
bool sml_view_quoted(const View *v, uint32_t at);

/* Folded bytes of all that lies within `words` words of [m.start, m.end); of its sentence; both include it. */
Span sml_view_around(const View *v, Span m, uint32_t words);
Span sml_view_sentence(const View *v, Span m);

/* Words between a and b, 0 if they touch or overlap. */
uint32_t sml_view_words_between(const View *v, Span a, Span b);

#endif
