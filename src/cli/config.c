/* SPDX-License-Identifier: MIT */
/*
 * Every map of the file is read by the same walk over the rows of config.def, in the order of the file:
 *
 *     override:
 *       demo/shout: {grade: off, reason: We shout.}
 *
 * The row of `override` is of type MAP_OF, argument OVERRIDE: for each key an entry is opened (one of that name is
 * taken again), and its own map is walked with the rows of OVERRIDE, whose targets are members of the entry. Then the
 * entry is checked as a whole. A reader leaves its target as it was where it finds something wrong.
 */
#include "cli/config.h"

#include "base/date.h"
#include "base/io.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "cli/places.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_ENTRIES  4096
#define MOST_INCLUDES 32
#define MOST_DAYS     3650

typedef struct Reading {
    Config *config;
    const ConfigFile *file;
    Arena *arena;
    bool included;
    uint32_t to_come; /* entries of the map or list at hand, with the one being read */
} Reading;

typedef struct Key Key;
typedef void ReadFn(Reading *r, const Key *k, const YamlNode *n, void *target);

enum { SCALAR = 1, LIST = 2, MAPPING = 4 };

/* TYPE(name, shapes, "in words") */
#define CONFIG_TYPES(TYPE)                                                                         \
    TYPE(TEXT, SCALAR, "text")                                                                     \
    TYPE(NETWORKS, SCALAR | LIST, "a network or a list of networks")                               \
    TYPE(FACT, SCALAR, "one word")                                                                 \
    TYPE(WORD, SCALAR, "one word")                                                                 \
    TYPE(DAY, SCALAR, "a date")                                                                    \
    TYPE(DAYS, SCALAR, "a number of days")                                                         \
    TYPE(MOMENT, SCALAR, "a date")                                                                 \
    TYPE(TEXTS, SCALAR | LIST, "text or a list of texts")                                          \
    TYPE(FILES, SCALAR | LIST, "a path or a list of paths")                                        \
    TYPE(ONE_FILE, SCALAR, "a path")                                                               \
    TYPE(INCLUDES, SCALAR | LIST, "a path or a list of paths")                                     \
    TYPE(MAP_OF, MAPPING, "a map")                                                                 \
    TYPE(LIST_OF, LIST, "a list of maps")                                                          \
    TYPE(CONTACTS, MAPPING, "a map of names to texts")                                             \
    TYPE(ALLOWS, LIST, "a list of approvals")

typedef enum Type {
#define TYPE(name, shapes, words) TYPE_##name,
    CONFIG_TYPES(TYPE)
#undef TYPE
} Type;

static const struct TypeRow {
    unsigned shapes;
    const char *words;
} types[] = {
#define TYPE(name, shapes, words) {shapes, words},
    CONFIG_TYPES(TYPE)
#undef TYPE
};

typedef enum MapId {
#define MAP(name, what, title) MAP_##name,
#define KEY(map, key, type, argument, target, flags, meaning)
#include "cli/config.def"
    MAP_COUNT
} MapId;

static const struct MapRow {
    const char *name, *what;
} maps[] = {
#define MAP(name, what, title) {#name, what},
#define KEY(map, key, type, argument, target, flags, meaning)
#include "cli/config.def"
};

enum { MUST = 1, PROJECT = 2 };

struct Key {
    MapId map;
    const char *key;
    Type type;
    const char *argument;
    size_t at;
    unsigned flags;
    const char *meaning;
};

