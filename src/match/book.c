/* SPDX-License-Identifier: MIT */
/*
 * How little is done for a post. Hits are kept until a window of the text has been walked over and sorted by literal; then
 * the literal's owners in awaited groups are gone through, once for all of its hits; a sieve looks at four bytes around each
 * hit and lets few pass. A phrase is tried there and then, and only a match touches its group, and with it the rules that
 * wait for that. Of regexes the clue is hung on the group, to be matched when somebody asks. Lists are matched before the
 * phrases anchored on them.
 *
 * Most groups are not awaited: they guard, or are a rule's further members. When somebody asks for one, its literals are
 * looked up among those that were seen.
 *
 * "Vote Labour!" hits "labour", which is an item of the list of parties; that matches, so "{vote|voting} {for|}
 * {@parties}" is tried where it does, and matches, so one rule is a candidate.
 */
#include "match/book.h"

#include "base/sort.h"
#include "image/sieve.h"
#include "match/detect.h"
#include "match/prefilter.h"

#include <string.h>

#define NOTHING   IMAGE_NONE
#define UNTOUCHED (NOTHING - 1)
#define UNASKED   (NOTHING - 2)
#define BITS_N(n) (((n) + 63) / 64)

/* More are in few posts. */
#define HITS_USUAL 64

/* Bytes of text whose hits are taken up together, so that they are still at hand. */
#define WINDOW (UINT32_C(1) << 20)

/* A post has hits of a hundred literals or so out of tens of thousands: an entry for each would be a page touched for nearly
 * every hit. */
#define PLACE_BITS 11
#define PLACES     (UINT32_C(1) << PLACE_BITS)

/* ---- opening and closing ---- */

static void *place_array(char *block, size_t *end, size_t n, size_t size)
{
    void *array = block ? block + *end : NULL;
    *end += (sml_mem_times(n, size) + 7) / 8 * 8;
    return array;
}

static const ImagePack *pack_of(const Book *b)
{
    return IMAGE_AT(&b->image, PACKS, 0);
}

/* Puts the arrays of a book into `block`; its size, which is all that is wanted where there is none yet. */
static size_t lay_out(Book *b, char *block)
{
    const Image *im = &b->image;
    size_t end = 0;
    b->here = place_array(block, &end, BITS_N(IMAGE_N(im, LITERALS)), sizeof *b->here);
    b->places = place_array(block, &end, PLACES, sizeof *b->places);
    b->slots = place_array(block, &end, IMAGE_N(im, GROUPS), sizeof *b->slots);
    b->detect = place_array(block, &end, pack_of(b)->detectors.n, sizeof *b->detect);
    b->always = place_array(block, &end, BITS_N(IMAGE_N(im, RULES)), sizeof *b->always);
    b->candidates = place_array(block, &end, BITS_N(IMAGE_N(im, RULES)), sizeof *b->candidates);
    b->lists = place_array(block, &end, BITS_N(IMAGE_N(im, GROUPS)), sizeof *b->lists);
    b->hinted = place_array(block, &end, BITS_N(IMAGE_N(im, GROUPS)), sizeof *b->hinted);
    return end;
}

static void set_bit(Bits *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << i % 64;
}

static void clear_bit(Bits *bits, uint32_t i)
{
    bits[i / 64] &= ~(UINT64_C(1) << i % 64);
}

