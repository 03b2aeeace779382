/* SPDX-License-Identifier: MIT */
#include "match/condition.h"

#include "image_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NONE IMAGE_NONE
#define DAY  1440

enum { MAX = 4000 };

/* Conditions and grades as they are made up; `rule` is the one in hand. */
typedef struct Book {
    Built b;
    Image image;
    ImageCond conds[MAX];
    ImageStr values[MAX];
    ImageGrade grades[8];
    ImageWindow windows[3];
    ImageRule rule;
    uint32_t n_conds, n_values, n_grades;
} Book;

static void open_book(Book *k)
{
    *k = (Book){.b = {.arena = sml_arena_new()}, .rule = {.grade = SML_ERROR, .when = NONE}};
    k->windows[0] =
        (ImageWindow){.name = built_str(&k->b, STR("day")), .from = 100 * DAY, .to = 101 * DAY};
    k->windows[1] = (ImageWindow){
        .name = built_str(&k->b, STR("noon")), .from = 100 * DAY + 720, .to = 100 * DAY + 721};
    k->windows[2] = (ImageWindow){.name = built_str(&k->b, STR("day in wales")),
                                  .nation = built_str(&k->b, STR("wales")),
                                  .from = 100 * DAY,
                                  .to = 101 * DAY};
}

static void close_book(Book *k)
{
    sml_arena_free(k->b.arena);
}

static void make_image(Book *k)
{
    k->b.section[SECTION_CONDS] = (BuiltSection){k->conds, k->n_conds};
    k->b.section[SECTION_VALUES] = (BuiltSection){k->values, k->n_values};
    k->b.section[SECTION_GRADES] = (BuiltSection){k->grades, k->n_grades};
    k->b.section[SECTION_WINDOWS] = (BuiltSection){k->windows, 3};
    k->image = sml_image_trust(built_image(&k->b));
}

static uint32_t add_cond(Book *k, ImageCond c)
{
    assert_true(k->n_conds < MAX);
    k->conds[k->n_conds] = c;
    return k->n_conds++;
}

static void add_value(Book *k, const char *text)
{
    assert_true(k->n_values < MAX);
    k->values[k->n_values++] = built_str(&k->b, sml_str_from(text));
}

/* "fact is value" for one value or, parted by '|', several. */
static uint32_t fact_is(Book *k, uint32_t fact, const char *values)
{
    ImageCond c = {.op = COND_FACT, .fact = fact, .first = k->n_values};
    Str part, rest = sml_str_from(values);
    while (sml_str_cut(&part, &rest, '|')) {
        add_value(k, sml_arena_copy(k->b.arena, part).p);
        c.n++;
    }
    return add_cond(k, c);
}

static uint32_t window_is(Book *k, ImageCondOp op, const char *name)
{
    add_value(k, name);
    return add_cond(k, (ImageCond){.op = op, .first = k->n_values - 1, .n = 1});
}

static Truth eval(Book *k, uint32_t cond, const sml_context *context, const char *path,
                  unsigned *missing)
{
    Facts facts;
    make_image(k);
    sml_condition_facts(&facts, context, sml_str_from(path));
    *missing = 0;
    return sml_condition_eval(&k->image, cond, &facts, missing);
}

static void check(Book *k, uint32_t cond, sml_context context, Truth want, unsigned want_missing)
{
    unsigned missing;
    assert_int_equal(eval(k, cond, &context, "posts/a.txt", &missing), want);
    assert_int_equal(missing, want_missing);
}

#define WITH(...) ((sml_context){__VA_ARGS__})
#define BIT(fact) (1u << (fact))

