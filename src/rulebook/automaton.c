/* SPDX-License-Identifier: MIT */
/*
 * Aho-Corasick, worked out to the end: a table with the next state for every state and class of
 * bytes.
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
 * Whatever a state has no child for, it does as the state it falls to would; that one is shorter,
 * so its row of the table is finished, and a row is a copy of it with the state's own children
 * written over. "she" ends "she" and, since it falls to "he", that one as well.
 *
 * In the table the states that end a literal come last, so that the walk knows them by one
 * comparison while the busy ones, near the root, stay together at the start. About half of all
 * states are ends that nothing goes on from, "hers" and "she" here: last of all, they do without a
 * row and name the state to go on from, 2 and 3.
 */
#include "rulebook/automaton.h"

#include "rulebook/literal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MAX ((uint64_t)64 << 20)

/* A literal as a number that sorts as its bytes do, a prefix first: the bytes from the top down,
 * the length at the bottom. */
_Static_assert(LITERAL_MAX == 6 && IMAGE_LITERAL_MAX == 6, "a literal and its length fill 64 bits");
typedef struct Key {
    uint64_t order;
    uint32_t literal;
} Key;

/* A prefix of literals: keys [own, low) are the prefix itself, [low, high) go on. */
typedef struct State {
    uint32_t own, low, high;
    uint32_t child, n_children;
    uint32_t fall;
    uint32_t number; /* in the table */
    uint32_t go_on;  /* itself, or where nothing goes on, the next that it falls to with a child */
    uint32_t n_ends; /* literals that end here, by falling too */
    uint8_t class, depth;
} State;

typedef struct Build {
    const Key *keys;
    State *states; /* breadth first */
    uint32_t n_states, n_rows, n_final;
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

static bool has_row(const Build *b, uint32_t state)
{
    return b->states[state].go_on == state;
}

static void find_rows(Build *b)
{
    for (uint32_t i = 0; i < b->n_states; i++) {
        State *s = &b->states[i];
        s->go_on = i == 0 || s->n_children > 0 ? i : b->states[s->fall].go_on;
        b->n_rows += s->go_on == i;
        b->n_final += s->n_ends > 0;
    }
}

static void number_states(Build *b)
{
    uint32_t inner = 0, final = b->n_states - b->n_final, leaf = b->n_rows;
    for (uint32_t i = 0; i < b->n_states; i++) {
        State *s = &b->states[i];
        s->number = !has_row(b, i) ? leaf++ : s->n_ends > 0 ? final++ : inner++;
    }
}

static void put_entry(uint8_t *table, uint32_t width, size_t at, uint32_t state)
{
    uint16_t narrow = (uint16_t)state;
    memcpy(table + at * width, width == 2 ? (void *)&narrow : (void *)&state, width);
}

static void fill_row(uint8_t *table, const Build *b, uint32_t state, const ImageAutomaton *head)
{
    const State *s = &b->states[state];
    size_t row = (size_t)s->number * head->stride, row_size = (size_t)head->stride * head->width;
    if (state > 0) {
        const State *like = &b->states[b->states[s->fall].go_on];
        memcpy(table + row * head->width, table + like->number * row_size, row_size);
    }
    for (uint32_t k = s->child; k < s->child + s->n_children; k++)
        put_entry(table, head->width, row + b->states[k].class, b->states[k].number);
}

static void fill_table(uint8_t *table, const Build *b, const ImageAutomaton *head)
{
    size_t leaves = (size_t)head->n_rows * head->stride;
    for (uint32_t i = 0; i < b->n_states; i++) {
        const State *s = &b->states[i];
        if (has_row(b, i))
            fill_row(table, b, i, head);
        else
            put_entry(table, head->width, leaves + (s->number - head->n_rows),
                      b->states[s->go_on].number);
    }
}

static void add_output(Automaton *out, uint32_t *outputs, const Build *b, uint32_t state)
{
    for (uint32_t s = state; s != 0; s = b->states[s].fall)
        for (uint32_t k = b->states[s].own; k < b->states[s].low; k++)
            outputs[out->n_outputs++] = b->keys[k].literal;
}

/* In the order of the states' numbers: those with a row first. */
static void fill_outputs(Automaton *out, const Build *b, Arena *a)
{
    size_t n = 0;
    for (uint32_t i = 0; i < b->n_states; i++)
        n += b->states[i].n_ends;
    uint32_t *outputs = ARENA_ARRAY(a, uint32_t, n);
    uint32_t *final = ARENA_ARRAY(a, uint32_t, (size_t)b->n_final + 1);
    uint32_t n_final = 0;
    for (int rows = 1; rows >= 0; rows--) {
        for (uint32_t i = 0; i < b->n_states; i++) {
            if (b->states[i].n_ends == 0 || has_row(b, i) != rows)
                continue;
            add_output(out, outputs, b, i);
            final[++n_final] = out->n_outputs;
        }
    }
    out->final = final;
    out->outputs = outputs;
}

bool sml_automaton_build(Automaton *out, const Str *literals, uint32_t n, Arena *a, sml_error *err)
{
    *out = (Automaton){0};
    Build b = {.keys = sort_literals(literals, n, a)};
    uint32_t n_states = count_states(b.keys, n);
    b.states = ARENA_ARRAY(a, State, n_states);
    find_classes(&b, n);
    build_trie(&b, n);
    assert(b.n_states == n_states);
    find_rows(&b);
    number_states(&b);

    out->head = (ImageAutomaton){.n_states = n_states,
                                 .n_rows = b.n_rows,
                                 .n_final = b.n_final,
                                 .stride = b.n_classes,
                                 .width = n_states <= 65536 ? 2 : 4};
    memcpy(out->head.class_of, b.class_of, sizeof b.class_of);
    uint64_t entries = (uint64_t)b.n_rows * b.n_classes + (n_states - b.n_rows);
    uint64_t size = entries * out->head.width;
    if (size > TABLE_MAX)
        return sml_error_set(err,
                             "the rulebook's words are too many and too different: their automaton "
                             "would take %llu MiB; at most %llu",
                             (unsigned long long)(size >> 20),
                             (unsigned long long)(TABLE_MAX >> 20));
    uint8_t *table = sml_arena_alloc(a, (size_t)size, 8);
    fill_table(table, &b, &out->head);
    fill_outputs(out, &b, a);
    out->next = table;
    out->n_next = (size_t)size;
    return true;
}
