/* SPDX-License-Identifier: MIT */
/*
 * How long a post is by each network's own count, and how much of it fits.
 *
 * "Read https://example.gov.uk/a/very/long/path 👍🏽" is 31 long on X and on Mastodon (a link costs 23 whatever its length; the
 * emoji 2 and 1), 46 on Bluesky, 49 in UTF-16 units, 53 on Threads.
 */
#ifndef SML_TEXT_LENGTH_H
#define SML_TEXT_LENGTH_H

#include "base/arena.h"

/* In the order of WORDS(UNIT, ...) in rulebook/fields.def. */
typedef enum LengthUnit {
    LENGTH_WEIGHTED, /* X: composed characters, of which many weigh 2, an emoji 2, a link as told */
    LENGTH_GRAPHEMES, /* characters as people see them */
    LENGTH_MASTODON, /* the same; a link with its protocol costs as told, and a mention's server nothing */
    LENGTH_THREADS, /* code points, but an emoji costs its bytes */
    LENGTH_UTF16,   /* UTF-16 units */
    LENGTH_BYTES,   /* of UTF-8 */
    LENGTH_UNITS
} LengthUnit;

typedef struct Length {
    uint64_t used;
    uint32_t
        fits; /* bytes of the text, from its start, that the network takes: within the limit, and before U+FEFF, U+FFFE, U+FFFF on X */
} Length;

/* Measures valid UTF-8. A line break counts once, CRLF too. `link` is what a link costs where the unit has a price for it. */
Length sml_length_measure(LengthUnit unit, Str text, uint32_t limit, uint32_t link, Arena *a);

/* What of a draft goes out: networks cut white space off both its ends. */
Span sml_length_posted(Str text);

#endif
