/* SPDX-License-Identifier: MIT */
/*
 * Aho-Corasick, worked out to the end: the next state for every state and class of bytes, without a
 * search at scan time.
 *
 *     he, she, hers        sorted: he hers she
 *
 *     state  0 root   1 h   2 s   3 he*   4 sh   5 her   6 she*   7 hers*      (* ends a literal)
 *     fall   -        0     0     0       1      0       3        2
 *
 * The sorted literals are the trie: the states of one depth are the distinct prefixes of that
 * length, in order, and the children of a state stand side by side. So the trie needs no search to
 * build, and numbering it breadth first is the order in which it comes about.
 *
 * A state falls to the longest proper suffix of its text that is a state too: "she" to "he".
 * Whatever a state has no child for, it does as the state it falls to would. "she" ends "she" and,
 * since it falls to "he", that one as well.
 *
 * A whole row for each state would be megabytes, of which any one draft touches a few bytes in
 * every page. But a deep state does nearly always what its last two bytes alone would do. So only
 * the states of at most DENSE bytes have a row; a deeper one names the row of its last DENSE bytes
 * and lists where it differs: its own children, and those of the deep states that it falls through.
 * The lists lie interleaved in one array, each at a base of its own, entry `class` of a list at
 * base + class, and each entry says its class. Since no two lists share a base, an entry with the
 * right class can only be the state's own:
 *
 *     "hers" at base 40, 's' being class 5:   entry 45 = {5, to state 7};   entries 40 to 44 may
 *                                             belong to other lists, which have other classes there
 *
 * In the numbering the states that end a literal come last, so that the walk knows them by one
 * comparison while the busy ones, near the root, stay together at the start.
 */
#include "rulebook/automaton.h"

#include "base/vec.h"
#include "rulebook/literal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DENSE 2 /* bytes: measured, 1 makes the lists four times as long and 3 the rows six times */

/* What an entry has room for. */
#define STATES_MAX (UINT32_C(1) << 24)

/* A literal as a number that sorts as its bytes do, a prefix first: the bytes from the top down,
 * the length at the bottom. */
_Static_assert(LITERAL_MAX == 6 && IMAGE_LITERAL_MAX == 6, "a literal and its length fill 64 bits");
typedef struct Key {
    uint64_t order;
    uint32_t literal;
} Key;

/* By a byte of `class` to a state, as the trie counts them. */
typedef struct Step {
    uint32_t class, to;
} Step;

/* A prefix of literals: keys [own, low) are the prefix itself, [low, high) go on. */
typedef struct State {
    uint32_t own, low, high;
    uint32_t child, n_children;
    uint32_t fall;
    uint32_t number; /* in the table */
    uint32_t n_ends; /* literals that end here, by falling too */
    uint32_t row;    /* of the dense state that it is, or does as */
    uint8_t class, depth;
    const Step *steps; /* of a deep one: where it differs from the row, by class */
    uint32_t n_steps, base;
} State;

typedef struct Build {
    const Key *keys;
    State *states; /* breadth first */
    uint32_t n_states, n_rows, n_final;
    VEC(uint32_t) comb;
    VEC(bool) based; /* by index of the comb: a list begins here */
    uint8_t class_of[256];
    uint32_t n_classes;
} Build;

/* ---- the trie -------------------------------------------------------------------------------- */

/* Bytes that stand for one another, so that the table is narrow: beyond ASCII a character's last bytes tell enough, and
 * of rare signs one is as good as another. */
static unsigned char stand_in(unsigned char byte)
{
    if (byte >= 0xC0)
        return byte & 0xF0;
    if (byte >= 0x80)
        return byte & 0x8F;
    return byte && strchr("!$%()+;=<>[]^`{|}~\\\"", byte) ? '!' : byte;
}

bool sml_automaton_confuses(Str literal)
{
    for (size_t i = 0; i < literal.len; i++)
        if ((unsigned char)literal.p[i] >= 0x80 || stand_in((unsigned char)literal.p[i]) == '!')
            return true;
    return false;
}

static Key key_of(Str literal, uint32_t index)
{
    assert(literal.len > 0 && literal.len <= LITERAL_MAX);
    uint64_t order = 0;
    for (size_t i = 0; i < LITERAL_MAX; i++)
        order = order << 8 | (i < literal.len ? stand_in((unsigned char)literal.p[i]) : 0);
    return (Key){order << 16 | literal.len, index};
}

static uint32_t key_len(Key k)
{
    return (uint32_t)(k.order & 0xFFFF);
}

static uint8_t key_byte(Key k, uint32_t i)
{
    return (uint8_t)(k.order >> (56 - 8 * i));
}

static int compare_keys(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->literal > y->literal) - (x->literal < y->literal);
}

static Key *sort_literals(const Str *literals, uint32_t n, Arena *a)
{
    Key *keys = ARENA_ARRAY(a, Key, n);
    for (uint32_t i = 0; i < n; i++)
        keys[i] = key_of(literals[i], i);
    qsort(keys, n, sizeof *keys, compare_keys);
    return keys;
}

