/* SPDX-License-Identifier: MIT */
/*
 * A calendar: a header that names the columns, then a row for each post, or for one post on several
 * networks.
 *
 *     Date,X copy,LinkedIn copy            columns: date, text for x, text for linkedin
 *     23/11/2026,Vote,"Please vote
 *     on Thursday"                         row 2: two posts, "row 2, X copy" and the other
 *
 * Rows count as a spreadsheet counts them, the header being row 1, while lines count as an editor
 * does: the second post above begins in line 2 and ends in line 3. Cells that are no text are
 * facts; what no column name explains is not published and so not read. A calendar may come in
 * parts (sheet.h): a part that ends in mid row gives its last row back.
 */
#include "text/reader.h"

#include "base/fact.h"
#include "base/json.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "text/csv.h"
#include "text/day.h"
#include "text/network.h"
#include "text/sheet.h"

#include <string.h>

#define HEADER_ROWS  10 /* how far down the header is looked for: titles may stand above it */
#define MOST_COLUMNS 4096
#define POSTS_A_PART 2000
#define POSTS_IN_ALL 100000

typedef struct Calendar {
    Document *d;
    sml_sheet *sheet;
    const sml_input *in;
    CsvReader csv;
    CsvCells cells;
    uint32_t most_posts;
    sml_context facts; /* of the row at hand */
    VEC(sml_pair) meta;
    VEC(sml_remark) remarks; /* not yet told */
    bool wide_row;           /* `err` tells of a row with more cells than there are columns */
    sml_error *err;
} Calendar;

static Str value(const Calendar *c, uint32_t i)
{
    if (i >= c->cells.n)
        return (Str){0};
    return sml_str_trim(sml_csv_value(c->d->bytes, &c->cells.v[i], c->d->arena));
}

static bool complain(Calendar *c, uint32_t at, const char *format, ...) SML_PRINTF(3, 4);

static bool complain(Calendar *c, uint32_t at, const char *format, ...)
{
    Buf message = {0};
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(&message, format, args);
    va_end(args);
    uint32_t line, col;
    sml_document_place(c->d, at, &line, &col);
    sml_error_at(c->err, c->d->path, line, col, "%.*s", STR_ARG(sml_buf_str(&message)));
    sml_buf_free(&message);
    c->sheet->used = SIZE_MAX;
    return false;
}

static void remark(Calendar *c, uint32_t at, Str text)
{
    sml_remark *n = &VEC_PUSH(&c->remarks, c->d->arena);
    n->text = text;
    sml_document_place(c->d, at, &n->line, &n->col);
}

/* ---- the header ------------------------------------------------------------------------------ */

static bool has_delimiter(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '\t' || s.p[i] == '|')
            return true;
    return false;
}

/* A header of one name is a sheet of one column, in whose posts a comma is a comma; unless it is a title, with the header
 * below it. */
static bool has_one_column(Calendar *c)
{
    CsvReader r = c->csv;
    r.delimiter = '\0';
    if (sml_csv_row(&c->cells, &r, c->d->arena) != CSV_ROW)
        return false;
    Str name = value(c, 0);
    return !has_delimiter(name) && sml_sheet_column(name, c->d->arena).kind == COLUMN_TEXT &&
           !sml_sheet_begins(sml_str_slice(r.text, r.at, r.text.len), c->d->arena);
}

/* Excel's own first line, "sep=;". */
static void read_sep(Calendar *c)
{
    Str s = c->d->bytes;
    uint32_t at = c->csv.at;
    Str line = sml_str_slice(s, at, at + 5);
    if (sml_str_starts(line, STR("sep=")) && line.len == 5 && !strchr("\"\r\n", line.p[4])) {
        c->sheet->delimiter = line.p[4];
        at += 5;
        at += at < s.len && s.p[at] == '\r';
        c->csv.at = at + (at < s.len && s.p[at] == '\n');
    } else {
        c->sheet->delimiter = sml_csv_delimiter(s, at);
    }
    if (has_one_column(c))
        c->sheet->delimiter = '\0';
    c->csv.delimiter = c->sheet->delimiter;
}

static bool has_kind(const sml_sheet *s, ColumnKind kind)
{
    for (uint32_t i = 0; i < s->columns.n; i++)
        if (s->columns.v[i].kind == kind)
            return true;
    return false;
}