static bool has_bit(const Bits *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 & 1;
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

void sml_book_open(Book *b, Image image)
{
    *b = (Book){.image = image, .own = sml_arena_new()};
    const Image *im = &b->image;
    b->block = sml_mem_zeroed(lay_out(b, NULL), 1);
    lay_out(b, b->block);
    ImageRange detectors = pack_of(b)->detectors, always = pack_of(b)->always;
    for (uint32_t i = 0; i < detectors.n; i++) {
        uint32_t group = *IMAGE_AT(im, ANCHORS, detectors.first + i);
        b->detect[i] = (Detectors){group, sml_detect_features(IMAGE_AT(im, GROUPS, group)->detail)};
    }
    for (uint32_t i = 0; i < always.n; i++)
        set_bit(b->always, *IMAGE_AT(im, ANCHORS, always.first + i));
}

void sml_book_close(Book *b, Engine *engine)
{
    for (uint32_t i = 0; i < b->n_compiled; i++)
        sml_pattern_free(engine, b->compiled[i].regex);
    sml_mem_free(b->compiled);
    sml_mem_free(b->block);
    sml_arena_free(b->own);
}

/* ---- regexes ---- */

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

Pattern *sml_book_regex(Book *b, Engine *engine, uint32_t pattern)
{
    uint32_t i = compiled_at(b, pattern);
    if (i < b->n_compiled && b->compiled[i].pattern == pattern)
        return b->compiled[i].regex;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    sml_error err;
    Pattern *regex =
        sml_pattern_new(engine, sml_image_str(&b->image, *IMAGE_AT(&b->image, SOURCES, pattern)),
                        (p->flags & PATTERN_CASELESS) != 0, &err);
    if (regex)
        keep_compiled(b, i, (Compiled){pattern, regex});
    return regex;
}

/* ---- groups ---- */

static GroupSlot *find_slot(const Book *b, uint32_t group)
{
    uint32_t i = b->slots[group];
    return i < b->groups.n && b->groups.v[i].group == group ? &b->groups.v[i] : NULL;
}

/* Good until the next group is asked about. */
static GroupSlot *slot_of(Book *b, uint32_t group)
{
    GroupSlot *slot = find_slot(b, group);
    if (slot)
        return slot;
    b->slots[group] = b->groups.n;
    slot = &VEC_PUSH(&b->groups, b->own);
    *slot = (GroupSlot){group, UNASKED, NULL};
    return slot;
}

static bool is_touched(const GroupSlot *slot)
{
    return slot->first != UNASKED && slot->first != UNTOUCHED;
}

GroupState *sml_book_state(const Book *b, uint32_t group)
{
    const GroupSlot *slot = find_slot(b, group);
    return slot ? slot->state : NULL;
}

GroupState *sml_book_make_state(Book *b, uint32_t group)
{
    GroupSlot *slot = slot_of(b, group);
    if (!slot->state)
        slot->state = ARENA_NEW(b->scratch, GroupState);
    return slot->state;
}

static GroupSlot *touch_group(Book *b, uint32_t group)
{
    GroupSlot *slot = slot_of(b, group);
    if (is_touched(slot))
        return slot;
    slot->first = NOTHING;
    const ImageGroup *record = IMAGE_AT(&b->image, GROUPS, group);
    for (uint32_t i = 0; i < record->rules.n; i++)
        set_bit(b->candidates, *IMAGE_AT(&b->image, ANCHORS, record->rules.first + i));
    if (record->dependents.n)
        set_bit(b->lists, group);
    return slot;
}

void sml_book_touch_all(Book *b)
{
    for (uint32_t i = 0; i < IMAGE_N(&b->image, GROUPS); i++)
        touch_group(b, i);
}

void sml_book_candidates(Candidates *out, const Book *b)
{
    uint32_t n = BITS_N(IMAGE_N(&b->image, RULES));
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < n; i++)
        for (Bits left = b->candidates[i]; left; left &= left - 1)
            VEC_PUSH(out, b->scratch) = i * 64 + lowest_bit(left);
}

/* ---- places where a pattern may match ---- */

/* Has the text what the pattern wants around its anchor? */
static inline bool passes(const Book *b, const ImageOwner *owner, size_t start, size_t end)
{
    Str text = b->view->norm.text;
    const uint32_t *masks = sml_image_MASKS(&b->image);
    for (int i = 0; i < IMAGE_SIEVE && owner->mask[i] != IMAGE_MASK_ALL; i++) {
        size_t place = (owner->at[i] < 0 ? start : end) + (size_t)owner->at[i];
        unsigned class =
            place < text.len ? sml_sieve_class[(unsigned char)text.p[place]] : SIEVE_OUTSIDE;
        if (!(masks[owner->mask[i]] >> class & 1))
            return false;
    }
    return true;
}

/* In a hashtag words stand closed up, and no byte is where the sieve looks for it; but there must be room. */
static bool fits_tag(const Book *b, const ImageOwner *owner, uint32_t room)
{
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, IMAGE_ID(owner->pattern));
    return room > 0 && (p->kind == PATTERN_REGEX || room >= p->least);
}

/* `*at`: where the pattern's anchor would begin if it stood around this hit. */
static inline bool hit_passes(const Book *b, const ImageOwner *owner, const KeptHit *hit,
                              uint32_t *at)
{
    uint32_t back = IMAGE_BACK(owner->pattern);
    *at = hit->at - back;
    return hit->at >= back && !(hit->loose && owner->from & OWNER_STRICT) &&
           (passes(b, owner, *at, *at) ||
            (hit->in_tag && fits_tag(b, owner, sml_view_tag_room(b->view, hit->at))));
}

