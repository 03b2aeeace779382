/* SPDX-License-Identifier: MIT */
#include "match/fingerprint.h"

#include "base/map.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "match/message.h"

#include <string.h>

#define AROUND 40
#define WHOLE  80

typedef struct Prints {
    const Scan *scan;
    Spans masks; /* folded bytes */
    Arena *arena;
    Map seen; /* hash of equal ones, as text → index in `counts` */
    VEC(uint32_t) counts;
    Buf words, before, after;
} Prints;

uint64_t sml_fingerprint_hash(Str rule, Str words, Str before, Str after, uint32_t ordinal)
{
    const Str parts[] = {rule, words, before, after};
    uint8_t digest[32];
    uint64_t print = 0;
    Buf b = {0};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        sml_buf_add(&b, parts[i]);
        sml_buf_addc(&b, '\0');
    }
    sml_buf_add_uint(&b, ordinal);
    sml_sha256(digest, sml_buf_str(&b));
    sml_buf_free(&b);
    for (size_t i = 0; i < 8; i++)
        print = print << 8 | digest[i];
    return print;
}

/* ---- folded text, secrets taken out ---------------------------------------------------------- */

/* The mask that holds byte `at`, or NULL. */
static const Span *mask_at(const Prints *p, uint32_t at)
{
    uint32_t low = 0, high = p->masks.n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (p->masks.v[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->masks.n && p->masks.v[low].start <= at ? &p->masks.v[low] : NULL;
}

/* Appends what begins at `at`, a character or a mask, and returns where the next begins. */
static uint32_t add_one(Buf *out, const Prints *p, uint32_t at)
{
    Str text = p->scan->view.norm.text;
    const Span *mask = mask_at(p, at);
    size_t next = at;
    if (mask) {
        sml_buf_add(out, STR(MASK_TEXT));
        return mask->end;
    }
    sml_utf8_next(text, &next);
    sml_buf_add(out, sml_str_slice(text, at, next));
    return (uint32_t)next;
}

static void add_forward(Buf *out, const Prints *p, uint32_t at, uint32_t end, uint32_t most)
{
    sml_buf_clear(out);
    for (uint32_t n = 0; at < end && n < most; n++)
        at = add_one(out, p, at);
}

static void add_backward(Buf *out, const Prints *p, uint32_t end)
{
    Str text = p->scan->view.norm.text;
    uint32_t at = end;
    for (uint32_t n = 0; at > 0 && n < AROUND; n++) {
        const Span *mask = mask_at(p, at - 1);
        at = mask ? mask->start : (uint32_t)sml_utf8_floor(text, at - 1);
    }
    add_forward(out, p, at, end, UINT32_MAX);
}

static void fold_masks(Prints *p, const Spans *masks)
{
    const Norm *norm = &p->scan->view.norm;
    for (uint32_t i = 0; i < masks->n; i++) {
        Span folded = {sml_norm_from_original(norm, masks->v[i].start),
                       sml_norm_from_original(norm, masks->v[i].end)};
        if (folded.end > folded.start)
            VEC_PUSH(&p->masks, p->arena) = folded;
    }
}

/* ---- one after another ----------------------------------------------------------------------- */

/* How many times these parts have come by, this one included. */
static uint32_t ordinal_of(Prints *p, uint64_t parts)
{
    uint32_t index;
    Str key = {(const char *)&parts, sizeof parts};
    if (sml_map_get(&p->seen, key, &index) && index < p->counts.n)
        return ++p->counts.v[index];
    sml_map_add(&p->seen, sml_arena_copy(p->arena, key), p->counts.n, p->arena);
    VEC_PUSH(&p->counts, p->arena) = 1;
    return 1;
}

static uint64_t print_of(Prints *p, const Finding *f)
{
    const Image *im = sml_scan_image(p->scan, f->book);
    Str rule = sml_image_str(im, IMAGE_AT(im, RULES, f->rule)->id);
    uint32_t start = f->whole ? 0 : f->match.start, end = f->whole ? 0 : f->match.end;
    uint32_t len = (uint32_t)p->scan->view.norm.text.len;
    add_forward(&p->words, p, start, end, UINT32_MAX);
    add_backward(&p->before, p, start);
    add_forward(&p->after, p, end, len, f->whole ? WHOLE : AROUND);
    Str words = sml_buf_str(&p->words), before = sml_buf_str(&p->before),
        after = sml_buf_str(&p->after);
    uint32_t ordinal = ordinal_of(p, sml_fingerprint_hash(rule, words, before, after, 0));
    return sml_fingerprint_hash(rule, words, before, after, ordinal);
}

const uint64_t *sml_fingerprint_all(const Judgement *j, const Scan *scan)
{
    Prints p = {.scan = scan, .arena = scan->scratch};
    uint64_t *prints = ARENA_ARRAY(p.arena, uint64_t, j->occurrences.n);
    fold_masks(&p, &j->masks);
    for (uint32_t i = 0; i < j->occurrences.n; i++)
        prints[i] = print_of(&p, &j->occurrences.v[i]);
    sml_buf_free(&p.words);
    sml_buf_free(&p.before);
    sml_buf_free(&p.after);
    return prints;
}
