/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"
#include "match/fingerprint.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- SHA-256 --------------------------------------------------------------------------------- */

static void assert_digest(Str s, const char *want)
{
    uint8_t digest[32];
    char hex[65];
    sml_sha256(digest, s);
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(hex, want);
}

static void test_digests_of_the_standard(void **state)
{
    (void)state;
    assert_digest(STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest(STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* ---- what goes in ---------------------------------------------------------------------------- */

/* These stand in baselines and in approvals: a change here is one that users must be told of. */
static void test_golden_vectors(void **state)
{
    static const char before[] = "a a a a a a a a a a a a a a a a a a a a ";
    (void)state;
    assert_int_equal(sml_fingerprint_hash(STR("demo/vote"), STR("vote labour"), STR("please "),
                                          STR(" today."), 1),
                     UINT64_C(0x7d7eed3e20b89c14));
    assert_int_equal(sml_fingerprint_hash(STR("demo/vote"), STR(""), STR(""), STR("good news."), 1),
                     UINT64_C(0x255adac312a00f09));
    assert_int_equal(sml_fingerprint_hash(STR("demo/secret"), STR("[hidden]"), sml_str_from(before),
                                          STR(" b"), 2),
                     UINT64_C(0xb57a024d23031a1e));
}

/* ---- of whole drafts ------------------------------------------------------------------------- */

typedef struct Fixture {
    sml_rulebook *rules;
    sml_linter *linter;
} Fixture;

static int set_up(void **state)
{
    sml_error err;
    const sml_options options = {.size = sizeof options, .prints = true};
    Fixture *f = sml_mem_resize(NULL, sizeof *f);
    f->rules = sml_rulebook_load("tests/golden/rules.yaml", NULL, NULL, &err);
    f->linter = sml_linter_new(&f->rules, 1, &options, &err);
    *state = f;
    return f->linter ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sml_linter_free(f->linter);
    sml_rulebook_free(f->rules);
    sml_mem_free(f);
    return 0;
}

static sml_result check(Fixture *f, const char *text)
{
    sml_result r;
    sml_error err;
    sml_input in = {.path = STR("d.txt"),
                    .text = sml_str_from(text),
                    .context = {.account = STR("official"), .date = STR("2026-11-20")}};
    assert_true(sml_linter_check(&r, f->linter, &in, &err));
    return r;
}

static uint64_t print_of(Fixture *f, const char *text, uint32_t i)
{
    sml_result r = check(f, text);
    assert_true(i < r.n_seen);
    return r.seen[i].known.print;
}

static void test_parts_are_those_of_the_post(void **state)
{
    Fixture *f = *state;
    assert_int_equal(print_of(f, "Please VOTE\u00A0LABOUR today.", 0),
                     UINT64_C(0x7d7eed3e20b89c14));
    assert_int_equal(print_of(f, "---\nchannel: x\n---\n\nPlease vote Labour today.", 0),
                     UINT64_C(0x7d7eed3e20b89c14));
    assert_int_not_equal(print_of(f, "Please vote Labour today!", 0), UINT64_C(0x7d7eed3e20b89c14));
}

static void test_what_is_far_does_not_count(void **state)
{
    Fixture *f = *state;
    const char *far = "One two three four five six seven eight nine ten eleven: vote Labour today";
    const char *farther =
        "Uno two three four five six seven eight nine ten eleven: vote Labour today";
    const char *near = "One two three four five six seven eight nine ten twelve: vote Labour today";
    assert_int_equal(print_of(f, far, 0), print_of(f, farther, 0));
    assert_int_not_equal(print_of(f, far, 0), print_of(f, near, 0));
}

static void test_secrets_are_not_in_it(void **state)
{
    Fixture *f = *state;
    assert_int_equal(print_of(f, "Our code 1234 is new", 0),
                     print_of(f, "Our code 9876 is new", 0));
    assert_int_equal(print_of(f, "now now, code 1234", 1), print_of(f, "now now, code 9876", 1));
    sml_result r = check(f, "now now, code 1234");
    assert_int_equal(r.n_seen, 2);
    assert_true(sml_str_eq(r.seen[0].rule, STR("demo/shout")) !=
                sml_str_eq(r.seen[1].rule, STR("demo/shout")));
}

static void test_equal_ones_are_counted(void **state)
{
    Fixture *f = *state;
    char text[400] = "";
    for (int i = 0; i < 3; i++)
        strcat(text, "Far far away, behind the word mountains, they vote Labour. Far far away, "
                     "behind the word mountains. ");
    sml_result r = check(f, text);
    assert_int_equal(r.n_findings, 1);
    assert_int_equal(r.n_seen, 3);
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(r.seen[i].known.print, r.seen[k].known.print);
    assert_int_equal(r.findings[0].print, r.seen[0].known.print);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digests_of_the_standard),
        cmocka_unit_test(test_golden_vectors),
        cmocka_unit_test_setup_teardown(test_parts_are_those_of_the_post, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_far_does_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_are_not_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_equal_ones_are_counted, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
