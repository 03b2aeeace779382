/* SPDX-License-Identifier: MIT */
/* The host tool of the build: compile RULEBOOK IMAGE. The rulebook becomes the image that is linked in; what is wrong with it is
 * said as sm-lint would. */
#include "rulebook/compile.h"
#include "base/io.h"
#include "rulebook/load.h"

#include <stdio.h>
#include <stdlib.h>

static void print(void *user, const sml_error *problem, bool is_error)
{
    (void)user;
    fprintf(stderr, "%s:%u:%u: %s: %s\n", problem->path, problem->line, problem->col,
            is_error ? "error" : "warning", problem->message);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: compile RULEBOOK IMAGE\n", stderr);
        return EXIT_FAILURE;
    }
    Arena *a = sml_arena_new();
    Diagnostics d = {.hear = print};
    Rules rules;
    Buf image = {0};
    Image checked;
    sml_error err;
    bool ok =
        sml_load(&rules, argv[1], &d, a) && sml_compile(&image, &rules, &d, a) && d.errors == 0;
    /* The program trusts what is linked into it, so it is looked at here. */
    if (ok && (!sml_image_open(&checked, sml_buf_str(&image), sml_str_from(argv[2]), &err) ||
               !sml_io_write_file(argv[2], sml_buf_str(&image), &err))) {
        print(NULL, &err, true);
        ok = false;
    }
    sml_buf_free(&image);
    sml_arena_free(a);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
