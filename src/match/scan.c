/* SPDX-License-Identifier: MIT */
/*
 * How little is done for a post. Each hit of the automaton belongs to patterns. A phrase that a rule or another phrase
 * waits for (eager) is tried there and then, and only a match touches its group, and with it the rules that wait for that.
 * Regexes, and what merely guards, are touched and matched when somebody asks. Lists are matched before the phrases
 * anchored on them. What was found is remembered for the post.
 *
 * "Vote Labour!" hits "labour", which is an item of the list of parties; that matches, so "{vote|voting} {for|}
 * {@parties}" is tried where it does, and matches, so one rule is a candidate.
 */
#include "match/scan.h"

#include "base/utf8.h"
#include "image/sieve.h"
#include "match/features.h"
#include "match/prefilter.h"

#include <stdlib.h>
#include <string.h>

#define NOTHING  IMAGE_NONE
#define SORT_FEW 64

typedef struct PatternState {
    uint32_t generation, next; /* the next touched pattern of its group */
    uint32_t sources;          /* the first of what was found of it, or NOTHING */
    uint32_t next_compiled;    /* the next of its book, or NOTHING */
    Pattern *compiled;
} PatternState;

typedef struct LiteralState {
    uint32_t generation, first, last; /* hits */
} LiteralState;

/* A hit that some pattern will want again. */
typedef struct KeptHit {
    uint32_t at;
    uint32_t next : 30; /* of the same literal, or NO_HIT */
    uint32_t loose : 1; /* see Hit */
    uint32_t in_tag : 1;
} KeptHit;
#define NO_HIT UINT32_C(0x3FFFFFFF)

/* A literal or list that was found where a pattern anchored on it may match. */
typedef struct Source {
    uint32_t owner; /* index in OWNERS */
    uint32_t from;  /* index of the literal, or FROM_LIST and that of the list's group */
    uint32_t next;  /* of the same pattern, or NOTHING */
} Source;
#define FROM_LIST UINT32_C(0x80000000)

typedef struct GroupState {
    uint32_t touched, done; /* generations */
    uint32_t tried; /* generation in which `all` began to fill with what eager patterns found */
    uint32_t first; /* touched pattern, or NOTHING */
    bool undecided;
    Matches all;   /* those inside a hashtag included */
    Matches whole; /* without them */
} GroupState;

struct Book {
    Image image;
    char *block;       /* holds all these arrays */
    uint32_t compiled; /* the first pattern that is, or NOTHING */
    LiteralState *literals;
    PatternState *patterns;
    GroupState *groups;
    uint32_t *rules;  /* generation in which each became a candidate */
    uint32_t *lists;  /* groups that other patterns are anchored on, ascending */
    uint32_t *detect; /* groups of detectors */
    uint32_t *always; /* rules */
    uint32_t n_lists, n_detect, n_always;
    uint32_t *owners; /* generation in which each got a source */
    VEC(KeptHit) hits;
    VEC(Source) sources;
    VEC(Source) late; /* of patterns that wait for lists */
    bool cut_short;   /* more hits than can be kept: no group of patterns is decided */
    VEC(uint32_t) candidates;
};

/* Another view of the post (a rule's own folds) or another text (a bio), and the matches found in it. */
typedef struct Other {
    const View *view;
    VEC(struct OtherGroup {
        uint32_t group;
        Matches *found;
    })
    groups;
} Other;

typedef struct Ask {
    Scan *scan;
    Book *book;
    Other *other; /* NULL: the main view */
    bool undecided;
} Ask;

static const Matches *find(Ask *ask, uint32_t group);

/* ---- setting up ---- */

static void *place_array(char *block, size_t *end, uint32_t n, size_t size)
{
    void *array = block ? block + *end : NULL;
    *end += (sml_mem_times(n, size) + 7) / 8 * 8;
    return array;
}

/* Puts the arrays of a book into `block`; its size, which is all that is wanted where there is none yet. */
static size_t lay_out(Book *b, char *block)
{
    const Image *im = &b->image;
    size_t end = 0;
    b->literals = place_array(block, &end, IMAGE_N(im, LITERALS), sizeof *b->literals);
    b->owners = place_array(block, &end, IMAGE_N(im, OWNERS), sizeof *b->owners);
    b->patterns = place_array(block, &end, IMAGE_N(im, PATTERNS), sizeof *b->patterns);
    b->groups = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->groups);
    b->rules = place_array(block, &end, IMAGE_N(im, RULES), sizeof *b->rules);
    b->lists = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->lists);
    b->detect = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->detect);
    b->always = place_array(block, &end, IMAGE_N(im, RULES), sizeof *b->always);
    return end;
}

static void open_book(Book *b, Image image)
{
    *b = (Book){.image = image, .compiled = NOTHING};
    const Image *im = &b->image;
    b->block = sml_mem_zeroed_now(lay_out(b, NULL), 1);
    lay_out(b, b->block);
    for (uint32_t i = 0; i < IMAGE_N(im, GROUPS); i++) {
        const ImageGroup *g = IMAGE_AT(im, GROUPS, i);
        if (g->dependents.n)
            b->lists[b->n_lists++] = i;
        if (g->kind == GROUP_DETECT && g->rules.n)
            b->detect[b->n_detect++] = i;
    }
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
        if (IMAGE_AT(im, RULES, i)->flags & RULE_ALWAYS)
            b->always[b->n_always++] = i;
}

