/* SPDX-License-Identifier: MIT */
#include "cli/places.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEEPEST 256 /* folders that a lookup goes up */

/* ---- paths ----------------------------------------------------------------------------------- */

static size_t last_slash(Str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.p[i - 1] == '/')
            return i - 1;
    return SIZE_MAX;
}

Str sml_places_folder(Str path, Arena *a)
{
    size_t slash = last_slash(path);
    if (slash == SIZE_MAX)
        return sml_arena_copy(a, STR(""));
    return sml_arena_copy(a, sml_str_slice(path, 0, slash ? slash : 1));
}

Str sml_places_join(Str folder, Str path, Arena *a)
{
    if (folder.len == 0 || sml_str_starts(path, STR("/")))
        return sml_arena_copy(a, path);
    size_t end = folder.len + !sml_str_ends(folder, STR("/"));
    char *joined = ARENA_ARRAY(a, char, end + path.len + 1);
    memcpy(joined, folder.p, folder.len);
    joined[end - 1] = '/';
    if (path.len)
        memcpy(joined + end, path.p, path.len);
    return (Str){joined, end + path.len};
}

Str sml_places_real(Str path, Arena *a)
{
    char real[PATH_MAX];
    return realpath(path.p, real) ? sml_arena_copy(a, sml_str_from(real)) : (Str){NULL, 0};
}

/* Goes up to where something is there, and adds the rest as it was written. */
Str sml_places_absolute(Str path, Arena *a)
{
    size_t end = path.len;
    Str real = {NULL, 0};
    while (path.len < PATH_MAX) {
        Str head = sml_arena_copy(a, sml_str_slice(path, 0, end));
        real = sml_places_real(head.len ? head : STR("."), a);
        if (real.len || end == 0)
            break;
        size_t slash = last_slash(head);
        end = slash == SIZE_MAX ? 0 : slash == 0 && end > 1 ? 1 : slash;
    }
    while (end < path.len && path.p[end] == '/')
        end++;
    Str rest = sml_str_slice(path, end, path.len);
    return rest.len ? sml_places_join(real, rest, a) : real;
}

bool sml_places_is_below(Str path, Str root)
{
    return sml_str_eq(root, STR("/")) ||
           (sml_str_starts(path, root) && (path.len == root.len || path.p[root.len] == '/'));
}

Str sml_places_shown(Str path, Arena *a)
{
    Str here = sml_places_real(STR("."), a), up = {NULL, 0};
    for (uint32_t i = 0; here.len > 1 && i < 4; i++) {
        if (sml_places_is_below(path, here) && path.len > here.len)
            return sml_arena_printf(a, "%.*s%s", STR_ARG(up), path.p + here.len + 1);
        here = sml_places_folder(here, a);
        up = sml_arena_printf(a, "%.*s../", STR_ARG(up));
    }
    return path;
}

/* ---- the project ----------------------------------------------------------------------------- */

/* A link that leads nowhere is there too: whoever made it would not know that it counts for nothing. */
static bool is_there(Str folder, const char *name, Arena *a)
{
    struct stat st;
    return lstat(sml_places_join(folder, sml_str_from(name), a).p, &st) == 0;
}

static bool has_config(Str *out, Str folder, Arena *a, sml_error *err)
{
    static const char *const names[] = {".sm-lint.yaml", ".sm-lint.yml"};
    bool first = is_there(folder, names[0], a), second = is_there(folder, names[1], a);
    if (first && second)
        return sml_error_at(err,
                            sml_places_shown(sml_places_join(folder, sml_str_from(names[0]), a), a),
                            0, 0, "there is %s beside it; keep one of them", names[1]);
    *out =
        first || second ? sml_places_join(folder, sml_str_from(names[!first]), a) : (Str){NULL, 0};
    return true;
}

/* The folder above, or empty at a root: of a repository, of a file system, of all. */
static Str above(Str folder, Arena *a)
{
    struct stat here, there;
    if (folder.len <= 1 || is_there(folder, ".git", a))
        return (Str){NULL, 0};
    Str up = sml_places_folder(folder, a);
    if (stat(folder.p, &here) == 0 && stat(up.p, &there) == 0 && here.st_dev != there.st_dev)
        return (Str){NULL, 0};
    return up;
}

Project sml_places_project_of(Str file, Arena *a)
{
    Str own = sml_places_folder(file, a);
    for (Str at = own; at.len; at = above(at, a))
        if (is_there(at, ".git", a))
            return (Project){file, at};
    return (Project){file, own};
}

bool sml_places_project(Project *out, Str folder, Arena *a, sml_error *err)
{
    Str file;
    *out = (Project){0};
    for (uint32_t i = 0; folder.len && i < DEEPEST; i++, folder = above(folder, a)) {
        if (!has_config(&file, folder, a, err))
            return false;
        if (file.len) {
            *out = sml_places_project_of(file, a);
            return true;
        }
    }
    return true;
}

/* ---- wider files ----------------------------------------------------------------------------- */

/* Folders that are not absolute are ignored, as the XDG rules say. */
static Str config_in(Str folder, Arena *a)
{
    if (!sml_str_starts(folder, STR("/")))
        return (Str){NULL, 0};
    static const char name[] = "sm-lint/config.yaml";
    return is_there(folder, name, a) ? sml_places_join(folder, sml_str_from(name), a)
                                     : (Str){NULL, 0};
}

Str sml_places_user(Arena *a)
{
    Str own = sml_str_from(getenv("XDG_CONFIG_HOME")), home = sml_str_from(getenv("HOME"));
    if (sml_str_starts(own, STR("/")))
        return config_in(own, a);
    return home.len ? config_in(sml_places_join(home, STR(".config"), a), a) : (Str){NULL, 0};
}

Str sml_places_organisation(Arena *a)
{
    Str rest = sml_str_from(getenv("XDG_CONFIG_DIRS")), folder;
    if (rest.len == 0)
        rest = STR("/etc/xdg");
    while (sml_str_cut(&folder, &rest, ':')) {
        Str file = config_in(folder, a);
        if (file.len)
            return file;
    }
    return (Str){NULL, 0};
}
