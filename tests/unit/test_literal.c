/* SPDX-License-Identifier: MIT */
#include "image/sieve.h"
#include "rulebook/literal.h"
#include "rulebook/rarity.h"

#include "base/vec.h"
#include "match/pattern.h"
#include "text/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Bench {
    Arena *a;
    Engine *engine;
} Bench;

static int set_up(void **state)
{
    Bench *b = test_malloc(sizeof *b);
    *b = (Bench){sml_arena_new(), sml_pattern_engine(true)};
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    Bench *b = *state;
    sml_pattern_engine_free(b->engine);
    sml_arena_free(b->a);
    test_free(b);
    return 0;
}

static Str joined(const LiteralSet *set, Arena *a)
{
    Str all = STR("");
    for (uint32_t i = 0; i < set->n; i++)
        all = sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(all), i ? "|" : "", STR_ARG(set->v[i]));
    return all;
}

static LiteralSet derived(const Bench *b, const char *regex)
{
    LiteralSet set;
    sml_error err = {0};
    if (!sml_literal_derive(&set, sml_str_from(regex), true, b->a, &err))
        fail_msg("%s: %s", regex, err.message);
    return set;
}

static void derives_what_every_match_holds(void **state)
{
    static const struct {
        const char *regex, *literals;
        uint32_t lead;
    } cases[] = {
        {"labour", "labour", 0},
        {"Labour", "labour", 0},
        {"the organisation", "sation", 10},
        {"colou?r", "color|colour", 0},
        {"(?:cat|dog) food", "cat fo|dog fo", 0},
        {"\\bvote(?:s|d)?\\b", "vote", 0},
        {"[vb]ote", "bote|vote", 0},
        {"\\d{1,3}%", "%", 12},
        {".*labour", "labour", UINT32_MAX},
        {"(?=.*x)labour", "labour", 0},
        {"(?!x)(?<=y)labour", "labour", 0},
        {"(?>labour)++", "labour", 0},
        {"(?<who>labour|green)", "green|labour", 0},
        {"(?i)LABOUR(?-i)", "labour", 0},
        {"\\Qa.b\\E\\x{21}", "a.b!", 0},
        {"\xe2\x80\x99tis \xe2\x80\x93 no", "'tis -", 0},
        {"\\w*", "", UINT32_MAX},
        {"labour|", "", UINT32_MAX},
        {"(?:labour)?", "", UINT32_MAX},
        {"(?:labour){0,3}", "", UINT32_MAX},
        {"(?!labour)", "", UINT32_MAX},
        {"[^a]", "", UINT32_MAX},
    };
    Bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        LiteralSet set = derived(b, cases[i].regex);
        if (!sml_str_eq(joined(&set, b->a), sml_str_from(cases[i].literals)) ||
            set.lead != cases[i].lead)
            fail_msg("%s gives %.*s, lead %u", cases[i].regex, STR_ARG(joined(&set, b->a)),
                     set.lead);
    }
}

/* Sets apart by '&', rarest first; texts whole. */
static void keeps_what_else_a_match_holds(void **state)
{
    static const struct {
        const char *regex, *musts;
    } cases[] = {
        {"labour", ""},
        {"conservatives", "conservatives"},
        {"gov\\.uk/[\\w/-]{0,60}\\.\\.\\.", "gov.uk/&..."},
        {"<(?:name|date)\\b[^>\\n]{0,40}>", ""}, /* a character that every match has */
        {"(?:mr|mrs) \\pL+ (?:terrace|crescent)", "terrace|crescent&mr|mrs"},
        {"(?:streeting|burnham)\\s+out", "streeting|burnham&out"},
        {"(?:a \\w+ b|c) \\w+ dog", "a|c"},
        {"(?:dog \\w+)? \\w+ lamb", ""},
        {"(?!dog )\\w+ lamb", ""},
    };
    Bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        LiteralSet set = derived(b, cases[i].regex);
        Str all = STR("");
        for (uint32_t k = 0; k < set.n_musts; k++) {
            LiteralSet must = {.v = set.musts[k].v, .n = set.musts[k].n};
            all = sml_arena_printf(b->a, "%.*s%s%.*s", STR_ARG(all), k ? "&" : "",
                                   STR_ARG(joined(&must, b->a)));
        }
        if (!sml_str_eq(all, sml_str_from(cases[i].musts)))
            fail_msg("%s must hold %.*s", cases[i].regex, STR_ARG(all));
    }
}

