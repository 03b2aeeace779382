/* SPDX-License-Identifier: MIT */
/*
 * What rules match, lowered into groups, patterns and programs.
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
#include "rulebook/compiler.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "image/must.h"
#include "match/detect.h"
#include "rulebook/literal.h"
#include "rulebook/phrase.h"
#include "rulebook/rarity.h"
#include "text/norm.h"

#include <string.h>

typedef VEC(Str) Texts;

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
static uint32_t literal_for(Compiler *c, Str text, uint8_t flags)
{
    uint32_t id;
    ImageLiteral literal = {.len = (uint8_t)text.len, .flags = flags};
    text = spaced(c, text);
    if (sml_map_get(&c->literals, text, &id)) {
        uint8_t *asked = &c->out.LITERALS.v[id].flags;
        if (flags)
            *asked = *asked ? *asked & flags : flags;
        return id;
    }
    id = c->out.LITERALS.n;
    memcpy(literal.text, text.p, text.len);
    VEC_PUSH(&c->out.LITERALS, c->a) = literal;
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
    uint8_t flags; /* LITERAL_EDGE, LITERAL_EDGE_END */
    uint32_t closed_back;
    int rarity; /* if the text alone does not tell it; else 0 */
} Lead;
typedef VEC(Lead) Leads;

#define LEADS_MAX 1024
/* A list's items anchor its matches already, so leaning on a list is nearly free. */
#define LIST_RARITY 9
#define NO_RARITY   (-1000) /* no ways at all, or too many */
/* A detector waits for digits, capitals and the like. */
#define DETECT_RARITY 3
/* So much room is in any hashtag that is too long to be measured. */
#define LEAST_MAX 255

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

static void find_sequence_leads(Compiler *c, Leads *out, Node *const *v, uint32_t n);

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
        Leads *own = ARENA_ARRAY(c->a, Leads, n->n + 1);
        find_sequence_leads(c, own, n->v, n->n);
        for (uint32_t i = 0; i < own->n && out->n < LEADS_MAX; i++)
            VEC_PUSH(out, c->a) = own->v[i];
        break;
    }
    case NODE_GAP:
        break;
    }
}

/* The leads of the rest of a sequence, which begins with `next`, seen from one plain word before it. False where they cannot be. */
static bool shift_leads(Compiler *c, Leads *out, const Node *word, const Node *next,
                        const Leads *rest)
{
    if (word->kind != NODE_WORD || (word->flags & WORD_PREFIX) || next->glued ||
        next->kind == NODE_GAP || sml_phrase_nullable(next))
        return false;
    Norm full;
    sml_norm_apply(&full, word->folded, FOLD_ALL, c->a);
    for (uint32_t i = 0; i < rest->n; i++) {
        Lead l = rest->v[i];
        if (l.list.len || l.back + full.text.len + 1 > IMAGE_BACK_MAX)
            return false;
        l.back += (uint32_t)full.text.len + 1;
        l.closed_back = 0;
        l.closed =
            cut_literal(sml_arena_printf(c->a, "%.*s%.*s", STR_ARG(full.text), STR_ARG(l.closed)));
        VEC_PUSH(out, c->a) = l;
    }
    return out->n > 0;
}

/* ---- two words as one literal: "uk labour" is found by "uk lab", and "people's vote" by "e's vo" ---- */

#define JOINS_MAX 160
#define TAIL_MAX  3

typedef struct PlainWord {
    Str text;
    bool edge; /* no letter may stand before it: not so of "'s" */
} PlainWord;
typedef VEC(PlainWord) PlainWords;

/* The words that `n` can be, if it is one word whichever way. */
static bool plain_words(Compiler *c, PlainWords *out, const Node *n)
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
    VEC_PUSH(out, c->a) = (PlainWord){full.text, (n->flags & WORD_EDGE_START) != 0};
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

static Lead join(Compiler *c, PlainWord word, Str second)
{
    Str first = word.text;
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
                  .flags = word.edge && from == 0 ? LITERAL_EDGE : 0u,
                  .rarity = first_bits + (second_bits < 8 ? second_bits : 8)};
}

