/* SPDX-License-Identifier: MIT */
/*
 * Rows and cells of CSV, each with its exact place. As spreadsheets write it and people mend it: cells are parted by
 * a delimiter, rows by LF, CRLF or a lone CR; a cell that begins with a quote ends with the next
 * quote that is not doubled, whatever lies between; a quote anywhere else is itself.
 */
#ifndef SML_TEXT_CSV_H
#define SML_TEXT_CSV_H

#include "base/vec.h"

typedef struct CsvCell {
    uint32_t start, end; /* bytes of the text, quotes included */
    bool quoted;
    bool plain; /* no quote inside: what stands between start and end, less a pair of quotes, is
                   the value */
} CsvCell;

typedef VEC(CsvCell) CsvCells;

typedef enum CsvStatus {
    CSV_ROW,
    CSV_END,     /* no more text */
    CSV_PARTIAL, /* the text ends in mid row: with `more` to come, nothing was read */
    CSV_UNCLOSED /* the quote at `trouble` is never closed */
} CsvStatus;

typedef struct CsvReader {
    Str text;
    uint32_t at;    /* where the next row begins */
    char delimiter; /* NUL: cells are lines */
    bool more;      /* the text is only the beginning of what there is */
    uint32_t trouble;
} CsvReader;

/* The next row's cells, at least one; a blank line is a row of one empty cell. `cells` is
 * emptied first. Text of less than 2^31 bytes. */
CsvStatus sml_csv_row(CsvCells *cells, CsvReader *r, Arena *a);

/* The likeliest of comma, semicolon, tab and bar, by the first line from `at` on that has one. */
char sml_csv_delimiter(Str text, uint32_t at);

/* A cell's value, stretch by stretch: bytes [in, in + len) of the text stand for `text`. */
typedef struct CsvStretch {
    Str text;
    uint32_t in, len;
} CsvStretch;

/* The stretch at `*at` (at first the cell's start), which moves behind it; false at the end. */
bool sml_csv_stretch(CsvStretch *out, Str text, const CsvCell *cell, uint32_t *at);

/* The value; borrowed where it stands for itself, else in `a`. */
Str sml_csv_value(Str text, const CsvCell *cell, Arena *a);

#endif
