/* SPDX-License-Identifier: MIT */
#include "cli/walk.h"

#include "base/io.h"
#include "cli/ignore.h"
#include "cli/say.h"
#include "cli/sidecar.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MOST_NAMES ((size_t)64 << 20) /* bytes of --files-from */

typedef struct Walk {
    Inputs *out;
    const Options *options;
    Arena *arena;
    Ignores ignores;
    Str root, real; /* the directory being walked, as it was named and as the system has it */
} Walk;

static Input *add_input(Walk *w, Str path, Str name)
{
    Input *in = &VEC_PUSH(w->out, w->arena);
    in->path = path;
    in->name = name;
    in->is_auto = !sml_input_kind_parse(&in->kind, w->options->input);
    if (in->is_auto)
        in->kind = sml_input_kind_of(name, (Str){0});
    return in;
}

static void add_stdin(Walk *w)
{
    Str name = w->options->stdin_filename;
    add_input(w, STR("-"), name.len ? name : STR("<stdin>"))->is_stdin = true;
}

static void add_problem(Walk *w, Str path, const char *what, int errnum)
{
    sml_error *problem = ARENA_NEW(w->arena, sml_error);
    sml_error_os(problem, path, what, errnum);
    add_input(w, path, path)->problem = problem;
}

static void pass_over(Walk *w, Str path)
{
    if (w->out->n_unread < WALK_NAMED)
        w->out->unread[w->out->n_unread] = path;
    w->out->n_unread++;
}

static int by_bytes(const void *a, const void *b)
{
    return sml_str_cmp(*(const Str *)a, *(const Str *)b);
}

