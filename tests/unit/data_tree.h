/* SPDX-License-Identifier: MIT */
/* Data of others for conformance tests, from the folder that SML_DATA names: a YAML or JSON file as one kind of tree. */
#ifndef TESTS_UNIT_DATA_TREE_H
#define TESTS_UNIT_DATA_TREE_H

#include "base/io.h"
#include "base/json.h"
#include "base/vec.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef VEC(YamlNode *) DataNodes;

static YamlNode *data_value(JsonReader *r, const JsonToken *t, Arena *a);

static YamlNode *data_container(JsonReader *r, YamlKind kind, Arena *a)
{
    YamlNode *n = ARENA_NEW(a, YamlNode);
    DataNodes keys = {0}, items = {0};
    JsonToken t;
    n->kind = kind;
    while (sml_json_next(&t, r) && t.kind != JSON_CLOSE) {
        if (t.kind == JSON_KEY) {
            YamlNode *key = ARENA_NEW(a, YamlNode);
            key->text = sml_json_text(&t, a);
            VEC_PUSH(&keys, a) = key;
            sml_json_next(&t, r);
        }
        VEC_PUSH(&items, a) = data_value(r, &t, a);
    }
    n->keys = keys.v;
    n->items = items.v;
    n->n = items.n;
    return n;
}

static YamlNode *data_value(JsonReader *r, const JsonToken *t, Arena *a)
{
    if (t->kind == JSON_OBJECT || t->kind == JSON_ARRAY)
        return data_container(r, t->kind == JSON_OBJECT ? YAML_MAP : YAML_LIST, a);
    YamlNode *n = ARENA_NEW(a, YamlNode);
    n->text = t->kind == JSON_STRING ? sml_json_text(t, a) : t->raw;
    return n;
}

/* The bytes of a file below SML_DATA. If it is not there, the test says so, frees `a` and is skipped: this does not return. */
static Str data_bytes(const char *name, Arena *a)
{
    const char *data = getenv("SML_DATA");
    Buf text = {0};
    sml_error err;
    Str path = sml_arena_printf(a, "%s/%s", data ? data : "", name);
    if (!data || !sml_io_read(&text, path.p, (size_t)16 << 20, &err)) {
        printf("SKIPPED: SML_DATA/%s is not there\n", name);
        sml_arena_free(a);
        skip();
    }
    Str copy = sml_arena_copy(a, sml_buf_str(&text));
    sml_buf_free(&text);
    return copy;
}

/* The same as a tree. A file that cannot be read as what it is fails the test. */
static YamlNode *data_file(const char *name, Arena *a)
{
    Str text = data_bytes(name, a), path = sml_str_from(name);
    YamlNode *root = NULL;
    sml_error err;
    JsonReader r = {.text = text};
    JsonToken t;
    bool json = sml_str_ends(path, STR(".json"));
    if (json && sml_json_next(&t, &r))
        root = data_value(&r, &t, a);
    else if (!json && !sml_yaml_parse(&root, text, path, a, &err))
        printf("%s:%u: %s\n", err.path, err.line, err.message);
    if (!root || r.problem) {
        fprintf(stderr, "%s: cannot be read\n", name);
        exit(1);
    }
    return root;
}

static Str data_text(const YamlNode *map, const char *key)
{
    const YamlNode *n = sml_yaml_get(map, sml_str_from(key));
    return n ? n->text : (Str){NULL, 0};
}

static unsigned long data_number(const YamlNode *map, const char *key)
{
    Str s = data_text(map, key);
    return s.len ? strtoul(s.p, NULL, 10) : 0;
}

#endif