/* Takes the row at hand for the header if it names a column of posts. */
static bool take_header(Calendar *c)
{
    sml_sheet *s = c->sheet;
    s->columns.n = 0;
    for (uint32_t i = 0; i < c->cells.n && i < MOST_COLUMNS; i++)
        VEC_PUSH(&s->columns, s->arena) = sml_sheet_column(value(c, i), s->arena);
    bool ok = has_kind(s, COLUMN_TEXT) || (has_kind(s, COLUMN_NETWORK) && has_kind(s, COLUMN_DATE));
    if (!ok)
        s->columns.n = 0;
    return ok;
}

static bool is_link(Str s)
{
    return s.len == 0 || sml_str_starts(s, STR("http://")) || sml_str_starts(s, STR("https://")) ||
           sml_str_starts(s, STR("www."));
}

/* Hootsuite's three columns without a header: when, what, a link. */
static bool needs_no_header(Calendar *c)
{
    sml_sheet *s = c->sheet;
    Day day;
    if (c->cells.n < 2 || c->cells.n > 3 || value(c, 1).len == 0 ||
        (c->cells.n == 3 && !is_link(value(c, 2))) ||
        !sml_day_read(&day, value(c, 0), (Str){0}, c->in->context.date, c->d->arena))
        return false;
    VEC_PUSH(&s->columns, s->arena) = (Column){.kind = COLUMN_DATE, .name = STR("date")};
    VEC_PUSH(&s->columns, s->arena) = (Column){.kind = COLUMN_TEXT, .name = STR("message")};
    VEC_PUSH(&s->columns, s->arena) = (Column){.kind = COLUMN_OTHER, .name = STR("link")};
    return true;
}

static bool refuse_header(Calendar *c, uint32_t at, const Buf *seen)
{
    return complain(c, at,
                    "no column of posts here: there is %.*s; call it post, copy, text, content, "
                    "message, caption, body or tweet, or by its network (X copy)",
                    STR_ARG(sml_buf_str(seen)));
}

/* For the complaint: what the first row has. */
static void list_cells(Calendar *c, Buf *seen)
{
    for (uint32_t i = 0; i < c->cells.n; i++) {
        Str name = value(c, i);
        if (name.len == 0)
            continue;
        if (seen->len > 200) {
            sml_buf_add(seen, STR(", ..."));
            return;
        }
        sml_buf_addf(seen, "%s\"%.*s\"", seen->len ? ", " : "",
                     STR_ARG(sml_str_slice(name, 0, sml_utf8_floor(name, 40))));
    }
}

typedef enum HeaderStatus { HEADER_FOUND, HEADER_PARTIAL, HEADER_NONE } HeaderStatus;

static HeaderStatus find_header(Calendar *c)
{
    uint32_t first = c->csv.at, rows = 0;
    Buf seen = {0};
    CsvStatus status = CSV_END;
    bool found = false;
    while (!found && rows < HEADER_ROWS) {
        uint32_t before = c->csv.at;
        status = sml_csv_row(&c->cells, &c->csv, c->d->arena);
        if (status != CSV_ROW)
            break;
        rows++;
        if (seen.len == 0) {
            list_cells(c, &seen);
            if (seen.len && !take_header(c) && needs_no_header(c)) {
                found = true;
                rows--;
                c->csv.at = before;
            }
        }
        bool title = c->cells.n == 1 && c->csv.delimiter;
        found = found || (!title && take_header(c));
    }
    HeaderStatus answer = found ? HEADER_FOUND : HEADER_NONE;
    if (found)
        c->sheet->row = rows;
    else if (status == CSV_PARTIAL || (status == CSV_END && c->csv.more))
        answer = HEADER_PARTIAL;
    else if (status == CSV_UNCLOSED)
        complain(c, c->csv.trouble, "row %u: the quote that opens here is never closed; close it",
                 rows + 1);
    else if (seen.len)
        refuse_header(c, first, &seen);
    sml_buf_free(&seen);
    return answer;
}

/* ---- facts of a row -------------------------------------------------------------------------- */

static void add_meta(Calendar *c, Str key, Str text)
{
    VEC_PUSH(&c->meta, c->d->arena) = (sml_pair){key, text};
}

/* Letters, digits and what handles have between them. */
static bool may_be_handle(Str cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char b = (unsigned char)cell.p[i];
        if (b >= 0x80 || !(sml_unicode_is_word(b) || strchr("_.-", b)))
            return false;
    }
    return cell.len > 0;
}

