/* SPDX-License-Identifier: MIT */
/*
 * One pass over folded text: words, sentences, URLs, mentions, hashtags, emoji, quotations, repost marks.
 * All offsets are into the folded text.
 *
 * A word is a run of letters, marks and digits with inner apostrophes, hyphens; a URL, mention, hashtag or
 * e-mail address is one token and counts as one word. Emoji are tokens but no words. Punctuation and
 * symbols are no tokens. A dash between words parts them, though folding made it look like a hyphen.
 *
 * A sentence ends at . ! ? or … with white space behind it (and closing quotation marks or brackets before that), but not
 * behind initials and abbreviations such as "Mr." or "p.m."; at two line breaks; and at one where a list item or an emoji
 * begins the next line ("£5" begins none).
 */
#ifndef SML_TEXT_TOKEN_H
#define SML_TEXT_TOKEN_H

#include "text/norm.h"

typedef enum TokenKind {
    TOKEN_WORD,
    TOKEN_NUMBER, /* begins with a digit and holds no letter: 12  1,500  3.5 */
    TOKEN_URL,
    TOKEN_MENTION,
    TOKEN_HASHTAG,
    TOKEN_EMAIL,
    TOKEN_EMOJI, /* one cluster */
    TOKEN_KINDS
} TokenKind;

typedef struct Token {
    uint32_t start;
    uint32_t len : 28; /* no token counts for longer */
    uint32_t kind : 3;
    uint32_t leads : 1; /* begins a sentence */
} Token;
#define TOKEN_LEN_MAX ((UINT32_C(1) << 28) - 1)

static inline uint32_t sml_token_end(const Token *t)
{
    return t->start + t->len;
}

/* A hashtag's words. `splits` are folded offsets: the first is behind the '#', the last is the tag's end, and
 * between them stands each place where a word of the tag begins (a capital after a small letter, the last
 * capital of a run before a small letter, where digits begin or end, before and after '_'). A tag in one case, a capital
 * at its start allowed (and not more than two parts by digits alone), has `one_case` set: then words may begin anywhere in it. */
typedef struct Tag {
    uint32_t token; /* index */
    const uint32_t *splits;
    uint32_t n_splits;
    bool one_case;
} Tag;

typedef struct Tokens {
    const Token *v;
    uint32_t n;
    uint32_t count[TOKEN_KINDS];
    const uint32_t *sentences; /* the first token of each */
    uint32_t n_sentences;
    uint32_t ended;  /* where the last sentence does, if no token is behind that; else the end */
    const Tag *tags; /* by token */
    uint32_t n_tags;
    /* between quotation marks, marks left out; by start, not nested; an opening mark that never
     * closes opens nothing */
    const Span *quotes;
    uint32_t n_quotes;
    /* of a long text only, or NULL: the first token that ends behind each 256th byte, and n at last */
    const uint32_t *rungs;
    uint32_t n_rungs;
    /* where somebody else's words begin: behind "RT @name:", "MT @name", "QT @name" and their like;
     * UINT32_MAX without one */
    uint32_t repost;
} Tokens;

/* Cuts up `norm`, the full fold or a lesser one; `original` is what was folded: it has the capitals of hashtags, the sides of
 * quotation marks, and dashes that are no hyphens. */
void sml_token_scan(Tokens *out, const Norm *norm, Str original, Arena *a);

/* Index of the first token that ends behind folded offset `at`; tokens.n if there is none. */
uint32_t sml_token_at(const Tokens *t, uint32_t at);

/* Which sentence a token is of. */
uint32_t sml_token_sentence(const Tokens *t, uint32_t token);

/* The token that holds `at`, or NULL (white space, punctuation). */
const Token *sml_token_holding(const Tokens *t, uint32_t at);

/* The tag of the hashtag token with this index, or NULL. */
const Tag *sml_token_tag(const Tokens *t, uint32_t token);

/* Do the words' edges of our own hold here? True where no letter, mark or digit stands on both sides of `at`.
 * Works on any UTF-8 text. */
bool sml_token_edge(Str text, uint32_t at);

#endif
