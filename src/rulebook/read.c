/* SPDX-License-Identifier: MIT */
#include "rulebook/read.h"

#include "base/utf8.h"

#include <string.h>

/* ---- the tables that fields.def makes ----------------------------------------------------------- */

#define WORDS(name, ...) static const char *const words_##name[] = {__VA_ARGS__};
#include "rulebook/fields.def"

#define AT(T, member) offsetof(T, member)
#define SELF          0
#define MUST          FIELD_MUST
#define ONE           FIELD_ONE
#define JOIN          FIELD_JOIN
#define BESIDE        FIELD_BESIDE
#define INHERIT       FIELD_INHERIT
#define STUB          FIELD_STUB
const Field sml_read_fields[] = {
#define FIELD(map, key, type, arg, reader, target, flags, meaning)                                 \
    {MAP_##map, TYPE_##type, arg, flags, sml_##reader, target, key, meaning},
#include "rulebook/fields.def"
};
const uint32_t sml_read_n_fields = sizeof sml_read_fields / sizeof *sml_read_fields;

const FieldTable sml_read_maps[MAP_COUNT] = {
#define MAP(name, what, title) {#name, what, title},
#include "rulebook/fields.def"
};

const FieldChoice sml_read_words[WORDS_COUNT] = {
#define WORDS(name, ...) {words_##name, sizeof words_##name / sizeof *words_##name},
#include "rulebook/fields.def"
};

const char *const sml_read_types[TYPE_COUNT] = {
#define TYPE(name, shapes, words) words,
    FIELD_TYPES(TYPE)
#undef TYPE
};

static const unsigned shapes[TYPE_COUNT] = {
#define TYPE(name, shapes, words) shapes,
    FIELD_TYPES(TYPE)
#undef TYPE
};

bool sml_read_in_map(const Field *f, FieldMap map)
{
    return f->map == map ||
           (map == MAP_DEFAULTS && f->map == MAP_RULE && (f->flags & FIELD_INHERIT));
}

/* ---- words for messages ------------------------------------------------------------------------ */

Pos sml_read_pos(const Loader *l, const YamlNode *n)
{
    return (Pos){.path = l->file->path, .line = n->line, .col = n->col};
}

Str sml_read_short(Str word)
{
    return word.len <= 60 ? word : sml_str_slice(word, 0, sml_utf8_floor(word, 60));
}

Str sml_read_join(Arena *a, const Str *words, uint32_t n, bool quote)
{
    Buf out = {0};
    for (uint32_t i = 0; i < n; i++) {
        sml_buf_add(&out, i == 0 ? STR("") : i + 1 == n ? STR(" or ") : STR(", "));
        sml_buf_addf(&out, quote ? "\"%.*s\"" : "%.*s", STR_ARG(words[i]));
    }
    Str joined = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return joined;
}

#define FEW      12
#define PATIENCE 100 /* problems that are worth a hint */

Str sml_read_hint(Diagnostics *d, Arena *a, Str word, const Str *words, uint32_t n)
{
    if (n == 0 || d->errors >= PATIENCE)
        return (Str){0};
    Str near =
        sml_str_nearest(sml_read_short(word), words, n < READ_NAMES_MAX ? n : READ_NAMES_MAX);
    if (near.len)
        return sml_arena_printf(a, "; did you mean \"%.*s\"?", STR_ARG(near));
    if (n > FEW)
        return (Str){0};
    Str all = sml_read_join(a, words, n, false);
    return sml_arena_printf(a, "; use %.*s", STR_ARG(all));
}

uint32_t sml_read_choice(Loader *l, const Field *f, const YamlNode *n, FieldWords words)
{
    FieldChoice set = sml_read_words[words];
    for (uint32_t i = 0; i < set.n; i++)
        if (sml_str_eq(n->text, sml_str_from(set.v[i])))
            return i;
    ArenaMark mark = sml_arena_mark(l->arena);
    Str *names = ARENA_ARRAY(l->arena, Str, set.n);
    for (uint32_t i = 0; i < set.n; i++)
        names[i] = sml_str_from(set.v[i]);
    Str key = sml_str_from(f->key);
    Str hint = sml_read_hint(l->diagnostics, l->arena, n->text, names, set.n);
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_WORD, STR_ARG(sml_read_short(n->text)),
             STR_ARG(key), STR_ARG(hint));
    sml_arena_rewind(l->arena, mark);
    return UINT32_MAX;
}