/* Said once: without its account most of what rules mind goes unsaid, in row after row. */
static void remark_account(Calendar *c, Str cell, uint32_t at)
{
    const Str kinds[] = {STR("official"), STR("personal"), STR("ministerial")};
    Str near = sml_str_nearest(cell, kinds, sizeof kinds / sizeof kinds[0]);
    Str shown = sml_str_slice(cell, 0, sml_utf8_floor(cell, 60));
    bool is_handle = may_be_handle(cell);
    if (c->sheet->told_account || (is_handle && near.len == 0))
        return;
    c->sheet->told_account = true;
    remark(c, at,
           near.len
               ? sml_arena_printf(c->d->arena, "unknown account \"%.*s\"; did you mean \"%.*s\"?",
                                  STR_ARG(shown), STR_ARG(near))
               : sml_arena_printf(c->d->arena,
                                  "account \"%.*s\" says nothing here; use official, personal, "
                                  "ministerial or an @handle",
                                  STR_ARG(shown)));
}

/* A kind of account, a network, or a handle, which many write without its sign. */
static void read_account(Calendar *c, Str cell, uint32_t at)
{
    Str network = sml_network_of(cell);
    if (sml_str_starts(cell, STR("@")) && cell.len > 1)
        c->facts.handle = cell;
    else if (network.len)
        c->facts.channel = network;
    else if (sml_fact_check(STR("account"), cell, NULL))
        c->facts.account = cell;
    else {
        remark_account(c, cell, at);
        if (may_be_handle(cell))
            c->facts.handle = sml_arena_printf(c->d->arena, "@%.*s", STR_ARG(cell));
    }
}

/* Columns of the other names mean many things to their makers; what has this one and is no nation is a slip. */
static void remark_nation(Calendar *c, uint32_t at, const sml_error *err)
{
    if (!c->sheet->told_nation)
        remark(c, at, sml_arena_copy(c->d->arena, sml_str_from(err->message)));
    c->sheet->told_nation = true;
}

static void read_fact(Calendar *c, const Column *column, Str cell, uint32_t at)
{
    sml_error err;
    const struct {
        Str name, *field;
    } fields[] = {
        {STR("handle"), &c->facts.handle},     {STR("nation"), &c->facts.nation},
        {STR("group"), &c->facts.group},       {STR("kind"), &c->facts.kind},
        {STR("language"), &c->facts.language},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        bool is_this = sml_str_eq_nocase(fields[i].name, column->name);
        if (is_this && sml_fact_check(fields[i].name, cell, &err))
            *fields[i].field = cell;
        else if (is_this && fields[i].field == &c->facts.nation)
            remark_nation(c, at, &err);
    }
}

static bool parts_names(char c)
{
    return c == ',' || c == ';' || c == '|' || c == '\n' || c == '\r';
}

static void read_images(Calendar *c, Str cell)
{
    size_t start = 0;
    uint32_t n = 0;
    for (size_t at = 0; at <= cell.len; at++) {
        if (at < cell.len && !parts_names(cell.p[at]))
            continue;
        Str name = sml_str_trim(sml_str_slice(cell, start, at));
        start = at + 1;
        if (name.len)
            add_meta(c, sml_arena_printf(c->d->arena, "images[%u].file", n++), name);
    }
}

typedef struct RowDate {
    Str date, time, part[COLUMN_MINUTE + 1];
    uint32_t at;
} RowDate;

/* A date in columns of its own. */
static Str join_date(Calendar *c, const RowDate *r)
{
    const Str *p = r->part;
    if (!p[COLUMN_YEAR].len || !p[COLUMN_MONTH].len || !p[COLUMN_DAY].len)
        return (Str){0};
    return sml_arena_printf(c->d->arena, "%.*s/%.*s/%.*s", STR_ARG(p[COLUMN_DAY]),
                            STR_ARG(p[COLUMN_MONTH]), STR_ARG(p[COLUMN_YEAR]));
}

static void read_date(Calendar *c, RowDate *r)
{
    DayTold *told = &c->sheet->told_dates;
    Arena *a = c->d->arena;
    bool joined = r->date.len == 0, order = told->order;
    if (joined)
        r->date = join_date(c, r);
    if (joined && r->part[COLUMN_HOUR].len && r->part[COLUMN_MINUTE].len)
        r->time = sml_arena_printf(a, "%.*s:%.*s", STR_ARG(r->part[COLUMN_HOUR]),
                                   STR_ARG(r->part[COLUMN_MINUTE]));
    if (r->date.len == 0)
        return;
    told->order |= joined; /* columns of their own say which is the day */
    Str said = sml_day_take(&c->facts, r->date, r->time, c->in->context.date, told, a);
    if (joined)
        told->order = order;
    if (said.len)
        remark(c, r->at, said);
}

