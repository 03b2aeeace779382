/* SPDX-License-Identifier: MIT */
/*
 * libyaml's events become a tree of at most YAML_MAX_DEPTH levels, built on a stack of frames, one for each
 * open list or map, over a stack of what these hold, which moves into the tree when they close. What libyaml would take
 * but no author of ours can have meant is refused here.
 *
 * libyaml counts characters, we count bytes: a cursor walks the text beside the events, mostly forward, so
 * that turning one into the other costs one pass.
 *
 * Most of the file is about saying kindly what went wrong. YAML gives a meaning to most punctuation at the
 * start of a value, so
 *
 *     - @VoteLabour          no token can begin with @
 *     - #VoteLabour          an empty item and a comment
 *     - {vote|voting} for    a map, and then words where none can be
 *     [#VoteLabour]          a list that the comment never lets close
 *
 * each fail in another place of the parser with another text, and all mean "put it in quotes".
 */
#include "base/yaml.h"

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

/* What an open list or map holds so far lies on the reading's stack, a map's keys and values in turn. */
typedef struct Frame {
    YamlNode *node;
    uint32_t first; /* on the stack */
    Map seen;       /* index of keys, where there are many */
} Frame;

typedef struct Reading {
    Str text, path; /* text without its byte-order mark, which was `skipped` bytes long */
    uint32_t skipped;
    Arena *arena;
    sml_error *err;
    size_t ascii;        /* bytes at the front that are characters each */
    size_t chars, bytes; /* the cursor: so many characters are so many bytes */
    Frame frames[YAML_MAX_DEPTH];
    VEC(YamlNode *) stack;
    uint32_t depth, nodes, documents;
    YamlNode *root;
} Reading;

const char *sml_yaml_version(void)
{
    return yaml_get_version_string();
}

YamlNode *sml_yaml_get(const YamlNode *map, Str key)
{
    for (uint32_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
        if (sml_str_eq(map->keys[i]->text, key))
            return map->items[i];
    return NULL;
}

/* ---- places ---------------------------------------------------------------------------------- */

/* Marks only ever step back by the length of a token. */
static size_t byte_at(Reading *r, size_t index)
{
    if (index <= r->ascii)
        return index;
    while (r->chars < index && r->bytes < r->text.len) {
        sml_utf8_next(r->text, &r->bytes);
        r->chars++;
    }
    while (r->chars > index) {
        r->bytes = sml_utf8_floor(r->text, r->bytes - 1);
        r->chars--;
    }
    return r->bytes;
}

static uint32_t number_from_1(size_t n)
{
    return (uint32_t)n + 1;
}

/* Calls for a literal format, so that the compiler checks the arguments. */
#define FAIL_AT(r, mark, ...)                                                                      \
    sml_error_at((r)->err, (r)->path, number_from_1((mark).line), number_from_1((mark).column),    \
                 __VA_ARGS__)

static bool fail_byte(const Reading *r, size_t at, const char *message)
{
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at; i++) {
        bool crlf = r->text.p[i] == '\r' && i + 1 < r->text.len && r->text.p[i + 1] == '\n';
        if (crlf || (r->text.p[i] != '\n' && r->text.p[i] != '\r'))
            continue;
        line++;
        start = i + 1;
    }
    uint32_t col = number_from_1(sml_utf8_count(sml_str_slice(r->text, start, at)));
    return sml_error_at(r->err, r->path, line, col, "%s", message);
}

/* ---- what the bytes may be -------------------------------------------------------------------- */

static const char *char_problem(uint32_t c)
{
    if (c == UTF8_BAD)
        return "this byte is not UTF-8; save the file as UTF-8";
    if (c == 0x85 || c == 0x2028 || c == 0x2029)
        return "this is an invisible line end (U+0085, U+2028 or U+2029); delete it or use an "
               "ordinary line end";
    if (c == 0xFEFF)
        return "this is an invisible byte-order mark; delete it";
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F) ||
        c == 0xFFFE || c == 0xFFFF)
        return "control characters are not allowed; delete it, or write it as an escape in double "
               "quotes";
    return NULL;
}