/* How many prefixes the literals have that the one before them in order does not. */
static uint32_t count_states(const Key *keys, uint32_t n)
{
    uint32_t states = 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t shared = 0;
        if (i > 0)
            while (shared < key_len(keys[i - 1]) && shared < key_len(keys[i]) &&
                   key_byte(keys[i - 1], shared) == key_byte(keys[i], shared))
                shared++;
        states += key_len(keys[i]) - shared;
    }
    return states;
}

/* Bytes that no literal has share class 0; the others are numbered in order, with those that they stand for. A line break or the underscore of a hashtag
 * is as good as a space between two words. */
static void find_classes(Build *b, uint32_t n)
{
    bool used[256] = {false};
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < key_len(b->keys[i]); k++)
            used[key_byte(b->keys[i], k)] = true;
    b->n_classes = 1;
    for (unsigned byte = 0; byte < 256; byte++)
        b->class_of[byte] = used[byte] ? (uint8_t)b->n_classes++ : 0;
    for (unsigned byte = 0; byte < 256; byte++)
        b->class_of[byte] = b->class_of[stand_in((unsigned char)byte)];
    b->class_of['\n'] = b->class_of['_'] = b->class_of[' '];
}

static uint32_t find_child(const Build *b, uint32_t state, uint8_t class)
{
    const State *s = &b->states[state];
    uint32_t low = s->child, high = s->child + s->n_children;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (b->states[middle].class < class)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < s->child + s->n_children && b->states[low].class == class;
    return found ? low : 0;
}

/* The longest proper suffix of `parent` and one more byte that is a state: try ever shorter
 * suffixes of the parent. */
static uint32_t find_fall(const Build *b, uint32_t parent, uint8_t class)
{
    while (parent != 0) {
        parent = b->states[parent].fall;
        uint32_t child = find_child(b, parent, class);
        if (child != 0)
            return child;
    }
    return 0;
}

static void add_child(Build *b, uint32_t parent, uint32_t low, uint32_t high)
{
    State *p = &b->states[parent], *s = &b->states[b->n_states];
    uint8_t class = b->class_of[key_byte(b->keys[low], p->depth)];
    *s = (State){
        .own = low, .low = low, .high = high, .class = class, .depth = (uint8_t)(p->depth + 1)};
    while (s->low < high && key_len(b->keys[s->low]) == s->depth)
        s->low++;
    s->fall = find_fall(b, parent, class);
    s->n_ends = b->states[s->fall].n_ends + (s->low - s->own);
    p->n_children++;
    b->n_states++;
}

static void add_children(Build *b, uint32_t parent)
{
    State *p = &b->states[parent];
    p->child = b->n_states;
    for (uint32_t low = p->low, high; low < p->high; low = high) {
        for (high = low + 1; high < p->high; high++)
            if (key_byte(b->keys[high], p->depth) != key_byte(b->keys[low], p->depth))
                break;
        add_child(b, parent, low, high);
    }
}

