/* SPDX-License-Identifier: MIT */
/*
 * Lowers checked rules into the sections of an image.
 *
 * Everything that is matched becomes a GROUP of patterns. Groups are numbered so that one only refers to smaller
 * numbers (its lists, and the cues that its items need), which is what lets the scanner find matches by recursion
 * without fear of circles.
 *
 * Each phrase is anchored on one of its elements: the one whose possible beginnings are rarest in English. For
 * "{vote|voting} {for|} {@parties}" that is the list, so that the phrase costs nothing in a post that names no
 * party. The beginnings of anchors and the literals of regexes are what the automaton looks for; they are cut to
 * LITERAL_MAX bytes, which keeps it small enough for the cache.
 */
#include "rulebook/compile.h"

#include "base/map.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "match/detect.h"
#include "match/pattern.h"
#include "rulebook/automaton.h"
#include "rulebook/literal.h"
#include "rulebook/phrase.h"
#include "rulebook/rarity.h"
#include "rulebook/sieve.h"
#include "text/norm.h"

#include <stdlib.h>
#include <string.h>

#define IN_ANY ((1u << 7) - 1)

typedef VEC(Str) Texts;

typedef struct Pair {
    uint32_t key, value;
} Pair;
typedef VEC(Pair) Pairs;

typedef struct ListGroup {
    uint32_t list, folds, group;
} ListGroup;

typedef struct Sections {
#define X(name, type) VEC(type) name;
    IMAGE_SECTIONS(X)
#undef X
} Sections;

typedef struct Compiler {
    const Rules *rules;
    Arena *a;
    Diagnostics *diagnostics;
    Engine *engine;
    Sections out;
    Map strings, literals, lists;
    VEC(ListGroup) list_groups;
    uint8_t *list_busy; /* by list: being compiled, so a second visit is a circle */
    Pairs owners;       /* literal (times 2, plus 1 where no edges are asked for), pattern */
    Pairs dependents;   /* list group, pattern */
    Pairs triggers;     /* group, rule */
    VEC(uint8_t)
    group_slow; /* by group: has a pattern without literals, or is counted: tried on every post */
    bool failed;
} Compiler;

/* Where a group's patterns come from, for errors and defaults. */
typedef struct Origin {
    uint32_t in, folds;
    bool slow;
} Origin;

static uint32_t group_for(Compiler *c, const Want *want, Origin origin);

static void fail(Compiler *c, Pos pos, DiagCode code, const char *message)
{
    sml_diag(c->diagnostics, pos, code, message);
    c->failed = true;
}

static ImageStr intern(Compiler *c, Str s)
{
    uint32_t at;
    if (s.len == 0)
        return (ImageStr){0, 0};
    if (!sml_map_get(&c->strings, s, &at)) {
        at = c->out.STRINGS.n;
        for (size_t i = 0; i < s.len; i++)
            VEC_PUSH(&c->out.STRINGS, c->a) = s.p[i];
        sml_map_add(&c->strings, s, at, c->a);
    }
    return (ImageStr){at, (uint32_t)s.len};
}

/* ---- literals ---- */

static Str cut_literal(Str s)
{
    return s.len <= LITERAL_MAX ? s : sml_str_slice(s, 0, sml_utf8_floor(s, LITERAL_MAX));
}

/* The automaton takes every white space, and the underscore of hashtags, for a space. */
static Str spaced(Compiler *c, Str s)
{
    Str copy = sml_arena_copy(c->a, s);
    char *p = (char *)(uintptr_t)copy.p;
    for (size_t i = 0; i < copy.len; i++)
        if (p[i] == '\n' || p[i] == '_')
            p[i] = ' ';
    return copy;
}

/* Owners share a literal. Those that ask for edges at all (flags not 0) get the edges that all of them ask for; each checks
 * its own. */
static uint32_t literal_for(Compiler *c, Str text, uint32_t flags)
{
    uint32_t id;
    text = spaced(c, text);
    if (sml_map_get(&c->literals, text, &id)) {
        uint32_t *asked = &c->out.LITERALS.v[id].flags;
        if (flags)
            *asked = *asked ? *asked & flags : flags;
        return id;
    }
    id = c->out.LITERALS.n;
    VEC_PUSH(&c->out.LITERALS, c->a) = (ImageLiteral){.text = intern(c, text), .flags = flags};
    sml_map_add(&c->literals, text, id, c->a);
    return id;
}

/*
 * A lead is one way in which a phrase can be found from its anchor on: a match of a list, or a literal that stands a known
 * number of bytes behind the anchor's start. "in the room" is best found by "room", 7 bytes behind. A hashtag closes words
 * up, so a literal further on goes with a second one for tags: "inther", at the start.
 */
typedef struct Lead {
    Str text;   /* folded by the fullest fold, cut; empty: a list */
    Str closed; /* how the words from the anchor on begin in a hashtag */
    Str list;
    uint32_t back;
    uint32_t flags; /* LITERAL_EDGE, LITERAL_EDGE_END */
    uint32_t closed_back;
    int rarity; /* if the text alone does not tell it; else 0 */
} Lead;
typedef VEC(Lead) Leads;

#define LEADS_MAX 1024
/* A list's items anchor its matches already, so leaning on a list is nearly free. */
#define LIST_RARITY 9
#define NO_RARITY   (-1000) /* no ways at all, or too many */

static int lead_rarity(const Lead *l)
{
    if (l->rarity)
        return l->rarity;
    return l->list.len ? LIST_RARITY : sml_rarity(l->text, (l->flags & LITERAL_EDGE_END) != 0);
}

/* Of all ways together. */
static int leads_rarity(const Leads *leads)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < leads->n; i++)
        sum = sml_rarity_add(sum, lead_rarity(&leads->v[i]));
    return leads->n && leads->n < LEADS_MAX ? sml_rarity_of_sum(sum) : NO_RARITY;
}

static void add_word_lead(Compiler *c, Leads *out, const Node *n)
{
    Norm full;
    sml_norm_apply(&full, n->folded, FOLD_ALL, c->a);
    if (full.text.len == 0)
        return;
    Str text = cut_literal(full.text);
    bool ends =
        (n->flags & WORD_EDGE_END) && !(n->flags & WORD_PREFIX) && text.len == full.text.len;
    VEC_PUSH(out, c->a) = (Lead){.text = text,
                                 .closed = full.text,
                                 .flags = (n->flags & WORD_EDGE_START ? LITERAL_EDGE : 0u) |
                                          (ends ? LITERAL_EDGE_END : 0u)};
}

static void add_sequence_leads(Compiler *c, Leads *out, Node *const *v, uint32_t n);

