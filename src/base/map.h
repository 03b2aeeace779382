/* SPDX-License-Identifier: MIT */
/* Str → uint32_t. Keys are borrowed. Entries are never removed. Zero-initialised is empty and ready. */
#ifndef SML_BASE_MAP_H
#define SML_BASE_MAP_H

#include "base/arena.h"

typedef struct Map {
    struct MapSlot *slots;
    uint32_t n, cap;
} Map;

/* True and `*value` filled (where not NULL) if the key is there. */
bool sml_map_get(const Map *m, Str key, uint32_t *value);

/* Adds the key with `value` and returns true; false, and nothing changed, if the key is there already. */
bool sml_map_add(Map *m, Str key, uint32_t value, Arena *a);

#endif
