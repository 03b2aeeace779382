/* SPDX-License-Identifier: MIT */
/*
 * Memory by lifetime. An arena hands out memory that is never freed alone: it goes back when the arena
 * is rewound to a mark, or freed. Whoever creates an arena frees it. A function that takes an Arena *
 * may allocate in it; one that takes none allocates nothing.
 *
 * This file and no other calls malloc, and it is the one place that can run out of memory: it then
 * calls the hook, which must not return (the tool's prints one line and exits 2; an embedder's may
 * longjmp).
 *
 * An arena serves one thread at a time.
 */
#ifndef SML_BASE_ARENA_H
#define SML_BASE_ARENA_H

#include "base/str.h"

typedef struct Arena Arena;

typedef struct ArenaMark {
    void *block;
    size_t used;
    uint64_t large; /* how many large pieces there had been */
} ArenaMark;

Arena *sml_arena_new(void);
void sml_arena_free(Arena *a); /* NULL is fine */

/* `size` zeroed bytes, aligned for `align` (a power of two, at most 64). Size 0 gives a valid pointer. */
void *sml_arena_alloc(Arena *a, size_t size, size_t align);

/* `new_size` bytes holding the first `old_size` of `old`; in place where `old` was the last piece allocated. The bytes
 * beyond `old_size` are anything: room that nobody comes to use is never touched. `old` may be NULL with `old_size` 0;
 * else both it and `align` are what the piece was asked for with, for the size tells how it is kept. */
void *sml_arena_grow(Arena *a, void *old, size_t old_size, size_t new_size, size_t align);

/* `old`, of no more than usual alignment, with `new_size` of its `old_size` bytes, of which the rest, or with 0 all of it, goes
 * back if it is a piece large enough to stand alone. */
void *sml_arena_fit(Arena *a, void *old, size_t old_size, size_t new_size);

/* All that was allocated after the mark is given back; the blocks are kept for the next use, but large pieces go
 * back to the system. */
ArenaMark sml_arena_mark(const Arena *a);
void sml_arena_rewind(Arena *a, ArenaMark m);
void sml_arena_reset(Arena *a); /* to empty */

Str sml_arena_copy(Arena *a, Str s); /* NUL-terminated behind its length */
Str sml_arena_printf(Arena *a, const char *format, ...) SML_PRINTF(2, 3);

#define ARENA_NEW(a, T)      ((T *)sml_arena_alloc((a), sizeof(T), _Alignof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)sml_arena_alloc((a), sml_mem_times((n), sizeof(T)), _Alignof(T)))

_Noreturn void sml_mem_too_much(void);

/* n * size, or the out-of-memory hook where that overflows. */
static inline size_t sml_mem_times(size_t n, size_t size)
{
    if (size && n > SIZE_MAX / 2 / size)
        sml_mem_too_much();
    return n * size;
}

/* realloc and free for the few things that outlive arenas (Buf, handles). Never return NULL for a
 * size above 0. */
void *sml_mem_resize(void *old, size_t size);
void *sml_mem_zeroed(size_t n, size_t size); /* calloc: pages that nobody touches cost nothing */
void sml_mem_free(void *p);

/* Replaces the hook for the whole process, and returns the previous one. The hook must not return. */
typedef void (*MemHook)(size_t wanted);
MemHook sml_mem_hook(MemHook hook);

/* Makes the n-th allocation from now fail (0 switches it off); for tests of the hook. */
void sml_mem_fail_after(uint64_t n);

#endif
