/* SPDX-License-Identifier: MIT */
/*
 * The command line as data. options.def has a row for every option; sml_options_parse reads a
 * command line by those rows. `--word value`, `--word=value`, `-wvalue`, `-w value`; short
 * options can be grouped; `--` ends options; a later value replaces an earlier one, except where
 * the row accumulates; `--no-word` switches a flag off again. There are no abbreviations: they
 * would become an interface.
 */
#ifndef SML_CLI_OPTIONS_H
#define SML_CLI_OPTIONS_H

#include "base/arena.h"
#include "base/vec.h"

typedef enum Verb {
#define VERB(id, name, operands, summary) VERB_##id,
#include "cli/verbs.def"
#undef VERB
    VERB_COUNT
} Verb;

/* What a verb is to its reader; all NUL-terminated and static. */
typedef struct VerbRow {
    const char *name, *operands, *summary;
} VerbRow;

const VerbRow *sml_options_verb(Verb verb);
/* The verb of this name; false if there is none. */
bool sml_options_find_verb(Verb *out, Str name);
/* The verb that `name` may be a slip for, or empty. */
Str sml_options_nearest_verb(Str name);

typedef enum Ask { ASK_NOTHING, ASK_HELP, ASK_VERSION } Ask;

typedef VEC(Str) Strs; /* each NUL-terminated */
typedef VEC(sml_pair) Pairs;

/* Texts are borrowed from the command line. */
typedef struct Options {
    Ask ask; /* --help or --version was met: what follows it was not read */
    Strs operands;

    sml_context context; /* its date empty where --date was not given */
    Pairs meta;          /* context.meta points here */

    Strs rulebooks, only, skip;
    Str config;
    bool no_builtin, no_allow, trial, no_config;

    Str input, stdin_filename, files_from;
    Strs match;
    Str reason, by, until, baseline;
    bool sidecar;

    bool null;
    uint64_t max_bytes;
    uint32_t jobs; /* 0: one a processor */

    Strs formats;
    Str list_format, fail_on, min_grade, color, lang, output;
    bool fix, diff, quiet, verbose, redact, schema, stale, trace, coverage;
} Options;

/* Reads the words behind the verb. On failure `err` names the option and what it takes. */
bool sml_options_parse(Options *out, Verb verb, char *const *words, Arena *a, sml_error *err);

/* ---- the rows, for help and completion ------------------------------------------------------- */

typedef enum OptionGroup {
    GROUP_DRAFT,
    GROUP_APPROVAL,
    GROUP_RULES,
    GROUP_INPUT,
    GROUP_OUTPUT,
    GROUP_HELP,
    GROUP_COUNT
} OptionGroup;

typedef enum OptionKind {
    KIND_FLAG,    /* bool */
    KIND_TEXT,    /* Str */
    KIND_CHOICE,  /* Str, one of the row's values */
    KIND_LIST,    /* Strs, one more each time */
    KIND_NAMES,   /* Strs, one or more (with commas) each time */
    KIND_SIZE,    /* uint64_t, 1 or more: 100, 64K, 64M, 1G */
    KIND_COUNT,   /* uint32_t */
    KIND_DATE,    /* Str, a day or a minute */
    KIND_FACT,    /* the member of sml_context that the option is named for */
    KIND_META,    /* KEY=VALUE: a fact by name, else one more of Options.meta */
    KIND_HELP,    /* Ask */
    KIND_VERSION, /* Ask */
    KIND_KINDS
} OptionKind;

typedef struct OptionRow {
    uint32_t verbs; /* a mask: 1 << Verb */
    OptionGroup group;
    const char *name;
    char letter;      /* 0: none */
    const char *word; /* what help calls its value; NULL: it takes none */
    OptionKind kind;
    size_t field;
    const char *values, *help;
} OptionRow;

/* The i-th row of those that `verb` takes, or NULL behind the last. */
const OptionRow *sml_options_row(Verb verb, uint32_t i);

#endif