static void add_leads(Compiler *c, Leads *out, const Node *n)
{
    if (out->n >= LEADS_MAX)
        return;
    switch (n->kind) {
    case NODE_WORD:
        add_word_lead(c, out, n);
        break;
    case NODE_LIST:
        VEC_PUSH(out, c->a) = (Lead){.list = n->list};
        break;
    case NODE_ALT:
        for (uint32_t i = 0; i < n->n; i++)
            add_leads(c, out, n->v[i]);
        break;
    case NODE_SEQ: {
        Leads own = {0};
        add_sequence_leads(c, &own, n->v, n->n);
        for (uint32_t i = 0; i < own.n && out->n < LEADS_MAX; i++)
            VEC_PUSH(out, c->a) = own.v[i];
        break;
    }
    case NODE_GAP:
        break;
    }
}

/* The leads of the rest of a sequence, seen from one plain word before it. False where they cannot be. */
static bool shift_leads(Compiler *c, Leads *out, const Node *word, Node *const *rest, uint32_t n)
{
    if (word->kind != NODE_WORD || (word->flags & WORD_PREFIX) || n == 0 || rest[0]->glued ||
        rest[0]->kind == NODE_GAP || sml_phrase_nullable(rest[0]))
        return false;
    Norm full;
    sml_norm_apply(&full, word->folded, FOLD_ALL, c->a);
    add_sequence_leads(c, out, rest, n);
    for (uint32_t i = 0; i < out->n; i++) {
        Lead *l = &out->v[i];
        if (l->list.len || l->back + full.text.len + 1 > IMAGE_BACK_MAX)
            return false;
        l->back += (uint32_t)full.text.len + 1;
        l->closed_back = 0;
        l->closed = sml_arena_printf(c->a, "%.*s%.*s", STR_ARG(full.text), STR_ARG(l->closed));
    }
    return out->n > 0;
}

/* ---- two words as one literal: "uk labour" is found by "uk lab", and "people's vote" by "e's vo" ---- */

#define JOINS_MAX 160
#define TAIL_MAX  3

/* The words that `n` can be, if it is one word whichever way. */
static bool plain_words(Compiler *c, Texts *out, const Node *n)
{
    if (n->kind == NODE_SEQ && n->n == 1)
        return plain_words(c, out, n->v[0]);
    if (n->kind == NODE_ALT) {
        for (uint32_t i = 0; i < n->n; i++)
            if (!plain_words(c, out, n->v[i]))
                return false;
        return true;
    }
    if (n->kind != NODE_WORD || (n->flags & WORD_PREFIX) || !(n->flags & WORD_EDGE_END))
        return false;
    Norm full;
    sml_norm_apply(&full, n->folded, FOLD_ALL, c->a);
    VEC_PUSH(out, c->a) = full.text;
    return full.text.len > 0;
}

/* The words that `n` can begin with. */
static bool first_words(Compiler *c, Texts *out, const Node *n)
{
    if (sml_phrase_nullable(n))
        return false;
    if (n->kind == NODE_SEQ)
        return first_words(c, out, n->v[0]);
    if (n->kind == NODE_ALT) {
        for (uint32_t i = 0; i < n->n; i++)
            if (!first_words(c, out, n->v[i]))
                return false;
        return true;
    }
    if (n->kind != NODE_WORD)
        return false;
    Norm full;
    sml_norm_apply(&full, n->folded, FOLD_ALL, c->a);
    VEC_PUSH(out, c->a) = full.text;
    return full.text.len > 0;
}

static Lead join(Compiler *c, Str first, Str second)
{
    size_t from = first.len > TAIL_MAX ? first.len - TAIL_MAX : 0;
    while (from < first.len && ((unsigned char)first.p[from] & 0xC0) == 0x80)
        from++;
    Str tail = sml_str_slice(first, from, first.len);
    Str open = sml_arena_printf(c->a, "%.*s %.*s", STR_ARG(tail), STR_ARG(second));
    Str closed = sml_arena_printf(c->a, "%.*s%.*s", STR_ARG(tail), STR_ARG(second));
    int first_bits = sml_rarity(first, true), second_bits = sml_rarity(cut_literal(second), false);
    /* Many words end alike. */
    if (from && first_bits > 5)
        first_bits = 5;
    return (Lead){.text = cut_literal(open),
                  .closed = closed,
                  .back = (uint32_t)from,
                  .closed_back = (uint32_t)from,
                  .flags = from ? 0u : LITERAL_EDGE,
                  .rarity = first_bits + (second_bits < 8 ? second_bits : 8)};
}

static bool join_leads(Compiler *c, Leads *out, const Node *first, const Node *second)
{
    Texts firsts = {0}, seconds = {0};
    if (second->glued || second->kind == NODE_GAP || !plain_words(c, &firsts, first) ||
        !first_words(c, &seconds, second) || (uint64_t)firsts.n * seconds.n > JOINS_MAX)
        return false;
    for (uint32_t i = 0; i < firsts.n; i++)
        for (uint32_t k = 0; k < seconds.n; k++) {
            if (firsts.v[i].len > IMAGE_BACK_MAX)
                return false;
            VEC_PUSH(out, c->a) = join(c, firsts.v[i], seconds.v[k]);
        }
    return true;
}

/* The leads of a sequence's first member, or, where rarer, of it and the next as one, or of what follows it at a
 * fixed distance. */
static void add_sequence_leads(Compiler *c, Leads *out, Node *const *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        add_leads(c, out, v[i]);
        if (!sml_phrase_nullable(v[i]))
            break;
    }
    Leads further = {0}, joined = {0};
    if (n > 1 && join_leads(c, &joined, v[0], v[1]) && leads_rarity(&joined) > leads_rarity(out))
        *out = joined;
    if (n > 1 && shift_leads(c, &further, v[0], v + 1, n - 1) &&
        leads_rarity(&further) > leads_rarity(out))
        *out = further;
}

/* The element whose leads are rarest. */
static uint32_t choose_anchor(Compiler *c, const Node *seq, Leads *leads)
{
    uint32_t best = 0;
    int rarest = NO_RARITY;
    for (uint32_t i = 0; i < seq->n; i++) {
        if (seq->v[i]->kind == NODE_GAP || sml_phrase_nullable(seq->v[i]))
            continue;
        Leads own = {0};
        add_sequence_leads(c, &own, seq->v + i, seq->n - i);
        if (leads_rarity(&own) > rarest)
            best = i, rarest = leads_rarity(&own), *leads = own;
    }
    return best;
}

/* ---- lists ---- */

