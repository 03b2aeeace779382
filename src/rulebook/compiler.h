/* SPDX-License-Identifier: MIT */
/*
 * The compiler at work, shared by the files that it is made of: compile.c lowers rules, compile_match.c what they
 * match, compile_image.c puts the sections in order and writes them.
 */
#ifndef SML_RULEBOOK_COMPILER_H
#define SML_RULEBOOK_COMPILER_H

#include "base/map.h"
#include "image/image.h"
#include "match/pattern.h"
#include "rulebook/compile.h"

/* Of `in`: all classes of text. */
#define IN_ANY ((1u << 7) - 1)

typedef struct Pair {
    uint32_t key, value;
} Pair;
typedef VEC(Pair) Pairs;

typedef struct ListGroup {
    uint32_t list, folds, group;
} ListGroup;

typedef struct Sections {
#define X(name, type) VEC(type) name;
    IMAGE_SECTIONS(X)
#undef X
} Sections;

typedef struct Compiler {
    const Rules *rules;
    Arena *a;
    Diagnostics *diagnostics;
    Engine *engine;
    Sections out;
    Map strings, literals, lists, masks, groups;
    Map programs[2];  /* those that run rightwards, leftwards: where in CODE */
    VEC(Str) sources; /* of patterns */
    VEC(ListGroup) list_groups;
    uint8_t *list_busy;     /* by list: being compiled, so a second visit is a circle */
    uint8_t *list_touch[2]; /* by side (before, behind) and list: TOUCH_* of compile_match.c */
    Pairs owners;           /* literal (times 2, plus 1 where no edges are asked for), pattern */
    Pairs dependents;       /* list group, pattern */
    Pairs triggers;         /* group, rule */
    VEC(uint32_t) always;   /* rules that nothing triggers: candidates on every post */
    /* by group: how often it is found in posts, a sum of sml_rarity_add; GROUP_EVERYWHERE where a pattern has no literals, or
     * where it is counted */
    VEC(uint64_t) group_share;
    bool failed;
} Compiler;

#define GROUP_EVERYWHERE UINT64_MAX

/* Where a group's patterns come from, for errors and defaults. */
typedef struct Origin {
    uint32_t in, folds;
    bool slow;
} Origin;

void sml_compile_fail(Compiler *c, Pos pos, DiagCode code, const char *message);

/* Where the text stands in the section of strings; equal texts stand there once. */
ImageStr sml_compile_intern(Compiler *c, Str s);

/* The group for what is wanted, and the group with its number; IMAGE_NONE where nothing is. */
uint32_t sml_compile_group(Compiler *c, const Want *want, Origin origin);
ImageWant sml_compile_want(Compiler *c, const Want *want, Origin origin);

/* Turns the pairs into ranges, builds the automaton and writes the image. False: a diagnostic says why. */
bool sml_compile_image(Compiler *c, Buf *out);

#endif
