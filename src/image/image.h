/* SPDX-License-Identifier: MIT */
/*
 * A compiled rulebook as one block of bytes: the only thing that the compiling half and the scanning half
 * share. Offsets stand in place of pointers, so the same bytes work linked into the program, read from a file, or fresh from
 * the compiler.
 *
 *     header | sections, each an array of one record type, 8-byte aligned
 *
 * Records refer to others by index and to text by ImageStr, an offset and a length in the string section. A
 * range (first, n) names consecutive records of a section. NONE stands for "no such record".
 *
 * What matching needs lies in front, in sections and strings alike; what only people read, or tests of rules, behind it, so that
 * its pages stay on the disk.
 *
 * Byte order and record layout are the machine's own; the header says which, and a foreign image is
 * refused. An image from a file is hostile until sml_image_open has checked it: afterwards every index,
 * offset, jump and state in it is in bounds, and code that follows them needs no checks of its own.
 */
#ifndef SML_IMAGE_IMAGE_H
#define SML_IMAGE_IMAGE_H

#include "base/error.h"

#define IMAGE_MAGIC     "sm-lint\x1a"
#define IMAGE_VERSION   10
#define IMAGE_ENDIAN    UINT32_C(0x01020304)
#define IMAGE_NONE      UINT32_C(0xFFFFFFFF)
#define IMAGE_MAX_BYTES (UINT32_C(256) << 20)

/* What an image may have at most; more is for the compiler to refuse, in words that the author understands. */
#define IMAGE_LITERAL_MAX 6  /* bytes of a literal */
#define IMAGE_ENDS_MAX    64 /* literals that end in one state of the automaton */
#define IMAGE_COND_DEPTH  32 /* conditions inside conditions */
#define IMAGE_GROUPS_MAX  65536
#define IMAGE_GROUP_DEPTH 16    /* groups that refer to groups */
#define IMAGE_PROGRAM_MAX 16384 /* words of one phrase program */
#define IMAGE_PATH_MAX    512   /* instructions on the longest way through it */

typedef struct ImageStr {
    uint32_t at, len;
} ImageStr;

typedef struct ImageRange {
    uint32_t first, n;
} ImageRange;

/* ---- patterns and groups --------------------------------------------------------------------- */

/* Classes of text a pattern may match in (`in` of a rule): bits by where the match begins. */
enum {
    IN_TEXT = 1 << 0,
    IN_HASHTAG = 1 << 1,
    IN_MENTION = 1 << 2,
    IN_URL = 1 << 3,
    IN_QUOTE = 1 << 4,
    IN_ALT = 1 << 5,
    IN_NAME = 1 << 6,
    IN_DEFAULT = IN_TEXT | IN_HASHTAG
};

/* An id with a distance: the literal begins so many bytes behind its pattern's anchor. */
#define IMAGE_ID(packed)     (UINT32_C(0xFFFFFF) & (packed))
#define IMAGE_BACK(packed)   ((packed) >> 24)
#define IMAGE_PACK(id, back) ((id) | (uint32_t)(back) << 24)
#define IMAGE_BACK_MAX       255

/* A literal that the automaton looks for: at most IMAGE_LITERAL_MAX folded bytes. EDGE: no letter, mark or digit may
 * stand before it; EDGE_END: nor behind it (for whole words that were not cut). Neither counts in a hashtag, where words
 * stand closed up. CONFUSED: bytes that share a class with others are among its own, so that the automaton reports it where
 * it may not stand. LOOSE: some pattern takes it without the edges. `owners` are the awaited patterns (see ImageGroup)
 * that it may be part of. */
enum { LITERAL_EDGE = 1, LITERAL_EDGE_END = 2, LITERAL_CONFUSED = 4, LITERAL_LOOSE = 8 };
typedef struct ImageLiteral {
    char text[IMAGE_LITERAL_MAX];
    uint8_t len, flags;
    ImageRange owners; /* section OWNERS */
    ImageRange
        others; /* section ANCHORS: groups that are not awaited and have it among their sources */
} ImageLiteral;

static inline Str sml_image_literal(const ImageLiteral *l)
{
    return (Str){l->text, l->len};
}

/* A pattern that a literal or a list may be the anchor of, and a sieve: unless the hit lies in a hashtag, the pattern
 * matches there only if the byte at[i] bytes behind its anchor's start (of a list's match with at[i] not negative: its end)
 * is of one of the classes (image/sieve.h) of MASKS[mask[i]], for every i before the first with MASK_ALL. */