static void close_book(Book *b, Engine *engine)
{
    for (uint32_t i = b->compiled; i != NOTHING; i = b->patterns[i].next_compiled)
        sml_pattern_free(engine, b->patterns[i].compiled);
    sml_mem_free(b->block);
}

Scan *sml_scan_new(const Image *images, uint32_t n, ScanOptions options)
{
    Scan *s = sml_mem_zeroed(1, sizeof *s);
    s->options = options;
    s->engine = sml_pattern_engine(!options.no_jit);
    s->books = sml_mem_zeroed(n, sizeof *s->books);
    s->n_books = n;
    for (uint32_t i = 0; i < n; i++)
        open_book(&s->books[i], images[i]);
    return s;
}

void sml_scan_free(Scan *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->n_books; i++)
        close_book(&s->books[i], s->engine);
    sml_mem_free(s->books);
    sml_pattern_engine_free(s->engine);
    sml_mem_free(s);
}

const Image *sml_scan_image(const Scan *s, uint32_t book)
{
    return &s->books[book].image;
}

/* ---- running phrases ---- */

static const View *view_of(const Ask *ask)
{
    return ask->other ? ask->other->view : &ask->scan->view;
}

static const Matches *find_list(void *user, uint32_t group)
{
    return find(user, group);
}

static PhraseRun phrase_run(Ask *ask)
{
    const View *v = view_of(ask);
    uint64_t steps = PHRASE_STEPS + (uint64_t)v->norm.text.len * 64;
    return (PhraseRun){.image = &ask->book->image,
                       .view = v,
                       .lists = find_list,
                       .user = ask,
                       .scratch = ask->scan->scratch,
                       .steps = steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX};
}

/* ---- touching ---- */

static GroupState *touch_group(Scan *s, Book *b, uint32_t group)
{
    GroupState *g = &b->groups[group];
    if (g->touched == s->generation)
        return g;
    g->touched = s->generation;
    g->first = NOTHING;
    const ImageGroup *record = IMAGE_AT(&b->image, GROUPS, group);
    for (uint32_t i = 0; i < record->rules.n; i++) {
        uint32_t rule = *IMAGE_AT(&b->image, ANCHORS, record->rules.first + i);
        if (b->rules[rule] == s->generation)
            continue;
        b->rules[rule] = s->generation;
        VEC_PUSH(&b->candidates, s->scratch) = rule;
    }
    return g;
}

static void touch_pattern(Scan *s, Book *b, uint32_t pattern)
{
    PatternState *p = &b->patterns[pattern];
    if (p->generation == s->generation)
        return;
    p->generation = s->generation;
    p->sources = NOTHING;
    GroupState *g = touch_group(s, b, IMAGE_AT(&b->image, PATTERNS, pattern)->group);
    p->next = g->first;
    g->first = pattern;
}

/* Has the text what the pattern wants around its anchor? */
static bool passes(const ImageOwner *owner, Str text, size_t start, size_t end)
{
    for (int i = 0; i < IMAGE_SIEVE; i++) {
        size_t place = (owner->at[i] < 0 ? start : end) + (size_t)owner->at[i];
        unsigned class =
            place < text.len ? sml_sieve_class[(unsigned char)text.p[place]] : SIEVE_OUTSIDE;
        if (!(owner->mask[i] >> class & 1))
            return false;
    }
    return true;
}

/* ---- places where a pattern may match ---- */

typedef struct Places {
    const View *view;
    const Book *book;
    const ImageOwner *owner;
    bool strict;
    uint32_t next;          /* index of a hit or an anchor */
    const Matches *anchors; /* of a list, or NULL */
} Places;

static Places places_of(const Scan *s, const Book *b, const Source *source)
{
    Places p = {.view = &s->view, .book = b, .owner = IMAGE_AT(&b->image, OWNERS, source->owner)};
    if (source->from & FROM_LIST) {
        p.anchors = &b->groups[source->from & ~FROM_LIST].all;
        return p;
    }
    const ImageLiteral *literal = IMAGE_AT(&b->image, LITERALS, source->from);
    p.strict = source->owner - literal->owners.first < literal->n_strict;
    p.next = b->literals[source->from].first;
    return p;
}

/* In a hashtag words stand closed up, and no byte is where the sieve looks for it. */
static bool anchor_passes(const View *v, const ImageOwner *owner, const Match *anchor)
{
    return passes(owner, v->norm.text, anchor->start, anchor->end) ||
           sml_view_in_tag(v, anchor->start);
}

static bool next_anchor(Places *p, uint32_t *at)
{
    while (p->next < p->anchors->n) {
        const Match *m = &p->anchors->v[p->next++];
        *at = m->start;
        if (anchor_passes(p->view, p->owner, m))
            return true;
    }
    return false;
}

