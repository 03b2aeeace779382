/* SPDX-License-Identifier: MIT */
/*
 * A list of posts in YAML: maps, each with a text and facts, under the keys of front matter or those that scheduling
 * tools use.
 *
 *     - text: |
 *         Vote
 *         Labour             the words "Vote\nLabour\n"
 *       channel: x
 *
 * libyaml says what a scalar comes to and where it begins, but not which byte is whose, and folding, indentation
 * and escapes lie between the two. So value and source are walked together: a character that stands in both is
 * kept; a space or line end of the value takes the white space that it was made from; what the value lacks (indents,
 * the second of two quotation marks, an escaped line end) is jumped over. Should the two ever part, the rest of the
 * value stands where they did.
 */
#include "text/reader.h"

#include "base/json.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "text/front.h"
#include "text/sheet.h"

#include <string.h>

/* ---- words ----------------------------------------------------------------------------------- */

typedef struct Walk {
    Str bytes, value;
    size_t in, out; /* how far each has been walked */
    size_t kept;    /* of the value, from here to `out`: stands in the source as it is */
    char style;     /* " ' | or 0 for plain */
    Words words;
} Walk;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char at(const Walk *w, size_t i)
{
    return i < w->bytes.len ? w->bytes.p[i] : '\0';
}

static void end_kept(Walk *w)
{
    if (w->out > w->kept)
        sml_reader_keep(&w->words, (uint32_t)(w->in - (w->out - w->kept)),
                        sml_str_slice(w->value, w->kept, w->out));
    w->kept = w->out;
}

/* The next `n` bytes of the value are what `len` of the source stand for. */
static void swap(Walk *w, size_t len, size_t n)
{
    end_kept(w);
    sml_reader_swap(&w->words, (uint32_t)w->in, (uint32_t)len,
                    sml_str_slice(w->value, w->out, w->out + n));
    w->in += len;
    w->out += n;
    w->kept = w->out;
}

static void jump(Walk *w, size_t len)
{
    end_kept(w);
    w->in += len;
}

/* How long the escape is that begins at `in`. */
static size_t escape_len(const Walk *w)
{
    char c = at(w, w->in + 1);
    return c == 'x' ? 4 : c == 'u' ? 6 : c == 'U' ? 10 : 2;
}

static size_t char_len(const Walk *w)
{
    size_t next = w->out;
    sml_utf8_next(w->value, &next);
    return next - w->out;
}

static size_t line_end_len(const Walk *w, size_t i)
{
    return at(w, i) == '\r' && at(w, i + 1) == '\n' ? 2 : at(w, i) == '\n' || at(w, i) == '\r';
}

/* A space or line end that was made from others: up to the next line end, and with it. */
static bool swap_break(Walk *w)
{
    size_t end = w->in;
    while (at(w, end) == ' ' || at(w, end) == '\t')
        end++;
    size_t len = line_end_len(w, end);
    if (len == 0)
        return false;
    swap(w, end + len - w->in, 1);
    return true;
}

/* One step; false where value and source part. */
static bool step(Walk *w)
{
    char c = w->value.p[w->out], here = at(w, w->in);
    bool escaped = w->style == '"' && here == '\\';
    if (escaped && line_end_len(w, w->in + 1))
        return jump(w, 1 + line_end_len(w, w->in + 1)), true;
    if (escaped) {
        swap(w, escape_len(w), char_len(w));
        return true;
    }
    if (c == '\n' && swap_break(w))
        return true;
    if (c == here && w->in < w->bytes.len) {
        w->in++;
        w->out++;
        if (w->style == '\'' && c == '\'')
            jump(w, 1);
        return true;
    }
    if (c == ' ' && swap_break(w))
        return true;
    if (!is_blank(here))
        return false;
    jump(w, 1);
    return true;
}

/* Behind the opening mark, or the line that opens a block. */
static size_t value_start(Str bytes, const YamlNode *node, char style)
{
    size_t i = node->at + (style != 0);
    while (style == '|' && i < bytes.len && bytes.p[i] != '\n' && bytes.p[i] != '\r')
        i++;
    return style == '|' ? i + (i + 1 < bytes.len && bytes.p[i] == '\r' && bytes.p[i + 1] == '\n') +
                              (i < bytes.len)
                        : i;
}

static char style_of(Str bytes, const YamlNode *node)
{
    char c = node->quoted && node->at < bytes.len ? bytes.p[node->at] : '\0';
    return c == '>' ? '|' : c;
}

static Norm decode(Document *d, const YamlNode *node)
{
    Walk w = {.bytes = d->bytes, .value = node->text, .style = style_of(d->bytes, node)};
    w.in = value_start(d->bytes, node, w.style);
    sml_reader_begin(&w.words, node->text, d->arena);
    while (w.out < w.value.len && step(&w))
        ;
    end_kept(&w);
    if (w.out < w.value.len)
        swap(&w, 0, w.value.len - w.out);
    return sml_reader_end(&w.words, (uint32_t)w.in);
}

/* ---- posts ----------------------------------------------------------------------------------- */

#define MOST_PASSED 64 /* names told of; a list of more is none that a tool wrote */

typedef struct List {
    Document *d;
    Str near; /* the day that dates without a year are near to */
    DayTold told;
    VEC(Str) passed; /* names of what has words and is not read */
    sml_error *err;
} List;

