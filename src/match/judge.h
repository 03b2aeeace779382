/* SPDX-License-Identifier: MIT */
/*
 * What the rules make of a post: the matches that a scan finds, weighed by each rule's kind, guards and conditions.
 */
#ifndef SML_MATCH_JUDGE_H
#define SML_MATCH_JUDGE_H

#include "match/condition.h"
#include "match/scan.h"
#include "match/trace.h"

typedef struct FoundCue {
    Str name;
    Span span; /* post bytes */
} FoundCue;

typedef struct Finding {
    uint32_t book, rule;
    Match match; /* what it rests on; start == end for what has no place */
    Span span;   /* post bytes */
    sml_grade grade, full;
    unsigned missing; /* bits 1 << ImageFact, and MISSING_BIO */
    /* where the account is missing: the kinds (bits by accounts' order) that would give `full` */
    unsigned accounts;
    uint32_t count; /* how often it occurs, or what was counted */
    uint32_t limit; /* how many are fine, and the network that says so (empty: the rule) */
    Str network;
    bool whole;
    const FoundCue *cues;
    uint32_t n_cues;
    Spans parts;       /* post bytes: where it takes several things together, the first of each */
    uint32_t first, n; /* the occurrences it speaks for, of Judgement.occurrences */
    bool aside;        /* known or approved: covers others of its family, and is not shown */
} Finding;

/* The kinds of account, in the order of Finding.accounts; behind the last an empty one. */
extern const char *const sml_judge_accounts[];

/* Beside the facts of image.h. */
enum { MISSING_BIO = 1 << 30 };

typedef VEC(Finding) Findings;

typedef struct Undecided {
    uint32_t book, rule;
} Undecided;

#define CHOICE_OFF UINT8_MAX

/* Which rules run, and with what grades; by book and rule. NULL members mean all, as they are. */
typedef struct Choice {
    const uint8_t *const *off;
    const uint8_t *const *grade; /* in place of the rule's own and its rows; 0: its own */
    bool trial;
    bool trace; /* fill Judgement.traces */
    bool all;   /* fill Judgement.occurrences */
    bool each;  /* every rule reports every match */
} Choice;

/* Has somebody switched it off? */
bool sml_judge_is_off(const Choice *choice, uint32_t book, uint32_t rule);

/* Has it anything to say at all? Not if it is off, retired, or on trial where no trial was asked for. */
bool sml_judge_runs(const Choice *choice, const Image *image, uint32_t book, uint32_t rule);

typedef struct Judgement {
    /* by start, end, rule id; none that shares words with a graver one of its family, or lies
     * within one as grave */
    Findings findings;
    /* every match of every rule that has something to say, by rule and place, covered or not */
    Findings occurrences;
    VEC(Undecided) undecided;
    /* post bytes that must not be shown, by start, apart from each other; from every masking
     * rule that fires, switched off or not */
    Spans masks;
    Traces traces; /* if asked for: one for each candidate that is not switched off */
} Judgement;

/* Judges the post that `scan` has taken up. `image_meta` are the post's metadata, for `compare`. All results live in
 * scan->scratch. */
void sml_judge(Judgement *out, Scan *scan, const Facts *facts, const Choice *choice,
               const sml_pair *meta, uint32_t n_meta);

/* The family of a rule id. */
Str sml_judge_family(Str id);

#endif
