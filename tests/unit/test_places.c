/* SPDX-License-Identifier: MIT */
/*
 * Positions that never lie: in random drafts of every format and encoding, the bytes under each finding, read as that format
 * is read, are the words that it names, and its line and column are where those bytes stand. What a format makes of bytes is
 * written down here once more, by other means than the readers', so that neither can excuse the other.
 *
 *     [{"text": "zq \u00e9 qz"}]        bytes 11-24, "zq \u00e9 qz", stand for "zq é qz"
 */
#include "base/str.h"
#include "base/utf8.h"

#include <smlint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 2000

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

/* ---- what is drafted ----------------------------------------------------------------------------- */

/* Words with ends to be found, between noise of `noise`. */
static void draw_words(Buf *out, const char *const *noise, uint32_t n)
{
    sml_buf_add(out, STR("On"));
    for (uint32_t i = 10 + below(40); i > 0; i--) {
        uint32_t k = below(n + 4);
        sml_buf_addf(out, "%s", k < n ? noise[k] : k % 2 ? " zq" : "qz ");
    }
    sml_buf_add(out, STR(" end"));
}

static const char *const any[] = {"a", " ", "\"", "'",   "\\", ",",  ";", "ŵ",
                                  "é", "😀", "\n", "b c", "&",  "#d", "\t"};
static const char *const lines[] = {"a",  " ",    "\"",  "'", "ŵ",  "é", "😀",
                                    "\n", "\r\n", "b c", "&", "#d", ",", "\\"};
static const char *const western[] = {"a", " ", "\"", ",", "é", "£", "\n", "b c"};
static const char *const flowing[] = {"a", " ", "ŵ", "é", "😀", "b c", ",", "&", "*"};

#define DRAW(out, noise) draw_words(out, noise, sizeof(noise) / sizeof *(noise))

/* ---- writing it down ----------------------------------------------------------------------------- */

static void put_utf16(Buf *out, Str s, bool big)
{
    for (size_t at = 0; at < s.len;) {
        uint32_t c = sml_utf8_next(s, &at), units[2] = {c}, n = 1;
        if (c > 0xFFFF) {
            units[0] = 0xD800 + ((c - 0x10000) >> 10);
            units[n++] = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        for (uint32_t i = 0; i < n; i++) {
            sml_buf_addc(out, (char)(big ? units[i] >> 8 : units[i]));
            sml_buf_addc(out, (char)(big ? units[i] : units[i] >> 8));
        }
    }
}

static void put_latin(Buf *out, Str s)
{
    for (size_t at = 0; at < s.len;)
        sml_buf_addc(out, (char)sml_utf8_next(s, &at));
}

/* With escapes where they must be, and where they need not be. `wide`: YAML's \U for what lies beyond four digits. */
static void put_escaped(Buf *out, Str s, bool wide)
{
    for (size_t at = 0; at < s.len;) {
        size_t here = at;
        uint32_t c = sml_utf8_next(s, &at);
        if (c == '\n')
            sml_buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\')
            sml_buf_addf(out, "\\%c", (char)c);
        else if (c >= ' ' && below(3))
            sml_buf_add(out, sml_str_slice(s, here, at));
        else if (c > 0xFFFF && wide)
            sml_buf_addf(out, "\\U%08x", c);
        else if (c > 0xFFFF)
            sml_buf_addf(out, "\\u%04x\\u%04X", 0xD800 + ((c - 0x10000) >> 10),
                         0xDC00 + ((c - 0x10000) & 0x3FF));
        else
            sml_buf_addf(out, "\\u%04x", c);
    }
}

/* `s` with `what` put for each byte `c`. */
static void put_instead(Buf *out, Str s, char c, const char *what)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == c)
            sml_buf_addf(out, "%s", what);
        else
            sml_buf_addc(out, s.p[i]);
}

static void put_marked_up(Buf *out, Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == '&')
            sml_buf_add(out, STR("&amp;"));
        else if (s.p[i] == '*')
            sml_buf_add(out, STR("\\*"));
        else if (s.p[i] == ' ' && below(8) == 0)
            sml_buf_add(out, STR("\n"));
        else
            sml_buf_addc(out, s.p[i]);
}

/* ---- reading it again ---------------------------------------------------------------------------- */

