/* SPDX-License-Identifier: MIT */
/*
 * What became of a rule that a post gave cause to look at: for whoever asks why there is a finding, or none. A trace holds
 * places, never words: a report of a false alarm can be made of it that shows nothing of the draft.
 */
#ifndef SML_MATCH_TRACE_H
#define SML_MATCH_TRACE_H

#include "match/scan.h"

typedef enum TraceEnd {
    TRACE_FINDING,
    TRACE_PARTS,     /* nothing of what it looks for is there whole */
    TRACE_SHORT,     /* there is something, but its kind asks for more */
    TRACE_GUARD,     /* a guard took all matches away */
    TRACE_CONDITION, /* it does not apply in these facts */
    TRACE_OVERLAP,   /* its family says it with a graver or wider finding */
    TRACE_TRIAL,
    TRACE_UNDECIDED
} TraceEnd;

typedef struct Trace {
    uint32_t book, rule;
    TraceEnd end;
    sml_grade grade; /* of the finding */
    Span cue, stop;  /* post bytes: the first thing it found, and what a guard found; empty: none */
    uint32_t guard;  /* which of its guards stopped a match first, or IMAGE_NONE */
    bool stood;      /* some match was left by the guards */
    int64_t have, asked; /* SHORT: what was counted, and what the kind asks for */
    unsigned missing, accounts;
    uint32_t by; /* OVERLAP: rule (of the same book) that says it, or IMAGE_NONE */
} Trace;

typedef VEC(Trace) Traces;

/* Why it is no finding, in words; empty for a finding. */
Str sml_trace_words(const Trace *t, const Image *im, Arena *a);

#endif