#define IMAGE_SIEVE    4
#define IMAGE_MASK_ALL 0
#define OWNER_LIST     UINT32_C(0x80000000)
#define OWNER_STRICT   UINT32_C(0x40000000)
#define OWNER_FROM(o)  (UINT32_C(0x3FFFFFFF) & (o)->from)
typedef struct ImageOwner {
    uint32_t pattern; /* packed, see IMAGE_ID; behind lists the distance is 0 */
    uint32_t
        from; /* the literal, with its edges if OWNER_STRICT; or, with OWNER_LIST, the list's group */
    int8_t at[IMAGE_SIEVE];
    uint16_t mask[IMAGE_SIEVE];
} ImageOwner;

enum { PATTERN_PHRASE, PATTERN_REGEX };
enum {
    PATTERN_SLOW = 1,     /* has no literal: tried on every post */
    PATTERN_CASELESS = 2, /* regex */
    /* phrase without lists that somebody waits for: tried as soon as a literal is hit */
    PATTERN_EAGER = 4,
    /* phrase with lists that a rule waits for: tried once all lists are matched */
    PATTERN_LATE = 8
};

/* One phrase or regex.
 *
 * A phrase is split at its ANCHOR, an element that every match must have and that begins with one of a known
 * set of literals or with a match of a list. From a hit of the anchor, program `forward` runs to the right
 * (anchor included), then program `backward` to the left. Programs are sections of CODE; see ImageOp. Closed up in a hashtag
 * a match has at least `least` bytes.
 *
 * A regex is compiled from its source (section SOURCES, by pattern); its literals begin at most `lead` bytes behind the start
 * of a match (IMAGE_FAR: no bound). What any match must hold, so that most texts need not be searched, is record `must` of
 * MUSTS. */
#define IMAGE_FAR      UINT16_MAX
#define IMAGE_ANYWHERE UINT16_MAX
typedef struct ImagePattern {
    uint8_t kind, flags;
    uint16_t group;
    union {
        struct {
            uint32_t forward,
                backward; /* index into CODE; backward NONE where the anchor comes first */
        };
        uint32_t must; /* of a regex */
    };
    union {
        uint16_t lead, least;
    };
    uint16_t context; /* CONTEXTS, or ANYWHERE: it matches whatever stands around it */
} ImagePattern;

/* What a pattern wants, or will not have, around a match. */
typedef struct ImageContext {
    uint32_t needs, needs_words; /* group that must match within so many words; or NONE */
    uint32_t not_group;          /* group that must not overlap; or NONE */
} ImageContext;

/* A regex matches no post whose folded text lacks one of `chars` (sml_sieve_chars, low word first), or all texts of one of
 * `sets`. */
typedef struct ImageMust {
    uint32_t chars[2];
    ImageRange sets; /* in MUST_SETS, each a range of MUST_TEXTS */
} ImageMust;

/* A text of which a match holds one, and some of its pairs of bytes (image/must.h), without which nothing holds it. */
#define IMAGE_MUST_PAIRS 4
typedef struct ImageMustText {
    ImageStr text;                    /* separators of words as spaces */
    uint16_t pairs[IMAGE_MUST_PAIRS]; /* where there are fewer, one again; a single byte has none */
    uint8_t at[IMAGE_MUST_PAIRS];     /* where in the text each is */
} ImageMustText;

/* Opcodes of phrase programs, one uint32_t each with operands behind; OP_WORD, OP_SPLIT and OP_JUMP have some in their own,
 * above the lowest byte. `backward` programs hold the
 * elements before the anchor in reverse order; the operations then work leftwards. Alternatives are tried in order. */
/* clang-format off */
typedef enum ImageOp {
    OP_MATCH,  /*                     done */
    OP_WORD,   /* string at: this text here. It may hold separators (one space or line break, written ' ') */
    OP_SEP,    /*                     one white space; in a hashtag, a word boundary */
    OP_LIST,   /* group               a match of a list here */
    OP_GAP,    /* words               up to so many words, in this sentence, with what stands between */
    OP_SPLIT,  /* target × n          try each of n targets in order; indices into CODE, all ahead of here, packed with the
                                      byte that the branch must begin with (leftwards: end with), 0 for any; see OP_TARGET */
    OP_FIRST,  /* mask, mask          go on only if the byte here (leftwards: before here) may be right: bit byte % 64 */
    OP_JUMP,   /*                     to a target ahead of here */
    OP_COUNT
} ImageOp;
/* clang-format on */
enum {
    WORD_EDGE_START = 1, /* its first character is a letter, mark or digit: an edge before it */
    WORD_EDGE_END = 2,
    WORD_PREFIX = 4, /* and any letters, marks, digits and inner apostrophes behind it */
    /* =Word: as written in `source` case, or all capitals; what that is follows in two operands more */
    WORD_CASE = 8,
    WORD_TITLE = 16 /* ~Word: as WORD_CASE, and not where a capital says nothing */
};
#define OP_TARGET(packed) (UINT32_C(0xFFFFFF) & (packed))
#define OP_BYTE(packed)   ((packed) >> 24)

