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

Reader sml_read_plain, sml_read_jsonl, sml_read_thread, sml_read_csv, sml_read_markdown,
    sml_read_json, sml_read_yaml;

/* The words that are document bytes [start, end), bad bytes replaced. */
Norm sml_reader_words(Document *d, uint32_t start, uint32_t end);

/* Bytes [start, end) of words. */
Norm sml_reader_slice(const Norm *words, Span at, Arena *a);

/* Is the fact `thread` `blank`, by the options or the draft itself? */
bool sml_reader_wants_blank(const Document *d, const sml_input *in);

/* Adds `post`; or where its words are a thread, its posts. With `blank`, blank lines part them. */
void sml_reader_add(Document *d, const Post *post, bool blank);

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
/* Document bytes [start, end) as they are, but for bad ones. */
void sml_reader_keep_good(Words *w, Document *d, uint32_t start, uint32_t end);
/* The words; `end` is the document byte behind them. */
Norm sml_reader_end(const Words *w, uint32_t end);

/* The words that are document bytes [start, end) as they stand there. */
Norm sml_reader_as_is(Str bytes, uint32_t start, uint32_t end, Arena *a);

#endif