/* ---- shapes ------------------------------------------------------------------------------------ */

static const char *shape_words(YamlKind kind)
{
    return kind == YAML_SCALAR ? "text" : kind == YAML_LIST ? "a list" : "a map";
}

/* Mostly the author meant text, and YAML saw its first character otherwise. */
static const char *shape_hint(unsigned allowed, const YamlNode *n)
{
    if (n->kind == YAML_MAP && (allowed & SHAPE_SCALAR))
        return "; put text that begins with \"{\" or holds \": \" in quotes";
    if (n->kind == YAML_LIST && (allowed & SHAPE_SCALAR))
        return "; put text that begins with \"[\" in quotes";
    if (n->kind == YAML_SCALAR && (allowed & SHAPE_LIST))
        return "; begin each item with \"- \"";
    return "";
}

static bool is_empty(const YamlNode *n)
{
    return n->kind == YAML_SCALAR ? !n->quoted && n->text.len == 0 : n->n == 0;
}

bool sml_read_shape(Loader *l, const Field *f, const YamlNode *n)
{
    static const unsigned bit[] = {SHAPE_SCALAR, SHAPE_LIST, SHAPE_MAP};
    Str key = sml_str_from(f->key);
    if (is_empty(n) && !(f->type == TYPE_MAP_OF && n->kind == YAML_MAP)) {
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_EMPTY_VALUE, STR_ARG(key));
        return false;
    }
    if (bit[n->kind] & shapes[f->type])
        return true;
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_WRONG_TYPE, STR_ARG(key),
             sml_read_types[f->type], shape_words(n->kind), shape_hint(shapes[f->type], n));
    return false;
}

bool sml_read_item(Loader *l, const Field *f, const YamlNode *n, bool map)
{
    if (n->kind == YAML_SCALAR || (map && n->kind == YAML_MAP))
        return true;
    Str key = sml_str_from(f->key);
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_WRONG_ITEM, STR_ARG(key),
             map ? "text or a map" : "text", shape_words(n->kind), shape_hint(SHAPE_SCALAR, n));
    return false;
}

uint32_t sml_read_count(const YamlNode *n)
{
    return n->kind == YAML_LIST ? n->n : 1;
}

const YamlNode *sml_read_at(const YamlNode *n, uint32_t i)
{
    return n->kind == YAML_LIST ? n->items[i] : n;
}

/* ---- maps --------------------------------------------------------------------------------------- */

static const Field *find_field(FieldMap map, Str key)
{
    for (uint32_t i = 0; i < sml_read_n_fields; i++)
        if (sml_read_in_map(&sml_read_fields[i], map) &&
            sml_str_eq(sml_str_from(sml_read_fields[i].key), key))
            return &sml_read_fields[i];
    return NULL;
}

/* The keys of a map that have all of `flags`. */
static uint32_t list_keys(Arena *a, FieldMap map, unsigned flags, Str **out)
{
    uint32_t n = 0;
    *out = ARENA_ARRAY(a, Str, sml_read_n_fields);
    for (uint32_t i = 0; i < sml_read_n_fields; i++)
        if (sml_read_in_map(&sml_read_fields[i], map) &&
            (sml_read_fields[i].flags & flags) == flags)
            (*out)[n++] = sml_str_from(sml_read_fields[i].key);
    return n;
}

