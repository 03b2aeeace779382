/* SPDX-License-Identifier: MIT */
#include "cli/images.h"

#include "base/io.h"

#include <errno.h>
#include <sys/stat.h>

static bool is_picture(Str file)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        Str ending = sml_str_from(endings[i]);
        if (file.len > ending.len &&
            sml_str_eq_nocase(sml_str_slice(file, file.len - ending.len, file.len), ending))
            return true;
    }
    return false;
}

bool sml_images_lacks(Str file, Str path)
{
    struct stat st;
    if (!is_picture(file) || sml_str_find(file, STR("://"), 0) != SIZE_MAX)
        return false;
    size_t folder = file.p[0] == '/' ? 0 : path.len;
    while (folder > 0 && path.p[folder - 1] != '/')
        folder--;
    Arena *a = sml_arena_new();
    Str name =
        sml_arena_printf(a, "%.*s%.*s", STR_ARG(sml_str_slice(path, 0, folder)), STR_ARG(file));
    bool lacks = stat(name.p, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
    sml_arena_free(a);
    return lacks;
}