static bool check_bytes(Reading *r)
{
    if (r->text.len > YAML_MAX_BYTES)
        return sml_error_at(r->err, r->path, 0, 0,
                            "the file has %zu bytes; at most %u MiB are read", r->text.len,
                            YAML_MAX_BYTES >> 20);
    r->ascii = r->text.len;
    for (size_t i = 0; i < r->text.len;) {
        size_t at = i;
        if ((r->text.p[i] >= ' ' && r->text.p[i] <= '~') || r->text.p[i] == '\n') {
            i++;
            continue;
        }
        if (i < r->ascii && (unsigned char)r->text.p[i] >= 0x80)
            r->ascii = i;
        const char *problem = char_problem(sml_utf8_next(r->text, &i));
        if (problem)
            return fail_byte(r, at, problem);
    }
    return true;
}

/* ---- what libyaml says, in our words ----------------------------------------------------------- */

static bool says(const char *text, const char *part)
{
    return text && strstr(text, part) != NULL;
}

/* The line that holds byte `at`, from its start to its end. */
static Span line_of(const Reading *r, size_t at)
{
    size_t start = at, end = at;
    while (start > 0 && r->text.p[start - 1] != '\n' && r->text.p[start - 1] != '\r')
        start--;
    while (end < r->text.len && r->text.p[end] != '\n' && r->text.p[end] != '\r')
        end++;
    return (Span){(uint32_t)start, (uint32_t)end};
}

/* Offset of the first character of the value on a line: behind "- " and "key: ". */
static size_t value_start(const Reading *r, Span line)
{
    Str s = sml_str_slice(r->text, line.start, line.end);
    size_t i = 0;
    while (i < s.len && (s.p[i] == ' ' || (s.p[i] == '-' && i + 1 < s.len && s.p[i + 1] == ' ')))
        i++;
    if (i < s.len && strchr("{[\"'", s.p[i]))
        return line.start + i;
    size_t colon = sml_str_find(s, STR(": "), i);
    if (colon == SIZE_MAX)
        return line.start + i;
    for (i = colon + 2; i < s.len && s.p[i] == ' ';)
        i++;
    return line.start + i;
}

/* A '#' that YAML takes for a comment, in the line from `from` on. */
static bool hidden_by_hash(const Reading *r, size_t from)
{
    Span line = line_of(r, from);
    for (size_t i = from; i < line.end; i++)
        if (r->text.p[i] == '#' && i > 0 && strchr(" [{,", r->text.p[i - 1]))
            return true;
    return false;
}

/* A comment says it hides the rest of the line, so an unclosed bracket is shown where it opens. */
static bool unclosed(Reading *r, yaml_mark_t mark, const char *what)
{
    if (hidden_by_hash(r, byte_at(r, mark.index)))
        return FAIL_AT(r, mark,
                       "\"#\" begins a comment and hides the rest of this line; put the "
                       "text that holds it in quotes");
    return FAIL_AT(r, mark,
                   "this %s is not closed or lacks a comma; if it is text, put it in quotes", what);
}

typedef struct Saying {
    const char *part; /* of libyaml's problem or context */
    const char *ours;
    bool at_context; /* show it where the construct began */
} Saying;

static const Saying sayings[] = {
    {"unknown escape character",
     "unknown escape in double quotes; use single quotes, where a backslash is itself", false},
    {"while scanning a directive", "a value cannot begin with \"%\"; put it in quotes", true},
    {"while scanning an alias", "a value cannot begin with \"*\"; put it in quotes", true},
    {"while scanning an anchor", "a value cannot begin with \"&\"; put it in quotes", true},
    {"while scanning a tag", "a value cannot begin with \"!\"; put it in quotes", true},
    {"while scanning a quoted scalar", "this quotation mark is not closed", true},
    {"while scanning a block scalar",
     "text that begins with \"|\" or \">\" must be in quotes, or be "
     "a block: the sign alone, the text indented below",
     true},
    {"mapping values are not allowed",
     "\": \" cannot stand here; put text that holds a colon and a space in quotes", false},
    {"could not find expected ':'", "a key must be followed by \": \" and its value", true},
    {"tab character", "a tab cannot indent; use spaces", false},
    {"block sequence entries are not allowed",
     "\"- \" cannot stand here; put the list on lines of "
     "its own, or the text in quotes",
     false},
};

