/* SPDX-License-Identifier: MIT */
/*
 * Files → rules, in three steps, for a rule may use a list that a file read later defines:
 *
 *   1. every file is parsed, includes after the file that has them, each once;
 *   2. the names of all sources, lists, calendar entries and defs are noted;
 *   3. what stands behind the names is read, and the rules.
 *
 * Problems are gathered and heard in the order of files and lines, for a reader mends from the top.
 */
#include "rulebook/load.h"

#include "base/io.h"
#include "rulebook/gather.h"
#include "rulebook/read.h"
#include "text/norm.h"

#include <stdlib.h>
#include <string.h>

#define INCLUDE_DEPTH 8

typedef struct Files {
    Loader *loader;
    LoadFileFn read;
    void *user;
    Map seen;                     /* path → index in loader->files */
    Str chain[INCLUDE_DEPTH + 1]; /* files whose includes are being read */
} Files;

/* ---- files ------------------------------------------------------------------------------------------ */

/* "rules/a.yaml" and "../b/c.yaml" give "b/c.yaml". */
static Str join_path(Arena *a, Str from, Str to)
{
    size_t folder = from.len;
    while (folder > 0 && from.p[folder - 1] != '/')
        folder--;
    bool absolute = sml_str_starts(to, STR("/"));
    Str rest = sml_arena_printf(a, "%.*s%.*s", absolute ? 0 : (int)folder, from.len ? from.p : "",
                                STR_ARG(to));
    bool rooted = sml_str_starts(rest, STR("/"));
    Str *parts = ARENA_ARRAY(a, Str, rest.len + 1), part;
    uint32_t n = 0;
    while (sml_str_cut(&part, &rest, '/')) {
        if (part.len == 0 || sml_str_eq(part, STR(".")))
            continue;
        bool up = sml_str_eq(part, STR(".."));
        if (up && n > 0 && !sml_str_eq(parts[n - 1], STR("..")))
            n--;
        else if (!up || !rooted)
            parts[n++] = part;
    }
    Buf out = {0};
    for (uint32_t i = 0; i < n; i++)
        sml_buf_addf(&out, "%s%.*s", i || rooted ? "/" : "", STR_ARG(parts[i]));
    Str joined = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return joined;
}

static void read_file_map(Loader *l, FileParts *parts)
{
    FileParts read = *parts;
    l->file = &read;
    sml_read_map(l, MAP_FILE, NULL, parts->root, &read);
    l->file = NULL;
    *parts = read;
}

static void parse_file(Loader *l, FileParts *parts)
{
    YamlNode *root;
    sml_error err;
    if (sml_yaml_parse(&root, parts->text, parts->path, l->arena, &err)) {
        parts->root = root;
        read_file_map(l, parts);
        return;
    }
    Str message = sml_str_from(err.message);
    sml_diag(l->diagnostics, (Pos){parts->path, err.line, err.col}, DIAG_YAML, STR_ARG(message));
}

/* Adds the file at `path`, known again by `key`; false with the reason in `err` if it cannot be read. */
static bool add_file(Files *files, Str path, Str key, uint32_t *index, sml_error *err)
{
    Loader *l = files->loader;
    Buf bytes = {0};
    bool ok = files->read(files->user, &bytes, path.p, err);
    if (ok) {
        *index = l->files.n;
        FileParts parts = {.path = path, .text = sml_arena_copy(l->arena, sml_buf_str(&bytes))};
        VEC_PUSH(&l->files, l->arena) = parts;
        sml_map_add(&files->seen, key, *index, l->arena);
        parse_file(l, &parts);
        l->files.v[*index] = parts;
    }
    sml_buf_free(&bytes);
    return ok;
}

static void add_includes(Files *files, uint32_t index, uint32_t depth);

static bool in_chain(const Files *files, Str path, uint32_t depth)
{
    for (uint32_t i = 0; i <= depth; i++)
        if (sml_str_eq(files->chain[i], path))
            return true;
    return false;
}

