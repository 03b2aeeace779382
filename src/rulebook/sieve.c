/* SPDX-License-Identifier: MIT */
/*
 * Walks a phrase's programs as the matcher would, but over no text: every way through is followed
 * for a few bytes, and what each way wants at each place is gathered.
 *
 * "{cut|raise} taxes for {pensioners|them}", found by "taxes ": behind it every way wants "for " and
 * then a 'p' or a 't'; before it stands a space, and before that an 'e' or a 't'. The four rarest of
 * these make the sieve: most texts with "taxes" have no such bytes there.
 *
 * A way that contradicts the literal is not followed: of "{taxes are|debt is} {high|low}" found by
 * "debt i", only the second branch counts.
 */
#include "rulebook/sieve.h"

#include "image/sieve.h"

#include <string.h>

/* Places looked at to either side. Farther ones are hardly ever known. */
#define AHEAD  24
#define BEHIND 12
/* Steps until a phrase has too many ways to follow; its sieve then lets everything through. */
#define STEPS 4096

typedef struct Look {
    const SievePrograms *programs;
    bool backward;
    SieveAnchor anchor;
    bool before_list;     /* the anchor is a list, and this way has not come to it */
    uint32_t seen[AHEAD]; /* classes wanted, by distance from the anchor */
    uint32_t reach;       /* how many of `seen` are kept */
    uint32_t steps;
    bool gave_up;
} Look;

/* How often, in a thousand, a byte of public posts is of each class: outside, a to z, digit, space, sign, wide. */
static const uint16_t share[SIEVE_CLASSES] = {5, 64, 12, 23, 30, 95, 17,  17, 40, 57, 2,
                                              8, 34, 20, 56, 63, 17, 1,   50, 52, 70, 24,
                                              9, 16, 2,  16, 1,  20, 165, 40, 10};

static bool follow(Look *l, uint32_t pc, uint32_t at, bool edge);

static bool anything_from(Look *l, uint32_t at)
{
    for (; at < l->reach; at++)
        l->seen[at] = SIEVE_ALL;
    return true;
}

/* Can this byte stand here, as far as the literal is concerned? There a space stands for all that parts words, in a hashtag
 * too. */
static bool agrees(const Look *l, uint32_t at, char byte)
{
    const SieveAnchor *a = &l->anchor;
    if (l->backward || at < a->back || at - a->back >= a->literal.len)
        return true;
    char want = a->literal.p[at - a->back];
    return want == byte || (want == ' ' && (byte == '_' || byte == '\n'));
}

static void want(Look *l, uint32_t at, uint32_t classes)
{
    if (at < l->reach)
        l->seen[at] |= classes;
}

static uint32_t class_of(char c)
{
    return UINT32_C(1) << sml_sieve_class[(unsigned char)c];
}

static bool follow_word(Look *l, uint32_t pc, uint32_t at)
{
    const uint32_t *op = l->programs->code + pc;
    const char *text = l->programs->strings + op[1];
    uint32_t len = OP_WORD_LEN(op), flags = OP_WORD_FLAGS(op);
    if (l->backward && (flags & WORD_PREFIX))
        return anything_from(l, at);
    for (uint32_t i = 0; i < len; i++)
        if (!agrees(l, at + i, text[i]))
            return false;
    bool alive = flags & WORD_PREFIX
                     ? anything_from(l, at + len)
                     : follow(l, pc + sml_image_op_size(op), at + len,
                              flags & (l->backward ? WORD_EDGE_START : WORD_EDGE_END));
    for (uint32_t i = 0; alive && i < len; i++)
        want(l, at + i, class_of(text[l->backward ? len - 1 - i : i]));
    return alive;
}

static bool follow_space(Look *l, uint32_t pc, uint32_t at)
{
    if (!agrees(l, at, ' ') || !follow(l, pc + 1, at + 1, false))
        return false;
    want(l, at, UINT32_C(1) << SIEVE_SPACE);
    return true;
}

static bool follow_split(Look *l, uint32_t pc, uint32_t at, bool edge)
{
    const uint32_t *op = l->programs->code + pc;
    bool alive = false;
    for (uint32_t i = 1; i <= OP_WAYS(op); i++)
        alive |= follow(l, OP_TARGET(op[i]), at, edge);
    return alive;
}

/* Another way to begin has an anchor of its own. */
static bool follow_to_list(Look *l, uint32_t pc)
{
    const uint32_t *op = l->programs->code + pc;
    if (op[0] != OP_LIST || op[1] != l->anchor.list)
        return false;
    l->before_list = false;
    bool alive = follow(l, pc + 2, 0, false);
    l->before_list = true;
    return alive;
}

