/* SPDX-License-Identifier: MIT */
/*
 * A backtracking matcher: run_code follows a program from `at` and returns whether it reached OP_MATCH, trying
 * alternatives in the order written and gaps shortest first. Programs only jump ahead, so the depth of recursion is
 * bounded by the number of branching operations in one program; the steps of one rule and post are bounded by
 * run->steps.
 *
 * "vote <2> {@parties}" is anchored on the list. From a match of the list at "labour" in "vote for labour", forward
 * takes the list and is done; backward then skips at most two words to the left and wants "vote" to end there.
 */
#include "match/phrase.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

typedef struct Walk {
    PhraseRun *run;
    Str text; /* these three are the run's, at hand */
    const uint32_t *code;
    const char *strings;
    bool backward;
    uint32_t end;   /* where OP_MATCH was reached */
    uint32_t words; /* how many were matched: only counted in hashtags */
} Walk;

static bool run_code(Walk *w, uint32_t pc, uint32_t at, uint32_t words);

static Walk walk_of(PhraseRun *run, bool backward)
{
    return (Walk){.run = run,
                  .text = run->view->norm.text,
                  .code = sml_image_CODE(run->image),
                  .strings = sml_image_STRINGS(run->image),
                  .backward = backward};
}

static bool wordish_behind(Str s, uint32_t at)
{
    if (at >= s.len)
        return false;
    unsigned char c = (unsigned char)s.p[at];
    if (c < 0x80)
        return sml_unicode_is_word(c);
    size_t i = at;
    return sml_unicode_is_word(sml_utf8_next(s, &i));
}

/* ---- boundaries of a hashtag's words ---- */

