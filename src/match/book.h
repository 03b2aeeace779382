/* SPDX-License-Identifier: MIT */
/*
 * What the automaton's hits in one post come to: which groups of patterns may match in it, and where. scan.c, whose
 * part this is, finds the matches themselves.
 */
#ifndef SML_MATCH_BOOK_H
#define SML_MATCH_BOOK_H

#include "match/must.h"
#include "match/pattern.h"
#include "match/phrase.h"

/* An occurrence of a literal. */
typedef struct KeptHit {
    uint32_t at : 29;
    uint32_t more : 1;   /* the next is of the same literal and window */
    uint32_t loose : 1;  /* see Hit */
    uint32_t in_tag : 1; /* or may be: see sml_view_tag_room */
} KeptHit;
#define HIT_AT_MAX ((UINT32_C(1) << 29) - 1) /* no hit of a longer text could be told */
#define NO_HIT     UINT32_MAX

/* One of the window that is being walked over. */
typedef struct NewHit {
    uint32_t seen; /* index of its literal */
    KeptHit hit;
} NewHit;

/* The hits of a literal in one window: hits[first] and those behind it; of the window that is being walked over, fresh[first]
 * is the last. */
typedef struct SeenLiteral {
    uint32_t literal, first, n;
    uint32_t before; /* of the same literal in an earlier window, or IMAGE_NONE */
    uint32_t other;  /* of another literal with the same place, or IMAGE_NONE */
} SeenLiteral;

/* Where a pattern may match: at a literal's hits in one window, or at the matches of a list. */
typedef struct Clue {
    uint32_t owner; /* index in OWNERS */
    uint32_t hit;   /* the first of the literal's that may be one of its, or NO_HIT */
    uint32_t next;  /* of the same group of patterns, or IMAGE_NONE */
} Clue;

/* Clues, each with the pattern whose it is. */
typedef struct PatternClue {
    uint32_t pattern, clue;
} PatternClue;
typedef VEC(PatternClue) Where;

/* What an eager pattern found. */
typedef struct Tried {
    Match match;
    uint32_t pattern;
} Tried;

/* What was found of a group. */
typedef struct GroupState {
    bool done, undecided;
    VEC(Tried) tried; /* until it is done */
    Matches all;
} GroupState;

/* Of thousands of groups, a post touches dozens and decides a few. */
typedef struct GroupSlot {
    uint32_t group;
    uint32_t first;    /* clue, or IMAGE_NONE, or UNTOUCHED, or UNASKED */
    GroupState *state; /* NULL: nothing found, and nobody asked */
} GroupSlot;

/* A group of detectors, and what the text must have for it: HAS_* */
typedef struct Detectors {
    uint32_t group;
    unsigned needs;
} Detectors;

typedef struct Compiled {
    uint32_t pattern;
    Pattern *regex;
} Compiled;

typedef uint64_t Bits;

/* A rulebook in use by one linter: its image, and what is known of its literals, groups and rules in the post at hand.
 * What earlier posts left in the indices is seen by the entry, which is of something else now: starting a post costs
 * nothing. */
typedef struct Book {
    Image image;
    char *block;      /* holds all these arrays */
    Bits *here;       /* literals of this post */
    uint32_t *places; /* by hash of a literal: the first in `seen` that has it, or anything */
    uint32_t *slots;  /* by group: its entry in `groups`, or anything */
    Detectors *detect;
    Bits *always;       /* rules that are candidates on every post */
    Bits *candidates;   /* in this one */
    Bits *lists;        /* touched groups that other patterns are anchored on */
    Bits *hinted;       /* groups that are not awaited, and have a literal here */
    Compiled *compiled; /* by pattern */
    uint32_t n_compiled, room_compiled;
    /* of this post: */
    const View *view;
    Arena *scratch;
    MustText must;
    Arena *own;        /* holds the next four until the next post */
    VEC(KeptHit) hits; /* by window, literal and place */
    VEC(NewHit) fresh;
    VEC(SeenLiteral) seen;
    VEC(GroupSlot) groups; /* touched, or asked about */
    uint32_t window;       /* the first in `seen` of the window at hand */
    VEC(Clue) clues;
    VEC(Clue) late; /* of patterns that wait for lists */
    bool
        too_long; /* for hits to be kept: nothing was looked for, and no group of patterns is decided */
} Book;

/* The image must outlive the book. */
void sml_book_open(Book *b, Image image);
void sml_book_close(Book *b, Engine *engine);

/* Takes up a post. `view` and `scratch` must last until the next. */
void sml_book_begin(Book *b, const View *view, Arena *scratch);

/* Walks the automaton over the post and touches what is awaited and may match; `has` are its HAS_*. Phrases are
 * tried there and then, with `run`, whose `lists` is asked for the matches of lists; `*undecided` tells after
 * each whether all it asked for was decided. */
void sml_book_look(Book *b, unsigned has, const PhraseRun *run, bool *undecided);

/* In place of that, where everything is to be tried everywhere. */
void sml_book_touch_all(Book *b);

/* May the group match? Of one that is not awaited this is found out now; so not before the post was looked at. */
bool sml_book_touched(Book *b, uint32_t group);

/* NULL where nothing was found and nobody asked. */
GroupState *sml_book_state(const Book *b, uint32_t group);
GroupState *sml_book_make_state(Book *b, uint32_t group);

/* The group's clues, pattern by pattern; in the post's arena. */
Where sml_book_clues(Book *b, uint32_t group);

/* The list whose matches a clue tells of, or IMAGE_NONE. */
uint32_t sml_book_list(const Book *b, const Clue *clue);

/* The places that a clue tells of, one after the other. */
typedef struct Places {
    const Book *book;
    const ImageOwner *owner;
    uint32_t next;          /* index of a hit or an anchor */
    const Matches *anchors; /* of a list, or NULL */
} Places;
Places sml_book_places(const Book *b, const Clue *clue);

/* False behind the last; `*at` is where the pattern's anchor would begin. */
bool sml_book_next_place(Places *p, uint32_t *at);

/* The rules that may have something to say of this post, ascending; in its arena. */
typedef VEC(uint32_t) Candidates;
void sml_book_candidates(Candidates *out, const Book *b);

/* The pattern compiled, as long as the book lasts; NULL where PCRE2 would not have it. */
Pattern *sml_book_regex(Book *b, Engine *engine, uint32_t pattern);

#endif
