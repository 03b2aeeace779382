/* SPDX-License-Identifier: MIT */
/*
 * Which words of its rules a rulebook's examples never try.
 *
 * Each alternative of a phrase becomes a phrase of its own, the rest as it was: of "{vote|voting} for {the|} {red|blue}"
 * there are
 *
 *     {vote} for {the|} {red|blue}        {vote|voting} for {the} {red|blue}        {vote|voting} for {the|} {red}
 *     {voting} for {the|} {red|blue}                                                {vote|voting} for {the|} {blue}
 *
 * These are compiled like any rulebook and looked for in the rule's own examples; so nothing has to be counted where
 * drafts are matched. What an empty alternative leaves out is not asked for: every shorter spelling would want an example.
 */
#include "base/error.h"
#include "match/scan.h"
#include "rulebook/compile.h"
#include "rulebook/load.h"
#include "smlint_internal.h"

#include <string.h>

/* So many at a time, for an image has only so many groups. */
#define BATCH 8192
/* Nobody writes a longer phrase by hand; it counts as one, or its pieces would be as many times as long. */
#define PHRASE_MAX 4096

/* What should be matched by some example of a rule. */
typedef struct Piece {
    uint32_t rule;
    uint32_t origin; /* pieces of one phrase have one */
    Str words;       /* the alternative; empty: all of it */
    Str whole;       /* what it is of */
    Pos pos;
    bool met;
} Piece;

typedef struct Coverage {
    Rules rules;
    Arena *a; /* of the batch at hand */
    VEC(Piece) pieces;
    VEC(Rule) trial; /* by piece: a rule that looks for it alone */
    uint32_t origin;
    sml_coverage_counts *counts;
    sml_diagnostic_fn hear;
    void *user;
} Coverage;

/* ---- taking rules apart ---------------------------------------------------------------------- */

static void add_piece(Coverage *c, uint32_t rule, const Want *want, Str words, Str whole, Pos pos)
{
    const Rule *r = &c->rules.rules[rule];
    Want *wants = ARENA_NEW(c->a, Want);
    *wants = *want;
    wants->min = 1;
    VEC_PUSH(&c->pieces, c->a) =
        (Piece){.rule = rule, .origin = c->origin, .words = words, .whole = whole, .pos = pos};
    VEC_PUSH(&c->trial, c->a) = (Rule){.id = sml_arena_printf(c->a, "piece/%08u", c->trial.n),
                                       .grade = SML_NOTICE,
                                       .in = r->in,
                                       .folds = r->folds,
                                       .slow = true,
                                       .kind_word = STR("phrases"),
                                       .kind = RULE_MATCH,
                                       .wants = wants,
                                       .n_wants = 1};
}

static void add_phrase_piece(Coverage *c, uint32_t rule, const Phrase *phrase, Str text, Str words)
{
    Phrase *one = ARENA_NEW(c->a, Phrase);
    *one = *phrase;
    one->text = text;
    Want want = {.kind = WANT_PHRASES, .pos = phrase->pos, .phrases = one, .n_phrases = 1};
    add_piece(c, rule, &want, words, phrase->text, phrase->pos);
}

/* The end of the alternative that begins at `at`: a | or } of its own level. */
static size_t branch_end(Str s, size_t at)
{
    for (uint32_t depth = 0; at < s.len; at++) {
        char ch = s.p[at];
        if (ch == '\\')
            at++;
        else if (depth == 0 && (ch == '|' || ch == '}'))
            return at;
        else
            depth += ch == '{', depth -= ch == '}';
    }
    return s.len;
}

static size_t group_end(Str s, size_t open)
{
    size_t at = open + 1;
    while ((at = branch_end(s, at)) < s.len && s.p[at] == '|')
        at++;
    return at;
}