static bool is_yes(Str cell)
{
    static const char *const words[] = {"true", "yes",          "y",           "x",
                                        "1",    "\xE2\x9C\x93", "\xE2\x9C\x94"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sml_str_eq_nocase(cell, sml_str_from(words[i])))
            return true;
    return false;
}

static bool is_no(Str cell)
{
    return cell.len == 0 || sml_str_eq_nocase(cell, STR("false")) ||
           sml_str_eq_nocase(cell, STR("no")) || sml_str_eq_nocase(cell, STR("n")) ||
           sml_str_eq(cell, STR("0")) || sml_str_eq(cell, STR("-"));
}

/* The row's ticks. */
static void read_ticks(Calendar *c)
{
    Str channels = {0};
    for (uint32_t i = 0; i < c->sheet->columns.n && i < c->cells.n; i++) {
        const Column *column = &c->sheet->columns.v[i];
        if (column->kind == COLUMN_NETWORK && is_yes(value(c, i)))
            channels = sml_network_add(channels, column->channel, c->d->arena);
    }
    if (channels.len)
        c->facts.channel = channels;
}

/* The day that a cell gives, without its time; empty where it is none. */
static Str day_of(Calendar *c, Str cell)
{
    Day day;
    bool ok = sml_day_read(&day, cell, STR(""), c->in->context.date, c->d->arena);
    return ok ? sml_str_slice(day.date, 0, STR("2026-11-20").len) : (Str){0};
}

/* Of several columns that give a day, one that can be read goes before one that cannot, then one that says what of
 * ("publish date") before a plain "date", and what stands further right before the rest. */
static void take_date(Calendar *c, const Column *column, uint32_t i, RowDate *r)
{
    Str cell = value(c, i), day = {0}, other = {0};
    bool plain = sml_str_eq_nocase(sml_str_trim(column->name), STR("date"));
    bool differs = r->date.len && !sml_str_eq(cell, r->date);
    if (differs) {
        day = day_of(c, cell);
        other = day_of(c, r->date);
        differs = day.len == 0 || !sml_str_eq(day, other);
    }
    bool taken = r->date.len == 0 || (day.len && !other.len) || (!plain && (day.len || !other.len));
    if (differs && !c->sheet->told_days)
        remark(c, c->cells.v[i].start,
               sml_arena_printf(c->d->arena,
                                "two columns give a day, and \"%.*s\" is taken; leave one out if "
                                "that is wrong",
                                STR_ARG(taken ? cell : r->date)));
    c->sheet->told_days |= differs;
    if (!taken)
        return;
    r->date = cell;
    r->at = c->cells.v[i].start;
}

static void read_fact_cell(Calendar *c, const Column *column, uint32_t i, RowDate *r)
{
    Str cell = value(c, i);
    if (cell.len == 0)
        return;
    switch (column->kind) {
    case COLUMN_PLATFORM:
        c->facts.channel = sml_network_list(cell, c->d->arena);
        break;
    case COLUMN_ACCOUNT:
        read_account(c, cell, c->cells.v[i].start);
        break;
    case COLUMN_DATE:
        take_date(c, column, i, r);
        break;
    case COLUMN_TIME:
        r->time = cell;
        break;
    case COLUMN_YEAR:
    case COLUMN_MONTH:
    case COLUMN_DAY:
    case COLUMN_HOUR:
    case COLUMN_MINUTE:
        r->part[column->kind] = cell;
        break;
    case COLUMN_ALT:
        if (column->channel.len == 0)
            add_meta(c, STR("images[0].alt"), cell);
        break;
    case COLUMN_IMAGE:
        read_images(c, cell);
        break;
    case COLUMN_STATUS:
        add_meta(c, STR("status"), cell);
        break;
    case COLUMN_FACT:
        read_fact(c, column, cell, c->cells.v[i].start);
        break;
    case COLUMN_OTHER:
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_NETWORK:
        break;
    }
}

static void read_facts(Calendar *c)
{
    RowDate r = {0};
    c->facts = (sml_context){0};
    memset(&c->meta, 0, sizeof c->meta);
    for (uint32_t i = 0; i < c->sheet->columns.n && i < c->cells.n; i++)
        read_fact_cell(c, &c->sheet->columns.v[i], i, &r);
    read_ticks(c);
    read_date(c, &r);
    c->facts.meta = c->meta.v;
    c->facts.n_meta = c->meta.n;
}