static void build_trie(Build *b, uint32_t n_literals)
{
    b->states[0] = (State){.high = n_literals};
    b->n_states = 1;
    for (uint32_t s = 0; s < b->n_states; s++)
        add_children(b, s);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Breadth first, those that end nothing in front. */
static void number_states(Build *b)
{
    uint32_t inner = 0, final = b->n_states;
    for (uint32_t i = 0; i < b->n_states; i++)
        b->n_final += b->states[i].n_ends > 0;
    final -= b->n_final;
    for (uint32_t i = 0; i < b->n_states; i++)
        b->states[i].number = b->states[i].n_ends > 0 ? final++ : inner++;
}

/* Its own children, and where it has none, what it falls to. Both are in order of class. */
static void list_steps(Build *b, State *s, Arena *a)
{
    const State *like = &b->states[s->fall];
    s->row = like->row;
    uint32_t n = like->depth > DENSE ? like->n_steps : 0, i = 0, k = s->child;
    Step *steps = ARENA_ARRAY(a, Step, (size_t)n + s->n_children);
    while (i < n || k < s->child + s->n_children) {
        bool own = k < s->child + s->n_children;
        uint32_t class = own ? b->states[k].class : UINT32_MAX;
        if (i < n && like->steps[i].class < class) {
            steps[s->n_steps++] = like->steps[i++];
            continue;
        }
        i += i < n && like->steps[i].class == class;
        steps[s->n_steps++] = (Step){class, k++};
    }
    s->steps = steps;
}

/* What a state falls to is shorter, and so before it. */
static void find_steps(Build *b, Arena *a)
{
    for (uint32_t i = 0; i < b->n_states; i++) {
        State *s = &b->states[i];
        if (s->depth <= DENSE)
            s->row = b->n_rows++;
        else
            list_steps(b, s, a);
    }
}

static void fill_rows(uint32_t *rows, const Build *b)
{
    for (uint32_t i = 0; i < b->n_states && b->states[i].depth <= DENSE; i++) {
        const State *s = &b->states[i];
        uint32_t *row = rows + (size_t)s->row * b->n_classes;
        if (i > 0)
            memcpy(row, rows + (size_t)b->states[s->fall].row * b->n_classes,
                   b->n_classes * sizeof *row);
        for (uint32_t k = s->child; k < s->child + s->n_children; k++)
            row[b->states[k].class] = b->states[k].number;
    }
}

/* ---- the lists ------------------------------------------------------------------------------- */

/* So that a list at any base so far lies within. */
static void make_room(Build *b, uint32_t base, Arena *a)
{
    while (b->comb.n < base + b->n_classes) {
        VEC_PUSH(&b->comb, a) = 0;
        VEC_PUSH(&b->based, a) = false;
    }
}

static bool fits(Build *b, const State *s, uint32_t base, Arena *a)
{
    make_room(b, base, a);
    if (b->based.v[base])
        return false;
    for (uint32_t i = 0; i < s->n_steps; i++)
        if (b->comb.v[base + s->steps[i].class])
            return false;
    return true;
}

/* At a base where it finds room, in the order of the numbers, so that busy lists lie together. Lists of one entry look on from
 * where the last one with that class found room, for what lies before is full for good; so do the longer ones, which
 * leaves a few gaps but is as fast. A class is never 0 here: what no literal has leads to the root from everywhere. So an
 * entry of 0 is free, and right for class 0. */
static void place_lists(Build *b, Arena *a)
{
    uint32_t from[2][256] = {{0}};
    for (uint32_t i = 0; i < b->n_states; i++) {
        State *s = &b->states[i];
        if (s->n_steps == 0)
            continue;
        uint32_t *base = &from[s->n_steps > 1][s->steps[0].class];
        while (!fits(b, s, *base, a))
            ++*base;
        s->base = *base;
        b->based.v[s->base] = true;
        for (uint32_t k = 0; k < s->n_steps; k++)
            b->comb.v[s->base + s->steps[k].class] =
                IMAGE_STEP(s->steps[k].class, b->states[s->steps[k].to].number);
    }
}

/* Those without a list begin where nothing is. */
static const ImageState *fill_states(Build *b, Arena *a)
{
    ImageState *v = ARENA_ARRAY(a, ImageState, b->n_states);
    uint32_t nowhere = b->comb.n;
    make_room(b, nowhere, a);
    for (uint32_t i = 0; i < b->n_states; i++) {
        const State *s = &b->states[i];
        v[s->number] = (ImageState){s->n_steps ? s->base : nowhere, s->row * b->n_classes};
    }
    return v;
}

/* ---- what is reported ------------------------------------------------------------------------ */

static void add_output(Automaton *out, uint32_t *outputs, const Build *b, uint32_t state)
{
    for (uint32_t s = state; s != 0; s = b->states[s].fall)
        for (uint32_t k = b->states[s].own; k < b->states[s].low; k++)
            outputs[out->n_outputs++] = b->keys[k].literal;
}

/* In the order of the states' numbers. */
static void fill_outputs(Automaton *out, const Build *b, Arena *a)
{
    size_t n = 0;
    for (uint32_t i = 0; i < b->n_states; i++)
        n += b->states[i].n_ends;
    uint32_t *outputs = ARENA_ARRAY(a, uint32_t, n);
    uint32_t *final = ARENA_ARRAY(a, uint32_t, (size_t)b->n_final + 1);
    uint32_t n_final = 0;
    for (uint32_t i = 0; i < b->n_states; i++) {
        if (b->states[i].n_ends == 0)
            continue;
        add_output(out, outputs, b, i);
        final[++n_final] = out->n_outputs;
    }
    out->final = final;
    out->outputs = outputs;
}

bool sml_automaton_build(Automaton *out, const Str *literals, uint32_t n, Arena *a, sml_error *err)
{
    *out = (Automaton){0};
    Build b = {.keys = sort_literals(literals, n, a)};
    uint32_t n_states = count_states(b.keys, n);
    if (n_states > STATES_MAX)
        return sml_error_set(err,
                             "the rulebook's words are too many and too different: their automaton "
                             "would have %u states; at most %u",
                             n_states, STATES_MAX);
    b.states = ARENA_ARRAY(a, State, n_states);
    find_classes(&b, n);
    build_trie(&b, n);
    assert(b.n_states == n_states);
    for (uint32_t i = 0; i < n_states; i++)
        if (b.states[i].n_ends > IMAGE_ENDS_MAX)
            return sml_error_set(err,
                                 "%u of the rulebook's words look alike to the automaton, which "
                                 "tells few letters beyond ASCII apart; at most %u may",
                                 b.states[i].n_ends, IMAGE_ENDS_MAX);
    number_states(&b);
    find_steps(&b, a);
    place_lists(&b, a);

    out->head = (ImageAutomaton){.n_states = n_states, .n_final = b.n_final, .stride = b.n_classes};
    memcpy(out->head.class_of, b.class_of, sizeof b.class_of);
    uint32_t *rows = ARENA_ARRAY(a, uint32_t, (size_t)b.n_rows * b.n_classes);
    fill_rows(rows, &b);
    fill_outputs(out, &b, a);
    out->rows = rows;
    out->n_rows = b.n_rows * b.n_classes;
    out->states = fill_states(&b, a);
    out->steps = b.comb.v;
    out->n_steps = b.comb.n;
    return true;
}