static uint32_t compile_list(Compiler *c, uint32_t index, uint32_t folds)
{
    const List *list = &c->rules->lists[index];
    Want want = {
        .kind = WANT_PHRASES, .pos = list->pos, .phrases = list->items, .n_phrases = list->n};
    c->list_busy[index] = 1;
    uint32_t group = group_for(c, &want, (Origin){IN_ANY, folds, false});
    c->list_busy[index] = 0;
    c->out.GROUPS.v[group].list = index;
    if (c->out.LISTS.v[index].group == IMAGE_NONE)
        c->out.LISTS.v[index].group = group;
    VEC_PUSH(&c->list_groups, c->a) = (ListGroup){index, folds, group};
    return group;
}

static uint32_t list_group(Compiler *c, Str name, uint32_t folds, Pos pos)
{
    uint32_t index;
    if (!sml_map_get(&c->lists, name, &index)) {
        fail(c, pos, DIAG_PHRASE,
             sml_arena_printf(c->a, "there is no list \"%.*s\"; define it under lists",
                              STR_ARG(name))
                 .p);
        return IMAGE_NONE;
    }
    for (uint32_t i = 0; i < c->list_groups.n; i++)
        if (c->list_groups.v[i].list == index && c->list_groups.v[i].folds == folds)
            return c->list_groups.v[i].group;
    if (c->list_busy[index]) {
        fail(c, pos, DIAG_LIST_CIRCLE, sml_arena_printf(c->a, "%.*s", STR_ARG(name)).p);
        return IMAGE_NONE;
    }
    return compile_list(c, index, folds);
}

/* ---- programs ---- */

typedef struct Emit {
    Compiler *c;
    Origin origin;
    Pos pos;
    bool backward;
    VEC(uint32_t)
    code; /* finished programs are copied behind each other, for lists may be compiled in between */
} Emit;

static void put(Emit *e, uint32_t word)
{
    VEC_PUSH(&e->code, e->c->a) = word;
}

static void emit_sequence(Emit *e, const Node *seq, uint32_t first, uint32_t n, bool need_sep);

static void emit_word(Emit *e, const Node *n)
{
    ImageStr text = intern(e->c, n->folded), exact = {0, 0};
    if (n->flags & (WORD_CASE | WORD_TITLE)) {
        Norm cased;
        sml_norm_apply(&cased, n->exact, e->origin.folds & ~(unsigned)FOLD_CASE, e->c->a);
        exact = intern(e->c, cased.text);
    }
    put(e, OP_WORD);
    put(e, text.at);
    put(e, text.len);
    put(e, n->flags);
    put(e, exact.at);
    put(e, exact.len);
}

static void emit_node(Emit *e, const Node *n);

/* From so many branches on, one look at the byte saves looking at each. */
#define FIRST_WORTH 4

/* Branches in turn, each but the last ending in a jump behind them all. `sep` puts a separator before (1) or behind
 * (2) each branch, and adds the empty branch. */
static void emit_branches(Emit *e, const Node *alt, int sep)
{
    uint32_t branches = 0;
    for (uint32_t i = 0; i < alt->n; i++)
        branches += alt->v[i]->n > 0;
    uint32_t ways = branches + (sep != 0), seen = 0;
    if (!sep && ways >= FIRST_WORTH) {
        put(e, OP_FIRST);
        put(e, 0);
        put(e, 0);
    }
    uint32_t at = e->code.n + 2;
    put(e, OP_SPLIT);
    put(e, ways);
    for (uint32_t i = 0; i < ways; i++)
        put(e, 0);
    VEC(uint32_t) jumps = {0};
    for (uint32_t i = 0; i < alt->n; i++) {
        if (alt->v[i]->n == 0)
            continue;
        e->code.v[at + seen++] = e->code.n;
        if (sep == 1)
            put(e, OP_SEP);
        emit_node(e, alt->v[i]);
        if (sep == 2)
            put(e, OP_SEP);
        put(e, OP_JUMP);
        VEC_PUSH(&jumps, e->c->a) = e->code.n;
        put(e, 0);
    }
    if (sep)
        e->code.v[at + seen] = e->code.n;
    for (uint32_t i = 0; i < jumps.n; i++)
        e->code.v[jumps.v[i]] = e->code.n;
}

static void emit_node(Emit *e, const Node *n)
{
    switch (n->kind) {
    case NODE_WORD:
        emit_word(e, n);
        break;
    case NODE_LIST:
        put(e, OP_LIST);
        put(e, list_group(e->c, n->list, e->origin.folds, e->pos));
        break;
    case NODE_GAP:
        put(e, OP_GAP);
        put(e, n->gap);
        break;
    case NODE_ALT:
        emit_branches(e, n, 0);
        break;
    case NODE_SEQ:
        emit_sequence(e, n, e->backward ? n->n - 1 : 0, n->n, false);
        break;
    }
}

/* `n` members of a sequence from `first` on, leftwards in a backward program. An optional member brings its own
 * separator along, so that leaving it out leaves that out too. */
static void emit_sequence(Emit *e, const Node *seq, uint32_t first, uint32_t n, bool need_sep)
{
    for (uint32_t i = first; n-- > 0; i = e->backward ? i - 1 : i + 1) {
        const Node *m = seq->v[i];
        if (m->kind == NODE_GAP) {
            emit_node(e, m);
            need_sep = false;
            continue;
        }
        if (sml_phrase_nullable(m)) {
            emit_branches(e, m, need_sep ? 1 : 2);
            continue;
        }
        if (need_sep && !(m->glued && !e->backward))
            put(e, OP_SEP);
        emit_node(e, m);
        need_sep = !(e->backward && m->glued);
    }
}

static uint32_t op_size(const uint32_t *op)
{
    static const uint32_t size[OP_COUNT] = {
        [OP_MATCH] = 1, [OP_WORD] = 6, [OP_SEP] = 1,  [OP_LIST] = 2,
        [OP_GAP] = 2,   [OP_JUMP] = 2, [OP_FIRST] = 3};
    return op[0] == OP_SPLIT ? 2 + op[1] : size[op[0]];
}

/* The byte that a branch must begin with, or end with leftwards; 0 if that is not known. */
static uint8_t branch_byte(const Compiler *c, const uint32_t *op, bool backward)
{
    if (op[0] != OP_WORD || op[2] == 0 || (backward && (op[3] & WORD_PREFIX)))
        return 0;
    return (uint8_t)c->out.STRINGS.v[op[1] + (backward ? op[2] - 1 : 0)];
}