/* The next { from `at` on that opens alternatives. */
static size_t next_group(Str s, size_t at)
{
    for (; at < s.len; at++) {
        if (s.p[at] == '\\')
            at++;
        else if (s.p[at] == '{' && !sml_str_starts(sml_str_slice(s, at, s.len), STR("{@")))
            return at;
    }
    return SIZE_MAX;
}

/* Adds each alternative in `text`, which stands between `before` and `behind`; returns how many there are. Braces are at
 * most 8 deep, or the phrase would not have been read. */
static uint32_t take_apart(Coverage *c, uint32_t rule, const Phrase *phrase, Str before, Str text,
                           Str behind)
{
    uint32_t n = 0;
    for (size_t open = 0; (open = next_group(text, open)) != SIZE_MAX;) {
        size_t close = group_end(text, open);
        Str left = sml_arena_printf(c->a, "%.*s%.*s{", STR_ARG(before),
                                    STR_ARG(sml_str_slice(text, 0, open)));
        Str right = sml_arena_printf(
            c->a, "%.*s%.*s", STR_ARG(sml_str_slice(text, close, text.len)), STR_ARG(behind));
        for (size_t at = open + 1; at <= close; at = branch_end(text, at) + 1) {
            Str branch = sml_str_slice(text, at, branch_end(text, at));
            if (sml_str_trim(branch).len == 0)
                continue;
            Str whole = sml_arena_printf(c->a, "%.*s%.*s%.*s", STR_ARG(left), STR_ARG(branch),
                                         STR_ARG(right));
            if (take_apart(c, rule, phrase, left, branch, right) == 0)
                add_phrase_piece(c, rule, phrase, whole, branch);
            n++;
        }
        open = close;
    }
    return n;
}

static void add_want(Coverage *c, uint32_t rule, const Want *want, Str name)
{
    for (uint32_t i = 0; want->kind == WANT_PHRASES && i < want->n_phrases; i++) {
        const Phrase *phrase = &want->phrases[i];
        c->origin++;
        if (phrase->text.len > PHRASE_MAX ||
            take_apart(c, rule, phrase, STR(""), phrase->text, STR("")) == 0)
            add_phrase_piece(c, rule, phrase, phrase->text, (Str){0});
    }
    c->origin++;
    if (want->kind == WANT_REGEX)
        add_piece(c, rule, want, (Str){0}, want->regex, want->pos);
    else if (want->kind != WANT_PHRASES)
        add_piece(c, rule, want, (Str){0}, name, want->pos);
}

static void add_rule(Coverage *c, uint32_t rule)
{
    const Rule *r = &c->rules.rules[rule];
    for (uint32_t i = 0; i < r->n_wants; i++)
        add_want(c, rule, &r->wants[i], r->kind_word);
    for (uint32_t i = 0; i < r->n_cues; i++)
        add_want(c, rule, &r->cues[i].want, r->cues[i].name);
    for (uint32_t i = 0; i < r->n_guards; i++)
        if (r->guards[i].kind != GUARD_INSIDE && r->guards[i].kind != GUARD_WHEN)
            add_want(c, rule, &r->guards[i].want, STR("unless"));
}

/* ---- looking for the pieces ------------------------------------------------------------------- */

static void look(Coverage *c, Scan *s, Arena *scratch)
{
    const Image *im = sml_scan_image(s, 0);
    for (uint32_t p = 0; p < c->pieces.n;) {
        uint32_t rule = c->pieces.v[p].rule, end = p;
        while (end < c->pieces.n && c->pieces.v[end].rule == rule)
            end++;
        for (uint32_t x = 0; x < c->rules.rules[rule].n_examples; x++) {
            sml_arena_reset(scratch);
            sml_scan_begin(s, c->rules.rules[rule].examples[x].text, scratch);
            for (uint32_t i = p; i < end; i++) {
                uint32_t want = IMAGE_AT(im, RULES, i)->wants.first;
                const Matches *m = sml_scan_matches(s, 0, IMAGE_AT(im, WANTS, want)->group);
                c->pieces.v[i].met |= m->n > 0;
            }
        }
        p = end;
    }
}