#define AT(T, member) offsetof(T, member)
#define SELF          0
static const Key keys[] = {
#define MAP(name, what, title)
#define KEY(map, key, type, argument, target, flags, meaning)                                      \
    {MAP_##map, key, TYPE_##type, argument, target, flags, meaning},
#include "cli/config.def"
};

#define N_KEYS (sizeof keys / sizeof keys[0])

/* ---- problems -------------------------------------------------------------------------------- */

bool sml_config_problem(Config *c, Arena *a, ConfigPlace at, const char *format, ...)
{
    if (c->problems.n >= CONFIG_PROBLEMS)
        return false;
    va_list args;
    Buf text = {0};
    va_start(args, format);
    sml_buf_vaddf(&text, format, args);
    va_end(args);
    sml_error_at(&VEC_PUSH(&c->problems, a), at.path, at.line, at.col, "%.*s",
                 STR_ARG(sml_buf_str(&text)));
    sml_buf_free(&text);
    return false;
}

static ConfigPlace place_of(const Reading *r, const YamlNode *n)
{
    return (ConfigPlace){r->file->path, n->line, n->col};
}

#define PROBLEM(r, n, ...)                                                                         \
    sml_config_problem((r)->config, (r)->arena, place_of((r), (n)), __VA_ARGS__)

static Str brief(Str word)
{
    return sml_str_slice(word, 0, sml_utf8_floor(word, word.len < 60 ? word.len : 60));
}

/* "; did you mean "x"?", else "; use a, b or c". */
static Str hint(Arena *a, Str word, const Str *words, uint32_t n)
{
    Str near = sml_str_nearest(word, words, n);
    if (near.len)
        return sml_arena_printf(a, "; did you mean \"%.*s\"?", STR_ARG(near));
    Str all = {NULL, 0};
    for (uint32_t i = 0; i < n; i++)
        all = sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(all),
                               i == 0      ? "; use "
                               : i + 1 < n ? ", "
                                           : " or ",
                               STR_ARG(words[i]));
    return all;
}

/* ---- shapes ---------------------------------------------------------------------------------- */

static const char *shape_words(YamlKind kind)
{
    return kind == YAML_SCALAR ? "text" : kind == YAML_LIST ? "a list" : "a map";
}

static bool has_shape(Reading *r, const Key *k, const YamlNode *n)
{
    static const unsigned bit[] = {SCALAR, LIST, MAPPING};
    bool empty = n->kind == YAML_SCALAR ? n->text.len == 0 : n->n == 0;
    if (empty)
        return PROBLEM(r, n, "\"%s\" is empty; write %s, or delete the key", k->key,
                       types[k->type].words);
    if (n->kind != YAML_SCALAR && n->n > MOST_ENTRIES)
        return PROBLEM(r, n, "\"%s\" has more than %d entries", k->key, MOST_ENTRIES);
    if (bit[n->kind] & types[k->type].shapes)
        return true;
    return PROBLEM(r, n, "\"%s\" is %s; it must be %s", k->key, shape_words(n->kind),
                   types[k->type].words);
}

static uint32_t count(const YamlNode *n)
{
    return n->kind == YAML_LIST ? n->n : 1;
}

static const YamlNode *item(const YamlNode *n, uint32_t i)
{
    return n->kind == YAML_LIST ? n->items[i] : n;
}

static bool is_text(Reading *r, const Key *k, const YamlNode *n)
{
    return (n->kind == YAML_SCALAR && n->text.len) ||
           PROBLEM(r, n, "an item of \"%s\" must be text", k->key);
}

/* ---- simple values --------------------------------------------------------------------------- */

static void set(Reading *r, const YamlNode *n, void *target)
{
    *(ConfigValue *)target = (ConfigValue){n->text, place_of(r, n)};
}

static void read_TEXT(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)k;
    set(r, n, target);
}

/* As drafts may say it: channel "x, linkedin", or a list. */
static void read_NETWORKS(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    ConfigValue *value = target;
    Str all = {NULL, 0};
    if (value->text.len && sml_str_eq(value->at.path, r->file->path)) {
        PROBLEM(r, n, "\"%s\" is said on line %u already; keep one of them", k->key,
                value->at.line);
        return;
    }
    if (n->kind == YAML_SCALAR) {
        set(r, n, target);
        return;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        if (!is_text(r, k, n->items[i]))
            return;
        all = sml_arena_printf(r->arena, "%.*s%s%.*s", STR_ARG(all), i ? ", " : "",
                               STR_ARG(n->items[i]->text));
    }
    *value = (ConfigValue){all, place_of(r, n)};
}

static void read_FACT(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    sml_error why;
    if (sml_context_check(sml_str_from(k->argument), n->text, &why))
        set(r, n, target);
    else
        PROBLEM(r, n, "%s", why.message);
}

static void read_WORD(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    Str rest = sml_str_from(k->argument), word;
    VEC(Str) words = {0};
    while (sml_str_cut(&word, &rest, ' ')) {
        if (sml_str_eq(word, n->text)) {
            set(r, n, target);
            return;
        }
        VEC_PUSH(&words, r->arena) = word;
    }
    PROBLEM(r, n, "unknown %s \"%.*s\"%.*s", k->key, STR_ARG(brief(n->text)),
            STR_ARG(hint(r->arena, n->text, words.v, words.n)));
}