/* False behind the last; `*at` is where the pattern's anchor would begin. */
static bool next_place(Places *p, uint32_t *at)
{
    if (p->anchors)
        return next_anchor(p, at);
    uint32_t back = IMAGE_BACK(p->owner->pattern);
    while (p->next != NO_HIT) {
        const KeptHit *hit = &p->book->hits.v[p->next];
        p->next = hit->next;
        *at = hit->at - back;
        if (hit->at >= back && !(p->strict && hit->loose) &&
            (hit->in_tag || passes(p->owner, p->view->norm.text, *at, *at)))
            return true;
    }
    return false;
}

/* ---- taking up what is found ---- */

typedef struct Taker {
    Scan *scan;
    Book *book;
    PhraseRun run; /* all eager phrases share its steps */
    Ask *ask;      /* the run's */
} Taker;

/* Tries a phrase where its anchor would begin; only a match touches its group. False if it could not be decided here: it is
 * then to be touched, and tried again, with steps of its own, when somebody asks. */
static bool try_eager(Taker *t, uint32_t pattern, uint32_t at)
{
    Match m;
    Book *b = t->book;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    t->ask->undecided = false;
    bool found = sml_phrase_match(&m, &t->run, p, at) && m.end > m.start;
    if (!found)
        return t->run.steps > 0 && !t->ask->undecided;
    m.pattern = pattern;
    GroupState *g = touch_group(t->scan, b, p->group);
    if (g->tried != t->scan->generation) {
        g->tried = t->scan->generation;
        memset(&g->all, 0, sizeof g->all);
    }
    VEC_PUSH(&g->all, t->scan->scratch) = m;
    return true;
}

static void touch_source(Taker *t, Source source)
{
    Book *b = t->book;
    uint32_t pattern = IMAGE_ID(IMAGE_AT(&b->image, OWNERS, source.owner)->pattern);
    touch_pattern(t->scan, b, pattern);
    source.next = b->patterns[pattern].sources;
    b->patterns[pattern].sources = b->sources.n;
    VEC_PUSH(&b->sources, t->scan->scratch) = source;
}

static void add_source(Taker *t, uint32_t owner, uint32_t from)
{
    Book *b = t->book;
    if (b->owners[owner] == t->scan->generation)
        return;
    b->owners[owner] = t->scan->generation;
    uint32_t pattern = IMAGE_ID(IMAGE_AT(&b->image, OWNERS, owner)->pattern);
    Source source = {owner, from, NOTHING};
    if (IMAGE_AT(&b->image, PATTERNS, pattern)->flags & PATTERN_LATE)
        VEC_PUSH(&b->late, t->scan->scratch) = source;
    else
        touch_source(t, source);
}

static void keep_hit(Taker *t, const Hit *hit, bool in_tag)
{
    Book *b = t->book;
    LiteralState *l = &b->literals[hit->literal];
    uint32_t kept = b->hits.n;
    if (kept == NO_HIT) {
        b->cut_short = true;
        return;
    }
    VEC_PUSH(&b->hits, t->scan->scratch) =
        (KeptHit){.at = hit->at, .next = NO_HIT, .loose = hit->loose, .in_tag = in_tag};
    if (l->generation != t->scan->generation)
        *l = (LiteralState){t->scan->generation, kept, kept};
    else
        b->hits.v[l->last].next = kept & NO_HIT, l->last = kept;
}

static void take_hit(void *user, const Hit *hit)
{
    Taker *t = user;
    const Image *im = &t->book->image;
    const ImageLiteral *literal = IMAGE_AT(im, LITERALS, hit->literal);
    const View *v = &t->scan->view;
    bool keep = false, in_tag = sml_view_in_tag(v, hit->at);
    for (uint32_t i = hit->loose ? literal->n_strict : 0; i < literal->owners.n; i++) {
        const ImageOwner *owner = IMAGE_AT(im, OWNERS, literal->owners.first + i);
        uint32_t back = IMAGE_BACK(owner->pattern), at = hit->at - back;
        if (hit->at < back || !(in_tag || passes(owner, v->norm.text, at, at)))
            continue;
        uint32_t pattern = IMAGE_ID(owner->pattern);
        if (IMAGE_AT(im, PATTERNS, pattern)->flags & PATTERN_EAGER && try_eager(t, pattern, at))
            continue;
        add_source(t, literal->owners.first + i, hit->literal);
        keep = true;
    }
    if (keep)
        keep_hit(t, hit, in_tag);
}

static void take_dependent(Taker *t, uint32_t owner, uint32_t group)
{
    const Matches *anchors = &t->book->groups[group].all;
    if (t->book->groups[group].undecided) {
        touch_source(t, (Source){owner, group | FROM_LIST, NOTHING});
        return;
    }
    for (uint32_t i = 0; i < anchors->n; i++)
        if (anchor_passes(&t->scan->view, IMAGE_AT(&t->book->image, OWNERS, owner),
                          &anchors->v[i])) {
            add_source(t, owner, group | FROM_LIST);
            return;
        }
}

/* Lists in order of number, so that one made of others comes behind them; then what is anchored on them. */
static void take_lists(Taker *t)
{
    Book *b = t->book;
    for (uint32_t i = 0; i < b->n_lists; i++) {
        uint32_t group = b->lists[i];
        if (b->groups[group].touched != t->scan->generation)
            continue;
        find(t->ask, group);
        ImageRange d = IMAGE_AT(&b->image, GROUPS, group)->dependents;
        for (uint32_t j = 0; j < d.n; j++)
            take_dependent(t, d.first + j, group);
    }
}

