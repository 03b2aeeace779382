/* SPDX-License-Identifier: MIT */
/*
 * The one door to libyaml: a document as a small tree, each node with its place.
 *
 * Every scalar is text. Refused, each with its place and what would be right: more than one document, anchors,
 * aliases, tags, merge keys, duplicate keys, non-scalar keys, empty list items, nesting over 16, more than 262,144
 * values, input over 4 MiB, bytes that are not UTF-8, control characters and U+0000 even when escaped, and U+0085,
 * U+2028, U+2029 (libyaml takes them for line ends). Where libyaml stops at a character that cannot begin a plain
 * scalar (@ ` % or an unmatched { or *), the message says "put it in quotes". So it does where a comment swallows
 * what was meant as text: "- #tag", "[#tag]", and "some words #tag" (a comment proper has a space behind its sign).
 */
#ifndef SML_BASE_YAML_H
#define SML_BASE_YAML_H

#include "base/arena.h"
#include "base/error.h"

typedef enum YamlKind { YAML_SCALAR, YAML_LIST, YAML_MAP } YamlKind;

typedef struct YamlNode YamlNode;
struct YamlNode {
    YamlKind kind;
    Str text;           /* scalar */
    bool quoted;        /* scalar: in quotes or a block, so an empty one is meant */
    bool double_quoted; /* scalar: backslashes were escapes */
    uint32_t line, col; /* from 1; col in code points */
    uint32_t at;        /* byte offset in the input */
    YamlNode **items;   /* list: n items; map: n values */
    YamlNode **keys;    /* map: n scalar keys, in order of the file */
    uint32_t n;
};

#define YAML_MAX_BYTES (UINT32_C(4) << 20)
#define YAML_MAX_DEPTH 16
#define YAML_MAX_NODES (UINT32_C(1) << 18)

/* Parses `text`, called `path` in errors. An empty document gives an empty map. Tree and texts live in `a`. */
bool sml_yaml_parse(YamlNode **out, Str text, Str path, Arena *a, sml_error *err);

/* The value of `key` in a map, or NULL. */
YamlNode *sml_yaml_get(const YamlNode *map, Str key);

/* "0.2.5", static. */
const char *sml_yaml_version(void);

#endif