static void read_moment(Reading *r, const YamlNode *n, bool day, void *target)
{
    Minutes start, end;
    if (sml_date_parse(n->text, &start, &end) && (!day || n->text.len == strlen("2026-11-20")))
        set(r, n, target);
    else
        PROBLEM(r, n, "\"%.*s\" is no %s; write it like %s", STR_ARG(brief(n->text)),
                day ? "day" : "date", day ? "2026-11-20" : "2026-11-20 or 2026-11-20T09:30");
}

static void read_DAY(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)k;
    read_moment(r, n, true, target);
}

static void read_MOMENT(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)k;
    read_moment(r, n, false, target);
}

/* "90 days", "1 day" or "90". */
static bool parse_days(uint64_t *out, Str s)
{
    Str number, rest = s;
    return sml_str_cut(&number, &rest, ' ') && sml_str_uint(out, number, MOST_DAYS) && *out > 0 &&
           (rest.p == NULL || sml_str_eq(rest, STR("days")) || sml_str_eq(rest, STR("day")));
}

/* What one file forbids no other one allows. */
static void read_DAYS(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    const ConfigValue *before = target;
    uint64_t days, shortest = MOST_DAYS;
    if (!parse_days(&days, n->text)) {
        PROBLEM(r, n, "\"%s\" is \"%.*s\"; write it like 90 days, %d at most", k->key,
                STR_ARG(brief(n->text)), MOST_DAYS);
        return;
    }
    if (before->text.len == 0 || (parse_days(&shortest, before->text) && days < shortest))
        set(r, n, target);
}

uint32_t sml_config_longest_term(const Config *c)
{
    uint64_t days = CONFIG_LONGEST_TERM;
    if (c->longest_term.text.len)
        parse_days(&days, c->longest_term.text);
    return (uint32_t)days;
}

static void read_TEXTS(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    for (uint32_t i = 0; i < count(n); i++)
        if (is_text(r, k, item(n, i)))
            set(r, item(n, i), &VEC_PUSH((ConfigValues *)target, r->arena));
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool read_file(Config *c, const ConfigFile *file, bool included, Arena *a);

static Str beside(const Reading *r, Str path)
{
    return sml_places_join(sml_places_folder(r->file->path, r->arena), path, r->arena);
}

static void read_FILES(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    for (uint32_t i = 0; i < count(n); i++) {
        if (!is_text(r, k, item(n, i)))
            continue;
        ConfigValue *file = &VEC_PUSH((ConfigValues *)target, r->arena);
        set(r, item(n, i), file);
        file->text = beside(r, file->text);
    }
}

static void read_ONE_FILE(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)k;
    set(r, n, target);
    ((ConfigValue *)target)->text = beside(r, n->text);
}

static void read_include(Reading *r, const YamlNode *n)
{
    Str path = beside(r, n->text), real = sml_places_real(path, r->arena);
    if (r->included)
        PROBLEM(r, n, "an included file cannot include; name \"%.*s\" in the first one",
                STR_ARG(brief(n->text)));
    else if (real.len == 0)
        PROBLEM(r, n, "cannot open \"%.*s\": %s", STR_ARG(brief(n->text)), strerror(errno));
    else if (!sml_places_is_below(real, r->file->root))
        PROBLEM(r, n, "\"%.*s\" is outside the repository; copy it to where all can see it",
                STR_ARG(brief(n->text)));
    else
        read_file(r->config,
                  &(ConfigFile){sml_places_shown(real, r->arena), sml_places_folder(real, r->arena),
                                r->file->root, r->file->level},
                  true, r->arena);
}

static void read_INCLUDES(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)target;
    if (count(n) > MOST_INCLUDES) {
        PROBLEM(r, n, "more than %d files are included; join some", MOST_INCLUDES);
        return;
    }
    for (uint32_t i = 0; i < count(n); i++)
        if (is_text(r, k, item(n, i)))
            read_include(r, item(n, i));
}

/* ---- entries --------------------------------------------------------------------------------- */

static ConfigHead head_of(const Reading *r, const YamlNode *name)
{
    Str text = name->kind == YAML_SCALAR ? name->text : (Str){NULL, 0};
    return (ConfigHead){text, r->file->base, place_of(r, name), r->file->level};
}

