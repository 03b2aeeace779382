/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct Glob {
    const char *pattern, *path;
    bool matches;
} globs[] = {
    {"drafts/*.txt", "drafts/a.txt", true},
    {"drafts/*.txt", "drafts/old/a.txt", false},
    {"drafts/?.txt", "drafts/a.txt", true},
    {"drafts?a.txt", "drafts/a.txt", false},
    {"drafts/**", "drafts/old/a.txt", true},
    {"drafts/**.txt", "drafts/old/a.txt", true},
    {"drafts**a.txt", "drafts-old/a.txt", true},
    /* whole folders, none too */
    {"drafts/**/a.txt", "drafts/a.txt", true},
    {"drafts/**/a.txt", "drafts/old/a.txt", true},
    {"drafts/**/a.txt", "drafts/old/older/a.txt", true},
    {"drafts/**/a.txt", "drafts/extra.txt", false},
    {"drafts/**/a.txt", "drafts/old/extra.txt", false},
    {"**/a.txt", "a.txt", true},
    {"**/a.txt", "x/y/a.txt", true},
    {"**/a.txt", "banana.txt", false},
    {"**/ra.txt", "x/extra.txt", false},
    {"/**/a.txt", "/x/a.txt", true},
    {"a**/b", "ax/b", true},
    /* an earlier star has no more to give */
    {"**/old/*-a.txt", "old/x/old/b-a.txt", true},
    {"**/old/*-a.txt", "old/x/older/b-a.txt", false},
    {"**.d/**/a", "x.d/y/z.d/a", true},
    {"a/**/b/**/c", "a/x/b/y/c", true},
    {"a/**/b/**/c", "a/x/by/c", false},
    {"", "", true},
    {"", "a", false},
    {"**", "", true},
    {"*", "", true},
};

static void test_glob(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++) {
        const struct Glob *g = &globs[i];
        if (sml_str_glob(sml_str_from(g->pattern), sml_str_from(g->path)) != g->matches)
            fail_msg("%s %s %s", g->pattern, g->matches ? "should match" : "matches", g->path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_glob)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