static void test_facts(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    uint32_t account = fact_is(&k, FACT_ACCOUNT, "official|@Cabinet");
    check(&k, account, WITH(0), UNKNOWN, BIT(FACT_ACCOUNT) | BIT(FACT_HANDLE));
    check(&k, account, WITH(.account = STR("Official")), YES, 0);
    check(&k, account, WITH(.account = STR("personal")), UNKNOWN, BIT(FACT_HANDLE));
    check(&k, account, WITH(.account = STR("personal"), .handle = STR("@other")), NO, 0);
    check(&k, account, WITH(.account = STR("personal"), .handle = STR("@cabinet")), YES, 0);
    check(&k, account, WITH(.account = STR("personal"), .handle = STR("CABINET")), YES, 0);
    check(&k, account, WITH(.account = STR("@cabinet")), YES, 0);
    check(&k, account, WITH(.account = STR("@other")), UNKNOWN, BIT(FACT_ACCOUNT));

    uint32_t channel = fact_is(&k, FACT_CHANNEL, "X|threads");
    check(&k, channel, WITH(.channel = STR("Twitter")), YES, 0);
    check(&k, channel, WITH(.channel = STR("x")), YES, 0);
    check(&k, channel, WITH(.channel = STR("Threads")), YES, 0);
    check(&k, channel, WITH(.channel = STR("facebook")), NO, 0);
    check(&k, fact_is(&k, FACT_CHANNEL, "twitter"), WITH(.channel = STR("x")), YES, 0);
    check(&k, fact_is(&k, FACT_NATION, "scotland"), WITH(.nation = STR("SCOTLAND")), YES, 0);
    check(&k, fact_is(&k, FACT_KIND, "reply"), WITH(.kind = STR("post")), NO, 0);

    check(&k, fact_is(&k, FACT_GROUP, "restricted"), WITH(0), YES, 0);
    check(&k, fact_is(&k, FACT_GROUP, "free"), WITH(0), NO, 0);
    check(&k, fact_is(&k, FACT_GROUP, "free"), WITH(.group = STR("free")), YES, 0);

    uint32_t english = fact_is(&k, FACT_LANGUAGE, "en");
    check(&k, english, WITH(.language = STR("en-GB")), YES, 0);
    check(&k, english, WITH(.language = STR("enx")), NO, 0);
    check(&k, english, WITH(0), UNKNOWN, BIT(FACT_LANGUAGE));

    unsigned missing;
    sml_context empty = {0};
    uint32_t path = fact_is(&k, FACT_PATH, "posts/*.txt");
    assert_int_equal(eval(&k, path, &empty, "posts/a.txt", &missing), YES);
    assert_int_equal(eval(&k, path, &empty, "posts/b/a.txt", &missing), NO);
    assert_int_equal(eval(&k, path, &empty, "", &missing), UNKNOWN);
    assert_int_equal(missing, BIT(FACT_PATH));
    assert_int_equal(eval(&k, NONE, &empty, "", &missing), YES);
    close_book(&k);
}

/* Day 100 is 1970-04-11. */
static void test_dates(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    uint32_t day = window_is(&k, COND_DURING, "day"), noon = window_is(&k, COND_DURING, "noon");
    uint32_t not_noon = window_is(&k, COND_OUTSIDE, "noon");
    uint32_t nowhere = window_is(&k, COND_DURING, "no such window");
    check(&k, noon, WITH(0), UNKNOWN, BIT(FACT_DATE));
    check(&k, not_noon, WITH(.date = STR("soon")), UNKNOWN, BIT(FACT_DATE));
    check(&k, day, WITH(.date = STR("1970-04-11")), YES, 0);
    check(&k, day, WITH(.date = STR("1970-04-10")), NO, 0);
    check(&k, day, WITH(.date = STR("1970-04-12")), NO, 0);
    check(&k, day, WITH(.date = STR("1970-04-11T00:00")), YES, 0);
    check(&k, day, WITH(.date = STR("1970-04-10T23:59")), NO, 0);
    check(&k, day, WITH(.date = STR("1970-04-12T00:00")), NO, 0);
    check(&k, noon, WITH(.date = STR("1970-04-11")), YES, 0);
    check(&k, noon, WITH(.date = STR("1970-04-11T12:00:30")), YES, 0);
    check(&k, noon, WITH(.date = STR("1970-04-11T11:59")), NO, 0);
    check(&k, not_noon, WITH(.date = STR("1970-04-11")), NO, 0);
    check(&k, not_noon, WITH(.date = STR("1970-04-11T12:01")), YES, 0);
    check(&k, nowhere, WITH(.date = STR("1970-04-11")), NO, 0);
    add_value(&k, "no such window");
    add_value(&k, "day");
    ImageCond both = {.op = COND_DURING, .first = k.n_values - 2, .n = 2};
    check(&k, add_cond(&k, both), WITH(.date = STR("1970-04-11")), YES, 0);

    ImageCond since = {.op = COND_RANGE, .from = 100 * DAY, .to = MINUTES_MAX};
    ImageCond until = {.op = COND_RANGE, .from = MINUTES_MIN, .to = 100 * DAY};
    uint32_t from = add_cond(&k, since), to = add_cond(&k, until);
    check(&k, from, WITH(.date = STR("1970-04-11")), YES, 0);
    check(&k, from, WITH(.date = STR("1970-04-10")), NO, 0);
    check(&k, from, WITH(.date = STR("9999-12-31")), YES, 0);
    check(&k, to, WITH(.date = STR("1970-04-11T00:00")), NO, 0);
    check(&k, to, WITH(.date = STR("1970-04-10T23:59")), YES, 0);
    check(&k, to, WITH(.date = STR("0000-01-01")), YES, 0);
    close_book(&k);
}