static void read_plain(Buf *out, Str raw)
{
    sml_buf_add(out, raw);
}

static void read_utf16(Buf *out, Str raw, bool big)
{
    uint32_t high = 0;
    for (size_t i = 0; i + 1 < raw.len; i += 2) {
        uint32_t a = (unsigned char)raw.p[i], b = (unsigned char)raw.p[i + 1];
        uint32_t c = big ? a << 8 | b : b << 8 | a;
        char bytes[4];
        if (c >= 0xD800 && c < 0xDC00) {
            high = c;
            continue;
        }
        if (high)
            c = 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00);
        high = 0;
        sml_buf_add(out, (Str){bytes, sml_utf8_put(bytes, c)});
    }
}

static void read_little(Buf *out, Str raw)
{
    read_utf16(out, raw, false);
}

static void read_big(Buf *out, Str raw)
{
    read_utf16(out, raw, true);
}

static void read_latin(Buf *out, Str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        char bytes[4];
        sml_buf_add(out, (Str){bytes, sml_utf8_put(bytes, (unsigned char)raw.p[i])});
    }
}

/* In a quoted cell. */
static void read_cell(Buf *out, Str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        sml_buf_addc(out, raw.p[i]);
        i += raw.p[i] == '"';
    }
}

static void read_cell_little(Buf *out, Str raw)
{
    Buf cell = {0};
    read_little(&cell, raw);
    read_cell(out, sml_buf_str(&cell));
    sml_buf_free(&cell);
}

static void read_cell_latin(Buf *out, Str raw)
{
    Buf cell = {0};
    read_cell(&cell, raw);
    read_latin(out, sml_buf_str(&cell));
    sml_buf_free(&cell);
}

static uint32_t read_hex(Str raw, size_t at, size_t digits)
{
    char text[16] = {0};
    memcpy(text, raw.p + at, at + digits <= raw.len ? digits : 0);
    return (uint32_t)strtoul(text, NULL, 16);
}

static void read_escaped(Buf *out, Str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        char bytes[4];
        char kind = raw.p[i] == '\\' && i + 1 < raw.len ? raw.p[++i] : '\0';
        size_t digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        uint32_t c = read_hex(raw, i + 1, digits);
        i += digits;
        if (c >= 0xD800 && c < 0xDC00) {
            c = 0x10000 + ((c - 0xD800) << 10) + (read_hex(raw, i + 3, 4) - 0xDC00);
            i += 6;
        }
        if (digits)
            sml_buf_add(out, (Str){bytes, sml_utf8_put(bytes, c)});
        else if (i < raw.len)
            sml_buf_addc(out, kind == 'n' ? '\n' : raw.p[i]);
    }
}

/* A block, of whose lines four spaces are indentation. */
static void read_block(Buf *out, Str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        sml_buf_addc(out, raw.p[i]);
        i += raw.p[i] == '\n' ? 4 : 0;
    }
}

static void read_marked_up(Buf *out, Str raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        bool entity = sml_str_starts(sml_str_slice(raw, i, raw.len), STR("&amp;"));
        while (raw.p[i] == '\n' && out->len && out->p[out->len - 1] == ' ')
            out->len--;
        if (raw.p[i] != '\\')
            sml_buf_addc(out, raw.p[i]);
        bool broken = raw.p[i] == '\n';
        while (broken && i + 1 < raw.len && raw.p[i + 1] == ' ')
            i++;
        i += entity ? 4 : 0;
    }
}

/* ---- formats ------------------------------------------------------------------------------------- */

static void write_text(Buf *out)
{
    if (below(2))
        sml_buf_add(out, STR("\xEF\xBB\xBF"));
    DRAW(out, lines);
}

static void write_thread(Buf *out)
{
    write_text(out);
    sml_buf_add(out, STR("\n---\n"));
    DRAW(out, lines);
    sml_buf_add(out, STR("\nALT: "));
    DRAW(out, flowing);
}

static void write_wide(Buf *out, bool big)
{
    Buf words = {0};
    sml_buf_add(&words, STR("\xEF\xBB\xBF"));
    DRAW(&words, lines);
    put_utf16(out, sml_buf_str(&words), big);
    sml_buf_free(&words);
}

static void write_little(Buf *out)
{
    write_wide(out, false);
}

static void write_big(Buf *out)
{
    write_wide(out, true);
}

