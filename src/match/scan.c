/* SPDX-License-Identifier: MIT */
/*
 * Matches are found when somebody asks for them: at the places that book.c tells, in full where there are none to tell
 * (a rule's own folds, another text, no prefilter). What was found is remembered for the post.
 */
#include "match/scan.h"

#include "base/sort.h"
#include "base/utf8.h"
#include "match/book.h"
#include "match/features.h"

#include <string.h>

/* Another view of the post (a rule's own folds) or another text (a bio), and the matches found in it. */
typedef struct Other {
    const View *view; /* NULL until it is wanted: the post folded so */
    unsigned folds;
    bool same_post; /* so that what the main view's hits tell is worth knowing */
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

Scan *sml_scan_new(const Image *images, uint32_t n, ScanOptions options)
{
    Scan *s = sml_mem_zeroed(1, sizeof *s);
    s->options = options;
    s->engine = sml_pattern_engine(!options.no_jit);
    s->books = sml_mem_zeroed(n, sizeof *s->books);
    s->n_books = n;
    for (uint32_t i = 0; i < n; i++)
        sml_book_open(&s->books[i], images[i]);
    return s;
}

void sml_scan_free(Scan *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->n_books; i++)
        sml_book_close(&s->books[i], s->engine);
    sml_mem_free(s->books);
    sml_pattern_engine_free(s->engine);
    sml_mem_free(s);
}

const Image *sml_scan_image(const Scan *s, uint32_t book)
{
    return &s->books[book].image;
}

/* ---- running phrases ---- */

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