static bool join_leads(Compiler *c, Leads *out, const Node *first, const Node *second)
{
    PlainWords firsts = {0};
    Texts seconds = {0};
    if (second->glued || second->kind == NODE_GAP || !plain_words(c, &firsts, first) ||
        !first_words(c, &seconds, second) || (uint64_t)firsts.n * seconds.n > JOINS_MAX)
        return false;
    for (uint32_t i = 0; i < firsts.n; i++)
        for (uint32_t k = 0; k < seconds.n; k++) {
            if (firsts.v[i].text.len > IMAGE_BACK_MAX)
                return false;
            VEC_PUSH(out, c->a) = join(c, firsts.v[i], seconds.v[k]);
        }
    return true;
}

/* The leads of a sequence's first member, or, where rarer, of it and the next as one, or of what follows it (whose leads
 * are `rest`) at a fixed distance. */
static void add_sequence_leads(Compiler *c, Leads *out, Node *const *v, uint32_t n,
                               const Leads *rest)
{
    for (uint32_t i = 0; i < n; i++) {
        add_leads(c, out, v[i]);
        if (!sml_phrase_nullable(v[i]))
            break;
    }
    Leads further = {0}, joined = {0};
    if (n > 1 && join_leads(c, &joined, v[0], v[1]) && leads_rarity(&joined) > leads_rarity(out))
        *out = joined;
    if (n > 1 && shift_leads(c, &further, v[0], v[1], rest) &&
        leads_rarity(&further) > leads_rarity(out))
        *out = further;
}

/* The leads of a sequence from each of its members on: those of one are made of those of the next. */
static void find_sequence_leads(Compiler *c, Leads *out, Node *const *v, uint32_t n)
{
    for (uint32_t i = n; i-- > 0;)
        add_sequence_leads(c, &out[i], v + i, n - i, &out[i + 1]);
}

/* The element whose leads are rarest. */
static uint32_t choose_anchor(Compiler *c, const Node *seq, Leads *leads)
{
    uint32_t best = 0;
    int rarest = NO_RARITY;
    Leads *own = ARENA_ARRAY(c->a, Leads, seq->n + 1);
    find_sequence_leads(c, own, seq->v, seq->n);
    for (uint32_t i = 0; i < seq->n; i++) {
        if (seq->v[i]->kind == NODE_GAP || sml_phrase_nullable(seq->v[i]))
            continue;
        if (leads_rarity(&own[i]) > rarest)
            best = i, rarest = leads_rarity(&own[i]), *leads = own[i];
    }
    return best;
}

/* ---- lists ---- */

static uint32_t compile_group(Compiler *c, const Want *want, Origin origin);

static uint32_t compile_list(Compiler *c, uint32_t index, uint32_t folds)
{
    const List *list = &c->rules->lists[index];
    Want want = {
        .kind = WANT_PHRASES, .pos = list->pos, .phrases = list->items, .n_phrases = list->n};
    c->list_busy[index] = 1;
    uint32_t group = compile_group(c, &want, (Origin){IN_ANY, folds, false});
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
        sml_compile_fail(c, pos, DIAG_PHRASE,
                         sml_arena_printf(c->a, "there is no list \"%.*s\"; define it under lists",
                                          STR_ARG(name))
                             .p);
        return IMAGE_NONE;
    }
    for (uint32_t i = 0; i < c->list_groups.n; i++)
        if (c->list_groups.v[i].list == index && c->list_groups.v[i].folds == folds)
            return c->list_groups.v[i].group;
    if (c->list_busy[index]) {
        sml_compile_fail(c, pos, DIAG_LIST_CIRCLE, sml_arena_printf(c->a, "%.*s", STR_ARG(name)).p);
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
    ImageStr text = sml_compile_intern(e->c, n->folded), exact = {0, 0};
    if (n->flags & (WORD_CASE | WORD_TITLE)) {
        Norm cased;
        sml_norm_apply(&cased, n->exact, FOLD_ALL & ~(unsigned)FOLD_CASE, e->c->a);
        exact = sml_compile_intern(e->c, cased.text);
    }
    if (text.len > OP_WORD_MAX)
        sml_compile_fail(e->c, e->pos, DIAG_PHRASE, "a word of more than 65,535 bytes");
    put(e, OP_WORD_PACK(n->flags, text.len));
    put(e, text.at);
    if (n->flags & (WORD_CASE | WORD_TITLE)) {
        put(e, exact.at);
        put(e, exact.len);
    }
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
    put(e, OP_SPLIT_PACK(ways));
    uint32_t at = e->code.n;
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
        VEC_PUSH(&jumps, e->c->a) = e->code.n;
        put(e, OP_JUMP);
    }
    if (sep)
        e->code.v[at + seen] = e->code.n;
    for (uint32_t i = 0; i < jumps.n; i++)
        e->code.v[jumps.v[i]] = OP_JUMP_PACK(e->code.n);
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

