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

/* Bytes of text whose hits are taken up together, so that they are still at hand. */
#define WINDOW (UINT32_C(256) << 10)

/* An occurrence of a literal. */
typedef struct KeptHit {
    uint32_t at;
    uint32_t next : 30; /* of the same literal and window, or NO_HIT */
    uint32_t loose : 1; /* see Hit */
    uint32_t in_tag : 1;
} KeptHit;
#define NO_HIT UINT32_C(0x3FFFFFFF)

/* The hits of a literal in the window at hand. */
typedef struct LiteralState {
    uint32_t window, first, last;
} LiteralState;

/* Where a pattern may match: at a literal's hits in one window, or at the matches of a list. */
typedef struct Source {
    uint32_t owner; /* index in OWNERS */
    uint32_t from;  /* index of the literal, or FROM_LIST and that of the list's group */
    uint32_t hit;   /* the literal's first */
    uint32_t next;  /* of the same group of patterns, or NOTHING */
} Source;
#define FROM_LIST UINT32_C(0x80000000)

/* Sources, each with the pattern whose it is. */
typedef struct PatternSource {
    uint32_t pattern, source;
} PatternSource;
typedef VEC(PatternSource) Where;

/* What was found of a group. */
typedef struct GroupState {
    bool done, undecided;
    Matches all; /* those inside a hashtag included; until it is done, what eager patterns found */
    Matches whole; /* without them */
} GroupState;

/* Of thousands of groups, a post touches dozens and decides a few. */
typedef struct GroupSlot {
    uint32_t generation; /* in which it was touched, or asked about */
    uint32_t first;      /* source, or NOTHING, or UNTOUCHED */
    GroupState *state;   /* NULL: nothing found, and nobody asked */
} GroupSlot;
#define UNTOUCHED (NOTHING - 1)

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
#define BITS_N(n) (((n) + 63) / 64)

struct Book {
    Image image;
    char *block; /* holds all these arrays */
    LiteralState *literals;
    GroupSlot *groups;
    Detectors *detect;
    Bits *always;     /* rules that are candidates on every post */
    Bits *candidates; /* in this one */
    Bits *lists;      /* touched groups that other patterns are anchored on */
    uint32_t n_detect;
    Compiled *compiled; /* by pattern */
    uint32_t n_compiled, room_compiled;
    VEC(KeptHit) hits;
    VEC(uint32_t) seen; /* literals hit in the window at hand */
    VEC(Source) sources;
    VEC(Source) late; /* of patterns that wait for lists */
    bool cut_short;   /* more hits than can be kept: no group of patterns is decided */
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

static const Matches NO_MATCHES;

static const Matches *find(Ask *ask, uint32_t group);

/* ---- setting up ---- */

static void *place_array(char *block, size_t *end, size_t n, size_t size)
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
    b->groups = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->groups);
    b->detect = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->detect);
    b->always = place_array(block, &end, BITS_N(IMAGE_N(im, RULES)), sizeof *b->always);
    b->candidates = place_array(block, &end, BITS_N(IMAGE_N(im, RULES)), sizeof *b->candidates);
    b->lists = place_array(block, &end, BITS_N(IMAGE_N(im, GROUPS)), sizeof *b->lists);
    return end;
}

static uint32_t lowest_bit(Bits bits)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctzll(bits);
#else
    uint32_t i = 0;
    for (; !(bits & 1); bits >>= 1)
        i++;
    return i;
#endif
}

static void set_bit(Bits *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << i % 64;
}

static void open_book(Book *b, Image image)
{
    *b = (Book){.image = image};
    const Image *im = &b->image;
    b->block = sml_mem_zeroed_now(lay_out(b, NULL), 1);
    lay_out(b, b->block);
    for (uint32_t i = 0; i < IMAGE_N(im, GROUPS); i++) {
        const ImageGroup *g = IMAGE_AT(im, GROUPS, i);
        if (g->kind == GROUP_DETECT && g->rules.n)
            b->detect[b->n_detect++] = (Detectors){i, sml_detect_features(g->detail)};
    }
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
        if (IMAGE_AT(im, RULES, i)->flags & RULE_ALWAYS)
            set_bit(b->always, i);
}

static void close_book(Book *b, Engine *engine)
{
    for (uint32_t i = 0; i < b->n_compiled; i++)
        sml_pattern_free(engine, b->compiled[i].regex);
    sml_mem_free(b->compiled);
    sml_mem_free(b->block);
}

