/* SPDX-License-Identifier: MIT */
/*
 * A calendar as it comes in, part by part: what its header said, and how far it has been read. One
 * row stands in one part; whoever cuts parts hands in again what was not used.
 */
#ifndef SML_TEXT_SHEET_H
#define SML_TEXT_SHEET_H

#include "base/vec.h"
#include "text/day.h"
#include "text/encoding.h"

typedef enum ColumnKind {
    COLUMN_OTHER, /* not published, as far as we know */
#define COLUMN(kind, names) COLUMN_##kind,
#include "text/columns.def"
#undef COLUMN
    COLUMN_NETWORK /* named for a network alone: the text for it, or a yes that it goes there */
} ColumnKind;

typedef struct Column {
    ColumnKind kind;
    Str name;    /* as the header has it */
    Str channel; /* of a text for one network */
    bool passed; /* COLUMN_OTHER: it has words, which is told once */
} Column;

struct sml_sheet {
    Arena *arena;
    Encoding encoding;
    bool begun; /* the encoding is known, and not only because all was ASCII */
    bool told_windows, told_account, told_nation, told_days;
    DayTold told_dates;
    char delimiter;
    VEC(Column) columns; /* none until the header is read */
    uint32_t passed;     /* columns with words that are not read, and no post has told of yet */
    uint32_t row;        /* rows read */
    uint32_t line;       /* of the next part, from 0 */
    uint64_t at;         /* bytes of all parts before */
    size_t used;         /* of the part at hand; SIZE_MAX: no more is wanted */
};

/* Does `text` begin with the header of a calendar, beyond doubt: a column of posts and one that says
 * when or where? */
bool sml_sheet_begins(Str text, Arena *a);

/* Three words at least: more than a name, a link, a number or a yes. */
bool sml_sheet_is_prose(Str s);

/* Of a list's item: do the words under a key of that name go out? Under a network's name alone only prose does. */
bool sml_sheet_is_text(const Column *c, Str words);

/* What the header's cell says of its column. */
Column sml_sheet_column(Str name, Arena *a);

#endif
