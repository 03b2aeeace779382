/* SPDX-License-Identifier: MIT */
/* Checks one file with the built-in rulebook: the whole of an embedder's work. Exit status as sm-lint's. */
#include <smlint.h>

#include <stdio.h>

static int fail(const sml_error *err)
{
    fprintf(stderr, "%s: %s\n", err->path[0] ? err->path : "lint_one", err->message);
    return 2;
}

int main(int argc, char **argv)
{
    static char text[1 << 16];
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t len = f ? fread(text, 1, sizeof text, f) : sizeof text;
    if (len == sizeof text) {
        fputs("usage: lint_one FILE (of less than 64 KiB)\n", stderr);
        return 2;
    }
    fclose(f);

    sml_error err = {.path = ""};
    sml_result result;
    sml_rulebook *rules = sml_rulebook_builtin(&err);
    sml_linter *linter = rules ? sml_linter_new(&rules, 1, NULL, &err) : NULL;
    if (!linter)
        return fail(&err);

    char today[16];
    sml_today(today);
    sml_input in = {.path = SML_STR("draft"), .text = {text, len}};
    in.context.account = SML_STR("official");
    in.context.date = (sml_str){today, 10};
    if (!sml_linter_check(&result, linter, &in, &err))
        return fail(&err);
    for (uint32_t i = 0; i < result.n_findings; i++) {
        const sml_finding *found = &result.findings[i];
        printf("%s:%u:%u: %s: %.*s [%.*s]\n", argv[1], found->line, found->col,
               sml_grade_name(found->grade), (int)found->message.len, found->message.p,
               (int)found->rule.len, found->rule.p);
    }
    sml_linter_free(linter);
    sml_rulebook_free(rules);
    return result.grade >= SML_WARNING;
}