/* Phrases with lists, once the lists are known. */
static void take_late(Taker *t)
{
    const Book *b = t->book;
    for (uint32_t i = 0; i < b->late.n; i++) {
        Places places = places_of(t->scan, b, &b->late.v[i]);
        uint32_t pattern = IMAGE_ID(places.owner->pattern), at;
        while (next_place(&places, &at))
            if (!try_eager(t, pattern, at)) {
                touch_source(t, b->late.v[i]);
                break;
            }
    }
}

static void touch_everything(Scan *s, Book *b)
{
    for (uint32_t i = 0; i < IMAGE_N(&b->image, PATTERNS); i++)
        touch_pattern(s, b, i);
    for (uint32_t i = 0; i < IMAGE_N(&b->image, GROUPS); i++)
        touch_group(s, b, i);
}

/* ---- a post ---- */

static void begin_book(Scan *s, Book *b)
{
    memset(&b->candidates, 0, sizeof b->candidates);
    memset(&b->hits, 0, sizeof b->hits);
    memset(&b->sources, 0, sizeof b->sources);
    memset(&b->late, 0, sizeof b->late);
    b->cut_short = false;
    for (uint32_t i = 0; i < b->n_always; i++) {
        b->rules[b->always[i]] = s->generation;
        VEC_PUSH(&b->candidates, s->scratch) = b->always[i];
    }
    if (s->options.no_prefilter) {
        touch_everything(s, b);
        return;
    }
    Ask ask = {.scan = s, .book = b};
    Taker taker = {s, b, phrase_run(&ask), &ask};
    sml_prefilter_walk(&b->image, s->view.norm.text, take_hit, &taker);
    for (uint32_t i = 0; i < b->n_detect; i++) {
        unsigned needs = sml_detect_features(IMAGE_AT(&b->image, GROUPS, b->detect[i])->detail);
        if ((s->has & needs) == needs)
            touch_group(s, b, b->detect[i]);
    }
    take_lists(&taker);
    take_late(&taker);
}

/* After 2^32 posts the stamps would begin to repeat: wipe them. */
static void next_generation(Scan *s)
{
    if (++s->generation)
        return;
    s->generation = 1;
    for (uint32_t i = 0; i < s->n_books; i++) {
        Book *b = &s->books[i];
        memset(b->literals, 0, IMAGE_N(&b->image, LITERALS) * sizeof *b->literals);
        memset(b->owners, 0, IMAGE_N(&b->image, OWNERS) * sizeof *b->owners);
        memset(b->groups, 0, IMAGE_N(&b->image, GROUPS) * sizeof *b->groups);
        memset(b->rules, 0, IMAGE_N(&b->image, RULES) * sizeof *b->rules);
        for (uint32_t p = 0; p < IMAGE_N(&b->image, PATTERNS); p++)
            b->patterns[p].generation = 0;
    }
}

void sml_scan_begin(Scan *s, Str text, Arena *scratch)
{
    next_generation(s);
    s->scratch = scratch;
    s->images = 0;
    memset(&s->own, 0, sizeof s->own);
    s->bio = (Str){NULL, 0};
    sml_pattern_begin(s->engine);
    sml_view_make(&s->view, text, FOLD_ALL, scratch);
    s->has = sml_features(text);
    /* The fold brings out digits and signs that were written in disguise. */
    if (s->has & HAS_WIDE)
        s->has |= sml_features(s->view.norm.text) & ~(unsigned)(HAS_CAPITAL | HAS_SHOUT);
    for (uint32_t i = 0; i < s->n_books; i++)
        begin_book(s, &s->books[i]);
}

