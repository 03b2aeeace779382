/* SPDX-License-Identifier: MIT */
/*
 * A typed array that grows in an arena: VEC(Span) spans = {0}; VEC_PUSH(&spans, arena) = (Span){0, 4};
 * The elements move when it grows, so keep indices, not pointers. At most 2^32-1 elements.
 */
#ifndef SML_BASE_VEC_H
#define SML_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        uint32_t n, cap;                                                                           \
    }

/* An lvalue: the new last element, zeroed. */
#define VEC_PUSH(vec, arena) (*(VEC_MORE(vec, arena), &(vec)->v[(vec)->n++]))

#define VEC_MORE(vec, arena)                                                                       \
    ((vec)->n < (vec)->cap                                                                         \
         ? (void)0                                                                                 \
         : (void)((vec)->v = sml_vec_more((vec)->v, &(vec)->cap, sizeof *(vec)->v, (arena))))

#define VEC_LAST(vec) ((vec)->v[(vec)->n - 1])

/* Doubles the room for elements of `size` bytes. */
void *sml_vec_more(void *v, uint32_t *cap, size_t size, Arena *a);

#endif
