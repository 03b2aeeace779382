/* SPDX-License-Identifier: MIT */
/*
 * How fast the literal automaton is built and walked: bench_prefilter [TEXT-FILE [LITERALS...]]
 *
 * Literals are cut from the text itself at word starts, those that occur often left out, so that
 * the walk goes through the states that English leads to but seldom reports. Without a file the
 * text is made up.
 */
#include "../unit/image_build.h"
#include "base/io.h"
#include "base/map.h"
#include "base/vec.h"
#include "match/prefilter.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_BYTES ((size_t)16 << 20)
#define COMMON     40 /* occurrences that make a literal too common */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint32_t rnd(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* Words of three syllables at most; low numbers, and so the first syllables, come up most. */
static void make_text(Buf *text)
{
    static const char *const syllable[] = {
        "the", "er",  "an",  "to",  "re",  "in",  "ment", "ing",  "con", "pol", "i",   "ty",
        "vo",  "ter", "lab", "our", "gov", "ern", "ser",  "vice", "civ", "il",  "pub", "lic"};
    uint64_t seed = 1;
    while (text->len < TEXT_BYTES) {
        for (uint32_t n = rnd(&seed) % 3; n < 3; n++)
            sml_buf_add(text, sml_str_from(syllable[(rnd(&seed) % 24) * (rnd(&seed) % 24) / 24]));
        sml_buf_addc(text, rnd(&seed) % 12 ? ' ' : '\n');
    }
}

static void lower(Buf *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (text->p[i] >= 'A' && text->p[i] <= 'Z')
            text->p[i] = (char)(text->p[i] + 32);
}

static void repeat(Buf *text)
{
    size_t once = text->len;
    while (text->len < TEXT_BYTES) {
        sml_buf_reserve(text, once);
        sml_buf_add(text, (Str){text->p, once});
    }
}

/* The text's different 6-byte word starts with how often each occurs. */
static uint32_t count_starts(Str text, Str **starts, uint32_t **counts, Arena *a)
{
    VEC(Str) found = {0};
    VEC(uint32_t) count = {0};
    Map seen = {0};
    for (size_t i = 1; i + IMAGE_LITERAL_MAX < text.len; i++) {
        Str s = sml_str_slice(text, i, i + IMAGE_LITERAL_MAX);
        uint32_t at;
        if (text.p[i - 1] != ' ' || text.p[i] == ' ')
            continue;
        if (sml_map_add(&seen, s, found.n, a)) {
            VEC_PUSH(&found, a) = s;
            VEC_PUSH(&count, a) = 1;
        } else if (sml_map_get(&seen, s, &at)) {
            count.v[at]++;
        }
    }
    *starts = found.v;
    *counts = count.v;
    return found.n;
}

static uint32_t choose(Str *literals, uint32_t want, Str text, Arena *a)
{
    Str *starts;
    uint32_t *counts, chosen = 0, seen = 0;
    uint32_t n = count_starts(text, &starts, &counts, a);
    uint64_t seed = 7;
    for (uint32_t i = 0; i < n && chosen < want; i++, seen++)
        if (counts[i] < COMMON && rnd(&seed) % (n - i) < want - chosen)
            literals[chosen++] = starts[i];
    return chosen;
}

static void count_hit(void *user, const Hit *hit)
{
    (void)hit;
    ++*(size_t *)user;
}

static void bench(Str text, size_t sample, uint32_t want)
{
    Arena *a = sml_arena_new();
    Str *literals = ARENA_ARRAY(a, Str, want);
    uint32_t n = choose(literals, want, sml_str_slice(text, 0, sample), a);
    ImageLiteral *records = ARENA_ARRAY(a, ImageLiteral, n);
    Built b = {.arena = a};
    for (uint32_t i = 0; i < n; i++)
        records[i] = built_literal(literals[i], LITERAL_EDGE);
    b.section[SECTION_LITERALS] = (BuiltSection){records, n};

    Automaton automaton;
    sml_error err;
    double start = now();
    if (!sml_automaton_build(&automaton, literals, n, a, &err)) {
        fprintf(stderr, "%s\n", err.message);
        exit(2);
    }
    double built = now() - start;
    built_automaton(&b, &automaton, records);
    Image image = sml_image_trust(built_image(&b));

    double best = 1e9;
    size_t hits = 0;
    for (int round = 0; round < 5; round++) {
        ArenaMark mark = sml_arena_mark(a);
        size_t found = 0;
        start = now();
        sml_prefilter_walk(&image, text, count_hit, &found);
        double took = now() - start;
        best = took < best ? took : best;
        hits = found;
        sml_arena_rewind(a, mark);
    }
    size_t table = automaton.head.n_states * sizeof *automaton.states +
                   ((size_t)automaton.n_steps + automaton.n_rows) * sizeof *automaton.steps;
    printf("%6u literals: %6u states, %3u classes, %6zu KiB, built in %6.2f ms; walk %4.0f MB/s, "
           "a hit every %.0f bytes\n",
           n, automaton.head.n_states, automaton.head.stride, table >> 10, built * 1e3,
           (double)text.len / best / 1e6, (double)text.len / (double)(hits ? hits : 1));
    sml_arena_free(a);
}

int main(int argc, char **argv)
{
    Buf text = {0};
    sml_error err;
    if (argc > 1 && !sml_io_read(&text, argv[1], (size_t)1 << 30, &err)) {
        fprintf(stderr, "%s: %s\n", err.path, err.message);
        return 2;
    }
    if (argc < 2)
        make_text(&text);
    lower(&text);
    size_t sample = text.len;
    if (text.len > 0)
        repeat(&text);
    static const uint32_t sizes[] = {100, 2724, 27000};
    for (int i = 0; argc < 3 && i < 3; i++)
        bench(sml_buf_str(&text), sample, sizes[i]);
    for (int i = 2; i < argc; i++)
        bench(sml_buf_str(&text), sample, (uint32_t)strtoul(argv[i], NULL, 10));
    sml_buf_free(&text);
    return 0;
}