static Str quote(Str s, Arena *a)
{
    Buf quoted = {0};
    sml_json_quote(&quoted, s);
    Str id = sml_arena_copy(a, sml_buf_str(&quoted));
    sml_buf_free(&quoted);
    return id;
}

static bool fail(const Document *d, const YamlNode *node, sml_error *err, const char *what)
{
    return sml_error_at(err, d->path, node->line, node->col, "%s", what);
}

static Str id_of(const YamlNode *item, Arena *a)
{
    const YamlNode *id = sml_yaml_get(item, STR("id"));
    return id && id->kind == YAML_SCALAR ? quote(id->text, a) : (Str){0};
}

static bool has_prose(const YamlNode *node)
{
    bool prose = node->kind == YAML_SCALAR && sml_sheet_is_prose(node->text);
    for (uint32_t i = 0; i < node->n && !prose; i++)
        prose = has_prose(node->items[i]);
    return prose;
}

/* Words under a name that nobody foresaw may be a post; each name is told of once. */
static void pass_by(List *l, Post *post, const YamlNode *key, const YamlNode *value)
{
    Arena *a = l->d->arena;
    bool told = sml_front_knows(key->text) || l->passed.n >= MOST_PASSED || !has_prose(value);
    for (uint32_t i = 0; i < l->passed.n && !told; i++)
        told = sml_str_eq(l->passed.v[i], key->text);
    if (told)
        return;
    VEC_PUSH(&l->passed, a) = key->text;
    post->fields++;
    sml_remark *all = ARENA_ARRAY(a, sml_remark, (size_t)post->n_remarks + 1);
    for (uint32_t i = 0; i < post->n_remarks; i++)
        all[i] = post->remarks[i];
    Str shown = sml_str_slice(key->text, 0, sml_utf8_floor(key->text, 60));
    all[post->n_remarks++] =
        (sml_remark){.line = key->line,
                     .col = key->col,
                     .text = sml_arena_printf(
                         a, "what \"%.*s\" holds is not checked, as its name is not that of a post",
                         STR_ARG(shown)),
                     .minor = true};
    post->remarks = all;
}

/* The words of one key of the item that `post` has the facts of. */
static void add_text(List *l, const Post *post, const Column *c, const YamlNode *words, uint32_t n)
{
    Arena *a = l->d->arena;
    Post one = *post;
    bool named = c->channel.len || c->kind == COLUMN_ALT;
    one.words = decode(l->d, words);
    one.context.channel = c->channel.len ? c->channel : post->context.channel;
    one.label = sml_arena_printf(a, "post %u%s%.*s", n, named ? ", " : "",
                                 STR_ARG(named ? c->name : (Str){0}));
    if (c->kind == COLUMN_ALT) {
        one.context.kind = STR("alt");
        one.context.meta = NULL; /* the images are those of the post */
        one.context.n_meta = 0;
    }
    sml_reader_add(l->d, &one, false);
}

/* As of a calendar's row: each text is a post, and may be for one network. */
static bool read_item(List *l, const YamlNode *item, uint32_t n)
{
    Document *d = l->d;
    Post post = {0};
    bool any = false;
    if (item->kind != YAML_MAP)
        return fail(d, item, l->err, "a post of a list is a map, such as \"- text: Hello\"");
    if (!sml_front_item(&post, item, l->near, &l->told, d, l->err))
        return false;
    post.id = id_of(item, d->arena);
    uint32_t first = d->posts.n;
    for (uint32_t i = 0; i < item->n; i++) {
        const YamlNode *value = item->items[i];
        Column c = sml_sheet_column(item->keys[i]->text, d->arena);
        if (c.kind == COLUMN_TEXT && value->kind != YAML_SCALAR)
            return fail(d, value, l->err, "the words of a post are text");
        if (value->kind != YAML_SCALAR || !sml_sheet_is_text(&c, value->text)) {
            pass_by(l, &post, item->keys[i], value);
            continue;
        }
        add_text(l, &post, &c, value, n);
        any = any || c.kind != COLUMN_ALT;
    }
    if (!any)
        d->posts.n = first; /* an alternative text alone is no post */
    if (!any)
        return fail(d, item, l->err, "no \"text\" in this post; write \"- text: Hello\"");
    for (uint32_t i = first; i < d->posts.n; i++) {
        Post *one = &d->posts.v[i];
        one->remarks = post.remarks;
        one->n_remarks = i == first ? post.n_remarks : 0;
        one->fields = i == first ? post.fields : 0;
    }
    return true;
}

bool sml_read_yaml(Document *d, const sml_input *in, sml_error *err)
{
    YamlNode *tree;
    List l = {.d = d, .near = in->context.date, .err = err};
    if (!sml_yaml_parse(&tree, d->bytes, d->path, d->arena, err))
        return false;
    const YamlNode *list = tree->kind == YAML_MAP ? sml_yaml_get(tree, STR("posts")) : tree;
    if (!list || list->kind != YAML_LIST)
        return fail(d, tree, err,
                    "no list of posts; write \"- text: Hello\", or such under \"posts:\"");
    for (uint32_t i = 0; i < list->n; i++)
        if (!read_item(&l, list->items[i], i + 1))
            return false;
    for (uint32_t i = 0; list != tree && i < tree->n && d->posts.n; i++)
        d->posts.v[0].fields += tree->items[i] != list && has_prose(tree->items[i]);
    return true;
}