static void write_cell(Buf *out, Str words)
{
    sml_buf_addc(out, '"');
    put_instead(out, words, '"', "\"\"");
    sml_buf_addc(out, '"');
}

static void write_calendar(Buf *out)
{
    Buf words = {0};
    sml_buf_add(out, STR("Date,X copy,LinkedIn copy\r\n"));
    for (uint32_t row = 0; row < 2; row++) {
        for (uint32_t column = 0; column < 2; column++) {
            sml_buf_clear(&words);
            DRAW(&words, lines);
            sml_buf_addf(out, column ? "," : "23/11/2026,");
            write_cell(out, sml_buf_str(&words));
        }
        sml_buf_add(out, STR("\r\n"));
    }
    sml_buf_free(&words);
}

static void write_calendar_little(Buf *out)
{
    Buf narrow = {0};
    sml_buf_add(&narrow, STR("\xEF\xBB\xBF"));
    write_calendar(&narrow);
    put_utf16(out, sml_buf_str(&narrow), false);
    sml_buf_free(&narrow);
}

static void write_western(Buf *out)
{
    Buf words = {0};
    sml_buf_add(out, STR("Date;Post\r\n23/11/2026;"));
    DRAW(&words, western);
    Buf latin = {0};
    sml_buf_add(&words, STR(" é"));
    put_latin(&latin, sml_buf_str(&words));
    write_cell(out, sml_buf_str(&latin));
    sml_buf_free(&latin);
    sml_buf_free(&words);
}

static void write_quoted(Buf *out, bool wide)
{
    Buf words = {0};
    DRAW(&words, any);
    sml_buf_addc(out, '"');
    put_escaped(out, sml_buf_str(&words), wide);
    sml_buf_addc(out, '"');
    sml_buf_free(&words);
}

static void write_line(Buf *out)
{
    sml_buf_add(out, STR("{\"id\": 7, \"text\": "));
    write_quoted(out, false);
    sml_buf_addc(out, '}');
}

static void write_list(Buf *out)
{
    sml_buf_add(out, STR("[\n"));
    for (uint32_t i = 0; i < 3; i++) {
        sml_buf_add(out, i ? STR(",\n {\"text\": ") : STR(" {\"post\": "));
        write_quoted(out, false);
        sml_buf_add(out, STR(", \"channels\": [\"x\"]}"));
    }
    sml_buf_add(out, STR("\n]\n"));
}

static void write_yaml_quoted(Buf *out)
{
    sml_buf_add(out, STR("- channel: x\n  text: "));
    write_quoted(out, true);
    sml_buf_addc(out, '\n');
}

static void write_yaml_block(Buf *out)
{
    Buf words = {0};
    sml_buf_add(out, STR("- text: |\n    "));
    DRAW(&words, any);
    put_instead(out, sml_buf_str(&words), '\n', "\n    ");
    sml_buf_addc(out, '\n');
    sml_buf_free(&words);
}

static void write_markdown(Buf *out)
{
    sml_buf_add(out, STR("---\naccount: official\n---\n"));
    for (uint32_t i = 0; i < 3; i++) {
        Buf words = {0};
        DRAW(&words, flowing);
        sml_buf_add(out, i == 1 ? STR("### LinkedIn\n\n> ") : STR(""));
        put_marked_up(out, sml_buf_str(&words));
        sml_buf_add(out, STR("\n\n"));
        sml_buf_free(&words);
    }
}

static const struct Format {
    const char *name;
    sml_input_kind kind;
    void (*write)(Buf *out);
    void (*read)(Buf *out, Str raw);
    bool wide; /* not UTF-8: line and column are not counted here */
} formats[] = {
    {"text", SML_INPUT_TEXT, write_text, read_plain, false},
    {"thread", SML_INPUT_THREAD, write_thread, read_plain, false},
    {"UTF-16LE", SML_INPUT_TEXT, write_little, read_little, true},
    {"UTF-16BE", SML_INPUT_TEXT, write_big, read_big, true},
    {"calendar", SML_INPUT_CSV, write_calendar, read_cell, false},
    {"calendar in UTF-16LE", SML_INPUT_CSV, write_calendar_little, read_cell_little, true},
    {"calendar in Windows-1252", SML_INPUT_CSV, write_western, read_cell_latin, true},
    {"jsonl", SML_INPUT_JSONL, write_line, read_escaped, false},
    {"json", SML_INPUT_JSON, write_list, read_escaped, false},
    {"yaml, quoted", SML_INPUT_YAML, write_yaml_quoted, read_escaped, false},
    {"yaml, block", SML_INPUT_YAML, write_yaml_block, read_block, false},
    {"markdown", SML_INPUT_MARKDOWN, write_markdown, read_marked_up, false},
};