/* Which of the nations a period is for may be the draft's, as long as nobody said. */
static void test_periods_of_nations(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    uint32_t in = window_is(&k, COND_DURING, "day in wales");
    uint32_t out = window_is(&k, COND_OUTSIDE, "day in wales");
    add_value(&k, "day in wales");
    add_value(&k, "day");
    uint32_t either = add_cond(&k, (ImageCond){.op = COND_DURING, .first = k.n_values - 2, .n = 2});
    check(&k, in, WITH(.date = STR("1970-04-11")), UNKNOWN, BIT(FACT_NATION));
    check(&k, out, WITH(.date = STR("1970-04-11")), UNKNOWN, BIT(FACT_NATION));
    check(&k, in, WITH(.date = STR("1970-04-11"), .nation = STR("Wales")), YES, 0);
    check(&k, out, WITH(.date = STR("1970-04-11"), .nation = STR("wales")), NO, 0);
    check(&k, in, WITH(.date = STR("1970-04-11"), .nation = STR("england")), NO, 0);
    check(&k, out, WITH(.date = STR("1970-04-11"), .nation = STR("england")), YES, 0);
    check(&k, in, WITH(.date = STR("1970-04-11"), .nation = STR("UK")), YES, 0);
    check(&k, in, WITH(.date = STR("1970-04-12")), NO, 0);
    check(&k, in, WITH(0), UNKNOWN, BIT(FACT_DATE));
    check(&k, either, WITH(.date = STR("1970-04-11")), YES, 0);

    Facts facts;
    Period p;
    make_image(&k);
    sml_context anywhere = WITH(.date = STR("1970-04-11"));
    sml_context england = WITH(.date = STR("1970-04-11"), .nation = STR("england"));
    sml_condition_facts(&facts, &anywhere, STR(""));
    assert_true(sml_condition_period(&p, &k.image, &facts));
    assert_true(sml_str_eq(p.name, STR("day")));
    k.windows[0].from = k.windows[0].to = k.windows[1].from = k.windows[1].to = 0;
    make_image(&k);
    assert_true(sml_condition_period(&p, &k.image, &facts));
    assert_true(sml_str_eq(p.name, STR("day in wales")));
    sml_condition_facts(&facts, &england, STR(""));
    assert_false(sml_condition_period(&p, &k.image, &facts));
    close_book(&k);
}

static uint32_t join(Book *k, ImageCondOp op, uint32_t a, uint32_t b)
{
    ImageCond one = k->conds[a], two = k->conds[b];
    uint32_t parent =
        add_cond(k, (ImageCond){.op = op, .first = k->n_conds + 1, .n = op == COND_NOT ? 1 : 2});
    add_cond(k, one);
    if (op != COND_NOT)
        add_cond(k, two);
    return parent;
}

static void test_three_values(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    /* With this context: yes, no, and two unknowns. */
    sml_context some = {.account = STR("official"), .kind = STR("post")};
    uint32_t yes = fact_is(&k, FACT_ACCOUNT, "official"), no = fact_is(&k, FACT_KIND, "reply");
    uint32_t channel = fact_is(&k, FACT_CHANNEL, "x"), nation = fact_is(&k, FACT_NATION, "wales");
    check(&k, join(&k, COND_AND, yes, yes), some, YES, 0);
    check(&k, join(&k, COND_AND, yes, no), some, NO, 0);
    check(&k, join(&k, COND_AND, channel, no), some, NO, 0);
    check(&k, join(&k, COND_AND, channel, yes), some, UNKNOWN, BIT(FACT_CHANNEL));
    check(&k, join(&k, COND_AND, channel, nation), some, UNKNOWN,
          BIT(FACT_CHANNEL) | BIT(FACT_NATION));
    check(&k, join(&k, COND_OR, no, no), some, NO, 0);
    check(&k, join(&k, COND_OR, nation, yes), some, YES, 0);
    check(&k, join(&k, COND_OR, nation, no), some, UNKNOWN, BIT(FACT_NATION));
    check(&k, join(&k, COND_NOT, yes, yes), some, NO, 0);
    check(&k, join(&k, COND_NOT, no, no), some, YES, 0);
    check(&k, join(&k, COND_NOT, nation, nation), some, UNKNOWN, BIT(FACT_NATION));
    check(&k, add_cond(&k, (ImageCond){.op = COND_AND}), some, YES, 0);
    check(&k, add_cond(&k, (ImageCond){.op = COND_OR}), some, NO, 0);
    close_book(&k);
}

