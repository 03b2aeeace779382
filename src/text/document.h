/* SPDX-License-Identifier: MIT */
/*
 * A document owns nothing and knows everything about places: the bytes as handed in, its lines, and
 * the posts that a reader found in it. A post's words carry the map back to the document's bytes,
 * the same kind of map that folding uses.
 */
#ifndef SML_TEXT_DOCUMENT_H
#define SML_TEXT_DOCUMENT_H

#include "base/error.h"
#include "base/vec.h"
#include "text/encoding.h"
#include "text/norm.h"

typedef struct Post {
    Norm words; /* text: the post, valid UTF-8 (bad bytes are U+FFFD); maps to the document */
    sml_context context; /* facts the post brings itself; empty fields where it is silent */
    Str id;              /* JSON text, quotes and all; empty for readers without ids */
    Str label;           /* which post of its document: "2/5"; empty where there is one */
    /* posts of one thread follow one another and have the same number; 0: it stands alone */
    uint32_t thread;
    uint32_t code;             /* passages of code in it, which are not among its words */
    uint32_t fields;           /* columns or keys that have words and are not read; told once */
    const sml_remark *remarks; /* what reading it brought to light */
    uint32_t n_remarks;
} Post;

/* What a draft says of itself, in front matter or in a sidecar: of all its posts alike. */
typedef struct Self {
    sml_context context;
    const sml_allow *allows; /* approvals; path empty: in the front matter */
    uint32_t n_allows;
    const sml_remark *remarks;
    uint32_t n_remarks;
    uint32_t
        fields; /* descriptions of pictures, which are facts here and whose words are not read */
} Self;

typedef struct Document {
    Str path;
    Str bytes;         /* UTF-8, but for bad bytes: as handed in, or decoded */
    Encoding encoding; /* of what was handed in */
    uint32_t bom;      /* of what was handed in, where that was decoded */
    uint32_t raw_len;  /* of what was handed in */
    uint32_t first_line;
    uint32_t body; /* where posts begin: behind a byte-order mark and front matter */
    Self self;
    VEC(Post) posts;
    uint32_t threads;      /* how many there are */
    Str id;                /* JSON text: of a record that could not be read, where it has one */
    uint32_t bad_at;       /* first byte not UTF-8, or lone surrogate of JSONL; UINT32_MAX: none */
    const uint32_t *lines; /* where each begins, a byte-order mark left out; built when asked for */
    uint32_t n_lines;
    const struct DocumentMark *marks; /* characters counted so far, now and then; with `lines` */
    Arena *arena;
} Document;

/* Reads `in` as its kind says. `out` and all it holds live in `a` and borrow in->text and
 * in->sidecar. False for what cannot be read, each in one clear line: UTF-32, NUL bytes ("binary"), PDF and the like,
 * over `max_bytes` (named), JSONL that is no object with a text or is UTF-16, front matter or a
 * sidecar with a mistake, a calendar without a column of posts or with a quote that is never
 * closed. A calendar may have posts all the same: those above the trouble. A JSONL id that could be
 * read is then in out->id ("null" without one). */
bool sml_document_read(Document *out, const sml_input *in, uint64_t max_bytes, Arena *a,
                       sml_error *err);

/* Line and column (from 1, columns in code points) of a document byte. */
void sml_document_place(Document *d, uint32_t at, uint32_t *line, uint32_t *col);

/* Where in the input, as it was handed in, document byte `at` stands. */
uint32_t sml_document_raw(Document *d, uint32_t at);

/* The bytes of the line that holds `at`, without its line end. Lines end at LF, CRLF, lone CR. */
Span sml_document_line(Document *d, uint32_t at);

#endif