/* The byte that a branch must begin with, or end with leftwards; 0 if that is not known. */
static uint8_t branch_byte(const Compiler *c, const uint32_t *op, bool backward)
{
    if (OP_CODE(op) != OP_WORD || OP_WORD_LEN(op) == 0 ||
        (backward && (OP_WORD_FLAGS(op) & WORD_PREFIX)))
        return 0;
    return (uint8_t)c->out.STRINGS.v[op[1] + (backward ? OP_WORD_LEN(op) - 1 : 0)];
}

/* Makes targets, so far counted from the program's own start, indices into CODE, and says what each branch begins with. */
static void link_program(Compiler *c, uint32_t base, bool backward)
{
    uint32_t *code = c->out.CODE.v;
    uint32_t mask = 0; /* of the OP_FIRST before a split */
    for (uint32_t pc = base; pc < c->out.CODE.n; pc += sml_image_op_size(code + pc)) {
        uint32_t op = OP_CODE(code + pc), ways = op == OP_SPLIT ? OP_WAYS(code + pc) : 0;
        if (op == OP_JUMP)
            code[pc] = OP_JUMP_PACK(OP_JUMPS_TO(code + pc) + base);
        uint64_t first = 0;
        for (uint32_t i = 1; i <= ways; i++) {
            uint32_t target = code[pc + i] + base;
            uint8_t byte = branch_byte(c, code + target, backward);
            code[pc + i] = target | (uint32_t)byte << 24;
            first |= byte ? UINT64_C(1) << byte % 64 : UINT64_MAX;
        }
        if (op == OP_SPLIT && mask) {
            code[mask] = (uint32_t)first;
            code[mask + 1] = (uint32_t)(first >> 32);
        }
        mask = op == OP_FIRST ? pc + 1 : 0;
    }
}

/* ---- what can never be ---- */

static bool list_touches(Compiler *c, Str name, bool behind, unsigned depth);

/* Can a match of `n` have a letter or digit right behind it (or before it), as words with an edge there cannot? */
static bool may_touch(Compiler *c, const Node *n, bool behind, unsigned depth)
{
    uint32_t edge = behind ? WORD_EDGE_END : WORD_EDGE_START;
    if (n->kind == NODE_WORD)
        return !(n->flags & edge);
    if (n->kind == NODE_LIST)
        return list_touches(c, n->list, behind, depth);
    for (uint32_t i = 0; i < n->n; i++) {
        const Node *member = n->v[n->kind == NODE_SEQ && behind ? n->n - 1 - i : i];
        if (may_touch(c, member, behind, depth))
            return true;
        if (n->kind == NODE_SEQ && !sml_phrase_nullable(member))
            return false;
    }
    return false;
}

/* What cannot be read is told elsewhere. */
static bool item_touches(Compiler *c, Str text, bool behind, unsigned depth)
{
    const Node *item;
    ArenaMark mark = sml_arena_mark(c->a);
    bool may =
        !sml_phrase_parse(&item, text, FOLD_ALL, c->a, NULL) || may_touch(c, item, behind, depth);
    sml_arena_rewind(c->a, mark);
    return may;
}

