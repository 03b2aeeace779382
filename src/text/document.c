/* SPDX-License-Identifier: MIT */
/*
 * Places. A column is a count of characters, and counting them from the start of the line for each
 * finding is quadratic on one long line. So the index, built for the first finding, notes every
 * thousand bytes or so how many characters came before; a column is then the difference of two
 * counts, each a short walk from a mark. A bad byte is one character. In "Ll\u0175y\nda", with
 * marks every four bytes for the sake of the example:
 *
 *     bytes   L l c5 b5 y \n d a         lines 0, 6      marks {0, 0} {4, 3}
 *
 * Byte 7 is in line 2, which begins at 6: 6 characters before byte 7, 5 before byte 6; so it is
 * column 2.
 */
#include "text/document.h"

#include "base/utf8.h"
#include "text/front.h"
#include "text/reader.h"
#include "text/sheet.h"

#include <string.h>

#define MARK_EVERY 1024
#define MOST_BYTES (UINT32_C(680) << 20) /* decoded, not above the 2 GiB that folding takes */

/* The first character at or after byte k * MARK_EVERY, and how many lie before it. */
typedef struct DocumentMark {
    uint32_t at, chars;
    uint32_t long_chars; /* those of them that take two units of UTF-16 */
} DocumentMark;

/* ---- places ---------------------------------------------------------------------------------- */

/* Does the byte at `at` end a line? CRLF ends it with its second byte. */
static bool ends_line(Str s, size_t at)
{
    return s.p[at] == '\n' || (s.p[at] == '\r' && (at + 1 == s.len || s.p[at + 1] != '\n'));
}

static uint32_t count_lines(Str s)
{
    uint32_t n = 1;
    for (size_t at = 0; at < s.len; at++)
        n += ends_line(s, at);
    return n;
}

static void index_places(Document *d)
{
    Str s = d->bytes;
    uint32_t *lines = ARENA_ARRAY(d->arena, uint32_t, count_lines(s));
    DocumentMark *marks = ARENA_ARRAY(d->arena, DocumentMark, s.len / MARK_EVERY + 1);
    uint32_t n_lines = 0, n_marks = 0, chars = 0, long_chars = 0;
    size_t at = sml_encoding_bom(ENCODING_UTF8, s);
    lines[n_lines++] = (uint32_t)at;
    for (; at < s.len; chars++) {
        if (at >= (size_t)n_marks * MARK_EVERY)
            marks[n_marks++] = (DocumentMark){(uint32_t)at, chars, long_chars};
        size_t here = at;
        sml_utf8_next(s, &at);
        long_chars += at - here == 4;
        if (ends_line(s, here))
            lines[n_lines++] = (uint32_t)at;
    }
    while (n_marks < s.len / MARK_EVERY + 1)
        marks[n_marks++] = (DocumentMark){(uint32_t)at, chars, long_chars};
    d->marks = marks;
    d->lines = lines;
    d->n_lines = n_lines;
}

/* Whole characters before byte `at`. */
static DocumentMark count_before(const Document *d, uint32_t at)
{
    uint32_t k = at / MARK_EVERY;
    if (k > 0 && d->marks[k].at > at)
        k--;
    DocumentMark m = d->marks[k];
    for (size_t next = m.at; next < at; m.chars++) {
        size_t here = next;
        sml_utf8_next(d->bytes, &next);
        if (next > at)
            break;
        m.long_chars += next - here == 4;
    }
    return m;
}

static uint32_t chars_before(const Document *d, uint32_t at)
{
    return count_before(d, at).chars;
}

uint32_t sml_document_raw(Document *d, uint32_t at)
{
    if (d->encoding == ENCODING_UTF8)
        return at;
    if (!d->lines)
        index_places(d);
    DocumentMark m = count_before(d, at);
    if (d->encoding == ENCODING_WINDOWS_1252)
        return m.chars;
    uint32_t raw = d->bom + 2 * (m.chars + m.long_chars);
    return raw < d->raw_len ? raw : d->raw_len; /* half a unit at the end is a character too */
}