static bool next_anchor(Places *p, uint32_t *at)
{
    const View *v = p->book->view;
    while (p->next < p->anchors->n + p->anchors->parts) {
        const Match *m = &p->anchors->v[p->next++];
        *at = m->start;
        if (passes(p->book, p->owner, m->start, m->end) ||
            fits_tag(p->book, p->owner, sml_view_tag_room(v, m->start)))
            return true;
    }
    return false;
}

uint32_t sml_book_list(const Book *b, const Clue *clue)
{
    const ImageOwner *owner = IMAGE_AT(&b->image, OWNERS, clue->owner);
    return owner->from & OWNER_LIST ? OWNER_FROM(owner) : IMAGE_NONE;
}

Places sml_book_places(const Book *b, const Clue *clue)
{
    static const Matches none;
    Places p = {.book = b, .owner = IMAGE_AT(&b->image, OWNERS, clue->owner), .next = clue->hit};
    if (!(p.owner->from & OWNER_LIST))
        return p;
    const GroupState *list = sml_book_state(b, OWNER_FROM(p.owner));
    p.anchors = list ? &list->all : &none;
    p.next = 0;
    return p;
}

bool sml_book_next_place(Places *p, uint32_t *at)
{
    if (p->anchors)
        return next_anchor(p, at);
    while (p->next != NO_HIT) {
        const KeptHit *hit = &p->book->hits.v[p->next];
        p->next = hit->more ? p->next + 1 : NO_HIT;
        if (hit_passes(p->book, p->owner, hit, at))
            return true;
    }
    return false;
}

/* ---- clues ---- */

static void touch_clue(Book *b, Clue clue, uint32_t group)
{
    GroupSlot *g = touch_group(b, group);
    clue.next = g->first;
    g->first = b->clues.n;
    VEC_PUSH(&b->clues, b->scratch) = clue;
}

static uint32_t place_of(uint32_t literal)
{
    return literal * UINT32_C(2654435769) >> (32 - PLACE_BITS);
}

/* Where the index of the literal's last entry in `seen` stands, or would: there is NOTHING then. What earlier posts left is
 * seen by its entry, which has another place now. */
static inline uint32_t *link_to(Book *b, uint32_t literal)
{
    uint32_t place = place_of(literal), *link = &b->places[place];
    if (*link >= b->seen.n || place_of(b->seen.v[*link].literal) != place)
        *link = NOTHING;
    while (*link != NOTHING && b->seen.v[*link].literal != literal)
        link = &b->seen.v[*link].other;
    return link;
}

/* A clue for each window where the literal, which is here, has a hit that passes. */
static void ask_literal(Book *b, uint32_t group, uint32_t source)
{
    const ImageOwner *owner = IMAGE_AT(&b->image, OWNERS, source);
    for (uint32_t i = *link_to(b, OWNER_FROM(owner)), at; i != NOTHING; i = b->seen.v[i].before)
        for (uint32_t h = b->seen.v[i].first, end = h + b->seen.v[i].n; h < end; h++)
            if (hit_passes(b, owner, &b->hits.v[h], &at)) {
                touch_clue(b, (Clue){source, h, NOTHING}, group);
                break;
            }
}

static void ask_sources(Book *b, uint32_t group)
{
    const ImageGroup *g = IMAGE_AT(&b->image, GROUPS, group);
    const uint32_t *literals = IMAGE_AT(&b->image, ANCHORS, g->literals.first);
    uint32_t first = g->sources.first, n = has_bit(b->hinted, group) ? g->literals.n : 0;
    for (uint32_t i = 0; i < n; i++)
        if (has_bit(b->here, literals[i]))
            ask_literal(b, group, first + i);
    for (uint32_t i = first + g->literals.n; i < first + g->sources.n; i++)
        if (sml_book_touched(b, OWNER_FROM(IMAGE_AT(&b->image, OWNERS, i))))
            touch_clue(b, (Clue){i, NO_HIT, NOTHING}, group);
}

bool sml_book_touched(Book *b, uint32_t group)
{
    GroupSlot *slot = slot_of(b, group);
    if (slot->first == UNASKED) {
        slot->first = UNTOUCHED;
        ask_sources(b, group);
        slot = find_slot(b, group);
    }
    return is_touched(slot);
}

static int compare_clues(const void *a, const void *b)
{
    const PatternClue *x = a, *y = b;
    if (x->pattern != y->pattern)
        return x->pattern < y->pattern ? -1 : 1;
    return (x->clue > y->clue) - (x->clue < y->clue);
}

