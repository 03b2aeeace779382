/* SPDX-License-Identifier: MIT */
/*
 * An approval sets aside exactly the occurrences whose folded words are its own, however they are written and whatever else
 * the post holds; a baseline exactly those that were there when it was written. Over random posts.
 */
#include "base/vec.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define POSTS 3000

typedef struct Fixture {
    sml_rulebook *rules;
    Arena *arena;
    uint64_t random;
} Fixture;

static int set_up(void **state)
{
    sml_error err;
    Fixture *f = sml_mem_resize(NULL, sizeof *f);
    *f = (Fixture){.arena = sml_arena_new(), .random = 88172645463325252u};
    f->rules = sml_rulebook_load("tests/unit/approve.yaml", NULL, NULL, &err);
    *state = f;
    return f->rules ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    sml_rulebook_free(f->rules);
    sml_arena_free(f->arena);
    sml_mem_free(f);
    return 0;
}

static uint32_t below(Fixture *f, uint32_t n)
{
    f->random ^= f->random << 13, f->random ^= f->random >> 7, f->random ^= f->random << 17;
    return (uint32_t)(f->random >> 33) % n;
}

/* Spellings of the same words stand in one row. */
static const struct Spelling {
    const char *rule, *folded, *written[4];
} spellings[] = {
    {"vote/once", "vote red", {"vote red", "VOTE RED", "Vote\u00A0red", "vo\u200Bte red"}},
    {"vote/once", "vote blue", {"vote blue", "Vote Blue", "vote\u2003blue", "Vote  BLUE"}},
    {"vote/once", "red", {"red", "RED", "Red", "r\u200Bed"}},
    {"shout/each", "now", {"now", "NOW", "Now", "n\u200Bow"}},
    {"shout/each", "soon", {"soon", "SOON", "Soon", "so\u200Bon"}},
    {NULL, "", {"and", "the", "\xF0\x9F\x8E\x89", "then"}},
};

#define N_SPELLINGS (sizeof spellings / sizeof spellings[0])

typedef struct Plan {
    Str text;
    uint32_t counts[N_SPELLINGS]; /* occurrences of each row */
} Plan;

static Plan plan_post(Fixture *f)
{
    Plan p = {.text = {0}};
    for (uint32_t n = below(f, 12); n-- > 0;) {
        uint32_t row = below(f, N_SPELLINGS);
        p.counts[row]++;
        p.text = sml_arena_printf(f->arena, "%.*s%s, ", STR_ARG(p.text),
                                  spellings[row].written[below(f, 4)]);
    }
    return p;
}

static sml_result check(sml_linter *linter, Str text)
{
    sml_result r;
    sml_error err;
    sml_input in = {.path = STR("d.txt"), .text = text, .context = {.date = STR("2026-11-20")}};
    assert_true(sml_linter_check(&r, linter, &in, &err));
    return r;
}

/* Shown occurrences of a rule. */
static uint32_t shown(const sml_result *r, const char *rule)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_findings; i++)
        if (sml_str_eq(r->findings[i].rule, sml_str_from(rule)))
            n += r->findings[i].count;
    return n;
}

static uint32_t planned(const Plan *p, const char *rule)
{
    uint32_t n = 0;
    for (size_t i = 0; i < N_SPELLINGS; i++)
        if (spellings[i].rule && strcmp(spellings[i].rule, rule) == 0)
            n += p->counts[i];
    return n;
}