Scan *sml_scan_new(const Image *images, uint32_t n, ScanOptions options)
{
    Scan *s = sml_mem_zeroed(1, sizeof *s);
    s->options = options;
    s->engine = sml_pattern_engine(!options.no_jit);
    s->window = 1;
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

static GroupSlot *slot_of(const Scan *s, const Book *b, uint32_t group)
{
    GroupSlot *slot = &b->groups[group];
    if (slot->generation != s->generation)
        *slot = (GroupSlot){s->generation, UNTOUCHED, NULL};
    return slot;
}

static bool is_touched(const Scan *s, const Book *b, uint32_t group)
{
    const GroupSlot *slot = &b->groups[group];
    return slot->generation == s->generation && slot->first != UNTOUCHED;
}

/* NULL where nothing was found and nobody asked. */
static GroupState *state_of(const Scan *s, const Book *b, uint32_t group)
{
    const GroupSlot *slot = &b->groups[group];
    return slot->generation == s->generation ? slot->state : NULL;
}

static GroupState *make_state(Scan *s, Book *b, uint32_t group)
{
    GroupSlot *slot = slot_of(s, b, group);
    if (!slot->state)
        slot->state = ARENA_NEW(s->scratch, GroupState);
    return slot->state;
}

static GroupSlot *touch_group(Scan *s, Book *b, uint32_t group)
{
    GroupSlot *slot = slot_of(s, b, group);
    if (slot->first != UNTOUCHED)
        return slot;
    slot->first = NOTHING;
    const ImageGroup *record = IMAGE_AT(&b->image, GROUPS, group);
    for (uint32_t i = 0; i < record->rules.n; i++)
        set_bit(b->candidates, *IMAGE_AT(&b->image, ANCHORS, record->rules.first + i));
    if (record->dependents.n)
        set_bit(b->lists, group);
    return slot;
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
        const GroupState *list = state_of(s, b, source->from & ~FROM_LIST);
        p.anchors = list ? &list->all : &NO_MATCHES;
        return p;
    }
    const ImageLiteral *literal = IMAGE_AT(&b->image, LITERALS, source->from);
    p.strict = source->owner - literal->owners.first < literal->n_strict;
    p.next = source->hit;
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

/* Where the pattern's anchor would begin if it stood around this hit; false if it does not. */
static inline bool hit_passes(const ImageOwner *owner, bool strict, const View *v,
                              const KeptHit *hit, uint32_t *at)
{
    uint32_t back = IMAGE_BACK(owner->pattern);
    *at = hit->at - back;
    return hit->at >= back && !(strict && hit->loose) &&
           (passes(owner, v->norm.text, *at, *at) || hit->in_tag);
}

/* False behind the last; `*at` is where the pattern's anchor would begin. */
static bool next_place(Places *p, uint32_t *at)
{
    if (p->anchors)
        return next_anchor(p, at);
    while (p->next != NO_HIT) {
        const KeptHit *hit = &p->book->hits.v[p->next];
        p->next = hit->next;
        if (hit_passes(p->owner, p->strict, p->view, hit, at))
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
    uint32_t window_end;
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
    touch_group(t->scan, b, p->group);
    VEC_PUSH(&make_state(t->scan, b, p->group)->all, t->scan->scratch) = m;
    return true;
}

static void touch_source(Taker *t, Source source, const ImagePattern *p)
{
    Book *b = t->book;
    GroupSlot *g = touch_group(t->scan, b, p->group);
    source.next = g->first;
    g->first = b->sources.n;
    VEC_PUSH(&b->sources, t->scan->scratch) = source;
}

/* A pattern may match at `at`. False once the rest of the source need not be looked at: it is kept. */
static bool take_place(Taker *t, const Source *source, uint32_t pattern, uint32_t at)
{
    const ImagePattern *p = IMAGE_AT(&t->book->image, PATTERNS, pattern);
    if (p->flags & PATTERN_EAGER && try_eager(t, pattern, at))
        return true;
    if (p->flags & PATTERN_LATE)
        VEC_PUSH(&t->book->late, t->scan->scratch) = *source;
    else
        touch_source(t, *source, p);
    return false;
}

/* All that the literal may belong to, at each of its hits in the window. */
static void take_literal(Taker *t, uint32_t id)
{
    const Book *b = t->book;
    const ImageLiteral *literal = IMAGE_AT(&b->image, LITERALS, id);
    const ImageOwner *owner = IMAGE_AT(&b->image, OWNERS, literal->owners.first);
    const KeptHit *hits = b->hits.v;
    const View *v = &t->scan->view;
    uint32_t first = b->literals[id].first;
    for (uint32_t i = 0, at; i < literal->owners.n; i++, owner++)
        for (uint32_t h = first; h != NO_HIT; h = hits[h].next) {
            Source source = {literal->owners.first + i, id, h, NOTHING};
            if (hit_passes(owner, i < literal->n_strict, v, &hits[h], &at) &&
                !take_place(t, &source, IMAGE_ID(owner->pattern), at))
                break;
        }
}

/* As with generations, see below. */
static void next_window(Scan *s)
{
    if (++s->window)
        return;
    s->window = 1;
    for (uint32_t i = 0; i < s->n_books; i++) {
        Book *b = &s->books[i];
        memset(b->literals, 0, IMAGE_N(&b->image, LITERALS) * sizeof *b->literals);
    }
}

static void take_window(Taker *t)
{
    Book *b = t->book;
    for (uint32_t i = 0; i < b->seen.n; i++)
        take_literal(t, b->seen.v[i]);
    b->seen.n = 0;
    next_window(t->scan);
}

static void take_hit(void *user, const Hit *hit)
{
    Taker *t = user;
    Book *b = t->book;
    Arena *a = t->scan->scratch;
    if (hit->at >= t->window_end) {
        take_window(t);
        t->window_end = hit->at + WINDOW;
    }
    LiteralState *l = &b->literals[hit->literal];
    uint32_t kept = b->hits.n;
    if (kept == NO_HIT) {
        b->cut_short = true;
        return;
    }
    VEC_PUSH(&b->hits, a) = (KeptHit){.at = hit->at,
                                      .next = NO_HIT,
                                      .loose = hit->loose,
                                      .in_tag = sml_view_in_tag(&t->scan->view, hit->at)};
    if (l->window == t->scan->window) {
        b->hits.v[l->last].next = kept & NO_HIT;
        l->last = kept;
        return;
    }
    *l = (LiteralState){t->scan->window, kept, kept};
    VEC_PUSH(&b->seen, a) = hit->literal;
}

static void take_dependents(Taker *t, uint32_t group)
{
    Book *b = t->book;
    ImageRange d = IMAGE_AT(&b->image, GROUPS, group)->dependents;
    bool undecided = state_of(t->scan, b, group)->undecided;
    for (uint32_t i = 0, at; i < d.n; i++) {
        Source source = {d.first + i, group | FROM_LIST, NO_HIT, NOTHING};
        Places places = places_of(t->scan, b, &source);
        uint32_t pattern = IMAGE_ID(places.owner->pattern);
        if (undecided)
            touch_source(t, source, IMAGE_AT(&b->image, PATTERNS, pattern));
        else
            while (next_place(&places, &at) && take_place(t, &source, pattern, at))
                ;
    }
}

/* Lists in order of number, so that one made of others comes behind them; then what is anchored on them. */
static void take_lists(Taker *t)
{
    Book *b = t->book;
    uint32_t n = BITS_N(IMAGE_N(&b->image, GROUPS));
    for (uint32_t i = 0; i < n; i++)
        while (b->lists[i]) {
            uint32_t group = i * 64 + lowest_bit(b->lists[i]);
            b->lists[i] &= b->lists[i] - 1;
            find(t->ask, group);
            take_dependents(t, group);
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
                touch_source(t, b->late.v[i], IMAGE_AT(&b->image, PATTERNS, pattern));
                break;
            }
    }
}

/* ---- a post ---- */

static void touch_everything(Scan *s, Book *b)
{
    for (uint32_t i = 0; i < IMAGE_N(&b->image, GROUPS); i++)
        touch_group(s, b, i);
}

static void touch_detectors(Scan *s, Book *b)
{
    for (uint32_t i = 0; i < b->n_detect; i++)
        if ((s->has & b->detect[i].needs) == b->detect[i].needs)
            touch_group(s, b, b->detect[i].group);
}

static void begin_book(Scan *s, Book *b)
{
    const Image *im = &b->image;
    memset(&b->hits, 0, sizeof b->hits);
    memset(&b->seen, 0, sizeof b->seen);
    memset(&b->sources, 0, sizeof b->sources);
    memset(&b->late, 0, sizeof b->late);
    memcpy(b->candidates, b->always, BITS_N(IMAGE_N(im, RULES)) * sizeof *b->candidates);
    memset(b->lists, 0, BITS_N(IMAGE_N(im, GROUPS)) * sizeof *b->lists);
    b->cut_short = false;
    if (s->options.no_prefilter) {
        touch_everything(s, b);
        return;
    }
    Ask ask = {.scan = s, .book = b};
    Taker taker = {s, b, phrase_run(&ask), &ask, WINDOW};
    sml_prefilter_walk(im, s->view.norm.text, take_hit, &taker);
    take_window(&taker);
    touch_detectors(s, b);
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
        memset(b->groups, 0, IMAGE_N(&b->image, GROUPS) * sizeof *b->groups);
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

static int compare_sources(const void *a, const void *b)
{
    const PatternSource *x = a, *y = b;
    if (x->pattern != y->pattern)
        return x->pattern < y->pattern ? -1 : 1;
    return (x->source > y->source) - (x->source < y->source);
}

static void sort_sources(PatternSource *v, uint32_t n)
{
    if (n > SORT_FEW) {
        qsort(v, n, sizeof *v, compare_sources);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        PatternSource moved = v[i];
        uint32_t k = i;
        for (; k > 0 && compare_sources(&v[k - 1], &moved) > 0; k--)
            v[k] = v[k - 1];
        v[k] = moved;
    }
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
    const Book *b = &s->books[book];
    uint32_t n = BITS_N(IMAGE_N(&b->image, RULES));
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < n; i++)
        for (Bits left = b->candidates[i]; left; left &= left - 1)
            VEC_PUSH(out, s->scratch) = i * 64 + lowest_bit(left);
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

/* At the places that sources [from, end) of the pattern tell. */
static void find_phrase(Ask *ask, PhraseRun *run, const ImageGroup *g, uint32_t pattern,
                        const Where *where, Matches *out)
{
    if (!where) {
        find_phrase_anywhere(ask, run, g, pattern, out);
        return;
    }
    for (uint32_t i = 0, at; i < where->n; i++) {
        const Source *source = &ask->book->sources.v[where->v[i].source];
        if (source->from & FROM_LIST)
            find(ask, source->from & ~FROM_LIST); /* it may be undecided */
        Places places = places_of(ask->scan, ask->book, source);
        while (run->steps && next_place(&places, &at))
            try_phrase(ask, run, g, pattern, at, out);
    }
}

static Pattern *compile(Ask *ask, uint32_t pattern)
{
    const ImagePattern *p = IMAGE_AT(&ask->book->image, PATTERNS, pattern);
    sml_error err;
    return sml_pattern_new(ask->scan->engine, sml_image_str(&ask->book->image, p->source),
                           (p->flags & PATTERN_CASELESS) != 0, &err);
}

/* Index of the first compiled pattern that is no lower. */
static uint32_t compiled_at(const Book *b, uint32_t pattern)
{
    uint32_t low = 0, high = b->n_compiled;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (b->compiled[mid].pattern < pattern)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void keep_compiled(Book *b, uint32_t i, Compiled one)
{
    if (b->n_compiled == b->room_compiled) {
        b->room_compiled = b->room_compiled ? b->room_compiled * 2 : 16;
        b->compiled =
            sml_mem_resize(b->compiled, sml_mem_times(b->room_compiled, sizeof *b->compiled));
    }
    memmove(&b->compiled[i + 1], &b->compiled[i], (b->n_compiled - i) * sizeof one);
    b->compiled[i] = one;
    b->n_compiled++;
}

/* NULL where PCRE2 would not have it. */
static Pattern *compiled(Ask *ask, uint32_t pattern)
{
    Book *b = ask->book;
    uint32_t i = compiled_at(b, pattern);
    if (i < b->n_compiled && b->compiled[i].pattern == pattern)
        return b->compiled[i].regex;
    Pattern *regex = compile(ask, pattern);
    if (regex)
        keep_compiled(b, i, (Compiled){pattern, regex});
    return regex;
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

static void find_regex_near(Ask *ask, const ImageGroup *g, uint32_t pattern, const Where *where,
                            Matches *out)
{
    Book *b = ask->book;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    VEC(uint32_t) places = {0};
    for (uint32_t i = 0, at; i < where->n; i++) {
        Places hits = places_of(ask->scan, b, &b->sources.v[where->v[i].source]);
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

/* Everywhere where `where` is NULL. */
static void find_pattern(Ask *ask, const ImageGroup *g, uint32_t pattern, const Where *where,
                         Matches *out)
{
    if (IMAGE_AT(&ask->book->image, PATTERNS, pattern)->kind == PATTERN_REGEX) {
        uint32_t end = (uint32_t)view_of(ask)->norm.text.len;
        if (where)
            find_regex_near(ask, g, pattern, where, out);
        else
            find_regex_between(ask, g, pattern, 0, end, out);
        return;
    }
    PhraseRun run = phrase_run(ask);
    find_phrase(ask, &run, g, pattern, where, out);
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

/* The group's sources, pattern by pattern. */
static Where sources_of(Ask *ask, uint32_t group)
{
    const Book *b = ask->book;
    Where all = {0};
    uint32_t first = is_touched(ask->scan, b, group) ? b->groups[group].first : NOTHING;
    for (uint32_t i = first; i != NOTHING; i = b->sources.v[i].next) {
        const Source *source = &b->sources.v[i];
        uint32_t pattern = IMAGE_ID(IMAGE_AT(&b->image, OWNERS, source->owner)->pattern);
        VEC_PUSH(&all, ask->scan->scratch) = (PatternSource){pattern, i};
    }
    sort_sources(all.v, all.n);
    return all;
}

static void find_touched(Ask *ask, uint32_t group, Matches *out)
{
    const ImageGroup *g = IMAGE_AT(&ask->book->image, GROUPS, group);
    Where all = sources_of(ask, group);
    for (uint32_t i = 0, end; i < all.n; i = end) {
        for (end = i + 1; end < all.n && all.v[end].pattern == all.v[i].pattern;)
            end++;
        Where one = {all.v + i, end - i, end - i};
        find_pattern(ask, g, all.v[i].pattern, ask->other ? NULL : &one, out);
    }
    for (uint32_t i = 0; g->detail == GROUP_SLOW && i < g->patterns.n; i++)
        if (IMAGE_AT(&ask->book->image, PATTERNS, g->patterns.first + i)->flags & PATTERN_SLOW)
            find_pattern(ask, g, g->patterns.first + i, NULL, out);
}

static void find_all(Ask *ask, uint32_t group, bool every_pattern, Matches *out)
{
    const ImageGroup *g = IMAGE_AT(&ask->book->image, GROUPS, group);
    if (g->kind == GROUP_TOKEN)
        find_tokens(ask, g, out);
    else if (g->kind == GROUP_DETECT)
        find_detected(ask, g, out);
    else if (!every_pattern)
        find_touched(ask, group, out);
    else
        for (uint32_t i = 0; i < g->patterns.n; i++)
            find_pattern(ask, g, g->patterns.first + i, NULL, out);
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
           !is_touched(s, b, group);
}

/* The first time that somebody asks. */
static void decide(Ask *ask, uint32_t group, GroupState *g)
{
    const ImageGroup *record = IMAGE_AT(&ask->book->image, GROUPS, group);
    Ask own = {.scan = ask->scan, .book = ask->book};
    Matches tried = g->all;
    g->done = true;
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
}

/* Most groups that are asked about have nothing in most posts, and that is known without a state. */
static bool has_nothing(const Ask *ask, uint32_t group)
{
    return !ask->book->cut_short && untouched(ask->scan, ask->book, group) &&
           IMAGE_AT(&ask->book->image, GROUPS, group)->detail != GROUP_SLOW;
}

static const Matches *find(Ask *ask, uint32_t group)
{
    if (ask->other)
        return find_other(ask, group);
    if (has_nothing(ask, group))
        return &NO_MATCHES;
    GroupState *g = make_state(ask->scan, ask->book, group);
    if (!g->done)
        decide(ask, group, g);
    ask->undecided |= g->undecided;
    return &g->all;
}

const Matches *sml_scan_matches(Scan *s, uint32_t book, uint32_t group)
{
    Ask ask = {.scan = s, .book = &s->books[book]};
    find(&ask, group);
    const GroupState *g = state_of(s, ask.book, group);
    return g && g->done ? &g->whole : &NO_MATCHES;
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
    const GroupState *g = state_of(s, &s->books[book], group);
    return g && g->done && g->undecided;
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
    uint32_t i = compiled_at(b, m->pattern);
    if (i == b->n_compiled || b->compiled[i].pattern != m->pattern)
        return NULL;
    Pattern *p = b->compiled[i].regex;
    if (sml_pattern_find(s->engine, p, s->view.norm.text, m->start, m->start, groups) != FOUND)
        return NULL;
    return p;
}
