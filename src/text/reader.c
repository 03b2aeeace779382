/* SPDX-License-Identifier: MIT */
#include "text/reader.h"

#include "base/utf8.h"

#include <string.h>

static size_t count_bad(Str s)
{
    size_t bad = 0;
    for (size_t at = sml_utf8_check(s); at < s.len;)
        bad += sml_utf8_next(s, &at) == UTF8_BAD;
    return bad;
}

void sml_reader_begin(Words *w, Str raw, Arena *a)
{
    *w = (Words){.text = ARENA_ARRAY(a, char, raw.len + 2 * count_bad(raw)), .arena = a};
}

static void add(Words *w, uint32_t in, uint32_t len, Str s)
{
    VEC_PUSH(&w->pieces, w->arena) = (NormPiece){w->len, in, len};
    memcpy(w->text + w->len, s.p, s.len);
    w->len += (uint32_t)s.len;
}

void sml_reader_keep(Words *w, uint32_t in, Str s)
{
    add(w, in, 0, s);
}
void sml_reader_swap(Words *w, uint32_t in, uint32_t len, Str s)
{
    add(w, in, len, s);
}

Norm sml_reader_end(const Words *w, uint32_t end)
{
    return (Norm){.text = {w->text, w->len},
                  .pieces = w->pieces.v,
                  .n_pieces = w->pieces.n,
                  .original_len = end};
}

Norm sml_reader_as_is(Str bytes, uint32_t start, uint32_t end, Arena *a)
{
    Norm words = {.text = sml_str_slice(bytes, start, end), .original_len = end};
    if (start == 0)
        return words;
    NormPiece *piece = ARENA_NEW(a, NormPiece);
    piece->in = start;
    words.pieces = piece;
    words.n_pieces = 1;
    return words;
}

/* ---- stretches of a document ----------------------------------------------------------------- */

void sml_reader_keep_good(Words *w, Document *d, uint32_t start, uint32_t end)
{
    Str bytes = sml_str_slice(d->bytes, 0, end);
    size_t kept = start;
    for (size_t at = start; at < end;) {
        size_t here = at;
        if (sml_utf8_next(bytes, &at) != UTF8_BAD)
            continue;
        if (d->bad_at > here)
            d->bad_at = (uint32_t)here;
        if (here > kept)
            sml_reader_keep(w, (uint32_t)kept, sml_str_slice(bytes, kept, here));
        sml_reader_swap(w, (uint32_t)here, 1, STR("\xEF\xBF\xBD"));
        kept = at;
    }
    if (kept < end)
        sml_reader_keep(w, (uint32_t)kept, sml_str_slice(bytes, kept, end));
}

Norm sml_reader_words(Document *d, uint32_t start, uint32_t end)
{
    Str raw = sml_str_slice(d->bytes, start, end);
    if (sml_utf8_check(raw) == raw.len)
        return sml_reader_as_is(d->bytes, start, end, d->arena);
    Words w;
    sml_reader_begin(&w, raw, d->arena);
    sml_reader_keep_good(&w, d, start, end);
    return sml_reader_end(&w, end);
}

/* ---- parts of words -------------------------------------------------------------------------- */

Norm sml_reader_slice(const Norm *words, Span at, Arena *a)
{
    Norm part = {.text = sml_str_slice(words->text, at.start, at.end),
                 .original_len = sml_norm_span(words, at.start, at.end).end};
    VEC(NormPiece) pieces = {0};
    NormPiece whole = {0};
    const NormPiece *v = words->n_pieces ? words->pieces : &whole;
    uint32_t n = words->n_pieces ? words->n_pieces : 1;
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (v[middle].out <= at.start)
            low = middle;
        else
            high = middle;
    }
    for (uint32_t i = low; i < n && (v[i].out < at.end || i == low); i++) {
        NormPiece p = v[i];
        uint32_t cut = p.out < at.start ? at.start - p.out : 0;
        VEC_PUSH(&pieces, a) =
            (NormPiece){p.out + cut - at.start, p.len ? p.in : p.in + cut, p.len};
    }
    part.pieces = pieces.v;
    part.n_pieces = pieces.n;
    return part;
}
