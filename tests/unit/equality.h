/* SPDX-License-Identifier: MIT */
/* A rulebook's findings by every road, compared: as usual, with every pattern tried everywhere, and without JIT but traced. */
#ifndef TESTS_EQUALITY_H
#define TESTS_EQUALITY_H

#include <smlint.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct Dice {
    uint64_t state; /* not 0 */
} Dice;

static uint32_t below(Dice *d, uint32_t n)
{
    d->state ^= d->state << 13, d->state ^= d->state >> 7, d->state ^= d->state << 17;
    return (uint32_t)(d->state >> 33) % n;
}

typedef struct Roads {
    sml_linter *usual, *brute, *plain;
} Roads;

static void roads_close(Roads *r)
{
    sml_linter_free(r->usual);
    sml_linter_free(r->brute);
    sml_linter_free(r->plain);
}

/* False if there is no linter for these rules. They must outlive it. */
static bool roads_open(Roads *r, sml_rulebook *rules)
{
    sml_error err;
    sml_options brute = SML_OPTIONS_INIT, plain = SML_OPTIONS_INIT;
    brute.no_prefilter = true;
    plain.no_jit = true;
    plain.trace = true;
    r->usual = sml_linter_new(&rules, 1, NULL, &err);
    r->brute = sml_linter_new(&rules, 1, &brute, &err);
    r->plain = sml_linter_new(&rules, 1, &plain, &err);
    if (r->usual && r->brute && r->plain)
        return true;
    roads_close(r);
    return false;
}

static bool same_text(sml_str a, sml_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static bool same_findings(const sml_result *a, const sml_result *b)
{
    if (!a->problem != !b->problem || a->n_findings != b->n_findings ||
        a->n_unchecked != b->n_unchecked)
        return false;
    for (uint32_t i = 0; i < a->n_findings; i++) {
        const sml_finding *x = &a->findings[i], *y = &b->findings[i];
        if (!same_text(x->rule, y->rule) || x->post.start != y->post.start ||
            x->post.end != y->post.end || x->grade != y->grade || x->count != y->count ||
            !same_text(x->message, y->message))
            return false;
    }
    return true;
}

/* Every finding is in the trace, and nothing else claims to be one. */
static bool traced(const sml_result *r)
{
    uint32_t met = 0, claimed = 0;
    for (uint32_t i = 0; i < r->n_traces; i++) {
        const sml_trace *t = &r->traces[i];
        claimed += t->grade != SML_CLEAN;
        if ((t->grade == SML_CLEAN) == (t->because.len == 0))
            return false;
        for (uint32_t k = 0; k < r->n_findings; k++)
            met += t->grade && r->findings[k].rule.p == t->rule.p;
    }
    return met == r->n_findings && claimed <= met;
}

static void show_findings(const char *road, const sml_result *r)
{
    fprintf(stderr, "  %s: %u findings, %u unchecked%s\n", road, r->n_findings, r->n_unchecked,
            r->problem ? ", not read" : "");
    for (uint32_t i = 0; i < r->n_findings; i++)
        fprintf(stderr, "    %.*s %u-%u x%u\n", (int)r->findings[i].rule.len, r->findings[i].rule.p,
                r->findings[i].post.start, r->findings[i].post.end, r->findings[i].count);
}

/* What is not the same of this post, or NULL. */
static const char *post_differs(const sml_result *usual, const sml_result *plain,
                                const sml_result *brute)
{
    /* A regex may run out of steps on its own where a literal that is not there proves that it cannot match, or in a trace,
     * which wants to know of every part of a rule. */
    if (plain->n_unchecked <= usual->n_unchecked && !same_findings(usual, plain))
        return "with and without JIT differ";
    if (!usual->problem && (usual->n_traces || !traced(plain)))
        return "the trace is not of the findings";
    if (brute && brute->n_unchecked <= usual->n_unchecked && !same_findings(usual, brute))
        return "with and without the automaton differ";
    return NULL;
}

/* What is not the same of these posts, or NULL. With `brute`, every pattern is tried everywhere too, which is slow; with
 * `aloud`, the findings of the post that differs are printed. */
static const char *roads_differ(Roads *r, sml_str text, sml_input_kind kind, bool brute, bool aloud)
{
    static const char *const accounts[] = {"", "official", "personal"};
    const char *account = accounts[text.len % 3];
    sml_input in = {
        .text = text,
        .kind = kind,
        .context = {.account = {account, strlen(account)}, .date = SML_STR("2026-11-20")}};
    sml_result usual, plain, wide;
    sml_linter_open(r->usual, &in);
    sml_linter_open(r->plain, &in);
    if (brute)
        sml_linter_open(r->brute, &in);
    const char *what = NULL;
    while (!what && sml_linter_next(&usual, r->usual)) {
        if (!sml_linter_next(&plain, r->plain) || (brute && !sml_linter_next(&wide, r->brute)))
            return "the number of posts differs";
        what = post_differs(&usual, &plain, brute ? &wide : NULL);
    }
    if (what && aloud) {
        show_findings("usual", &usual);
        show_findings("no JIT", &plain);
        if (brute)
            show_findings("no automaton", &wide);
    }
    return what;
}

#endif
