/* SPDX-License-Identifier: MIT */
#include "text/reader.h"

#include "base/utf8.h"

#include <string.h>

uint32_t sml_reader_bom(Str bytes)
{
    return sml_str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

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

static Norm replace_bad(const Document *d, uint32_t start, uint32_t end)
{
    Words w;
    Str bytes = sml_str_slice(d->bytes, 0, end);
    sml_reader_begin(&w, sml_str_slice(bytes, start, end), d->arena);
    size_t kept = start;
    for (size_t at = start; at < end;) {
        size_t here = at;
        if (sml_utf8_next(bytes, &at) != UTF8_BAD)
            continue;
        if (here > kept)
            sml_reader_keep(&w, (uint32_t)kept, sml_str_slice(bytes, kept, here));
        sml_reader_swap(&w, (uint32_t)here, 1, STR("\xEF\xBF\xBD"));
        kept = at;
    }
    if (kept < end)
        sml_reader_keep(&w, (uint32_t)kept, sml_str_slice(bytes, kept, end));
    return sml_reader_end(&w, end);
}

Post *sml_reader_post(Document *d, uint32_t start, uint32_t end)
{
    Post *post = &VEC_PUSH(&d->posts, d->arena);
    uint32_t bad = start + (uint32_t)sml_utf8_check(sml_str_slice(d->bytes, start, end));
    if (bad < end && bad < d->bad_at)
        d->bad_at = bad;
    post->words =
        bad < end ? replace_bad(d, start, end) : sml_reader_as_is(d->bytes, start, end, d->arena);
    return post;
}
