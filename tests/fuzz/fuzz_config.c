/* SPDX-License-Identifier: MIT */
/* Any bytes as a configuration file: read or refused, every problem with a place in it. */
/* Links with src/cli/config.c src/cli/places.c */
#include "cli/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_problems(const Config *c, size_t size)
{
    if (c->problems.n > CONFIG_PROBLEMS)
        abort();
    for (uint32_t i = 0; i < c->problems.n; i++)
        if (c->problems.v[i].line > size + 1 || c->problems.v[i].message[0] == '\0')
            abort();
}

/* A handle that a glob takes from a path is a part of it. */
static void check_globs(const Config *c, Arena *a)
{
    static const Str paths[] = {
        {"/tmp/drafts/one/a.txt", 21}, {"/tmp/@a/b-2026.csv", 18}, {"/tmp//x", 7}, {"/", 1}};
    for (uint32_t i = 0; i < c->paths.n; i++)
        for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++) {
            Str handle, path = paths[k];
            bool means = sml_config_path_matches(&handle, &c->paths.v[i], path, a);
            Str name = sml_str_slice(handle, handle.len ? 1 : 0, handle.len);
            if (handle.len &&
                (!means || handle.p[0] != '@' || sml_str_find(path, name, 0) == SIZE_MAX ||
                 sml_str_find(name, STR("/"), 0) != SIZE_MAX))
                abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/fuzz_config.XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    close(fd);
    Arena *a = sml_arena_new();
    for (ConfigLevel level = LEVEL_ORGANISATION; level <= LEVEL_PROJECT; level++) {
        Config c = {0};
        ConfigFile file = {sml_str_from(path), STR("/tmp"), STR("/tmp"), level};
        if (sml_config_read(&c, &file, a) != (c.problems.n == 0))
            abort();
        check_problems(&c, size);
        check_globs(&c, a);
    }
    sml_arena_free(a);
    unlink(path);
    return 0;
}
