/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LARGE ((size_t)1 << 20)

static jmp_buf asked;

static void leave(size_t wanted)
{
    (void)wanted;
    longjmp(asked, 1);
}

static bool tries(Arena *a, Str s)
{
    if (setjmp(asked) != 0)
        return false;
    sml_arena_copy(a, s);
    return true;
}

/* Does a copy of `s` ask the system for memory? */
static bool asks(Arena *a, Str s)
{
    sml_mem_hook(leave);
    sml_mem_fail_after(1);
    bool copied = tries(a, s);
    sml_mem_fail_after(0);
    sml_mem_hook(NULL);
    return !copied;
}

/* Blocks are kept for the next use; pieces of a MiB go back to the system. */
static void test_what_a_reset_gives_back(void **state)
{
    (void)state;
    static char text[LARGE];
    Str large = {text, sizeof text}, small = {text, 100};
    Arena *a = sml_arena_new();
    memset(text, 'x', sizeof text);
    sml_arena_copy(a, small);
    Str copy = sml_arena_copy(a, large);
    assert_true(sml_str_eq(copy, large));
    assert_int_equal(copy.p[copy.len], '\0');
    sml_arena_reset(a);
    assert_false(asks(a, small));
    assert_true(asks(a, large));
    sml_arena_free(a);
}

static void test_arrays_keep_what_they_hold(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    uint32_t *v = NULL;
    size_t n = 0;
    for (size_t more = 3; more < 4 * LARGE / sizeof *v; more *= 3) {
        v = sml_arena_grow(a, v, n * sizeof *v, more * sizeof *v, _Alignof(uint32_t));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(v[i], i);
        for (size_t i = n; i < more; i++)
            v[i] = (uint32_t)i;
        n = more;
        sml_arena_copy(a, STR("something behind it"));
    }
    sml_arena_free(a);
}

typedef VEC(uint64_t) Numbers;

/* Grows it to `n` elements that tell whose and which they are; what was there before the first must not show. */
static void fill(Numbers *v, uint64_t whose, uint32_t n, Arena *a)
{
    while (v->n < n) {
        uint64_t *one = &VEC_PUSH(v, a);
        assert_int_equal(*one, 0);
        *one = whose << 32 | (v->n - 1);
    }
}

static void assert_filled(const Numbers *v, uint64_t whose, uint32_t n)
{
    assert_int_equal(v->n, n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(v->v[i], whose << 32 | i);
}

/* Long arrays, each a piece of its own, that grow, shrink and go between their neighbours. */
static void test_long_arrays_among_others(void **state)
{
    (void)state;
    enum { N = 7, LONG = 100000 };
    Numbers v[N];
    memset(v, 0, sizeof v);
    Arena *a = sml_arena_new();
    sml_arena_copy(a, STR("first of all"));
    ArenaMark mark = sml_arena_mark(a);
    for (int round = 0; round < 2; round++) {
        for (uint32_t n = 1000; n <= LONG; n *= 10)
            for (uint32_t k = 0; k < N; k++)
                fill(&v[k], k + 1, n + k, a);
        for (uint32_t k = 0; k < N; k += 3)
            VEC_DROP(&v[k], a);
        v[1].n = 2000;
        v[5].n = 10;
        VEC_FIT(&v[1], a);
        VEC_FIT(&v[5], a);
        assert_filled(&v[1], 2, 2000);
        assert_filled(&v[5], 6, 10);
        for (uint32_t k = 0; k < N; k++)
            fill(&v[k], k + 1, LONG + 10 * k, a);
        for (uint32_t k = 0; k < N; k++)
            assert_filled(&v[k], k + 1, LONG + 10 * k);
        sml_arena_rewind(a, mark);
        memset(v, 0, sizeof v);
    }
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_reset_gives_back),
        cmocka_unit_test(test_arrays_keep_what_they_hold),
        cmocka_unit_test(test_long_arrays_among_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