/* ---- posts ----------------------------------------------------------------------------------- */

static Norm decode(Calendar *c, const CsvCell *cell)
{
    Document *d = c->d;
    uint32_t start = cell->start + cell->quoted, end = cell->end - (cell->plain && cell->quoted);
    if (cell->plain)
        return sml_reader_words(d, start, end);
    Words w;
    CsvStretch s;
    sml_reader_begin(&w, sml_str_slice(d->bytes, start, end), d->arena);
    for (uint32_t at = cell->start; sml_csv_stretch(&s, d->bytes, cell, &at);) {
        if (s.len == s.text.len)
            sml_reader_keep_good(&w, d, s.in, s.in + s.len);
        else
            sml_reader_swap(&w, s.in, s.len, s.text);
    }
    return sml_reader_end(&w, end);
}

/* Words in a column that no name explains may be notes, or a post under a name that nobody foresaw. */
static void pass_columns(Calendar *c)
{
    for (uint32_t i = 0; i < c->sheet->columns.n && i < c->cells.n; i++) {
        Column *column = &c->sheet->columns.v[i];
        if (column->kind != COLUMN_OTHER || column->passed || !sml_sheet_is_prose(value(c, i)))
            continue;
        column->passed = true;
        c->sheet->passed++;
        remark(c, c->cells.v[i].start,
               sml_arena_printf(c->d->arena,
                                "the column \"%.*s\" is not checked, as its name is not that of a "
                                "post",
                                STR_ARG(column->name)));
        VEC_LAST(&c->remarks).minor = true;
    }
}

static bool is_text(const Column *column, Str cell)
{
    if (column->kind == COLUMN_NETWORK)
        return !is_yes(cell) && !is_no(cell);
    return cell.len && (column->kind == COLUMN_TEXT || column->kind == COLUMN_ALT);
}

/* What the row says of its image for this network, in place of what it says for all. */
static void take_own_alt(Calendar *c, sml_context *facts, Str channel)
{
    Str key = STR("images[0].alt"), alt = {0};
    for (uint32_t i = 0; i < c->sheet->columns.n && i < c->cells.n; i++) {
        const Column *column = &c->sheet->columns.v[i];
        if (column->kind == COLUMN_ALT && sml_str_eq(column->channel, channel))
            alt = value(c, i);
    }
    if (alt.len == 0)
        return;
    sml_pair *meta = ARENA_ARRAY(c->d->arena, sml_pair, (size_t)facts->n_meta + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < facts->n_meta; i++)
        if (!sml_str_eq(facts->meta[i].key, key))
            meta[n++] = facts->meta[i];
    meta[n++] = (sml_pair){key, alt};
    facts->meta = meta;
    facts->n_meta = n;
}

static void add_post(Calendar *c, uint32_t i, Str id)
{
    const Column *column = &c->sheet->columns.v[i];
    Post post = {.words = decode(c, &c->cells.v[i]), .context = c->facts, .id = id};
    post.label =
        sml_arena_printf(c->d->arena, "row %u, %.*s", c->sheet->row, STR_ARG(column->name));
    if (column->channel.len) {
        post.context.channel = column->channel;
        take_own_alt(c, &post.context, column->channel);
    }
    if (column->kind == COLUMN_ALT) {
        post.context.kind = STR("alt");
        post.context.meta = NULL; /* the images are those of the post */
        post.context.n_meta = 0;
    }
    uint32_t first = c->d->posts.n;
    sml_reader_add(c->d, &post, false);
    c->d->posts.v[first].remarks = c->remarks.v;
    c->d->posts.v[first].n_remarks = c->remarks.n;
    c->d->posts.v[first].fields = c->sheet->passed;
    c->sheet->passed = 0;
    memset(&c->remarks, 0, sizeof c->remarks);
}

/* The record's own id, if it has one, as JSON. */
static Str row_id(Calendar *c)
{
    for (uint32_t i = 0; i < c->sheet->columns.n && i < c->cells.n; i++) {
        Str cell = c->sheet->columns.v[i].kind == COLUMN_ID ? value(c, i) : (Str){0};
        if (cell.len == 0)
            continue;
        Buf quoted = {0};
        sml_json_quote(&quoted, cell);
        Str id = sml_arena_copy(c->d->arena, sml_buf_str(&quoted));
        sml_buf_free(&quoted);
        return id;
    }
    return (Str){0};
}