/* Moves a finished program to CODE; its targets were counted from its own start. */
static uint32_t place_program(Compiler *c, const Emit *e)
{
    uint32_t base = c->out.CODE.n;
    for (uint32_t i = 0; i < e->code.n; i++)
        VEC_PUSH(&c->out.CODE, c->a) = e->code.v[i];
    uint32_t *code = c->out.CODE.v;
    uint32_t mask = 0; /* of the OP_FIRST before a split */
    for (uint32_t pc = base; pc < base + e->code.n;) {
        uint32_t op = code[pc];
        if (op == OP_JUMP)
            code[pc + 1] += base;
        uint64_t first = 0;
        for (uint32_t i = 0; op == OP_SPLIT && i < code[pc + 1]; i++) {
            uint32_t target = code[pc + 2 + i] + base;
            uint8_t byte = branch_byte(c, code + target, e->backward);
            code[pc + 2 + i] = target | (uint32_t)byte << 24;
            first |= byte ? UINT64_C(1) << byte % 64 : UINT64_MAX;
        }
        if (op == OP_SPLIT && mask) {
            code[mask] = (uint32_t)first;
            code[mask + 1] = (uint32_t)(first >> 32);
        }
        mask = op == OP_FIRST ? pc + 1 : 0;
        pc += op_size(code + pc);
    }
    return base;
}

/* ---- patterns ---- */

/* What a pattern is found by, gathered before it has a number. */
typedef struct Anchors {
    VEC(uint32_t) literals, lists;
    VEC(uint8_t) strict; /* by literal: with edges */
} Anchors;

static void add_list_anchor(Compiler *c, Anchors *an, uint32_t group)
{
    for (uint32_t i = 0; i < an->lists.n; i++)
        if (an->lists.v[i] == group)
            return;
    VEC_PUSH(&an->lists, c->a) = group;
}

static void add_literal_anchor(Compiler *c, Anchors *an, Str text, uint32_t flags, uint32_t back)
{
    uint32_t packed = IMAGE_PACK(literal_for(c, text, flags), back);
    for (uint32_t i = 0; i < an->literals.n; i++)
        if (an->literals.v[i] == packed) {
            an->strict.v[i] &= flags != 0;
            return;
        }
    VEC_PUSH(&an->literals, c->a) = packed;
    VEC_PUSH(&an->strict, c->a) = flags != 0;
}

static void add_anchors(Compiler *c, Anchors *an, const Leads *leads, Origin origin, Pos pos)
{
    for (uint32_t i = 0; i < leads->n; i++) {
        const Lead *l = &leads->v[i];
        if (l->list.len) {
            add_list_anchor(c, an, list_group(c, l->list, origin.folds, pos));
            continue;
        }
        add_literal_anchor(c, an, l->text, l->flags, l->back);
        if (l->back || l->rarity)
            add_literal_anchor(c, an, cut_literal(l->closed), l->closed_back ? 0 : LITERAL_EDGE,
                               l->closed_back);
    }
}

typedef struct Pending {
    ImagePattern record;
    Anchors anchors;
} Pending;
typedef VEC(Pending) Pendings;

static void compile_programs(Compiler *c, Pending *out, const Node *seq, Origin origin, Pos pos)
{
    Leads leads = {0};
    uint32_t anchor = choose_anchor(c, seq, &leads);
    if (leads.n == 0) {
        fail(c, pos, DIAG_PHRASE, "this phrase can begin in too many ways; split it into several");
        return;
    }
    Emit forward = {.c = c, .origin = origin, .pos = pos};
    emit_sequence(&forward, seq, anchor, seq->n - anchor, false);
    put(&forward, OP_MATCH);
    out->record.backward = IMAGE_NONE;
    Emit backward = {.c = c, .origin = origin, .pos = pos, .backward = true};
    if (anchor) {
        emit_sequence(&backward, seq, anchor - 1, anchor, !seq->v[anchor]->glued);
        put(&backward, OP_MATCH);
    }
    add_anchors(c, &out->anchors, &leads, origin, pos);
    if (c->failed)
        return;
    out->record.forward = place_program(c, &forward);
    if (anchor)
        out->record.backward = place_program(c, &backward);
}

static void compile_context(Compiler *c, ImagePattern *record, const Phrase *phrase)
{
    Origin any = {IN_ANY, FOLD_ALL, false};
    record->needs = phrase->needs ? group_for(c, phrase->needs, any) : IMAGE_NONE;
    record->needs_words = phrase->needs_words;
    record->not_group = phrase->not_ ? group_for(c, phrase->not_, any) : IMAGE_NONE;
}

static bool compile_phrase(Compiler *c, Pending *out, const Phrase *phrase, Origin origin)
{
    const Node *seq;
    sml_error err;
    *out = (Pending){.record = {.kind = PATTERN_PHRASE}};
    if (!sml_phrase_parse(&seq, phrase->text, origin.folds, c->a, &err)) {
        fail(c, phrase->pos, DIAG_PHRASE,
             sml_arena_printf(c->a, "phrase \"%.*s\", character %u: %s", STR_ARG(phrase->text),
                              err.col + 1, err.message)
                 .p);
        return false;
    }
    compile_programs(c, out, seq, origin, phrase->pos);
    out->record.source = intern(c, phrase->text);
    compile_context(c, &out->record, phrase);
    return !c->failed;
}

static bool check_regex(Compiler *c, const Want *want, bool caseless)
{
    sml_error err;
    Pattern *p = sml_pattern_new(c->engine, want->regex, caseless, &err);
    if (!p) {
        fail(c, want->pos, DIAG_REGEX,
             sml_arena_printf(c->a, "byte %u: %s", err.col, err.message).p);
        return false;
    }
    sml_pattern_free(c->engine, p);
    return true;
}

/* Folding changes some characters whatever stands beside them; none of these is ever met by a regex. */
static void warn_of_folded(Compiler *c, const Want *want, unsigned folds)
{
    unsigned firm = folds & ~(unsigned)(FOLD_CASE | FOLD_CONFUSABLES);
    for (size_t at = 0; at < want->regex.len;) {
        size_t start = at;
        if (sml_utf8_next(want->regex, &at) < 0x80)
            continue;
        Norm folded;
        Str written = sml_str_slice(want->regex, start, at);
        sml_norm_apply(&folded, written, firm, c->a);
        if (sml_str_eq(folded.text, written))
            continue;
        sml_diag(c->diagnostics, want->pos, DIAG_REGEX_FOLDED, STR_ARG(written),
                 STR_ARG(folded.text));
        return;
    }
}