Where sml_book_clues(Book *b, uint32_t group)
{
    Where all = {0};
    uint32_t first = sml_book_touched(b, group) ? find_slot(b, group)->first : NOTHING, n = 0;
    for (uint32_t i = first; i != NOTHING; i = b->clues.v[i].next)
        n++;
    if (n)
        VEC_ROOM(&all, n, b->scratch);
    for (uint32_t i = first; i != NOTHING; i = b->clues.v[i].next) {
        const Clue *clue = &b->clues.v[i];
        uint32_t pattern = IMAGE_ID(IMAGE_AT(&b->image, OWNERS, clue->owner)->pattern);
        VEC_PUSH(&all, b->scratch) = (PatternClue){pattern, i};
    }
    sml_sort(all.v, all.n, sizeof *all.v, compare_clues);
    return all;
}

/* ---- taking up what is found ---- */

typedef struct Taker {
    Book *book;
    PhraseRun run; /* all eager phrases share its steps */
    bool *undecided;
    uint32_t window_end;
} Taker;

/* Tries a phrase where its anchor would begin; only a match touches its group. False if it could not be decided here: it is
 * then to be touched, and tried again, with steps of its own, when somebody asks. */
static bool try_eager(Taker *t, uint32_t pattern, uint32_t at)
{
    Match m;
    Book *b = t->book;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    *t->undecided = false;
    bool found = sml_phrase_match(&m, &t->run, p, at) && m.end > m.start;
    if (!found)
        return t->run.steps > 0 && !*t->undecided;
    touch_group(b, p->group);
    VEC_PUSH(&sml_book_make_state(b, p->group)->tried, b->scratch) = (Tried){m, pattern};
    return true;
}

/* A pattern may match at `at`. False once the rest of the clue need not be looked at: it is kept. */
static bool take_place(Taker *t, const Clue *clue, uint32_t pattern, uint32_t at)
{
    Book *b = t->book;
    const ImagePattern *p = IMAGE_AT(&b->image, PATTERNS, pattern);
    if (p->flags & PATTERN_EAGER && try_eager(t, pattern, at))
        return true;
    if (p->flags & PATTERN_LATE)
        VEC_PUSH(&b->late, b->scratch) = *clue;
    else
        touch_clue(b, *clue, p->group);
    return false;
}

/* All that the literal may belong to, at each of its hits in the window. */
static void take_literal(Taker *t, const SeenLiteral *seen)
{
    const Book *b = t->book;
    const ImageLiteral *literal = IMAGE_AT(&b->image, LITERALS, seen->literal);
    const ImageOwner *owner = IMAGE_AT(&b->image, OWNERS, literal->owners.first);
    const KeptHit *hits = b->hits.v;
    uint32_t first = seen->first, end = first + seen->n;
    for (uint32_t i = 0, at; i < literal->owners.n; i++, owner++)
        for (uint32_t h = first; h < end; h++) {
            Clue clue = {literal->owners.first + i, h, NOTHING};
            if (hit_passes(b, owner, &hits[h], &at) &&
                !take_place(t, &clue, IMAGE_ID(owner->pattern), at))
                break;
        }
}

static void hint_others(Book *b, ImageRange others)
{
    for (uint32_t i = 0; i < others.n; i++)
        set_bit(b->hinted, *IMAGE_AT(&b->image, ANCHORS, others.first + i));
}

/* Puts the hits of a literal side by side: its owners go through all of them, one owner after the other. */
static void sort_window(Book *b)
{
    uint32_t at = b->hits.n;
    VEC_RESERVE(&b->hits, b->fresh.n, b->own);
    for (uint32_t i = b->window; i < b->seen.n; i++) {
        SeenLiteral *seen = &b->seen.v[i];
        seen->first = at;
        at += seen->n;
        seen->n = 0;
    }
    for (uint32_t i = 0; i < b->fresh.n; i++) {
        SeenLiteral *seen = &b->seen.v[b->fresh.v[i].seen];
        uint32_t place = seen->first + seen->n++;
        b->hits.v[place] = b->fresh.v[i].hit;
    }
    b->hits.n = at;
    b->fresh.n = 0;
}

static void take_window(Taker *t)
{
    Book *b = t->book;
    sort_window(b);
    for (; b->window < b->seen.n; b->window++) {
        const SeenLiteral *seen = &b->seen.v[b->window];
        hint_others(b, IMAGE_AT(&b->image, LITERALS, seen->literal)->others);
        take_literal(t, seen);
    }
}