static void add_include(Files *files, const YamlNode *n, Pos pos, uint32_t depth)
{
    Diagnostics *d = files->loader->diagnostics;
    Str path = join_path(files->loader->arena, pos.path, n->text);
    sml_error err;
    uint32_t index;
    if (in_chain(files, path, depth))
        sml_diag(d, pos, DIAG_INCLUDE_CIRCLE, STR_ARG(sml_read_short(n->text)));
    else if (sml_map_get(&files->seen, path, NULL))
        return;
    else if (depth == INCLUDE_DEPTH)
        sml_diag(d, pos, DIAG_INCLUDE_DEPTH, INCLUDE_DEPTH, STR_ARG(sml_read_short(n->text)));
    else if (!add_file(files, path, path, &index, &err))
        sml_diag(d, pos, DIAG_INCLUDE_UNREADABLE, STR_ARG(sml_read_short(n->text)), err.message);
    else
        add_includes(files, index, depth + 1);
}

static void add_includes(Files *files, uint32_t index, uint32_t depth)
{
    Loader *l = files->loader;
    const FileParts parts = l->files.v[index];
    const Field include = {.key = "include", .type = TYPE_TEXTS};
    files->chain[depth] = join_path(l->arena, (Str){0}, parts.path);
    for (uint32_t i = 0; parts.include && i < sml_read_count(parts.include); i++) {
        const YamlNode *n = sml_read_at(parts.include, i);
        l->file = &parts;
        bool ok = sml_read_item(l, &include, n, false);
        Pos pos = sml_read_pos(l, n);
        l->file = NULL;
        if (ok)
            add_include(files, n, pos, depth);
    }
}

/* ---- names -------------------------------------------------------------------------------------------- */

/* A name is written in {@name}, {{name}} and conditions, so its letters are few. */
static bool check_name(Loader *l, const YamlNode *key)
{
    Str s = key->text;
    bool ok = s.len > 0 && s.len <= 100 && s.p[0] >= 'a' && s.p[0] <= 'z';
    for (size_t i = 0; i < s.len; i++)
        ok &= (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-';
    return ok || sml_diag(l->diagnostics, sml_read_pos(l, key), DIAG_BAD_NAME,
                          STR_ARG(sml_read_short(s)));
}

static bool new_name(Loader *l, Map *map, const YamlNode *key, const char *what, uint32_t index,
                     const Pos *(*place)(const Loader *, uint32_t))
{
    if (!check_name(l, key))
        return false;
    if (sml_map_add(map, key->text, index, l->arena))
        return true;
    uint32_t first;
    sml_map_get(map, key->text, &first);
    const Pos *pos = place(l, first);
    return sml_diag(l->diagnostics, sml_read_pos(l, key), DIAG_DUPLICATE_NAME, what,
                    STR_ARG(key->text), STR_ARG(pos->path), pos->line);
}

static const Pos *source_place(const Loader *l, uint32_t i)
{
    return &l->sources.v[i]->pos;
}
static const Pos *obligation_place(const Loader *l, uint32_t i)
{
    return &l->obligations.v[i].pos;
}
static const Pos *window_place(const Loader *l, uint32_t i)
{
    return &l->windows.v[i].pos;
}
static const Pos *list_place(const Loader *l, uint32_t i)
{
    return &l->lists.v[i].pos;
}
static const Pos *def_place(const Loader *l, uint32_t i)
{
    return &l->defs.v[i].pos;
}

static void name_sources(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        if (!new_name(l, &l->source_at, n->keys[i], "source", l->sources.n, source_place))
            continue;
        Source *source = ARENA_NEW(l->arena, Source);
        *source = (Source){.key = n->keys[i]->text, .pos = sml_read_pos(l, n->keys[i])};
        VEC_PUSH(&l->sources, l->arena) = source;
        const Field f = {.key = n->keys[i]->text.p, .type = TYPE_MAP};
        sml_read_map(l, MAP_SOURCE, &f, n->items[i], source);
    }
}