static bool compile_regex(Compiler *c, Pending *out, const Want *want, Origin origin)
{
    bool caseless = (origin.folds & FOLD_CASE) != 0;
    LiteralSet set;
    sml_error err;
    *out = (Pending){.record = {.kind = PATTERN_REGEX,
                                .needs = IMAGE_NONE,
                                .not_group = IMAGE_NONE,
                                .forward = IMAGE_NONE,
                                .backward = IMAGE_NONE}};
    if (!sml_literal_derive(&set, want->regex, caseless, c->a, &err)) {
        fail(c, want->pos, DIAG_REGEX,
             sml_arena_printf(c->a, "byte %u: %s", err.col, err.message).p);
        return false;
    }
    if (!check_regex(c, want, caseless))
        return false;
    warn_of_folded(c, want, origin.folds);
    if (set.n == 0 && !origin.slow) {
        fail(c, want->pos, DIAG_REGEX_SLOW, "");
        return false;
    }
    for (uint32_t i = 0; i < set.n; i++)
        add_literal_anchor(c, &out->anchors, cut_literal(set.v[i]), 0, 0);
    out->record.source = intern(c, want->regex);
    out->record.lead = set.lead == UINT32_MAX ? IMAGE_NONE : set.lead;
    out->record.flags = (caseless ? PATTERN_CASELESS : 0u) | (set.n ? 0u : PATTERN_SLOW);
    return true;
}

/* ---- groups ---- */

static void finish_pattern(Compiler *c, Pending *p, uint32_t group)
{
    uint32_t id = c->out.PATTERNS.n;
    p->record.group = group;
    for (uint32_t i = 0; i < p->anchors.literals.n; i++)
        VEC_PUSH(&c->owners, c->a) =
            (Pair){.key = IMAGE_ID(p->anchors.literals.v[i]) << 1 | !p->anchors.strict.v[i],
                   .value = IMAGE_PACK(id, IMAGE_BACK(p->anchors.literals.v[i]))};
    for (uint32_t i = 0; i < p->anchors.lists.n; i++)
        VEC_PUSH(&c->dependents, c->a) = (Pair){p->anchors.lists.v[i], id};
    VEC_PUSH(&c->out.PATTERNS, c->a) = p->record;
}

static void compile_patterns(Compiler *c, const Want *want, Origin origin, Pendings *out)
{
    Pending p;
    if (want->kind == WANT_REGEX && compile_regex(c, &p, want, origin))
        VEC_PUSH(out, c->a) = p;
    for (uint32_t i = 0; want->kind == WANT_PHRASES && i < want->n_phrases; i++) {
        bool before = c->failed;
        c->failed = false;
        if (compile_phrase(c, &p, &want->phrases[i], origin))
            VEC_PUSH(out, c->a) = p;
        c->failed |= before;
    }
}

static uint32_t group_for(Compiler *c, const Want *want, Origin origin)
{
    Pendings patterns = {0};
    compile_patterns(c, want, origin, &patterns);
    uint32_t id = c->out.GROUPS.n;
    ImageGroup g = {
        .kind = GROUP_PATTERNS, .in = origin.in, .folds = origin.folds, .list = IMAGE_NONE};
    if (want->kind == WANT_DETECT)
        g.kind = GROUP_DETECT, g.detail = want->detector;
    if (want->kind == WANT_TOKEN)
        g.kind = GROUP_TOKEN, g.detail = want->token;
    g.patterns = (ImageRange){c->out.PATTERNS.n, patterns.n};
    bool slow = g.kind == GROUP_TOKEN;
    for (uint32_t i = 0; i < patterns.n; i++) {
        if (patterns.v[i].record.flags & PATTERN_SLOW) {
            slow = true;
            g.detail = GROUP_SLOW;
        }
        finish_pattern(c, &patterns.v[i], id);
    }
    VEC_PUSH(&c->out.GROUPS, c->a) = g;
    VEC_PUSH(&c->group_slow, c->a) = slow;
    return id;
}

static ImageWant want_for(Compiler *c, const Want *want, Origin origin)
{
    if (want->kind == WANT_PHRASES && want->n_phrases == 0)
        return (ImageWant){IMAGE_NONE, 0};
    return (ImageWant){group_for(c, want, origin), want->min ? want->min : 1};
}

/* ---- conditions ---- */

static void fill_cond(Compiler *c, uint32_t at, const Cond *cond)
{
    ImageCond r = {
        .op = cond->op, .fact = cond->fact, .n = cond->n, .from = cond->from, .to = cond->to};
    bool tree = cond->op == COND_AND || cond->op == COND_OR || cond->op == COND_NOT;
    if (tree) {
        r.first = c->out.CONDS.n;
        for (uint32_t i = 0; i < cond->n; i++)
            VEC_PUSH(&c->out.CONDS, c->a) = (ImageCond){0};
        for (uint32_t i = 0; i < cond->n; i++)
            fill_cond(c, r.first + i, &cond->children[i]);
    } else {
        r.first = c->out.VALUES.n;
        for (uint32_t i = 0; i < cond->n; i++)
            VEC_PUSH(&c->out.VALUES, c->a) = intern(c, cond->values[i]);
    }
    c->out.CONDS.v[at] = r;
}

static uint32_t cond_for(Compiler *c, const Cond *cond)
{
    if (!cond)
        return IMAGE_NONE;
    uint32_t at = c->out.CONDS.n;
    VEC_PUSH(&c->out.CONDS, c->a) = (ImageCond){0};
    fill_cond(c, at, cond);
    return at;
}

/* ---- rules ---- */

static ImageRange compile_guards(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageGuard) guards = {0};
    /* A guard looks at all the text, wherever the rule itself may match. */
    Origin any = {IN_ANY, origin.folds, origin.slow};
    for (uint32_t i = 0; i < rule->n_guards; i++) {
        const Guard *g = &rule->guards[i];
        ImageGuard r = {.kind = g->kind,
                        .words = g->words,
                        .inside = g->inside,
                        .want = {IMAGE_NONE, 0},
                        .cond = cond_for(c, g->when)};
        if (g->kind != GUARD_INSIDE && g->kind != GUARD_WHEN)
            r.want = want_for(c, &g->want, any);
        VEC_PUSH(&guards, c->a) = r;
    }
    ImageRange range = {c->out.GUARDS.n, guards.n};
    for (uint32_t i = 0; i < guards.n; i++)
        VEC_PUSH(&c->out.GUARDS, c->a) = guards.v[i];
    return range;
}

static ImageRange compile_cues(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageCue) cues = {0};
    for (uint32_t i = 0; i < rule->n_cues; i++)
        VEC_PUSH(&cues, c->a) = (ImageCue){.name = intern(c, rule->cues[i].name),
                                           .want = want_for(c, &rule->cues[i].want, origin),
                                           .weight = rule->cues[i].weight};
    ImageRange range = {c->out.CUES.n, cues.n};
    for (uint32_t i = 0; i < cues.n; i++)
        VEC_PUSH(&c->out.CUES, c->a) = cues.v[i];
    return range;
}

