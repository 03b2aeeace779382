/* SPDX-License-Identifier: MIT */
/*
 * The reader is the front end of the archive filter, so a string is crossed eight bytes at a time:
 * a word in which no byte is a quote, a backslash or below 0x20 is passed whole.
 *
 *     {"text": "a \"b\"\n"}     OBJECT {   KEY text   STRING a \"b\"\n   CLOSE }   END
 *
 * The string, being `escaped`, decodes by stretches: [a ] [\"] [b] [\"] [\n]. Escapes are checked
 * when the string is crossed, so whoever decodes needs no checks.
 */
#include "base/json.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

#define REPLACEMENT UINT32_C(0xFFFD)

/* ---- reading --------------------------------------------------------------------------------- */

enum {
    EXPECT_VALUE, /* first, as a reader begins with zeros */
    EXPECT_ITEM_OR_CLOSE,
    EXPECT_KEY_OR_CLOSE,
    EXPECT_COMMA_OR_CLOSE,
    EXPECT_END
};

static bool fail(JsonReader *r, size_t at, const char *problem)
{
    r->at = at;
    r->problem = problem;
    return false;
}

static unsigned char byte_at(const JsonReader *r, size_t at)
{
    return at < r->text.len ? (unsigned char)r->text.p[at] : 0;
}

static void skip_space(JsonReader *r)
{
    const char *p = r->text.p;
    size_t at = r->at;
    while (at < r->text.len && (p[at] == ' ' || p[at] == '\n' || p[at] == '\r' || p[at] == '\t'))
        at++;
    r->at = at;
}

static bool in_object(const JsonReader *r)
{
    return r->depth && r->objects >> (r->depth - 1) & 1;
}

static bool give(JsonToken *out, JsonReader *r, JsonKind kind, size_t end)
{
    *out = (JsonToken){.kind = kind, .raw = {r->text.p + r->at, end - r->at}, .at = r->at};
    r->at = end;
    r->expect = r->depth ? EXPECT_COMMA_OR_CLOSE : EXPECT_END;
    return true;
}

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)

/* The top bit of some byte is set if, and only if, one of the eight ends a run: a quote, a
 * backslash, a control character. Which byte it is may be wrong behind the first, so only "some or
 * none" is used. */
static uint64_t stops(uint64_t word)
{
    uint64_t quote = word ^ (ONES * '"');
    uint64_t slash = word ^ (ONES * '\\');
    return (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) |
            ((word - ONES * 0x20) & ~word)) &
           TOPS;
}

