/* SPDX-License-Identifier: MIT */
/*
 * The built-in rules and the facts that they hang on. What a missing fact makes of a grade must hold whatever the fact
 * turns out to be; a rule with a condition speaks where it holds, is silent where it does not, and says what it missed
 * where that is not known; words passed on are the writer's own, and a disclaimer excuses nothing.
 */
#include "match/condition.h"
#include "smlint_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CHOICES = 5, MOST_AXES = 10, MOST_CODES = 40000, PARTIALS = 40 };

/* A fact, and values that between them meet and miss what rules ask for. */
typedef struct Axis {
    size_t field; /* in sml_context */
    uint32_t fact;
    const char *choice[CHOICES]; /* up to a NULL */
} Axis;

static const Axis axes[] = {
    {offsetof(sml_context, account), FACT_ACCOUNT, {"official", "personal", "ministerial"}},
    {offsetof(sml_context, handle), FACT_HANDLE, {"@one", "@two"}},
    {offsetof(sml_context, channel),
     FACT_CHANNEL,
     {"x", "linkedin", "mastodon", "instagram", "another"}},
    {offsetof(sml_context, kind), FACT_KIND, {"post", "reply", "repost", "quote", "bio"}},
    {offsetof(sml_context, nation),
     FACT_NATION,
     {"england", "scotland", "wales", "northern-ireland"}},
    {offsetof(sml_context, group), FACT_GROUP, {"free", "intermediate", "restricted"}},
    {offsetof(sml_context, language), FACT_LANGUAGE, {"en", "cy"}},
    {offsetof(sml_context, department), FACT_DEPARTMENT, {"hmrc", "example"}},
    {offsetof(sml_context, names_employer), FACT_EMPLOYER, {"expected", "forbidden", "free"}},
    /* none open; general; local and devolved; devolved alone */
    {offsetof(sml_context, date),
     FACT_DATE,
     {"2026-11-20", "2024-06-10", "2026-05-01", "2026-04-01"}},
};
enum { AXES = sizeof axes / sizeof axes[0] };

static uint32_t rnd(uint32_t below)
{
    static uint64_t seed = 7;
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static sml_str *field(sml_context *c, const Axis *a)
{
    return (sml_str *)(void *)((char *)c + a->field);
}

static uint32_t choices(const Axis *a)
{
    uint32_t n = 0;
    while (n < CHOICES && a->choice[n])
        n++;
    return n;
}

/* ---- the facts of a rule --------------------------------------------------------------------- */

typedef struct Rule {
    const Image *image;
    const ImageRule *rule;
    const Axis *used[MOST_AXES];
    uint32_t n;
} Rule;

static unsigned facts_of(const Image *im, uint32_t cond)
{
    if (cond == IMAGE_NONE)
        return 0;
    const ImageCond *c = IMAGE_AT(im, CONDS, cond);
    unsigned facts = 0;
    switch ((ImageCondOp)c->op) {
    case COND_AND:
    case COND_OR:
    case COND_NOT:
        for (uint32_t i = 0; i < c->n; i++)
            facts |= facts_of(im, c->first + i);
        return facts;
    case COND_FACT:
        return 1u << c->fact;
    default:
        return 1u << FACT_DATE;
    }
}

enum { WITH_ROWS = 1, WITH_GUARDS = 2 };

static Rule take(const Image *im, uint32_t i, unsigned with)
{
    Rule r = {.image = im, .rule = IMAGE_AT(im, RULES, i)};
    unsigned facts = facts_of(im, r.rule->when);
    for (uint32_t g = 0; with & WITH_ROWS && g < r.rule->grades.n; g++)
        facts |= facts_of(im, IMAGE_AT(im, GRADES, r.rule->grades.first + g)->cond);
    for (uint32_t g = 0; with & WITH_GUARDS && g < r.rule->guards.n; g++) {
        const ImageGuard *guard = IMAGE_AT(im, GUARDS, r.rule->guards.first + g);
        if (guard->kind == GUARD_WHEN)
            facts |= facts_of(im, guard->cond);
    }
    for (uint32_t a = 0; a < AXES; a++)
        if (facts & 1u << axes[a].fact)
            r.used[r.n++] = &axes[a];
    return r;
}

/* Digit i of `code`, to base CHOICES + 1, picks the value of the i-th fact in use; 0 leaves it out. */
static bool fill(sml_context *c, const Rule *r, uint32_t code)
{
    for (uint32_t i = 0; i < r->n; i++, code /= CHOICES + 1) {
        uint32_t digit = code % (CHOICES + 1);
        if (digit > choices(r->used[i]))
            return false;
        *field(c, r->used[i]) =
            digit ? sml_str_from(r->used[i]->choice[digit - 1]) : (Str){NULL, 0};
    }
    return true;
}

static uint32_t codes(const Rule *r)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < r->n; i++)
        n *= CHOICES + 1;
    return n;
}

