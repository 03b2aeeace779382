/* SPDX-License-Identifier: MIT */
/*
 * Text as it may be shown to people. A draft, a file name or somebody else's rulebook must not
 * drive the terminal, hide a part of itself, or begin a second line in what is meant to be one.
 */
#ifndef SML_BASE_SHOW_H
#define SML_BASE_SHOW_H

#include "base/str.h"

/* Appends `s` with control characters and bytes that are not UTF-8 as \n, \t, \x1b; characters that
 * turn the direction of writing or cannot be seen as <U+202E>, except where emoji and scripts need
 * them. */
void sml_show_safe(Buf *out, Str s);

/* The same for an excerpt of a draft: a tab is four blanks. */
void sml_show_excerpt(Buf *out, Str s);

/* A paragraph being written, wrapped at `width` columns (0: never). Zero-initialised but for `out`
 * is ready. Escape sequences may be appended to `out` between calls: they have no width. */
typedef struct Paragraph {
    Buf *out;
    uint32_t width,
        indent;  /* indent: of further lines, and of the first one if `col` begins there */
    size_t col;  /* where the next character goes, from 0 */
    bool inside; /* something stands in this line: a blank comes before the next word */
} Paragraph;

/* Adds the words of `s`, made safe; it is parted at white space. */
void sml_show_words(Paragraph *p, Str s);
/* Adds `s`, made safe, as one word, blanks and all. */
void sml_show_unit(Paragraph *p, Str s);
/* Ends the line and makes ready for another paragraph. */
void sml_show_end(Paragraph *p);

/* Appends `s`, made safe, and blanks up to `width` columns. */
void sml_show_cell(Buf *out, Str s, size_t width);

/* Appends `n` blanks. */
void sml_show_pad(Buf *out, size_t n);

#endif
