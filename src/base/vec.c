/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

/* Room for a few small elements or one large one: most arrays stay short. */
static uint32_t first_room(size_t size)
{
    return size < 64 ? (uint32_t)(128 / size) : 1;
}

void *sml_vec_reserve(void *v, uint32_t *cap, uint32_t n, uint32_t more, size_t size, Arena *a)
{
    if (more <= *cap - n)
        return v;
    uint32_t all = more <= UINT32_MAX - n ? n + more : UINT32_MAX;
    v = sml_arena_grow(a, v, sml_mem_times(*cap, size), sml_mem_times(all, size),
                       _Alignof(max_align_t));
    *cap = all;
    return v;
}

void *sml_vec_fit(void *v, uint32_t *cap, uint32_t n, size_t size, Arena *a)
{
    v = sml_arena_fit(a, v, *cap * size, n * size);
    *cap = n;
    return v;
}

void *sml_vec_more(void *v, uint32_t *cap, size_t size, Arena *a)
{
    if (*cap == 0) {
        *cap = first_room(size);
        return sml_arena_alloc(a, *cap * size, _Alignof(max_align_t));
    }
    uint32_t more = *cap * 2;
    if (more <= *cap)
        more = UINT32_MAX;
    v = sml_arena_grow(a, v, sml_mem_times(*cap, size), sml_mem_times(more, size),
                       _Alignof(max_align_t));
    *cap = more;
    return v;
}