static int compare_indices(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Most are few, and in order but for the last. */
static void sort_indices(uint32_t *v, uint32_t n)
{
    if (n > SORT_FEW) {
        qsort(v, n, sizeof *v, compare_indices);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        uint32_t moved = v[i], k = i;
        for (; k > 0 && v[k - 1] > moved; k--)
            v[k] = v[k - 1];
        v[k] = moved;
    }
}

void sml_scan_candidates(Candidates *out, Scan *s, uint32_t book)
{
    Book *b = &s->books[book];
    sort_indices(b->candidates.v, b->candidates.n);
    *out = (Candidates){b->candidates.v, b->candidates.n, b->candidates.cap};
}

/* ---- finding the matches of a group ---- */

static bool overlaps(Span a, Span b)
{
    return a.start < b.end && b.start < a.end;
}

static bool any_in(const Matches *m, Span in, Span but)
{
    uint32_t from = in.start > m->longest ? in.start - m->longest : 0;
    for (uint32_t i = sml_phrase_first_match(m, from); i < m->n && m->v[i].start < in.end; i++) {
        Span s = {m->v[i].start, m->v[i].end};
        if (overlaps(s, in) && !overlaps(s, but) && !m->v[i].part_of_tag)
            return true;
    }
    return false;
}

/* A list item's own context: the cue that it needs near, the innocent reading that must not cover it. */
static bool context_holds(Ask *ask, const ImagePattern *p, const Match *m)
{
    Span at = {m->start, m->end};
    if (m->part_of_tag || (p->needs == IMAGE_NONE && p->not_group == IMAGE_NONE))
        return true;
    if (p->not_group != IMAGE_NONE) {
        const Matches *not_these = find(ask, p->not_group);
        if (any_in(not_these, at, (Span){0, 0}))
            return false;
    }
    if (p->needs == IMAGE_NONE)
        return true;
    const Matches *cues = find(ask, p->needs);
    return any_in(cues, sml_view_around(view_of(ask), at, p->needs_words), at);
}

static bool class_allows(const View *v, const ImageGroup *g, uint32_t at)
{
    if (g->in == (1u << 7) - 1)
        return true;
    char first = v->norm.text.p[at];
    uint32_t class = sml_view_class(v, at);
    /* A phrase that spells out a handle or tag means it, whatever the rule says of the rest. */
    if ((first == '@' && (class & IN_MENTION)) || (first == '#' && (class & IN_HASHTAG)))
        return true;
    return (class & g->in) != 0;
}

static void add_match(Ask *ask, const ImageGroup *g, Matches *out, Match m, uint32_t pattern)
{
    const ImagePattern *p = IMAGE_AT(&ask->book->image, PATTERNS, pattern);
    if (m.end <= m.start || !class_allows(view_of(ask), g, m.start) || !context_holds(ask, p, &m))
        return;
    m.pattern = pattern;
    VEC_PUSH(out, ask->scan->scratch) = m;
}

static void try_phrase(Ask *ask, PhraseRun *run, const ImageGroup *g, uint32_t pattern, uint32_t at,
                       Matches *out)
{
    Match m;
    const ImagePattern *p = IMAGE_AT(&ask->book->image, PATTERNS, pattern);
    if (sml_phrase_match(&m, run, p, at))
        add_match(ask, g, out, m, pattern);
}

/* Where no hits guide us (another fold, another text, tests): every character of the text. */
static void find_phrase_anywhere(Ask *ask, PhraseRun *run, const ImageGroup *g, uint32_t pattern,
                                 Matches *out)
{
    Str text = view_of(ask)->norm.text;
    uint32_t forward = IMAGE_AT(&ask->book->image, PATTERNS, pattern)->forward;
    bool everywhere = ask->scan->options.no_prefilter;
    uint8_t begins[256];
    sml_phrase_first(begins, &ask->book->image, forward);
    for (uint32_t at = 0; at < text.len && run->steps; at++)
        if (((unsigned char)text.p[at] & 0xC0) != 0x80 &&
            (everywhere || begins[(unsigned char)text.p[at]]))
            try_phrase(ask, run, g, pattern, at, out);
}

static uint32_t first_source(const Ask *ask, uint32_t pattern)
{
    const PatternState *p = &ask->book->patterns[pattern];
    return p->generation == ask->scan->generation ? p->sources : NOTHING;
}

static void find_phrase(Ask *ask, PhraseRun *run, const ImageGroup *g, uint32_t pattern,
                        Matches *out)
{
    Book *b = ask->book;
    if (ask->other || ask->scan->options.no_prefilter) {
        find_phrase_anywhere(ask, run, g, pattern, out);
        return;
    }
    for (uint32_t i = first_source(ask, pattern), at; i != NOTHING; i = b->sources.v[i].next) {
        if (b->sources.v[i].from & FROM_LIST)
            find(ask, b->sources.v[i].from & ~FROM_LIST); /* it may be undecided */
        Places places = places_of(ask->scan, b, &b->sources.v[i]);
        while (run->steps && next_place(&places, &at))
            try_phrase(ask, run, g, pattern, at, out);
    }
}

static Pattern *compiled(Ask *ask, uint32_t pattern)
{
    PatternState *state = &ask->book->patterns[pattern];
    if (!state->compiled) {
        const ImagePattern *p = IMAGE_AT(&ask->book->image, PATTERNS, pattern);
        sml_error err;
        state->compiled =
            sml_pattern_new(ask->scan->engine, sml_image_str(&ask->book->image, p->source),
                            (p->flags & PATTERN_CASELESS) != 0, &err);
        if (state->compiled) {
            state->next_compiled = ask->book->compiled;
            ask->book->compiled = pattern;
        }
    }
    return state->compiled;
}

static uint32_t behind(Str text, uint32_t at)
{
    size_t next = at;
    if (at < text.len)
        sml_utf8_next(text, &next);
    return (uint32_t)next;
}

/* All matches that start in [from, last]; returns where the next may start: never again where one was looked for,
 * or a pattern with a long lead would go over the same text for every hit. */
static uint32_t find_regex_between(Ask *ask, const ImageGroup *g, uint32_t pattern, uint32_t from,
                                   uint32_t last, Matches *out)
{
    Str text = view_of(ask)->norm.text;
    Pattern *p = compiled(ask, pattern);
    while (p && from <= last) {
        Span parts[PATTERN_GROUPS];
        Found found = sml_pattern_find(ask->scan->engine, p, text, from, last, parts);
        if (found == FOUND_LIMIT)
            ask->undecided = true;
        if (found != FOUND)
            return behind(text, last);
        add_match(ask, g, out, (Match){parts[0].start, parts[0].end, pattern, 0}, pattern);
        from = parts[0].end;
        /* A match of nothing would be found again and again. */
        if (parts[0].end == parts[0].start) {
            if (from >= text.len)
                return from;
            from = behind(text, from);
        }
    }
    if (!p)
        ask->undecided = true;
    return from;
}

static void find_regex_near_hits(Ask *ask, const ImageGroup *g, uint32_t pattern, Matches *out)
{
    Book *b = ask->book;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    VEC(uint32_t) places = {0};
    for (uint32_t i = first_source(ask, pattern), at; i != NOTHING; i = b->sources.v[i].next) {
        Places hits = places_of(ask->scan, b, &b->sources.v[i]);
        while (next_place(&hits, &at))
            VEC_PUSH(&places, ask->scan->scratch) = at;
    }
    sort_indices(places.v, places.n);
    Str text = view_of(ask)->norm.text;
    uint32_t from = 0;
    for (uint32_t i = 0; i < places.n && !ask->undecided; i++) {
        uint32_t at = places.v[i], start = p->lead < at ? at - p->lead : 0;
        start = (uint32_t)sml_utf8_floor(text, start);
        if (start > from)
            from = start;
        if (from <= at)
            from = find_regex_between(ask, g, pattern, from, at, out);
    }
}

static void find_regex(Ask *ask, const ImageGroup *g, uint32_t pattern, Matches *out)
{
    const ImagePattern *p = IMAGE_AT(&ask->book->image, PATTERNS, pattern);
    if (ask->other || ask->scan->options.no_prefilter || (p->flags & PATTERN_SLOW))
        find_regex_between(ask, g, pattern, 0, (uint32_t)view_of(ask)->norm.text.len, out);
    else
        find_regex_near_hits(ask, g, pattern, out);
}

static void find_pattern(Ask *ask, const ImageGroup *g, uint32_t pattern, Matches *out)
{
    if (IMAGE_AT(&ask->book->image, PATTERNS, pattern)->kind == PATTERN_REGEX) {
        find_regex(ask, g, pattern, out);
        return;
    }
    PhraseRun run = phrase_run(ask);
    find_phrase(ask, &run, g, pattern, out);
    if (run.steps == 0)
        ask->undecided = true;
}

/* The kind of tokens that a group counts; TOKEN_KINDS if it counts other things. */
static uint32_t token_kind(const ImageGroup *g)
{
    static const uint8_t kinds[] = {
        [COUNT_URL] = TOKEN_URL,         [COUNT_MENTION] = TOKEN_MENTION,
        [COUNT_HASHTAG] = TOKEN_HASHTAG, [COUNT_EMOJI] = TOKEN_EMOJI,
        [COUNT_IMAGE] = TOKEN_KINDS,     [COUNT_NUMBER] = TOKEN_NUMBER,
        [COUNT_WORD] = TOKEN_WORD};
    return g->detail < sizeof kinds ? kinds[g->detail] : TOKEN_KINDS;
}

static void find_tokens(Ask *ask, const ImageGroup *g, Matches *out)
{
    const Tokens *t = sml_view_tokens(view_of(ask));
    uint32_t kind = token_kind(g);
    for (uint32_t i = 0; kind < TOKEN_KINDS && i < t->n; i++)
        if (t->v[i].kind == kind)
            VEC_PUSH(out, ask->scan->scratch) = (Match){t->v[i].start, t->v[i].end, IMAGE_NONE, 0};
    /* Images have no place in the words: each is a match of nothing at the front. */
    for (uint32_t i = 0; g->detail == COUNT_IMAGE && i < ask->scan->images; i++)
        VEC_PUSH(out, ask->scan->scratch) = (Match){0, 0, IMAGE_NONE, 0};
}

static void find_detected(Ask *ask, const ImageGroup *g, Matches *out)
{
    const View *v = view_of(ask);
    unsigned needs = sml_detect_features(g->detail);
    if (!ask->other && (ask->scan->has & needs) != needs)
        return;
    Detection d = {.original = v->original,
                   .norm = &v->norm,
                   .tokens = sml_view_tokens(v),
                   .has = ask->other ? ~0U : ask->scan->has};
    Spans spans = {0};
    sml_detect_run(&spans, g->detail, &d, ask->scan->scratch);
    for (uint32_t i = 0; i < spans.n; i++)
        if (class_allows(v, g, spans.v[i].start))
            VEC_PUSH(out, ask->scan->scratch) =
                (Match){spans.v[i].start, spans.v[i].end, IMAGE_NONE, 0};
}

static int compare_matches(const void *a, const void *b)
{
    const Match *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    if (x->part_of_tag != y->part_of_tag)
        return x->part_of_tag < y->part_of_tag ? -1 : 1;
    return (x->pattern > y->pattern) - (x->pattern < y->pattern);
}

static void order_matches(Match *v, uint32_t n)
{
    if (n > SORT_FEW) {
        qsort(v, n, sizeof *v, compare_matches);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        Match moved = v[i];
        uint32_t k = i;
        for (; k > 0 && compare_matches(&v[k - 1], &moved) > 0; k--)
            v[k] = v[k - 1];
        v[k] = moved;
    }
}

static void sort_matches(Matches *m)
{
    order_matches(m->v, m->n);
    uint32_t kept = 0;
    m->longest = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        if (kept && m->v[i].start == m->v[kept - 1].start && m->v[i].end == m->v[kept - 1].end)
            continue;
        uint32_t len = m->v[i].end - m->v[i].start;
        m->longest = len > m->longest ? len : m->longest;
        m->v[kept++] = m->v[i];
    }
    m->n = kept;
}

