/* SPDX-License-Identifier: MIT */
/*
 * Folding: text as rules see it, with spelling tricks undone, and the map back to the bytes as written.
 *
 * "Vote\u00a0L\u200babour" becomes "vote labour"; a hit on "labour" maps back to the 9 bytes "L\u200babour".
 *
 * The full fold, in order: quotes and apostrophes to ' and ", dashes to -, spaces (every kind to one
 * space; runs collapse; CRLF and CR become \n and spaces beside a line break go), zero-width characters
 * out (outside emoji and scripts that need them), composition, NFKC, full case folding, confusables to ASCII in words that mix
 * scripts, and our own rows for fancy letters that NFKC leaves. Accents stay: ŵ and ŷ are letters. Runs of line breaks stay as they are.
 *
 * White space at the start or end of a text is treated as anywhere: one space or the line breaks are left. Zero-width counts
 * what no screen shows: control characters, bidi marks and tags too; Hangul and Braille blanks count as spaces. NFKC is left
 * out where it would only harm: ™ stays a sign, and a spacing accent does not become a space. Under "width" a stroke,
 * line or frame that was combined with a Latin letter goes. A confusable letter with accents stays.
 */
#ifndef SML_TEXT_NORM_H
#define SML_TEXT_NORM_H

#include "base/arena.h"

enum {
    FOLD_QUOTES = 1 << 0,
    FOLD_DASHES = 1 << 1,
    FOLD_SPACES = 1 << 2,
    FOLD_ZERO_WIDTH = 1 << 3,
    FOLD_COMPOSE = 1 << 4,
    FOLD_WIDTH = 1 << 5, /* NFKC and fancy letters */
    FOLD_CASE = 1 << 6,
    FOLD_CONFUSABLES = 1 << 7,
    FOLD_ALL = (1 << 8) - 1
};

/* The names rules use in `fold`, in bit order: quotes dashes spaces zero-width compose width case confusables. */
extern const char *const sml_norm_names[8];

/* One stretch of folded bytes. `len` 0: byte for byte as the original from `in`. Otherwise the whole
 * stretch stands for original bytes [in, in + len), and no part of it is smaller than that. */
typedef struct NormPiece {
    uint32_t out, in, len;
} NormPiece;

typedef struct Norm {
    Str text; /* folded; valid UTF-8 */
    /* by `out`, the first at 0; empty where folded and original agree byte for byte in place */
    const NormPiece *pieces;
    uint32_t n_pieces;
    uint32_t original_len;
    /* FOLD_* bits of the steps that changed something other than ASCII case and ASCII space */
    uint32_t tricks;
} Norm;

/* Folds valid UTF-8 of less than 2^31 bytes. Result and map live in `a`. Pure ASCII takes a fast path with
 * the same answer. Bytes that only change ASCII case need no piece of their own. */
void sml_norm_apply(Norm *out, Str text, unsigned folds, Arena *a);

/* Original bytes of folded bytes [start, end): includes deleted bytes inside, none at the edges. An empty
 * range maps to an empty range. */
Span sml_norm_span(const Norm *n, uint32_t start, uint32_t end);

/* Folded offset of the first folded byte whose original begins at or after original byte `at`. */
uint32_t sml_norm_from_original(const Norm *n, uint32_t at);

/* Version of utf8proc, "2.8.0"; static. */
const char *sml_norm_version(void);

#endif
