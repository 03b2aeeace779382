/* SPDX-License-Identifier: MIT */
/*
 * A cell's bytes and its value differ only by quotes:
 *
 *     "A ""bin"" day" x          start at the first quote, end behind x
 *     stretches: A  "  bin  "   day   x
 *
 * The value is `A "bin" day x`: a doubled quote is a stretch of its own, two bytes that stand for
 * one; what follows the closing quote is taken as it is, as spreadsheets do.
 */
#include "text/csv.h"

#include <string.h>

/* Behind the closing quote of a cell whose opening quote is at `open`; 0 where there is none. */
static uint32_t behind_quotes(Str s, uint32_t open, bool *plain)
{
    for (uint32_t at = open + 1; at < s.len;) {
        const char *quote = memchr(s.p + at, '"', s.len - at);
        if (!quote)
            return 0;
        at = (uint32_t)(quote - s.p) + 1;
        if (at == s.len || s.p[at] != '"')
            return at;
        *plain = false;
        at++;
    }
    return 0;
}

static bool ends_cell(char c, char delimiter)
{
    return c == delimiter || c == '\n' || c == '\r';
}

/* False for a quote that is never closed. */
static bool read_cell(CsvCell *out, CsvReader *r, uint32_t *at)
{
    Str s = r->text;
    uint32_t end = *at;
    *out = (CsvCell){.start = *at, .plain = true};
    if (end < s.len && s.p[end] == '"') {
        out->quoted = true;
        r->trouble = end;
        end = behind_quotes(s, end, &out->plain);
        if (end == 0)
            return false;
        out->plain = out->plain && (end == s.len || ends_cell(s.p[end], r->delimiter));
    }
    while (end < s.len && !ends_cell(s.p[end], r->delimiter))
        end++;
    out->end = *at = end;
    return true;
}

/* Is the row known to be whole? A CR at the end of a part may be half of CRLF. */
static bool is_whole(const CsvReader *r, uint32_t at)
{
    if (!r->more)
        return true;
    return at < r->text.len && (r->text.p[at] == '\n' || at + 1 < r->text.len);
}

CsvStatus sml_csv_row(CsvCells *cells, CsvReader *r, Arena *a)
{
    Str s = r->text;
    cells->n = 0;
    if (r->at >= s.len)
        return CSV_END;
    uint32_t at = r->at;
    for (;; at++) {
        if (!read_cell(&VEC_PUSH(cells, a), r, &at))
            return r->more ? CSV_PARTIAL : CSV_UNCLOSED;
        if (at >= s.len || s.p[at] != r->delimiter)
            break;
    }
    if (!is_whole(r, at))
        return CSV_PARTIAL;
    bool two = at + 1 < s.len && s.p[at] == '\r' && s.p[at + 1] == '\n';
    r->at = at < s.len ? at + 1 + two : at;
    return CSV_ROW;
}

char sml_csv_delimiter(Str s, uint32_t at)
{
    uint32_t counts[256] = {0};
    for (bool quoted = false; at < s.len; at++) {
        unsigned char c = (unsigned char)s.p[at];
        quoted ^= c == '"';
        if (quoted)
            continue;
        bool any = c < ' ' && (counts[','] || counts[';'] || counts['\t'] || counts['|']);
        if (any && (c == '\n' || c == '\r'))
            break;
        counts[c]++;
    }
    char best = ',';
    for (const char *other = ";\t|"; *other; other++)
        if (counts[(unsigned char)*other] > counts[(unsigned char)best])
            best = *other;
    return best;
}

static uint32_t find_quote(Str s, uint32_t from, uint32_t end)
{
    const char *hit = memchr(s.p + from, '"', end - from);
    return hit ? (uint32_t)(hit - s.p) : end;
}

bool sml_csv_stretch(CsvStretch *out, Str s, const CsvCell *cell, uint32_t *at)
{
    uint32_t from = *at, end = cell->end;
    if (!cell->quoted) {
        *at = end;
        *out = (CsvStretch){sml_str_slice(s, from, end), from, end - from};
        return from < end;
    }
    from += from == cell->start;
    uint32_t quote = find_quote(s, from, end);
    if (quote > from || quote == end) {
        *at = quote;
        *out = (CsvStretch){sml_str_slice(s, from, quote), from, quote - from};
        return from < quote;
    }
    if (quote + 1 < end && s.p[quote + 1] == '"') {
        *at = quote + 2;
        *out = (CsvStretch){STR("\""), quote, 2};
        return true;
    }
    /* The closing quote: quotes behind it are themselves. */
    *at = end;
    *out = (CsvStretch){sml_str_slice(s, quote + 1, end), quote + 1, end - quote - 1};
    return quote + 1 < end;
}

Str sml_csv_value(Str s, const CsvCell *cell, Arena *a)
{
    if (cell->plain)
        return sml_str_slice(s, cell->start + cell->quoted, cell->end - cell->quoted);
    char *out = ARENA_ARRAY(a, char, cell->end - cell->start);
    size_t len = 0;
    CsvStretch part;
    for (uint32_t at = cell->start; sml_csv_stretch(&part, s, cell, &at);) {
        memcpy(out + len, part.text.p, part.text.len);
        len += part.text.len;
    }
    return (Str){out, len};
}