#define OP_CODE(op)              (UINT32_C(0xFF) & (op)[0])
#define OP_WORD_FLAGS(op)        ((op)[0] >> 8 & UINT32_C(0xFF))
#define OP_WORD_LEN(op)          ((op)[0] >> 16) /* bytes of the folded text */
#define OP_WORD_CASED(op)        ((OP_WORD_FLAGS(op) & (WORD_CASE | WORD_TITLE)) != 0)
#define OP_WORD_PACK(flags, len) (OP_WORD | (uint32_t)(flags) << 8 | (uint32_t)(len) << 16)
#define OP_WORD_MAX              0xFFFF

#define OP_WAYS(op)          ((op)[0] >> 8) /* of OP_SPLIT: how many */
#define OP_SPLIT_PACK(ways)  (OP_SPLIT | (uint32_t)(ways) << 8)
#define OP_JUMPS_TO(op)      ((op)[0] >> 8)
#define OP_JUMP_PACK(target) (OP_JUMP | (uint32_t)(target) << 8)

/* The instruction in words of code. */
static inline uint32_t sml_image_op_size(const uint32_t *op)
{
    static const uint8_t size[OP_COUNT] = {
        [OP_MATCH] = 1, [OP_WORD] = 2,  [OP_SEP] = 1,   [OP_LIST] = 2,
        [OP_GAP] = 2,   [OP_SPLIT] = 1, [OP_FIRST] = 3, [OP_JUMP] = 1};
    uint32_t code = OP_CODE(op);
    return size[code] + (code == OP_SPLIT ? OP_WAYS(op) : 0) +
           (code == OP_WORD && OP_WORD_CASED(op) ? 2 : 0);
}

typedef enum ImageGroupKind { GROUP_PATTERNS, GROUP_DETECT, GROUP_TOKEN } ImageGroupKind;

#define GROUP_SLOW 1

/* Patterns that count as one: the phrases of a rule, a list, a guard, a cue. Its matches in a post are found once
 * and shared. The patterns of a group refer (OP_LIST, lists, contexts) to groups before it alone.
 *
 * A group is awaited if a match of it can make a rule a candidate, by itself or as a list that an awaited pattern is anchored
 * on. What a literal or list can tell of is then told at once. Of all other groups (guards, cues, further members) nobody
 * hears until somebody asks; how to find out then is in `sources`. */
typedef struct ImageGroup {
    uint32_t kind;
    /* detector index; token class (ImageToken); GROUP_SLOW where a pattern has no literals */
    uint32_t detail;
    uint32_t in;           /* IN_* bits */
    uint32_t folds;        /* FOLD_* bits */
    uint32_t list;         /* index into LISTS, or NONE */
    ImageRange patterns;   /* consecutive in PATTERNS */
    ImageRange dependents; /* section OWNERS: awaited patterns anchored on this list's matches */
    /* section OWNERS: where this group's patterns may match, if it is not awaited; those with literals first */
    ImageRange sources;
    ImageRange literals; /* section ANCHORS: those literals, to be gone through quickly */
    ImageRange rules;    /* section ANCHORS: rules that this group can make a candidate */
} ImageGroup;

/* `{token: …}` */
typedef enum ImageToken {
    COUNT_URL,
    COUNT_MENTION,
    COUNT_HASHTAG,
    COUNT_EMOJI,
    COUNT_IMAGE,
    COUNT_NUMBER,
    COUNT_WORD,
    COUNT_LENGTH /* nothing to find: of `limit` alone */
} ImageToken;

/* A group wanted at least `min` times. */
typedef struct ImageWant {
    uint32_t group, min;
} ImageWant;

/* ---- conditions ------------------------------------------------------------------------------ */

