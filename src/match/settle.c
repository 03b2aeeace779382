/* SPDX-License-Identifier: MIT */
/*
 * One finding for one stretch of words in a family. Of "a total shambles, you clowns", say, a warning about all of it
 * and an error about its last word, both of the family respect, only the error is left; two findings that merely overlap
 * both stay.
 */
#include "match/settle.h"

#include <stdlib.h>
#include <string.h>

typedef struct Keyed {
    Finding f;
    Str id, family;
    bool dropped;
} Keyed;

/* Wider before narrower, graver before milder. */
static int compare_wide_first(const void *a, const void *b)
{
    const Keyed *x = a, *y = b;
    if (x->f.span.start != y->f.span.start)
        return x->f.span.start < y->f.span.start ? -1 : 1;
    if (x->f.span.end != y->f.span.end)
        return x->f.span.end > y->f.span.end ? -1 : 1;
    if (x->f.grade != y->f.grade)
        return x->f.grade > y->f.grade ? -1 : 1;
    return sml_str_cmp(x->id, y->id);
}

static int compare_places(const void *a, const void *b)
{
    const Keyed *x = a, *y = b;
    if (x->f.span.start != y->f.span.start)
        return x->f.span.start < y->f.span.start ? -1 : 1;
    if (x->f.span.end != y->f.span.end)
        return x->f.span.end < y->f.span.end ? -1 : 1;
    return sml_str_cmp(x->id, y->id);
}

/* Of a family's findings, by grade: how far those before reach, and where the next one begins. */
typedef struct Reach {
    Str family;
    uint32_t end[SML_ERROR + 1], next[SML_ERROR + 1];
} Reach;
typedef VEC(Reach) Reaches;

static Reach *reach_of(Reaches *all, Str family, Arena *a)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (sml_str_eq(all->v[i].family, family))
            return &all->v[i];
    Reach *r = &VEC_PUSH(all, a);
    *r = (Reach){.family = family, .next = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    return r;
}

static bool has_place(const Finding *f)
{
    return !f->whole && f->span.end > f->span.start;
}

/* Does the same family speak of some of these words more gravely, or of all of them as gravely, further left? */
static bool covered(const Reach *r, const Finding *f)
{
    for (int g = (int)f->grade + 1; g <= SML_ERROR; g++)
        if (r->end[g] > f->span.start)
            return true;
    return r->end[f->grade] >= f->span.end;
}

/* Or more gravely further right? */
static bool overtaken(const Reach *r, const Finding *f)
{
    for (int g = (int)f->grade + 1; g <= SML_ERROR; g++)
        if (r->next[g] < f->span.end)
            return true;
    return false;
}

static uint32_t keep_uncovered(Keyed *all, uint32_t n, Arena *a)
{
    Reaches reaches = {0};
    uint32_t kept = 0;
    for (uint32_t i = n; i-- > 0;) {
        Reach *r = reach_of(&reaches, all[i].family, a);
        all[i].dropped = has_place(&all[i].f) && overtaken(r, &all[i].f);
        if (has_place(&all[i].f) && !all[i].dropped)
            r->next[all[i].f.grade] = all[i].f.span.start;
    }
    for (uint32_t i = 0; i < n; i++) {
        Finding *f = &all[i].f;
        if (all[i].dropped)
            continue;
        if (has_place(f)) {
            Reach *r = reach_of(&reaches, all[i].family, a);
            if (covered(r, f))
                continue;
            r->end[f->grade] = f->span.end > r->end[f->grade] ? f->span.end : r->end[f->grade];
        }
        all[kept++] = all[i];
    }
    return kept;
}

void sml_settle_findings(Judgement *j, Scan *s)
{
    uint32_t n = j->findings.n;
    if (n < 2)
        return;
    Keyed *all = ARENA_ARRAY(s->scratch, Keyed, n);
    for (uint32_t i = 0; i < n; i++) {
        const Finding *f = &j->findings.v[i];
        const Image *im = sml_scan_image(s, f->book);
        Str id = sml_image_str(im, IMAGE_AT(im, RULES, f->rule)->id);
        all[i] = (Keyed){*f, id, sml_judge_family(id), false};
    }
    qsort(all, n, sizeof *all, compare_wide_first);
    n = keep_uncovered(all, n, s->scratch);
    qsort(all, n, sizeof *all, compare_places);
    for (uint32_t i = 0; i < n; i++)
        j->findings.v[i] = all[i].f;
    j->findings.n = n;
}

static int compare_spans(const void *a, const void *b)
{
    const Span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Into stretches that neither overlap nor touch, by start. */
static void merge_masks(Spans *masks)
{
    if (masks->n < 2)
        return;
    qsort(masks->v, masks->n, sizeof *masks->v, compare_spans);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < masks->n; i++) {
        Span *last = &masks->v[kept], *next = &masks->v[i];
        if (next->start > last->end)
            masks->v[++kept] = *next;
        else if (next->end > last->end)
            last->end = next->end;
    }
    masks->n = kept + 1;
}

/* Which findings are left is known only now. */
static void settle_trace(Trace *t, const Findings *left, const Scan *s)
{
    const Image *im = sml_scan_image(s, t->book);
    Str family = sml_judge_family(sml_image_str(im, IMAGE_AT(im, RULES, t->rule)->id));
    t->end = TRACE_OVERLAP;
    for (uint32_t i = 0; i < left->n; i++) {
        const Finding *f = &left->v[i];
        if (f->book != t->book)
            continue;
        if (f->rule == t->rule) {
            t->end = TRACE_FINDING;
            t->grade = f->grade;
            return;
        }
        Str other = sml_judge_family(sml_image_str(im, IMAGE_AT(im, RULES, f->rule)->id));
        if (sml_str_eq(other, family) && sml_span_overlaps(f->span, t->cue))
            t->by = f->rule;
    }
}

void sml_settle(Judgement *j, Scan *s)
{
    sml_settle_findings(j, s);
    for (uint32_t i = 0; i < j->traces.n; i++)
        if (j->traces.v[i].end == TRACE_FINDING)
            settle_trace(&j->traces.v[i], &j->findings, s);
    merge_masks(&j->masks);
}