static bool compile_pieces(Coverage *c, Buf *bytes, sml_error *err)
{
    Diagnostics d = {.hear = NULL};
    Rules trial = c->rules;
    trial.rules = c->trial.v;
    trial.n_rules = c->trial.n;
    if (sml_compile(bytes, &trial, &d, c->a))
        return true;
    *err = d.first;
    return false;
}

/* ---- saying so --------------------------------------------------------------------------------- */

/* All that is missing of one phrase in one line. */
static void say_missing(Coverage *c, uint32_t from, uint32_t to)
{
    const Piece *first = &c->pieces.v[from];
    Buf words = {0};
    uint32_t missing = 0;
    for (uint32_t i = from; i < to; i++) {
        const Piece *p = &c->pieces.v[i];
        c->counts->all++;
        c->counts->matched += p->met;
        if (!p->met)
            sml_buf_addf(&words, "%s\"%.*s\"", missing++ ? ", " : "", STR_ARG(p->words));
    }
    sml_error e;
    Str id = c->rules.rules[first->rule].id;
    if (missing == to - from)
        sml_error_at(&e, first->pos.path, first->pos.line, first->pos.col,
                     "never matched by an example: \"%.*s\" [%.*s]", STR_ARG(first->whole),
                     STR_ARG(id));
    else if (missing)
        sml_error_at(&e, first->pos.path, first->pos.line, first->pos.col,
                     "never matched by an example: %.*s of \"%.*s\" [%.*s]",
                     STR_ARG(sml_buf_str(&words)), STR_ARG(first->whole), STR_ARG(id));
    if (missing && c->hear)
        c->hear(c->user, &e, false);
    sml_buf_free(&words);
}

static void say_all(Coverage *c)
{
    for (uint32_t i = 0; i < c->pieces.n;) {
        uint32_t end = i;
        while (end < c->pieces.n && c->pieces.v[end].origin == c->pieces.v[i].origin)
            end++;
        say_missing(c, i, end);
        i = end;
    }
}

/* ---- a batch, and all of them ------------------------------------------------------------------ */

static bool run_batch(Coverage *c, sml_error *err)
{
    Buf bytes = {0};
    Image im;
    if (c->pieces.n == 0)
        return true;
    bool ok = compile_pieces(c, &bytes, err) &&
              sml_image_open(&im, sml_buf_str(&bytes), c->rules.id, err);
    if (ok) {
        Scan *s = sml_scan_new(&im, 1, (ScanOptions){.no_jit = true});
        Arena *scratch = sml_arena_new();
        look(c, s, scratch);
        sml_arena_free(scratch);
        sml_scan_free(s);
        say_all(c);
    }
    sml_buf_free(&bytes);
    memset(&c->pieces, 0, sizeof c->pieces);
    memset(&c->trial, 0, sizeof c->trial);
    sml_arena_reset(c->a);
    return ok;
}

bool sml_rulebook_coverage(sml_coverage_counts *out, const char *path, sml_diagnostic_fn hear,
                           void *user, sml_error *err)
{
    Diagnostics d = {.hear = NULL};
    sml_error problem;
    Coverage c = {.a = sml_arena_new(), .counts = out, .hear = hear, .user = user};
    *out = (sml_coverage_counts){0, 0};
    err = err ? err : &problem;
    Arena *whole = sml_arena_new();
    bool ok = sml_load(&c.rules, path, &d, whole);
    if (!ok)
        *err = d.first;
    for (uint32_t i = 0; ok && i < c.rules.n_rules; i++) {
        if (c.rules.rules[i].status != STATUS_RETIRED)
            add_rule(&c, i);
        if (c.pieces.n >= BATCH || i + 1 == c.rules.n_rules)
            ok = run_batch(&c, err);
    }
    sml_arena_free(c.a);
    sml_arena_free(whole);
    return ok;
}
