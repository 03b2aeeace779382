/* SPDX-License-Identifier: MIT */
/*
 * The notation of phrases, parsed. `{vote|voting} {for|} {@parties}` becomes a sequence of an alternation, an
 * alternation with an empty branch, and a list. What the notation means is in sm-lint-rules(5); how it runs
 * is in image.h (ImageOp) and match/phrase.c.
 */
#ifndef SML_RULEBOOK_PHRASE_H
#define SML_RULEBOOK_PHRASE_H

#include "base/error.h"
#include "base/vec.h"

typedef enum NodeKind { NODE_SEQ, NODE_ALT, NODE_WORD, NODE_LIST, NODE_GAP } NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    bool glued; /* follows its neighbour in the sequence with nothing between */
    /* WORD */
    Str folded, exact; /* exact: as written, marks and escapes taken out */
    uint32_t flags;    /* WORD_* of image.h */
    /* LIST: its name; GAP: the most words between */
    Str list;
    uint32_t gap;
    Str source; /* of a branch: all that stands between its signs */
    /* SEQ and ALT; an ALT's empty branch is a SEQ of none */
    Node *const *v;
    uint32_t n;
};

/* Parses `text`, its words folded by `folds`. The result is a SEQ that can match something, never nothing. On failure the
 * message says what would be right and err->col is the byte offset into `text`, from 0. */
bool sml_phrase_parse(const Node **out, Str text, unsigned folds, Arena *a, sml_error *err);

/* Can it match nothing at all? */
bool sml_phrase_nullable(const Node *n);

/* Bytes of a match's words at least, without what is between them. */
uint32_t sml_phrase_least(const Node *n);

#endif
