/* SPDX-License-Identifier: MIT */
#include "base/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Record {
    uint32_t key, copy;
    char pad[5];
} Record;

static int compare(const void *a, const void *b)
{
    uint32_t x = ((const Record *)a)->key, y = ((const Record *)b)->key;
    return (x > y) - (x < y);
}

/* Few and many, in order, backwards and in none: as qsort has it, and no record torn. */
static void test_sorts_as_qsort_does(void **state)
{
    (void)state;
    enum { MOST = 200 };
    uint64_t seed = 11;
    for (uint32_t n = 0; n <= MOST; n++)
        for (int order = 0; order < 3; order++) {
            Record got[MOST + 1], want[MOST + 1];
            for (uint32_t i = 0; i < n; i++) {
                seed = seed * UINT64_C(6364136223846793005) + 1;
                uint32_t key = order == 0 ? i : order == 1 ? n - i : (uint32_t)(seed >> 57);
                got[i] = want[i] = (Record){.key = key, .copy = ~key};
            }
            got[n].key = 12345;
            sml_sort(got, n, sizeof *got, compare);
            qsort(want, n, sizeof *want, compare);
            for (uint32_t i = 0; i < n; i++) {
                assert_int_equal(got[i].key, want[i].key);
                assert_int_equal(got[i].copy, ~got[i].key);
            }
            assert_int_equal(got[n].key, 12345);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sorts_as_qsort_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