enum { TOUCH_UNKNOWN, TOUCH_NEVER, TOUCH_MAY };

/* Looked into once: lists of lists, each as long as a rulebook, are nobody's to walk for every phrase. */
static bool list_touches(Compiler *c, Str name, bool behind, unsigned depth)
{
    uint32_t index;
    if (depth == 0 || !sml_map_get(&c->lists, name, &index))
        return true;
    uint8_t *known = &c->list_touch[behind][index];
    if (*known)
        return *known == TOUCH_MAY;
    *known = TOUCH_MAY; /* of itself, in a circle */
    const List *list = &c->rules->lists[index];
    for (uint32_t i = 0; i < list->n; i++)
        if (item_touches(c, list->items[i].text, behind, depth - 1))
            return true;
    *known = TOUCH_NEVER;
    return false;
}

#define LISTS_DEEP 4 /* further down a list may hold anything */

static bool wordish_end(Str s, bool behind)
{
    size_t at = behind ? sml_utf8_floor(s, s.len - 1) : 0;
    uint32_t c = sml_utf8_next(s, &at);
    return c != UTF8_BAD && sml_unicode_is_word(c);
}

/* The list whose items can never stand where letters are glued to it, as in "{@parties}s"; empty if there is none. */
static Str torn_list(Compiler *c, const Node *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        const Node *one = n->v[i], *next = i + 1 < n->n ? n->v[i + 1] : NULL;
        Str torn = torn_list(c, one);
        if (torn.len)
            return torn;
        if (n->kind != NODE_SEQ || !next || !next->glued)
            continue;
        if (one->kind == NODE_LIST && wordish_end(next->folded, false) &&
            !list_touches(c, one->list, true, LISTS_DEEP))
            return one->list;
        if (next->kind == NODE_LIST && wordish_end(one->folded, true) &&
            !list_touches(c, next->list, false, LISTS_DEEP))
            return next->list;
    }
    return (Str){0};
}

/* Does every match hold a blank? */
static bool has_blank(const Node *n)
{
    bool all = n->kind == NODE_ALT && n->n > 0;
    uint32_t words = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->kind == NODE_ALT)
            all &= has_blank(n->v[i]);
        else if (has_blank(n->v[i]))
            return true;
        else
            words += !n->v[i]->glued && !sml_phrase_nullable(n->v[i]);
    }
    return n->kind == NODE_ALT ? all : words > 1;
}

/* The word before a gap that ends a sentence, unless the next is glued to it as in "yahoo!news"; NULL without one. */
static const Node *stop_before_gap(const Node *n)
{
    const Node *stop = NULL;
    for (uint32_t i = 0; i < n->n && !stop; i++) {
        const Node *one = n->v[i];
        bool gap = n->kind == NODE_SEQ && i + 1 < n->n && n->v[i + 1]->kind == NODE_GAP;
        bool ends = gap && one->kind == NODE_WORD && !(one->flags & WORD_PREFIX) &&
                    strchr("!?", one->folded.p[one->folded.len - 1]);
        stop = ends ? one : stop_before_gap(one);
    }
    return stop;
}

/* In hashtags words stand closed up, and a list against letters as well. */
static void warn_of_phrase(Compiler *c, const Node *seq, const Phrase *phrase)
{
    Str torn = torn_list(c, seq);
    const Node *stop = stop_before_gap(seq);
    if (torn.len)
        sml_diag(c->diagnostics, phrase->pos, DIAG_PHRASE_TORN, STR_ARG(torn),
                 STR_ARG(phrase->text));
    if (stop)
        sml_diag(c->diagnostics, phrase->pos, DIAG_PHRASE_STOPS, STR_ARG(stop->exact));
}