/* Refused, and the place is named. */
static void names_characters_that_every_match_has(void **state)
{
    static const struct {
        const char *regex, *has;
    } cases[] = {
        {"cost of \\d+%", "costf1%"},
        {"(?:cost|price)s?, [0-9]", "c,1"},
        {"a?b*c+(?:d-){0,2}(?:e-){1,2}", "ce-"},
        {"[,;]x(?=y)", "x"},
        {"(?:a|)b", "b"},
        {"\\w\\s.[^,]", ""},
    };
    Bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        LiteralSet set;
        assert_true(sml_literal_derive(&set, sml_str_from(cases[i].regex), true, b->a, NULL));
        if (set.must != sml_sieve_chars(sml_str_from(cases[i].has)))
            fail_msg("%s: %llx", cases[i].regex, (unsigned long long)set.must);
    }
}

static void refuses_what_it_does_not_know(void **state)
{
    static const struct {
        const char *regex;
        uint32_t at;
    } cases[] = {
        {"ab(*ACCEPT)", 2},
        {"a\\Kb", 1},
        {"\\Ga", 0},
        {"a\\Cb", 1},
        {"a(?R)", 1},
        {"(a)(?1)", 3},
        {"(a)(?-1)", 3},
        {"(?<n>a)(?&n)", 7},
        {"(?<n>a)(?P>n)", 7},
        {"(a)\\g<1>", 3},
        {"a(?C1)b", 1},
        {"(?(1)a|b)", 0},
        {"(?|a|b)", 0},
        {"\\p{Lu}a", 0},
        {"\\p{ lu }a", 0},
        {"\\P{Ll}a", 0},
        {"\\pLa\\p{Lt}", 4},
        {"[[:upper:]]a", 1},
        {"[[:^lower:]]a", 1},
        {"[\\p{Lu}]a", 1},
        {"a\\", 1},
        {"(a", 0},
        {"a)", 1},
        {"[a", 0},
        {"*a", 0},
        {"a\\012b", 1},
        {"a\\N{U+41}", 1},
        {"a{,3}b", 1},
        {"a{1, 3}b", 1},
        {"a\\y", 1},
        {"(?x)a b", 0},
    };
    Bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        LiteralSet set;
        sml_error err = {0};
        if (sml_literal_derive(&set, sml_str_from(cases[i].regex), true, b->a, &err))
            fail_msg("%s is taken", cases[i].regex);
        if (err.message[0] == '\0' || err.col != cases[i].at)
            fail_msg("%s: at %u: %s", cases[i].regex, err.col, err.message);
    }
}

static void capitals_can_be_told_where_case_is_kept(void **state)
{
    Bench *b = *state;
    LiteralSet set;
    assert_true(sml_literal_derive(&set, STR("\\p{Lu}[[:upper:]]SECRET"), false, b->a, NULL));
    assert_string_equal(joined(&set, b->a).p, "secret");
}

static void deep_and_long_input_ends(void **state)
{
    Bench *b = *state;
    char regex[20000];
    LiteralSet set;
    sml_error err;
    memset(regex, '(', sizeof regex);
    assert_false(sml_literal_derive(&set, (Str){regex, sizeof regex}, true, b->a, &err));
    memset(regex, 'a', sizeof regex);
    assert_true(sml_literal_derive(&set, (Str){regex, sizeof regex}, true, b->a, &err));
    for (size_t i = 0; i + 1 < sizeof regex; i += 2)
        memcpy(regex + i, "a?", 2);
    assert_true(sml_literal_derive(&set, (Str){regex, sizeof regex}, true, b->a, &err));
    assert_int_equal(set.n, 0);
    for (size_t i = 0; i + 4 < sizeof regex; i += 4)
        memcpy(regex + i, "[ab]", 4);
    assert_true(sml_literal_derive(&set, (Str){regex, sizeof regex / 4 * 4}, true, b->a, &err));
    for (size_t i = 0; i + 1 < sizeof regex; i += 2)
        memcpy(regex + i, "|a", 2);
    assert_true(sml_literal_derive(&set, (Str){regex, sizeof regex}, true, b->a, &err));
    assert_int_equal(set.n, 0);
}

/* ---- whatever matches holds a literal -------------------------------------------------------------- */

