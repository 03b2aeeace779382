/* SPDX-License-Identifier: MIT */
/*
 * A pattern with a slash before its end is for paths below the directory of its file, any other one
 * for names at any depth:
 *
 *     /w/.gitignore: old/a.txt      ignores /w/old/a.txt, not /w/x/old/a.txt
 *     /w/.gitignore: *.bak          ignores /w/x/y/a.bak
 *
 * The last rule that fits decides, so that "!a.bak" below takes one out again. What lies in an
 * ignored directory is never asked for.
 */
#include "cli/ignore.h"

#include "base/io.h"

#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_BYTES ((size_t)1 << 20)

static void add_rule(Ignores *ignores, Str line, size_t base)
{
    IgnoreRule rule = {.base = base};
    while (line.len && strchr(" \t\r", line.p[line.len - 1]))
        line.len--;
    if (line.len == 0 || line.p[0] == '#')
        return;
    rule.negated = line.p[0] == '!';
    if (rule.negated || sml_str_starts(line, STR("\\#")) || sml_str_starts(line, STR("\\!")))
        line = sml_str_slice(line, 1, line.len);
    rule.directories = sml_str_ends(line, STR("/"));
    line = sml_str_slice(line, 0, line.len - rule.directories);
    rule.anchored = sml_str_find(line, STR("/"), 0) != SIZE_MAX;
    if (sml_str_starts(line, STR("/")))
        line = sml_str_slice(line, 1, line.len);
    rule.pattern = sml_arena_copy(ignores->arena, line);
    if (line.len)
        VEC_PUSH(&ignores->rules, ignores->arena) = rule;
}

/* A file that is missing or cannot be read ignores nothing: then more is looked at, not less. */
static void read_file(Ignores *ignores, Str directory, const char *name)
{
    Buf bytes = {0};
    Str path = sml_arena_printf(ignores->arena, "%.*s%s", STR_ARG(directory), name), line;
    if (sml_io_is_file(path.p) && sml_io_read(&bytes, path.p, MOST_BYTES, NULL)) {
        Str rest = sml_buf_str(&bytes);
        while (sml_str_cut(&line, &rest, '\n'))
            add_rule(ignores, line, directory.len);
    }
    sml_buf_free(&bytes);
}

void sml_ignore_enter(Ignores *ignores, Str directory)
{
    read_file(ignores, directory, ".gitignore");
    read_file(ignores, directory, ".sm-lint-ignore");
}

static bool is_repository(Ignores *ignores, Str directory)
{
    struct stat st;
    return stat(sml_arena_printf(ignores->arena, "%.*s.git", STR_ARG(directory)).p, &st) == 0;
}

/* Behind the slash before the last name of `directory`; 0 for the root. */
static size_t parent(Str directory)
{
    size_t at = directory.len > 1 ? directory.len - 1 : 0;
    while (at > 0 && directory.p[at - 1] != '/')
        at--;
    return at;
}

void sml_ignore_above(Ignores *ignores, Str directory)
{
    size_t top = directory.len;
    while (top > 0 && !is_repository(ignores, sml_str_slice(directory, 0, top)))
        top = parent(sml_str_slice(directory, 0, top));
    for (size_t at = top; top > 0 && at < directory.len; at++)
        if (at == top || directory.p[at - 1] == '/')
            sml_ignore_enter(ignores, sml_str_slice(directory, 0, at));
}

static bool fits(const IgnoreRule *rule, Str path)
{
    Str below = sml_str_slice(path, rule->base, path.len);
    if (!rule->anchored)
        below = sml_str_slice(path, parent(path), path.len);
    if (strpbrk(rule->pattern.p, "[\\"))
        return fnmatch(rule->pattern.p, below.p, FNM_PATHNAME) == 0;
    return sml_str_glob(rule->pattern, below);
}

bool sml_ignore_has(const Ignores *ignores, Str path, bool is_directory)
{
    for (uint32_t i = ignores->rules.n; i-- > 0;) {
        const IgnoreRule *rule = &ignores->rules.v[i];
        if ((!rule->directories || is_directory) && fits(rule, path))
            return !rule->negated;
    }
    return false;
}
