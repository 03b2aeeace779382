/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#define GAP            16 /* so that running over the end of a piece is seen */
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP            0
#endif

#define BLOCK_MIN        ((size_t)64 << 10)
#define BLOCK_GROWTH_MAX ((size_t)8 << 20)

/* Blocks form a list in order of use; those behind `current` are kept from before a rewind. */
typedef struct Block {
    struct Block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char bytes[]; /* greater alignment comes from padding */
} Block;

/* A piece of LARGE bytes or more stands alone, so that it can grow without leaving its old self behind: an array
 * that doubled its way to 100 MB within blocks would hold 200. */
typedef struct Large {
    struct Large *next, *prev; /* older, newer */
    uint64_t number;           /* counts up */
    _Alignas(max_align_t) unsigned char bytes[];
} Large;

#define LARGE ((size_t)8 << 10)

struct Arena {
    Block *first, *current;
    void *last; /* the newest piece, which can grow in place */
    Large *large;
    uint64_t n_large;
};

static void die(size_t wanted)
{
    fprintf(stderr, "sm-lint: out of memory (wanted %zu more bytes)\n", wanted);
    exit(2);
}

/* The two process-wide words of the library: the hook is set by whoever owns the process, before threads
 * start; the countdown is for tests alone. */
static MemHook hook = die;
static uint64_t fail_after;

MemHook sml_mem_hook(MemHook new_hook)
{
    MemHook old = hook;
    hook = new_hook ? new_hook : die;
    return old;
}

void sml_mem_fail_after(uint64_t n)
{
    fail_after = n;
}

static _Noreturn void out_of_memory(size_t wanted)
{
    hook(wanted);
    abort();
}

void sml_mem_too_much(void)
{
    out_of_memory(SIZE_MAX);
}

void *sml_mem_resize(void *old, size_t size)
{
    if (fail_after && --fail_after == 0)
        out_of_memory(size);
    void *p = realloc(old, size ? size : 1);
    if (!p)
        out_of_memory(size);
    return p;
}

void *sml_mem_zeroed(size_t n, size_t size)
{
    size_t bytes = sml_mem_times(n, size);
    if (fail_after && --fail_after == 0)
        out_of_memory(bytes);
    void *p = calloc(bytes ? bytes : 1, 1);
    if (!p)
        out_of_memory(bytes);
    return p;
}

void sml_mem_free(void *p)
{
    free(p);
}

Arena *sml_arena_new(void)
{
    Arena *a = sml_mem_resize(NULL, sizeof *a);
    *a = (Arena){0};
    return a;
}

/* Where the neighbours of `l` look for it: at `now`, which may be NULL. */
static void link_large(Arena *a, const Large *l, Large *now)
{
    Large *newer = now ? now : l->next, *older = now ? now : l->prev;
    if (l->prev)
        l->prev->next = newer;
    else
        a->large = newer;
    if (l->next)
        l->next->prev = older;
}

static void drop_large(Arena *a, Large *l)
{
    link_large(a, l, NULL);
    sml_mem_free(l);
}

/* Those that came after the first `kept`. */
static void free_large(Arena *a, uint64_t kept)
{
    while (a->large && a->large->number > kept)
        drop_large(a, a->large);
    a->n_large = kept;
}

void sml_arena_free(Arena *a)
{
    if (!a)
        return;
    for (Block *b = a->first, *next; b; b = next) {
        next = b->next;
        UNPOISON(b->bytes, b->size);
        sml_mem_free(b);
    }
    free_large(a, 0);
    sml_mem_free(a);
}

static Block *new_block(const Arena *a, size_t least)
{
    size_t size = a->current ? a->current->size * 2 : BLOCK_MIN;
    if (size > BLOCK_GROWTH_MAX)
        size = BLOCK_GROWTH_MAX;
    if (size < least)
        size = least;
    Block *b = sml_mem_resize(NULL, sizeof *b + size);
    b->next = NULL;
    b->size = size;
    b->used = 0;
    POISON(b->bytes, size);
    return b;
}

static Block *block_with_room(Arena *a, size_t need)
{
    Block *b = a->current ? a->current->next : a->first;
    if (b && b->size >= need) {
        b->used = 0;
        return a->current = b;
    }
    Block *fresh = new_block(a, need);
    fresh->next = b;
    if (a->current)
        a->current->next = fresh;
    else
        a->first = fresh;
    return a->current = fresh;
}

static size_t padding(const Block *b, size_t align)
{
    uintptr_t at = (uintptr_t)(b->bytes + b->used);
    return (size_t)(-at & (align - 1));
}