typedef enum ImageFact {
    FACT_ACCOUNT,
    FACT_HANDLE,
    FACT_CHANNEL,
    FACT_KIND,
    FACT_NATION,
    FACT_GROUP,
    FACT_LANGUAGE,
    FACT_PATH,
    FACT_DEPARTMENT,
    FACT_EMPLOYER, /* may the author name it? */
    FACT_DATE
} ImageFact;

typedef enum ImageCondOp {
    COND_AND, /* children: CONDS [first, first + n) */
    COND_OR,
    COND_NOT,    /* one child */
    COND_FACT,   /* fact is one of VALUES [first, first + n) */
    COND_DURING, /* date in one of WINDOWS named by VALUES */
    COND_OUTSIDE,
    COND_RANGE /* date in [from, to) */
} ImageCondOp;

/* Children come behind their parent in the section, so that a walk ends. OUTSIDE is in none of the windows. */
typedef struct ImageCond {
    uint32_t op, fact;
    uint32_t first, n;
    int64_t from, to; /* Minutes, see base/date.h */
} ImageCond;

/* By name, none twice. */
typedef struct ImageWindow {
    ImageStr name, nation, kind, status;
    int64_t from, to;
    uint32_t cite, pad; /* CITES, or NONE */
} ImageWindow;

/* ---- rules ----------------------------------------------------------------------------------- */

typedef enum ImageGuardKind {
    GUARD_OVERLAP,
    GUARD_WORDS,
    GUARD_SENTENCE,
    GUARD_POST,
    GUARD_INSIDE,
    GUARD_WHEN
} ImageGuardKind;
enum { INSIDE_QUOTE = 1, INSIDE_URL = 2, INSIDE_HASHTAG = 4, INSIDE_MENTION = 8 };

typedef struct ImageGuard {
    uint32_t kind;
    ImageWant want; /* OVERLAP, WORDS, SENTENCE, POST */
    uint32_t words; /* WORDS */
    uint32_t inside;
    uint32_t cond; /* CONDS: the guard counts where it holds; or NONE */
} ImageGuard;

typedef struct ImageGrade {
    uint32_t cond, grade; /* sml_grade */
    ImageStr words;       /* for people: "account is personal and group is free" */
} ImageGrade;

typedef enum ImageRuleKind {
    RULE_MATCH,   /* wants[0] */
    RULE_REQUIRE, /* wants[0] is `if` (group NONE: always), wants[1] is `need` */
    RULE_LIMIT,   /* wants[0] counted (min 1), max in `limit`: a number, or a LIMIT_ */
    RULE_NEAR,    /* all of wants within `distance` words, or sentences + 1 where bit 31 is set */
    RULE_SCORE,   /* cues */
    /* strings `compare_each`, `compare_key`, limit = min length, distance = max length or a LIMIT_ */
    RULE_COMPARE,
    RULE_COMPOSE, /* wants: first n_all, then n_any, then n_none */
} ImageRuleKind;
/* As the network of the post has it, or tools that post there: see ImageNetwork. */
#define LIMIT_CHANNEL  UINT32_C(0xFFFFFFFE)
#define LIMIT_TOOL     UINT32_C(0xFFFFFFFD)
#define NEAR_SENTENCES UINT32_C(0x80000000)

typedef enum ImageOver { OVER_SENTENCE, OVER_POST, OVER_THREAD, OVER_PROFILE } ImageOver;
typedef enum ImageStatus {
    STATUS_STABLE,
    STATUS_TRIAL,
    STATUS_DEPRECATED,
    STATUS_RETIRED
} ImageStatus;

enum {
    RULE_EACH = 1,
    RULE_WHOLE = 2,
    RULE_MASKED = 4,
    RULE_LOCKED = 8,
    RULE_UNKNOWN_SKIP = 16, /* say nothing where a missing fact could silence it */
    RULE_SAFE = 32          /* what it suggests may be put in without asking */
};

/* How a rule's suggestion comes about; `suggest` is the text otherwise. */
typedef enum ImageMend {
    MEND_NOTHING,
    MEND_PLAIN,    /* plain letters for those in costume */
    MEND_VISIBLE,  /* hidden characters go */
    MEND_ONCE,     /* a doubled word, once */
    MEND_REMOVE,   /* all of it goes */
    MEND_CAPITALS, /* a hashtag with a capital at each word */
    MEND_COUNT
} ImageMend;