/* Its entry for this window. */
static uint32_t see_literal(Book *b, uint32_t literal)
{
    uint32_t *link = link_to(b, literal), before = *link, other = NOTHING, entry = b->seen.n;
    if (before != NOTHING && before >= b->window)
        return before;
    set_bit(b->here, literal);
    if (before != NOTHING)
        other = b->seen.v[before].other;
    *link = entry;
    VEC_PUSH(&b->seen, b->own) =
        (SeenLiteral){.literal = literal, .before = before, .other = other};
    return entry;
}

static void take_hit(void *user, const Hit *hit)
{
    Taker *t = user;
    Book *b = t->book;
    if (hit->at >= t->window_end) {
        take_window(t);
        t->window_end = hit->at + WINDOW;
    }
    uint32_t seen = see_literal(b, hit->literal);
    NewHit *fresh = &VEC_PUSH(&b->fresh, b->own);
    fresh->seen = seen;
    fresh->hit = (KeptHit){.at = hit->at & HIT_AT_MAX,
                           .loose = hit->loose,
                           .in_tag = sml_view_tag_room(b->view, hit->at) > 0};
    if (b->seen.v[seen].n++ > 0)
        b->fresh.v[b->seen.v[seen].first].hit.more = true;
    b->seen.v[seen].first = b->fresh.n - 1;
}

static void take_dependents(Taker *t, uint32_t group)
{
    Book *b = t->book;
    ImageRange d = IMAGE_AT(&b->image, GROUPS, group)->dependents;
    bool undecided = sml_book_state(b, group)->undecided;
    for (uint32_t i = 0, at; i < d.n; i++) {
        Clue clue = {d.first + i, NO_HIT, NOTHING};
        Places places = sml_book_places(b, &clue);
        uint32_t pattern = IMAGE_ID(places.owner->pattern);
        if (undecided)
            touch_clue(b, clue, IMAGE_AT(&b->image, PATTERNS, pattern)->group);
        else
            while (sml_book_next_place(&places, &at) && take_place(t, &clue, pattern, at))
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
            t->run.lists(t->run.user, group);
            take_dependents(t, group);
        }
}

/* Phrases with lists, once the lists are known. */
static void take_late(Taker *t)
{
    Book *b = t->book;
    for (uint32_t i = 0; i < b->late.n; i++) {
        Places places = sml_book_places(b, &b->late.v[i]);
        uint32_t pattern = IMAGE_ID(places.owner->pattern), at;
        while (sml_book_next_place(&places, &at))
            if (!try_eager(t, pattern, at)) {
                touch_clue(b, b->late.v[i], IMAGE_AT(&b->image, PATTERNS, pattern)->group);
                break;
            }
    }
}

void sml_book_begin(Book *b, const View *view, Arena *scratch)
{
    const Image *im = &b->image;
    b->view = view;
    b->scratch = scratch;
    b->must.plain.len = 0;
    b->must.asked = false;
    for (uint32_t i = 0; i < b->seen.n; i++)
        clear_bit(b->here, b->seen.v[i].literal);
    sml_arena_reset(b->own);
    memset(&b->hits, 0, sizeof b->hits);
    memset(&b->fresh, 0, sizeof b->fresh);
    memset(&b->seen, 0, sizeof b->seen);
    memset(&b->groups, 0, sizeof b->groups);
    VEC_ROOM(&b->fresh, HITS_USUAL, b->own);
    VEC_ROOM(&b->seen, HITS_USUAL, b->own);
    VEC_ROOM(&b->groups, HITS_USUAL, b->own);
    b->window = 0;
    memset(&b->clues, 0, sizeof b->clues);
    memset(&b->late, 0, sizeof b->late);
    memcpy(b->candidates, b->always, BITS_N(IMAGE_N(im, RULES)) * sizeof *b->candidates);
    memset(b->lists, 0, BITS_N(IMAGE_N(im, GROUPS)) * sizeof *b->lists);
    memset(b->hinted, 0, BITS_N(IMAGE_N(im, GROUPS)) * sizeof *b->hinted);
    b->too_long = false;
}

void sml_book_look(Book *b, unsigned has, const PhraseRun *run, bool *undecided)
{
    Taker taker = {b, *run, undecided, WINDOW};
    sml_prefilter_walk(&b->image, b->view->norm.text, take_hit, &taker);
    take_window(&taker);
    for (uint32_t i = 0; i < pack_of(b)->detectors.n; i++)
        if ((has & b->detect[i].needs) == b->detect[i].needs)
            touch_group(b, b->detect[i].group);
    take_lists(&taker);
    take_late(&taker);
}