static void check_grade(Book *k, sml_context context, sml_grade want, sml_grade want_full,
                        unsigned want_missing)
{
    Facts facts;
    sml_grade full;
    unsigned missing = 0;
    make_image(k);
    sml_condition_facts(&facts, &context, (Str){0});
    k->rule.grades = (ImageRange){0, k->n_grades};
    assert_int_equal(sml_condition_grade(&k->image, &k->rule, &facts, &full, &missing), want);
    assert_int_equal(full, want_full);
    assert_int_equal(missing, want_missing);
}

static void add_row(Book *k, uint32_t cond, sml_grade grade)
{
    k->grades[k->n_grades++] = (ImageGrade){.cond = cond, .grade = grade};
}

static void test_grades(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    check_grade(&k, WITH(0), SML_ERROR, SML_ERROR, 0);
    add_row(&k, fact_is(&k, FACT_ACCOUNT, "personal"), SML_WARNING);
    add_row(&k, fact_is(&k, FACT_CHANNEL, "linkedin"), SML_NOTICE);
    check_grade(&k, WITH(.account = STR("personal")), SML_WARNING, SML_WARNING, 0);
    check_grade(&k, WITH(.account = STR("official"), .channel = STR("x")), SML_ERROR, SML_ERROR, 0);
    check_grade(&k, WITH(.account = STR("official"), .channel = STR("linkedin")), SML_NOTICE,
                SML_NOTICE, 0);
    check_grade(&k, WITH(.channel = STR("linkedin")), SML_NOTICE, SML_WARNING, BIT(FACT_ACCOUNT));
    check_grade(&k, WITH(.channel = STR("x")), SML_WARNING, SML_ERROR, BIT(FACT_ACCOUNT));
    check_grade(&k, WITH(0), SML_NOTICE, SML_ERROR, BIT(FACT_ACCOUNT) | BIT(FACT_CHANNEL));
    k.rule.grade = SML_WARNING;
    k.n_grades = 1;
    check_grade(&k, WITH(0), SML_WARNING, SML_WARNING,
                0); /* the same either way: nothing is missed */
    close_book(&k);
}

/* Posted to each of them: the gravest counts, and a guard must hold wherever the rule does. */
static void test_several_networks(void **state)
{
    (void)state;
    Book k;
    Facts facts;
    unsigned missing = 0;
    open_book(&k);
    uint32_t x = fact_is(&k, FACT_CHANNEL, "x"), linkedin = fact_is(&k, FACT_CHANNEL, "linkedin");
    uint32_t not_x = join(&k, COND_NOT, x, x), both = join(&k, COND_OR, x, linkedin);
    add_row(&k, linkedin, SML_NOTICE);
    add_row(&k, x, SML_WARNING);
    check_grade(&k, WITH(.channel = STR("linkedin,x")), SML_WARNING, SML_WARNING, 0);
    check_grade(&k, WITH(.channel = STR("linkedin,threads,x")), SML_ERROR, SML_ERROR, 0);
    k.rule.when = not_x;
    check_grade(&k, WITH(.channel = STR("x")), SML_CLEAN, SML_CLEAN, 0);
    check_grade(&k, WITH(.channel = STR("x, linkedin")), SML_NOTICE, SML_NOTICE, 0);

    sml_context context = WITH(.channel = STR("x,linkedin"));
    sml_condition_facts(&facts, &context, (Str){0});
    assert_int_equal(sml_condition_excuses(&k.image, &k.rule, linkedin, &facts, &missing), YES);
    assert_int_equal(sml_condition_excuses(&k.image, &k.rule, x, &facts, &missing), NO);
    k.rule.when = both;
    assert_int_equal(sml_condition_excuses(&k.image, &k.rule, linkedin, &facts, &missing), NO);
    assert_int_equal(sml_condition_excuses(&k.image, &k.rule, both, &facts, &missing), YES);
    assert_int_equal(missing, 0);
    close_book(&k);
}

