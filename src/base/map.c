/* SPDX-License-Identifier: MIT */
#include "base/map.h"

struct MapSlot {
    Str key; /* p NULL: free */
    uint64_t hash;
    uint32_t value;
};

static struct MapSlot *slot_for(const Map *m, Str key, uint64_t hash)
{
    for (uint32_t i = (uint32_t)hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        struct MapSlot *s = &m->slots[i];
        if (!s->key.p || (s->hash == hash && sml_str_eq(s->key, key)))
            return s;
    }
}

bool sml_map_get(const Map *m, Str key, uint32_t *value)
{
    if (m->n == 0)
        return false;
    const struct MapSlot *s = slot_for(m, key, sml_str_hash(key));
    if (!s->key.p)
        return false;
    if (value)
        *value = s->value;
    return true;
}

static void grow(Map *m, Arena *a)
{
    Map bigger = {.cap = m->cap ? m->cap * 2 : 16, .n = m->n};
    bigger.slots = ARENA_ARRAY(a, struct MapSlot, bigger.cap);
    for (uint32_t i = 0; i < m->cap; i++)
        if (m->slots[i].key.p)
            *slot_for(&bigger, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    *m = bigger;
}

bool sml_map_add(Map *m, Str key, uint32_t value, Arena *a)
{
    if (m->n >= m->cap / 4 * 3)
        grow(m, a);
    if (!key.p)
        key.p = "";
    uint64_t hash = sml_str_hash(key);
    struct MapSlot *s = slot_for(m, key, hash);
    if (s->key.p)
        return false;
    *s = (struct MapSlot){key, hash, value};
    m->n++;
    return true;
}
