/* SPDX-License-Identifier: MIT */
/* Readers of guards: what stops a match. */
#include "rulebook/read.h"

void sml_guard_inside(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Guard *guard = target;
    guard->kind = GUARD_INSIDE;
    sml_value_bits(l, f, n, &guard->inside);
}

void sml_guard_when(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    sml_when_read(l, f, n, &((Guard *)target)->when);
}

/* Its row comes last, so a guard of another kind is known by now. */
void sml_guard_within(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Guard *guard = target;
    uint64_t words;
    if (guard->kind != GUARD_OVERLAP)
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_WITHIN_ALONE);
    else if (sml_str_eq(n->text, STR("sentence")))
        guard->kind = GUARD_SENTENCE;
    else if (sml_str_eq(n->text, STR("post")))
        guard->kind = GUARD_POST;
    else if (sml_str_uint(&words, n->text, f->arg)) {
        guard->kind = GUARD_WORDS;
        guard->words = (uint32_t)words;
    } else
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_WITHIN,
                 STR_ARG(sml_read_short(n->text)), f->arg);
}

/* A condition on its own is a guard of its own kind. */
static bool has_condition_alone(const YamlNode *n)
{
    bool alone = n->kind == YAML_MAP && n->n > 0;
    for (uint32_t i = 0; alone && i < n->n; i++)
        alone = sml_str_eq(n->keys[i]->text, STR("when")) ||
                sml_str_eq(n->keys[i]->text, STR("within"));
    return alone;
}

void sml_guard_read(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    Guard *guards = ARENA_ARRAY(l->arena, Guard, sml_read_count(n));
    rule->n_guards = sml_read_count(n);
    for (uint32_t i = 0; i < rule->n_guards; i++) {
        const YamlNode *item = sml_read_at(n, i);
        guards[i] = (Guard){.kind = has_condition_alone(item) ? GUARD_WHEN : GUARD_OVERLAP,
                            .want.min = 1,
                            .pos = sml_read_pos(l, item)};
        sml_read_map(l, MAP_GUARD, f, item, &guards[i]);
    }
    rule->guards = guards;
}