static size_t skip_plain(Str s, size_t at, bool *wide)
{
    uint64_t seen = 0;
    for (uint64_t word; s.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if (stops(word))
            break;
        seen |= word;
    }
    unsigned char c, tail = 0;
    while (at < s.len && (c = (unsigned char)s.p[at]) >= 0x20 && c != '"' && c != '\\') {
        tail |= c;
        at++;
    }
    *wide = *wide || (seen & TOPS) != 0 || tail >= 0x80;
    return at;
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes that the escape at `at` takes, 0 where it is none. */
static size_t escape_length(Str s, size_t at)
{
    unsigned char c = s.len - at > 1 ? (unsigned char)s.p[at + 1] : 0;
    if (c && strchr("\"\\/bfnrt", c))
        return 2;
    if (c != 'u' || s.len - at < 6)
        return 0;
    for (size_t i = 2; i < 6; i++)
        if (hex_value((unsigned char)s.p[at + i]) < 0)
            return 0;
    return 6;
}

static bool string(JsonToken *out, JsonReader *r, JsonKind kind)
{
    Str s = r->text;
    size_t open = r->at, at = open + 1;
    bool escaped = false, wide = false;
    for (;;) {
        at = skip_plain(s, at, &wide);
        if (at == s.len)
            return fail(r, open, "a closing quote is missing for the string that begins here");
        if (s.p[at] == '"')
            break;
        if (s.p[at] != '\\')
            return fail(r, at, "a control character in a string must be an escape such as \\n");
        size_t length = escape_length(s, at);
        if (!length)
            return fail(
                r, at,
                "an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u and 4 hex digits");
        escaped = true;
        at += length;
    }
    give(out, r, kind, at + 1);
    out->raw = (Str){s.p + open + 1, at - open - 1};
    out->escaped = escaped;
    out->wide = wide;
    return true;
}

static size_t skip_digits(const JsonReader *r, size_t at)
{
    while (byte_at(r, at) >= '0' && byte_at(r, at) <= '9')
        at++;
    return at;
}

/* The end of the number at r->at, or 0 where it breaks the grammar. */
static size_t number_end(const JsonReader *r)
{
    size_t whole = r->at + (byte_at(r, r->at) == '-');
    size_t at = skip_digits(r, whole);
    if (at == whole || (byte_at(r, whole) == '0' && at > whole + 1))
        return 0;
    if (byte_at(r, at) == '.') {
        size_t part = at + 1;
        if ((at = skip_digits(r, part)) == part)
            return 0;
    }
    if ((byte_at(r, at) | 0x20) == 'e') {
        size_t part = at + 1 + (byte_at(r, at + 1) == '+' || byte_at(r, at + 1) == '-');
        if ((at = skip_digits(r, part)) == part)
            return 0;
    }
    return at;
}

static bool number(JsonToken *out, JsonReader *r)
{
    size_t end = number_end(r);
    if (!end)
        return fail(r, r->at, "a number is written like 0, -1, 2.5 or 1e9");
    return give(out, r, JSON_NUMBER, end);
}

static bool word(JsonToken *out, JsonReader *r, JsonKind kind, Str spelling)
{
    if (!sml_str_starts(sml_str_slice(r->text, r->at, r->text.len), spelling))
        return fail(r, r->at, "a value should stand here; words are true, false and null");
    return give(out, r, kind, r->at + spelling.len);
}

static bool open_container(JsonToken *out, JsonReader *r, JsonKind kind)
{
    if (r->depth == JSON_MAX_DEPTH)
        return fail(r, r->at, "nested too deep; 64 levels are allowed");
    uint64_t bit = UINT64_C(1) << r->depth++;
    r->objects = kind == JSON_OBJECT ? r->objects | bit : r->objects & ~bit;
    give(out, r, kind, r->at + 1);
    r->expect = kind == JSON_OBJECT ? EXPECT_KEY_OR_CLOSE : EXPECT_ITEM_OR_CLOSE;
    return true;
}

static bool close_container(JsonToken *out, JsonReader *r)
{
    r->depth--;
    return give(out, r, JSON_CLOSE, r->at + 1);
}

static bool value(JsonToken *out, JsonReader *r)
{
    unsigned char c = byte_at(r, r->at);
    switch (c) {
    case '"':
        return string(out, r, JSON_STRING);
    case '{':
        return open_container(out, r, JSON_OBJECT);
    case '[':
        return open_container(out, r, JSON_ARRAY);
    case 't':
        return word(out, r, JSON_TRUE, STR("true"));
    case 'f':
        return word(out, r, JSON_FALSE, STR("false"));
    case 'n':
        return word(out, r, JSON_NULL, STR("null"));
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return number(out, r);
    return fail(r, r->at, "a value should stand here");
}

static bool key(JsonToken *out, JsonReader *r)
{
    if (byte_at(r, r->at) != '"')
        return fail(r, r->at, "a key in double quotes should stand here");
    if (!string(out, r, JSON_KEY))
        return false;
    skip_space(r);
    if (byte_at(r, r->at) != ':')
        return fail(r, r->at, "a colon should stand here, between key and value");
    r->at++;
    r->expect = EXPECT_VALUE;
    return true;
}

static bool after_comma(JsonToken *out, JsonReader *r, bool object)
{
    r->at++;
    skip_space(r);
    return object ? key(out, r) : value(out, r);
}

bool sml_json_next(JsonToken *out, JsonReader *r)
{
    if (r->problem)
        return false;
    skip_space(r);
    unsigned char c = byte_at(r, r->at);
    bool object = in_object(r), closes = c == (object ? '}' : ']');
    switch (r->expect) {
    case EXPECT_VALUE:
        return value(out, r);
    case EXPECT_ITEM_OR_CLOSE:
        return closes ? close_container(out, r) : value(out, r);
    case EXPECT_KEY_OR_CLOSE:
        return closes ? close_container(out, r) : key(out, r);
    case EXPECT_COMMA_OR_CLOSE:
        if (c == ',')
            return after_comma(out, r, object);
        if (closes)
            return close_container(out, r);
        return fail(r, r->at,
                    object ? "a comma or } should stand here" : "a comma or ] should stand here");
    }
    if (r->at < r->text.len)
        return fail(r, r->at, "nothing but white space may stand behind the value");
    *out = (JsonToken){.kind = JSON_END, .raw = {r->text.p, 0}, .at = r->at};
    return true;
}

bool sml_json_skip(JsonReader *r, const JsonToken *t)
{
    if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY)
        return !r->problem;
    JsonToken inner;
    for (uint32_t depth = r->depth; r->depth >= depth;)
        if (!sml_json_next(&inner, r))
            return false;
    return true;
}

static uint32_t hex4(const char *p)
{
    uint32_t n = 0;
    for (int i = 0; i < 4; i++)
        n = n << 4 | (uint32_t)hex_value((unsigned char)p[i]);
    return n;
}

static bool is_low_half(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}
static bool is_half(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDFFF;
}

/* The code point of the \u escape at `at`, whose length (of the pair, where it is one) goes to
 * `*length`. */
static uint32_t unicode_escape(Str raw, size_t at, size_t *length)
{
    uint32_t unit = hex4(raw.p + at + 2);
    *length = 6;
    if (!is_half(unit))
        return unit;
    const char *next = raw.p + at + 6;
    if (is_low_half(unit) || raw.len - at < 12 || next[0] != '\\' || next[1] != 'u' ||
        !is_low_half(hex4(next + 2)))
        return UTF8_BAD;
    *length = 12;
    return 0x10000 + ((unit & 0x3FF) << 10 | (hex4(next + 2) & 0x3FF));
}

static uint32_t escape(Str raw, size_t at, size_t *length)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    char c = raw.p[at + 1];
    *length = 2;
    if (c == 'u')
        return unicode_escape(raw, at, length);
    const char *known = strchr(letters, c);
    return (unsigned char)(known ? meanings[known - letters] : c);
}