static Str lower(Str s, Arena *a)
{
    char *p = ARENA_ARRAY(a, char, s.len);
    for (size_t i = 0; i < s.len; i++)
        p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
    return (Str){p, s.len};
}

/* Handles are the same in either case, which YAML, that finds keys written twice, does not know. */
static ConfigAccount *open_again(Reading *r, const YamlNode *name, ConfigAccount *account)
{
    ConfigPlace before = account->head.at;
    account->head.at = place_of(r, name);
    if (!sml_str_eq(before.path, account->head.at.path))
        return account;
    PROBLEM(r, name, "account \"%.*s\" is here already, on line %u", STR_ARG(brief(name->text)),
            before.line);
    return NULL;
}

/* The entry of this name, or a new one. An account is added to key by key; what lowers or moves something is replaced
 * as a whole, or it would keep the reasons and dates of another. */
static void *open_account(Reading *r, const YamlNode *name)
{
    Config *c = r->config;
    if (!sml_str_starts(name->text, STR("@")) || name->text.len < 2) {
        PROBLEM(r, name, "\"%.*s\" is no handle; write it like '@name', in quotes",
                STR_ARG(brief(name->text)));
        return NULL;
    }
    Str folded = lower(name->text, r->arena);
    uint32_t known;
    if (sml_map_get(&c->account_at, folded, &known))
        return open_again(r, name, &c->accounts.v[known]);
    sml_map_add(&c->account_at, folded, c->accounts.n, r->arena);
    VEC_RESERVE(&c->accounts, r->to_come, r->arena);
    ConfigAccount *new = &VEC_PUSH(&c->accounts, r->arena);
    new->head = head_of(r, name);
    return new;
}

#define CAPTURE STR("{account}")

/* The account's part of a path is found by counting slashes, and taking off what stands around it. */
static bool can_capture(Reading *r, const YamlNode *name, size_t at)
{
    Str glob = name->text, before = sml_str_slice(glob, 0, at);
    size_t start = at, end = at + CAPTURE.len;
    while (start > 0 && glob.p[start - 1] != '/')
        start--;
    while (end < glob.len && glob.p[end] != '/')
        end++;
    for (size_t i = start; i < end; i++)
        if (glob.p[i] == '*' || glob.p[i] == '?')
            return PROBLEM(
                r, name,
                "a star or question mark beside \"{account}\" leaves open where the name "
                "ends; put a slash between them");
    if (sml_str_find(before, STR("**"), 0) != SIZE_MAX)
        return PROBLEM(r, name,
                       "\"**\" before \"{account}\" leaves open which folder it is; use \"*\"");
    return sml_str_find(glob, CAPTURE, at + 1) == SIZE_MAX ||
           PROBLEM(r, name, "\"{account}\" can stand in a glob once");
}

/* Braces of other kinds, as shells have, would quietly mean a folder of that name. */
static bool has_other_braces(Reading *r, const YamlNode *name)
{
    Str glob = name->text;
    size_t open = sml_str_find(glob, STR("{"), 0), close = 0;
    while (open != SIZE_MAX && sml_str_starts(sml_str_slice(glob, open, glob.len), CAPTURE))
        open = sml_str_find(glob, STR("{"), open + 1);
    if (open != SIZE_MAX)
        close = sml_str_find(glob, STR("}"), open);
    return open != SIZE_MAX && close != SIZE_MAX &&
           !PROBLEM(r, name, "\"%.*s\" means nothing in a glob; only \"{account}\" does",
                    STR_ARG(brief(sml_str_slice(glob, open, close + 1))));
}

/* What shells understand would mean no draft here. */
static bool has_dots(Reading *r, Str glob, ConfigPlace at)
{
    if (sml_str_starts(glob, STR("../")))
        return !sml_config_problem(r->config, r->arena, at,
                                   "\"%.*s\" leaves the folder of this file, which no glob can; "
                                   "write it in a file further up",
                                   STR_ARG(brief(glob)));
    if (sml_str_starts(glob, STR("./")))
        return !sml_config_problem(r->config, r->arena, at,
                                   "globs begin at the folder of this file anyway; write \"%.*s\"",
                                   STR_ARG(brief(sml_str_slice(glob, 2, glob.len))));
    return false;
}

