/* SPDX-License-Identifier: MIT */
/*
 * Puts an image together by hand, for tests and benchmarks: fill `section`, and `strings` through
 * built_str, then call built_image. Everything lives in the arena.
 */
#ifndef SML_TESTS_IMAGE_BUILD_H
#define SML_TESTS_IMAGE_BUILD_H

#include "base/arena.h"
#include "image/image.h"
#include "rulebook/automaton.h"

#include <string.h>

typedef struct BuiltSection {
    const void *v;
    uint32_t n;
} BuiltSection;

typedef struct Built {
    Arena *arena;
    BuiltSection section[SECTION_COUNT];
    char *strings;
    uint32_t n_strings;
} Built;

static inline ImageStr built_str(Built *b, Str s)
{
    b->strings = sml_arena_grow(b->arena, b->strings, b->n_strings, b->n_strings + s.len, 1);
    if (s.len > 0)
        memcpy(b->strings + b->n_strings, s.p, s.len);
    ImageStr at = {b->n_strings, (uint32_t)s.len};
    b->n_strings += (uint32_t)s.len;
    return at;
}

static inline ImageLiteral built_literal(Str text, unsigned flags)
{
    ImageLiteral l = {.len = (uint8_t)text.len, .flags = (uint8_t)flags};
    memcpy(l.text, text.p, text.len);
    return l;
}

#define BUILT(b, name, array)                                                                      \
    ((b)->section[SECTION_##name] =                                                                \
         (BuiltSection){(array), (uint32_t)(sizeof(array) / sizeof *(array))})

/* The automaton over `literals`, whose ids are their index. */
static inline void built_automaton(Built *b, const Automaton *automaton,
                                   const ImageLiteral *literals)
{
    uint32_t *outputs = ARENA_ARRAY(b->arena, uint32_t, automaton->n_outputs);
    for (uint32_t i = 0; i < automaton->n_outputs; i++) {
        const ImageLiteral *l = &literals[automaton->outputs[i]];
        outputs[i] = OUTPUT_PACK(automaton->outputs[i], l->len, l->flags);
    }
    b->section[SECTION_AUTOMATA] = (BuiltSection){&automaton->head, 1};
    b->section[SECTION_OUTPUT_AT] = (BuiltSection){automaton->final, automaton->head.n_final + 1};
    b->section[SECTION_OUTPUTS] = (BuiltSection){outputs, automaton->n_outputs};
    b->section[SECTION_STATES] = (BuiltSection){automaton->states, automaton->head.n_states};
    b->section[SECTION_STEPS] = (BuiltSection){automaton->steps, automaton->n_steps};
    b->section[SECTION_ROWS] = (BuiltSection){automaton->rows, automaton->n_rows};
}

/* Makes header and checksum say what the bytes are. */
static inline void built_seal(char *bytes, size_t size)
{
    ImageHeader header;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
    header.version = IMAGE_VERSION;
    header.endian = IMAGE_ENDIAN;
    header.layout = sml_image_layout();
    header.size = (uint32_t)size;
    header.checksum = sml_str_hash((Str){bytes + sizeof header, size - sizeof header});
    memcpy(bytes, &header, sizeof header);
}

static inline Str built_image(Built *b)
{
#define X(name, type) sizeof(type),
    static const size_t record[] = {IMAGE_SECTIONS(X)};
#undef X
    b->section[SECTION_STRINGS] = (BuiltSection){b->strings, b->n_strings};
    ImageHeader header = {.version = 0};
    size_t size = sizeof header;
    for (int i = 0; i < SECTION_COUNT; i++) {
        size = (size + 7) & ~(size_t)7;
        header.sections[i] = (ImageRange){(uint32_t)size, b->section[i].n};
        size += b->section[i].n * record[i];
    }
    char *bytes = sml_arena_alloc(b->arena, size, 64);
    memcpy(bytes, &header, sizeof header);
    for (int i = 0; i < SECTION_COUNT; i++)
        if (b->section[i].n > 0)
            memcpy(bytes + header.sections[i].first, b->section[i].v, b->section[i].n * record[i]);
    built_seal(bytes, size);
    return (Str){bytes, size};
}

#endif