static bool known_saying(Reading *r, const yaml_parser_t *p)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        const Saying *s = &sayings[i];
        if (!says(p->problem, s->part) && !says(p->context, s->part))
            continue;
        FAIL_AT(r, s->at_context && p->context ? p->context_mark : p->problem_mark, "%s", s->ours);
        return true;
    }
    return false;
}

/* Words where none can be: mostly behind a value that YAML took to end early. */
static bool stray(Reading *r, const yaml_parser_t *p, size_t at)
{
    size_t value = value_start(r, line_of(r, at));
    char c = value < r->text.len ? r->text.p[value] : ' ';
    if (value < at && (c == '{' || c == '['))
        return FAIL_AT(r, p->problem_mark,
                       "nothing can follow a closing bracket; put text that begins with \"%c\" in "
                       "quotes",
                       c);
    if (value < at && (c == '\'' || c == '"'))
        return FAIL_AT(r, p->problem_mark,
                       "nothing can follow a closing quotation mark; inside quotes of one kind, "
                       "write %s",
                       c == '\'' ? "'' for an apostrophe" : "\\\" for a quotation mark");
    return FAIL_AT(r, p->problem_mark, "this does not fit the lines above; check the indentation");
}

static bool parser_failed(Reading *r, const yaml_parser_t *p)
{
    if (p->error == YAML_MEMORY_ERROR)
        return sml_error_at(r->err, r->path, 0, 0, "not enough memory");
    if (p->error == YAML_READER_ERROR)
        return fail_byte(r, p->problem_offset < r->text.len ? p->problem_offset : r->text.len,
                         "this byte cannot be read");
    if (known_saying(r, p))
        return false;
    size_t at = byte_at(r, p->problem_mark.index);
    char c = at < r->text.len ? r->text.p[at] : ' ';
    if (says(p->problem, "cannot start any token"))
        return c == '\t' ? FAIL_AT(r, p->problem_mark, "a tab cannot indent; use spaces")
                         : FAIL_AT(r, p->problem_mark,
                                   "a value cannot begin with \"%c\"; put it in quotes", c);
    if (says(p->context, "flow sequence"))
        return unclosed(r, p->context_mark, "list");
    if (says(p->context, "flow mapping"))
        return unclosed(r, p->context_mark, "map");
    if (says(p->problem, "did not find expected"))
        return stray(r, p, at);
    return FAIL_AT(r, p->problem_mark, "%s", p->problem ? p->problem : "this is not YAML");
}

/* ---- events to tree --------------------------------------------------------------------------- */

static YamlNode *new_node(Reading *r, YamlKind kind, yaml_mark_t mark)
{
    YamlNode *n = ARENA_NEW(r->arena, YamlNode);
    n->kind = kind;
    n->line = number_from_1(mark.line);
    n->col = number_from_1(mark.column);
    n->at = (uint32_t)byte_at(r, mark.index) + r->skipped;
    return n;
}

/* What waits on the stack to be items of a node: there may be no stack yet, and NULL + 0 is no address. */
static YamlNode **held_by(const Reading *r, const Frame *f)
{
    return r->stack.v ? r->stack.v + f->first : NULL;
}

/* A map with no more keys is searched from end to end. */
#define FEW_KEYS 16

/* The key of the innermost map that reads so, or NULL. */
static YamlNode *key_like(Reading *r, Frame *f, Str text)
{
    uint32_t n = (r->stack.n - f->first) / 2, at = 0;
    YamlNode **keys = held_by(r, f);
    if (n > FEW_KEYS) {
        while (f->seen.n < n)
            sml_map_add(&f->seen, keys[(size_t)f->seen.n * 2]->text, f->seen.n, r->arena);
        return sml_map_get(&f->seen, text, &at) ? keys[(size_t)at * 2] : NULL;
    }
    while (at < n && !sml_str_eq(keys[(size_t)at * 2]->text, text))
        at++;
    return at < n ? keys[(size_t)at * 2] : NULL;
}