static bool agrees(const Rule *r, uint32_t whole, uint32_t part)
{
    for (uint32_t i = 0; i < r->n; i++, whole /= CHOICES + 1, part /= CHOICES + 1) {
        uint32_t known = part % (CHOICES + 1);
        if (whole % (CHOICES + 1) == 0)
            return false;
        if (known == 0 && r->used[i]->fact == FACT_GROUP)
            known = 3; /* no group is the restricted one */
        if (known && whole % (CHOICES + 1) != known)
            return false;
    }
    return true;
}

/* ---- adding a fact --------------------------------------------------------------------------- */

typedef struct Answer {
    sml_grade grade, full;
    unsigned missing;
    bool valid;
} Answer;

static Answer answers[MOST_CODES];

static Answer answer(const Rule *r, uint32_t code)
{
    sml_context c = {0};
    Facts facts;
    Answer a = {.valid = fill(&c, r, code)};
    sml_condition_facts(&facts, &c, STR("a.txt"));
    a.grade = sml_condition_grade(r->image, r->rule, &facts, &a.full, &a.missing);
    return a;
}

/* The grades that `part` allows, as bits. */
static unsigned allowed(const Rule *r, uint32_t part, uint32_t n)
{
    unsigned grades = 0;
    for (uint32_t code = 0; code < n; code++)
        if (answers[code].valid && agrees(r, code, part))
            grades |= 1u << answers[code].grade;
    return grades;
}

static unsigned said(sml_grade grade, unsigned grades)
{
    bool silent = grades & 1u << SML_CLEAN;
    return 1u << grade & (silent ? grades | 1u << SML_NOTICE : grades);
}

/* What is not known may turn out mild. */
static bool is_lowest(sml_grade grade, unsigned grades)
{
    uint32_t lowest = SML_NOTICE;
    while (lowest < SML_ERROR && !(grades & 1u << lowest))
        lowest++;
    return grade <= (grades & 1u << SML_CLEAN ? SML_NOTICE : lowest);
}

static void add_each_fact(const Rule *r, uint32_t part, uint32_t n)
{
    unsigned grades = allowed(r, part, n);
    bool skips = r->rule->flags & RULE_UNKNOWN_SKIP;
    if (grades == 0)
        return; /* facts that cannot be known together */
    assert_true(said(answers[part].grade, grades) || skips);
    assert_true(is_lowest(answers[part].grade, grades));
    uint32_t unit = 1;
    for (uint32_t i = 0; i < r->n; i++, unit *= CHOICES + 1) {
        /* no group is a group already */
        if (part / unit % (CHOICES + 1) || r->used[i]->fact == FACT_GROUP)
            continue;
        for (uint32_t digit = 1; digit <= choices(r->used[i]); digit++) {
            const Answer *more = &answers[part + digit * unit];
            if (!said(more->grade, grades) && !skips)
                print_error("%.*s: %s\n", STR_ARG(sml_image_str(r->image, r->rule->id)),
                            r->used[i]->choice[digit - 1]);
            assert_true(said(more->grade, grades) || skips);
            assert_true(more->full <= answers[part].full || skips);
            if (!(answers[part].missing & 1u << r->used[i]->fact))
                assert_int_equal(more->grade, answers[part].grade);
        }
    }
}

static void test_a_fact_more(void **state)
{
    sml_rulebook *book = *state;
    const Image *im = sml_internal_image(book);
    uint32_t rules = 0;
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
        Rule r = take(im, i, WITH_ROWS);
        uint32_t n = codes(&r);
        if (r.n == 0)
            continue;
        assert_true(n <= MOST_CODES);
        rules++;
        for (uint32_t code = 0; code < n; code++)
            answers[code] = answer(&r, code);
        for (uint32_t k = 0; k < PARTIALS; k++) {
            uint32_t part = k ? rnd(n) : 0;
            if (answers[part].valid)
                add_each_fact(&r, part, n);
        }
    }
    assert_true(rules > 20);
}

