/* SPDX-License-Identifier: MIT */
/* What the detectors share: shapes, edges, cue words. Private to match/detect*.c; others use match/detect.h. */
#ifndef SML_MATCH_DETECT_FIND_H
#define SML_MATCH_DETECT_FIND_H

#include "match/detect.h"

typedef struct Find {
    const Detection *d;
    Str text; /* folded */
    /* of each byte of `text`, and of its end, in the fold; NULL: where it stands itself */
    const uint32_t *places;
    Spans *out;
    Arena *a;
} Find;

#define DETECT(name, function, features, what) void sml_detect_##function(Find *f);
#include "match/detect.def"
#undef DETECT

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}
static inline bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}
static inline bool is_alnum(char c)
{
    return is_digit(c) || is_letter(c);
}
static inline char byte_at(Str s, size_t at)
{
    return at < s.len ? s.p[at] : '\0';
}

/* The folded range is a finding. One that touches or overlaps the last only lengthens it. */
void sml_detect_add(Find *f, size_t start, size_t end);

/* The same for a range of the original. A range that folding deletes is shown by the characters on both its sides. */
void sml_detect_add_original(Find *f, size_t start, size_t end);

/* Start of the first word at or behind `at` that begins with an ASCII letter or digit, or text.len. */
size_t sml_detect_word(const Find *f, size_t at);

/* The same for words that have a digit at most `within` bytes behind their start. */
size_t sml_detect_word_by_digit(const Find *f, size_t at, size_t within);

/* The same for words that begin with a digit: few texts have many, so this is quick. */
size_t sml_detect_digit(const Find *f, size_t at);

/* May a word, or a number, end at `at`? A number may not where ".5" or "-5" goes on with it. */
bool sml_detect_ends(const Find *f, size_t at);
bool sml_detect_number_ends(const Find *f, size_t at);

/*
 * End of what stands at `at` in the given shape, or 0; `got` (room for the shape) takes it without separators. In a
 * shape 9 is a digit, a letter 'a' a letter, x either, '_' a space or none, '?' a space, a hyphen or none, all others
 * themselves. Edges are the caller's business.
 */
size_t sml_detect_shape(Str text, size_t at, const char *shape, char *got);

/* The same for a number at a word's start: edges are right, no sign or decimal point before, not part of a link. */
size_t sml_detect_number(const Find *f, size_t at, const char *shape, char *got);

/* `f` with numbers that are spelt out digit by digit (with `letters` also letter by letter) closed up; false if there are none. */
bool sml_detect_close_up(Find *out, const Find *f, bool letters);

/* Is `at` in a link, an e-mail address or a handle? What a link's query names as a number is not ("?nino=..."). */
bool sml_detect_in_link(const Find *f, size_t at);

/* Is one of these words (NULL ends the list) near [start, end), 40 bytes before or 25 behind? `where`, if not NULL, gets its place. */
bool sml_detect_cue(Span *where, const Find *f, size_t start, size_t end, const char *const *cues);

/* No small letter in the original of folded [start, end), and one capital at least? */
bool sml_detect_in_capitals(const Find *f, size_t start, size_t end);

/* Is `word` in the list (NULL ends it)? */
bool sml_detect_listed(Str word, const char *const *list);

#endif