static uint32_t rnd(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

typedef struct Text {
    char p[2048];
    size_t n;
} Text;

static void put(Text *t, const char *z)
{
    size_t n = strlen(z);
    if (t->n + n < sizeof t->p) {
        memcpy(t->p + t->n, z, n);
        t->n += n;
    }
}

static const char *any(const char *const *of, uint32_t n, uint32_t *seed)
{
    return of[rnd(seed, n)];
}
#define ANY(of, seed) any(of, sizeof of / sizeof *of, seed)

static void put_regex(Text *t, uint32_t *seed, int depth)
{
    static const char *const atoms[] = {
        "a",           "b",        "c",    " ",     "ab",       "abcabcab",     "k",
        "S",           "\xc3\xa9", "[ab]", "[a-c]", "[^a]",     "[ \\-b]",      "[]k]",
        "[[:alpha:]]", ".",        "\\w",  "\\s",   "\\S",      "\\pL",         "\\P{L}",
        "\\x62",       "\\x{e9}",  "\\.",  "\\R",   "\\Qa.\\E", "\xe2\x80\x99", "[\xe2\x80\x98'b]"};
    static const char *const edges[] = {"\\b", "\\B",   "^",    "$",    "\\A",
                                        "\\z", "(?#a)", "(?i)", "(?-i)"};
    static const char *const counts[] = {"",    "",    "",      "",     "*",     "+",
                                         "?",   "*?",  "+?",    "??",   "++",    "?+",
                                         "{2}", "{0}", "{0,3}", "{1,}", "{2,3}?"};
    static const char *const opens[] = {"(", "(?:", "(?>", "(?<n>", "(?i:", "(?=", "(?!", "(?<!"};
    for (uint32_t items = rnd(seed, 5); items > 0; items--) {
        uint32_t pick = rnd(seed, 12);
        if (pick == 0) {
            put(t, ANY(edges, seed));
        } else if (pick < 9 || depth == 0) {
            put(t, ANY(atoms, seed));
            put(t, ANY(counts, seed));
        } else if (pick == 9) {
            put(t, "\\1");
        } else {
            put(t, ANY(opens, seed));
            put_regex(t, seed, depth - 1);
            for (uint32_t more = rnd(seed, 3); more > 0; more--) {
                put(t, "|");
                put_regex(t, seed, depth - 1);
            }
            put(t, ")");
            put(t, ANY(counts, seed));
        }
    }
}

static Str random_subject(Text *t, uint32_t *seed)
{
    static const char *const units[] = {"a",
                                        "b",
                                        "c",
                                        "k",
                                        "s",
                                        " ",
                                        "\n",
                                        ".",
                                        "-",
                                        "'",
                                        "ab",
                                        "abc",
                                        "\xc3\xa9",
                                        "\xe2\x80\x99",
                                        "\xe2\x84\xaa",
                                        "A",
                                        "B",
                                        "\xc5\xbf",
                                        "\xe2\x80\x8b",
                                        "\xc3\x89"};
    t->n = 0;
    for (uint32_t n = rnd(seed, 16); n > 0; n--)
        put(t, ANY(units, seed));
    return (Str){t->p, t->n};
}

static Str fold(Str text, Arena *a)
{
    Norm folded;
    sml_norm_apply(&folded, text, FOLD_ALL, a);
    return folded.text;
}

static bool literal_in(const LiteralSet *set, Str text, uint32_t from, uint32_t lead)
{
    for (uint32_t i = 0; i < set->n; i++) {
        size_t at = sml_str_find(text, set->v[i], from);
        if (at != SIZE_MAX && at - from <= lead)
            return true;
    }
    return false;
}

static void has_chars(const LiteralSet *set, Str folded, Str regex)
{
    uint64_t lacking = set->must & ~sml_sieve_chars(folded);
    if (lacking)
        fail_msg("/%.*s/ matches \"%.*s\" without the characters %llx", STR_ARG(regex),
                 STR_ARG(folded), (unsigned long long)lacking);
}

/* Separators of words stand for one another. */
static Str spaced(Str text, Arena *a)
{
    char *p = ARENA_ARRAY(a, char, text.len);
    for (size_t i = 0; i < text.len; i++)
        p[i] = text.p[i] == '\n' || text.p[i] == '_' ? ' ' : text.p[i];
    return (Str){p, text.len};
}

/* One of each set that any match must hold one of. */
static bool musts_in(const LiteralSet *set, Str text, Arena *a)
{
    text = spaced(text, a);
    uint32_t held = 0;
    for (uint32_t i = 0; i < set->n_musts; i++) {
        bool any = false;
        for (uint32_t k = 0; k < set->musts[i].n; k++)
            any = any || sml_str_find(text, spaced(set->musts[i].v[k], a), 0) != SIZE_MAX;
        held += any;
    }
    return held == set->n_musts;
}

/* In folded text, near the start of each match. */
static void check(const Bench *b, const LiteralSet *set, Pattern *p, Str text, Str regex)
{
    sml_pattern_begin(b->engine);
    for (uint32_t at = 0; at <= text.len; at++) {
        Span g[PATTERN_GROUPS];
        if (sml_pattern_find(b->engine, p, text, at, at, g) != FOUND)
            continue;
        has_chars(set, text, regex);
        if (!literal_in(set, text, at, set->lead))
            fail_msg("/%.*s/ matches \"%.*s\" at %u without %.*s, lead %u", STR_ARG(regex),
                     STR_ARG(text), at, STR_ARG(joined(set, b->a)), set->lead);
        if (!musts_in(set, text, b->a))
            fail_msg("/%.*s/ matches \"%.*s\" without what it must hold", STR_ARG(regex),
                     STR_ARG(text));
    }
}

/* In text as it was written: somewhere in its fold. */
static void check_unfolded(const Bench *b, const LiteralSet *set, Pattern *p, Str text, Str regex)
{
    Span g[PATTERN_GROUPS];
    sml_pattern_begin(b->engine);
    if (sml_pattern_find(b->engine, p, text, 0, UINT32_MAX, g) != FOUND)
        return;
    Str folded = fold(text, b->a);
    has_chars(set, folded, regex);
    if (!literal_in(set, folded, 0, UINT32_MAX))
        fail_msg("/%.*s/ matches unfolded \"%.*s\" without %.*s", STR_ARG(regex), STR_ARG(text),
                 STR_ARG(joined(set, b->a)));
    if (!musts_in(set, folded, b->a))
        fail_msg("/%.*s/ matches unfolded \"%.*s\" without what it must hold", STR_ARG(regex),
                 STR_ARG(text));
}

static void is_well_formed(const LiteralSet *set, Str regex)
{
    for (uint32_t i = 0; i < set->n; i++) {
        Str s = set->v[i];
        bool good =
            s.len >= 1 && s.len <= LITERAL_MAX &&
            (i == 0 || (sml_str_cmp(set->v[i - 1], s) < 0 && !sml_str_starts(s, set->v[i - 1])));
        if (!good)
            fail_msg("/%.*s/: literal \"%.*s\"", STR_ARG(regex), STR_ARG(s));
    }
}

typedef void Check(const Bench *b, const LiteralSet *set, Pattern *p, Str text, Str regex);

static void try_random_regexes(const Bench *b, bool folded)
{
    Check *holds = folded ? check : check_unfolded;
    uint32_t seed = 20261120, derived = 0;
    Text source, subject;
    for (int i = 0; i < 8000; i++) {
        ArenaMark mark = sml_arena_mark(b->a);
        source.n = 0;
        put_regex(&source, &seed, 3);
        Str regex = {source.p, source.n};
        LiteralSet set;
        Pattern *p = sml_pattern_new(b->engine, regex, folded, NULL);
        if (p && sml_literal_derive(&set, regex, folded, b->a, NULL) && set.n) {
            derived++;
            is_well_formed(&set, regex);
            for (int k = 0; k < 20; k++) {
                Str text = random_subject(&subject, &seed);
                holds(b, &set, p, folded ? fold(text, b->a) : text, regex);
            }
        }
        sml_pattern_free(b->engine, p);
        sml_arena_rewind(b->a, mark);
    }
    assert_in_range(derived, 1000, 8000);
}

static void every_match_holds_a_literal(void **state)
{
    try_random_regexes(*state, true);
}

static void every_match_in_unfolded_text_does(void **state)
{
    try_random_regexes(*state, false);
}

/* They are looked for by halves, so one out of place would hide others. */
static void common_words_in_order(void **state)
{
    (void)state;
    static const char *const words[] = {
#define COMMON(word, bits) word,
#include "rulebook/rarity.def"
#undef COMMON
    };
    static const int bits[] = {
#define COMMON(word, bits) bits,
#include "rulebook/rarity.def"
#undef COMMON
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (i)
            assert_true(strcmp(words[i - 1], words[i]) < 0);
        assert_true(sml_rarity(sml_str_from(words[i]), true) <= bits[i]);
    }
    assert_int_equal(sml_rarity(STR("the"), true), 1);
    assert_true(sml_rarity(STR("council"), true) < sml_rarity(STR("councillor"), true));
    assert_true(sml_rarity(STR("http"), false) <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(derives_what_every_match_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_characters_that_every_match_has, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_what_else_a_match_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_it_does_not_know, set_up, tear_down),
        cmocka_unit_test_setup_teardown(capitals_can_be_told_where_case_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_and_long_input_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_match_holds_a_literal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_match_in_unfolded_text_does, set_up, tear_down),
        cmocka_unit_test(common_words_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
