/* SPDX-License-Identifier: MIT */
#include "base/sort.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FEW 64

void sml_sort(void *v, uint32_t n, size_t size, int (*compare)(const void *, const void *))
{
    char *at = v, moved[SORT_ELEMENT];
    assert(size <= sizeof moved);
    if (n > FEW) {
        uint32_t i = 1;
        while (i < n && compare(at + (i - 1) * size, at + i * size) <= 0)
            i++;
        if (i < n)
            qsort(v, n, size, compare);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        uint32_t k = i;
        while (k > 0 && compare(at + (k - 1) * size, at + i * size) > 0)
            k--;
        if (k == i)
            continue;
        memcpy(moved, at + i * size, size);
        memmove(at + (k + 1) * size, at + k * size, (i - k) * size);
        memcpy(at + k * size, moved, size);
    }
}
