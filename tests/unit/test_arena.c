/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

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
        for (size_t i = 0; i < more; i++) {
            assert_int_equal(v[i], i < n ? i : 0);
            v[i] = (uint32_t)i;
        }
        n = more;
        sml_arena_copy(a, STR("something behind it"));
    }
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_reset_gives_back),
        cmocka_unit_test(test_arrays_keep_what_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
