/* SPDX-License-Identifier: MIT */
/*
 * Follows every reference of an opened image without a check of its own, as the scanner does: under
 * a sanitizer, whatever sml_image_open let through by mistake shows.
 */
#ifndef SML_TESTS_IMAGE_WALK_H
#define SML_TESTS_IMAGE_WALK_H

#include "match/condition.h"
#include "match/prefilter.h"

#include <assert.h>

typedef struct ImageWalk {
    const Image *im;
    uint64_t sum; /* of all that was read, so that reading is not optimised away */
    uint32_t steps;
} ImageWalk;

static inline void walked_str(ImageWalk *w, ImageStr s)
{
    Str text = sml_image_str(w->im, s);
    w->sum += text.len;
    if (text.len > 0)
        w->sum += (unsigned char)text.p[0] + (unsigned char)text.p[text.len - 1];
}

static inline void walked_strs(ImageWalk *w, const ImageStr *first, size_t n)
{
    for (size_t i = 0; i < n; i++)
        walked_str(w, first[i]);
}

/* Every way through a program, as far as the steps go. */
static inline void walked_program(ImageWalk *w, uint32_t at, uint32_t depth)
{
    assert(depth <= IMAGE_PATH_MAX);
    for (; w->steps > 0; depth++) {
        w->steps--;
        const uint32_t *code = IMAGE_AT(w->im, CODE, at);
        switch ((ImageOp)OP_CODE(code)) {
        case OP_MATCH:
        case OP_COUNT:
            return;
        case OP_WORD:
            walked_str(w, (ImageStr){code[1], OP_WORD_LEN(code)});
            if (OP_WORD_CASED(code))
                walked_str(w, (ImageStr){code[2], code[3]});
            at += sml_image_op_size(code);
            break;
        case OP_SEP:
            at += 1;
            break;
        case OP_LIST:
            w->sum += IMAGE_AT(w->im, GROUPS, code[1])->kind;
            at += 2;
            break;
        case OP_GAP:
            at += 2;
            break;
        case OP_FIRST:
            at += 3;
            break;
        case OP_SPLIT:
            for (uint32_t i = 1; i <= OP_WAYS(code); i++)
                walked_program(w, OP_TARGET(code[i]), depth + 1);
            return;
        case OP_JUMP:
            at = OP_JUMPS_TO(code);
            break;
        }
    }
}

static inline void walked_pattern(ImageWalk *w, uint32_t pattern)
{
    const ImagePattern *p = IMAGE_AT(w->im, PATTERNS, pattern);
    walked_str(w, *IMAGE_AT(w->im, SOURCES, pattern));
    if (p->kind != PATTERN_PHRASE)
        return;
    w->steps = 1000;
    walked_program(w, p->forward, 0);
    if (p->backward != IMAGE_NONE)
        walked_program(w, p->backward, 0);
}

/* Finds a group's matches the way the scanner does: those of the groups it leans on first. */
static inline void walked_group(ImageWalk *w, uint32_t group, uint32_t depth)
{
    assert(depth < IMAGE_GROUP_DEPTH);
    const ImageGroup *g = IMAGE_AT(w->im, GROUPS, group);
    for (uint32_t i = 0; i < g->patterns.n && w->steps > 0; i++, w->steps--) {
        const ImagePattern *p = IMAGE_AT(w->im, PATTERNS, g->patterns.first + i);
        assert(p->group == group);
        if (p->context == IMAGE_ANYWHERE)
            continue;
        const ImageContext *around = IMAGE_AT(w->im, CONTEXTS, p->context);
        if (around->needs != IMAGE_NONE)
            walked_group(w, around->needs, depth + 1);
        if (around->not_group != IMAGE_NONE)
            walked_group(w, around->not_group, depth + 1);
    }
}

static inline void walked_owner(ImageWalk *w, uint32_t owner)
{
    const ImageOwner *o = IMAGE_AT(w->im, OWNERS, owner);
    walked_str(w, *IMAGE_AT(w->im, SOURCES, IMAGE_ID(o->pattern)));
    for (int i = 0; i < IMAGE_SIEVE; i++)
        w->sum += *IMAGE_AT(w->im, MASKS, o->mask[i]);
}

static inline void walked_references(ImageWalk *w, const ImageGroup *g)
{
    for (uint32_t i = 0; i < g->dependents.n; i++)
        walked_owner(w, g->dependents.first + i);
    for (uint32_t i = 0; i < g->sources.n; i++)
        walked_owner(w, g->sources.first + i);
    for (uint32_t i = 0; i < g->rules.n; i++)
        walked_str(w, IMAGE_AT(w->im, RULES, *IMAGE_AT(w->im, ANCHORS, g->rules.first + i))->id);
    if (g->list != IMAGE_NONE)
        walked_str(w, IMAGE_AT(w->im, LISTS, g->list)->name);
}

static inline void walked_example(ImageWalk *w, const ImageExample *e)
{
    walked_strs(w, &e->text, 3);
    walked_str(w, e->at);
    Str text = sml_image_str(w->im, e->text);
    for (uint32_t i = 0; i < e->spans.n; i++) {
        const Span *s = IMAGE_AT(w->im, SPANS, e->spans.first + i);
        assert(s->start <= s->end && s->end <= text.len);
    }
    for (uint32_t i = 0; i < e->meta.n; i++)
        walked_strs(w, &IMAGE_AT(w->im, PAIRS, e->meta.first + i)->key, 2);
}