static const Pos *network_place(const Loader *l, uint32_t i)
{
    return &l->networks.v[i].pos;
}

static void name_networks(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        if (!new_name(l, &l->network_at, n->keys[i], "network", l->networks.n, network_place))
            continue;
        Network network = {.name = n->keys[i]->text, .pos = sml_read_pos(l, n->keys[i])};
        const Field f = {.key = network.name.p, .type = TYPE_MAP};
        sml_read_map(l, MAP_NETWORK, &f, n->items[i], &network);
        VEC_PUSH(&l->networks, l->arena) = network;
    }
}

static void name_obligations(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        if (!new_name(l, &l->obligation_at, n->keys[i], "obligation", l->obligations.n,
                      obligation_place))
            continue;
        Obligation o = {.name = n->keys[i]->text, .pos = sml_read_pos(l, n->keys[i])};
        const Field f = {.key = o.name.p, .type = TYPE_MAP};
        sml_read_map(l, MAP_OBLIGATION, &f, n->items[i], &o);
        VEC_PUSH(&l->obligations, l->arena) = o;
    }
}

static void read_editions(Loader *l, const YamlNode *n)
{
    const Field f = {.key = "editions", .type = TYPE_MAP};
    for (uint32_t i = 0; n && i < n->n; i++) {
        Edition e = {.pos = sml_read_pos(l, n->items[i])};
        sml_read_map(l, MAP_EDITION, &f, n->items[i], &e);
        e.words = sml_when_words(e.when, l->arena);
        if (e.n_of && e.when)
            VEC_PUSH(&l->editions, l->arena) = e;
    }
}

static void name_windows(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        if (!new_name(l, &l->window_at, n->keys[i], "calendar entry", l->windows.n, window_place))
            continue;
        Window w = {.name = n->keys[i]->text,
                    .pos = sml_read_pos(l, n->keys[i]),
                    .from = MINUTES_MIN,
                    .to = MINUTES_MAX};
        const Field f = {.key = w.name.p, .type = TYPE_MAP};
        sml_read_map(l, MAP_WINDOW, &f, n->items[i], &w);
        if (w.from >= w.to)
            sml_diag(l->diagnostics, w.pos, DIAG_DATE_ORDER);
        VEC_PUSH(&l->windows, l->arena) = w;
    }
}

static void name_lists(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        if (!new_name(l, &l->list_at, n->keys[i], "list", l->lists.n, list_place))
            continue;
        List list = {.name = n->keys[i]->text, .pos = sml_read_pos(l, n->keys[i])};
        const Field f = {.key = list.name.p, .type = TYPE_MAP};
        sml_read_map(l, MAP_LIST, &f, n->items[i], &list);
        VEC_PUSH(&l->lists, l->arena) = list;
    }
}

static void name_defs(Loader *l, const YamlNode *n)
{
    for (uint32_t i = 0; n && i < n->n; i++) {
        const Field f = {.key = n->keys[i]->text.p, .type = TYPE_TEXT};
        if (!new_name(l, &l->def_at, n->keys[i], "def", l->defs.n, def_place))
            continue;
        bool ok = sml_read_shape(l, &f, n->items[i]);
        VEC_PUSH(&l->defs, l->arena) = (Def){.name = n->keys[i]->text,
                                             .text = ok ? n->items[i]->text : (Str){0},
                                             .pos = sml_read_pos(l, n->items[i]),
                                             .state = ok ? DEF_NEW : DEF_BAD};
    }
}

/* ---- rules ---------------------------------------------------------------------------------------------- */

static bool is_retired(const YamlNode *n)
{
    const YamlNode *status = sml_yaml_get(n, STR("status"));
    return status && sml_str_eq(status->text, STR("retired"));
}

