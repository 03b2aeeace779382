/* SPDX-License-Identifier: MIT */
/*
 * In rounds, for one fix may make room for another ("the the the"). A round takes all fixes that do not overlap and tries them
 * together; only where that makes some rule say more does it try them one by one.
 */
#include "cli/fix.h"

#include "base/json.h"
#include "base/show.h"

#include <stdlib.h>

/* At most so many times is a draft checked, a long one fewer; what is not mended by then stays. */
#define LOOKS      64
#define LOOK_BYTES (UINT64_C(16) << 20)

/* How often each rule speaks. */
typedef struct RuleCount {
    Str rule;
    uint32_t n;
} RuleCount;

typedef struct Look {
    VEC(RuleCount) counts;
    Fixes fixes;   /* by start, apart from each other */
    uint32_t left; /* that are safe, but not ours to write */
    bool unread;
} Look;

typedef struct Fixer {
    sml_linter *linter;
    const sml_input *in;
    uint32_t looks, left;
    Arena *arena;
} Fixer;

/* ---- looking --------------------------------------------------------------------------------- */

static uint32_t *count_of(Look *look, Str rule, Arena *a)
{
    for (uint32_t i = 0; i < look->counts.n; i++)
        if (sml_str_eq(look->counts.v[i].rule, rule))
            return &look->counts.v[i].n;
    VEC_PUSH(&look->counts, a) = (RuleCount){rule, 0};
    return &VEC_LAST(&look->counts).n;
}

/* The line with the suggestion in it. Long lines are cut, and then so may be the match. */
static Str mended_line(const sml_finding *f, Arena *a)
{
    Str head = sml_str_slice(f->excerpt, 0, f->excerpt_span.start);
    Str tail = sml_str_slice(f->excerpt, f->excerpt_span.end, f->excerpt.len);
    return sml_arena_printf(a, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(f->suggest), STR_ARG(tail));
}

/* In some formats a draft's bytes stand for others: UTF-16, markup, the escapes of YAML. Those are not ours to write; but JSON
 * has one way of writing any text. */
static bool says(const Fixer *x, Str here, Str words)
{
    JsonToken t = {.kind = JSON_STRING, .raw = here, .escaped = true, .wide = true};
    if (x->in->kind == SML_INPUT_JSON)
        here = sml_json_text(&t, x->arena);
    return sml_str_eq(here, words);
}

static Str as_written(const Fixer *x, Str words)
{
    if (x->in->kind != SML_INPUT_JSON)
        return sml_arena_copy(x->arena, words);
    Buf quoted = {0};
    sml_json_quote(&quoted, words);
    Str inside = sml_arena_copy(x->arena, sml_str_slice(sml_buf_str(&quoted), 1, quoted.len - 1));
    sml_buf_free(&quoted);
    return inside;
}

static void add_fix(Look *look, const Fixer *x, const sml_result *r, const sml_finding *f, Str text)
{
    Arena *a = x->arena;
    Str here = sml_str_slice(text, f->span.start, f->span.end);
    Str post = sml_str_slice(r->text, f->post.start, f->post.end);
    bool apart = !look->fixes.n || VEC_LAST(&look->fixes).span.end <= f->span.start;
    if (!f->safe || !apart)
        return;
    if (!says(x, here, post)) {
        look->left++;
        return;
    }
    VEC_PUSH(&look->fixes, a) = (Fix){.rule = f->rule,
                                      .with = as_written(x, f->suggest),
                                      .span = f->span,
                                      .line = f->line,
                                      .col = f->col,
                                      .before = sml_arena_copy(a, f->excerpt),
                                      .after = mended_line(f, a)};
}

static bool may_look(const Fixer *x, Str text)
{
    return x->looks < LOOKS && x->looks * (uint64_t)text.len < LOOK_BYTES;
}