/* Where the bytes from `at` on stop standing for themselves: at a backslash or a bad byte. */
static size_t plain_end(Str raw, size_t at)
{
    for (uint64_t word; raw.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, raw.p + at, sizeof word);
        uint64_t slash = word ^ (ONES * '\\');
        if ((((slash - ONES) & ~slash) | word) & TOPS)
            break;
    }
    while (at < raw.len && raw.p[at] != '\\') {
        size_t next = at;
        if ((unsigned char)raw.p[at] < 0x80)
            next++;
        else if (sml_utf8_next(raw, &next) == UTF8_BAD)
            break;
        at = next;
    }
    return at;
}

bool sml_json_stretch(JsonStretch *out, Str raw, size_t *at)
{
    size_t in = *at;
    if (in >= raw.len)
        return false;
    size_t end = plain_end(raw, in);
    if (end > in) {
        *out = (JsonStretch){.text = {raw.p + in, end - in}, .in = in, .len = end - in};
        *at = end;
        return true;
    }
    *out = (JsonStretch){.in = in, .len = 1};
    uint32_t code_point = raw.p[in] == '\\' ? escape(raw, in, &out->len) : UTF8_BAD;
    out->replaced = code_point == UTF8_BAD;
    out->text.p = out->bytes;
    out->text.len = sml_utf8_put(out->bytes, out->replaced ? REPLACEMENT : code_point);
    *at = in + out->len;
    return true;
}

Str sml_json_text(const JsonToken *t, Arena *a)
{
    bool bad = t->wide && sml_utf8_check(t->raw) < t->raw.len;
    if (!t->escaped && !bad)
        return t->raw;
    /* An escape is never shorter than what it stands for; a bad byte becomes three. */
    char *text = ARENA_ARRAY(a, char, sml_mem_times(t->raw.len, bad ? 3 : 1));
    size_t len = 0;
    JsonStretch s;
    for (size_t at = 0; sml_json_stretch(&s, t->raw, &at); len += s.text.len)
        memcpy(text + len, s.text.p, s.text.len);
    return (Str){text, len};
}

