/* SPDX-License-Identifier: MIT */
/*
 * The loop that every byte of every draft goes through. Each state waits for the one before it, so
 * one walk leaves most of a processor idle: four walks at once, over four parts of the text, take
 * little longer than one.
 *
 *     folded:  please vote lab|our on thursday|, says the minis|ter of nowhere
 *              lane 0          lane 1          lane 2           lane 3
 *
 * A state knows the text before it only as far back as a literal can reach, so a lane that first
 * reads the 5 bytes before its part ("e lab") is in the state that a walk from the start would
 * have come to, and "labour" is lane 1's to report. Reports are noted as they come and taken up
 * lane by lane, which is in order.
 */
#include "match/prefilter.h"

#include "text/token.h"

#include <assert.h>
#include <string.h>

enum {
    LANES = 4,
    BLOCK = 1024,                     /* bytes walked before reports are taken up */
    LANE_MAX = BLOCK / LANES + LANES, /* one may be written and not kept */
    REACH = IMAGE_LITERAL_MAX - 1
};

/* The automaton as the loop wants it. */
typedef struct Table {
    const ImageState *states;
    const uint32_t *steps, *rows;
    const uint8_t *class_of;
    size_t final;
} Table;

/* A final state and the offset behind the byte that led to it. */
typedef struct Report {
    uint32_t final, end;
} Report;

typedef struct Walk {
    const Image *image;
    const uint32_t *output_at, *outputs;
    Str folded;
    PrefilterHit hear;
    void *user;
    uint32_t first_tag; /* offset of the first '#' */
    Span run; /* the last stretch looked back over: [start, end) has no byte that ends a hashtag */
} Walk;

/* One bit for each ASCII character that is a letter or a digit. */
static inline bool is_alnum(unsigned char c)
{
    static const uint64_t set[] = {0x03FF000000000000, 0x07FFFFFE07FFFFFE};
    return c < 0x80 && set[c >> 6] >> (c & 63) & 1;
}

/* May it stand in a hashtag? A tag may hold fewer, never more: a hit too many is sorted out by the
 * pattern, one too few is lost. */
static bool is_tag_byte(unsigned char c)
{
    return c >= 0x80 || c == '_' || is_alnum(c);
}

/* Does folded[at - 1] lie in a hashtag? Hits come nearly in order, so that a long run is looked
 * over once: where the way back enters the last one, its start is known. */
static bool in_hashtag(Walk *w, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && is_tag_byte((unsigned char)w->folded.p[start - 1])) {
        if (start > w->run.start && start <= w->run.end)
            start = w->run.start;
        else
            start--;
    }
    if (start != w->run.start)
        w->run = (Span){start, at};
    else if (at > w->run.end)
        w->run.end = at;
    return start > 0 && w->folded.p[start - 1] == '#';
}

/* May a word begin or end at `at`? `outer` is where its neighbour on the far side lies. */
static inline bool at_edge(Walk *w, uint32_t at, uint32_t outer)
{
    unsigned char c = (unsigned char)w->folded.p[outer];
    if (c < 0x80 ? !is_alnum(c) : sml_token_edge(w->folded, at))
        return true;
    return outer >= w->first_tag && in_hashtag(w, outer + 1);
}

static inline bool edges_hold(Walk *w, unsigned flags, uint32_t start, uint32_t end)
{
    if (flags & LITERAL_EDGE && start > 0 && !at_edge(w, start, start - 1))
        return false;
    return !(flags & LITERAL_EDGE_END) || end == w->folded.len || at_edge(w, end, end);
}

/* A hostile image's automaton may report what is not here. Whoever takes up a hit looks again,
 * but relies on a place inside the text and between characters. */
static bool may_start(const Walk *w, uint32_t len, uint32_t end)
{
    return len <= end && ((unsigned char)w->folded.p[end - len] & 0xC0) != 0x80;
}

/* Separators of words stand for one another. */
static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '_';
}

static bool stands(const Walk *w, Str literal, uint32_t start)
{
    for (size_t i = 0; i < literal.len; i++) {
        char here = w->folded.p[start + i];
        if (here != literal.p[i] && !(is_space(here) && is_space(literal.p[i])))
            return false;
    }
    return true;
}

static bool is_here(const Walk *w, uint32_t output, uint32_t start)
{
    const ImageLiteral *literal = IMAGE_AT(w->image, LITERALS, OUTPUT_LITERAL(output));
    return stands(w, sml_image_literal(literal), start);
}