static void test_exactly_those_words(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < POSTS; i++) {
        sml_arena_reset(f->arena);
        Plan p = plan_post(f);
        uint32_t row = below(f, N_SPELLINGS - 1);
        Str word = sml_str_from(spellings[row].written[below(f, 4)]);
        sml_allow allow = {.rule = sml_str_from(spellings[row].rule),
                           .match = &word,
                           .n_match = 1,
                           .reason = STR("tried"),
                           .organisation = below(f, 2)};
        const sml_options options = {.size = sizeof options, .allows = &allow, .n_allows = 1};
        sml_linter *linter = sml_linter_new(&f->rules, 1, &options, NULL);
        sml_result r = check(linter, p.text);
        const char *other = row < 3 ? "shout/each" : "vote/once";
        assert_int_equal(shown(&r, spellings[row].rule),
                         planned(&p, spellings[row].rule) - p.counts[row]);
        assert_int_equal(shown(&r, other), planned(&p, other));
        uint32_t allowed = 0;
        for (uint32_t k = 0; k < r.n_allowed; k++) {
            allowed += r.allowed[k].finding.count;
            assert_ptr_equal(r.allowed[k].allow, &allow);
        }
        assert_int_equal(allowed, p.counts[row]);
        for (uint32_t k = 0; k < r.n_findings; k++)
            assert_true(r.findings[k].post.end <= p.text.len);
        sml_linter_free(linter);
    }
}

static void test_an_approval_of_other_words_changes_nothing(void **state)
{
    Fixture *f = *state;
    static const Str word = {"vote green", 10};
    const sml_allow allow = {
        .rule = STR("vote/once"), .match = &word, .n_match = 1, .reason = STR("tried")};
    const sml_options options = {.size = sizeof options, .allows = &allow, .n_allows = 1};
    sml_linter *with = sml_linter_new(&f->rules, 1, &options, NULL);
    sml_linter *without = sml_linter_new(&f->rules, 1, NULL, NULL);
    for (int i = 0; i < POSTS; i++) {
        sml_arena_reset(f->arena);
        Plan p = plan_post(f);
        sml_result a = check(with, p.text), b = check(without, p.text);
        assert_int_equal(a.n_findings, b.n_findings);
        for (uint32_t k = 0; k < a.n_findings; k++) {
            assert_int_equal(a.findings[k].post.start, b.findings[k].post.start);
            assert_int_equal(a.findings[k].count, b.findings[k].count);
        }
    }
    sml_linter_free(with);
    sml_linter_free(without);
}

/* ---- baselines ------------------------------------------------------------------------------- */

static int by_print(const void *a, const void *b)
{
    const sml_known *x = a, *y = b;
    return (x->print > y->print) - (x->print < y->print);
}

/* As a baseline of this text would list them. */
static uint32_t known_of(sml_known *out, uint32_t most, sml_linter *linter, Str text)
{
    sml_result r = check(linter, text);
    assert_true(r.n_seen <= most);
    for (uint32_t i = 0; i < r.n_seen; i++)
        out[i] = r.seen[i].known;
    qsort(out, r.n_seen, sizeof *out, by_print);
    return r.n_seen;
}

static void test_a_baseline_hides_what_was_there(void **state)
{
    Fixture *f = *state;
    const sml_options prints = {.size = sizeof prints, .prints = true};
    sml_linter *writer = sml_linter_new(&f->rules, 1, &prints, NULL);
    for (int i = 0; i < POSTS / 10; i++) {
        sml_known known[32];
        sml_arena_reset(f->arena);
        Plan p = plan_post(f);
        uint32_t n = known_of(known, 32, writer, p.text);
        const sml_options options = {.size = sizeof options, .known = known, .n_known = n};
        sml_linter *linter = sml_linter_new(&f->rules, 1, &options, NULL);
        sml_result r = check(linter, p.text);
        assert_int_equal(r.n_findings, 0);
        assert_int_equal(r.known, n);
        /* Something new, far from the rest, is shown. */
        Str more = sml_arena_printf(f->arena,
                                    "%.*s and then a very long way on from here, behind "
                                    "the hills: vote red",
                                    STR_ARG(p.text));
        r = check(linter, more);
        assert_true(shown(&r, "vote/once") >= 1);
        /* What has become graver is new. */
        for (uint32_t k = 0; k < n; k++)
            known[k].grade = SML_CLEAN;
        r = check(linter, p.text);
        assert_int_equal(r.known, 0);
        sml_linter_free(linter);
    }
    sml_linter_free(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exactly_those_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_approval_of_other_words_changes_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_baseline_hides_what_was_there, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