static inline void walked_grade(ImageWalk *w, const ImageRule *r)
{
    static const char *const handles[] = {"", "@someone"};
    for (int i = 0; i < 2; i++) {
        sml_context context = {.handle = sml_str_from(handles[i]),
                               .date = sml_str_from(i ? "2026-04-01" : "")};
        Facts facts;
        unsigned missing = 0;
        sml_grade full;
        sml_condition_facts(&facts, &context, STR("posts/draft.txt"));
        w->sum += sml_condition_grade(w->im, r, &facts, &full, &missing);
        assert(full <= SML_ERROR);
        for (uint32_t k = 0; k < r->guards.n; k++) {
            const ImageGuard *g = IMAGE_AT(w->im, GUARDS, r->guards.first + k);
            if (g->kind == GUARD_WHEN)
                w->sum += sml_condition_eval(w->im, g->cond, &facts, &missing);
            else if (g->kind != GUARD_INSIDE)
                w->sum += IMAGE_AT(w->im, GROUPS, g->want.group)->kind;
        }
    }
}

static inline void walked_rule(ImageWalk *w, const ImageRule *r)
{
    walked_strs(w, &r->id, 13);
    walked_strs(w, &r->compare_each, 2);
    assert(r->n_all <= r->wants.n || r->kind != RULE_COMPOSE);
    for (uint32_t i = 0; i < r->wants.n; i++) {
        uint32_t group = IMAGE_AT(w->im, WANTS, r->wants.first + i)->group;
        if (group != IMAGE_NONE)
            w->sum += IMAGE_AT(w->im, GROUPS, group)->kind;
    }
    for (uint32_t i = 0; i < r->cues.n; i++) {
        const ImageCue *c = IMAGE_AT(w->im, CUES, r->cues.first + i);
        walked_str(w, c->name);
        w->sum += IMAGE_AT(w->im, GROUPS, c->want.group)->kind;
    }
    for (uint32_t i = 0; i < r->grades.n; i++)
        walked_str(w, IMAGE_AT(w->im, GRADES, r->grades.first + i)->words);
    for (uint32_t i = 0; i < r->cites.n; i++)
        walked_strs(w, &IMAGE_AT(w->im, CITES, r->cites.first + i)->source, 6);
    for (uint32_t i = 0; i < r->examples.n; i++)
        walked_example(w, IMAGE_AT(w->im, EXAMPLES, r->examples.first + i));
    for (uint32_t i = 0; i < r->aliases.n; i++)
        walked_str(w, *IMAGE_AT(w->im, ALIASES, r->aliases.first + i));
    for (uint32_t i = 0; i < r->lists.n; i++)
        walked_str(w,
                   IMAGE_AT(w->im, LISTS, *IMAGE_AT(w->im, ANCHORS, r->lists.first + i))->checked);
    for (uint32_t i = 0; i < r->covers.n; i++) {
        uint32_t o = *IMAGE_AT(w->im, ANCHORS, r->covers.first + i);
        walked_strs(w, &IMAGE_AT(w->im, OBLIGATIONS, o)->name, 3);
        w->sum += IMAGE_AT(w->im, CITES, IMAGE_AT(w->im, OBLIGATIONS, o)->cite)->verified;
    }
    walked_grade(w, r);
}

typedef struct HitWalk {
    ImageWalk *walk;
    Str text;
} HitWalk;

/* It may be a lie, but never one that points outside the text or into a character. */
static inline void walked_hit(void *user, const Hit *hit)
{
    HitWalk *h = user;
    const ImageLiteral *l = IMAGE_AT(h->walk->im, LITERALS, hit->literal);
    assert(hit->at < h->text.len && (h->text.p[hit->at] & 0xC0) != 0x80);
    for (uint32_t k = 0; k < l->owners.n; k++)
        walked_owner(h->walk, l->owners.first + k);
    for (uint32_t k = 0; k < l->others.n; k++)
        h->walk->sum += *IMAGE_AT(h->walk->im, ANCHORS, l->others.first + k);
}

/* All literals one after the other, twice: the automaton gets about. */
static inline void walked_automaton(ImageWalk *w)
{
    Buf text = {0};
    for (uint32_t i = 0; i < 2 * IMAGE_N(w->im, LITERALS); i++) {
        const ImageLiteral *l = IMAGE_AT(w->im, LITERALS, i / 2);
        sml_buf_add(&text, sml_image_literal(l));
        sml_buf_add(&text, i % 3 ? STR(" ") : STR("#x"));
    }
    HitWalk h = {w, sml_buf_str(&text)};
    sml_prefilter_walk(w->im, h.text, walked_hit, &h);
    sml_buf_free(&text);
}

static inline uint64_t image_walk(const Image *im)
{
    ImageWalk w = {.im = im};
    walked_strs(&w, &IMAGE_AT(im, PACKS, 0)->id, 5);
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
        walked_rule(&w, IMAGE_AT(im, RULES, i));
    for (uint32_t i = 0; i < IMAGE_N(im, GROUPS); i++) {
        walked_references(&w, IMAGE_AT(im, GROUPS, i));
        w.steps = 1000;
        walked_group(&w, i, 0);
    }
    for (uint32_t i = 0; i < IMAGE_N(im, PATTERNS); i++)
        walked_pattern(&w, i);
    for (uint32_t i = 0; i < IMAGE_N(im, WINDOWS); i++)
        walked_strs(&w, &IMAGE_AT(im, WINDOWS, i)->name, 4);
    for (uint32_t i = 0; i < IMAGE_N(im, NETWORKS); i++) {
        walked_strs(&w, &IMAGE_AT(im, NETWORKS, i)->name, 3);
        w.sum += IMAGE_AT(im, CITES, IMAGE_AT(im, NETWORKS, i)->cite)->verified;
    }
    for (uint32_t i = 0; i < IMAGE_N(im, LISTS); i++)
        walked_strs(&w, &IMAGE_AT(im, LISTS, i)->name, 2);
    walked_automaton(&w);
    return w.sum;
}

#endif