/* What rules see: all matches, but for parts of hashtags. */
static void find_whole(GroupState *g, Arena *a)
{
    uint32_t parts = 0;
    for (uint32_t i = 0; i < g->all.n; i++)
        parts += g->all.v[i].part_of_tag;
    g->whole = g->all;
    if (parts == 0)
        return;
    g->whole = (Matches){.longest = g->all.longest};
    for (uint32_t i = 0; i < g->all.n; i++)
        if (!g->all.v[i].part_of_tag)
            VEC_PUSH(&g->whole, a) = g->all.v[i];
}

static void find_touched(Ask *ask, uint32_t group, Matches *out)
{
    const ImageGroup *g = IMAGE_AT(&ask->book->image, GROUPS, group);
    const GroupState *state = &ask->book->groups[group];
    if (state->touched == ask->scan->generation)
        for (uint32_t p = state->first; p != NOTHING; p = ask->book->patterns[p].next)
            find_pattern(ask, g, p, out);
    for (uint32_t i = 0; g->detail == GROUP_SLOW && i < g->patterns.n; i++)
        if (IMAGE_AT(&ask->book->image, PATTERNS, g->patterns.first + i)->flags & PATTERN_SLOW)
            find_pattern(ask, g, g->patterns.first + i, out);
}

static void find_all(Ask *ask, uint32_t group, bool every_pattern, Matches *out)
{
    const ImageGroup *g = IMAGE_AT(&ask->book->image, GROUPS, group);
    if (g->kind == GROUP_TOKEN) {
        find_tokens(ask, g, out);
        return;
    }
    if (g->kind == GROUP_DETECT) {
        find_detected(ask, g, out);
        return;
    }
    for (uint32_t i = 0; every_pattern && i < g->patterns.n; i++)
        find_pattern(ask, g, g->patterns.first + i, out);
    if (every_pattern)
        return;
    find_touched(ask, group, out);
}