static bool is_split(const Tag *tag, uint32_t at)
{
    uint32_t low = 0, high = tag->n_splits;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (tag->splits[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < tag->n_splits && tag->splits[low] == at;
}

static bool in_tag(const Tag *tag, uint32_t at)
{
    return at >= tag->splits[0] && at <= tag->splits[tag->n_splits - 1];
}

static bool tag_boundary(const Tag *tag, uint32_t at)
{
    return in_tag(tag, at) && (tag->one_case || is_split(tag, at));
}

static bool ascii_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool edge_at(const Walk *w, uint32_t at)
{
    Str s = w->text;
    if (w->run->tag)
        return tag_boundary(w->run->tag, at);
    if (at == 0 || at >= s.len)
        return true;
    unsigned char before = (unsigned char)s.p[at - 1], behind = (unsigned char)s.p[at];
    if ((before | behind) < 0x80)
        return !ascii_word(before) || !ascii_word(behind);
    return sml_token_edge(s, at);
}

/* ---- words ---- */

/* Letters, marks, digits and inner apostrophes from `at` on; in a hashtag up to the tag's word end. */
static uint32_t word_tail(const Walk *w, uint32_t at)
{
    Str s = w->text;
    const Tag *tag = w->run->tag;
    for (;;) {
        if (tag && !tag->one_case && is_split(tag, at))
            return at;
        if (wordish_behind(s, at)) {
            size_t i = at;
            sml_utf8_next(s, &i);
            at = (uint32_t)i;
        } else if (!tag && at < s.len && s.p[at] == '\'' && wordish_behind(s, at + 1)) {
            at++;
        } else {
            return at;
        }
    }
}

/* Every cased letter a capital, and at least two of them: initials prove nothing. */
static bool all_capitals(Str written)
{
    unsigned capitals = 0;
    for (size_t at = 0; at < written.len;) {
        uint32_t c = sml_utf8_next(written, &at);
        if (sml_unicode_is_lower(c))
            return false;
        capitals += sml_unicode_is_upper(c);
    }
    return capitals >= 2;
}

/* As written, capitals and all, but with every other trick undone, as the exact form in the image is. */
static Str cased(const Walk *w, uint32_t start, uint32_t end)
{
    const View *v = w->run->view;
    Span at = sml_norm_span(&v->norm, start, end);
    Str written = sml_str_slice(v->original, at.start, at.end);
    for (size_t i = 0; i < written.len; i++)
        if ((unsigned char)written.p[i] >= 0x80) {
            Norm plain;
            sml_norm_apply(&plain, written, FOLD_ALL & ~FOLD_CASE, w->run->scratch);
            return plain.text;
        }
    return written;
}

/* A capital says nothing at the start of a sentence or line. */
static bool begins_sentence(const Walk *w, uint32_t start)
{
    Str s = w->text;
    uint32_t at = start;
    while (at > 0 && (s.p[at - 1] == '"' || s.p[at - 1] == '\'' || s.p[at - 1] == '(' ||
                      s.p[at - 1] == '#' || s.p[at - 1] == ' '))
        at--;
    if (at == 0 || s.p[at - 1] == '\n')
        return true;
    const Tokens *t = sml_view_tokens(w->run->view);
    uint32_t i = sml_token_at(t, start);
    while (i > 0 && i < t->n && t->v[i - 1].kind == TOKEN_EMOJI)
        i--;
    return i == 0 || (i < t->n && t->v[i].leads);
}

/* Nor where the neighbouring word is all capitals as well. */
static bool inside_capitals(const Walk *w, uint32_t start, uint32_t end)
{
    const Tokens *t = sml_view_tokens(w->run->view);
    uint32_t i = sml_token_at(t, start), next = sml_token_at(t, end);
    if (next < t->n && t->v[next].start < end)
        next++;
    bool before = i > 0 && i < t->n && t->v[i - 1].kind == TOKEN_WORD &&
                  all_capitals(cased(w, t->v[i - 1].start, sml_token_end(&t->v[i - 1])));
    bool behind = next < t->n && t->v[next].kind == TOKEN_WORD &&
                  all_capitals(cased(w, t->v[next].start, sml_token_end(&t->v[next])));
    return before || behind;
}

static bool case_holds(const Walk *w, const uint32_t *op, uint32_t start, uint32_t end)
{
    Str exact = sml_image_str(w->run->image, (ImageStr){op[2], op[3]});
    Str written = cased(w, start, end);
    bool capitals = all_capitals(written);
    if (OP_WORD_FLAGS(op) & WORD_PREFIX)
        written = sml_str_slice(written, 0, exact.len);
    if (!capitals && !sml_str_eq(written, exact))
        return false;
    if (!(OP_WORD_FLAGS(op) & WORD_TITLE))
        return true;
    return !begins_sentence(w, start) && !(capitals && inside_capitals(w, start, end));
}

/* Bytes that a star's word is looked for in, backward. */
#define STAR_REACH 64

/* Where the word with the star begins that ends at `at`, or UINT32_MAX: the star took an unknown number of letters, and inner
 * apostrophes, at which a word may begin as well. */
static uint32_t word_start(const Walk *w, const uint32_t *op, uint32_t at)
{
    uint32_t len = OP_WORD_LEN(op), least = at > STAR_REACH ? at - STAR_REACH : 0;
    for (uint32_t start = at - (len < at ? len : at); start + len <= at; start--) {
        if (memcmp(w->text.p + start, w->strings + op[1], len) == 0 && edge_at(w, start) &&
            word_tail(w, start + len) == at)
            return start;
        if (start <= least || w->text.p[start - 1] == ' ')
            break;
    }
    return UINT32_MAX;
}

/* A megabyte of "vot'vot'vot" is one word, and each "vot" in it begins one: a tail costs steps too. */
static uint32_t pay_for(const Walk *w, uint32_t start, uint32_t end)
{
    uint32_t price = (end - start) / 4;
    w->run->steps -= price < w->run->steps ? price : w->run->steps;
    return end;
}

/* Is the word of `op` here? Moves `*at` over it. */
static bool take_word(const Walk *w, const uint32_t *op, uint32_t *at)
{
    Str s = w->text;
    uint32_t len = OP_WORD_LEN(op), flags = OP_WORD_FLAGS(op), start = *at;
    if (w->backward && (flags & WORD_PREFIX))
        start = word_start(w, op, start);
    else if (w->backward)
        start = start >= len ? start - len : UINT32_MAX;
    if (start > s.len || len > s.len - start || memcmp(s.p + start, w->strings + op[1], len) != 0)
        return false;
    uint32_t end = start + len;
    if (flags & WORD_PREFIX)
        end = pay_for(w, end, word_tail(w, end));
    if (((flags & WORD_EDGE_START) && !edge_at(w, start)) ||
        ((flags & WORD_EDGE_END) && !edge_at(w, end)))
        return false;
    /* In a tag capitals only show where words begin. */
    if (w->run->tag) {
        if (!in_tag(w->run->tag, start) || !in_tag(w->run->tag, end))
            return false;
    } else if ((flags & (WORD_CASE | WORD_TITLE)) && !case_holds(w, op, start, end)) {
        return false;
    }
    *at = w->backward ? start : end;
    return true;
}

/* ---- separators, lists, gaps ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

static bool take_space(const Walk *w, uint32_t *at)
{
    Str s = w->text;
    uint32_t place = w->backward ? *at - 1 : *at;
    if ((w->backward && *at == 0) || place >= s.len || !is_blank(s.p[place]))
        return false;
    *at = w->backward ? place : place + 1;
    return true;
}

/* In a tag a separator is a boundary, and may be written: "#vote_labour". */
static bool match_boundary(Walk *w, uint32_t pc, uint32_t at, uint32_t words)
{
    Str s = w->text;
    const Tag *tag = w->run->tag;
    if (!tag_boundary(tag, at))
        return false;
    if (run_code(w, pc + 1, at, words))
        return true;
    if (w->backward)
        return at > tag->splits[0] && s.p[at - 1] == '_' && run_code(w, pc + 1, at - 1, words);
    return at < s.len && s.p[at] == '_' && run_code(w, pc + 1, at + 1, words);
}

static uint32_t first_between(const Match *v, uint32_t low, uint32_t high, uint32_t at)
{
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (v[mid].start < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint32_t sml_phrase_first_match(const Matches *m, uint32_t at)
{
    return first_between(m->v, 0, m->n, at);
}

/* Of two matches, either of which may be NULL, the one that comes first. */
static const Match *sooner(const Match *a, const Match *b)
{
    if (!a || !b)
        return a ? a : b;
    bool first = a->start != b->start ? a->start < b->start : a->end >= b->end;
    return first ? a : b;
}

/* Items of a list are short; further to the left none that ends here can begin. */
#define LIST_ITEM_MAX 256

static bool match_list(Walk *w, uint32_t pc, uint32_t at, uint32_t words)
{
    uint32_t group = w->code[pc + 1];
    const Matches *found = w->run->lists(w->run->user, group);
    uint32_t least = !w->backward ? at : at > LIST_ITEM_MAX ? at - LIST_ITEM_MAX : 0;
    uint32_t end = found->n + (w->run->tag ? found->parts : 0);
    uint32_t i = first_between(found->v, 0, found->n, least);
    uint32_t k = first_between(found->v, found->n, end, least);
    for (const Match *m;
         (m = sooner(i < found->n ? &found->v[i] : NULL, k < end ? &found->v[k] : NULL));) {
        if (m->start > at || (!w->backward && m->start != at))
            break;
        *(m == &found->v[i] ? &i : &k) += 1;
        if (w->backward ? m->end == at && run_code(w, pc + 2, m->start, words + 1)
                        : run_code(w, pc + 2, m->end, words + 1))
            return true;
    }
    return false;
}

/* Signs are no tokens; those that stand on their own, as "£" does in "for £5" and "%" in "5% of", are reached here. A megabyte
 * of dashes is looked through for each of a thousand "%" behind it: looking costs steps too. */
static bool at_signs(Walk *w, uint32_t pc, uint32_t from, uint32_t to, uint32_t words)
{
    const char *s = w->text.p;
    pay_for(w, from, to);
    if (w->run->steps == 0)
        return false;
    if (w->backward) {
        for (uint32_t at = to; at-- > from + 1;)
            if (is_blank(s[at]) && run_code(w, pc + 2, at, words))
                return true;
        return false;
    }
    for (uint32_t at = from + 1; at < to; at++)
        if (is_blank(s[at - 1]) && run_code(w, pc + 2, at, words))
            return true;
    return false;
}

static bool gap_forward(Walk *w, uint32_t pc, uint32_t at, uint32_t most, uint32_t words)
{
    const Tokens *t = sml_view_tokens(w->run->view);
    uint32_t i = sml_token_at(t, at), from = at;
    if (i < t->n && t->v[i].start < at)
        i++;
    if (i == 0)
        return false;
    uint32_t skipped = 0;
    for (; i < t->n && skipped <= most; i++) {
        if (t->v[i].leads)
            return false;
        if (at_signs(w, pc, from, t->v[i].start, words) ||
            run_code(w, pc + 2, t->v[i].start, words))
            return true;
        from = sml_token_end(&t->v[i]);
        skipped += t->v[i].kind != TOKEN_EMOJI;
    }
    /* A sign may end a sentence, and none behind it is of the same. */
    uint32_t end = (uint32_t)w->text.len;
    return i == t->n && skipped <= most &&
           at_signs(w, pc, from, t->ended < end ? t->ended + 1 : end, words);
}

static bool gap_backward(Walk *w, uint32_t pc, uint32_t at, uint32_t most, uint32_t words)
{
    const Tokens *t = sml_view_tokens(w->run->view);
    uint32_t i = sml_token_at(t, at);
    for (uint32_t skipped = 0, to = at; i > 0 && skipped <= most; to = t->v[i].start) {
        if (i < t->n ? t->v[i].leads : at > t->ended)
            return false;
        i--;
        uint32_t end = sml_token_end(&t->v[i]);
        if (end <= at && (at_signs(w, pc, end, to, words) || run_code(w, pc + 2, end, words)))
            return true;
        skipped += t->v[i].kind != TOKEN_EMOJI;
    }
    return false;
}

static bool match_gap(Walk *w, uint32_t pc, uint32_t at, uint32_t words)
{
    uint32_t most = w->code[pc + 1];
    if (w->run->tag)
        return match_boundary(w, pc + 1, at, words);
    return w->backward ? gap_backward(w, pc, at, most, words) : gap_forward(w, pc, at, most, words);
}

/* Most branches of most alternations begin (or, leftwards, end) with another byte than stands here. */
static bool match_split(Walk *w, uint32_t pc, uint32_t at, uint32_t words)
{
    Str s = w->text;
    const uint32_t *op = w->code + pc;
    uint32_t place = w->backward ? at - 1 : at;
    uint32_t here = place < s.len ? (unsigned char)s.p[place] : 0;
    for (uint32_t i = 1; i <= OP_WAYS(op); i++) {
        uint32_t byte = OP_BYTE(op[i]);
        if ((byte == 0 || byte == here) && run_code(w, OP_TARGET(op[i]), at, words))
            return true;
    }
    return false;
}

/* Bytes share bits, so this can only say no for certain. */
static bool may_begin(const Walk *w, const uint32_t *op, uint32_t at)
{
    Str s = w->text;
    uint32_t place = w->backward ? at - 1 : at;
    if (place >= s.len)
        return true;
    unsigned bit = (unsigned char)s.p[place] % 64;
    return op[1 + bit / 32] >> bit % 32 & 1;
}

static bool reached(Walk *w, uint32_t at, uint32_t words)
{
    w->end = at;
    w->words = words;
    return true;
}

static bool run_code(Walk *w, uint32_t pc, uint32_t at, uint32_t words)
{
    while (w->run->steps > 0) {
        w->run->steps--;
        const uint32_t *op = w->code + pc;
        switch ((ImageOp)OP_CODE(op)) {
        case OP_MATCH:
            return reached(w, at, words);
        case OP_WORD:
            if (!take_word(w, op, &at))
                return false;
            pc += sml_image_op_size(op);
            words++;
            break;
        case OP_SEP:
            if (w->run->tag)
                return match_boundary(w, pc, at, words);
            if (!take_space(w, &at))
                return false;
            pc++;
            break;
        case OP_LIST:
            return match_list(w, pc, at, words);
        case OP_GAP:
            return match_gap(w, pc, at, words);
        case OP_SPLIT:
            return match_split(w, pc, at, words);
        case OP_FIRST:
            if (!may_begin(w, op, at))
                return false;
            pc += 3;
            break;
        case OP_JUMP:
            pc = OP_JUMPS_TO(op);
            break;
        case OP_COUNT:
            return false;
        }
    }
    return false;
}

static bool both_ways(Match *out, PhraseRun *run, const ImagePattern *p, uint32_t at,
                      uint32_t *words)
{
    Walk forward = walk_of(run, false);
    if (!run_code(&forward, p->forward, at, 0))
        return false;
    out->start = at;
    out->end = forward.end & INT32_MAX;
    *words = forward.words;
    if (p->backward == IMAGE_NONE)
        return true;
    Walk backward = walk_of(run, true);
    if (!run_code(&backward, p->backward, at, forward.words))
        return false;
    out->start = backward.end;
    *words = backward.words;
    return true;
}

/* False where it might begin with anything. */
static bool mark_first(uint8_t begins[256], const Image *image, uint32_t pc)
{
    const uint32_t *op = IMAGE_AT(image, CODE, pc);
    if (op[0] == OP_FIRST)
        op += 3;
    if (OP_CODE(op) == OP_WORD && OP_WORD_LEN(op) > 0) {
        begins[(unsigned char)sml_image_STRINGS(image)[op[1]]] = 1;
        return true;
    }
    if (OP_CODE(op) != OP_SPLIT)
        return false;
    for (uint32_t i = 1; i <= OP_WAYS(op); i++) {
        if (OP_BYTE(op[i]) == 0)
            return false;
        begins[OP_BYTE(op[i])] = 1;
    }
    return true;
}

void sml_phrase_first(uint8_t begins[256], const Image *image, uint32_t pc)
{
    memset(begins, 0, 256);
    if (mark_first(begins, image, pc))
        return;
    /* Anything, but for the inside of a character. */
    for (unsigned c = 0; c < 256; c++)
        begins[c] = (c & 0xC0) != 0x80;
}

/* A mention or hashtag that is spelled out must match whole: "@labour" is not in "@labour_list". */
static bool whole_handle(const View *v, const Match *m)
{
    char first = v->norm.text.p[m->start];
    if (first != '@' && first != '#')
        return true;
    const Token *t = sml_token_holding(sml_view_tokens(v), m->start);
    return !t || t->start != m->start || m->end >= sml_token_end(t);
}

static bool match_in_tag(Match *out, PhraseRun *run, const ImagePattern *p, uint32_t at)
{
    const Tokens *t = sml_view_tokens(run->view);
    uint32_t i = sml_token_at(t, at), words;
    if (i == t->n || t->v[i].kind != TOKEN_HASHTAG || at <= t->v[i].start)
        return false;
    run->tag = sml_token_tag(t, i);
    bool ok = run->tag && both_ways(out, run, p, at, &words);
    const Tag *tag = run->tag;
    run->tag = NULL;
    if (!ok)
        return false;
    /* One word that is a whole tag has matched as running text already, with its capitals judged. */
    bool whole = out->start == tag->splits[0] && out->end == tag->splits[tag->n_splits - 1];
    out->part_of_tag = words < 2 || (tag->one_case && !whole);
    return true;
}

bool sml_phrase_match(Match *out, PhraseRun *run, const ImagePattern *pattern, uint32_t at)
{
    uint32_t words;
    *out = (Match){0};
    run->tag = NULL;
    if (both_ways(out, run, pattern, at, &words) && whole_handle(run->view, out))
        return true;
    *out = (Match){0};
    uint32_t room = sml_view_tag_room(run->view, at);
    return room && room >= pattern->least && match_in_tag(out, run, pattern, at);
}