static ImageRange compile_wants(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageWant) wants = {0};
    for (uint32_t i = 0; i < rule->n_wants; i++) {
        Origin o = origin;
        /* What is required may stand anywhere, a link included. */
        if (rule->kind == RULE_REQUIRE && i == 1)
            o.in = IN_ANY;
        VEC_PUSH(&wants, c->a) = want_for(c, &rule->wants[i], o);
    }
    ImageRange range = {c->out.WANTS.n, wants.n};
    for (uint32_t i = 0; i < wants.n; i++)
        VEC_PUSH(&c->out.WANTS, c->a) = wants.v[i];
    return range;
}

static void trigger(Compiler *c, ImageRule *r, uint32_t rule, ImageWant want)
{
    if (want.group == IMAGE_NONE || c->group_slow.v[want.group])
        r->flags |= RULE_ALWAYS;
    else
        VEC_PUSH(&c->triggers, c->a) = (Pair){want.group, rule};
}

/* One member that must match is enough to wait for; of several, the first that can be looked for. */
static void trigger_one_of(Compiler *c, ImageRule *r, uint32_t rule, uint32_t first, uint32_t n)
{
    const ImageWant *wants = c->out.WANTS.v + r->wants.first;
    for (uint32_t i = first; i < first + n; i++)
        if (wants[i].group != IMAGE_NONE && !c->group_slow.v[wants[i].group]) {
            trigger(c, r, rule, wants[i]);
            return;
        }
    r->flags |= RULE_ALWAYS;
}

static void compile_triggers(Compiler *c, ImageRule *r, uint32_t id)
{
    switch ((ImageRuleKind)r->kind) {
    case RULE_MATCH:
    case RULE_REQUIRE:
    case RULE_LIMIT:
        trigger(c, r, id, c->out.WANTS.v[r->wants.first]);
        break;
    case RULE_NEAR:
        trigger_one_of(c, r, id, 0, r->wants.n);
        break;
    case RULE_SCORE:
        for (uint32_t i = 0; i < r->cues.n; i++)
            if (c->out.CUES.v[r->cues.first + i].weight > 0)
                trigger(c, r, id, c->out.CUES.v[r->cues.first + i].want);
        break;
    case RULE_COMPOSE:
        if (r->n_all)
            trigger_one_of(c, r, id, 0, r->n_all);
        for (uint32_t i = 0; !r->n_all && i < r->n_any; i++)
            trigger(c, r, id, c->out.WANTS.v[r->wants.first + i]);
        break;
    case RULE_COMPARE:
        r->flags |= RULE_ALWAYS;
        break;
    }
}

static void fill_texts(Compiler *c, ImageRule *r, const Rule *rule)
{
    r->id = intern(c, rule->id);
    r->title = intern(c, rule->title);
    r->message = intern(c, rule->message.en);
    r->message_cy = intern(c, rule->message.cy);
    r->why = intern(c, rule->why.en);
    r->why_cy = intern(c, rule->why.cy);
    r->instead = intern(c, rule->instead.en);
    r->instead_cy = intern(c, rule->instead.cy);
    r->ask = intern(c, rule->ask.en);
    r->ask_cy = intern(c, rule->ask.cy);
    r->suggest = intern(c, rule->suggest);
    r->when_words = intern(c, rule->when_words);
    r->kind_word = intern(c, rule->kind_word);
    r->compare_each = intern(c, rule->compare_each);
    r->compare_key = intern(c, rule->compare_key);
}

static ImageRange compile_examples(Compiler *c, const Rule *rule)
{
    ImageRange range = {c->out.EXAMPLES.n, rule->n_examples};
    for (uint32_t i = 0; i < rule->n_examples; i++) {
        const Example *x = &rule->examples[i];
        ImageExample r = {.text = intern(c, x->text),
                          .note = intern(c, x->note),
                          .at = intern(c, x->at),
                          .path = intern(c, x->pos.path),
                          .line = x->pos.line,
                          .col = x->pos.col,
                          .flags = (x->hit ? EXAMPLE_HIT : 0u) | (x->todo ? EXAMPLE_TODO : 0u),
                          .grade = x->grade,
                          .spans = {c->out.SPANS.n, x->n_spans},
                          .meta = {c->out.PAIRS.n, x->n_meta}};
        for (uint32_t j = 0; j < x->n_spans; j++)
            VEC_PUSH(&c->out.SPANS, c->a) = x->spans[j];
        for (uint32_t j = 0; j < x->n_meta; j++)
            VEC_PUSH(&c->out.PAIRS, c->a) =
                (ImagePair){intern(c, x->meta[j].key), intern(c, x->meta[j].value)};
        VEC_PUSH(&c->out.EXAMPLES, c->a) = r;
    }
    return range;
}

static ImageRange compile_cites(Compiler *c, const Cite *cites, uint32_t n)
{
    ImageRange range = {c->out.CITES.n, n};
    for (uint32_t i = 0; i < n; i++) {
        const Source *s = cites[i].source;
        VEC_PUSH(&c->out.CITES, c->a) = (ImageCite){.source = intern(c, s->key),
                                                    .title = intern(c, s->title),
                                                    .year = intern(c, s->year),
                                                    .url = intern(c, s->url),
                                                    .read = intern(c, s->read),
                                                    .verified = s->verified,
                                                    .at = intern(c, cites[i].at)};
    }
    return range;
}

static ImageRange compile_covers(Compiler *c, const Rule *rule)
{
    ImageRange range = {c->out.ANCHORS.n, rule->n_covers};
    for (uint32_t i = 0; i < rule->n_covers; i++)
        VEC_PUSH(&c->out.ANCHORS, c->a) = rule->covers[i];
    return range;
}

static ImageRange compile_grades(Compiler *c, const Rule *rule)
{
    VEC(ImageGrade) rows = {0};
    for (uint32_t i = 0; i < rule->n_grades; i++)
        VEC_PUSH(&rows, c->a) = (ImageGrade){.cond = cond_for(c, rule->grades[i].when),
                                             .grade = rule->grades[i].grade,
                                             .words = intern(c, rule->grades[i].words)};
    ImageRange range = {c->out.GRADES.n, rows.n};
    for (uint32_t i = 0; i < rows.n; i++)
        VEC_PUSH(&c->out.GRADES, c->a) = rows.v[i];
    return range;
}