static const Matches *find_other(Ask *ask, uint32_t group)
{
    Other *o = ask->other;
    for (uint32_t i = 0; i < o->groups.n; i++)
        if (o->groups.v[i].group == group)
            return o->groups.v[i].found;
    Matches *found = ARENA_NEW(ask->scan->scratch, Matches);
    find_all(ask, group, true, found);
    sort_matches(found);
    struct OtherGroup *slot = &VEC_PUSH(&o->groups, ask->scan->scratch);
    slot->group = group;
    slot->found = found;
    return found;
}

/* The post folded so, made once. */
static const View *own_view(Scan *s, unsigned folds)
{
    for (uint32_t i = 0; i < s->own.n; i++)
        if (s->own.v[i]->folds == folds)
            return s->own.v[i];
    View *view = ARENA_NEW(s->scratch, View);
    sml_view_make(view, s->view.original, folds, s->scratch);
    VEC_PUSH(&s->own, s->scratch) = view;
    return view;
}

/* Finds a group that folds less than the rest, in a view of its own, and says where that is in the main one. */
static void find_in_own_fold(Ask *ask, const ImageGroup *g, uint32_t group, Matches *out)
{
    Scan *s = ask->scan;
    const View *view = own_view(s, g->folds);
    Other other = {.view = view};
    Ask own = {.scan = s, .book = ask->book, .other = &other};
    Matches found = {0};
    if (s->options.no_prefilter)
        find_all(&own, group, true, &found);
    else
        find_touched(&own, group, &found);
    ask->undecided |= own.undecided;
    for (uint32_t i = 0; i < found.n; i++) {
        Span written = sml_norm_span(&view->norm, found.v[i].start, found.v[i].end);
        Match m = found.v[i];
        m.start = sml_norm_from_original(&s->view.norm, written.start);
        m.end = sml_norm_from_original(&s->view.norm, written.end);
        if (m.end > m.start)
            VEC_PUSH(out, s->scratch) = m;
    }
}

/* Nothing that its patterns could be found by is in the post. */
static bool untouched(const Scan *s, const Book *b, uint32_t group)
{
    const ImageGroup *g = IMAGE_AT(&b->image, GROUPS, group);
    return !s->options.no_prefilter && g->kind == GROUP_PATTERNS && g->patterns.n &&
           b->groups[group].touched != s->generation;
}