/* A rule's texts are looked at by its kind, so even a stub has one: phrases that it has none of. */
static void finish_rule(Loader *l, Rule *rule)
{
    static const Want nothing = {.kind = WANT_PHRASES, .min = 1};
    if (rule->kind_word.len == 0) {
        rule->kind_word = STR("phrases");
        rule->wants = &nothing;
        rule->n_wants = 1;
    }
    if (rule->grade == SML_CLEAN)
        rule->grade = SML_NOTICE;
    rule->when_words = sml_when_words(rule->when, l->arena);
}

static void read_rule(Loader *l, const YamlNode *n)
{
    static const Field field = {.key = "rules", .type = TYPE_MAP};
    Rule rule = {.in = IN_DEFAULT, .folds = FOLD_ALL, .pos = sml_read_pos(l, n)};
    const YamlNode *id = n->kind == YAML_MAP ? sml_yaml_get(n, STR("id")) : NULL;
    l->diagnostics->rule = id && id->kind == YAML_SCALAR ? sml_read_short(id->text) : (Str){0};
    l->stub = n->kind == YAML_MAP && is_retired(n);
    sml_read_map(l, MAP_RULE, &field, n, &rule);
    l->stub = false;
    l->diagnostics->rule = (Str){0};
    finish_rule(l, &rule);
    if (rule.id.len)
        VEC_PUSH(&l->rules, l->arena) = rule;
}

/* Read once for its own mistakes; then again, key by key, into each rule that is silent. */
static void read_defaults(Loader *l, const YamlNode *n)
{
    Rule scratch = {0};
    l->defaults = NULL;
    if (!n)
        return;
    sml_read_map(l, MAP_DEFAULTS, NULL, n, &scratch);
    l->defaults = ARENA_ARRAY(l->arena, const YamlNode *, sml_read_n_fields);
    for (uint32_t i = 0; i < sml_read_n_fields; i++)
        if (sml_read_in_map(&sml_read_fields[i], MAP_DEFAULTS))
            l->defaults[i] = sml_yaml_get(n, sml_str_from(sml_read_fields[i].key));
}

static void read_pack(Loader *l, const FileParts *parts, Rules *out)
{
    if (parts->pack)
        sml_read_map(l, MAP_PACK, NULL, parts->pack, out);
}

/* The file that is named says what it is; an included one need not. */
static void check_format(Loader *l, const FileParts *main)
{
    if (main->root && !sml_yaml_get(main->root, STR("smlint")))
        sml_diag(l->diagnostics, sml_read_pos(l, main->root), DIAG_FORMAT_MISSING);
}

#define FOR_EACH_FILE(l)                                                                           \
    for (uint32_t i_ = 0; i_ < (l)->files.n && ((l)->file = &(l)->files.v[i_], true); i_++)

static void read_all(Loader *l, Rules *out)
{
    Rules others = {0};
    FOR_EACH_FILE(l)
    {
        if (l->file == l->files.v)
            check_format(l, l->file);
        read_pack(l, l->file, l->file == l->files.v ? out : &others);
        name_sources(l, l->file->sources);
        name_windows(l, l->file->calendar);
        name_defs(l, l->file->defs);
    }
    sml_want_defs(l);
    FOR_EACH_FILE(l)
    {
        name_networks(l, l->file->networks);
        name_obligations(l, l->file->obligations);
        read_editions(l, l->file->editions);
        name_lists(l, l->file->lists);
    }
    FOR_EACH_FILE(l)
    {
        read_defaults(l, l->file->defaults);
        for (uint32_t i = 0; l->file->rules && i < l->file->rules->n; i++)
            read_rule(l, l->file->rules->items[i]);
    }
}

/* ---- the result ------------------------------------------------------------------------------------------ */