static void *open_path(Reading *r, const YamlNode *name)
{
    size_t at = sml_str_find(name->text, CAPTURE, 0);
    if (has_dots(r, name->text, place_of(r, name)) || has_other_braces(r, name) ||
        (at != SIZE_MAX && !can_capture(r, name, at)))
        return NULL;
    VEC_RESERVE(&r->config->paths, r->to_come, r->arena);
    ConfigPath *new = &VEC_PUSH(&r->config->paths, r->arena);
    new->head = head_of(r, name);
    new->glob = name->text;
    new->account = at;
    if (at != SIZE_MAX)
        new->glob =
            sml_arena_printf(r->arena, "%.*s*%.*s", STR_ARG(sml_str_slice(name->text, 0, at)),
                             STR_ARG(sml_str_slice(name->text, at + CAPTURE.len, name->text.len)));
    return new;
}

static void check_path(Reading *r, const YamlNode *n, void *entry)
{
    const ConfigPath *p = entry;
    (void)n;
    if (p->account != SIZE_MAX && p->facts.account.text.len)
        sml_config_problem(r->config, r->arena, p->facts.account.at,
                           "the glob says which account it is already, by \"{account}\"");
}

static void *open_override(Reading *r, const YamlNode *name)
{
    Config *c = r->config;
    ConfigOverride *new = NULL;
    for (uint32_t i = 0; i < c->overrides.n && !new; i++)
        if (sml_str_eq(c->overrides.v[i].head.name, name->text))
            new = &c->overrides.v[i];
    new = new ? new : &VEC_PUSH(&c->overrides, r->arena);
    *new = (ConfigOverride){.head = head_of(r, name)};
    return new;
}

static void *open_exclude(Reading *r, const YamlNode *map)
{
    VEC_RESERVE(&r->config->excludes, r->to_come, r->arena);
    ConfigExclude *new = &VEC_PUSH(&r->config->excludes, r->arena);
    new->head = head_of(r, map);
    return new;
}

static void *open_period(Reading *r, const YamlNode *name)
{
    Config *c = r->config;
    ConfigPeriod *new = NULL;
    for (uint32_t i = 0; i < c->periods.n && !new; i++)
        if (sml_str_eq(c->periods.v[i].head.name, name->text))
            new = &c->periods.v[i];
    new = new ? new : &VEC_PUSH(&c->periods, r->arena);
    *new = (ConfigPeriod){.head = head_of(r, name)};
    return new;
}

static void check_exclude(Reading *r, const YamlNode *n, void *entry)
{
    ConfigExclude *e = entry;
    const ConfigSign *s = &e->sign;
    if (e->paths.n == 0 && e->rules.n == 0)
        PROBLEM(r, n, "an exclusion must have \"paths\", \"rules\" or both");
    else if (e->rules.n == 0 && (s->by.text.len == 0 || s->until.text.len == 0))
        PROBLEM(r, n, "an exclusion of drafts must have \"%s\"; say who decided, and until when",
                s->by.text.len ? "until" : "by");
    for (uint32_t i = 0; i < e->paths.n; i++)
        has_dots(r, e->paths.v[i].text, e->paths.v[i].at);
}

static void check_period(Reading *r, const YamlNode *n, void *entry)
{
    ConfigPeriod *p = entry;
    Minutes from, to, unused;
    if (sml_date_parse(p->from.text, &from, &unused) && sml_date_parse(p->to.text, &to, &unused) &&
        from >= to)
        PROBLEM(r, n, "\"to\" must be later than \"from\"");
}

static const struct Entry {
    MapId map;
    void *(*open)(Reading *r, const YamlNode *name);
    void (*check)(Reading *r, const YamlNode *n, void *entry); /* NULL: nothing more */
} entries[] = {
    {MAP_ACCOUNT, open_account, NULL},       {MAP_PATH, open_path, check_path},
    {MAP_OVERRIDE, open_override, NULL},     {MAP_EXCLUDE, open_exclude, check_exclude},
    {MAP_PERIOD, open_period, check_period},
};

/* Of the map that a row's argument names. */
static const struct Entry *entry_of(const Key *k)
{
    size_t i = 0;
    while (strcmp(maps[entries[i].map].name, k->argument) != 0)
        i++; /* a row that names none is a mistake of ours, and every test would show it */
    return &entries[i];
}

static void read_map(Reading *r, MapId map, const YamlNode *n, void *target);

