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
    }
    sml_arena_free(a);
    unlink(path);
    return 0;
}
