/* SPDX-License-Identifier: MIT */
/*
 * Readers turn the bytes of a document into posts; there is one for each sml_input_kind, in
 * read_*.c, with its row in document.c. document.c has refused what no reader wants (UTF-16, NUL
 * bytes, sizes above the limit) before a reader is called.
 */
#ifndef SML_TEXT_READER_H
#define SML_TEXT_READER_H

#include "base/vec.h"
#include "text/document.h"

/* Adds posts from d->bytes, and sets d->bad_at. False where that cannot be, with the place in
 * `err`, and in d->id what could be read of the id. `in` is for its facts. */
typedef bool Reader(Document *d, const sml_input *in, sml_error *err);

Reader sml_read_plain, sml_read_jsonl, sml_read_thread;

/* A new post of the words that are document bytes [start, end), bad bytes replaced. */
Post *sml_reader_post(Document *d, uint32_t start, uint32_t end);

/* Is this line, without its end, one that parts the posts of a thread: only dashes or such? */
bool sml_reader_separator(Str line);

/* How many bytes a byte-order mark takes at the start of `bytes`: 3 or 0. */
uint32_t sml_reader_bom(Str bytes);

/* A post's words while they are put together: text and the pieces of its map. */
typedef struct Words {
    char *text;
    uint32_t len;
    VEC(NormPiece) pieces;
    Arena *arena;
} Words;

/* Room for `raw` with each of its bad bytes made U+FFFD. */
void sml_reader_begin(Words *w, Str raw, Arena *a);
/* `s` stands in the document at byte `in`, as it is. */
void sml_reader_keep(Words *w, uint32_t in, Str s);
/* `s` is what the document's bytes [in, in + len) stand for. */
void sml_reader_swap(Words *w, uint32_t in, uint32_t len, Str s);
/* The words; `end` is the document byte behind them. */
Norm sml_reader_end(const Words *w, uint32_t end);

/* The words that are document bytes [start, end) as they stand there. */
Norm sml_reader_as_is(Str bytes, uint32_t start, uint32_t end, Arena *a);

#endif
