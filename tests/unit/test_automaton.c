/* SPDX-License-Identifier: MIT */
#include "rulebook/automaton.h"

#include "rulebook/literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint32_t rnd(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static uint32_t step(const Automaton *m, uint32_t state, unsigned char byte)
{
    uint32_t class = m->head.class_of[byte];
    const ImageState *s = &m->states[state];
    assert_true(s->base + class < m->n_steps && s->row + class < m->n_rows);
    uint32_t own = m->steps[s->base + class];
    return IMAGE_STEP_CLASS(own) == class ? IMAGE_STEP_STATE(own) : m->rows[s->row + class];
}

/* Adds the offset behind each literal that ends in `text`, and its id, in order: "5:1 5:0 ". Where the automaton may take one
 * byte for another, it is looked again, as the prefilter does. */
static void walk(Buf *out, const Automaton *m, const Str *literals, Str text)
{
    uint32_t state = 0, first_final = m->head.n_states - m->head.n_final;
    for (size_t i = 0; i < text.len; i++) {
        state = step(m, state, (unsigned char)text.p[i]);
        assert_true(state < m->head.n_states);
        if (state < first_final)
            continue;
        uint32_t f = state - first_final;
        for (uint32_t k = m->final[f]; k < m->final[f + 1]; k++)
            if (!sml_automaton_confuses(literals[m->outputs[k]]) ||
                sml_str_ends(sml_str_slice(text, 0, i + 1), literals[m->outputs[k]]))
                sml_buf_addf(out, "%zu:%u ", i + 1, m->outputs[k]);
    }
}

static void walk_plainly(Buf *out, const Str *literals, uint32_t n, Str text)
{
    for (size_t end = 1; end <= text.len; end++)
        for (size_t len = LITERAL_MAX; len > 0; len--)
            for (uint32_t k = 0; k < n; k++)
                if (literals[k].len == len &&
                    sml_str_ends(sml_str_slice(text, 0, end), literals[k]))
                    sml_buf_addf(out, "%zu:%u ", end, k);
}

static void check_text(const Automaton *m, const Str *literals, uint32_t n, Str text)
{
    Buf got = {0}, want = {0};
    walk(&got, m, literals, text);
    walk_plainly(&want, literals, n, text);
    sml_buf_addc(&got, '\0');
    sml_buf_addc(&want, '\0');
    assert_string_equal(got.p, want.p);
    sml_buf_free(&got);
    sml_buf_free(&want);
}

static bool has(const Str *literals, uint32_t n, Str s)
{
    for (uint32_t i = 0; i < n; i++)
        if (sml_str_eq(literals[i], s))
            return true;
    return false;
}

/* Up to `want` different words over the first `letters` bytes from `first`. */
static uint32_t make_literals(Str *out, uint32_t want, uint32_t letters, unsigned first,
                              uint64_t *seed, Arena *a)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < want; i++) {
        char word[LITERAL_MAX];
        uint32_t len = 1 + rnd(seed, LITERAL_MAX);
        for (uint32_t k = 0; k < len; k++)
            word[k] = (char)(first + rnd(seed, letters));
        if (!has(out, n, (Str){word, len}))
            out[n++] = sml_arena_copy(a, (Str){word, len});
    }
    return n;
}

static void test_essay(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    static const char *const words[] = {"he", "she", "hers"};
    Str literals[3];
    for (int i = 0; i < 3; i++)
        literals[i] = sml_str_from(words[i]);
    Automaton m;
    assert_true(sml_automaton_build(&m, literals, 3, a, NULL));
    assert_int_equal(m.head.n_states, 8);
    assert_int_equal(m.head.n_final, 3);
    assert_int_equal(m.head.stride, 5);
    assert_int_equal(m.n_rows, 5 * 5); /* root, h, s, he, sh */
    check_text(&m, literals, 3, STR("ushers shehers hehe HE"));
    sml_arena_free(a);
}

static void test_finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (uint32_t round = 0; round < 300; round++) {
        Arena *a = sml_arena_new();
        Str literals[64];
        char text[200];
        uint32_t letters = 1 + round % 4;
        uint32_t n = make_literals(literals, 1 + round % 64, letters, 'a', &seed, a);
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)('a' + rnd(&seed, letters + 1));
        Automaton m;
        assert_true(sml_automaton_build(&m, literals, n, a, NULL));
        check_text(&m, literals, n, (Str){text, sizeof text});
        sml_arena_free(a);
    }
}

static void test_every_byte_can_be_in_a_literal(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    char bytes[256];
    Str literals[256];
    uint32_t n = 0;
    for (int i = 0; i < 256; i++) {
        if (i == '\n' || i == '_')
            continue; /* read as spaces */
        bytes[n] = (char)i;
        literals[n] = (Str){&bytes[n], 1};
        n++;
    }
    Automaton m;
    assert_true(sml_automaton_build(&m, literals, n, a, NULL));
    assert_true(m.head.stride <= 128);
    check_text(&m, literals, n, (Str){bytes, n});
    Str zeros[2] = {{"a\0", 2}, {"a", 1}};
    assert_true(sml_automaton_build(&m, zeros, 2, a, NULL));
    check_text(&m, zeros, 2, (Str){"ba\0a\0\0", 6});
    sml_arena_free(a);
}