static bool read_names(Strs *out, Walk *w, Str path)
{
    DIR *dir = opendir(path.p);
    if (!dir)
        return false;
    struct dirent *entry;
    while (errno = 0, (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            VEC_PUSH(out, w->arena) = sml_arena_copy(w->arena, sml_str_from(entry->d_name));
    int problem = errno;
    closedir(dir);
    errno = problem;
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_bytes);
    return problem == 0;
}

/* What ignore files are about: they may lie above what was named. */
static Str real_path(Walk *w, Str path)
{
    Str below = sml_str_slice(path, w->root.len, path.len);
    return sml_arena_printf(w->arena, "%s%.*s", w->real.p, STR_ARG(below));
}

static void walk_directory(Walk *w, Str path);

static void walk_entry(Walk *w, Str path)
{
    struct stat st;
    if (lstat(path.p, &st) != 0)
        add_problem(w, path, "cannot open", errno);
    else if (sml_ignore_has(&w->ignores, real_path(w, path), S_ISDIR(st.st_mode)))
        w->out->n_ignored++;
    else if (S_ISDIR(st.st_mode))
        walk_directory(w, path);
    else if (S_ISREG(st.st_mode) && sml_input_is_draft(path))
        add_input(w, path, path);
    else if (!sml_sidecar_is(path, w->arena))
        pass_over(w, path);
}

/* The depth is bounded by the longest path that the system opens. */
static void walk_directory(Walk *w, Str path)
{
    Strs names = {0};
    if (!read_names(&names, w, path)) {
        add_problem(w, path, "cannot read the directory", errno);
        return;
    }
    const char *slash = sml_str_ends(path, STR("/")) ? "" : "/";
    uint32_t rules = w->ignores.rules.n;
    if (path.len > w->root.len) /* the root's were read with those above it */
        sml_ignore_enter(&w->ignores, sml_arena_printf(w->arena, "%s/", real_path(w, path).p));
    for (uint32_t i = 0; i < names.n; i++)
        walk_entry(w, sml_arena_printf(w->arena, "%s%s%s", path.p, slash, names.v[i].p));
    w->ignores.rules.n = rules;
}

static void walk_root(Walk *w, Str path)
{
    char real[PATH_MAX];
    Str found = sml_str_from(realpath(path.p, real) ? real : path.p);
    w->real = sml_arena_printf(w->arena, "%.*s%s", STR_ARG(found),
                               sml_str_ends(found, STR("/")) ? "" : "/");
    VEC_PUSH(&w->out->walked, w->arena) = found.p == real ? sml_arena_copy(w->arena, found) : found;
    w->root = sml_str_ends(path, STR("/")) ? path : sml_arena_printf(w->arena, "%s/", path.p);
    w->ignores = (Ignores){.arena = w->arena};
    sml_ignore_above(&w->ignores, w->real);
    sml_ignore_enter(&w->ignores, w->real);
    walk_directory(w, path);
}

/* `sm-lint chek draft.txt` */
static bool is_misspelt_verb(Walk *w, Str path)
{
    Str verb = sml_options_nearest_verb(path);
    if (w->out->n || verb.len == 0)
        return false;
    sml_error *problem = ARENA_NEW(w->arena, sml_error);
    sml_error_at(problem, path, 0, 0, "no such file; did you mean the verb \"%.*s\"?",
                 STR_ARG(verb));
    add_input(w, path, path)->problem = problem;
    return true;
}

static void add_operand(Walk *w, Str path)
{
    struct stat st;
    if (sml_str_eq(path, STR("-"))) {
        add_stdin(w);
        return;
    }
    if (path.len == 0) {
        sml_error *problem = ARENA_NEW(w->arena, sml_error);
        sml_error_set(problem, WALK_EMPTY_NAME);
        add_input(w, STR("\"\""), STR("\"\""))->problem = problem;
        return;
    }
    bool there = stat(path.p, &st) == 0;
    if (!there && errno == ENOENT && is_misspelt_verb(w, path))
        return;
    if (!there || !S_ISDIR(st.st_mode)) {
        add_input(w, path, path)->is_named = true; /* what is wrong with it, opening will tell */
        return;
    }
    uint32_t before = w->out->n;
    walk_root(w, path);
    if (w->out->n == before)
        VEC_PUSH(&w->out->empty, w->arena) = path;
}

static bool add_listed(Walk *w, Str list, sml_error *err)
{
    Buf bytes = {0};
    bool ok = sml_io_read(&bytes, list.p, MOST_NAMES, err);
    Str rest = sml_arena_copy(w->arena, sml_buf_str(&bytes)), name;
    sml_buf_free(&bytes);
    /* Otherwise the first name would end the list, and the others go unchecked. */
    if (ok && !w->options->null && sml_str_find(rest, (Str){"", 1}, 0) != SIZE_MAX)
        ok = sml_error_at(err, list, 0, 0, "names that end with NUL; use --null as well");
    while (ok && sml_str_cut(&name, &rest, w->options->null ? '\0' : '\n'))
        if (name.len)
            add_operand(w, sml_arena_copy(w->arena, name));
    return ok;
}

bool sml_walk_find(Inputs *out, const Options *options, Arena *a, sml_error *err)
{
    Walk w = {.out = out, .options = options, .arena = a};
    Str list = options->files_from;
    if (list.len && !add_listed(&w, list, err))
        return false;
    for (uint32_t i = 0; i < options->operands.n; i++)
        add_operand(&w, options->operands.v[i]);
    if (!list.len && options->operands.n == 0)
        add_stdin(&w);
    return true;
}

void sml_walk_say(const Inputs *inputs)
{
    for (uint32_t i = 0; i < inputs->empty.n; i++)
        sml_say("%.*s: no drafts in this directory", STR_ARG(inputs->empty.v[i]));
    if (inputs->n_ignored)
        sml_say("%u file%s or director%s passed over, as .gitignore or .sm-lint-ignore say",
                inputs->n_ignored, inputs->n_ignored > 1 ? "s" : "",
                inputs->n_ignored > 1 ? "ies" : "y");
    if (inputs->n_unread == 0)
        return;
    Buf names = {0};
    for (uint32_t i = 0; i < inputs->n_unread && i < WALK_NAMED; i++)
        sml_buf_addf(&names, "%s%.*s", i ? ", " : "", STR_ARG(inputs->unread[i]));
    if (inputs->n_unread > WALK_NAMED)
        sml_buf_addf(&names, " and %u more", inputs->n_unread - WALK_NAMED);
    Buf endings = {0};
    for (uint32_t i = 0; sml_input_ending(i).len; i++)
        sml_buf_addf(&endings, "%s%.*s", i ? ", " : "", STR_ARG(sml_input_ending(i)));
    sml_say("%u file%s not read: %.*s (from directories only drafts are: %.*s; and no links)",
            inputs->n_unread, inputs->n_unread > 1 ? "s" : "", STR_ARG(sml_buf_str(&names)),
            STR_ARG(sml_buf_str(&endings)));
    sml_buf_free(&endings);
    sml_buf_free(&names);
}
