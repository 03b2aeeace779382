/* SPDX-License-Identifier: MIT */
/*
 * One post against the images of a linter: fold, cut into tokens, walk the automaton, and find the matches of groups
 * as rules ask for them, each once. What rules make of the matches is judge.h's.
 */
#ifndef SML_MATCH_SCAN_H
#define SML_MATCH_SCAN_H

#include "match/book.h"
#include "match/detect.h"

typedef struct ScanOptions {
    bool no_jit, no_prefilter;
    size_t most; /* folded bytes of a post in which patterns are looked for; 0: HIT_AT_MAX */
} ScanOptions;

typedef struct ThreadAnswer {
    uint32_t book, group, count;
    bool undecided;
} ThreadAnswer;

/* The posts of the thread that the post at hand is of, and what was asked about all of them. */
typedef struct Thread {
    VEC(Str) posts;
    VEC(ThreadAnswer) answers;
    bool told; /* the post at hand is not the first of them */
    Arena *arena;
} Thread;

typedef struct Scan {
    Book *books;
    uint32_t n_books;
    Engine *engine;
    Arena *scratch; /* of this post; reset by whoever starts the next */
    ScanOptions options;
    View view;       /* the full fold */
    VEC(View *) own; /* lesser folds that rules asked for */
    unsigned has;    /* HAS_* */
    uint32_t images; /* attached to this post, by its metadata */
    Str bio;         /* for requirements over the profile */
    Thread *thread;  /* for requirements over the thread; NULL where the post stands alone */
} Scan;

/* The images must outlive the scan. */
Scan *sml_scan_new(const Image *images, uint32_t n, ScanOptions options);
void sml_scan_free(Scan *s); /* NULL is fine */

const Image *sml_scan_image(const Scan *s, uint32_t book);

/* Takes up a post (valid UTF-8, borrowed). All that concerned the one before is gone. */
void sml_scan_begin(Scan *s, Str text, Arena *scratch);

/* The rules of `book` that may have something to say of this post, by index. */
void sml_scan_candidates(Candidates *out, const Scan *s, uint32_t book);

/* The matches of a group in this post; rules see those that are more than a part of a hashtag. Offsets are into s->view's fold. */
const Matches *sml_scan_matches(Scan *s, uint32_t book, uint32_t group);

/* What it takes to know whether a group matches in this post: nothing, for it cannot; little; or PCRE2. */
typedef enum Chance { CHANCE_NONE, CHANCE_CHEAP, CHANCE_DEAR } Chance;
Chance sml_scan_chance(Scan *s, uint32_t book, uint32_t group);

/* No more matches than this has the group; UINT32_MAX where only looking would tell. */
uint32_t sml_scan_most(Scan *s, uint32_t book, uint32_t group);

/* The kind of tokens that a group counts; TOKEN_KINDS if it counts other things. */
uint32_t sml_scan_token_kind(const ImageGroup *group);

/* Did a limit keep this group, or one that it leans on, from being decided? */
bool sml_scan_undecided(const Scan *s, uint32_t book, uint32_t group);

/* Does the group match in `text` (a bio)? `*undecided` becomes true if a limit kept that from being said. */
bool sml_scan_elsewhere(Scan *s, uint32_t book, uint32_t group, Str text, bool *undecided);

/* How often the group matches in all posts of s->thread; each is looked into once. `*undecided`: as above. */
uint32_t sml_scan_in_thread(Scan *s, uint32_t book, uint32_t group, bool *undecided);

/* The parts of a regex of the rule that matched in what it found, for messages: fills `parts` and returns that regex, or NULL
 * if there is none. */
const Pattern *sml_scan_parts(Scan *s, uint32_t book, uint32_t rule, const Match *m,
                              Span parts[PATTERN_GROUPS]);

#endif
