/* SPDX-License-Identifier: MIT */
/*
 * brute ARCHIVE.jsonl: the same linter with and without its automaton, line by line. Without it every pattern of every rule is tried
 * at every place of every post.
 */
#include <smlint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run(sml_rulebook *rules, FILE *archive, bool no_prefilter, size_t most, size_t *bytes)
{
    sml_options o = SML_OPTIONS_INIT;
    o.no_prefilter = no_prefilter;
    sml_error err;
    sml_linter *linter = sml_linter_new(&rules, 1, &o, &err);
    static char line[1 << 20];
    rewind(archive);
    *bytes = 0;
    double start = seconds();
    while (*bytes < most && fgets(line, sizeof line, archive)) {
        size_t len = strlen(line);
        sml_input in = {.kind = SML_INPUT_JSONL, .text = {line, len}};
        sml_result r;
        *bytes += len;
        sml_linter_check(&r, linter, &in, &err);
    }
    double took = seconds() - start;
    sml_linter_free(linter);
    return took;
}

int main(int argc, char **argv)
{
    FILE *archive = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!archive)
        return fputs("usage: brute ARCHIVE.jsonl\n", stderr), 1;
    sml_rulebook *rules = sml_rulebook_builtin(NULL);
    size_t bytes, few;
    double with = run(rules, archive, false, SIZE_MAX, &bytes);
    double without = run(rules, archive, true, 200000, &few);
    double ratio = (without / (double)few) / (with / (double)bytes);
    printf("%-44s %10.2f MB/s\n", "with the automaton", (double)bytes / 1e6 / with);
    printf("%-44s %10.2f MB/s  x %.1f the time\n", "brute force: every pattern everywhere",
           (double)few / 1e6 / without, ratio);
    sml_rulebook_free(rules);
    fclose(archive);
    return 0;
}
