/* SPDX-License-Identifier: MIT */
/*
 * What Unicode says of a code point, from generated tables (unicode_tables.inc), and where a
 * character as people see it ends. Nothing here allocates or changes text: folding is
 * text/norm.h's.
 */
#ifndef SML_BASE_UNICODE_H
#define SML_BASE_UNICODE_H

#include "base/str.h"

/* Bits of UnicodeRecord.flags. */
enum {
    UNICODE_LETTER = 1 << 0, /* categories L* and Nl */
    UNICODE_MARK = 1 << 1,   /* M* */
    UNICODE_DIGIT = 1 << 2,  /* Nd */
    UNICODE_UPPER = 1 << 3,  /* Lu, Lt */
    UNICODE_LOWER = 1 << 4,  /* Ll */
    UNICODE_SPACE = 1 << 5,
    UNICODE_INVISIBLE =
        1 << 6, /* zero-width characters, controls, bidi marks, tags, variation selectors */
    UNICODE_EMOJI = 1 << 7, /* an emoji as it stands: emoji presentation, regional indicators, and
                               what networks draw as one without being asked */
    UNICODE_EMOJI_TEXT = 1 << 8, /* an emoji only when U+FE0F follows; no ASCII */
    UNICODE_PICTOGRAPHIC = 1 << 9,
    UNICODE_JOINING = 1 << 10,   /* of a script that needs joiners: Arabic, Indic, Mongolian, … */
    UNICODE_CONFUSABLE = 1 << 11 /* it, or a capital of it, has a row of sml_unicode_confusable */
};
#define UNICODE_WORD (UNICODE_LETTER | UNICODE_MARK | UNICODE_DIGIT)

/* Scripts that a draft meets, or that lend letters to disguises; the others are UNICODE_OTHER. */
typedef enum UnicodeScript {
    UNICODE_COMMON, /* and inherited */
    UNICODE_LATIN,
    UNICODE_GREEK,
    UNICODE_CYRILLIC,
    UNICODE_ARMENIAN,
    UNICODE_CHEROKEE,
    UNICODE_COPTIC,
    UNICODE_LISU,
    UNICODE_CANADIAN,
    UNICODE_GEORGIAN,
    UNICODE_HEBREW,
    UNICODE_ARABIC,
    UNICODE_HAN, /* Han, kana, bopomofo, hangul */
    UNICODE_OTHER
} UnicodeScript;

/* What the full fold has to do with a code point; text/norm.c is the reader. */
typedef enum UnicodeFold {
    UNICODE_SAME,   /* nothing */
    UNICODE_QUOTE,  /* becomes ' */
    UNICODE_QUOTES, /* becomes " */
    UNICODE_DASH,
    UNICODE_BLANK,     /* becomes a space */
    UNICODE_BREAK,     /* becomes a line break */
    UNICODE_IGNORE,    /* goes */
    UNICODE_JOINER,    /* goes, but not in scripts that need it, nor inside emoji */
    UNICODE_VARIATION, /* U+FE0E, U+FE0F: goes, but not behind emoji */
    UNICODE_LOWERCASE, /* becomes its simple lower case, and nothing else happens to it */
    UNICODE_FANCY,     /* has a row of sml_unicode_fancy */
    UNICODE_CHANGES,   /* composition, compatibility or case change it: ask utf8proc */
    UNICODE_KEEP,   /* compatibility would change it for the worse (to a space and a mark, "™" to
                       letters): nothing */
    UNICODE_JOINS,  /* may change with, or reorder behind, what stands before it */
    UNICODE_OVERLAY /* as JOINS; strikes out, underlines or encloses its base */
} UnicodeFold;

typedef struct UnicodeRecord {
    uint16_t flags;
    uint8_t cluster; /* grapheme cluster break class; private */
    uint8_t script;  /* UnicodeScript */
    uint8_t fold;    /* UnicodeFold */
    uint8_t width;   /* see sml_unicode_width */
} UnicodeRecord;

/* Everything about `code_point`; what lies above U+10FFFF is as an unassigned one. Static. */
const UnicodeRecord *sml_unicode_record(uint32_t code_point);

/* Letter, mark or digit: what words are made of. */
bool sml_unicode_is_word(uint32_t code_point);
bool sml_unicode_is_upper(uint32_t code_point);
bool sml_unicode_is_lower(uint32_t code_point);

/* Is there nothing to see in it: only white space and invisible characters, or nothing at all? */
bool sml_unicode_is_blank(Str s);

/* Columns of a terminal: 0 marks, joiners, controls; 2 wide letters and emoji presentation; else 1.
 */
unsigned sml_unicode_width(uint32_t code_point);

/* End of the grapheme cluster that begins at `at` (below s.len). A bad byte is a cluster of its
 * own. */
size_t sml_unicode_cluster(Str s, size_t at);

/* Are capitals and small letters in the same places? Only cased letters are looked at, so text that
 * folds to the same words may differ in quotes, marks and hidden characters. */
bool sml_unicode_same_case(Str a, Str b);

/* The ASCII letters that a disguised one stands for, in the case of its shape: for UNICODE_FANCY
 * always, for UNICODE_CONFUSABLE in words that also hold Latin letters. The empty Str where there
 * is no row. Static. */
Str sml_unicode_fancy(uint32_t code_point);
Str sml_unicode_confusable(uint32_t code_point);

/* "15.0.0", static. */
const char *sml_unicode_version(void);

#endif
