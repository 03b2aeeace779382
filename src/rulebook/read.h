/* SPDX-License-Identifier: MIT */
/*
 * Maps of a rulebook file into structs, by the rows of fields.def. Internal to the loader.
 *
 * A reader fills one member from one value. It is called with values of the shape that its row's type allows, none of
 * them an empty plain scalar; what it finds wrong it reports, and leaves the member as it was.
 */
#ifndef SML_RULEBOOK_READ_H
#define SML_RULEBOOK_READ_H

#include "base/map.h"
#include "base/yaml.h"
#include "rulebook/load.h"

/* Shapes of values: TYPE(name, shapes, "in words"). S a scalar, L a list, M a map. */
#define FIELD_TYPES(TYPE)                                                                          \
    TYPE(TEXT, SHAPE_SCALAR, "text")                                                               \
    TYPE(FORMAT, SHAPE_SCALAR, "1")                                                                \
    TYPE(ID, SHAPE_SCALAR, "family/slug")                                                          \
    TYPE(DATE, SHAPE_SCALAR, "a date")                                                             \
    TYPE(URL, SHAPE_SCALAR, "a web address")                                                       \
    TYPE(DETECT, SHAPE_SCALAR, "a detector")                                                       \
    TYPE(ACCOUNTS, SHAPE_SCALAR | SHAPE_LIST, "text or a list of texts")                           \
    TYPE(BOOL, SHAPE_SCALAR, "true or false")                                                      \
    TYPE(NUMBER, SHAPE_SCALAR, "a number")                                                         \
    TYPE(MAXIMUM, SHAPE_SCALAR, "a number, channel or tool")                                       \
    TYPE(INTEGER, SHAPE_SCALAR, "a number")                                                        \
    TYPE(WITHIN, SHAPE_SCALAR, "a number, sentence or post")                                       \
    TYPE(WORD, SHAPE_SCALAR, "one word")                                                           \
    TYPE(WORD_LIST, SHAPE_SCALAR | SHAPE_LIST, "a word or a list of words")                        \
    TYPE(TEXTS, SHAPE_SCALAR | SHAPE_LIST, "text or a list of texts")                              \
    TYPE(PHRASES, SHAPE_SCALAR | SHAPE_LIST, "a phrase or a list of phrases")                      \
    TYPE(TEXT_OR, SHAPE_SCALAR | SHAPE_MAP, "text or a map")                                       \
    TYPE(TEXTS_OR, SHAPE_LIST, "a list of texts or maps")                                          \
    TYPE(WANT, SHAPE_SCALAR | SHAPE_LIST | SHAPE_MAP, "phrases or a pattern")                      \
    TYPE(COUNTED, SHAPE_SCALAR | SHAPE_MAP, "a word or a pattern")                                 \
    TYPE(WANTS, SHAPE_LIST, "a list of patterns")                                                  \
    TYPE(MAP, SHAPE_MAP, "a map")                                                                  \
    TYPE(LIST_OF, SHAPE_LIST, "a list of maps")                                                    \
    TYPE(ONE_OR_MORE, SHAPE_LIST | SHAPE_MAP, "a map or a list of maps")                           \
    TYPE(MAP_OF, SHAPE_MAP, "a map of names to maps")                                              \
    TYPE(TEXT_OF, SHAPE_MAP, "a map of names to texts")                                            \
    TYPE(FREE, SHAPE_MAP, "a map")

enum { SHAPE_SCALAR = 1, SHAPE_LIST = 2, SHAPE_MAP = 4 };

typedef enum FieldType {
#define TYPE(name, shapes, words) TYPE_##name,
    FIELD_TYPES(TYPE)
#undef TYPE
        TYPE_COUNT
} FieldType;

typedef enum FieldMap {
#define MAP(name, what, title) MAP_##name,
#include "rulebook/fields.def"
    MAP_COUNT
} FieldMap;

typedef enum FieldWords {
#define WORDS(name, ...) WORDS_##name,
#include "rulebook/fields.def"
    WORDS_COUNT
} FieldWords;

enum {
    FIELD_MUST = 1,
    FIELD_ONE = 2,
    FIELD_JOIN = 4,
    FIELD_INHERIT = 8,
    FIELD_STUB = 16,
    FIELD_BESIDE = 32
};

typedef struct Loader Loader;
typedef struct Field Field;
typedef void ReadFn(Loader *l, const Field *f, const YamlNode *n, void *target);

struct Field {
    FieldMap map;
    FieldType type;
    uint32_t arg;
    unsigned flags;
    ReadFn *read;
    size_t at; /* of the member in the map's struct */
    const char *key, *meaning;
};

typedef struct FieldChoice {
    const char *const *v;
    uint32_t n;
} FieldChoice;

typedef struct FieldTable {
    const char *name;  /* "RULE" */
    const char *what;  /* "a rule" */
    const char *title; /* of its table in the manual */
} FieldTable;

extern const Field sml_read_fields[];
extern const uint32_t sml_read_n_fields;
extern const FieldTable sml_read_maps[MAP_COUNT];
extern const char *const sml_read_types[TYPE_COUNT]; /* "text or a list of texts" */
extern const FieldChoice sml_read_words[WORDS_COUNT];