static bool check_key(Reading *r, Frame *f, const YamlNode *key, yaml_mark_t mark)
{
    if (key->kind != YAML_SCALAR)
        return FAIL_AT(r, mark, "a key must be a plain word; if this is text, put it in quotes");
    if (!key->quoted && sml_str_eq(key->text, STR("<<")))
        return FAIL_AT(r, mark, "merge keys (<<) are not allowed; write the keys out");
    const YamlNode *first = key_like(r, f, key->text);
    if (!first)
        return true;
    Str shown = sml_str_slice(key->text, 0,
                              sml_utf8_floor(key->text, key->text.len < 60 ? key->text.len : 60));
    return FAIL_AT(r, mark, "key \"%.*s\" is here already, on line %u", STR_ARG(shown),
                   first->line);
}

static bool empty_item(Reading *r, const YamlNode *node, yaml_mark_t mark)
{
    Span line = line_of(r, node->at - r->skipped);
    Str rest = sml_str_slice(r->text, node->at - r->skipped, line.end);
    if (sml_str_find(rest, STR("#"), 0) != SIZE_MAX)
        return FAIL_AT(r, mark,
                       "this item is empty, for \"#\" begins a comment; put text that "
                       "begins with \"#\" in quotes");
    return FAIL_AT(r, mark, "this item is empty; write its text, or delete it");
}

/* Hangs a finished or just opened node under the innermost open one. */
static bool attach(Reading *r, YamlNode *node, yaml_mark_t mark)
{
    if (++r->nodes > YAML_MAX_NODES)
        return FAIL_AT(r, mark, "the file holds more than %u values; split it", YAML_MAX_NODES);
    if (r->depth == 0) {
        r->root = node;
        return true;
    }
    Frame *f = &r->frames[r->depth - 1];
    bool is_key = f->node->kind == YAML_MAP && (r->stack.n - f->first) % 2 == 0;
    if (is_key && !check_key(r, f, node, mark))
        return false;
    if (f->node->kind == YAML_LIST && node->kind == YAML_SCALAR && !node->quoted &&
        node->text.len == 0)
        return empty_item(r, node, mark);
    VEC_PUSH(&r->stack, r->arena) = node;
    return true;
}

static bool open_node(Reading *r, YamlKind kind, const yaml_event_t *e)
{
    YamlNode *node = new_node(r, kind, e->start_mark);
    size_t inside = node->at - r->skipped + 1;
    bool flow = kind == YAML_LIST ? e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                                  : e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    if (flow && inside < r->text.len && r->text.p[inside] == '#')
        return unclosed(r, e->start_mark, "list");
    if (!attach(r, node, e->start_mark))
        return false;
    if (r->depth == YAML_MAX_DEPTH)
        return FAIL_AT(r, e->start_mark, "this is nested deeper than %d levels", YAML_MAX_DEPTH);
    r->frames[r->depth++] = (Frame){.node = node, .first = r->stack.n};
    return true;
}

static bool close_node(Reading *r)
{
    Frame *f = &r->frames[--r->depth];
    YamlNode *node = f->node, **held = held_by(r, f);
    assert(node);
    size_t each = node->kind == YAML_MAP ? 2 : 1;
    node->n = (uint32_t)((r->stack.n - f->first) / each);
    node->items = ARENA_ARRAY(r->arena, YamlNode *, node->n);
    if (node->kind == YAML_MAP)
        node->keys = ARENA_ARRAY(r->arena, YamlNode *, node->n);
    for (uint32_t i = 0; i < node->n; i++) {
        node->items[i] = held[i * each + each - 1];
        if (node->keys)
            node->keys[i] = held[i * each];
    }
    r->stack.n = f->first;
    return true;
}