/* The phrase ends here; `edge`: no letter or digit may go on. */
static bool follow_end(Look *l, uint32_t at, bool edge)
{
    want(l, at, edge ? ~SIEVE_WORD : SIEVE_ALL);
    return anything_from(l, at + 1);
}

/* Notes what the ways through the program from `pc` on want at `at` and behind. False if there is none that agrees with
 * the literal. */
static bool follow(Look *l, uint32_t pc, uint32_t at, bool edge)
{
    if (at >= l->reach)
        return true;
    if (l->steps == 0) {
        l->gave_up = true;
        return true;
    }
    l->steps--;
    const uint32_t *op = l->programs->code + pc;
    bool straight = OP_CODE(op) == OP_SPLIT || op[0] == OP_FIRST || OP_CODE(op) == OP_JUMP;
    if (l->before_list && !straight)
        return follow_to_list(l, pc);
    switch ((ImageOp)OP_CODE(op)) {
    case OP_MATCH:
        return follow_end(l, at, edge);
    case OP_WORD:
        return follow_word(l, pc, at);
    case OP_SEP:
        return follow_space(l, pc, at);
    case OP_SPLIT:
        return follow_split(l, pc, at, edge);
    case OP_FIRST:
        return follow(l, pc + 3, at, edge);
    case OP_JUMP:
        return follow(l, OP_JUMPS_TO(op), at, edge);
    case OP_LIST:
    case OP_GAP:
    case OP_COUNT:
        break;
    }
    return anything_from(l, at);
}

static uint32_t weight(uint32_t classes)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SIEVE_CLASSES; i++)
        sum += classes >> i & 1 ? share[i] : 0;
    return sum;
}

/* Keeps the places that let least through, the best first. */
static void keep(Sieve *out, int8_t place, uint32_t classes)
{
    for (int i = 0; i < IMAGE_SIEVE; i++) {
        if (weight(classes) >= weight(out->mask[i]))
            continue;
        int8_t last_place = out->at[i];
        uint32_t last_mask = out->mask[i];
        out->at[i] = place;
        out->mask[i] = classes;
        place = last_place;
        classes = last_mask;
    }
}

void sml_sieve_open(Sieve *out)
{
    for (int i = 0; i < IMAGE_SIEVE; i++) {
        out->at[i] = 0;
        out->mask[i] = SIEVE_ALL;
    }
}

/* Is there a '|' outside all groups and classes? */
static bool has_branches(Str source)
{
    int depth = 0;
    bool class = false;
    for (size_t i = 0; i < source.len; i++) {
        char c = source.p[i];
        if (c == '\\')
            i++;
        else if (class || c == '[')
            class = c != ']';
        else if (c == '(' || c == ')')
            depth += c == '(' ? 1 : -1;
        else if (c == '|' && depth == 0)
            return true;
    }
    return false;
}

void sml_sieve_regex(Sieve *out, Str source, Str literal, uint32_t lead)
{
    sml_sieve_open(out);
    bool word = literal.len && (class_of(literal.p[0]) & SIEVE_WORD);
    if (!word || lead != 0 || !sml_str_starts(source, STR("\\b")) || has_branches(source))
        return;
    out->at[0] = -1;
    out->mask[0] = ~SIEVE_WORD;
}

void sml_sieve_make(Sieve *out, const SievePrograms *programs, SieveAnchor anchor)
{
    sml_sieve_open(out);
    Look ahead = {.programs = programs,
                  .anchor = anchor,
                  .before_list = anchor.list != IMAGE_NONE,
                  .reach = AHEAD,
                  .steps = STEPS};
    Look behind = {.programs = programs, .backward = true, .reach = BEHIND, .steps = STEPS};
    bool alive = follow(&ahead, programs->forward, 0, false);
    if (programs->backward == IMAGE_NONE)
        anything_from(&behind, 0);
    else
        alive &= follow(&behind, programs->backward, 0, false);
    if (!alive) {
        out->mask[0] = 0;
        return;
    }
    for (uint32_t i = 0; !ahead.gave_up && i < AHEAD; i++)
        if (i < anchor.back || i - anchor.back >= anchor.literal.len)
            keep(out, (int8_t)i, ahead.seen[i]);
    for (uint32_t i = 0; !behind.gave_up && i < BEHIND; i++)
        keep(out, (int8_t)(-1 - (int)i), behind.seen[i]);
}