/* Which lists a rule's patterns use, seen from the programs of its groups. */
static void note_lists(Compiler *c, uint32_t group, uint8_t *used)
{
    if (group == IMAGE_NONE)
        return;
    const ImageGroup *g = &c->out.GROUPS.v[group];
    if (g->list != IMAGE_NONE)
        used[g->list] = 1;
    for (uint32_t i = 0; i < g->patterns.n; i++) {
        const ImagePattern *p = &c->out.PATTERNS.v[g->patterns.first + i];
        if (p->needs != IMAGE_NONE)
            note_lists(c, p->needs, used);
        for (int side = 0; p->kind == PATTERN_PHRASE && side < 2; side++) {
            uint32_t pc = side ? p->backward : p->forward;
            if (pc == IMAGE_NONE)
                continue;
            const uint32_t *code = c->out.CODE.v;
            while (code[pc] != OP_MATCH) {
                if (code[pc] == OP_LIST)
                    note_lists(c, code[pc + 1], used);
                pc += op_size(code + pc);
            }
        }
    }
}

static ImageRange compile_lists_used(Compiler *c, const ImageRule *r)
{
    uint8_t *used = ARENA_ARRAY(c->a, uint8_t, c->rules->n_lists + 1);
    for (uint32_t i = 0; i < r->wants.n; i++)
        note_lists(c, c->out.WANTS.v[r->wants.first + i].group, used);
    for (uint32_t i = 0; i < r->cues.n; i++)
        note_lists(c, c->out.CUES.v[r->cues.first + i].want.group, used);
    ImageRange range = {c->out.ANCHORS.n, 0};
    for (uint32_t i = 0; i < c->rules->n_lists; i++)
        if (used[i])
            VEC_PUSH(&c->out.ANCHORS, c->a) = i, range.n++;
    return range;
}

static void compile_rule(Compiler *c, const Rule *rule)
{
    uint32_t id = c->out.RULES.n;
    Origin origin = {rule->in, rule->folds, rule->slow};
    ImageRule r = {.grade = rule->grade,
                   .status = rule->status,
                   .flags = rule->flags,
                   .kind = rule->kind,
                   .limit = rule->limit,
                   .distance = rule->distance,
                   .over = rule->over,
                   .n_all = rule->n_all,
                   .n_any = rule->n_any,
                   .mend = rule->mend};
    fill_texts(c, &r, rule);
    r.when = cond_for(c, rule->when);
    /* A retired rule is there to be read about. */
    bool runs = rule->status != STATUS_RETIRED;
    if (runs) {
        r.wants = compile_wants(c, rule, origin);
        r.cues = compile_cues(c, rule, origin);
        r.guards = compile_guards(c, rule, origin);
    } else {
        r.n_all = r.n_any = 0;
    }
    r.grades = compile_grades(c, rule);
    r.cites = compile_cites(c, rule->cites, rule->n_cites);
    r.covers = compile_covers(c, rule);
    r.examples = compile_examples(c, rule);
    r.aliases = (ImageRange){c->out.ALIASES.n, rule->n_aliases};
    for (uint32_t i = 0; i < rule->n_aliases; i++)
        VEC_PUSH(&c->out.ALIASES, c->a) = intern(c, rule->aliases[i]);
    if (!c->failed && runs) {
        r.lists = compile_lists_used(c, &r);
        compile_triggers(c, &r, id);
    }
    VEC_PUSH(&c->out.RULES, c->a) = r;
}

/* ---- from pairs to ranges ---- */

static int compare_pairs(const void *a, const void *b)
{
    const Pair *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static void sort_pairs(Pairs *pairs)
{
    if (pairs->n)
        qsort(pairs->v, pairs->n, sizeof *pairs->v, compare_pairs);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < pairs->n; i++)
        if (!kept || compare_pairs(&pairs->v[kept - 1], &pairs->v[i]) != 0)
            pairs->v[kept++] = pairs->v[i];
    pairs->n = kept;
}

static void put_owner(Compiler *c, uint32_t packed, SieveAnchor anchor)
{
    const ImagePattern *p = &c->out.PATTERNS.v[IMAGE_ID(packed)];
    ImageOwner owner = {.pattern = packed};
    SievePrograms programs = {c->out.CODE.v, c->out.STRINGS.v, p->forward, p->backward};
    /* What folds less is looked for in a text of its own. */
    if (p->kind == PATTERN_PHRASE && c->out.GROUPS.v[p->group].folds == FOLD_ALL)
        sml_sieve_make(&owner, &programs, anchor);
    else if (p->kind == PATTERN_REGEX)
        sml_sieve_regex(&owner, (Str){c->out.STRINGS.v + p->source.at, p->source.len},
                        anchor.literal, p->lead);
    else
        sml_sieve_open(&owner);
    VEC_PUSH(&c->out.OWNERS, c->a) = owner;
}

static void place_owners(Compiler *c)
{
    sort_pairs(&c->owners);
    for (uint32_t i = 0; i < c->owners.n; i++) {
        ImageLiteral *l = &c->out.LITERALS.v[c->owners.v[i].key >> 1];
        uint32_t packed = c->owners.v[i].value;
        if (l->owners.n++ == 0)
            l->owners.first = c->out.OWNERS.n;
        l->n_strict += !(c->owners.v[i].key & 1);
        put_owner(c, packed,
                  (SieveAnchor){{c->out.STRINGS.v + l->text.at, l->text.len},
                                IMAGE_BACK(packed),
                                IMAGE_NONE});
    }
}

static void place_dependents(Compiler *c)
{
    sort_pairs(&c->dependents);
    for (uint32_t i = 0; i < c->dependents.n; i++) {
        uint32_t list = c->dependents.v[i].key;
        ImageGroup *g = &c->out.GROUPS.v[list];
        if (g->dependents.n++ == 0)
            g->dependents.first = c->out.OWNERS.n;
        put_owner(c, c->dependents.v[i].value, (SieveAnchor){.list = list});
    }
}

static void place_triggers(Compiler *c)
{
    sort_pairs(&c->triggers);
    for (uint32_t i = 0; i < c->triggers.n; i++) {
        ImageRange *r = &c->out.GROUPS.v[c->triggers.v[i].key].rules;
        if (r->n++ == 0)
            r->first = c->out.ANCHORS.n;
        VEC_PUSH(&c->out.ANCHORS, c->a) = c->triggers.v[i].value;
    }
}

static bool program_has_list(const Compiler *c, uint32_t pc)
{
    const uint32_t *code = c->out.CODE.v;
    for (; pc != IMAGE_NONE && code[pc] != OP_MATCH; pc += op_size(code + pc))
        if (code[pc] == OP_LIST)
            return true;
    return false;
}

