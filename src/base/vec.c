/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

void *sml_vec_more(void *v, uint32_t *cap, size_t size, Arena *a)
{
    uint32_t more = *cap ? *cap * 2 : 8;
    if (more <= *cap)
        more = UINT32_MAX;
    v = sml_arena_grow(a, v, sml_mem_times(*cap, size), sml_mem_times(more, size),
                       _Alignof(max_align_t));
    *cap = more;
    return v;
}
