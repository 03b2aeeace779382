/* SPDX-License-Identifier: MIT */
/*
 * JSON as RFC 8259 has it, strictly: a pull reader and a writer, neither with a tree.
 *
 * The reader hands out one token after another, each with its place, and allocates nothing:
 *
 *     JsonReader r = {.text = line};
 *     JsonToken t;
 *     while (sml_json_next(&t, &r) && t.kind != JSON_END)
 *         ...
 *     if (r.problem)
 *         complain(r.problem, r.at);
 *
 * Text must be UTF-8 in the end, but bad bytes inside strings are no reason to refuse a record:
 * they, and escapes that name half a surrogate pair, are read as U+FFFD, each with its place.
 * \u0000 is a NUL byte.
 */
#ifndef SML_BASE_JSON_H
#define SML_BASE_JSON_H

#include "base/arena.h"

#define JSON_MAX_DEPTH 64

/* ---- reading --------------------------------------------------------------------------------- */

typedef enum JsonKind {
    JSON_END, /* behind the one value of a text */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,  /* its opening bracket */
    JSON_OBJECT, /* its opening brace */
    JSON_KEY,    /* its value follows; the colon is already read */
    JSON_CLOSE   /* of the innermost array or object */
} JsonKind;

typedef struct JsonToken {
    JsonKind kind;
    bool escaped, wide; /* string, key: it has a backslash; a byte above 0x7F */
    Str raw;            /* as written, borrowed; of a string or key what is between its quotes */
    size_t at;          /* offset of its first byte: of the opening quote, for a string or key */
} JsonToken;

/* Zero-initialised but for `text` is ready. */
typedef struct JsonReader {
    Str text;
    size_t at;           /* behind the last token; after a problem, the byte that is wrong */
    const char *problem; /* NULL until something is wrong; then what would be right, static */
    uint64_t objects;    /* bit d: the container at depth d is an object */
    uint32_t depth, expect;
} JsonReader;

/* The next token. False if the text is not JSON or is nested deeper than JSON_MAX_DEPTH; it stays
 * false. */
bool sml_json_next(JsonToken *out, JsonReader *r);

/* Reads to the end of the value that `t`, the token read last, begins. For scalars it is there
 * already. */
bool sml_json_skip(JsonReader *r, const JsonToken *t);

/* The text of a string or key; borrowed where it stands for itself, else decoded into `a`. */
Str sml_json_text(const JsonToken *t, Arena *a);

/* How the inside of a string decodes, stretch by stretch: bytes [in, in + len) stand for `text`.
 * Bytes that stand for themselves come in stretches as long as may be; every escape, surrogate pair
 * and bad byte is a stretch of its own. */
typedef struct JsonStretch {
    Str text; /* borrowed from `raw`, or in `bytes` below */
    size_t in, len;
    bool replaced; /* a bad byte or a lone surrogate: text is U+FFFD */
    char bytes[4];
} JsonStretch;

/* The stretch at `*at`, which moves behind it; false at the end. `raw` is that of a token. */
bool sml_json_stretch(JsonStretch *out, Str raw, size_t *at);

/* "a string", "a number", for messages. Static. */
const char *sml_json_kind_name(JsonKind kind);

/* ---- writing --------------------------------------------------------------------------------- */

/* Appends to a buffer, with commas and colons where they belong. Zero-initialised but for `out` is
 * ready. A wrong order of calls (a value without a key in an object) is a mistake of ours, and
 * asserted. */
typedef struct JsonWriter {
    Buf *out;
    uint64_t objects, filled; /* by depth: is an object; has an item already */
    uint32_t depth;
    bool keyed;  /* a key waits for its value */
    bool broken; /* the next item goes on a line of its own */
} JsonWriter;

void sml_json_object(JsonWriter *w);
void sml_json_array(JsonWriter *w);
void sml_json_close(JsonWriter *w); /* the innermost of both */
void sml_json_key(JsonWriter *w, Str key);
void sml_json_string(JsonWriter *w, Str s);
void sml_json_uint(JsonWriter *w, uint64_t n);
void sml_json_bool(JsonWriter *w, bool b);
void sml_json_null(JsonWriter *w);
void sml_json_raw(JsonWriter *w, Str json); /* one value that is JSON already */
void sml_json_break(JsonWriter *w); /* a line break before the next item, or before the close */

/* `s` in quotes. Control characters (C1 too) and those that turn the direction of writing are
 * escaped, so that a terminal survives the output; bad bytes become U+FFFD; all else stays, U+2028
 * and U+2029 too. */
void sml_json_quote(Buf *out, Str s);

#endif