/* What a rule or another phrase waits for is tried as soon as it can be; what only guards, when somebody asks. */
static void mark_eager(Compiler *c)
{
    for (uint32_t i = 0; i < c->out.PATTERNS.n; i++) {
        ImagePattern *p = &c->out.PATTERNS.v[i];
        const ImageGroup *g = &c->out.GROUPS.v[p->group];
        if (p->kind != PATTERN_PHRASE || g->folds != FOLD_ALL || (!g->rules.n && !g->dependents.n))
            continue;
        bool lists = program_has_list(c, p->forward) || program_has_list(c, p->backward);
        if (!lists)
            p->flags |= PATTERN_EAGER;
        else if (g->list == IMAGE_NONE)
            p->flags |= PATTERN_LATE;
    }
}

static bool place_automaton(Compiler *c)
{
    Str *texts = ARENA_ARRAY(c->a, Str, c->out.LITERALS.n + 1);
    for (uint32_t i = 0; i < c->out.LITERALS.n; i++) {
        ImageStr t = c->out.LITERALS.v[i].text;
        texts[i] = (Str){c->out.STRINGS.v + t.at, t.len};
    }
    Automaton built;
    sml_error err;
    if (!sml_automaton_build(&built, texts, c->out.LITERALS.n, c->a, &err)) {
        fail(c, (Pos){.path = c->rules->id}, DIAG_PHRASE, err.message);
        return false;
    }
    VEC_PUSH(&c->out.AUTOMATA, c->a) = built.head;
    for (uint32_t i = 0; i <= built.head.n_final; i++)
        VEC_PUSH(&c->out.OUTPUT_AT, c->a) = built.final[i];
    for (uint32_t i = 0; i < built.n_outputs; i++)
        VEC_PUSH(&c->out.OUTPUTS, c->a) = built.outputs[i];
    c->out.NEXT.v = (uint8_t *)(uintptr_t)built.next;
    c->out.NEXT.n = c->out.NEXT.cap = (uint32_t)built.n_next;
    return true;
}

/* ---- writing ---- */

static void add_section(Buf *out, ImageHeader *h, uint32_t section, const void *v, uint32_t n,
                        size_t size)
{
    while (out->len % 8)
        sml_buf_addc(out, '\0');
    h->sections[section] = (ImageRange){(uint32_t)out->len, n};
    sml_buf_add(out, (Str){v, n * size});
}

static bool write_image(Compiler *c, Buf *out)
{
    ImageHeader h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, IMAGE_MAGIC, sizeof h.magic);
    h.version = IMAGE_VERSION;
    h.endian = IMAGE_ENDIAN;
    h.layout = sml_image_layout();
    sml_buf_clear(out);
    sml_buf_add(out, (Str){(const char *)&h, sizeof h});
#define X(name, type)                                                                              \
    add_section(out, &h, SECTION_##name, c->out.name.v, c->out.name.n, sizeof(type));
    IMAGE_SECTIONS(X)
#undef X
    while (out->len % 8)
        sml_buf_addc(out, '\0');
    if (out->len > IMAGE_MAX_BYTES || c->out.PATTERNS.n > IMAGE_ID(UINT32_MAX) ||
        c->out.LITERALS.n > IMAGE_ID(UINT32_MAX) || c->out.CODE.n > OP_TARGET(UINT32_MAX)) {
        fail(c, (Pos){.path = c->rules->id}, DIAG_PHRASE,
             "the compiled rulebook is too large; split it into several");
        return false;
    }
    h.size = (uint32_t)out->len;
    h.checksum = sml_str_hash((Str){out->p + sizeof h, out->len - sizeof h});
    memcpy(out->p, &h, sizeof h);
    return true;
}

/* ---- all of it ---- */

static void compile_head(Compiler *c)
{
    const Rules *r = c->rules;
    VEC_PUSH(&c->out.PACKS, c->a) =
        (ImagePack){intern(c, r->id), intern(c, r->title), intern(c, r->version),
                    intern(c, r->language), intern(c, r->requires_)};
    for (uint32_t i = 0; i < r->n_windows; i++) {
        const Window *w = &r->windows[i];
        VEC_PUSH(&c->out.WINDOWS, c->a) = (ImageWindow){intern(c, w->name),
                                                        intern(c, w->nation),
                                                        intern(c, w->kind),
                                                        intern(c, w->status),
                                                        w->from,
                                                        w->to};
    }
    for (uint32_t i = 0; i < r->n_obligations; i++) {
        const Obligation *o = &r->obligations[i];
        VEC_PUSH(&c->out.OBLIGATIONS, c->a) =
            (ImageObligation){.name = intern(c, o->name),
                              .title = intern(c, o->title),
                              .see = intern(c, o->see),
                              .cite = compile_cites(c, &o->cite, 1).first};
    }
    for (uint32_t i = 0; i < r->n_editions; i++) {
        const Edition *e = &r->editions[i];
        ImageEdition record = {
            .words = intern(c, e->words), .cond = cond_for(c, e->when), .cite = IMAGE_NONE};
        if (e->cite.source)
            record.cite = compile_cites(c, &e->cite, 1).first;
        for (uint32_t k = 0; k < e->n_of; k++) {
            record.of = intern(c, e->of[k]->key);
            VEC_PUSH(&c->out.EDITIONS, c->a) = record;
        }
    }
    for (uint32_t i = 0; i < r->n_networks; i++) {
        const Network *n = &r->networks[i];
        ImageNetwork record = {.name = intern(c, n->name),
                               .title = intern(c, n->title),
                               .checked = intern(c, n->checked),
                               .unit = n->unit,
                               .link = n->link,
                               .cite = compile_cites(c, &n->cite, 1).first};
        memcpy(record.max, n->max, sizeof record.max);
        VEC_PUSH(&c->out.NETWORKS, c->a) = record;
    }
    for (uint32_t i = 0; i < r->n_lists; i++) {
        sml_map_add(&c->lists, r->lists[i].name, i, c->a);
        VEC_PUSH(&c->out.LISTS, c->a) = (ImageList){
            intern(c, r->lists[i].name), intern(c, r->lists[i].checked), r->lists[i].n, IMAGE_NONE};
    }
}

static bool compile_all(Compiler *c, Buf *out)
{
    compile_head(c);
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        compile_rule(c, &c->rules->rules[i]);
    if (c->failed)
        return false;
    place_owners(c);
    place_dependents(c);
    place_triggers(c);
    mark_eager(c);
    return place_automaton(c) && write_image(c, out);
}

bool sml_compile(Buf *out, const Rules *rules, Diagnostics *diagnostics, Arena *a)
{
    Compiler c = {.rules = rules, .a = a, .diagnostics = diagnostics};
    c.engine = sml_pattern_engine(false);
    c.list_busy = ARENA_ARRAY(a, uint8_t, rules->n_lists + 1);
    bool ok = compile_all(&c, out);
    sml_pattern_engine_free(c.engine);
    return ok;
}