static void check_keys(Loader *l, FieldMap map, const YamlNode *n)
{
    for (uint32_t i = 0; i < n->n; i++) {
        Str key = n->keys[i]->text, *known;
        if (find_field(map, key))
            continue;
        ArenaMark mark = sml_arena_mark(l->arena);
        uint32_t n_known = list_keys(l->arena, map, 0, &known);
        Str hint = sml_read_hint(l->diagnostics, l->arena, key, known, n_known);
        hint = hint.len ? hint : STR("; sm-lint-rules(5) lists its keys");
        sml_diag(l->diagnostics, sml_read_pos(l, n->keys[i]), DIAG_UNKNOWN_KEY,
                 STR_ARG(sml_read_short(key)), sml_read_maps[map].what, STR_ARG(hint));
        sml_arena_rewind(l->arena, mark);
    }
}

/* May two keys of those marked ONE stand together? */
static bool get_on(const Field *a, const Field *b)
{
    return (a->flags & b->flags & FIELD_JOIN) || ((a->flags | b->flags) & FIELD_BESIDE);
}

/* Exactly one of the keys marked ONE; those marked JOIN count as one together, and BESIDE is no second one. */
static void check_one(Loader *l, FieldMap map, const YamlNode *n)
{
    const Field *first = NULL;
    ArenaMark mark = sml_arena_mark(l->arena);
    Str *keys = NULL;
    uint32_t n_keys = map == MAP_DEFAULTS ? 0 : list_keys(l->arena, map, FIELD_ONE, &keys);
    for (uint32_t i = 0; i < n->n && n_keys; i++) {
        const Field *f = find_field(map, n->keys[i]->text);
        if (!f || !(f->flags & FIELD_ONE))
            continue;
        if (first && !get_on(first, f))
            sml_diag(l->diagnostics, sml_read_pos(l, n->keys[i]), DIAG_ONLY_ONE,
                     STR_ARG(sml_str_from(f->key)), STR_ARG(sml_str_from(first->key)));
        first = first && !(first->flags & FIELD_BESIDE) ? first : f;
    }
    if (!first && n_keys > 0 && !l->stub) {
        Str all = sml_read_join(l->arena, keys, n_keys, false);
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_MISSING_ONE, sml_read_maps[map].what,
                 STR_ARG(all));
    }
    sml_arena_rewind(l->arena, mark);
}

static void read_value(Loader *l, const Field *f, const YamlNode *value, void *target)
{
    if (sml_read_shape(l, f, value))
        f->read(l, f, value, (char *)target + f->at);
}

/* What is wrong with a default is no fault of the rule that inherits it. */
static bool read_default(Loader *l, FieldMap map, const Field *f, void *target)
{
    const YamlNode *value = NULL;
    if (map == MAP_RULE && l->defaults && (f->flags & FIELD_INHERIT))
        value = l->defaults[f - sml_read_fields];
    if (!value)
        return false;
    Str rule = l->diagnostics->rule;
    l->diagnostics->rule = (Str){0};
    read_value(l, f, value, target);
    l->diagnostics->rule = rule;
    return true;
}

static void read_field(Loader *l, FieldMap map, const Field *f, const YamlNode *n, void *target)
{
    const YamlNode *value = sml_yaml_get(n, sml_str_from(f->key));
    if (value)
        read_value(l, f, value, target);
    if (value || read_default(l, map, f, target) || !(f->flags & FIELD_MUST) ||
        map == MAP_DEFAULTS || (l->stub && !(f->flags & FIELD_STUB)))
        return;
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_MISSING_KEY, sml_read_maps[map].what,
             STR_ARG(sml_str_from(f->key)));
}

void sml_read_map(Loader *l, FieldMap map, const Field *f, const YamlNode *n, void *target)
{
    if (n->kind != YAML_MAP) {
        Field whole = f ? *f : (Field){.key = sml_read_maps[map].what};
        whole.type = TYPE_MAP;
        sml_read_shape(l, &whole, n);
        return;
    }
    check_keys(l, map, n);
    check_one(l, map, n);
    for (uint32_t i = 0; i < sml_read_n_fields; i++)
        if (sml_read_in_map(&sml_read_fields[i], map))
            read_field(l, map, &sml_read_fields[i], n, target);
}