/* `size` bytes, not zeroed. */
static inline void *take(Arena *a, size_t size, size_t align)
{
    if (size > SIZE_MAX / 4)
        out_of_memory(size);
    size_t need = size + GAP;
    Block *b = a->current;
    size_t pad = b ? padding(b, align) : 0;
    if (!b || pad + need > b->size - b->used) {
        b = block_with_room(a, need + align);
        pad = padding(b, align);
    }
    unsigned char *p = b->bytes + b->used + pad;
    b->used += pad + need;
    UNPOISON(p, size);
    return a->last = p;
}

static void *take_large(Arena *a, size_t size)
{
    Large *l = sml_mem_zeroed(1, sizeof *l + size);
    l->next = a->large;
    if (l->next)
        l->next->prev = l;
    l->number = ++a->n_large;
    a->large = l;
    return l->bytes;
}

static Large *large_of(void *piece)
{
    return (Large *)(void *)((unsigned char *)piece - offsetof(Large, bytes));
}

static void *resize_large(Arena *a, void *piece, size_t new_size)
{
    Large *l = sml_mem_resize(large_of(piece), sizeof *l + new_size);
    link_large(a, l, l);
    return l->bytes;
}

static bool stands_alone(size_t size, size_t align)
{
    return size >= LARGE && size <= SIZE_MAX / 4 && align <= _Alignof(max_align_t);
}

void *sml_arena_alloc(Arena *a, size_t size, size_t align)
{
    if (stands_alone(size, align))
        return take_large(a, size);
    void *p = take(a, size, align);
    memset(p, 0, size);
    return p;
}

static bool grow_in_place(Arena *a, void *old, size_t new_size)
{
    if (new_size > SIZE_MAX / 4)
        return false;
    Block *b = a->current;
    if (!old || old != a->last)
        return false;
    size_t start = (size_t)((unsigned char *)old - b->bytes);
    if (new_size + GAP > b->size - start)
        return false;
    b->used = start + new_size + GAP;
    UNPOISON(old, new_size);
    return true;
}

/* Room in its block, if the newest piece in it has left for elsewhere. */
static void give_back_last(Arena *a, const void *old)
{
    Block *b = a->current;
    if (!old || old != a->last)
        return;
    b->used = (size_t)((const unsigned char *)old - b->bytes);
    POISON(b->bytes + b->used, b->size - b->used);
    a->last = NULL;
}

void *sml_arena_grow(Arena *a, void *old, size_t old_size, size_t new_size, size_t align)
{
    if (new_size <= old_size)
        return old;
    if (stands_alone(new_size, align)) {
        if (stands_alone(old_size, align))
            return resize_large(a, old, new_size);
        void *grown = take_large(a, new_size);
        if (old_size)
            memcpy(grown, old, old_size);
        give_back_last(a, old);
        return grown;
    }
    if (grow_in_place(a, old, new_size))
        return old;
    unsigned char *p = take(a, new_size, align);
    if (old_size)
        memcpy(p, old, old_size);
    return p;
}

void *sml_arena_fit(Arena *a, void *old, size_t old_size, size_t new_size)
{
    if (!stands_alone(old_size, 1) || new_size >= old_size)
        return old;
    /* A piece is known for large by its size. */
    if (new_size > 0)
        return resize_large(a, old, new_size > LARGE ? new_size : LARGE);
    drop_large(a, large_of(old));
    return NULL;
}

ArenaMark sml_arena_mark(const Arena *a)
{
    return (ArenaMark){a->current, a->current ? a->current->used : 0, a->n_large};
}

void sml_arena_rewind(Arena *a, ArenaMark m)
{
    free_large(a, m.large);
    for (Block *b = m.block ? ((Block *)m.block)->next : a->first; b; b = b->next) {
        b->used = 0;
        POISON(b->bytes, b->size);
        if (b == a->current)
            break;
    }
    a->current = m.block;
    a->last = NULL;
    if (!m.block)
        return;
    a->current->used = m.used;
    POISON(a->current->bytes + m.used, a->current->size - m.used);
}

void sml_arena_reset(Arena *a)
{
    sml_arena_rewind(a, (ArenaMark){NULL, 0, 0});
}

Str sml_arena_copy(Arena *a, Str s)
{
    size_t size = s.len + 1;
    char *p = stands_alone(size, 1) ? take_large(a, size) : take(a, size, 1);
    if (s.len)
        memcpy(p, s.p, s.len);
    p[s.len] = '\0';
    return (Str){p, s.len};
}

Str sml_arena_printf(Arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t len = n > 0 ? (size_t)n : 0;
    char *p = sml_arena_alloc(a, len + 1, 1);
    vsnprintf(p, len + 1, format, again);
    va_end(again);
    return (Str){p, len};
}
