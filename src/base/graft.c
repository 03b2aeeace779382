/* SPDX-License-Identifier: MIT */
/*
 * The YAML is parsed for places only; what is written is the old bytes, some new lines, and the old
 * bytes again. To be sure of them the result is parsed too, and must have the old approvals and the
 * new one and all other keys as they were. In
 *
 *     allow:
 *     - rule: demo/vote
 *       reason: |
 *         see
 *         # 7                    this is text
 *     # what else?               this is a comment on what follows
 *     channel: x
 *
 * the new lines should come before the comment, but behind the text, and only a YAML parser can tell
 * the two apart. So the first try is behind the last line that is neither blank nor a comment, and if
 * that turns out wrong, the second is at the next key.
 */
#include "base/graft.h"

#include "base/matter.h"
#include "base/utf8.h"

#include <assert.h>
#include <string.h>

typedef struct Graft {
    Str bytes, path;
    bool front;
    const sml_allow *allow;
    Arena *arena;
    sml_error *err;
    Str eol;
    size_t start, end; /* of the YAML, a byte-order mark left out */
    size_t cut;        /* where the new lines go */
    size_t skip;       /* old bytes left out there: an empty pair of brackets */
    size_t indent;     /* of the list's dashes */
    bool has_front;    /* or has no need of it */
    bool has_list;
} Graft;

/* ---- lines ----------------------------------------------------------------------------------- */

static Str line_end_of(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\n')
            return STR("\n");
        if (s.p[i] == '\r')
            return i + 1 < s.len && s.p[i + 1] == '\n' ? STR("\r\n") : STR("\r");
    }
    return STR("\n");
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static size_t line_start(Str s, size_t at)
{
    while (at > 0 && !ends_line(s.p[at - 1]))
        at--;
    return at;
}

/* Behind the line that holds `at`, its end included. */
static size_t next_line(Str s, size_t at)
{
    while (at < s.len && !ends_line(s.p[at]))
        at++;
    if (at + 1 < s.len && s.p[at] == '\r' && s.p[at + 1] == '\n')
        return at + 2;
    return at + (at < s.len);
}

/* The end of the last line before `at` that is neither blank nor a comment; `at` begins a line. */
static size_t behind_content(Str s, size_t at)
{
    while (at > 0) {
        size_t last = at - 1 - (at > 1 && s.p[at - 1] == '\n' && s.p[at - 2] == '\r');
        size_t start = line_start(s, last);
        Str line = sml_str_trim(sml_str_slice(s, start, last));
        if (line.len && line.p[0] != '#')
            break;
        at = start;
    }
    return at;
}

/* ---- what is written ------------------------------------------------------------------------- */

/* A rule's name or a date: nothing in it that YAML could take for something else. */
static bool is_plain(Str s)
{
    bool joined = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && (i == 0 || (c != '-' && c != '/')))
            return false;
        joined |= !word;
    }
    return joined;
}

/* In double quotes, so that no word of a draft can mean anything to YAML. */
static void add_quoted(Buf *out, Str s)
{
    if (is_plain(s)) {
        sml_buf_add(out, s);
        return;
    }
    sml_buf_addc(out, '"');
    for (size_t at = 0; at < s.len;) {
        size_t start = at;
        uint32_t c = sml_utf8_next(s, &at);
        bool odd = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
                   c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
        if (c == '"' || c == '\\')
            sml_buf_addc(out, '\\');
        if (odd)
            sml_buf_addf(out, "\\u%04X", (unsigned)c);
        else
            sml_buf_add(out, sml_str_slice(s, start, at));
    }
    sml_buf_addc(out, '"');
}

static void add_key(Buf *out, const Graft *g, const char *lead, const char *key)
{
    for (size_t i = 0; i < g->indent; i++)
        sml_buf_addc(out, ' ');
    sml_buf_addf(out, "%s%s: ", lead, key);
}

static void add_value(Buf *out, const Graft *g, const char *key, Str value)
{
    if (value.len == 0)
        return;
    add_key(out, g, "  ", key);
    add_quoted(out, value);
    sml_buf_add(out, g->eol);
}

static void add_values(Buf *out, const Graft *g, const char *key, const Str *v, uint32_t n)
{
    if (n == 0)
        return;
    add_key(out, g, "  ", key);
    for (uint32_t i = 0; i < n; i++) {
        sml_buf_add(out, i ? STR(", ") : n > 1 ? STR("[") : STR(""));
        add_quoted(out, v[i]);
    }
    sml_buf_add(out, n > 1 ? STR("]") : STR(""));
    sml_buf_add(out, g->eol);
}

static void add_item(Buf *out, const Graft *g)
{
    const sml_allow *a = g->allow;
    if (!g->has_list) {
        sml_buf_add(out, STR("allow:"));
        sml_buf_add(out, g->eol);
    }
    add_key(out, g, "- ", "rule");
    add_quoted(out, a->rule);
    sml_buf_add(out, g->eol);
    add_values(out, g, "match", a->match, a->n_match);
    add_values(out, g, "fingerprint", a->prints, a->n_prints);
    add_value(out, g, "reason", a->reason);
    add_value(out, g, "by", a->by);
    add_value(out, g, "until", a->until);
}

static void add_fence(Buf *out, const Graft *g)
{
    sml_buf_add(out, STR("---"));
    sml_buf_add(out, g->eol);
}

