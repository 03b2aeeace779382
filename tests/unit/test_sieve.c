/* SPDX-License-Identifier: MIT */
#include "image/sieve.h"
#include "rulebook/sieve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define STRINGS "votefortorytaxes"
enum { VOTE = 0, FOR = 4, TORY = 7, TAXES = 11 };
#define WORD(at, len) OP_WORD_PACK(WORD_EDGE_START | WORD_EDGE_END, len), at

/* "{vote|for} tory", anchored at the last word: forward from 0, backward from 3. */
static const uint32_t tory[] = {
    WORD(TORY, 4), OP_MATCH,         OP_SEP,       OP_SPLIT_PACK(2), 7, 10,
    WORD(VOTE, 4), OP_JUMP_PACK(12), WORD(FOR, 3), OP_MATCH};
static const SievePrograms tory_programs = {tory, STRINGS, 0, 3};

static uint32_t letters(const char *these)
{
    uint32_t set = 0;
    for (; *these; these++)
        set |= UINT32_C(1) << sml_sieve_class[(unsigned char)*these];
    return set;
}

/* What the owner wants at `place`, or everything. */
static uint32_t wanted(const Sieve *owner, int place)
{
    for (int i = 0; i < IMAGE_SIEVE; i++)
        if (owner->at[i] == place && owner->mask[i] != SIEVE_ALL)
            return owner->mask[i];
    return SIEVE_ALL;
}

static void test_looks_to_both_sides(void **state)
{
    (void)state;
    Sieve owner;
    sml_sieve_make(&owner, &tory_programs, (SieveAnchor){SML_STR("tory"), 0, IMAGE_NONE});
    assert_int_equal(wanted(&owner, -1), letters(" "));
    assert_int_equal(wanted(&owner, -2), letters("er"));
    assert_int_equal(wanted(&owner, -3), letters("to"));
    assert_int_equal(wanted(&owner, -4), letters("of"));
    assert_int_equal(wanted(&owner, 0), SIEVE_ALL); /* the literal itself */
}

static void test_follows_only_what_the_literal_allows(void **state)
{
    (void)state;
    /* "{vote|for} taxes", anchored at the alternation. */
    static const uint32_t code[] = {
        OP_SPLIT_PACK(2), 3,       6, WORD(VOTE, 4), OP_JUMP_PACK(8), WORD(FOR, 3), OP_SEP,
        WORD(TAXES, 5),   OP_MATCH};
    SievePrograms programs = {code, STRINGS, 0, IMAGE_NONE};
    Sieve owner;
    sml_sieve_make(&owner, &programs, (SieveAnchor){SML_STR("vote"), 0, IMAGE_NONE});
    assert_int_equal(wanted(&owner, 7), letters("x"));
    sml_sieve_make(&owner, &programs, (SieveAnchor){SML_STR("for"), 0, IMAGE_NONE});
    assert_int_equal(wanted(&owner, 6), letters("x"));
    /* No way at all agrees with this one. */
    sml_sieve_make(&owner, &programs, (SieveAnchor){SML_STR("tory"), 0, IMAGE_NONE});
    assert_int_equal(owner.mask[0], 0);
}

static void test_counts_from_the_end_of_a_list(void **state)
{
    (void)state;
    static const uint32_t code[] = {OP_LIST,  3,      OP_SEP,       WORD(TAXES, 5),
                                    OP_MATCH, OP_SEP, WORD(FOR, 3), OP_MATCH};
    SievePrograms programs = {code, STRINGS, 0, 6};
    Sieve owner;
    sml_sieve_make(&owner, &programs, (SieveAnchor){.list = 3});
    assert_int_equal(wanted(&owner, 3), letters("x"));
    assert_int_equal(wanted(&owner, -4), letters("f"));
    sml_sieve_make(&owner, &programs, (SieveAnchor){.list = 2});
    assert_int_equal(owner.mask[0], 0);
}

static void test_a_gap_says_nothing(void **state)
{
    (void)state;
    static const uint32_t code[] = {WORD(TORY, 4), OP_GAP, 3, WORD(TAXES, 5), OP_MATCH};
    SievePrograms programs = {code, STRINGS, 0, IMAGE_NONE};
    Sieve owner;
    sml_sieve_make(&owner, &programs, (SieveAnchor){SML_STR("tory"), 0, IMAGE_NONE});
    for (int i = 0; i < IMAGE_SIEVE; i++)
        assert_int_equal(owner.mask[i], SIEVE_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks_to_both_sides),
        cmocka_unit_test(test_follows_only_what_the_literal_allows),
        cmocka_unit_test(test_counts_from_the_end_of_a_list),
        cmocka_unit_test(test_a_gap_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