static void read_entry(Reading *r, const Key *k, const YamlNode *name, const YamlNode *n)
{
    const struct Entry *e = entry_of(k);
    if (n->kind != YAML_MAP) {
        PROBLEM(r, n, "%s must be a map", maps[e->map].what);
        return;
    }
    void *target = e->open(r, name);
    if (!target)
        return;
    uint32_t before = r->config->problems.n;
    read_map(r, e->map, n, target);
    if (e->check && r->config->problems.n == before)
        e->check(r, n, target);
}

static void read_MAP_OF(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)target;
    for (uint32_t i = 0; i < n->n; i++) {
        r->to_come = n->n - i;
        read_entry(r, k, n->keys[i], n->items[i]);
    }
}

static void read_LIST_OF(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)target;
    for (uint32_t i = 0; i < n->n; i++) {
        r->to_come = n->n - i;
        read_entry(r, k, n->items[i], n->items[i]);
    }
}

static void read_CONTACTS(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)target;
    Config *c = r->config;
    for (uint32_t i = 0; i < n->n; i++) {
        if (!is_text(r, k, n->items[i]))
            continue;
        uint32_t at = 0;
        while (at < c->contacts.n &&
               !sml_str_eq_nocase(c->contacts.v[at].head.name, n->keys[i]->text))
            at++;
        if (at == c->contacts.n)
            VEC_PUSH(&c->contacts, r->arena) = (ConfigContact){0};
        c->contacts.v[at].head = head_of(r, n->keys[i]);
        set(r, n->items[i], &c->contacts.v[at].value);
    }
}

static void read_ALLOWS(Reading *r, const Key *k, const YamlNode *n, void *target)
{
    (void)k;
    sml_error err;
    AllowHome home = r->file->level == LEVEL_ORGANISATION ? ALLOW_ORGANISATION : ALLOW_CONFIG;
    if (!sml_allow_read(target, n, r->file->path, home, r->arena, &err))
        sml_config_problem(r->config, r->arena, (ConfigPlace){r->file->path, err.line, err.col},
                           "%s", err.message);
}

/* ---- maps ------------------------------------------------------------------------------------ */

static ReadFn *const readers[] = {
#define TYPE(name, shapes, words) read_##name,
    CONFIG_TYPES(TYPE)
#undef TYPE
};

static const Key *find_key(MapId map, Str name)
{
    if (name.len == 0)
        return NULL;
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].map == map && keys[i].key[0] == name.p[0] &&
            sml_str_eq(sml_str_from(keys[i].key), name))
            return &keys[i];
    return NULL;
}

static void unknown_key(Reading *r, MapId map, const YamlNode *name)
{
    Str known[N_KEYS];
    uint32_t n = 0;
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].map == map)
            known[n++] = sml_str_from(keys[i].key);
    PROBLEM(r, name, "unknown key \"%.*s\" in %s%.*s", STR_ARG(brief(name->text)), maps[map].what,
            STR_ARG(hint(r->arena, name->text, known, n)));
}

static void read_key(Reading *r, MapId map, const Key *k, const YamlNode *name, const YamlNode *n,
                     void *target)
{
    uint32_t before = r->config->problems.n;
    if (!k)
        unknown_key(r, map, name);
    else if ((k->flags & PROJECT) && r->file->level != LEVEL_PROJECT)
        PROBLEM(r, name, "\"%s\" is for the files of projects", k->key);
    else if (has_shape(r, k, n))
        readers[k->type](r, k, n, (char *)target + k->at);
    if (k && (k->type == TYPE_FILES || k->type == TYPE_INCLUDES))
        r->config->partial |= r->config->problems.n > before;
}

/* In the order of the file, but for what it includes, which is weaker. */
static void read_map(Reading *r, MapId map, const YamlNode *n, void *target)
{
    const Key **known = ARENA_ARRAY(r->arena, const Key *, n->n);
    for (uint32_t i = 0; i < n->n; i++)
        known[i] = find_key(map, n->keys[i]->text);
    for (int own = 0; own < 2; own++)
        for (uint32_t i = 0; i < n->n; i++)
            if ((known[i] && known[i]->type == TYPE_INCLUDES) != own)
                read_key(r, map, known[i], n->keys[i], n->items[i], target);
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].map == map && (keys[i].flags & MUST) &&
            !sml_yaml_get(n, sml_str_from(keys[i].key)) &&
            ((ConfigValue *)(void *)((char *)target + keys[i].at))->text.len == 0)
            PROBLEM(r, n, "%s must have \"%s\"", maps[map].what, keys[i].key);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* A FIFO would make a save hook wait for ever. */
