/* SPDX-License-Identifier: MIT */
#include "text/sheet.h"

#include "text/csv.h"
#include "text/network.h"

#include <string.h>

static const struct {
    ColumnKind kind;
    const char *names;
} kinds[] = {
#define COLUMN(kind, names) {COLUMN_##kind, names},
#include "text/columns.def"
#undef COLUMN
};

static bool parts_words(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '(' || c == ')' || c == ':' || c == '\t';
}

/* `s` in small letters, without what parts words. */
static Str squeeze(Str s, Arena *a)
{
    char *out = ARENA_ARRAY(a, char, s.len);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        if (!parts_words(s.p[i]))
            out[n++] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    return (Str){out, n};
}

/* Is `name`, which is not empty, one of `names`, which stand between spaces? */
static bool is_among(Str name, Str names)
{
    for (size_t at = 0; (at = sml_str_find(names, name, at)) != SIZE_MAX; at++) {
        size_t end = at + name.len;
        if ((at == 0 || names.p[at - 1] == ' ') && (end == names.len || names.p[end] == ' '))
            return true;
    }
    return false;
}

static ColumnKind kind_of(Str squeezed)
{
    for (size_t i = 0; squeezed.len && i < sizeof kinds / sizeof kinds[0]; i++)
        if (is_among(squeezed, sml_str_from(kinds[i].names)))
            return kinds[i].kind;
    return COLUMN_OTHER;
}

/* "Post copy (max 280 characters)" without what stands in parentheses. */
static Str without_size(Str s)
{
    size_t open = sml_str_find(s, STR("("), 0);
    if (open == SIZE_MAX || !sml_str_ends(s, STR(")")))
        return s;
    for (size_t i = open; i < s.len; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return sml_str_trim(sml_str_slice(s, 0, open));
    return s;
}

/* Does `word`, beside "copy", leave it a text that is published? */
static bool tells_which(Str word)
{
    static const char words[] =
        "final approved main draft full long short alternative alt. suggested social media "
        "english eng en saesneg welsh cym cy cymraeg first second third comment story reply "
        "the your our of for in and formerly twitter /";
    Str rest = sml_str_from(words), known;
    bool number = word.len > 0 && word.len < 3;
    for (size_t i = 0; i < word.len; i++)
        number = number && word.p[i] >= '0' && word.p[i] <= '9';
    while (!number && sml_str_cut(&known, &rest, ' '))
        if (sml_str_eq_nocase(known, word))
            return true;
    return number;
}

/* "Welsh copy", "Copy (EN)", "Tweet 2": a name of a text, and words that only say which. */
static bool is_some_text(Str s, Arena *a)
{
    bool text = false;
    for (size_t at = 0, end; at < s.len; at = end + 1) {
        for (end = at; end < s.len && !parts_words(s.p[end]);)
            end++;
        Str word = sml_str_slice(s, at, end);
        if (word.len == 0 || tells_which(word))
            continue;
        if (kind_of(squeeze(word, a)) != COLUMN_TEXT)
            return false;
        text = true;
    }
    return text;
}

static ColumnKind kind_of_name(Str name, Arena *a)
{
    ColumnKind kind = kind_of(squeeze(without_size(name), a));
    return kind == COLUMN_OTHER && is_some_text(without_size(name), a) ? COLUMN_TEXT : kind;
}

/* "X copy", "LinkedIn caption", "Caption - Instagram", "Post (LinkedIn)". */
static bool names_network(Column *c, Arena *a)
{
    Str s = c->name;
    size_t first = 0, last = s.len;
    while (first < s.len && !parts_words(s.p[first]))
        first++;
    while (last > 0 && parts_words(s.p[last - 1]))
        last--;
    size_t end = last;
    while (last > 0 && !parts_words(s.p[last - 1]))
        last--;
    Str ahead = sml_network_of(sml_str_slice(s, 0, first));
    Str behind = sml_network_of(sml_str_slice(s, last, end));
    Str rest = ahead.len ? sml_str_slice(s, first, s.len) : sml_str_slice(s, 0, last);
    ColumnKind kind = kind_of_name(rest, a);
    if ((ahead.len == 0 && behind.len == 0) || (kind != COLUMN_TEXT && kind != COLUMN_ALT))
        return false;
    c->kind = kind;
    c->channel = ahead.len ? ahead : behind;
    return true;
}

Column sml_sheet_column(Str name, Arena *a)
{
    Column c = {.name = sml_arena_copy(a, sml_str_trim(name))};
    Str network = sml_network_of(squeeze(c.name, a));
    c.kind = kind_of(squeeze(without_size(c.name), a));
    if (c.kind == COLUMN_OTHER && network.len) {
        c.kind = COLUMN_NETWORK;
        c.channel = network;
    } else if (c.kind == COLUMN_OTHER && !names_network(&c, a)) {
        c.kind = kind_of_name(c.name, a);
    }
    return c;
}

bool sml_sheet_begins(Str text, Arena *a)
{
    CsvReader r = {.text = text, .at = sml_encoding_bom(ENCODING_UTF8, text), .more = true};
    CsvCells cells = {0};
    bool post = false, place = false;
    r.delimiter = sml_csv_delimiter(text, r.at);
    if (sml_csv_row(&cells, &r, a) != CSV_ROW || cells.n < 2)
        return false;
    for (uint32_t i = 0; i < cells.n; i++) {
        ColumnKind kind = sml_sheet_column(sml_csv_value(text, &cells.v[i], a), a).kind;
        post = post || kind == COLUMN_TEXT;
        place = place || kind == COLUMN_DATE || kind == COLUMN_PLATFORM;
    }
    return post && place;
}

bool sml_sheet_is_prose(Str s)
{
    unsigned spaces = 0;
    for (size_t i = 1; i < s.len && spaces < 2; i++)
        spaces += s.p[i] == ' ' && s.p[i - 1] != ' ';
    return spaces == 2;
}

bool sml_sheet_is_text(const Column *c, Str words)
{
    return c->kind == COLUMN_TEXT || c->kind == COLUMN_ALT ||
           (c->kind == COLUMN_NETWORK && sml_sheet_is_prose(words));
}
