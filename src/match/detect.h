/* SPDX-License-Identifier: MIT */
/*
 * Detectors: what a regex cannot say, check digits and the like. One row each in detect.def:
 * DETECT(name, function, features, "what it finds"). A detector runs only on posts that have its features.
 */
#ifndef SML_MATCH_DETECT_H
#define SML_MATCH_DETECT_H

#include "base/vec.h"
#include "text/token.h"

/* What a post has, gathered while its bytes are walked. */
enum {
    HAS_DIGIT = 1,
    HAS_AT = 2,
    HAS_CAPITAL = 4,         /* two capitals in a row in the original */
    HAS_STRANGE = 8,         /* see sml_detect_strange */
    HAS_NUMBER = 16,         /* six digits with at most one sign or space between two of them */
    HAS_LONG = 32,           /* 16 letters, digits, '_' or '-' in a row */
    HAS_DOTTED = 64,         /* a '.' between two letters or digits */
    HAS_SHOUT = 128,         /* six capitals in a row in the original */
    HAS_DOTTED_DIGITS = 256, /* a '.' between two digits, or "::" */
    HAS_WIDE = 512,          /* any byte above 0x7F */
    HAS_HASH = 1024,
    HAS_SIGNS = 2048,   /* five bytes in a row that are signs or above 0x7F */
    HAS_SPACED = 4096,  /* six digits that stand alone */
    HAS_RUN_ON = 8192,  /* a stop between a small letter and a capital */
    HAS_DOUBLED = 16384 /* a word behind itself */
};

typedef struct Detection {
    Str original;         /* the post as written (valid UTF-8): capitals, disguises */
    const Norm *norm;     /* its full fold */
    const Tokens *tokens; /* of the fold */
    unsigned has;         /* features */
} Detection;

typedef enum DetectorId {
#define DETECT(name, function, features, what) DETECTOR_##function,
#include "match/detect.def"
#undef DETECT
    DETECTOR_COUNT
} DetectorId;

/* Index of the detector called `name`, or DETECTOR_COUNT. */
uint32_t sml_detect_find(Str name);
Str sml_detect_name(uint32_t detector); /* empty behind the last */
unsigned sml_detect_features(uint32_t detector);

/* Has `original` a character that may hide, disguise or heap up letters? Letters of Latin script, common signs and nearly
 * all emoji are none. */
bool sml_detect_strange(Str original);

/* Appends each place found, as folded byte ranges in order, to `out` in `a`. Linear in the text. */
void sml_detect_run(Spans *out, uint32_t detector, const Detection *d, Arena *a);

/* Ends of the words of a hashtag without its '#', in one case, that is two common words or more run together; 0 if it is
 * not, or nobody knows. */
#define TAG_WORDS 12
size_t sml_detect_tag_words(Str tag, size_t ends[TAG_WORDS]);

#endif