static void test_when(void **state)
{
    (void)state;
    Book k;
    open_book(&k);
    k.rule.when = fact_is(&k, FACT_ACCOUNT, "official");
    check_grade(&k, WITH(.account = STR("official")), SML_ERROR, SML_ERROR, 0);
    check_grade(&k, WITH(.account = STR("personal")), SML_CLEAN, SML_CLEAN, 0);
    check_grade(&k, WITH(0), SML_NOTICE, SML_ERROR, BIT(FACT_ACCOUNT));
    k.rule.flags = RULE_UNKNOWN_SKIP;
    check_grade(&k, WITH(0), SML_CLEAN, SML_ERROR, BIT(FACT_ACCOUNT));
    check_grade(&k, WITH(.account = STR("official")), SML_ERROR, SML_ERROR, 0);
    close_book(&k);
}

/* ---- whatever the missing facts are, what was said holds ------------------------------------- */

enum { CHOICES = 3 };

typedef struct Axis {
    size_t field; /* in sml_context */
    uint32_t fact;
    const char *choice[CHOICES];
} Axis;

static const Axis axes[] = {
    {offsetof(sml_context, account), FACT_ACCOUNT, {"official", "personal", "ministerial"}},
    {offsetof(sml_context, handle), FACT_HANDLE, {"@one", "@two", "@three"}},
    {offsetof(sml_context, channel), FACT_CHANNEL, {"x", "twitter,linkedin", "linkedin"}},
    {offsetof(sml_context, group), FACT_GROUP, {"free", "intermediate", "restricted"}},
    {offsetof(sml_context, date), FACT_DATE, {"1970-04-11", "1970-04-11T12:00", "1970-04-12"}},
    {offsetof(sml_context, nation), FACT_NATION, {"wales", "scotland", "england"}},
};
enum { AXES = sizeof axes / sizeof axes[0], GROUP_AXIS = 3 };

