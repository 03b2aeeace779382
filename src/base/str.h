/* SPDX-License-Identifier: MIT */
/*
 * Text as pointer and length, and a buffer that grows.
 *
 * A Str borrows: it owns nothing, its bytes live as long as whoever made them says, and NUL has no
 * meaning in it. An empty Str may have any pointer, NULL included.
 */
#ifndef SML_BASE_STR_H
#define SML_BASE_STR_H

#include <smlint.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SML_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define SML_PRINTF(at, first)
#endif

typedef sml_str Str; /* {const char *p; size_t len;} */

/* A half-open range of bytes; what it indexes is said where it is used. */
typedef sml_span Span; /* {uint32_t start, end;} */

static inline bool sml_span_overlaps(Span a, Span b)
{
    return a.start < b.end && b.start < a.end;
}

/* A Str from a string literal, its terminator left out. */
#define STR(lit) ((Str){"" lit, sizeof(lit) - 1})
/* The two arguments that printf's "%.*s" wants. */
#define STR_ARG(s) (int)(s).len, (s).len ? (s).p : ""

Str sml_str_from(const char *z); /* up to the terminator; NULL gives the empty Str */

bool sml_str_eq(Str a, Str b);
bool sml_str_eq_nocase(Str a, Str b); /* ASCII letters only */
int sml_str_cmp(Str a, Str b);        /* by bytes, as memcmp; a prefix sorts first */
bool sml_str_starts(Str s, Str prefix);
bool sml_str_ends(Str s, Str suffix);

/* Bytes [start, end) of `s`; both are cut to its length. */
Str sml_str_slice(Str s, size_t start, size_t end);

/* Offset of the first `needle` in `s` at or after `from`, or SIZE_MAX. An empty needle is found at once. */
size_t sml_str_find(Str s, Str needle, size_t from);

/* `s` without ASCII white space at its ends. */
Str sml_str_trim(Str s);

/* Takes the part of `*rest` before the first `sep` and moves `*rest` behind it. False once `*rest` is
 * used up (its pointer is then NULL); "a,,b" gives "a", "" and "b". */
bool sml_str_cut(Str *part, Str *rest, char sep);

/* Reads a whole decimal number, digits only. False if `s` is empty, has another byte, or exceeds `max`. */
bool sml_str_uint(uint64_t *out, Str s, uint64_t max);

/* A glob over a whole path: `*` stops at a slash, `**` does not, `?` is one byte that is no slash. Between slashes, or a
 * slash and the pattern's start, `**` is any number of whole folders, none too. */
bool sml_str_glob(Str pattern, Str path);

/* FNV-1a over the bytes. */
uint64_t sml_str_hash(Str s);

/* The candidate nearest to `word` in edits (insert, delete, replace, swap neighbours), for "did you
 * mean"; the empty Str where none is near enough (more than a third of the word's length, at most 3). */
Str sml_str_nearest(Str word, const Str *candidates, size_t n);

/*
 * Bytes that grow. Zero-initialised is empty and ready. The memory is the buffer's own: give it back
 * with sml_buf_free. Running out of memory goes to the hook of arena.h and never comes back here.
 */
typedef struct Buf {
    char *p;
    size_t len, cap;
} Buf;

void sml_buf_free(Buf *b);
void sml_buf_clear(Buf *b); /* keeps the memory */
void sml_buf_reserve(Buf *b, size_t more);
void sml_buf_add(Buf *b, Str s);
void sml_buf_addc(Buf *b, char c);
void sml_buf_addf(Buf *b, const char *format, ...) SML_PRINTF(2, 3);
void sml_buf_vaddf(Buf *b, const char *format, va_list args);
void sml_buf_add_uint(Buf *b, uint64_t n);
static inline Str sml_buf_str(const Buf *b)
{
    return (Str){b->p, b->len};
}

#endif