static const Matches *find(Ask *ask, uint32_t group)
{
    if (ask->other)
        return find_other(ask, group);
    GroupState *g = &ask->book->groups[group];
    if (g->done == ask->scan->generation) {
        ask->undecided |= g->undecided;
        return &g->all;
    }
    g->done = ask->scan->generation;
    memset(&g->whole, 0, sizeof g->whole);
    const ImageGroup *record = IMAGE_AT(&ask->book->image, GROUPS, group);
    Ask own = {.scan = ask->scan, .book = ask->book};
    Matches tried = {0};
    if (g->tried == ask->scan->generation)
        tried = g->all;
    memset(&g->all, 0, sizeof g->all);
    for (uint32_t i = 0; i < tried.n; i++)
        add_match(&own, record, &g->all, tried.v[i], tried.v[i].pattern);
    bool gated = untouched(ask->scan, ask->book, group);
    if (record->folds != FOLD_ALL && record->kind == GROUP_PATTERNS && !gated)
        find_in_own_fold(&own, record, group, &g->all);
    else
        find_all(&own, group, ask->scan->options.no_prefilter, &g->all);
    sort_matches(&g->all);
    find_whole(g, ask->scan->scratch);
    g->undecided = own.undecided || (ask->book->cut_short && record->kind == GROUP_PATTERNS);
    ask->undecided |= g->undecided;
    return &g->all;
}

const Matches *sml_scan_matches(Scan *s, uint32_t book, uint32_t group)
{
    Ask ask = {.scan = s, .book = &s->books[book]};
    find(&ask, group);
    return &s->books[book].groups[group].whole;
}

Chance sml_scan_chance(const Scan *s, uint32_t book, uint32_t group)
{
    const Book *b = &s->books[book];
    const ImageGroup *g = IMAGE_AT(&b->image, GROUPS, group);
    unsigned needs = g->kind == GROUP_DETECT ? sml_detect_features(g->detail) : 0;
    bool slow = g->kind == GROUP_PATTERNS && g->detail == GROUP_SLOW;
    if ((!slow && untouched(s, b, group)) || (s->has & needs) != needs)
        return CHANCE_NONE;
    bool regex = g->kind == GROUP_PATTERNS && g->patterns.n &&
                 IMAGE_AT(&b->image, PATTERNS, g->patterns.first)->kind == PATTERN_REGEX;
    return regex || slow ? CHANCE_DEAR : CHANCE_CHEAP;
}

uint32_t sml_scan_most(Scan *s, uint32_t book, uint32_t group)
{
    const ImageGroup *g = IMAGE_AT(&s->books[book].image, GROUPS, group);
    if (g->kind != GROUP_TOKEN || token_kind(g) == TOKEN_KINDS)
        return UINT32_MAX;
    return sml_view_tokens(&s->view)->count[token_kind(g)];
}

bool sml_scan_undecided(const Scan *s, uint32_t book, uint32_t group)
{
    const GroupState *g = &s->books[book].groups[group];
    return g->done == s->generation && g->undecided;
}

static ThreadAnswer count_elsewhere(Scan *s, uint32_t book, uint32_t group, Str text)
{
    View *view = ARENA_NEW(s->scratch, View);
    sml_view_make(view, text, FOLD_ALL, s->scratch);
    Other other = {.view = view};
    Ask ask = {.scan = s, .book = &s->books[book], .other = &other};
    const Matches *found = find_other(&ask, group);
    ThreadAnswer answer = {.book = book, .group = group, .undecided = ask.undecided};
    for (uint32_t i = 0; i < found->n; i++)
        answer.count += !found->v[i].part_of_tag;
    return answer;
}

bool sml_scan_elsewhere(Scan *s, uint32_t book, uint32_t group, Str text, bool *undecided)
{
    ThreadAnswer answer = count_elsewhere(s, book, group, text);
    *undecided |= answer.undecided;
    return answer.count > 0;
}

static ThreadAnswer ask_thread(Scan *s, uint32_t book, uint32_t group)
{
    Thread *t = s->thread;
    for (uint32_t i = 0; i < t->answers.n; i++)
        if (t->answers.v[i].book == book && t->answers.v[i].group == group)
            return t->answers.v[i];
    ThreadAnswer all = {.book = book, .group = group};
    for (uint32_t i = 0; i < t->posts.n; i++) {
        ThreadAnswer one = count_elsewhere(s, book, group, t->posts.v[i]);
        all.count += one.count;
        all.undecided |= one.undecided;
    }
    VEC_PUSH(&t->answers, t->arena) = all;
    return all;
}

uint32_t sml_scan_in_thread(Scan *s, uint32_t book, uint32_t group, bool *undecided)
{
    ThreadAnswer answer = ask_thread(s, book, group);
    *undecided |= answer.undecided;
    return answer.count;
}

const Pattern *sml_scan_parts(Scan *s, uint32_t book, const Match *m, Span groups[PATTERN_GROUPS])
{
    Book *b = &s->books[book];
    if (m->pattern == IMAGE_NONE ||
        IMAGE_AT(&b->image, PATTERNS, m->pattern)->kind != PATTERN_REGEX)
        return NULL;
    Pattern *p = b->patterns[m->pattern].compiled;
    if (!p ||
        sml_pattern_find(s->engine, p, s->view.norm.text, m->start, m->start, groups) != FOUND)
        return NULL;
    return p;
}
