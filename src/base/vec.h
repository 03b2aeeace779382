/* SPDX-License-Identifier: MIT */
/*
 * A typed array that grows in an arena: VEC(Span) spans = {0}; VEC_PUSH(&spans, arena) = (Span){0, 4};
 * The elements move when it grows, so keep indices, not pointers. At most 2^32-1 elements.
 */
#ifndef SML_BASE_VEC_H
#define SML_BASE_VEC_H

#include "base/arena.h"

#include <string.h>

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        uint32_t n, cap;                                                                           \
    }

/* An lvalue: the new last element, zeroed. */
#define VEC_PUSH(vec, arena)                                                                       \
    (*(VEC_MORE(vec, arena), (void)memset(&(vec)->v[(vec)->n], 0, sizeof *(vec)->v),               \
       &(vec)->v[(vec)->n++]))

#define VEC_MORE(vec, arena)                                                                       \
    ((vec)->n < (vec)->cap                                                                         \
         ? (void)0                                                                                 \
         : (void)((vec)->v = sml_vec_more((vec)->v, &(vec)->cap, sizeof *(vec)->v, (arena))))

/* Room in an empty array for `most` elements, of which so many will come: doubling would leave as much again behind. */
#define VEC_ROOM(vec, most, arena)                                                                 \
    ((vec)->v =                                                                                    \
         sml_arena_alloc((arena), sml_mem_times((most), sizeof *(vec)->v), _Alignof(max_align_t)), \
     (void)((vec)->cap = (most)))

/* Room for `more` elements behind those there are. */
#define VEC_RESERVE(vec, more, arena)                                                              \
    ((vec)->v = sml_vec_reserve((vec)->v, &(vec)->cap, (vec)->n, (more), sizeof *(vec)->v, (arena)))

/* Gives back room that a long array does not need; no more will come. */
#define VEC_FIT(vec, arena)                                                                        \
    ((vec)->cap < 1000 ? (void)0                                                                   \
                       : (void)((vec)->v = sml_vec_fit((vec)->v, &(vec)->cap, (vec)->n,            \
                                                       sizeof *(vec)->v, (arena))))

/* Gives back a long array that nobody needs any more. */
#define VEC_DROP(vec, arena)                                                                       \
    ((vec)->n = 0, (void)sml_vec_fit((vec)->v, &(vec)->cap, 0, sizeof *(vec)->v, (arena)))

#define VEC_LAST(vec) ((vec)->v[(vec)->n - 1])

typedef VEC(Span) Spans;

/* Room for n + more elements of `size` bytes. */
void *sml_vec_reserve(void *v, uint32_t *cap, uint32_t n, uint32_t more, size_t size, Arena *a);

void *sml_vec_fit(void *v, uint32_t *cap, uint32_t n, size_t size, Arena *a);

/* Doubles the room for elements of `size` bytes. */
void *sml_vec_more(void *v, uint32_t *cap, size_t size, Arena *a);

#endif