const char *sml_json_kind_name(JsonKind kind)
{
    static const char *const names[] = {
        [JSON_END] = "nothing",     [JSON_NULL] = "null",        [JSON_FALSE] = "false",
        [JSON_TRUE] = "true",       [JSON_NUMBER] = "a number",  [JSON_STRING] = "a string",
        [JSON_ARRAY] = "an array",  [JSON_OBJECT] = "an object", [JSON_KEY] = "a key",
        [JSON_CLOSE] = "a bracket",
    };
    return names[kind];
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool writes_object(const JsonWriter *w)
{
    return w->depth && w->objects >> (w->depth - 1) & 1;
}

static void line_break(JsonWriter *w)
{
    if (w->broken)
        sml_buf_addc(w->out, '\n');
    w->broken = false;
}

/* The comma before a key, or before an item of an array. */
static void separate(JsonWriter *w)
{
    uint64_t bit = w->depth ? UINT64_C(1) << (w->depth - 1) : 0;
    if (w->filled & bit)
        sml_buf_addc(w->out, ',');
    w->filled |= bit;
    line_break(w);
}

static void begin_value(JsonWriter *w)
{
    assert(w->keyed == writes_object(w));
    if (!w->keyed)
        separate(w);
    w->keyed = false;
}

static void open_written(JsonWriter *w, bool object)
{
    begin_value(w);
    assert(w->depth < JSON_MAX_DEPTH);
    uint64_t bit = UINT64_C(1) << w->depth++;
    w->objects = object ? w->objects | bit : w->objects & ~bit;
    w->filled &= ~bit;
    sml_buf_addc(w->out, object ? '{' : '[');
}

void sml_json_object(JsonWriter *w)
{
    open_written(w, true);
}
void sml_json_array(JsonWriter *w)
{
    open_written(w, false);
}

void sml_json_close(JsonWriter *w)
{
    assert(w->depth && !w->keyed);
    line_break(w);
    sml_buf_addc(w->out, writes_object(w) ? '}' : ']');
    w->depth--;
}

void sml_json_key(JsonWriter *w, Str name)
{
    assert(writes_object(w) && !w->keyed);
    separate(w);
    sml_json_quote(w->out, name);
    sml_buf_addc(w->out, ':');
    w->keyed = true;
}

void sml_json_string(JsonWriter *w, Str s)
{
    begin_value(w);
    sml_json_quote(w->out, s);
}

void sml_json_uint(JsonWriter *w, uint64_t n)
{
    begin_value(w);
    sml_buf_add_uint(w->out, n);
}

void sml_json_bool(JsonWriter *w, bool b)
{
    sml_json_raw(w, b ? STR("true") : STR("false"));
}
void sml_json_null(JsonWriter *w)
{
    sml_json_raw(w, STR("null"));
}

void sml_json_raw(JsonWriter *w, Str json)
{
    begin_value(w);
    sml_buf_add(w->out, json);
}

void sml_json_break(JsonWriter *w)
{
    w->broken = true;
}

static bool turns_direction(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void quote_special(Buf *out, uint32_t c)
{
    static const char letters[] = "btnfr"; /* U+0008 to U+000D, with a hole at U+000B */
    if (c == '"' || c == '\\')
        sml_buf_addf(out, "\\%c", (char)c);
    else if (c == UTF8_BAD)
        sml_buf_add(out, STR("\xEF\xBF\xBD"));
    else if (c >= '\b' && c <= '\r' && c != '\v')
        sml_buf_addf(out, "\\%c", letters[c - '\b' - (c > '\v')]);
    else
        sml_buf_addf(out, "\\u%04x", (unsigned)c);
}

void sml_json_quote(Buf *out, Str s)
{
    sml_buf_addc(out, '"');
    size_t done = 0;
    for (size_t at = 0; at < s.len;) {
        size_t here = at;
        unsigned char byte = (unsigned char)s.p[at];
        uint32_t c = byte;
        if (byte < 0x80)
            at++;
        else
            c = sml_utf8_next(s, &at);
        bool special = c < 0x20 || c == '"' || c == '\\' || (c >= 0x7F && c <= 0x9F) ||
                       c == UTF8_BAD || turns_direction(c);
        if (!special)
            continue;
        sml_buf_add(out, (Str){s.p + done, here - done});
        quote_special(out, c);
        done = at;
    }
    if (done < s.len)
        sml_buf_add(out, (Str){s.p + done, s.len - done});
    sml_buf_addc(out, '"');
}