static void add_hits(Walk *w, Report report)
{
    const uint32_t *at = w->output_at + report.final;
    for (uint32_t i = at[0]; i < at[1]; i++) {
        uint32_t output = w->outputs[i], len = OUTPUT_LEN(output);
        uint32_t flags = OUTPUT_FLAGS(output), start = report.end - len;
        if (!may_start(w, len, report.end))
            continue;
        bool edges = edges_hold(w, flags, start, report.end);
        if ((edges || flags & LITERAL_LOOSE) &&
            (!(flags & LITERAL_CONFUSED) || is_here(w, output, start)))
            w->hear(w->user,
                    &(Hit){.literal = OUTPUT_LITERAL(output), .loose = !edges, .at = start});
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* Both are looked up, as either is as likely and a wrong guess costs more. */
static inline size_t step(const Table *t, size_t state, char byte)
{
    const ImageState *s = &t->states[state];
    uint32_t class = t->class_of[(unsigned char)byte], own = t->steps[s->base + class],
             like = t->rows[s->row + class];
    uint32_t is_own = 0u - (uint32_t)(IMAGE_STEP_CLASS(own) == class); /* all bits, or none */
    return (IMAGE_STEP_STATE(own) & is_own) | (like & ~is_own);
}

/* Writes a report in any case and moves on only if the state is final: rulebooks have short
 * literals, and a branch that goes either way every few bytes costs more than a store. */
static inline void report(Report **next, const Table *t, size_t state, uint32_t end)
{
    **next = (Report){(uint32_t)(state - t->final), end};
    *next += state >= t->final;
}

/* The state of a walk that has come to `at`. */
static size_t state_at(const Table *t, Str text, size_t at)
{
    size_t state = 0;
    for (size_t i = at < REACH ? 0 : at - REACH; i < at; i++)
        state = step(t, state, text.p[i]);
    return state;
}

/* Fills lanes[k] and moves ends[k] behind its last report. */
static void walk_block(Report lanes[LANES][LANE_MAX], Report *ends[LANES], const Table *table,
                       Str text, size_t at, size_t n)
{
    const Table t = *table; /* its own, so that no report written could change it */
    size_t part = n / LANES;
    const char *p0 = text.p + at, *p1 = p0 + part, *p2 = p1 + part, *p3 = p2 + part;
    size_t s0 = state_at(&t, text, at);
    size_t s1 = state_at(&t, text, at + part);
    size_t s2 = state_at(&t, text, at + 2 * part);
    size_t s3 = state_at(&t, text, at + 3 * part);
    Report *r0 = lanes[0], *r1 = lanes[1], *r2 = lanes[2], *r3 = lanes[3];
    uint32_t end = (uint32_t)at + 1, step1 = (uint32_t)part;

    for (uint32_t i = 0; i < part; i++) {
        s0 = step(&t, s0, p0[i]);
        s1 = step(&t, s1, p1[i]);
        s2 = step(&t, s2, p2[i]);
        s3 = step(&t, s3, p3[i]);
        report(&r0, &t, s0, end + i);
        report(&r1, &t, s1, end + step1 + i);
        report(&r2, &t, s2, end + 2 * step1 + i);
        report(&r3, &t, s3, end + 3 * step1 + i);
    }
    for (uint32_t i = LANES * step1; i < n; i++) {
        s3 = step(&t, s3, p0[i]);
        report(&r3, &t, s3, end + i);
    }
    ends[0] = r0;
    ends[1] = r1;
    ends[2] = r2;
    ends[3] = r3;
}

void sml_prefilter_walk(const Image *image, Str folded, PrefilterHit hear, void *user)
{
    assert(folded.len < UINT32_MAX);
    if (IMAGE_N(image, AUTOMATA) == 0)
        return;
    const ImageAutomaton *automaton = IMAGE_AT(image, AUTOMATA, 0);
    Walk w = {.image = image,
              .output_at = IMAGE_AT(image, OUTPUT_AT, automaton->final),
              .outputs = sml_image_OUTPUTS(image),
              .folded = folded,
              .hear = hear,
              .user = user};
    size_t tag = sml_str_find(folded, STR("#"), 0);
    w.first_tag = tag < folded.len ? (uint32_t)tag : (uint32_t)folded.len;
    const Table t = {.states = sml_image_STATES(image),
                     .steps = sml_image_STEPS(image),
                     .rows = sml_image_ROWS(image),
                     .class_of = automaton->class_of,
                     .final = automaton->n_states - automaton->n_final};
    Report lanes[LANES][LANE_MAX], *ends[LANES];
    size_t n;
    for (size_t at = 0; at < folded.len; at += n) {
        n = folded.len - at < BLOCK ? folded.len - at : BLOCK;
        walk_block(lanes, ends, &t, folded, at, n);
        for (int k = 0; k < LANES; k++)
            for (const Report *r = lanes[k]; r < ends[k]; r++)
                add_hits(&w, *r);
    }
}
