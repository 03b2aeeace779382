/* SPDX-License-Identifier: MIT */
/* Rulebooks from memory, through the public header. */
#include <smlint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RULE                                                                                       \
    "rules:\n"                                                                                     \
    "- id: a/b\n"                                                                                  \
    "  title: T\n"                                                                                 \
    "  phrases: [alpha]\n"                                                                         \
    "  grade: notice\n"                                                                            \
    "  message: {en: Alpha.}\n"                                                                    \
    "  cite: [{source: code}]\n"                                                                   \
    "  examples: {hits: ['[[alpha]]'], clean: [x]}\n"
#define SOURCE                                                                                     \
    "sources:\n"                                                                                   \
    "  code: {title: Code, year: 2015, read: '2026-11-20', verified: true}\n"

static const char book_text[] = "smlint: 1\n" SOURCE RULE;

static void hear(void *user, const sml_error *problem, bool is_error)
{
    int *heard = user;
    assert_true(is_error);
    assert_string_equal(problem->path, "given.yaml");
    ++*heard;
}

static void test_yaml_from_memory(void **state)
{
    (void)state;
    sml_error err;
    char *text = strdup(book_text);
    sml_rulebook *r =
        sml_rulebook_load_bytes((sml_str){text, strlen(text)}, "given.yaml", NULL, NULL, &err);
    free(text); /* it was copied */
    assert_non_null(r);
    assert_int_equal(sml_rulebook_count(r), 1);
    assert_int_equal(sml_rulebook_find(r, SML_STR("a/b")), 0);
    sml_rulebook_free(r);
}

static void test_image_from_memory(void **state)
{
    (void)state;
    sml_rulebook *r = sml_rulebook_load_bytes((sml_str){book_text, strlen(book_text)}, "given.yaml",
                                              NULL, NULL, NULL);
    sml_str image = sml_rulebook_image(r);
    sml_rulebook *again = sml_rulebook_load_bytes(image, "given.smi", NULL, NULL, NULL);
    assert_non_null(again);
    assert_int_equal(sml_rulebook_image(again).len, image.len);
    sml_rulebook_free(again);
    sml_rulebook_free(r);
}

static void test_problems_have_its_name(void **state)
{
    (void)state;
    static const sml_str bad[] = {{"", 0}, {"rules: [", 8}, {"sm-lint\x1a", 8}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sml_error err;
        int heard = 0;
        assert_null(sml_rulebook_load_bytes(bad[i], "given.yaml", hear, &heard, &err));
        assert_int_equal(heard, 1);
        assert_string_equal(err.path, "given.yaml");
        assert_null(sml_rulebook_load_bytes(bad[i], "given.yaml", NULL, NULL, NULL));
    }
}

static void test_includes_are_beside_it(void **state)
{
    (void)state;
    sml_error err;
    char folder[] = "/tmp/test_rulebook.XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/sources.yaml", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(SOURCE, f);
    fclose(f);
    char main_path[64];
    snprintf(main_path, sizeof main_path, "%s/main.yaml", folder);
    sml_rulebook *r = sml_rulebook_load_bytes(SML_STR("smlint: 1\ninclude: [sources.yaml]\n" RULE),
                                              main_path, NULL, NULL, &err);
    remove(path);
    remove(folder);
    assert_non_null(r);
    sml_rulebook_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yaml_from_memory),
        cmocka_unit_test(test_image_from_memory),
        cmocka_unit_test(test_problems_have_its_name),
        cmocka_unit_test(test_includes_are_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