static void test_a_space_is_any_separator(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Automaton m;
    Str literal[] = {{"a b", 3}};
    assert_true(sml_automaton_build(&m, literal, 1, a, NULL));
    assert_int_equal(m.head.class_of[' '], m.head.class_of['\n']);
    assert_int_equal(m.head.class_of[' '], m.head.class_of['_']);
    sml_arena_free(a);
}

static void test_no_literals(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Automaton m;
    assert_true(sml_automaton_build(&m, NULL, 0, a, NULL));
    assert_int_equal(m.head.n_states, 1);
    assert_int_equal(m.head.n_final, 0);
    check_text(&m, NULL, 0, STR("anything"));
    sml_arena_free(a);
}

/* "0aaa..", "0aab..": each has three states of its own, so these have more than an entry has room for. */
static void test_too_many_states(void **state)
{
    (void)state;
    enum { MANY = 5600000 };
    static const char alphabet[64] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#'";
    Arena *a = sml_arena_new();
    Str *literals = ARENA_ARRAY(a, Str, MANY);
    char *bytes = ARENA_ARRAY(a, char, (size_t)MANY * 6);
    for (uint32_t i = 0; i < MANY; i++) {
        char *p = bytes + (size_t)i * 6;
        for (int k = 0; k < 4; k++)
            p[k] = alphabet[i >> (18 - 6 * k) & 63];
        p[4] = p[5] = 'x';
        literals[i] = (Str){p, 6};
    }
    Automaton m;
    sml_error err;
    assert_false(sml_automaton_build(&m, literals, MANY, a, &err));
    assert_non_null(strstr(err.message, "at most 16777216"));
    sml_arena_free(a);
}

static void test_many_states(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    enum { N = 30000 };
    Str *literals = ARENA_ARRAY(a, Str, N);
    for (uint32_t i = 0; i < N; i++)
        literals[i] = sml_arena_printf(a, "%c%05x", i % 2 ? 'z' : 'y', i * 33u);
    Automaton m;
    assert_true(sml_automaton_build(&m, literals, N, a, NULL));
    assert_true(m.head.n_states > 65536);
    /* lists lie close: 16 classes would take as many entries a state in rows */
    assert_true(m.n_steps < m.head.n_states * 2);
    Buf got = {0};
    walk(&got, &m, literals, STR("y00000 z00021 z0002 y00021"));
    assert_int_equal(got.len, strlen("6:0 13:1 "));
    assert_memory_equal(got.p, "6:0 13:1 ", got.len);
    sml_buf_free(&got);
    sml_arena_free(a);
}

/* Characters beyond ASCII that the automaton takes for one another. */
static void test_look_alikes(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Str literals[IMAGE_ENDS_MAX + 1];
    for (uint32_t i = 0; i <= IMAGE_ENDS_MAX; i++) {
        const char bytes[] = {(char)(0xE1 + i / 16), (char)(0x88 | (i / 4 % 4) << 4),
                              (char)(0x80 | (i % 4) << 4)};
        literals[i] = sml_arena_copy(a, (Str){bytes, sizeof bytes});
    }
    Automaton m;
    sml_error err;
    assert_true(sml_automaton_build(&m, literals, IMAGE_ENDS_MAX, a, &err));
    assert_int_equal(m.head.n_final, 1);
    check_text(&m, literals, IMAGE_ENDS_MAX, sml_arena_printf(a, "%.*s", STR_ARG(literals[9])));
    assert_false(sml_automaton_build(&m, literals, IMAGE_ENDS_MAX + 1, a, &err));
    assert_non_null(strstr(err.message, "65 of the rulebook's words look alike"));
    sml_arena_free(a);
}

static void test_equal_input_gives_equal_bytes(void **state)
{
    (void)state;
    Arena *a = sml_arena_new(), *b = sml_arena_new();
    uint64_t seed = 5;
    Str literals[500];
    uint32_t n = make_literals(literals, 500, 9, 'a', &seed, a);
    Automaton one, two;
    sml_arena_alloc(b, 12345, 1);
    assert_true(sml_automaton_build(&one, literals, n, a, NULL));
    assert_true(sml_automaton_build(&two, literals, n, b, NULL));
    assert_memory_equal(&one.head, &two.head, sizeof one.head);
    assert_memory_equal(one.states, two.states, one.head.n_states * sizeof *one.states);
    assert_int_equal(one.n_steps, two.n_steps);
    assert_memory_equal(one.steps, two.steps, one.n_steps * sizeof *one.steps);
    assert_int_equal(one.n_rows, two.n_rows);
    assert_memory_equal(one.rows, two.rows, one.n_rows * sizeof *one.rows);
    assert_int_equal(one.n_outputs, two.n_outputs);
    assert_memory_equal(one.outputs, two.outputs, one.n_outputs * sizeof *one.outputs);
    assert_memory_equal(one.final, two.final, (one.head.n_final + 1) * sizeof *one.final);
    sml_arena_free(a);
    sml_arena_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_essay),
        cmocka_unit_test(test_finds_what_a_plain_search_finds),
        cmocka_unit_test(test_every_byte_can_be_in_a_literal),
        cmocka_unit_test(test_a_space_is_any_separator),
        cmocka_unit_test(test_no_literals),
        cmocka_unit_test(test_many_states),
        cmocka_unit_test(test_too_many_states),
        cmocka_unit_test(test_look_alikes),
        cmocka_unit_test(test_equal_input_gives_equal_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