static bool read_bytes(Buf *out, Str path, sml_error *err)
{
    if (sml_io_is_file(path.p))
        return sml_io_read(out, path.p, CONFIG_MAX_BYTES, err);
    if (access(path.p, F_OK) != 0)
        return sml_error_os(err, path, "cannot open", errno);
    return sml_error_at(err, path, 0, 0, "is no regular file");
}

static bool parse(YamlNode **root, const ConfigFile *file, Arena *a, sml_error *err)
{
    Buf bytes = {0};
    bool ok = read_bytes(&bytes, file->path, err);
    Str text = ok ? sml_arena_copy(a, sml_buf_str(&bytes)) : (Str){NULL, 0};
    sml_buf_free(&bytes);
    return ok && sml_yaml_parse(root, text, file->path, a, err);
}

static bool read_file(Config *c, const ConfigFile *file, bool included, Arena *a)
{
    sml_error err;
    YamlNode *root;
    Reading r = {.config = c, .file = file, .arena = a, .included = included};
    uint32_t before = c->problems.n;
    VEC_PUSH(&c->files, a) = file->path;
    if (!parse(&root, file, a, &err))
        sml_config_problem(c, a, (ConfigPlace){sml_str_from(err.path), err.line, err.col}, "%s",
                           err.message);
    else if (root->kind != YAML_MAP)
        PROBLEM(&r, root, "the file must be a map of keys and values");
    else
        read_map(&r, MAP_FILE, root, c);
    return c->problems.n == before;
}

bool sml_config_read(Config *c, const ConfigFile *file, Arena *a)
{
    return read_file(c, file, false, a);
}

bool sml_config_matches(Str glob, Str base, Str path)
{
    if (sml_str_starts(glob, STR("/")))
        return sml_str_glob(glob, path);
    if (!sml_places_is_below(path, base))
        return false;
    size_t skip = sml_str_eq(base, STR("/")) ? 1 : base.len + 1;
    return sml_str_glob(glob, sml_str_slice(path, skip, path.len));
}

static uint32_t count_slashes(Str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.p[i] == '/';
    return n;
}

/* What stands in `path`, which the glob means, for "{account}" in `glob`. */
static Str captured(Str glob, size_t at, Str path)
{
    Str part = {NULL, 0}, around, before = sml_str_slice(glob, 0, at);
    for (uint32_t n = count_slashes(before) + 1; n > 0; n--)
        sml_str_cut(&part, &path, '/');
    while (sml_str_cut(&around, &before, '/'))
        part = before.p ? part : sml_str_slice(part, around.len, part.len);
    Str behind = sml_str_slice(glob, at + CAPTURE.len, glob.len);
    sml_str_cut(&around, &behind, '/');
    return sml_str_slice(part, 0, part.len - around.len);
}

bool sml_config_path_matches(Str *handle, const ConfigPath *p, Str path, Arena *a)
{
    Str base = p->head.base, name;
    if (handle)
        *handle = (Str){NULL, 0};
    if (!sml_config_matches(p->glob, base, path))
        return false;
    if (p->account == SIZE_MAX)
        return true;
    size_t skip = sml_str_starts(p->glob, STR("/")) ? 0 : base.len > 1 ? base.len + 1 : 1;
    name = captured(p->head.name, p->account, sml_str_slice(path, skip, path.len));
    if (sml_str_starts(name, STR("@")))
        name = sml_str_slice(name, 1, name.len);
    if (handle && name.len)
        *handle = sml_arena_printf(a, "@%.*s", STR_ARG(name));
    return name.len > 0;
}

/* ---- for editors ----------------------------------------------------------------------------- */

/* Every scalar is text to us, but an editor's YAML server has already made numbers and truths of some. */
#define SCHEMA_TEXT   "{\"type\":[\"string\",\"number\",\"boolean\"]}"
#define SCHEMA_TEXTS  "{\"type\":[\"string\",\"array\"],\"items\":{\"type\":\"string\"}}"
#define SCHEMA_NAMED  ("{\"type\":\"object\",\"additionalProperties\":" SCHEMA_TEXT "}")
#define SCHEMA_MAPS   "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}"
#define SCHEMA_DAY    "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"}"
#define SCHEMA_MOMENT "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}\"}"