static uint32_t line_holding(Document *d, uint32_t at)
{
    if (!d->lines)
        index_places(d);
    uint32_t low = 0, high = d->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (d->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void sml_document_place(Document *d, uint32_t at, uint32_t *line, uint32_t *col)
{
    uint32_t i = line_holding(d, at);
    *line = d->first_line + i;
    *col = chars_before(d, at) - chars_before(d, d->lines[i]) + 1;
}

Span sml_document_line(Document *d, uint32_t at)
{
    uint32_t i = line_holding(d, at);
    Span line = {d->lines[i], (uint32_t)d->bytes.len};
    if (i + 1 == d->n_lines)
        return line;
    const char *p = d->bytes.p;
    line.end = d->lines[i + 1] - 1;
    if (line.end > line.start && p[line.end] == '\n' && p[line.end - 1] == '\r')
        line.end--;
    return line;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct ReaderRow {
    const char *name;
    const char *endings; /* of names of files, with a space behind each; the first match counts */
    const char *id;      /* of a record that has none */
    bool front;          /* may begin with front matter */
    bool named; /* read where it is named only: directories have such files for other ends */
    Reader *read;
} readers[] = {
    [SML_INPUT_TEXT] = {"text", "", NULL, true, false, sml_read_plain},
    [SML_INPUT_JSONL] = {"jsonl", ".jsonl .ndjson ", "null", false, false, sml_read_jsonl},
    [SML_INPUT_THREAD] = {"thread", ".txt ", NULL, true, false, sml_read_thread},
    [SML_INPUT_JSON] = {"json", ".json ", NULL, false, true, sml_read_json},
    [SML_INPUT_YAML] = {"yaml", ".yaml .yml ", NULL, false, true, sml_read_yaml},
    [SML_INPUT_MARKDOWN] = {"markdown", ".md .markdown ", NULL, true, false, sml_read_markdown},
    [SML_INPUT_CSV] = {"csv", ".csv .tsv ", NULL, false, false, sml_read_csv},
};

#define N_READERS (sizeof readers / sizeof readers[0])

bool sml_input_kind_parse(sml_input_kind *out, sml_str name)
{
    for (size_t i = 0; i < N_READERS; i++)
        if (sml_str_eq(name, sml_str_from(readers[i].name)))
            return *out = (sml_input_kind)i, true;
    return false;
}

/* The row whose endings `path` has, or N_READERS. */
static size_t row_of(Str path)
{
    for (size_t i = 0; i < N_READERS; i++) {
        Str rest = sml_str_from(readers[i].endings), ending;
        while (sml_str_cut(&ending, &rest, ' '))
            if (ending.len && path.len > ending.len &&
                sml_str_eq_nocase(sml_str_slice(path, path.len - ending.len, path.len), ending))
                return i;
    }
    return N_READERS;
}

sml_str sml_input_ending(uint32_t i)
{
    for (size_t row = 0; row < N_READERS; row++) {
        if (readers[row].named)
            continue;
        Str rest = sml_str_from(readers[row].endings), ending;
        while (sml_str_cut(&ending, &rest, ' '))
            if (ending.len && i-- == 0)
                return ending;
    }
    return (Str){0};
}

#define HEAD 4096 /* bytes that tell a kind */

static bool begins_calendar(Str text)
{
    uint32_t bad_at;
    Arena *a = sml_arena_new();
    Str head = sml_str_slice(text, 0, HEAD);
    Encoding e = sml_encoding_of(head);
    if (e == ENCODING_UTF16LE || e == ENCODING_UTF16BE)
        head = sml_encoding_decode(e, head, &bad_at, a);
    bool is = sml_sheet_begins(head, a);
    sml_arena_free(a);
    return is;
}

sml_input_kind sml_input_kind_of(sml_str path, sml_str text)
{
    size_t row = row_of(path);
    if (row < N_READERS && row != SML_INPUT_THREAD)
        return (sml_input_kind)row;
    return text.len && begins_calendar(text) ? SML_INPUT_CSV : SML_INPUT_THREAD;
}

bool sml_input_is_draft(sml_str path)
{
    size_t row = row_of(path);
    return row < N_READERS && !readers[row].named;
}

/* What is known for no text by its first bytes, whether or not it has a NUL. */
static bool check_magic(const Document *d, Str text, sml_error *err)
{
    static const struct {
        Str magic;
        const char *what;
    } known[] = {
        {{"%PDF-", 5}, "a PDF"},
        {{"{\\rtf", 5}, "rich text (RTF)"},
        {{"PK\3\4", 4}, "a zip archive, as .docx and .xlsx are"},
        {{"\xD0\xCF\x11\xE0", 4}, "an Office document of old"},
        {{"\x89PNG", 4}, "a picture (PNG)"},
        {{"\xFF\xD8\xFF", 3}, "a picture (JPEG)"},
        {{"\x1F\x8B", 2}, "compressed (gzip)"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (sml_str_starts(text, known[i].magic))
            return sml_error_at(err, d->path, 1, 1, "this is %s; save its words as text in UTF-8",
                                known[i].what);
    return true;
}

static bool check_nuls(Document *d, sml_error *err)
{
    const char *nul = d->bytes.len ? memchr(d->bytes.p, '\0', d->bytes.len) : NULL;
    if (!nul)
        return true;
    uint32_t line, col;
    sml_document_place(d, (uint32_t)(nul - d->bytes.p), &line, &col);
    return sml_error_at(err, d->path, line, col,
                        "a NUL byte, so this is binary; a draft is text in UTF-8");
}

/* A part of a calendar ends where it ends, in mid character perhaps. */
static Str whole_lines(const sml_input *in)
{
    size_t len = in->text.len;
    while (in->more && len > 0 && in->text.p[len - 1] != '\n')
        len--;
    return sml_str_slice(in->text, 0, len);
}

static Encoding find_encoding(const sml_input *in)
{
    if (in->sheet && in->sheet->begun)
        return in->sheet->encoding;
    Encoding e = sml_encoding_of(in->text);
    if (in->kind == SML_INPUT_CSV && e == ENCODING_UTF8 && sml_encoding_is_1252(whole_lines(in)))
        e = ENCODING_WINDOWS_1252;
    if (in->sheet) {
        in->sheet->encoding = e;
        in->sheet->begun = e != ENCODING_UTF8 || sml_encoding_is_wide(whole_lines(in));
    }
    return e;
}

static bool decode(Document *d, const sml_input *in, sml_error *err)
{
    Encoding e = d->encoding = find_encoding(in);
    if (e == ENCODING_UTF32 || (e != ENCODING_UTF8 && in->kind == SML_INPUT_JSONL))
        return sml_error_at(err, d->path, d->first_line, 1, "this is %s; save it as UTF-8",
                            e == ENCODING_UTF32 ? "UTF-32" : "UTF-16");
    if (e != ENCODING_UTF8) {
        d->bom = sml_encoding_bom(e, in->text);
        d->bytes = sml_encoding_decode(e, in->text, &d->bad_at, d->arena);
    }
    bool begins = in->kind != SML_INPUT_JSONL && !(in->sheet && in->sheet->at);
    return (!begins || check_magic(d, in->text, err)) && check_nuls(d, err);
}

static bool check_size(const Document *d, uint32_t line, uint64_t max_bytes, sml_error *err)
{
    uint64_t most = max_bytes < MOST_BYTES ? max_bytes : MOST_BYTES;
    if (d->bytes.len <= most)
        return true;
    return sml_error_at(err, d->path, line, 0, "%llu bytes, more than the limit of %llu",
                        (unsigned long long)d->bytes.len, (unsigned long long)most);
}

static uint32_t first_line(const sml_input *in)
{
    if (in->sheet)
        return in->sheet->line + 1;
    return in->first_line ? in->first_line : 1;
}

bool sml_document_read(Document *out, const sml_input *in, uint64_t max_bytes, Arena *a,
                       sml_error *err)
{
    const struct ReaderRow *row = &readers[in->kind];
    *out = (Document){.path = in->path,
                      .bytes = in->text,
                      .raw_len = (uint32_t)in->text.len,
                      .first_line = first_line(in),
                      .id = sml_str_from(row->id),
                      .bad_at = UINT32_MAX,
                      .arena = a};
    if (in->sheet)
        in->sheet->used = SIZE_MAX; /* until a reader knows better */
    if (!check_size(out, in->first_line, max_bytes, err) || !decode(out, in, err))
        return false;
    out->body = sml_encoding_bom(ENCODING_UTF8, out->bytes);
    if (row->front && !sml_front_read(out, err))
        return false;
    if (in->sidecar.len && !sml_front_sidecar(out, in->sidecar, in->sidecar_path, err))
        return false;
    bool ok = row->read(out, in, err);
    if (out->posts.n)
        out->posts.v[0].fields += out->self.fields;
    return ok;
}