static uint32_t rnd(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static void make_date_cond(Book *k, uint32_t at, uint64_t *seed)
{
    static const ImageCondOp ops[] = {COND_DURING, COND_OUTSIDE};
    if (rnd(seed, 3) == 0) {
        Minutes from = 100 * DAY + (Minutes)rnd(seed, DAY);
        k->conds[at] = (ImageCond){.op = COND_RANGE, .from = from, .to = from + 1 + rnd(seed, DAY)};
        return;
    }
    k->conds[at] = (ImageCond){.op = ops[rnd(seed, 2)], .first = k->n_values, .n = 1};
    static const char *const windows[] = {"day", "noon", "day in wales"};
    add_value(k, windows[rnd(seed, 3)]);
}

static void make_fact_cond(Book *k, uint32_t at, uint64_t *seed)
{
    const Axis *axis = &axes[rnd(seed, AXES)];
    if (axis->fact == FACT_DATE) {
        make_date_cond(k, at, seed);
        return;
    }
    ImageCond c = {
        .op = COND_FACT, .fact = axis->fact, .first = k->n_values, .n = 1 + rnd(seed, 2)};
    for (uint32_t i = 0; i < c.n; i++) {
        bool handle = axis->fact == FACT_ACCOUNT && rnd(seed, 3) == 0;
        add_value(k,
                  handle ? axes[1].choice[rnd(seed, CHOICES)] : axis->choice[rnd(seed, CHOICES)]);
    }
    k->conds[at] = c;
}

static void make_cond(Book *k, uint32_t at, uint32_t depth, uint64_t *seed)
{
    if (depth == 0 || rnd(seed, 3) == 0) {
        make_fact_cond(k, at, seed);
        return;
    }
    static const ImageCondOp ops[] = {COND_AND, COND_OR, COND_NOT};
    ImageCond c = {.op = ops[rnd(seed, 3)], .first = k->n_conds};
    c.n = c.op == COND_NOT ? 1 : 1 + rnd(seed, 3);
    for (uint32_t i = 0; i < c.n; i++)
        add_cond(k, (ImageCond){0});
    for (uint32_t i = 0; i < c.n; i++)
        make_cond(k, c.first + i, depth - 1, seed);
    k->conds[at] = c;
}

static uint32_t new_cond(Book *k, uint64_t *seed)
{
    uint32_t at = add_cond(k, (ImageCond){0});
    make_cond(k, at, 3, seed);
    return at;
}

static void make_rule(Book *k, uint64_t *seed)
{
    k->rule =
        (ImageRule){.grade = 1 + rnd(seed, 3), .when = rnd(seed, 2) ? new_cond(k, seed) : NONE};
    for (uint32_t n = rnd(seed, 4); n > 0; n--)
        add_row(k, new_cond(k, seed), (sml_grade)(1 + rnd(seed, 3)));
    k->rule.grades = (ImageRange){0, k->n_grades};
    make_image(k);
}

/* Digit i of `code`, to base 4, picks the choice of axis i; 3 leaves it out. */
static sml_context context_of(uint32_t code)
{
    sml_context c = {0};
    for (int i = 0; i < AXES; i++, code /= 4)
        if (code % 4 < CHOICES)
            *(sml_str *)(void *)((char *)&c + axes[i].field) =
                sml_str_from(axes[i].choice[code % 4]);
    return c;
}

typedef struct Answer {
    sml_grade grade, full;
    unsigned missing;
} Answer;

static Answer answer(const Book *k, uint32_t code)
{
    Answer r = {.missing = 0};
    Facts facts;
    sml_context context = context_of(code);
    sml_condition_facts(&facts, &context, STR("a.txt"));
    r.grade = sml_condition_grade(&k->image, &k->rule, &facts, &r.full, &r.missing);
    return r;
}

/* Does `code` agree with all that `partial` says, and say everything? No group is a group. */
static bool completes(uint32_t code, uint32_t partial)
{
    for (int i = 0; i < AXES; i++, code /= 4, partial /= 4) {
        if (code % 4 == CHOICES)
            return false;
        uint32_t known = i == GROUP_AXIS && partial % 4 == CHOICES ? 2 : partial % 4;
        if (known != CHOICES && code % 4 != known)
            return false;
    }
    return true;
}

static void check_partial(const Book *k, uint32_t partial, const Answer *all, uint32_t n)
{
    Answer here = all[partial];
    assert_true(here.full >= here.grade);
    bool silent = false, speaks = false;
    for (uint32_t code = 0; code < n; code++) {
        if (!completes(code, partial))
            continue;
        assert_int_equal(all[code].missing, 0);
        assert_int_equal(all[code].full, all[code].grade);
        assert_true(here.full >= all[code].grade);
        silent |= all[code].grade == SML_CLEAN;
        speaks |= all[code].grade != SML_CLEAN;
        if (all[code].grade != SML_CLEAN)
            assert_true(here.grade <= all[code].grade);
    }
    if (silent)
        assert_true(here.grade <= SML_NOTICE);
    if (speaks)
        assert_true(here.grade >= SML_NOTICE);
    if (here.missing == 0)
        assert_int_equal(here.full, here.grade);
    Facts facts;
    sml_context context = context_of(partial);
    sml_condition_facts(&facts, &context, STR("a.txt"));
    for (uint32_t fact = 0; fact < FACT_DATE; fact++)
        assert_false(here.missing & BIT(fact) && facts.value[fact].len > 0);
    (void)k;
}

static void test_partial_facts(void **state)
{
    (void)state;
    uint64_t seed = 42;
    enum { CODES = 1 << (2 * AXES) };
    static Answer all[CODES];
    Book k;
    for (int round = 0; round < 150; round++) {
        open_book(&k);
        make_rule(&k, &seed);
        for (uint32_t code = 0; code < CODES; code++)
            all[code] = answer(&k, code);
        for (int i = 0; i < 60; i++)
            check_partial(&k, rnd(&seed, CODES), all, CODES);
        check_partial(&k, CODES - 1, all, CODES);
        close_book(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_periods_of_nations),
        cmocka_unit_test(test_three_values),
        cmocka_unit_test(test_grades),
        cmocka_unit_test(test_several_networks),
        cmocka_unit_test(test_when),
        cmocka_unit_test(test_partial_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
