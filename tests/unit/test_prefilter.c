/* SPDX-License-Identifier: MIT */
#include "hits.h"
#include "image_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct Finder {
    Arena *arena;
    Image image;
    Str literals[64];
    uint32_t n, flags;
} Finder;

static uint32_t rnd(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static void build(Finder *f)
{
    Built b = {.arena = f->arena};
    ImageLiteral *records = ARENA_ARRAY(f->arena, ImageLiteral, f->n);
    for (uint32_t i = 0; i < f->n; i++)
        records[i] = built_literal(
            f->literals[i],
            f->flags | (sml_automaton_confuses(f->literals[i]) ? LITERAL_CONFUSED : 0u));
    b.section[SECTION_LITERALS] = (BuiltSection){records, f->n};
    Automaton automaton;
    assert_true(sml_automaton_build(&automaton, f->literals, f->n, f->arena, NULL));
    built_automaton(&b, &automaton, records);
    f->image = sml_image_trust(built_image(&b));
}

static void open_finder(Finder *f, const char *const *words, uint32_t flags)
{
    *f = (Finder){.arena = sml_arena_new(), .flags = flags};
    for (; words[f->n]; f->n++)
        f->literals[f->n] = sml_str_from(words[f->n]);
    build(f);
}

/* The hits as "literal@offset literal@offset ". */
static void check_hits(Finder *f, const char *text, const char *want)
{
    Hits hits = hits_of(&f->image, sml_str_from(text), f->arena);
    Buf got = {0};
    for (uint32_t i = 0; i < hits.of.n; i++)
        sml_buf_addf(&got, "%.*s@%u ", STR_ARG(f->literals[hits.of.v[i].literal]), hits.of.v[i].at);
    sml_buf_addc(&got, '\0');
    assert_string_equal(got.p, want);
    sml_buf_free(&got);
}

static void test_edges(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {"vote", "labour", "our", "\xc5\xb5yr", NULL};
    open_finder(&f, words, LITERAL_EDGE);
    check_hits(&f, "", "");
    check_hits(&f, "vote labour", "vote@0 labour@5 ");
    check_hits(&f, "devote harbour our_our", "our@15 our@19 ");
    check_hits(&f, "1vote (vote) -vote 'vote", "vote@7 vote@14 vote@20 ");
    check_hits(&f, "#votelabour #fourour", "vote@1 labour@5 our@8 our@14 our@17 ");
    check_hits(&f, "x#vote2labour votelabour", "vote@2 labour@7 our@10 vote@14 ");
    check_hits(&f, "\xc5\xb5yr a\xc5\xb5yr", "\xc5\xb5yr@0 ");
    check_hits(&f, "\xc3\xa9vote \xe2\x80\xa6vote e\xcc\x81vote", "vote@10 ");
    check_hits(&f, "#caf\xc3\xa9vote", "vote@6 ");
    sml_arena_free(f.arena);
}

static void test_edges_behind(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {"a", "vote", "\xc5\xb5y", NULL};
    open_finder(&f, words, LITERAL_EDGE | LITERAL_EDGE_END);
    check_hits(&f, "a vote at voted a", "a@0 vote@2 a@16 ");
    check_hits(&f, "vote. vote's vote_ vote1", "vote@0 vote@6 vote@13 ");
    check_hits(&f, "vote\xc3\xa9 vote\xcc\x81 vote\xe2\x80\xa6", "vote@14 ");
    check_hits(&f, "#voted #avote vote#a votea#", "vote@1 a@8 vote@9 vote@14 a@19 ");
    check_hits(&f, "\xc5\xb5y \xc5\xb5yr #\xc5\xb5yr", "\xc5\xb5y@0 \xc5\xb5y@10 ");
    sml_arena_free(f.arena);
}

static void test_without_edges(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {"our", "four", "fourth", NULL};
    open_finder(&f, words, 0);
    check_hits(&f, "fourfourth", "four@0 our@1 four@4 our@5 fourth@4 ");
    sml_arena_free(f.arena);
}

/* The automaton takes these for one another: what it reports is looked at again. */
static void test_bytes_that_share_a_class(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {"\xf0\x9f\x94\x8a", "\xf0\x9f\x94\xaa", "(a", "+a", NULL};
    open_finder(&f, words, 0);
    check_hits(&f, "\xf0\x9f\x94\x8a\xf0\x9f\x94\xaa\xf0\x9f\xa4\x8a",
               "\xf0\x9f\x94\x8a@0 \xf0\x9f\x94\xaa@4 ");
    check_hits(&f, "(a +a ;a", "(a@0 +a@3 ");
    sml_arena_free(f.arena);
}

static void test_no_automaton(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {NULL};
    open_finder(&f, words, 0);
    check_hits(&f, "fourfourth", "");
    Built b = {.arena = f.arena};
    f.image = sml_image_trust(built_image(&b));
    check_hits(&f, "fourfourth", "");
    sml_arena_free(f.arena);
}

static bool has(const Finder *f, Str s)
{
    for (uint32_t i = 0; i < f->n; i++)
        if (sml_str_eq(f->literals[i], s))
            return true;
    return false;
}

static void add_words(Finder *f, uint32_t letters, uint64_t *seed)
{
    for (uint32_t i = 0; i < 64; i++) {
        char word[IMAGE_LITERAL_MAX];
        uint32_t len = 1 + rnd(seed, IMAGE_LITERAL_MAX);
        for (uint32_t k = 0; k < len; k++)
            word[k] = (char)('a' + rnd(seed, letters));
        if (!has(f, (Str){word, len}))
            f->literals[f->n++] = sml_arena_copy(f->arena, (Str){word, len});
    }
}

static bool is_letter(Str text, size_t at)
{
    return text.p[at] >= 'a' && text.p[at] <= 'z';
}

/* Is the letter at `at` one of a hashtag's? */
static bool in_tag(Str text, size_t at)
{
    while (at > 0 && (text.p[at] == '_' || is_letter(text, at)))
        at--;
    return text.p[at] == '#';
}

static bool blocks(Str text, size_t neighbour)
{
    return is_letter(text, neighbour) && !in_tag(text, neighbour);
}

static bool hit_wanted(const Finder *f, Str text, size_t at, Str literal)
{
    size_t end = at + literal.len;
    if (!sml_str_starts(sml_str_slice(text, at, text.len), literal))
        return false;
    if (f->flags & LITERAL_EDGE && at > 0 && blocks(text, at - 1))
        return false;
    return !(f->flags & LITERAL_EDGE_END) || end == text.len || !blocks(text, end);
}

static void check_against_plain_search(Finder *f, Str text)
{
    Hits hits = hits_of(&f->image, text, f->arena);
    uint32_t seen = 0;
    for (size_t end = 1; end <= text.len; end++) {
        for (size_t len = IMAGE_LITERAL_MAX; len > 0; len--) {
            for (uint32_t k = 0; k < f->n && len <= end; k++) {
                if (f->literals[k].len != len || !hit_wanted(f, text, end - len, f->literals[k]))
                    continue;
                assert_true(seen < hits.of.n);
                assert_int_equal(hits.of.v[seen].literal, k);
                assert_int_equal(hits.of.v[seen].at, end - len);
                seen++;
            }
        }
    }
    assert_int_equal(seen, hits.of.n);
}

/* Lengths about the sizes at which the walk cuts text up. */
static void test_finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    static const size_t lengths[] = {1,  2,   3,    4,    5,    6,    7,    8,    9,    19,
                                     63, 280, 2047, 2048, 2049, 2052, 4095, 4099, 6200, 9000};
    static const char letters[] = "abcd #_.";
    uint64_t seed = 3;
    for (size_t i = 0; i < 4 * sizeof lengths / sizeof lengths[0]; i++) {
        Finder f = {.arena = sml_arena_new(), .flags = i & 3};
        add_words(&f, 2 + (uint32_t)i % 3, &seed);
        build(&f);
        size_t len = lengths[i / 4];
        char *text = sml_arena_alloc(f.arena, len, 1);
        for (size_t k = 0; k < len; k++)
            text[k] = letters[rnd(&seed, sizeof letters - 1)];
        check_against_plain_search(&f, (Str){text, len});
        sml_arena_free(f.arena);
    }
}

/* A hit at every byte of one long word, none of them at an edge: must not look back over it each
 * time. */
static void test_long_run_is_linear(void **state)
{
    (void)state;
    Finder f;
    static const char *const words[] = {"a", "aaaaaa", NULL};
    open_finder(&f, words, LITERAL_EDGE);
    size_t len = (size_t)4 << 20;
    char *text = sml_arena_alloc(f.arena, len, 1);
    memset(text, 'a', len);
    Hits hits = hits_of(&f.image, (Str){text, len}, f.arena);
    assert_int_equal(hits.of.n, 2);
    text[0] = '#';
    hits = hits_of(&f.image, (Str){text, len}, f.arena);
    assert_int_equal(hits.of.n, 2 * (len - 1) - 5);
    sml_arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_edges_behind),
        cmocka_unit_test(test_without_edges),
        cmocka_unit_test(test_bytes_that_share_a_class),
        cmocka_unit_test(test_no_automaton),
        cmocka_unit_test(test_finds_what_a_plain_search_finds),
        cmocka_unit_test(test_long_run_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