static void put_words(JsonWriter *w, const char *words)
{
    Str rest = sml_str_from(words), word;
    sml_json_object(w);
    sml_json_key(w, STR("enum"));
    sml_json_array(w);
    while (sml_str_cut(&word, &rest, ' ')) {
        sml_json_string(w, word);
        if (sml_str_eq(word, STR("off")))
            sml_json_bool(w, false); /* what YAML 1.1 makes of it */
    }
    sml_json_close(w);
    sml_json_close(w);
}

static void put_entries(JsonWriter *w, const Key *k)
{
    char ref[64];
    snprintf(ref, sizeof ref, "{\"$ref\":\"#/$defs/%s\"}", k->argument);
    bool list = k->type == TYPE_LIST_OF;
    sml_json_object(w);
    sml_json_key(w, STR("type"));
    sml_json_string(w, list ? STR("array") : STR("object"));
    sml_json_key(w, list ? STR("items") : STR("additionalProperties"));
    sml_json_raw(w, sml_str_from(ref));
    sml_json_close(w);
}

static void put_type(JsonWriter *w, const Key *k)
{
    static const char *const schemas[] = {
        [TYPE_TEXT] = SCHEMA_TEXT,      [TYPE_FACT] = SCHEMA_TEXT,   [TYPE_DAY] = SCHEMA_DAY,
        [TYPE_MOMENT] = SCHEMA_MOMENT,  [TYPE_TEXTS] = SCHEMA_TEXTS, [TYPE_FILES] = SCHEMA_TEXTS,
        [TYPE_INCLUDES] = SCHEMA_TEXTS, [TYPE_ALLOWS] = SCHEMA_MAPS, [TYPE_CONTACTS] = SCHEMA_NAMED,
        [TYPE_ONE_FILE] = SCHEMA_TEXT,  [TYPE_DAYS] = SCHEMA_TEXT,   [TYPE_NETWORKS] = SCHEMA_TEXTS,
    };
    if (k->type == TYPE_WORD)
        put_words(w, k->argument);
    else if (k->type == TYPE_MAP_OF || k->type == TYPE_LIST_OF)
        put_entries(w, k);
    else
        sml_json_raw(w, sml_str_from(schemas[k->type]));
}

static void put_key(JsonWriter *w, const Key *k)
{
    sml_json_break(w);
    sml_json_key(w, sml_str_from(k->key));
    sml_json_object(w);
    sml_json_key(w, STR("description"));
    sml_json_string(w, sml_str_from(k->meaning));
    sml_json_key(w, STR("allOf"));
    sml_json_array(w);
    put_type(w, k);
    sml_json_close(w);
    sml_json_close(w);
}

/* The members of a map's schema; its object is the caller's. */
static void put_map(JsonWriter *w, MapId map)
{
    sml_json_key(w, STR("type"));
    sml_json_string(w, STR("object"));
    sml_json_key(w, STR("additionalProperties"));
    sml_json_bool(w, false);
    sml_json_key(w, STR("properties"));
    sml_json_object(w);
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].map == map)
            put_key(w, &keys[i]);
    sml_json_close(w);
    sml_json_key(w, STR("required"));
    sml_json_array(w);
    for (size_t i = 0; i < N_KEYS; i++)
        if (keys[i].map == map && (keys[i].flags & MUST))
            sml_json_string(w, sml_str_from(keys[i].key));
    sml_json_close(w);
}

void sml_config_schema(Buf *out)
{
    JsonWriter w = {.out = out};
    sml_json_object(&w);
    sml_json_key(&w, STR("$schema"));
    sml_json_string(&w, STR("https://json-schema.org/draft/2020-12/schema"));
    sml_json_key(&w, STR("title"));
    sml_json_string(&w, STR("sm-lint configuration"));
    put_map(&w, MAP_FILE);
    sml_json_key(&w, STR("$defs"));
    sml_json_object(&w);
    for (MapId map = MAP_FILE + 1; map < MAP_COUNT; map++) {
        sml_json_break(&w);
        sml_json_key(&w, sml_str_from(maps[map].name));
        sml_json_object(&w);
        put_map(&w, map);
        sml_json_close(&w);
    }
    sml_json_close(&w);
    sml_json_close(&w);
    sml_buf_addc(out, '\n');
}