static int compare_rules(const void *a, const void *b)
{
    const Rule *x = a, *y = b;
    int c = sml_str_cmp(x->id, y->id);
    c = c ? c : sml_str_cmp(x->pos.path, y->pos.path);
    return c ? c : x->pos.line < y->pos.line ? -1 : x->pos.line > y->pos.line;
}

static int compare_lists(const void *a, const void *b)
{
    return sml_str_cmp(((const List *)a)->name, ((const List *)b)->name);
}

static int compare_windows(const void *a, const void *b)
{
    return sml_str_cmp(((const Window *)a)->name, ((const Window *)b)->name);
}

static void sort(void *v, uint32_t n, size_t size, int (*compare)(const void *, const void *))
{
    if (n)
        qsort(v, n, size, compare);
}

static void fill_result(Loader *l, Rules *out)
{
    sort(l->rules.v, l->rules.n, sizeof *l->rules.v, compare_rules);
    sort(l->lists.v, l->lists.n, sizeof *l->lists.v, compare_lists);
    sort(l->windows.v, l->windows.n, sizeof *l->windows.v, compare_windows);
    out->rules = l->rules.v;
    out->n_rules = l->rules.n;
    out->lists = l->lists.v;
    out->n_lists = l->lists.n;
    out->networks = l->networks.v;
    out->n_networks = l->networks.n;
    out->editions = l->editions.v;
    out->n_editions = l->editions.n;
    out->obligations = l->obligations.v;
    out->n_obligations = l->obligations.n;
    out->windows = l->windows.v;
    out->n_windows = l->windows.n;
}

/* A pack without an id is called after its file. */
static Str stem(Str path)
{
    size_t slash = path.len;
    while (slash > 0 && path.p[slash - 1] != '/')
        slash--;
    Str name = sml_str_slice(path, slash, path.len);
    size_t dot = sml_str_find(name, STR("."), 1);
    return dot == SIZE_MAX ? name : sml_str_slice(name, 0, dot);
}

static bool load_files(Files *files, const char *path, Rules *out, sml_error *err)
{
    Loader *l = files->loader;
    uint32_t main_file = 0;
    Str name = sml_arena_copy(l->arena, sml_str_from(path));
    if (!add_file(files, name, join_path(l->arena, (Str){0}, name), &main_file, err))
        return false;
    add_includes(files, main_file, 0);
    read_all(l, out);
    fill_result(l, out);
    if (out->id.len == 0)
        out->id = stem(name);
    sml_validate(out, l->diagnostics, l->arena);
    if (out->n_rules == 0 && l->diagnostics->errors == 0)
        sml_diag(l->diagnostics, (Pos){.path = name, .line = 1, .col = 1}, DIAG_NO_RULES);
    return true;
}

bool sml_load_with(Rules *out, const char *path, LoadFileFn read, void *user,
                   Diagnostics *diagnostics, Arena *a)
{
    Loader l = {.arena = a};
    Gathered gathered = {.arena = sml_arena_new()};
    Diagnostics inner = {.hear = sml_gather_hear, .user = &gathered, .unlimited = true};
    Files files = {.loader = &l, .read = read, .user = user};
    sml_error err;
    l.diagnostics = &inner;
    *out = (Rules){0};
    bool ok = load_files(&files, path, out, &err);
    for (uint32_t i = 0; i < l.files.n; i++)
        VEC_PUSH(&gathered.files, gathered.arena) = l.files.v[i].path;
    sml_gather_pass(&gathered, diagnostics);
    sml_arena_free(gathered.arena);
    if (!ok)
        sml_diag_pass(diagnostics, &err, true);
    return ok && inner.errors == 0;
}

static bool read_disk(void *user, Buf *out, const char *path, sml_error *err)
{
    (void)user;
    return sml_io_read(out, path, YAML_MAX_BYTES, err);
}

bool sml_load(Rules *out, const char *path, Diagnostics *diagnostics, Arena *a)
{
    return sml_load_with(out, path, read_disk, NULL, diagnostics, a);
}
