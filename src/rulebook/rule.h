/* SPDX-License-Identifier: MIT */
/*
 * A rulebook as checked, plain data: what the loader makes of YAML and the compiler turns into an image.
 * No verbs here. Everything lives in the loader's arena. Text is as the author wrote it, escapes of YAML undone;
 * nothing is folded yet.
 */
#ifndef SML_RULEBOOK_RULE_H
#define SML_RULEBOOK_RULE_H

#include "base/date.h"
#include "base/vec.h"
#include "image/image.h"

typedef struct Pos {
    Str path;
    uint32_t line, col; /* from 1; col in code points */
} Pos;

typedef struct Want Want;

/* One phrase in the notation of sm-lint-rules(5), or, inside a list, one item with its own context. */
typedef struct Phrase {
    Str text;
    Pos pos;
    const Want *needs; /* NULL without */
    uint32_t needs_words;
    const Want *not_; /* phrases that must not overlap; NULL without */
} Phrase;

typedef enum WantKind { WANT_PHRASES, WANT_REGEX, WANT_DETECT, WANT_TOKEN } WantKind;

/* Wherever a pattern is wanted. */
struct Want {
    WantKind kind;
    Pos pos;
    const Phrase *phrases;
    uint32_t n_phrases;
    Str regex;         /* `{{def}}` already expanded */
    uint32_t detector; /* index into the table of match/detect.def */
    ImageToken token;
    uint32_t min; /* at least 1 */
};

typedef struct Cond Cond;
struct Cond {
    ImageCondOp op;
    ImageFact fact;
    const Cond *children; /* AND, OR, NOT */
    const Str *values;    /* FACT, DURING, OUTSIDE */
    uint32_t n;
    Minutes from, to;
    Pos pos;
};

typedef struct Guard {
    ImageGuardKind kind;
    Want want;
    uint32_t words, inside;
    const Cond *when;
    Pos pos;
} Guard;

typedef struct GradeRow {
    const Cond *when;
    sml_grade grade;
    Str words;
} GradeRow;

typedef struct Cue {
    Str name;
    int32_t weight;
    Want want;
} Cue;

typedef struct Source {
    Str key, title, year, url, read;
    bool verified;
    Pos pos;
} Source;

typedef struct Cite {
    const Source *source;
    Str at;
} Cite;

/* `cite` stands in for citations of `of`, at their own passage where it has none; without a source, they stay. */
typedef struct Edition {
    const Source **of;
    uint32_t n_of;
    const Cond *when;
    Cite cite;
    Str words;
    Pos pos;
} Edition;

typedef struct Obligation {
    Str name, title, see;
    Cite cite;
    Pos pos;
} Obligation;

typedef struct Example {
    Str text; /* [[ ]] taken out */
    const Span *spans;
    uint32_t n_spans;
    const sml_pair *meta;
    uint32_t n_meta;
    sml_grade grade; /* SML_CLEAN: not asserted */
    Str at, note;
    Str fix; /* the text with `suggest` in place of each span; empty: not asserted */
    bool hit, todo;
    Pos pos;
} Example;

typedef struct RuleText {
    Str en, cy;
    Pos pos;
} RuleText;

typedef struct Rule {
    Str id, title;
    RuleText message, why, instead, ask;
    sml_grade grade;
    ImageStatus status;
    uint32_t flags; /* RULE_* of image.h, ALWAYS left to the compiler */
    uint32_t in, folds;
    bool slow;
    uint32_t mend; /* ImageMend */
    Str suggest, kind_word, when_words;
    Str since, retire, replaced_by; /* for people; replaced_by is a rule's id */
    const Cond *when;               /* NULL: always */
    Pos pos;

    ImageRuleKind kind;
    /* as image.h says for each kind; a REQUIRE without `if` has kind WANT_PHRASES with no
     * phrases first */
    const Want *wants;
    uint32_t n_wants, n_all, n_any;
    const Cue *cues;
    uint32_t n_cues;
    uint32_t limit, distance;
    ImageOver over;
    Str compare_each, compare_key;

    const Guard *guards;
    uint32_t n_guards;
    const GradeRow *grades;
    uint32_t n_grades;
    const Cite *cites;
    uint32_t n_cites;
    const Example *examples;
    uint32_t n_examples;
    const Str *aliases;
    uint32_t n_aliases;
    const uint32_t *covers; /* indices of obligations */
    uint32_t n_covers;
} Rule;

typedef struct List {
    Str name, checked;
    const Phrase *items;
    uint32_t n;
    Pos pos;
} List;

typedef struct Network {
    Str name, title, checked;
    uint32_t unit, link, max[NETWORK_MAXES];
    Cite cite;
    Pos pos;
} Network;

typedef struct Window {
    Str name, nation, kind, status;
    Minutes from, to;
    Cite cite; /* no source: it is not said */
    Pos pos;
} Window;

typedef struct Rules {
    Str id, title, version, language, requires_;
    const Rule *rules; /* by id */
    uint32_t n_rules;
    const Network *networks;
    uint32_t n_networks;
    const Edition *editions; /* in the order of the files */
    uint32_t n_editions;
    const Obligation *obligations; /* in the order of the files */
    uint32_t n_obligations;
    const List *lists; /* by name */
    uint32_t n_lists;
    const Window *windows; /* by name */
    uint32_t n_windows;
} Rules;

/* Collects the problems of a rulebook: 20 at most, then it says that there are more. */
typedef struct Diagnostics {
    sml_diagnostic_fn hear; /* may be NULL */
    void *user;
    Str rule;       /* id of the rule at hand, named in messages; empty where there is none */
    bool unlimited; /* hears all: the listener puts them in order and passes them on */
    uint32_t errors, warnings;
    sml_error first; /* the first error */
} Diagnostics;

#endif
