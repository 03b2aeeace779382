/* SPDX-License-Identifier: MIT */
/*
 * Numbers spelt out to hide them, or to be read aloud: "A B 1 2 3 4 5 6 C" and "0-7-1-2-3-…". The detectors of numbers look
 * again at a text in which such runs are closed up, and what they find there is taken back to its places:
 *
 *     text      ni a b 1 2 3 4 5 6 c ok
 *     closed    ni ab123456c ok          found 3..12, so 3..20
 *
 * A single letter before a number may be a word ("a 4 5 0 …"), so runs are closed up in two ways: digits only, and all.
 */
#include "match/detect_find.h"

#include <string.h>

#define SPACED_DIGITS 6 /* fewer make no number worth hiding */

static bool is_separator(char c)
{
    return c == ' ' || c == '-' || c == '.';
}

/* A letter or digit alone at `at`. */
static bool stands_alone(Str text, size_t at, bool letters)
{
    char c = byte_at(text, at);
    return (letters ? is_alnum(c) : is_digit(c)) && !(at && is_alnum(text.p[at - 1])) &&
           !is_alnum(byte_at(text, at + 1));
}

/* Where the run around `at`, if there is one, begins; no earlier than `from`. */
static size_t run_start(Str text, size_t at, size_t from, bool letters)
{
    if (is_separator(text.p[at]))
        at++;
    while (at >= from + 2 && is_separator(text.p[at - 1]) && stands_alone(text, at - 2, letters))
        at -= 2;
    return at;
}

/* The first run of single characters at or behind `at` that has digits enough; at the text's end if there is none. One that has
 * not is passed over as a whole, for what begins within it has no more. A run is long, so that it is enough to look at a place
 * here and there. */
static Span next_run(Str text, size_t at, bool letters)
{
    enum { STRIDE = 2 * SPACED_DIGITS - 2 };
    for (size_t here = at; here < text.len; here += STRIDE) {
        size_t start = run_start(text, here, at, letters), end = start, digits = 0;
        for (size_t i = start; stands_alone(text, i, letters); i += 2) {
            digits += is_digit(text.p[i]);
            end = i + 1;
            if (!is_separator(byte_at(text, end)))
                break;
        }
        if (digits >= SPACED_DIGITS)
            return (Span){(uint32_t)start, (uint32_t)end};
        if (end > start)
            at = here = end;
    }
    return (Span){(uint32_t)text.len, (uint32_t)text.len};
}

bool sml_detect_close_up(Find *out, const Find *f, bool letters)
{
    Span run = next_run(f->text, 0, letters);
    size_t n = 0;
    if (run.start == f->text.len)
        return false;
    char *text = sml_arena_alloc(f->a, f->text.len + 1, 1);
    uint32_t *places = ARENA_ARRAY(f->a, uint32_t, f->text.len + 1);
    for (size_t at = 0; at < f->text.len; at++) {
        if (at >= run.end)
            run = next_run(f->text, at, letters);
        if (at >= run.start && is_separator(f->text.p[at]))
            continue;
        places[n] = (uint32_t)at;
        text[n++] = f->text.p[at];
    }
    places[n] = (uint32_t)f->text.len;
    *out = *f;
    out->text = (Str){text, n};
    out->places = places;
    return true;
}