static const View *view_of(const Ask *ask)
{
    Other *o = ask->other;
    if (!o)
        return &ask->scan->view;
    if (!o->view)
        o->view = own_view(ask->scan, o->folds);
    return o->view;
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

static void begin_book(Scan *s, Book *b)
{
    sml_book_begin(b, &s->view, s->scratch);
    size_t most = s->options.most ? s->options.most : HIT_AT_MAX;
    b->too_long = !s->options.no_prefilter && s->view.norm.text.len > most;
    if (s->options.no_prefilter || b->too_long) {
        sml_book_touch_all(b);
        return;
    }
    Ask ask = {.scan = s, .book = b};
    PhraseRun run = phrase_run(&ask);
    sml_book_look(b, s->has, &run, &ask.undecided);
}

void sml_scan_begin(Scan *s, Str text, Arena *scratch)
{
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

static int compare_places(const void *a, const void *b)
{
    uint32_t x = ((const Span *)a)->start, y = ((const Span *)b)->start;
    return (x > y) - (x < y);
}

void sml_scan_candidates(Candidates *out, const Scan *s, uint32_t book)
{
    sml_book_candidates(out, &s->books[book]);
}

/* ---- finding the matches of a group ---- */

static bool any_in(const Matches *m, Span in, Span but)
{
    uint32_t from = in.start > m->longest ? in.start - m->longest : 0;
    for (uint32_t i = sml_phrase_first_match(m, from); i < m->n && m->v[i].start < in.end; i++) {
        Span s = {m->v[i].start, m->v[i].end};
        if (sml_span_overlaps(s, in) && !sml_span_overlaps(s, but))
            return true;
    }
    return false;
}

/* A list item's own context: the cue that it needs near, the innocent reading that must not cover it. */
static bool context_holds(Ask *ask, const ImagePattern *p, const Match *m)
{
    Span at = {m->start, m->end};
    if (m->part_of_tag || p->context == IMAGE_ANYWHERE)
        return true;
    const ImageContext *around = IMAGE_AT(&ask->book->image, CONTEXTS, p->context);
    if (around->not_group != IMAGE_NONE) {
        const Matches *not_these = find(ask, around->not_group);
        if (any_in(not_these, at, (Span){0, 0}))
            return false;
    }
    if (around->needs == IMAGE_NONE)
        return true;
    const Matches *cues = find(ask, around->needs);
    return any_in(cues, sml_view_around(view_of(ask), at, around->needs_words), at);
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

/* Where a character may begin, here, that begins at `at` in the main view: there, or in another fold at the first byte
 * of one of those that stand for it, or that were dropped before it. */
static Span places_here(const Ask *ask, uint32_t at)
{
    if (!ask->other)
        return (Span){at, at + 1};
    const Norm *main = &ask->scan->view.norm, *own = &view_of(ask)->norm;
    Span written = sml_norm_span(main, at, at + 1);
    uint32_t before = at ? sml_norm_span(main, at - 1, at).end : 0;
    uint32_t from = before < written.start ? before : written.start;
    return (Span){sml_norm_from_original(own, from), sml_norm_from_original(own, written.end)};
}

/* What is anchored on a list that a limit cut short is not decided either. */
static void lean_on_list(Ask *ask, const Clue *clue)
{
    uint32_t list = sml_book_list(ask->book, clue);
    if (list == IMAGE_NONE)
        return;
    Ask main = {.scan = ask->scan, .book = ask->book};
    find(&main, list);
    ask->undecided |= main.undecided;
}

/* Where the clues tell; everywhere where there are none. */
static void find_phrase(Ask *ask, PhraseRun *run, const ImageGroup *g, uint32_t pattern,
                        const Where *where, Matches *out)
{
    if (!where) {
        find_phrase_anywhere(ask, run, g, pattern, out);
        return;
    }
    for (uint32_t i = 0, place; i < where->n; i++) {
        const Clue *clue = &ask->book->clues.v[where->v[i].clue];
        lean_on_list(ask, clue);
        Places places = sml_book_places(ask->book, clue);
        while (run->steps && sml_book_next_place(&places, &place)) {
            Span here = places_here(ask, place);
            for (uint32_t at = here.start; at < here.end; at++)
                try_phrase(ask, run, g, pattern, at, out);
        }
    }
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
    Pattern *p = sml_book_regex(ask->book, ask->scan->engine, pattern);
    while (p && from <= last) {
        Span parts[PATTERN_GROUPS];
        Found found = sml_pattern_find(ask->scan->engine, p, text, from, last, parts);
        if (found == FOUND_LIMIT)
            ask->undecided = true;
        if (found != FOUND)
            return behind(text, last);
        add_match(ask, g, out, sml_match(parts[0].start, parts[0].end), pattern);
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
    Spans places = {0};
    for (uint32_t i = 0, at; i < where->n; i++) {
        Places hits = sml_book_places(b, &b->clues.v[where->v[i].clue]);
        while (sml_book_next_place(&hits, &at)) {
            Span here = places_here(ask, at);
            if (here.start < here.end)
                VEC_PUSH(&places, ask->scan->scratch) = here;
        }
    }
    sml_sort(places.v, places.n, sizeof *places.v, compare_places);
    Str text = view_of(ask)->norm.text;
    uint32_t from = 0;
    for (uint32_t i = 0; i < places.n && !ask->undecided; i++) {
        uint32_t at = places.v[i].start, last = places.v[i].end - 1;
        bool near = p->lead != IMAGE_FAR && p->lead < at;
        uint32_t start = (uint32_t)sml_utf8_floor(text, near ? at - p->lead : 0);
        if (start > from)
            from = start;
        if (from <= last)
            from = find_regex_between(ask, g, pattern, from, last, out);
    }
    VEC_DROP(&places, ask->scan->scratch);
}

/* Has the post all that a match must have? */
static bool may_match(Scan *s, Book *b, const ImagePattern *regex)
{
    return s->options.no_prefilter ||
           sml_must_holds(&b->must, s->view.norm.text, &b->image,
                          IMAGE_AT(&b->image, MUSTS, regex->must), s->scratch);
}

static void find_regex(Ask *ask, const ImageGroup *g, uint32_t pattern, const Where *where,
                       Matches *out)
{
    bool elsewhere = ask->other && !ask->other->same_post;
    if (!elsewhere &&
        !may_match(ask->scan, ask->book, IMAGE_AT(&ask->book->image, PATTERNS, pattern)))
        return;
    if (where)
        find_regex_near(ask, g, pattern, where, out);
    else
        find_regex_between(ask, g, pattern, 0, (uint32_t)view_of(ask)->norm.text.len, out);
}

/* Everywhere where `where` is NULL. */
static void find_pattern(Ask *ask, const ImageGroup *g, uint32_t pattern, const Where *where,
                         Matches *out)
{
    if (IMAGE_AT(&ask->book->image, PATTERNS, pattern)->kind == PATTERN_REGEX) {
        find_regex(ask, g, pattern, where, out);
        return;
    }
    PhraseRun run = phrase_run(ask);
    find_phrase(ask, &run, g, pattern, where, out);
    if (run.steps == 0)
        ask->undecided = true;
}

uint32_t sml_scan_token_kind(const ImageGroup *g)
{
    static const uint8_t kinds[] = {
        [COUNT_URL] = TOKEN_URL,         [COUNT_MENTION] = TOKEN_MENTION,
        [COUNT_HASHTAG] = TOKEN_HASHTAG, [COUNT_EMOJI] = TOKEN_EMOJI,
        [COUNT_IMAGE] = TOKEN_KINDS,     [COUNT_NUMBER] = TOKEN_NUMBER,
        [COUNT_WORD] = TOKEN_WORD};
    return g->kind == GROUP_TOKEN && g->detail < sizeof kinds ? kinds[g->detail] : TOKEN_KINDS;
}

static void find_tokens(Ask *ask, const ImageGroup *g, Matches *out)
{
    const Tokens *t = sml_view_tokens(view_of(ask));
    uint32_t kind = sml_scan_token_kind(g);
    if (kind < TOKEN_KINDS && out->n == 0)
        VEC_ROOM(out, t->count[kind], ask->scan->scratch);
    for (uint32_t i = 0; kind < TOKEN_KINDS && i < t->n; i++)
        if (t->v[i].kind == kind)
            VEC_PUSH(out, ask->scan->scratch) = sml_match(t->v[i].start, sml_token_end(&t->v[i]));
    /* Images have no place in the words: each is a match of nothing at the front. */
    for (uint32_t i = 0; g->detail == COUNT_IMAGE && i < ask->scan->images; i++)
        VEC_PUSH(out, ask->scan->scratch) = (Match){0};
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
            VEC_PUSH(out, ask->scan->scratch) = sml_match(spans.v[i].start, spans.v[i].end);
}

static int compare_matches(const void *a, const void *b)
{
    const Match *x = a, *y = b;
    if (x->part_of_tag != y->part_of_tag)
        return x->part_of_tag < y->part_of_tag ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end < y->end) - (x->end > y->end);
}

static bool same_place(const Match *a, const Match *b)
{
    return a->start == b->start && a->end == b->end && a->part_of_tag == b->part_of_tag;
}

static void sort_matches(Matches *m, Arena *a)
{
    sml_sort(m->v, m->n, sizeof *m->v, compare_matches);
    uint32_t kept = 0;
    m->longest = m->parts = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        if (kept && same_place(&m->v[i], &m->v[kept - 1]))
            continue;
        uint32_t len = m->v[i].end - m->v[i].start;
        m->longest = len > m->longest ? len : m->longest;
        m->parts += m->v[i].part_of_tag;
        m->v[kept++] = m->v[i];
    }
    m->n = kept;
    VEC_FIT(m, a);
    m->n -= m->parts;
}

static void find_touched(Ask *ask, uint32_t group, Matches *out)
{
    const ImageGroup *g = IMAGE_AT(&ask->book->image, GROUPS, group);
    Where all = sml_book_clues(ask->book, group);
    bool elsewhere = ask->other && !ask->other->same_post;
    for (uint32_t i = 0, end; i < all.n; i = end) {
        for (end = i + 1; end < all.n && all.v[end].pattern == all.v[i].pattern;)
            end++;
        Where one = {all.v + i, end - i, end - i};
        find_pattern(ask, g, all.v[i].pattern, elsewhere ? NULL : &one, out);
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
    sort_matches(found, ask->scan->scratch);
    struct OtherGroup *slot = &VEC_PUSH(&o->groups, ask->scan->scratch);
    slot->group = group;
    slot->found = found;
    return found;
}

/* Finds a group that folds less than the rest, in a view of its own, and says where that is in the main one. */
static void find_in_own_fold(Ask *ask, const ImageGroup *g, uint32_t group, Matches *out)
{
    Scan *s = ask->scan;
    Other other = {.folds = g->folds, .same_post = true};
    Ask own = {.scan = s, .book = ask->book, .other = &other};
    Matches found = {0};
    if (s->options.no_prefilter)
        find_all(&own, group, true, &found);
    else
        find_touched(&own, group, &found);
    ask->undecided |= own.undecided;
    for (uint32_t i = 0; i < found.n; i++) {
        Span written = sml_norm_span(&other.view->norm, found.v[i].start, found.v[i].end);
        Match m = found.v[i];
        m.start = sml_norm_from_original(&s->view.norm, written.start);
        m.end = sml_norm_from_original(&s->view.norm, written.end) & INT32_MAX;
        if (m.end > m.start)
            VEC_PUSH(out, s->scratch) = m;
    }
    VEC_DROP(&found, s->scratch);
}

/* Nothing that its patterns could be found by is in the post. */
static bool untouched(const Scan *s, Book *b, uint32_t group)
{
    const ImageGroup *g = IMAGE_AT(&b->image, GROUPS, group);
    return !s->options.no_prefilter && g->kind == GROUP_PATTERNS && g->patterns.n &&
           !sml_book_touched(b, group);
}

/* The first time that somebody asks. */
static void decide(Ask *ask, uint32_t group, GroupState *g)
{
    const ImageGroup *record = IMAGE_AT(&ask->book->image, GROUPS, group);
    Ask own = {.scan = ask->scan, .book = ask->book};
    g->done = true;
    for (uint32_t i = 0; i < g->tried.n; i++)
        add_match(&own, record, &g->all, g->tried.v[i].match, g->tried.v[i].pattern);
    VEC_DROP(&g->tried, ask->scan->scratch);
    if (record->folds != FOLD_ALL && record->kind == GROUP_PATTERNS)
        find_in_own_fold(&own, record, group, &g->all);
    else
        find_all(&own, group, ask->scan->options.no_prefilter, &g->all);
    sort_matches(&g->all, ask->scan->scratch);
    g->undecided = own.undecided || (ask->book->too_long && record->kind == GROUP_PATTERNS);
}

/* Most groups that are asked about have nothing in most posts, and that is known without a state. */
static bool has_nothing(const Ask *ask, uint32_t group)
{
    return !ask->book->too_long && untouched(ask->scan, ask->book, group) &&
           IMAGE_AT(&ask->book->image, GROUPS, group)->detail != GROUP_SLOW;
}

static const Matches *find(Ask *ask, uint32_t group)
{
    if (ask->other)
        return find_other(ask, group);
    GroupState *g = sml_book_state(ask->book, group);
    if (!g || !g->done) {
        if (has_nothing(ask, group))
            return &NO_MATCHES;
        g = sml_book_make_state(ask->book, group);
        decide(ask, group, g);
    }
    ask->undecided |= g->undecided;
    return &g->all;
}

const Matches *sml_scan_matches(Scan *s, uint32_t book, uint32_t group)
{
    Ask ask = {.scan = s, .book = &s->books[book]};
    find(&ask, group);
    const GroupState *g = sml_book_state(ask.book, group);
    return g && g->done ? &g->all : &NO_MATCHES;
}

Chance sml_scan_chance(Scan *s, uint32_t book, uint32_t group)
{
    Book *b = &s->books[book];
    const ImageGroup *g = IMAGE_AT(&b->image, GROUPS, group);
    unsigned needs = g->kind == GROUP_DETECT ? sml_detect_features(g->detail) : 0;
    bool slow = g->kind == GROUP_PATTERNS && g->detail == GROUP_SLOW;
    if ((!slow && untouched(s, b, group)) || (s->has & needs) != needs)
        return CHANCE_NONE;
    const ImagePattern *first = IMAGE_AT(&b->image, PATTERNS, g->patterns.first);
    bool regex = g->kind == GROUP_PATTERNS && g->patterns.n && first->kind == PATTERN_REGEX;
    return regex || slow ? CHANCE_DEAR : CHANCE_CHEAP;
}

uint32_t sml_scan_most(Scan *s, uint32_t book, uint32_t group)
{
    uint32_t kind = sml_scan_token_kind(IMAGE_AT(&s->books[book].image, GROUPS, group));
    return kind < TOKEN_KINDS ? sml_view_tokens(&s->view)->count[kind] : UINT32_MAX;
}

bool sml_scan_undecided(const Scan *s, uint32_t book, uint32_t group)
{
    const GroupState *g = sml_book_state(&s->books[book], group);
    return g && g->done && g->undecided;
}

static ThreadAnswer count_elsewhere(Scan *s, uint32_t book, uint32_t group, Str text)
{
    View *view = ARENA_NEW(s->scratch, View);
    sml_view_make(view, text, FOLD_ALL, s->scratch);
    Other other = {.view = view};
    Ask ask = {.scan = s, .book = &s->books[book], .other = &other};
    const Matches *found = find_other(&ask, group);
    return (ThreadAnswer){
        .book = book, .group = group, .count = found->n, .undecided = ask.undecided};
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

/* The pattern where the group is a regex, which stands alone in it, and matches inside `in`; or NULL. */
static const Pattern *regex_in(Scan *s, uint32_t book, uint32_t group, const Match *in,
                               Span parts[PATTERN_GROUPS])
{
    Book *b = &s->books[book];
    const ImageGroup *g = group == IMAGE_NONE ? NULL : IMAGE_AT(&b->image, GROUPS, group);
    if (!g || g->patterns.n != 1 ||
        IMAGE_AT(&b->image, PATTERNS, g->patterns.first)->kind != PATTERN_REGEX)
        return NULL;
    const Matches *all = sml_scan_matches(s, book, group);
    uint32_t i = sml_phrase_first_match(all, in->start);
    if (i == all->n || all->v[i].end > in->end)
        return NULL;
    Pattern *p = sml_book_regex(b, s->engine, g->patterns.first);
    uint32_t at = all->v[i].start;
    bool found = p && sml_pattern_find(s->engine, p, s->view.norm.text, at, at, parts) == FOUND;
    return found ? p : NULL;
}

const Pattern *sml_scan_parts(Scan *s, uint32_t book, uint32_t rule, const Match *m,
                              Span parts[PATTERN_GROUPS])
{
    const Image *im = &s->books[book].image;
    const ImageRule *r = IMAGE_AT(im, RULES, rule);
    const Pattern *p = NULL;
    for (uint32_t i = 0; i < r->wants.n && !p; i++)
        p = regex_in(s, book, IMAGE_AT(im, WANTS, r->wants.first + i)->group, m, parts);
    for (uint32_t i = 0; i < r->cues.n && !p; i++)
        p = regex_in(s, book, IMAGE_AT(im, CUES, r->cues.first + i)->want.group, m, parts);
    return p;
}
