/* SPDX-License-Identifier: MIT */
/*
 * The table of detectors and what they share. The detectors themselves: detect_number.c (numbers of people and accounts),
 * detect_net.c (addresses, machines, keys), detect_text.c (the look of the text).
 *
 * Nearly all go from word to word and try a shape there, a picture of what they look for: with "aa?99?99?99?a" the
 * text "ab 12 34 56 c" gives "ab123456c". A shape is short and cannot repeat, so a try takes bounded time.
 */
#include "match/detect.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "match/detect_find.h"

#include <stdlib.h>
#include <string.h>

#define CUE_BEFORE 40
#define CUE_BEHIND 25

typedef struct Detector {
    Str name;
    unsigned features;
    void (*run)(Find *f);
} Detector;

static const Detector detectors[] = {
#define DETECT(name, function, features, what)                                                     \
    {{name, sizeof(name) - 1}, features, sml_detect_##function},
#include "match/detect.def"
#undef DETECT
};

uint32_t sml_detect_find(Str name)
{
    uint32_t i = 0;
    while (i < DETECTOR_COUNT && !sml_str_eq(name, detectors[i].name))
        i++;
    return i;
}

Str sml_detect_name(uint32_t detector)
{
    return detector < DETECTOR_COUNT ? detectors[detector].name : (Str){NULL, 0};
}

unsigned sml_detect_features(uint32_t detector)
{
    return detector < DETECTOR_COUNT ? detectors[detector].features : 0;
}

static int compare_spans(const void *a, const void *b)
{
    const Span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Numbers spelt out are found by themselves, then put in order among the others. */
static void run_closed_up(uint32_t detector, Find *f)
{
    Spans found = {0}, all = *f->out;
    for (int letters = 0; letters < 2; letters++) {
        Find closed;
        if (!sml_detect_close_up(&closed, f, letters != 0))
            continue;
        found.n = 0;
        closed.out = &found;
        detectors[detector].run(&closed);
        for (uint32_t i = 0; i < found.n; i++)
            VEC_PUSH(&all, f->a) = found.v[i];
    }
    if (all.n == f->out->n)
        return;
    qsort(all.v, all.n, sizeof *all.v, compare_spans);
    *f->out = (Spans){0};
    for (uint32_t i = 0; i < all.n; i++)
        sml_detect_add(f, all.v[i].start, all.v[i].end);
}

void sml_detect_run(Spans *out, uint32_t detector, const Detection *d, Arena *a)
{
    if (detector >= DETECTOR_COUNT)
        return;
    Find f = {.d = d, .text = d->norm->text, .out = out, .a = a};
    detectors[detector].run(&f);
    if ((detectors[detector].features & HAS_NUMBER) && (d->has & HAS_SPACED))
        run_closed_up(detector, &f);
}

/* ---- findings ---- */

void sml_detect_add(Find *f, size_t start, size_t end)
{
    if (start >= end)
        return;
    if (f->places) {
        end = f->places[end - 1] + (size_t)1;
        start = f->places[start];
    }
    if (f->out->n && start <= VEC_LAST(f->out).end) {
        if (end > VEC_LAST(f->out).end)
            VEC_LAST(f->out).end = (uint32_t)end;
        return;
    }
    VEC_PUSH(f->out, f->a) = (Span){(uint32_t)start, (uint32_t)end};
}

void sml_detect_add_original(Find *f, size_t start, size_t end)
{
    size_t from = sml_norm_from_original(f->d->norm, (uint32_t)start);
    size_t to = sml_norm_from_original(f->d->norm, (uint32_t)end);
    if (from >= to) {
        to = from;
        if (from > 0)
            from = sml_utf8_floor(f->text, from - 1);
        if (to < f->text.len)
            sml_utf8_next(f->text, &to);
    }
    sml_detect_add(f, from, to);
}

/* ---- edges ---- */

static bool word_begins(Str text, size_t at)
{
    if (at == 0)
        return true;
    char before = text.p[at - 1];
    return !is_alnum(before) && before != '_' &&
           ((unsigned char)before < 0x80 || sml_token_edge(text, (uint32_t)at));
}

size_t sml_detect_word(const Find *f, size_t at)
{
    for (; at < f->text.len; at++)
        if (is_alnum(f->text.p[at]) && word_begins(f->text, at))
            return at;
    return f->text.len;
}

size_t sml_detect_word_by_digit(const Find *f, size_t at, size_t within)
{
    while ((at = sml_detect_word(f, at)) < f->text.len) {
        size_t digit = at;
        while (digit < f->text.len && !is_digit(f->text.p[digit]))
            digit++;
        if (digit == f->text.len)
            return digit;
        if (digit - at <= within)
            return at;
        at = digit - within;
    }
    return at;
}

size_t sml_detect_digit(const Find *f, size_t at)
{
    for (; at < f->text.len; at++)
        if (is_digit(f->text.p[at]) && word_begins(f->text, at))
            return at;
    return f->text.len;
}

bool sml_detect_ends(const Find *f, size_t at)
{
    return byte_at(f->text, at) != '_' && sml_token_edge(f->text, (uint32_t)at);
}

/* Signs that carry a number on when digits stand on their far side: 1.5, 10/11, 20-30. */
static bool joins_digits(char c)
{
    return c == '.' || c == ',' || c == '/' || c == '-' || c == ':';
}

bool sml_detect_number_ends(const Find *f, size_t at)
{
    return sml_detect_ends(f, at) &&
           !(joins_digits(byte_at(f->text, at)) && is_digit(byte_at(f->text, at + 1)));
}

static bool number_begins(const Find *f, size_t at)
{
    if (at == 0)
        return true;
    char before = f->text.p[at - 1];
    return before != '+' && !(at > 1 && joins_digits(before) && is_digit(f->text.p[at - 2]));
}

/* Names of parameters, or their ends. */
static const char *const number_names[] = {
    "nino",    "ni",      "nhs", "utr",   "number", "no",   "num",   "passport", "iban", "account",
    "licence", "license", "tel", "phone", "mobile", "card", "email", "mail",     NULL};

/* "?nhs_number=" before `at`: what follows is as good as said aloud. */
static bool is_named(const Find *f, size_t at)
{
    if (at == 0 || f->text.p[at - 1] != '=')
        return false;
    size_t end = at - 1, start = end;
    while (start > 0 && is_letter(f->text.p[start - 1]))
        start--;
    Str name = sml_str_slice(f->text, start, end);
    for (const char *const *n = number_names; *n; n++)
        if (sml_str_ends(name, sml_str_from(*n)))
            return true;
    return false;
}

bool sml_detect_in_link(const Find *f, size_t at)
{
    uint32_t place = f->places ? f->places[at] : (uint32_t)at;
    const Token *t = sml_token_holding(f->d->tokens, place);
    if (!t || (t->kind != TOKEN_URL && t->kind != TOKEN_EMAIL && t->kind != TOKEN_MENTION))
        return false;
    return t->kind != TOKEN_URL || !is_named(f, at);
}

bool sml_detect_in_capitals(const Find *f, size_t start, size_t end)
{
    if (f->places) {
        end = f->places[end];
        start = f->places[start];
    }
    Span span = sml_norm_span(f->d->norm, (uint32_t)start, (uint32_t)end);
    Str written = sml_str_slice(f->d->original, span.start, span.end);
    bool capital = false;
    for (size_t i = 0; i < written.len;) {
        char byte = written.p[i];
        bool wide = (unsigned char)byte >= 0x80;
        uint32_t c = wide ? sml_utf8_next(written, &i) : (i++, (uint32_t)byte);
        if (wide ? sml_unicode_is_lower(c) : c >= 'a' && c <= 'z')
            return false;
        capital |= wide ? sml_unicode_is_upper(c) : c >= 'A' && c <= 'Z';
    }
    return capital;
}

/* ---- shapes and words ---- */

static bool fits(char picture, char c)
{
    switch (picture) {
    case '9':
        return is_digit(c);
    case 'a':
        return is_letter(c);
    case 'x':
        return is_alnum(c);
    default:
        return c == picture;
    }
}

size_t sml_detect_shape(Str text, size_t at, const char *shape, char *got)
{
    for (; *shape; shape++) {
        char c = byte_at(text, at);
        if (*shape == '_' || *shape == '?') {
            if (c == ' ' || (c == '-' && *shape == '?'))
                at++;
            continue;
        }
        if (!fits(*shape, c))
            return 0;
        at++;
        if (is_alnum(*shape))
            *got++ = c;
    }
    *got = '\0';
    return at;
}

size_t sml_detect_number(const Find *f, size_t at, const char *shape, char *got)
{
    if (!is_digit(byte_at(f->text, at)) || !number_begins(f, at))
        return 0;
    size_t end = sml_detect_shape(f->text, at, shape, got);
    return end && sml_detect_number_ends(f, end) && !sml_detect_in_link(f, at) ? end : 0;
}

static size_t find_cue(const Find *f, size_t from, size_t to, Str cue)
{
    Str window = sml_str_slice(f->text, 0, to);
    for (size_t at = from; (at = sml_str_find(window, cue, at)) != SIZE_MAX; at++)
        if (sml_token_edge(f->text, (uint32_t)at) &&
            sml_token_edge(f->text, (uint32_t)(at + cue.len)))
            return at;
    return SIZE_MAX;
}

bool sml_detect_cue(Span *where, const Find *f, size_t start, size_t end, const char *const *cues)
{
    size_t from = start > CUE_BEFORE ? start - CUE_BEFORE : 0;
    from = sml_utf8_floor(f->text, from);
    for (; *cues; cues++) {
        Str cue = sml_str_from(*cues);
        size_t at = find_cue(f, from, end + CUE_BEHIND, cue);
        if (at == SIZE_MAX)
            continue;
        if (where)
            *where = (Span){(uint32_t)at, (uint32_t)(at + cue.len)};
        return true;
    }
    return false;
}

bool sml_detect_listed(Str word, const char *const *list)
{
    for (; *list; list++)
        if (sml_str_eq(word, sml_str_from(*list)))
            return true;
    return false;
}