static Look look_at(Fixer *x, Str text)
{
    x->looks++;
    Look look = {.unread = false};
    sml_input in = *x->in;
    sml_result r;
    in.text = text;
    sml_linter_open(x->linter, &in);
    while (sml_linter_next(&r, x->linter)) {
        look.unread = look.unread || r.problem || r.n_unchecked || r.bad_utf8;
        for (uint32_t i = 0; !r.problem && i < r.n_findings; i++) {
            ++*count_of(&look, r.findings[i].rule, x->arena);
            add_fix(&look, x, &r, &r.findings[i], text);
        }
    }
    return look;
}

/* ---- trying ---------------------------------------------------------------------------------- */

static Str put_in(const Fixes *fixes, Str text, Arena *a)
{
    Buf out = {0};
    size_t at = 0;
    for (uint32_t i = 0; i < fixes->n; i++) {
        sml_buf_add(&out, sml_str_slice(text, at, fixes->v[i].span.start));
        sml_buf_add(&out, fixes->v[i].with);
        at = fixes->v[i].span.end;
    }
    sml_buf_add(&out, sml_str_slice(text, at, text.len));
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

/* Is each finding that was mended gone, and is nothing new? */
static bool is_better(Look *before, Look *after, const Fixes *fixes, Arena *a)
{
    if (after->unread)
        return false;
    for (uint32_t i = 0; i < fixes->n; i++) {
        uint32_t *n = count_of(before, fixes->v[i].rule, a);
        *n -= *n > 0;
    }
    bool better = true;
    for (uint32_t i = 0; i < after->counts.n; i++)
        better = better && after->counts.v[i].n <= *count_of(before, after->counts.v[i].rule, a);
    for (uint32_t i = 0; i < fixes->n; i++)
        ++*count_of(before, fixes->v[i].rule, a);
    return better;
}

static bool try_fixes(Fixer *x, Str *text, Look *before, const Fixes *fixes)
{
    Str mended = put_in(fixes, *text, x->arena);
    Look after = look_at(x, mended);
    if (!is_better(before, &after, fixes, x->arena))
        return false;
    *text = mended;
    return true;
}

static void note(Fixes *done, const Fixes *fixes, Arena *a)
{
    for (uint32_t i = 0; i < fixes->n; i++)
        VEC_PUSH(done, a) = fixes->v[i];
}

/* True if some fix was made. */
static bool run_round(Fixer *x, Str *text, Fixes *done)
{
    Look before = look_at(x, *text);
    /* Of a draft with bytes that are no text nobody knows what else would change. */
    x->left = before.left + (before.unread ? before.fixes.n : 0);
    if (before.unread || before.fixes.n == 0)
        return false;
    if (try_fixes(x, text, &before, &before.fixes)) {
        note(done, &before.fixes, x->arena);
        return true;
    }
    for (uint32_t i = 0; i < before.fixes.n && may_look(x, *text); i++) {
        const Fixes one = {.v = &before.fixes.v[i], .n = 1};
        if (before.fixes.n > 1 && try_fixes(x, text, &before, &one)) {
            note(done, &one, x->arena);
            return true;
        }
    }
    return false;
}

uint32_t sml_fix_draft(Buf *out, Fixes *fixes, sml_linter *linter, const sml_input *in, Arena *a)
{
    Fixer x = {.linter = linter, .in = in, .arena = a};
    Str text = in->text;
    while (may_look(&x, text) && run_round(&x, &text, fixes))
        ;
    sml_buf_clear(out);
    sml_buf_add(out, text);
    return x.left;
}

/* ---- showing --------------------------------------------------------------------------------- */

static void show_line(Buf *out, char sign, Str line)
{
    sml_buf_addc(out, sign);
    sml_show_safe(out, line);
    sml_buf_addc(out, '\n');
}

void sml_fix_show(Buf *out, Str path, const Fixes *fixes, bool redact)
{
    for (uint32_t i = 0; i < fixes->n; i++) {
        const Fix *f = &fixes->v[i];
        sml_buf_add(out, STR("--- "));
        sml_show_safe(out, path);
        sml_buf_addf(out, ":%u:%u [%.*s]\n", f->line, f->col, STR_ARG(f->rule));
        if (redact)
            continue;
        show_line(out, '-', f->before);
        show_line(out, '+', f->after);
    }
}
