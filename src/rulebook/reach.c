/* SPDX-License-Identifier: MIT */
/*
 * A row of `grades` is dead if an earlier row holds whenever it does, or if the rule's own `when` rules it out. With
 * conditions as lists of conjuncts, "B holds whenever A does" is seen where every conjunct of B is implied by one of A:
 * `{account: personal, group: free}` implies `{account: [personal, official]}`. What is not seen is not refused.
 */
#include "rulebook/reach.h"

#include "base/str.h"

/* No rulebook by hand comes near these; they keep a hostile one from taking its time squared. */
#define GRADES_LOOKED 64
#define COND_LOOKED   200

static bool has_value(const Cond *c, Str value)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (sml_str_eq(c->values[i], value))
            return true;
    return false;
}

static uint32_t count_shared(const Cond *a, const Cond *b)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->n; i++)
        n += has_value(b, a->values[i]);
    return n;
}

static bool same_fact(const Cond *a, const Cond *b)
{
    return a->op == COND_FACT && b->op == COND_FACT && a->fact == b->fact;
}

static bool same_cond(const Cond *a, const Cond *b)
{
    if (a->op != b->op || a->fact != b->fact || a->n != b->n || a->from != b->from ||
        a->to != b->to)
        return false;
    if (a->values)
        return count_shared(a, b) == a->n;
    for (uint32_t i = 0; a->children && i < a->n; i++)
        if (!same_cond(&a->children[i], &b->children[i]))
            return false;
    return true;
}

/* Whether `b` holds wherever `a` does. */
static bool implies(const Cond *a, const Cond *b)
{
    if (same_cond(a, b) || (same_fact(a, b) && count_shared(a, b) == a->n))
        return true;
    bool all = b->op == COND_AND, any = b->op == COND_OR;
    for (uint32_t i = 0; (all || any) && i < b->n; i++)
        if (implies(a, &b->children[i]) != all)
            return any;
    if (all && b->n)
        return true;
    for (uint32_t i = 0; a->op == COND_AND && i < a->n; i++)
        if (implies(&a->children[i], b))
            return true;
    return false;
}

/* Whether both can never hold together: a fact that is to have two different values. Paths are globs and may. */
static bool excludes(const Cond *a, const Cond *b)
{
    if (same_fact(a, b) && a->fact != FACT_PATH)
        return count_shared(a, b) == 0;
    for (uint32_t i = 0; a->op == COND_AND && i < a->n; i++)
        if (excludes(&a->children[i], b))
            return true;
    for (uint32_t i = 0; b->op == COND_AND && i < b->n; i++)
        if (excludes(a, &b->children[i]))
            return true;
    return false;
}

/* Conditions and values in a condition, counted as far as COND_LOOKED. */
static uint32_t cond_size(const Cond *c)
{
    uint32_t n = 1 + (c->children ? 0 : c->n);
    for (uint32_t i = 0; c->children && i < c->n && n <= COND_LOOKED; i++)
        n += cond_size(&c->children[i]);
    return n;
}

static bool is_small(const Cond *c)
{
    return cond_size(c) <= COND_LOOKED;
}

const char *sml_reach_dead(const Rule *rule, uint32_t row)
{
    const Cond *when = rule->grades[row].when;
    if (row >= GRADES_LOOKED || !is_small(when))
        return NULL;
    if (rule->when && is_small(rule->when) && excludes(rule->when, when))
        return "the rule's own \"when\" rules it out";
    for (uint32_t i = 0; i < row; i++)
        if (is_small(rule->grades[i].when) && implies(when, rule->grades[i].when))
            return "an earlier row holds whenever it does";
    return NULL;
}