/* Why a phrase that was read can never match, or NULL. */
static const char *never_met(Compiler *c, const Node *seq, Origin origin)
{
    Str torn = origin.in & IN_HASHTAG ? (Str){0} : torn_list(c, seq);
    if (torn.len)
        return sml_arena_printf(c->a,
                                "no item of \"%.*s\" can have letters against it, so this can "
                                "never match; put a space between, or the letters into the items",
                                STR_ARG(torn))
            .p;
    if (!(origin.in & ~(uint32_t)(IN_URL | IN_MENTION)) && has_blank(seq))
        return "links and mentions hold no blanks, so this can never match there; write a regex, "
               "or widen \"in\"";
    return NULL;
}

/* Moves a finished program to CODE, unless one like it is there: many words are a phrase in one rule and guard another. */
static uint32_t place_program(Compiler *c, const Emit *e)
{
    uint32_t base;
    Map *placed = &c->programs[e->backward];
    Str key = {(const char *)e->code.v, e->code.n * sizeof *e->code.v};
    if (sml_map_get(placed, key, &base))
        return base;
    base = c->out.CODE.n;
    for (uint32_t i = 0; i < e->code.n; i++)
        VEC_PUSH(&c->out.CODE, c->a) = e->code.v[i];
    link_program(c, base, e->backward);
    sml_map_add(placed, key, base, c->a);
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

static void add_literal_anchor(Compiler *c, Anchors *an, Str text, uint8_t flags, uint32_t back)
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

/* The full fold, in which hits are found, may join a word to what stands beside it in a lesser one: "①" becomes a digit. */
static void add_anchors(Compiler *c, Anchors *an, const Leads *leads, Origin origin, Pos pos)
{
    uint8_t edges = origin.folds == FOLD_ALL ? LITERAL_EDGE | LITERAL_EDGE_END : 0;
    for (uint32_t i = 0; i < leads->n; i++) {
        const Lead *l = &leads->v[i];
        if (l->list.len) {
            add_list_anchor(c, an, list_group(c, l->list, origin.folds, pos));
            continue;
        }
        add_literal_anchor(c, an, l->text, l->flags & edges, l->back);
        if (l->back || l->rarity)
            add_literal_anchor(c, an, cut_literal(l->closed),
                               l->closed_back ? 0 : LITERAL_EDGE & edges, l->closed_back);
    }
}

typedef struct Pending {
    ImagePattern record;
    Str source;
    Anchors anchors;
} Pending;
typedef VEC(Pending) Pendings;

static void compile_programs(Compiler *c, Pending *out, const Node *seq, Origin origin, Pos pos)
{
    Leads leads = {0};
    uint32_t anchor = choose_anchor(c, seq, &leads);
    if (leads.n == 0) {
        sml_compile_fail(c, pos, DIAG_PHRASE,
                         "this phrase can begin in too many ways; split it into several");
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
    if (forward.code.n > IMAGE_PROGRAM_MAX || backward.code.n > IMAGE_PROGRAM_MAX)
        sml_compile_fail(c, pos, DIAG_PHRASE,
                         "this phrase has too many alternatives; make lists of them");
    if (c->failed)
        return;
    out->record.forward = place_program(c, &forward);
    if (anchor)
        out->record.backward = place_program(c, &backward);
}

static void compile_context(Compiler *c, ImagePattern *record, const Phrase *phrase)
{
    Origin any = {IN_ANY, FOLD_ALL, false};
    record->context = IMAGE_ANYWHERE;
    if (!phrase->needs && !phrase->not_)
        return;
    ImageContext around = {IMAGE_NONE, phrase->needs_words, IMAGE_NONE};
    if (phrase->needs)
        around.needs = sml_compile_group(c, phrase->needs, any);
    if (phrase->not_)
        around.not_group = sml_compile_group(c, phrase->not_, any);
    record->context = (uint16_t)c->out.CONTEXTS.n;
    VEC_PUSH(&c->out.CONTEXTS, c->a) = around;
}

#define PHRASE_SHOWN 60 /* bytes */

static bool bad_phrase(Compiler *c, const Phrase *phrase, uint32_t at, const char *what)
{
    Str shown = sml_str_slice(phrase->text, 0, sml_utf8_floor(phrase->text, PHRASE_SHOWN));
    size_t before = sml_utf8_count(sml_str_slice(phrase->text, 0, at));
    sml_compile_fail(c, phrase->pos, DIAG_PHRASE,
                     sml_arena_printf(c->a, "phrase \"%.*s\", character %zu: %s", STR_ARG(shown),
                                      before + 1, what)
                         .p);
    return false;
}

static bool compile_phrase(Compiler *c, Pending *out, const Phrase *phrase, Origin origin)
{
    const Node *seq;
    sml_error err;
    *out = (Pending){.record = {.kind = PATTERN_PHRASE}};
    if (!sml_phrase_parse(&seq, phrase->text, origin.folds, c->a, &err))
        return bad_phrase(c, phrase, err.col, err.message);
    const char *never = never_met(c, seq, origin);
    if (never)
        return bad_phrase(c, phrase, 0, never);
    warn_of_phrase(c, seq, phrase);
    compile_programs(c, out, seq, origin, phrase->pos);
    out->source = phrase->text;
    uint32_t least = sml_phrase_least(seq);
    out->record.least = (uint16_t)(least < LEAST_MAX ? least : LEAST_MAX);
    compile_context(c, &out->record, phrase);
    return !c->failed;
}

static bool check_regex(Compiler *c, const Want *want, bool caseless)
{
    sml_error err;
    Pattern *p = sml_pattern_new(c->engine, want->regex, caseless, &err);
    if (!p) {
        sml_compile_fail(c, want->pos, DIAG_REGEX,
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

static uint32_t put_must(Compiler *c, const LiteralSet *set)
{
    VEC_PUSH(&c->out.MUSTS, c->a) =
        (ImageMust){.chars = {(uint32_t)set->must, (uint32_t)(set->must >> 32)},
                    .sets = {c->out.MUST_SETS.n, set->n_musts}};
    for (uint32_t i = 0; i < set->n_musts; i++) {
        VEC_PUSH(&c->out.MUST_SETS, c->a) = (ImageRange){c->out.MUST_TEXTS.n, set->musts[i].n};
        for (uint32_t k = 0; k < set->musts[i].n; k++) {
            Str text = spaced(c, set->musts[i].v[k]);
            ImageMustText one = {.text = sml_compile_intern(c, text)};
            sml_must_pairs(&one, text);
            VEC_PUSH(&c->out.MUST_TEXTS, c->a) = one;
        }
    }
    return c->out.MUSTS.n - 1;
}

static bool compile_regex(Compiler *c, Pending *out, const Want *want, Origin origin)
{
    bool caseless = (origin.folds & FOLD_CASE) != 0;
    LiteralSet set;
    sml_error err;
    *out = (Pending){.record = {.kind = PATTERN_REGEX, .context = IMAGE_ANYWHERE},
                     .source = want->regex};
    if (!sml_literal_derive(&set, want->regex, caseless, c->a, &err)) {
        sml_compile_fail(c, want->pos, DIAG_REGEX,
                         sml_arena_printf(c->a, "byte %u: %s", err.col, err.message).p);
        return false;
    }
    if (!check_regex(c, want, caseless))
        return false;
    warn_of_folded(c, want, origin.folds);
    if (set.n == 0 && !origin.slow) {
        sml_compile_fail(c, want->pos, DIAG_REGEX_SLOW, "");
        return false;
    }
    for (uint32_t i = 0; i < set.n; i++)
        add_literal_anchor(c, &out->anchors, cut_literal(set.v[i]), 0, 0);
    out->record.must = put_must(c, &set);
    out->record.lead = set.lead < IMAGE_FAR ? (uint16_t)set.lead : IMAGE_FAR;
    out->record.flags = (uint8_t)((caseless ? PATTERN_CASELESS : 0) | (set.n ? 0 : PATTERN_SLOW));
    return true;
}

/* ---- groups ---- */

/* How often the pattern's literals and lists stand in posts. */
static uint64_t share_of(const Compiler *c, const Pending *p)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < p->anchors.literals.n; i++) {
        const ImageLiteral *l = &c->out.LITERALS.v[IMAGE_ID(p->anchors.literals.v[i])];
        sum = sml_rarity_add(sum,
                             sml_rarity(sml_image_literal(l), (l->flags & LITERAL_EDGE_END) != 0));
    }
    for (uint32_t i = 0; i < p->anchors.lists.n; i++)
        sum += c->group_share.v[p->anchors.lists.v[i]];
    return sum;
}

static void finish_pattern(Compiler *c, Pending *p, uint32_t group)
{
    uint32_t id = c->out.PATTERNS.n;
    p->record.group = (uint16_t)group;
    for (uint32_t i = 0; i < p->anchors.literals.n; i++)
        VEC_PUSH(&c->owners, c->a) =
            (Pair){.key = IMAGE_ID(p->anchors.literals.v[i]) << 1 | !p->anchors.strict.v[i],
                   .value = IMAGE_PACK(id, IMAGE_BACK(p->anchors.literals.v[i]))};
    for (uint32_t i = 0; i < p->anchors.lists.n; i++)
        VEC_PUSH(&c->dependents, c->a) = (Pair){p->anchors.lists.v[i], id};
    VEC_PUSH(&c->out.PATTERNS, c->a) = p->record;
    VEC_PUSH(&c->sources, c->a) = p->source;
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

static uint32_t compile_group(Compiler *c, const Want *want, Origin origin)
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
    bool slow = false;
    uint64_t share = g.kind == GROUP_DETECT ? sml_rarity_add(0, DETECT_RARITY) : 0;
    for (uint32_t i = 0; i < patterns.n; i++) {
        slow |= patterns.v[i].record.flags & PATTERN_SLOW;
        share += share_of(c, &patterns.v[i]);
        finish_pattern(c, &patterns.v[i], id);
    }
    if (slow)
        g.detail = GROUP_SLOW;
    VEC_PUSH(&c->out.GROUPS, c->a) = g;
    VEC_PUSH(&c->group_share, c->a) = slow || g.kind == GROUP_TOKEN ? GROUP_EVERYWHERE : share;
    return id;
}

/* All that decides what a group matches, as text; empty where it is not worth the trouble: a regex is hardly ever written
 * twice, and what has a context stands in lists. */
static Str key_of(Compiler *c, const Want *want, Origin origin)
{
    Buf b = {0};
    bool plain = want->kind != WANT_REGEX;
    sml_buf_addf(&b, "%u %u %u %u %u %u", (unsigned)want->kind, (unsigned)want->detector,
                 (unsigned)want->token, origin.in, origin.folds, origin.slow);
    for (uint32_t i = 0; i < want->n_phrases; i++) {
        plain &= !want->phrases[i].needs && !want->phrases[i].not_;
        sml_buf_addc(&b, '\0');
        sml_buf_add(&b, want->phrases[i].text);
    }
    Str key = plain ? sml_arena_copy(c->a, sml_buf_str(&b)) : (Str){NULL, 0};
    sml_buf_free(&b);
    return key;
}

/* Rules lean on the same words again and again: these are looked for once. */
uint32_t sml_compile_group(Compiler *c, const Want *want, Origin origin)
{
    uint32_t id;
    Str key = key_of(c, want, origin);
    if (key.len && sml_map_get(&c->groups, key, &id))
        return id;
    id = compile_group(c, want, origin);
    if (key.len && !c->failed)
        sml_map_add(&c->groups, key, id, c->a);
    return id;
}

ImageWant sml_compile_want(Compiler *c, const Want *want, Origin origin)
{
    if (want->kind == WANT_PHRASES && want->n_phrases == 0)
        return (ImageWant){IMAGE_NONE, 0};
    return (ImageWant){sml_compile_group(c, want, origin), want->min ? want->min : 1};
}