/* "Vote Labour #VoteLabour" without quotes loses its hashtag; a comment proper has a space behind the sign. */
static bool hides_hashtag(const Reading *r, size_t end)
{
    while (end < r->text.len && r->text.p[end] == ' ')
        end++;
    if (end + 1 >= r->text.len || r->text.p[end] != '#' || r->text.p[end - 1] != ' ')
        return false;
    unsigned char c = (unsigned char)r->text.p[end + 1];
    return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool take_scalar(Reading *r, const yaml_event_t *e)
{
    YamlNode *node = new_node(r, YAML_SCALAR, e->start_mark);
    node->text =
        sml_arena_copy(r->arena, (Str){(const char *)e->data.scalar.value, e->data.scalar.length});
    node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->double_quoted = e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (memchr(node->text.len ? node->text.p : "", '\0', node->text.len))
        return FAIL_AT(r, e->start_mark, "text cannot hold the character U+0000");
    if (!node->quoted && node->text.len && hides_hashtag(r, byte_at(r, e->end_mark.index)))
        return FAIL_AT(r, e->start_mark,
                       "\"#\" begins a comment and hides the rest of this text; "
                       "put the text in quotes, or a space behind \"#\"");
    return attach(r, node, e->start_mark);
}

static const yaml_char_t *anchor_of(const yaml_event_t *e)
{
    return e->type == YAML_SCALAR_EVENT           ? e->data.scalar.anchor
           : e->type == YAML_SEQUENCE_START_EVENT ? e->data.sequence_start.anchor
           : e->type == YAML_MAPPING_START_EVENT  ? e->data.mapping_start.anchor
                                                  : NULL;
}

static const yaml_char_t *tag_of(const yaml_event_t *e)
{
    return e->type == YAML_SCALAR_EVENT           ? e->data.scalar.tag
           : e->type == YAML_SEQUENCE_START_EVENT ? e->data.sequence_start.tag
           : e->type == YAML_MAPPING_START_EVENT  ? e->data.mapping_start.tag
                                                  : NULL;
}

static bool take(Reading *r, const yaml_event_t *e)
{
    if (anchor_of(e))
        return FAIL_AT(r, e->start_mark,
                       "anchors are not allowed; put text that begins with \"&\" "
                       "in quotes");
    if (tag_of(e))
        return FAIL_AT(r, e->start_mark,
                       "tags are not allowed; put text that begins with \"!\" in "
                       "quotes");
    switch (e->type) {
    case YAML_ALIAS_EVENT:
        return FAIL_AT(r, e->start_mark,
                       "aliases are not allowed; put text that begins with \"*\" "
                       "in quotes");
    case YAML_DOCUMENT_START_EVENT:
        return ++r->documents == 1 ||
               FAIL_AT(r, e->start_mark, "a second document begins here; a file holds one");
    case YAML_SCALAR_EVENT:
        return take_scalar(r, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(r, YAML_LIST, e);
    case YAML_MAPPING_START_EVENT:
        return open_node(r, YAML_MAP, e);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_node(r);
    default:
        return true;
    }
}

static bool read_events(Reading *r, yaml_parser_t *p)
{
    yaml_parser_set_encoding(p, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(p, (const unsigned char *)(r->text.len ? r->text.p : ""),
                                 r->text.len);
    for (bool ended = false; !ended;) {
        yaml_event_t e;
        if (!yaml_parser_parse(p, &e))
            return parser_failed(r, p);
        bool ok = take(r, &e);
        ended = e.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&e);
        if (!ok)
            return false;
    }
    return true;
}

bool sml_yaml_parse(YamlNode **out, Str text, Str path, Arena *a, sml_error *err)
{
    uint32_t skipped = sml_str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    Reading r = {.text = sml_str_slice(text, skipped, text.len),
                 .path = path,
                 .skipped = skipped,
                 .arena = a,
                 .err = err};
    if (!check_bytes(&r))
        return false;
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return sml_error_at(err, path, 0, 0, "not enough memory");
    bool ok = read_events(&r, &parser);
    yaml_parser_delete(&parser);
    if (!ok)
        return false;
    bool nothing = !r.root || (r.root->kind == YAML_SCALAR && !r.root->quoted && !r.root->text.len);
    *out = nothing ? new_node(&r, YAML_MAP, (yaml_mark_t){0, 0, 0}) : r.root;
    return true;
}