typedef struct Try {
    sml_linter *linter;
    const Rule *rule;
    const ImageExample *example;
    sml_pair meta[16];
    sml_context base;
} Try;

static const ImageExample *first_hit(const Rule *r)
{
    for (uint32_t i = 0; i < r->rule->examples.n; i++) {
        const ImageExample *e = IMAGE_AT(r->image, EXAMPLES, r->rule->examples.first + i);
        if ((e->flags & EXAMPLE_HIT) && !(e->flags & EXAMPLE_TODO))
            return e;
    }
    return NULL;
}

static void take_facts(Try *t)
{
    const Image *im = t->rule->image;
    static const char *const names[AXES] = {"account",        "handle", "channel",  "kind",
                                            "nation",         "group",  "language", "department",
                                            "names-employer", "date"};
    t->base.date = sml_image_str(im, t->example->at);
    t->base.meta = t->meta;
    for (uint32_t i = 0; i < t->example->meta.n && i < 16; i++) {
        const ImagePair *p = IMAGE_AT(im, PAIRS, t->example->meta.first + i);
        Str key = sml_image_str(im, p->key), value = sml_image_str(im, p->value);
        t->meta[t->base.n_meta++] = (sml_pair){key, value};
        for (uint32_t a = 0; a < AXES; a++)
            if (sml_str_eq(key, sml_str_from(names[a])))
                *field(&t->base, &axes[a]) = value;
        if (sml_str_eq(key, STR("bio")))
            t->base.bio = value;
    }
}

static Truth truth(const Rule *r, const sml_context *c)
{
    Facts facts;
    unsigned missing = 0;
    sml_condition_facts(&facts, c, STR("a.txt"));
    return sml_condition_eval(r->image, r->rule->when, &facts, &missing);
}

/* A context that makes the rule's condition `want`: the example's own with as few facts changed as the search finds. */
static bool find(sml_context *out, const Try *t, Truth want)
{
    *out = t->base;
    if (truth(t->rule, out) == want)
        return true;
    for (uint32_t code = 0; code < codes(t->rule); code++) {
        *out = t->base;
        if (fill(out, t->rule, code) && truth(t->rule, out) == want)
            return true;
    }
    return false;
}

/* The finding of the rule in hand, its grade SML_CLEAN for none. */
static sml_finding run(const Try *t, const sml_context *c)
{
    sml_result r;
    sml_error err;
    const Image *im = t->rule->image;
    sml_input in = {
        .path = SML_STR("a.txt"), .text = sml_image_str(im, t->example->text), .context = *c};
    assert_true(sml_linter_check(&r, t->linter, &in, &err));
    for (uint32_t i = 0; i < r.n_findings; i++)
        if (sml_str_eq(r.findings[i].rule, sml_image_str(im, t->rule->rule->id)))
            return r.findings[i];
    return (sml_finding){.grade = SML_CLEAN};
}

static bool open_try(Try *t, sml_rulebook *book, const Rule *r)
{
    sml_options o = SML_OPTIONS_INIT;
    sml_str id = sml_image_str(r->image, r->rule->id);
    sml_error err;
    *t = (Try){.rule = r, .example = first_hit(r)};
    if (!t->example || r->rule->status == STATUS_RETIRED)
        return false;
    o.only = &id;
    o.n_only = 1;
    o.trial = true;
    t->linter = sml_linter_new(&book, 1, &o, &err);
    assert_non_null(t->linter);
    take_facts(t);
    return true;
}

static void check_sides(const Try *t)
{
    sml_context c;
    const ImageRule *rule = t->rule->rule;
    Str id = sml_image_str(t->rule->image, rule->id);
    bool yes = find(&c, t, YES) && run(t, &c).grade > SML_CLEAN;
    bool no = find(&c, t, NO) && run(t, &c).grade == SML_CLEAN;
    bool unknown = true;
    if (find(&c, t, UNKNOWN)) {
        sml_finding f = run(t, &c);
        unknown = rule->flags & RULE_UNKNOWN_SKIP ? f.grade == SML_CLEAN
                                                  : f.grade == SML_NOTICE && f.missing.len > 0;
    }
    if (!yes || !no || !unknown)
        print_error("%.*s: yes %d, no %d, unknown %d\n", STR_ARG(id), yes, no, unknown);
    assert_true(yes && no && unknown);
}