/* By id, none twice. A retired rule may lack the wants of its kind: it is never run. */
typedef struct ImageRule {
    ImageStr id, title, message, message_cy, why, why_cy, instead, instead_cy, ask, ask_cy, suggest,
        when_words, kind_word;
    ImageStr compare_each, compare_key;
    uint32_t grade, status, flags, kind;
    uint32_t when; /* CONDS, or NONE */
    ImageRange wants, cues, guards, grades, cites, examples, aliases;
    ImageRange lists;  /* section ANCHORS: indices into LISTS */
    ImageRange covers; /* section ANCHORS: indices into OBLIGATIONS */
    uint32_t limit, distance, over;
    uint32_t n_all, n_any; /* the rest of wants are `none` */
    uint32_t mend;         /* ImageMend */
} ImageRule;

typedef struct ImageCue {
    ImageStr name;
    ImageWant want;
    int32_t weight;
    uint32_t pad;
} ImageCue;

typedef struct ImageCite {
    ImageStr source, title, at, year, url, read;
    uint32_t verified, pad;
} ImageCite;

/* Where `cond` holds, the citation that stands in for those of source `of`; its `at` empty: at theirs. */
typedef struct ImageEdition {
    ImageStr of, words;  /* words: of the condition */
    uint32_t cond, cite; /* CONDS; CITES, or NONE: they stay */
} ImageEdition;

/* What is asked of people; `see` says where it is explained why no rule can decide it from text. */
typedef struct ImageObligation {
    ImageStr name, title, see;
    uint32_t cite, pad; /* CITES */
} ImageObligation;

/* An example as written, [[ ]] marks taken out. */
enum { EXAMPLE_HIT = 1, EXAMPLE_TODO = 2 };
typedef struct ImageExample {
    ImageStr text, note, path;
    ImageRange spans;      /* section SPANS */
    ImageRange meta;       /* section PAIRS */
    ImageStr at;           /* date, or empty */
    uint32_t flags, grade; /* grade SML_CLEAN: not asserted */
    uint32_t line, col;
} ImageExample;

typedef struct ImagePair {
    ImageStr key, value;
} ImagePair;

typedef struct ImageList {
    ImageStr name, checked;
    uint32_t items, group; /* group NONE: no rule uses it */
} ImageList;

/* What a network allows; 0: nothing is known. */
typedef enum ImageNetworkMax {
    NETWORK_LENGTH,
    NETWORK_BYTES,
    NETWORK_TOOL,
    NETWORK_LINKS,
    NETWORK_HASHTAGS,
    NETWORK_ALT,
    NETWORK_MAXES
} ImageNetworkMax;

#define IMAGE_UNITS 6 /* LengthUnit of text/length.h */
typedef struct ImageNetwork {
    ImageStr name, title, checked;
    uint32_t unit, cite;
    uint32_t link; /* what a link costs */
    uint32_t max[NETWORK_MAXES];
} ImageNetwork;

typedef struct ImagePack {
    ImageStr id, title, version, language, requires;
    ImageStr checked;     /* the earliest of its lists' */
    ImageRange detectors; /* section ANCHORS: groups of kind DETECT that a rule waits for */
    ImageRange always;    /* section ANCHORS: rules that are candidates on every post */
} ImagePack;

/* ---- the literal automaton ------------------------------------------------------------------- */

/*
 * A DFA over byte classes that reports every literal at its last byte. State 0 is the start. By a byte of class c state s
 * goes on as STEPS[s.base + c] says if that entry is about class c, otherwise to ROWS[s.row + c]: nearly all states differ
 * from one of a few rows in an entry or two. STEPS has `stride` entries from every base on, ROWS from every row on.
 *
 * The last `n_final` states each end at least one literal: the i-th of them those of OUTPUTS
 * [OUTPUT_AT[final + i], OUTPUT_AT[final + i + 1]), longest first. An output has the literal's length and flags at hand: most
 * are dismissed for want of an edge.
 */
typedef struct ImageState {
    uint32_t base, row; /* STEPS, ROWS */
} ImageState;

#define OUTPUT_PACK(literal, len, flags)                                                           \
    ((literal) | (uint32_t)(len) << 24 | (uint32_t)(flags) << 27)
#define OUTPUT_LITERAL(output) (UINT32_C(0xFFFFFF) & (output))
#define OUTPUT_LEN(output)     ((output) >> 24 & 7)
#define OUTPUT_FLAGS(output)   ((output) >> 27)