/* An unquoted comma makes two cells of a post, and the second has no column: its words would go unchecked. The rows below
 * are read all the same. */
static void check_width(Calendar *c)
{
    uint32_t i = c->sheet->columns.n, line, col;
    while (i < c->cells.n && value(c, i).len == 0)
        i++;
    if (c->wide_row || i >= c->cells.n)
        return;
    c->wide_row = true;
    sml_document_place(c->d, c->cells.v[i].start, &line, &col);
    sml_error_at(
        c->err, c->d->path, line, col,
        "row %u: this cell has no column, so its words were not checked; put quotes around a "
        "post that holds what parts cells",
        c->sheet->row);
}

static void read_row(Calendar *c)
{
    const sml_sheet *s = c->sheet;
    bool known = false;
    Str id = {0};
    pass_columns(c);
    for (uint32_t i = 0; i < s->columns.n && i < c->cells.n; i++) {
        if (!is_text(&s->columns.v[i], value(c, i)))
            continue;
        if (!known) {
            read_facts(c);
            id = row_id(c);
        }
        known = true;
        add_post(c, i, id);
    }
}

static bool read_rows(Calendar *c)
{
    CsvStatus status = CSV_ROW;
    while (c->d->posts.n < c->most_posts &&
           (status = sml_csv_row(&c->cells, &c->csv, c->d->arena)) == CSV_ROW) {
        c->sheet->row += c->sheet->row < UINT32_MAX;
        read_row(c);
        check_width(c);
    }
    if (status == CSV_UNCLOSED)
        return complain(c, c->csv.trouble,
                        "row %u: the quote that opens here is never closed, so nothing from here "
                        "on was read; close it",
                        c->sheet->row + 1);
    if (status == CSV_ROW && !c->in->sheet && c->csv.at < c->d->bytes.len)
        return complain(c, c->csv.at, "more than %u posts; hand the rest in apart", POSTS_IN_ALL);
    return !c->wide_row;
}

/* ---- parts ----------------------------------------------------------------------------------- */

static uint32_t count_line_ends(Str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.p[i] == '\n' || (s.p[i] == '\r' && (i + 1 == s.len || s.p[i + 1] != '\n'));
    return n;
}

static void end_part(Calendar *c)
{
    sml_sheet *s = c->sheet;
    uint32_t at = c->csv.at;
    if (s->passed && c->d->posts.n) { /* in rows without a post, behind the last that has one */
        VEC_LAST(&c->d->posts).fields += s->passed;
        s->passed = 0;
    }
    if (c->d->bad_at >= at)
        c->d->bad_at = UINT32_MAX;
    s->told_windows = s->told_windows && c->remarks.n == 0; /* no post to tell it with */
    if (s->used == SIZE_MAX)
        return;
    s->used = sml_document_raw(c->d, at);
    s->at += s->used;
    s->line += count_line_ends(sml_str_slice(c->d->bytes, 0, at));
}

static void say_windows(Calendar *c)
{
    if (c->sheet->told_windows || c->d->encoding != ENCODING_WINDOWS_1252)
        return;
    c->sheet->told_windows = true;
    remark(c, 0,
           STR("not UTF-8, so read as Windows-1252; save it as CSV UTF-8 if letters look wrong"));
}

static bool read_calendar(Calendar *c)
{
    sml_sheet *s = c->sheet;
    s->used = 0;
    say_windows(c);
    if (s->columns.n == 0) {
        read_sep(c);
        HeaderStatus header = find_header(c);
        if (header == HEADER_PARTIAL)
            c->csv.at = 0;
        if (header != HEADER_FOUND)
            return header == HEADER_PARTIAL || s->used != SIZE_MAX;
    }
    c->csv.delimiter = s->delimiter;
    return read_rows(c);
}

bool sml_read_csv(Document *d, const sml_input *in, sml_error *err)
{
    sml_sheet own = {.arena = d->arena};
    Calendar c = {.d = d,
                  .sheet = in->sheet ? in->sheet : &own,
                  .in = in,
                  .csv = {.text = d->bytes, .at = d->body, .more = in->sheet && in->more},
                  .most_posts = in->sheet ? POSTS_A_PART : POSTS_IN_ALL,
                  .err = err};
    bool ok = read_calendar(&c);
    end_part(&c);
    return ok;
}