static void test_both_sides_and_unknown(void **state)
{
    sml_rulebook *book = *state;
    const Image *im = sml_internal_image(book);
    uint32_t tried = 0, conditional = 0;
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
        Rule r = take(im, i, 0);
        conditional += r.rule->when != IMAGE_NONE && r.rule->status != STATUS_RETIRED;
        Try t;
        if (r.rule->when == IMAGE_NONE || !open_try(&t, book, &r))
            continue;
        check_sides(&t);
        sml_linter_free(t.linter);
        tried++;
    }
    assert_int_equal(tried, conditional);
    assert_true(tried > 80);
}

/* ---- adding a fact, in words ----------------------------------------------------------------- */

/* The facts of its example are the base, but for those that the rule asks for: these are what is tried. */
static Answer answer_in_words(const Try *t, uint32_t code)
{
    sml_context c = t->base;
    Answer a = {.valid = fill(&c, t->rule, code)};
    if (!a.valid)
        return a;
    sml_finding f = run(t, &c);
    a.grade = f.grade;
    a.full = f.full_grade;
    /* A rule that keeps silent does not say what it misses. */
    bool skips = t->rule->rule->flags & RULE_UNKNOWN_SKIP;
    a.missing = f.missing.len || (skips && f.grade == SML_CLEAN) ? ~0u : 0;
    return a;
}

/* As test_a_fact_more, with guards that have a condition, and by what is reported of a text. */
static void test_a_fact_more_in_words(void **state)
{
    sml_rulebook *book = *state;
    const Image *im = sml_internal_image(book);
    uint32_t tried = 0, conditional = 0;
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
        Rule r = take(im, i, WITH_ROWS | WITH_GUARDS);
        Try t;
        uint32_t n = codes(&r);
        conditional += r.n && r.rule->status != STATUS_RETIRED;
        if (r.n == 0 || !open_try(&t, book, &r))
            continue;
        assert_true(n <= MOST_CODES);
        for (uint32_t code = 0; code < n; code++)
            answers[code] = answer_in_words(&t, code);
        for (uint32_t k = 0; k < PARTIALS; k++) {
            uint32_t part = k ? rnd(n) : 0;
            if (answers[part].valid)
                add_each_fact(&r, part, n);
        }
        sml_linter_free(t.linter);
        tried++;
    }
    assert_int_equal(tried, conditional);
}

/* ---- words passed on, and disclaimers -------------------------------------------------------- */

static bool needs_profile(const ImageRule *rule)
{
    return rule->kind == RULE_REQUIRE && rule->over == OVER_PROFILE;
}

static void test_reposts_and_disclaimers_excuse_nothing(void **state)
{
    sml_rulebook *book = *state;
    const Image *im = sml_internal_image(book);
    for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
        Rule r = take(im, i, 0);
        Try t;
        if (!open_try(&t, book, &r))
            continue;
        sml_context post = t.base, repost = t.base, disclaimed = t.base;
        post.kind = SML_STR("post");
        repost.kind = SML_STR("repost");
        disclaimed.bio = SML_STR("Personal account, views my own, RTs are not endorsements");
        /* What a network does with a post of one's own it need not do with one passed on. */
        bool of_words = !sml_str_starts(sml_image_str(im, r.rule->id), STR("channel/"));
        if (of_words && run(&t, &repost).grade < run(&t, &post).grade)
            print_error("%.*s is milder on a repost\n", STR_ARG(sml_image_str(im, r.rule->id)));
        assert_true(!of_words || run(&t, &repost).grade >= run(&t, &post).grade);
        if (!needs_profile(r.rule))
            assert_int_equal(run(&t, &disclaimed).grade, run(&t, &t.base).grade);
        sml_linter_free(t.linter);
    }
}

static int open_book(void **state)
{
    *state = sml_rulebook_builtin(NULL);
    return *state ? 0 : -1;
}

static int close_book(void **state)
{
    sml_rulebook_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fact_more),
        cmocka_unit_test(test_both_sides_and_unknown),
        cmocka_unit_test(test_a_fact_more_in_words),
        cmocka_unit_test(test_reposts_and_disclaimers_excuse_nothing),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