static void write(Buf *out, const Graft *g)
{
    Str old = g->bytes;
    size_t from = g->cut + g->skip;
    sml_buf_clear(out);
    sml_buf_add(out, sml_str_slice(old, 0, g->cut));
    if (g->skip || (out->len > g->start && !ends_line(out->p[out->len - 1])))
        sml_buf_add(out, g->eol);
    if (!g->has_front)
        add_fence(out, g);
    add_item(out, g);
    if (!g->has_front) {
        add_fence(out, g);
        sml_buf_add(out, g->eol);
    }
    if (g->skip) /* the end of the line that held the brackets */
        from = next_line(old, from);
    sml_buf_add(out, sml_str_slice(old, from, old.len));
}

/* ---- where ----------------------------------------------------------------------------------- */

static bool find_yaml(Graft *g)
{
    Matter m = {0};
    g->start = sml_str_starts(g->bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    g->has_front = true;
    g->end = g->bytes.len;
    if (!g->front)
        return true;
    if (!sml_matter_find(&m, g->bytes, g->path, g->err))
        return false;
    g->has_front = m.close > 0;
    g->end = m.close ? m.close : g->start;
    return true;
}

static bool parse(YamlNode **out, const Graft *g, Str bytes, size_t end)
{
    return sml_yaml_parse(out, sml_str_slice(bytes, 0, end), g->path, g->arena, g->err);
}

/* The line at which the key behind `key` begins, or the end. */
static size_t next_key(const Graft *g, const YamlNode *tree, uint32_t key)
{
    return key + 1 < tree->n ? line_start(g->bytes, tree->keys[key + 1]->at) : g->end;
}

static bool find_list(Graft *g, const YamlNode *tree, uint32_t key)
{
    const YamlNode *list = tree->items[key];
    Str line = sml_str_slice(g->bytes, list->at, next_line(g->bytes, list->at));
    g->has_list = true;
    g->cut = next_key(g, tree, key);
    if (list->kind == YAML_SCALAR && list->text.len == 0 && !list->quoted) {
        g->cut = next_line(g->bytes, tree->keys[key]->at);
        return true;
    }
    if (list->kind == YAML_LIST && list->n == 0 && sml_str_eq(sml_str_trim(line), STR("[]"))) {
        g->cut = list->at;
        while (g->bytes.p[g->cut - 1] == ' ')
            g->cut--;
        g->skip = list->at + 2 - g->cut;
        return true;
    }
    if (list->kind != YAML_LIST || line.p[0] != '-')
        return sml_error_at(g->err, g->path, list->line, list->col,
                            "this list is in brackets; write each approval on lines of its own, "
                            "beginning with \"- rule:\", and try again");
    g->indent = list->at - line_start(g->bytes, list->at);
    return true;
}

static bool find_cut(Graft *g, const YamlNode *tree)
{
    uint32_t key = 0;
    while (key < tree->n && !sml_str_eq(tree->keys[key]->text, STR("allow")))
        key++;
    g->cut = g->end;
    return key == tree->n || find_list(g, tree, key);
}

/* ---- is it what was meant? ------------------------------------------------------------------- */

static bool same(const YamlNode *a, const YamlNode *b)
{
    if (a->kind != b->kind || a->n != b->n || !sml_str_eq(a->text, b->text))
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!same(a->items[i], b->items[i]) || (a->keys && !same(a->keys[i], b->keys[i])))
            return false;
    return true;
}

static bool same_but_allow(const YamlNode *old, const YamlNode *new)
{
    for (uint32_t i = 0; i < old->n; i++) {
        Str key = old->keys[i]->text;
        const YamlNode *now = sml_yaml_get(new, key);
        if (!now || (!sml_str_eq(key, STR("allow")) && !same(old->items[i], now)))
            return false;
    }
    return new->n == old->n + !sml_yaml_get(old, STR("allow"));
}

static bool longer_by_one(const YamlNode *old, const YamlNode *new)
{
    uint32_t n = old && old->kind == YAML_LIST ? old->n : 0;
    if (!new || new->kind != YAML_LIST || new->n != n + 1)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!same(old->items[i], new->items[i]))
            return false;
    return true;
}

static bool is_right(const Graft *g, const YamlNode *old, const Buf *result)
{
    Graft after = {
        .bytes = sml_buf_str(result), .path = g->path, .front = g->front, .arena = g->arena};
    YamlNode *new;
    Str key = STR("allow");
    return find_yaml(&after) && parse(&new, &after, after.bytes, after.end) &&
           new->kind == YAML_MAP &&same_but_allow(old, new) &&
           longer_by_one(sml_yaml_get(old, key), sml_yaml_get(new, key));
}

static bool graft(Buf *out, Graft *g)
{
    YamlNode *tree;
    if (!find_yaml(g) || !parse(&tree, g, g->bytes, g->end))
        return false;
    if (tree->kind != YAML_MAP)
        return sml_error_at(g->err, g->path, tree->line, tree->col,
                            "this is no map of keys and values, so no key can be added");
    if (!find_cut(g, tree))
        return false;
    size_t late = g->cut;
    if (g->has_list && !g->skip && sml_yaml_get(tree, STR("allow"))->kind == YAML_LIST)
        g->cut = behind_content(g->bytes, late);
    write(out, g);
    if (is_right(g, tree, out))
        return true;
    g->cut = late;
    write(out, g);
    return is_right(g, tree, out) ||
           sml_error_at(g->err, g->path, tree->line, tree->col,
                        "there is no safe place here to add \"allow\" to; add it by hand");
}

bool sml_graft_allow(Buf *out, Str bytes, Str path, bool front, const sml_allow *allow,
                     sml_error *err)
{
    Graft g = {.bytes = bytes,
               .path = path,
               .front = front,
               .allow = allow,
               .arena = sml_arena_new(),
               .err = err,
               .eol = line_end_of(bytes)};
    bool ok = graft(out, &g);
    sml_arena_free(g.arena);
    return ok;
}