/* A class below 256 and a state below 2^24. An entry of 0, class 0 to the start, is also what no state put there. */
#define IMAGE_STEP(class, state) ((uint32_t)(state) << 8 | (uint32_t)(class))
#define IMAGE_STEP_CLASS(step)   ((step)&0xFF)
#define IMAGE_STEP_STATE(step)   ((step) >> 8)

typedef struct ImageAutomaton {
    uint8_t class_of[256];
    uint32_t n_states, n_final, stride;
    uint32_t final; /* first of n_final + 1 entries in OUTPUT_AT */
} ImageAutomaton;

/* ---- the image ------------------------------------------------------------------------------- */

/* One row a section: name, record type. */
#define IMAGE_SECTIONS(X)                                                                          \
    X(PACKS, ImagePack)                                                                            \
    X(RULES, ImageRule)                                                                            \
    X(GROUPS, ImageGroup)                                                                          \
    X(PATTERNS, ImagePattern)                                                                      \
    X(CONTEXTS, ImageContext)                                                                      \
    X(MUSTS, ImageMust)                                                                            \
    X(MUST_SETS, ImageRange)                                                                       \
    X(MUST_TEXTS, ImageMustText)                                                                   \
    X(CODE, uint32_t)                                                                              \
    X(LITERALS, ImageLiteral)                                                                      \
    X(OWNERS, ImageOwner)                                                                          \
    X(MASKS, uint32_t)                                                                             \
    X(ANCHORS, uint32_t)                                                                           \
    X(WANTS, ImageWant)                                                                            \
    X(CUES, ImageCue)                                                                              \
    X(GUARDS, ImageGuard)                                                                          \
    X(GRADES, ImageGrade)                                                                          \
    X(CONDS, ImageCond)                                                                            \
    X(VALUES, ImageStr)                                                                            \
    X(WINDOWS, ImageWindow)                                                                        \
    X(EDITIONS, ImageEdition)                                                                      \
    X(LISTS, ImageList)                                                                            \
    X(NETWORKS, ImageNetwork)                                                                      \
    X(ALIASES, ImageStr)                                                                           \
    X(AUTOMATA, ImageAutomaton)                                                                    \
    X(OUTPUT_AT, uint32_t)                                                                         \
    X(OUTPUTS, uint32_t)                                                                           \
    X(STATES, ImageState)                                                                          \
    X(STEPS, uint32_t)                                                                             \
    X(ROWS, uint32_t)                                                                              \
    X(STRINGS, char)                                                                               \
    X(CITES, ImageCite)                                                                            \
    X(SOURCES, ImageStr)                                                                           \
    X(OBLIGATIONS, ImageObligation)                                                                \
    X(EXAMPLES, ImageExample)                                                                      \
    X(SPANS, Span)                                                                                 \
    X(PAIRS, ImagePair)

enum {
#define X(name, type) SECTION_##name,
    IMAGE_SECTIONS(X)
#undef X
        SECTION_COUNT
};

typedef struct ImageHeader {
    char magic[8];
    uint32_t version, endian;
    uint32_t layout;   /* a sum over the record sizes: another build's image is refused */
    uint32_t size;     /* of the whole image */
    uint64_t checksum; /* sml_str_hash of all that follows the header */
    ImageRange sections[SECTION_COUNT]; /* first: byte offset from the image's start; n: records */
} ImageHeader;

typedef struct Image {
    const unsigned char *bytes;
    const ImageHeader *header;
    const void *at[SECTION_COUNT]; /* each section's first record */
} Image;

/* Checks `bytes` (8-byte aligned, alive as long as the image) as if an enemy had written them. */
bool sml_image_open(Image *out, Str bytes, Str path, sml_error *err);

/* The same without looking: for the image linked into the program, whose checks ran when it was built. */
Image sml_image_trust(Str bytes);

uint32_t sml_image_layout(void);

/* The records of a section, and how many: const ImageRule *r = IMAGE_AT(image, RULES, i). */
#define X(name, type)                                                                              \
    static inline const type *sml_image_##name(const Image *im)                                    \
    {                                                                                              \
        return im->at[SECTION_##name];                                                             \
    }
IMAGE_SECTIONS(X)
#undef X
#define IMAGE_AT(im, section, i) (&sml_image_##section(im)[i])
#define IMAGE_N(im, section)     ((im)->header->sections[SECTION_##section].n)

static inline Str sml_image_str(const Image *im, ImageStr s)
{
    return (Str){sml_image_STRINGS(im) + s.at, s.len};
}

#endif