/* ---- looking ------------------------------------------------------------------------------------- */

/* In Markdown a line break within a paragraph may stand for a space. */
static bool same_words(Str a, Str b)
{
    for (size_t i = 0; a.len == b.len && i < a.len; i++)
        if (a.p[i] != b.p[i] &&
            !((a.p[i] == ' ' && b.p[i] == '\n') || (a.p[i] == '\n' && b.p[i] == ' ')))
            return false;
    return a.len == b.len;
}

static bool stands_there(const struct Format *format, Str draft, sml_span at, Str words)
{
    Buf there = {0};
    format->read(&there, sml_str_slice(draft, at.start, at.end));
    bool same = same_words(sml_buf_str(&there), words);
    sml_buf_free(&there);
    return same;
}

/* From the start, character by character; a mark at the front is none. */
static void count_place(Str draft, uint32_t at, uint32_t *line, uint32_t *col)
{
    size_t i = sml_str_starts(draft, STR("\xEF\xBB\xBF")) ? 3 : 0;
    for (*line = 1, *col = 1; i < at;) {
        char c = draft.p[i];
        sml_utf8_next(draft, &i);
        bool crlf = c == '\r' && i < draft.len && draft.p[i] == '\n';
        bool ends = c == '\n' || (c == '\r' && !crlf);
        *line += ends;
        *col = ends ? 1 : *col + 1;
    }
}

static void check_finding(const struct Format *format, Str draft, const sml_finding *f)
{
    sml_span at = f->span;
    if (!stands_there(format, draft, at, f->match))
        fail_msg("%s: %u-%u is not \"%.*s\" in\n%.*s", format->name, at.start, at.end,
                 STR_ARG(f->match), STR_ARG(draft));
    /* This can fail. */
    assert_false(stands_there(format, draft, (sml_span){at.start + 1, at.end}, f->match));
    assert_false(stands_there(format, draft, (sml_span){at.start, at.end - 1}, f->match));
    assert_false(stands_there(format, draft, (sml_span){at.start + 1, at.end + 1}, f->match));
    uint32_t line, col;
    count_place(draft, at.start, &line, &col);
    if (!format->wide && (line != f->line || col != f->col))
        fail_msg("%s: %u:%u is not %u:%u in\n%.*s", format->name, f->line, f->col, line, col,
                 STR_ARG(draft));
}

static uint32_t check_draft(sml_linter *linter, const struct Format *format)
{
    Buf draft = {0};
    sml_result r;
    uint32_t found = 0;
    format->write(&draft);
    sml_input in = {.path = STR("draft"),
                    .text = sml_buf_str(&draft),
                    .kind = format->kind,
                    .context = {.date = STR("2026-11-20")}};
    sml_linter_open(linter, &in);
    while (sml_linter_next(&r, linter)) {
        if (r.problem)
            fail_msg("%s: %s\n%.*s", format->name, r.problem->message, STR_ARG(in.text));
        found += r.n_findings;
        for (uint32_t i = 0; i < r.n_findings; i++)
            check_finding(format, in.text, &r.findings[i]);
    }
    sml_buf_free(&draft);
    return found;
}

static void test_every_format(void **unused)
{
    (void)unused;
    sml_error err;
    sml_rulebook *rules = sml_rulebook_load("tests/unit/places.yaml", NULL, NULL, &err);
    sml_options options = {.size = sizeof options, .each = true};
    assert_non_null(rules);
    sml_linter *linter = sml_linter_new(&rules, 1, &options, &err);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        uint32_t found = 0;
        state = 88172645463325252u;
        for (uint32_t round = 0; round < ROUNDS; round++)
            found += check_draft(linter, &formats[i]);
        if (found < ROUNDS / 2)
            fail_msg("%s: only %u findings", formats[i].name, found);
    }
    sml_linter_free(linter);
    sml_rulebook_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_format)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