/* True if `f` is a key of `map`: its own, or for DEFAULTS one that rules inherit. */
bool sml_read_in_map(const Field *f, FieldMap map);

/* ---- what is being loaded --------------------------------------------------------------------- */

/* A file's own keys, still as nodes: names of all files are known before the first is looked up. */
typedef struct FileParts {
    Str path, text, format;
    const YamlNode *root, *pack, *include, *defaults, *sources, *calendar, *lists, *defs, *rules,
        *obligations, *networks, *editions;
} FileParts;

typedef struct RequireParts {
    Want cause, need;
    uint32_t over;
} RequireParts;

typedef struct LimitParts {
    Want count;
    uint32_t max, per;
} LimitParts;

typedef struct WantList {
    Want *v;
    uint32_t n;
} WantList;

typedef struct NearParts {
    WantList all;
    uint32_t words, sentences; /* UINT32_MAX: not said */
} NearParts;

typedef struct ScoreParts {
    uint32_t at;
    Cue *cues;
    uint32_t n;
} ScoreParts;

typedef struct CondParts {
    VEC(Cond) all;
} CondParts;

typedef struct DateParts {
    Cond during, outside, range; /* with n 0, and MINUTES_MIN to MINUTES_MAX: not said */
} DateParts;

typedef struct Def {
    Str name, text; /* once DONE, with the defs it uses put in */
    Pos pos;
    enum {
        DEF_NEW,
        DEF_OPEN,
        DEF_DONE,
        DEF_BAD
    } state; /* OPEN: being expanded; seen again, it is a circle */
} Def;

struct Loader {
    Arena *arena;
    Diagnostics *diagnostics;
    const FileParts *file;     /* that is being read */
    const YamlNode **defaults; /* of its rules, by row of fields.def; or NULL */
    bool stub;                 /* the rule being read is retired */
    VEC(FileParts) files;
    VEC(const Source *) sources;
    VEC(Edition) editions;
    VEC(Obligation) obligations;
    VEC(Network) networks;
    VEC(Window) windows;
    VEC(List) lists;
    VEC(Def) defs;
    VEC(Rule) rules;
    Map source_at, obligation_at, network_at, window_at, list_at, def_at; /* name → index */
    size_t expanded; /* bytes of regexes with their defs put in */
};

/* ---- reading ---------------------------------------------------------------------------------- */

/* Reads `n`, which should be a map of kind `map`, into `target`: unknown and missing keys are reported, all others given to
 * their readers. `f` is the field that holds it, for messages. */
void sml_read_map(Loader *l, FieldMap map, const Field *f, const YamlNode *n, void *target);

/* Whether the value has a shape that the field's type allows; reports it if not. */
bool sml_read_shape(Loader *l, const Field *f, const YamlNode *n);

/* An item of a list under `f` must be a scalar with text, or (with `map` true) may be a map. */
bool sml_read_item(Loader *l, const Field *f, const YamlNode *n, bool map);

/* The items of a value that may be a list or stand alone: their number, and the i-th. */
uint32_t sml_read_count(const YamlNode *n);
const YamlNode *sml_read_at(const YamlNode *n, uint32_t i);

/* Index of the scalar in a set of words; reports what the words are and returns UINT32_MAX if it is none. */
uint32_t sml_read_choice(Loader *l, const Field *f, const YamlNode *n, FieldWords words);

Pos sml_read_pos(const Loader *l, const YamlNode *n);

/* `; did you mean "x"?` if one of the words is near, else `; use a, b or c` if they are few, else empty. Empty too
 * once there are many problems: looking for the nearest word is slow. */
Str sml_read_hint(Diagnostics *d, Arena *a, Str word, const Str *words, uint32_t n);

/* "a, b or c", each in quotes where `quote` is set. */
Str sml_read_join(Arena *a, const Str *words, uint32_t n, bool quote);

/* At most 60 bytes of a user's word, for messages. */
Str sml_read_short(Str word);

/* ---- readers, one or more to a row of fields.def ---------------------------------------------- */

#define FIELD(map, key, type, arg, reader, target, flags, meaning) ReadFn sml_##reader;
#include "rulebook/fields.def"

/* ---- between the files of readers --------------------------------------------------------------- */

/* `n` as a list of wants. */
WantList sml_want_list(Loader *l, const Field *f, const YamlNode *n);

/* Puts the defs of all files into each other; what is wrong is said here, once, and not where they are used. */
void sml_want_defs(Loader *l);

/* The names of `n` lists, windows and so on in `v`, as many as sml_read_hint looks at: the member of each, said as
 * `.name` or `->key`. */
#define READ_NAMES_MAX 2000
#define READ_NAMES(a, v, n, member, out)                                                           \
    do {                                                                                           \
        uint32_t n_ = (n) < READ_NAMES_MAX ? (n) : READ_NAMES_MAX;                                 \
        (out) = ARENA_ARRAY((a), Str, n_);                                                         \
        for (uint32_t i_ = 0; i_ < n_; i_++)                                                       \
            (out)[i_] = (v)[i_] member;                                                            \
    } while (0)

/* A condition in plain words; empty for NULL. */
Str sml_when_words(const Cond *c, Arena *a);

#endif
