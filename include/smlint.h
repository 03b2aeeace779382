/* SPDX-License-Identifier: MIT */
/*
 * smlint.h - the library behind sm-lint: rulebooks, linters, reporters.
 *
 * A RULEBOOK is immutable once loaded: share one between threads. A LINTER runs one or more rulebooks
 * over drafts; it is cheap, has its own memory and compiled patterns, and serves one thread at a time. A
 * RESULT is what a linter says of one draft. A REPORTER writes results in a format.
 *
 *     sml_error err;
 *     sml_rulebook *rules = sml_rulebook_builtin(&err);
 *     sml_linter *linter = sml_linter_new(&rules, 1, NULL, &err);
 *     sml_input in = {.path = SML_STR("draft.txt"), .text = text, .context = context};
 *     sml_result r;
 *     if (sml_linter_check(&r, linter, &in, &err))
 *         for (uint32_t i = 0; i < r.n_findings; i++)
 *             ...
 *     sml_linter_free(linter);
 *     sml_rulebook_free(rules);
 *
 * Errors. A function that can fail returns false or NULL and fills the caller's sml_error (NULL is
 * accepted). Memory running out is not an error value: see sml_set_memory_hook.
 *
 * Text. Every sml_str is pointer and length, NUL-terminated only where said, and borrowed: it belongs to
 * the handle or the result that it came from. Text handed in must live until the call returns. Text is
 * UTF-8; drafts with bad bytes are checked all the same, and the result says so.
 *
 * Positions are byte offsets into the input exactly as it was handed in, byte-order mark included. Lines
 * and columns count from 1; columns are code points. A line ends at LF, CRLF or a lone CR.
 */
#ifndef SMLINT_H
#define SMLINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SML_VERSION_MAJOR 0
#define SML_VERSION_MINOR 1
#define SML_VERSION_PATCH 0

#if defined(__GNUC__)
#define SML_API __attribute__((visibility("default")))
#else
#define SML_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct sml_str {
    const char *p;
    size_t len;
} sml_str;

#define SML_STR(lit) ((sml_str){"" lit, sizeof(lit) - 1})

/* Bytes [start, end). */
typedef struct sml_span {
    uint32_t start, end;
} sml_span;

/* What is wrong, and where: `path`, `line` and `col` are empty or 0 where there is no place. All three
 * texts are NUL-terminated and cut, at a character, to the room they have. */
typedef struct sml_error {
    char path[256];
    uint32_t line, col;
    char message[512];
} sml_error;

/* Do not post this · take advice first · think again · nothing found. */
typedef enum sml_grade { SML_CLEAN, SML_NOTICE, SML_WARNING, SML_ERROR } sml_grade;

SML_API const char *sml_grade_name(sml_grade grade);
/* False if `name` is none of clean, notice, warning, error. */
SML_API bool sml_grade_parse(sml_grade *out, sml_str name);

SML_API const char *sml_version(void); /* "0.1.0" */

/* The i-th thing that the answers depend on besides the rulebooks, "PCRE2" and its version; false behind the last. Static text. */
SML_API bool sml_version_part(sml_str *name, sml_str *version, uint32_t i);

/* Called when memory runs out, with the number of bytes wanted; it must not return (exit or longjmp). The
 * default, which NULL brings back, prints one line on standard error and exits with status 2. For the whole process: set it
 * before there are threads. What the call that is left by longjmp had made is lost, and so are the handles it was given:
 * they must not be used again, nor freed. */
SML_API void sml_set_memory_hook(void (*hook)(size_t wanted));

/* ---- rulebooks ------------------------------------------------------------------------------- */

typedef struct sml_rulebook sml_rulebook;

/* Hears every problem of a rulebook, in the order of its files; behind the 20th once more, that there are others.
 * `is_error` is false for warnings. It must not keep the pointer. */
typedef void (*sml_diagnostic_fn)(void *user, const sml_error *problem, bool is_error);

/* The rulebook that the library was built with. Costs nothing: it is used where it lies. */
SML_API sml_rulebook *sml_rulebook_builtin(sml_error *err);

/* Loads a rulebook from a file ("-": standard input): YAML, which is compiled in memory, or an image that sml_rulebook_image
 * gave (told by its first bytes), which is validated as if an enemy had written it. NULL on failure, with
 * the first problem in `err`; `diagnose` (NULL is fine) hears all of them. */
SML_API sml_rulebook *sml_rulebook_load(const char *path, sml_diagnostic_fn diagnose, void *user,
                                        sml_error *err);

/* The same from memory, which is copied. `path` is what messages call it, and includes are looked for beside it. */
SML_API sml_rulebook *sml_rulebook_load_bytes(sml_str bytes, const char *path,
                                              sml_diagnostic_fn diagnose, void *user,
                                              sml_error *err);

/* Free it after every linter made from it. NULL is fine. */
SML_API void sml_rulebook_free(sml_rulebook *rulebook);

/* The compiled rulebook as bytes, to be written to a file; borrowed. Equal input gives equal bytes. Native
 * byte order: an image from another kind of machine is refused. */
SML_API sml_str sml_rulebook_image(const sml_rulebook *rulebook);

/* Identity of a rulebook: `[pack]` of its file. */
typedef struct sml_pack {
    sml_str id, title, version, language;
    sml_str checked; /* the earliest day that a list of it was checked, 2026-11-20; or empty */
} sml_pack;
SML_API sml_pack sml_rulebook_pack(const sml_rulebook *rulebook);

typedef struct sml_cite {
    sml_str source; /* the key in the catalogue, "code" */
    sml_str title, at, year, url, read;
    bool verified; /* false: say "see", not "under" */
    /* of a rule: not empty, in words, who has it in place of the one before ("nation is wales") */
    sml_str where;
} sml_cite;

typedef struct sml_example {
    sml_str text; /* without the [[ ]] that mark the span */
    bool hit;     /* must fire; otherwise it must stay silent */
    bool todo;    /* a known miss or false alarm */
    sml_str path;
    uint32_t line, col;
    sml_str given; /* what it takes to be known: "account: personal", or empty */
} sml_example;

/* A period of the calendar, half-open, in London: a pre-election period mostly. */
typedef struct sml_period {
    sml_str name;     /* local-elections-2027 */
    sml_str kind;     /* what rules may ask for in place of names: local-election */
    sml_str nation;   /* where it holds: one, great-britain, or uk, as empty */
    sml_str from, to; /* 2027-04-15T00:00 */
    sml_str status;   /* how sure the dates are: verified, computed */
    sml_cite source;  /* where they are from; its title is empty where that is not said */
} sml_period;

/* One rule, for people: explain, lists, pages. All text is the rulebook's. */
typedef struct sml_rule {
    sml_str id;     /* family/slug */
    sml_str family; /* the part of id before the slash */
    sml_str title, message, why, instead, ask, kind, status;
    sml_grade grade; /* before any row of `grades` */
    bool mask, each, locked;
    const sml_cite *cites;
    uint32_t n_cites;
    const sml_example *examples;
    uint32_t n_examples;
    const sml_str *lists; /* names of the lists it uses */
    uint32_t n_lists;
    const sml_str *grades; /* each row in words: "warning if account is personal" */
    uint32_t n_grades;
    sml_str when;          /* in words; empty if the rule always applies */
    const sml_str *covers; /* names of the obligations it serves */
    uint32_t n_covers;
    sml_grade worst;           /* of `grade` and the rows of `grades` */
    const sml_period *periods; /* that its conditions on the date name, or name the kind of */
    uint32_t n_periods;
} sml_rule;

SML_API uint32_t sml_rulebook_count(const sml_rulebook *rulebook);
/* `i` below the count; rules come in order of id. The arrays live as long as the rulebook. */
SML_API void sml_rulebook_rule(sml_rule *out, const sml_rulebook *rulebook, uint32_t i);

/* What there is to decide about a rule, without the words about it: costs next to nothing. */
typedef struct sml_rule_brief {
    sml_str id, family;
    sml_grade worst;
    bool locked;
} sml_rule_brief;
SML_API void sml_rulebook_brief(sml_rule_brief *out, const sml_rulebook *rulebook, uint32_t i);

/* Index of the rule with this id or alias, UINT32_MAX if there is none. */
SML_API uint32_t sml_rulebook_find(const sml_rulebook *rulebook, sml_str id);

typedef struct sml_list {
    sml_str name;
    sml_str checked; /* 2026-11-20, or empty */
    uint32_t items;
} sml_list;
SML_API uint32_t sml_rulebook_lists(const sml_rulebook *rulebook);
SML_API void sml_rulebook_list(sml_list *out, const sml_rulebook *rulebook, uint32_t i);

SML_API uint32_t sml_rulebook_periods(const sml_rulebook *rulebook);
/* By name. */
SML_API void sml_rulebook_period(sml_period *out, const sml_rulebook *rulebook, uint32_t i);

/* Takes bytes; returns false when they could not be written, after which nothing more is written. */
typedef bool (*sml_write_fn)(void *user, sml_str bytes);

/* What a document asks of people, and rules help to keep. */
typedef struct sml_obligation {
    sml_str name, title;
    sml_cite cite;
    sml_str see; /* where it is explained why text alone cannot decide it; or empty */
} sml_obligation;
SML_API uint32_t sml_rulebook_obligations(const sml_rulebook *rulebook);
SML_API void sml_rulebook_obligation(sml_obligation *out, const sml_rulebook *rulebook, uint32_t i);

/* Writes the JSON Schema of rulebook files, for editors. False if `write` was. */
SML_API bool sml_rulebook_schema(sml_write_fn write, void *user);

/* ---- context --------------------------------------------------------------------------------- */

typedef struct sml_pair {
    sml_str key, value;
} sml_pair;

/* What is known of a draft besides its words. An empty field is an unknown fact, and a finding that hangs
 * on it says so. A value that sml_context_check refuses is an error wherever a context is taken. */
typedef struct sml_context {
    sml_str account; /* official, personal, ministerial; or an @handle, as in `handle` */
    sml_str handle;  /* @name */
    /* x, bluesky, mastodon, threads, instagram, facebook, linkedin, …; several with commas */
    sml_str channel;
    sml_str kind; /* post, reply, repost, quote, thread, alt, bio */
    /* england, scotland, wales, northern-ireland or uk; unset counts as all, for the calendar */
    sml_str nation;
    sml_str group; /* free, intermediate, restricted; unset counts as restricted */
    sml_str language;
    sml_str bio;
    /* 2026-11-20 or 2026-11-20T09:30; empty means unknown, which no caller wants */
    sml_str date;
    /* in words, for reports: "the draft", "--date", "SOURCE_DATE_EPOCH", "today" */
    sml_str date_origin;
    const sml_pair *meta; /* anything else: {"images[0].alt", "A bridge"} */
    uint32_t n_meta;
    sml_str department;     /* where the author works */
    sml_str names_employer; /* may the author say so there? expected, forbidden, free */
} sml_context;

/* True if `value` is one that `key` (account, group, names-employer, kind, nation or date) can have; otherwise `err` says
 * which can. Other keys take any value. */
SML_API bool sml_context_check(sml_str key, sml_str value, sml_error *err);

/* Today in London, as 2026-11-20; honours nothing but the clock. `out` has 16 bytes. */
SML_API void sml_today(char out[16]);
/* The London day of a count of seconds since 1970-01-01T00:00Z. */
SML_API void sml_day_of(char out[16], int64_t unix_seconds);

/* ---- approvals ------------------------------------------------------------------------------- */

/* Somebody answers for certain words: findings of this rule on them are set aside. Its texts are
 * UTF-8, as written. */
typedef struct sml_allow {
    sml_str rule;         /* an id or alias; an approval of a whole family counts for nothing */
    const sml_str *match; /* the words, each; compared as folded */
    uint32_t n_match;
    /* 16 hex digits each, of findings whose words cannot be given: secrets, the post as a whole */
    const sml_str *prints;
    uint32_t n_prints;
    sml_str reason;    /* always wanted */
    sml_str by, until; /* who, and the last day that it holds: wanted for warnings and errors */
    bool organisation; /* from the organisation's own configuration: good for locked rules too */
    sml_str path;      /* where it is written; empty: in the draft itself */
    uint32_t at, line, col; /* `at` in bytes */
} sml_allow;

/* ---- linting --------------------------------------------------------------------------------- */

typedef struct sml_linter sml_linter;

/* A finding that was there when a baseline was written, by its fingerprint, and how grave it was. */
typedef struct sml_known {
    uint64_t print;
    sml_grade grade;
} sml_known;

/* A rule, or every rule of a family, has this grade wherever it applies, whatever its own grades. */
typedef struct sml_override {
    sml_str rule;    /* id, alias or family */
    sml_grade grade; /* SML_CLEAN: the rule is off */
    bool locked;     /* lowers locked rules too; without it they are passed over where it would */
    sml_str until; /* the last day on which a draft can go out and have it; empty: there is none */
} sml_override;

/* What is known of whoever posts under a handle. */
typedef struct sml_account {
    sml_str handle;    /* @name; empty: everybody */
    sml_context facts; /* hold where neither the draft nor its input says otherwise */
} sml_account;

/* Copied by sml_linter_new, texts and all, but for what is borrowed. */
typedef struct sml_options {
    uint32_t size;       /* sizeof(sml_options): lets the struct grow; 0 is an error */
    const sml_str *only; /* families or rule ids; empty means all */
    uint32_t n_only;
    const sml_str *skip;
    uint32_t n_skip;
    sml_str language;   /* cy: messages in Welsh where a rule has them; else in English */
    uint64_t max_bytes; /* of one draft; 0 means the default, 64 MiB */
    bool trial;         /* rules of status trial run, as notices */
    /* leave line, col, end_line and end_col 0: an archive's offsets are enough */
    bool no_places;
    bool no_jit;       /* never compile patterns to machine code */
    bool no_prefilter; /* try every pattern everywhere; for tests: slow, same findings */
    /* in order, a later one for the same rule wins; a name that no rulebook has is an error */
    const sml_override *overrides;
    uint32_t n_overrides;
    /* beside the rulebooks' calendars, or in place of their periods of the same name */
    const sml_period *periods;
    uint32_t n_periods;
    const sml_account *accounts; /* the first that speaks of a fact wins, "everybody" last */
    uint32_t n_accounts;
    bool trace;              /* fill sml_result.traces */
    bool measure;            /* fill sml_result.lengths instead of checking: no rule runs */
    const sml_allow *allows; /* approvals for all drafts; borrowed */
    uint32_t n_allows;
    bool no_allow; /* approvals count for nothing, and nothing is said of them */
    bool prints;   /* fill `print` of findings, and `seen` of results */
    /* set aside where they are no graver now, but for locked rules; by print, each once; borrowed */
    const sml_known *known;
    uint32_t n_known;
    bool each; /* every rule reports every occurrence, for those who mend them */
    /* whom rules say to ask, "the press office", and what to say in place of it; the longest that fits holds */
    const sml_pair *contacts;
    uint32_t n_contacts;
    sml_str date; /* of the check; a linter that has no rule to run on it is not made */
    /* days that an approval of a warning or error may hold, from the day of the check or, if that is later, the draft's;
     * 0: any */
    uint32_t longest_term;
} sml_options;
#define SML_OPTIONS_INIT                                                                           \
    {                                                                                              \
        .size = sizeof(sml_options)                                                                \
    }

/* A linter for rulebooks used together; a later one with a rule id of an earlier one is an error, as is a
 * name in `only` or `skip` that no rulebook has (the nearest is named), and options that leave no rule to run. The
 * rulebooks must outlive it; the array need not. With none of them, drafts are read and nothing is found. `options` may be
 * NULL. */
SML_API sml_linter *sml_linter_new(sml_rulebook *const *rulebooks, size_t n,
                                   const sml_options *options, sml_error *err);
SML_API void sml_linter_free(sml_linter *linter); /* NULL is fine */

typedef enum sml_input_kind {
    SML_INPUT_TEXT, /* one post, behind front matter between lines of --- if there is any */
    /* one line: a JSON object with "text", and any of id account channel date bio nation group
     * repost kind language handle images */
    SML_INPUT_JSONL,
    /* text, front matter too, a thread where lines of only ---, === or *** or numbering (1/5, 1/) part it into
     * posts; two blank lines part it where the context's meta "thread" is "blank" */
    SML_INPUT_THREAD,
    /* a calendar: rows of comma-separated values below a header that names the columns */
    SML_INPUT_CSV,
    /* front matter too; a heading that names a network opens a post for it */
    SML_INPUT_MARKDOWN,
    /* a list of objects as SML_INPUT_JSONL has them, or an object whose "posts" is one; what calendars
     * call text, date, channel and id will do */
    SML_INPUT_JSON,
    /* the same as YAML, with the keys of front matter */
    SML_INPUT_YAML
} sml_input_kind;

/* The kind called text, jsonl, thread, csv, markdown, json or yaml; false for any other name. */
SML_API bool sml_input_kind_parse(sml_input_kind *out, sml_str name);
/* The kind that a file is by its name, or where that says nothing or .txt by how its text begins:
 * SML_INPUT_THREAD unless that looks like a calendar. `text` may be empty. */
SML_API sml_input_kind sml_input_kind_of(sml_str path, sml_str text);
/* Has it a name of drafts, so that whoever reads a directory should read it? */
SML_API bool sml_input_is_draft(sml_str path);
/* The i-th ending of such names, ".txt"; empty behind the last. Static. */
SML_API sml_str sml_input_ending(uint32_t i);

/* How far a calendar has been read that is handed in part by part, so that memory does not grow with
 * it. For each part, until all was used: read on to fill a buffer, make an input of it with this sheet and
 * `more` (false for the last part), go through its results, and drop sml_sheet_used bytes from the
 * buffer's front. 0 bytes used: a row is longer than the buffer; make that larger. */
typedef struct sml_sheet sml_sheet;
SML_API sml_sheet *sml_sheet_new(void);
SML_API void sml_sheet_free(sml_sheet *sheet); /* NULL is fine */
/* SIZE_MAX: the part could not be read, and what follows it cannot be. */
SML_API size_t sml_sheet_used(const sml_sheet *sheet);

typedef struct sml_input {
    sml_str path; /* for display and `path` conditions; may be empty */
    sml_str text;
    sml_input_kind kind;
    uint32_t first_line; /* what to call the first line; 0 means 1 */
    /* facts that hold whatever the draft says of itself, but for the date */
    sml_context context;
    sml_context defaults; /* facts that hold where nothing else is said */
    /* YAML that speaks of the draft, as front matter does, which outdoes it; and what to call it */
    sml_str sidecar, sidecar_path;
    sml_sheet *sheet; /* CSV: text is a part; NULL: it is all there is */
    bool more;        /* CSV in parts: another follows */
} sml_input;

/* Something to know of a draft that is no finding. */
typedef struct sml_remark {
    sml_str path; /* empty: the draft's */
    uint32_t line, col;
    sml_str text;
    bool minor; /* of interest only to who wonders what was read */
} sml_remark;

typedef struct sml_cue {
    sml_str name;
    sml_span span; /* in the post's text */
} sml_cue;

typedef struct sml_finding {
    sml_str rule, family, title;
    sml_grade grade;
    sml_grade full_grade; /* what it would be were no fact missing; equal to grade where none is */
    /* the facts that were missing, in words: "if this is an official account" */
    sml_str missing;
    sml_str message, why, instead, ask;
    sml_str suggest; /* exact replacement text, or empty; see `mends` */
    const sml_cite *cites;
    uint32_t n_cites;

    bool whole;    /* about the post as a whole: the span is its first visible line */
    bool masked;   /* the words must not be shown; `match` is empty */
    sml_span span; /* bytes of the input (of the JSONL line, for that kind) */
    sml_span post; /* bytes of the post's own text: of "text" decoded, for JSONL */
    uint32_t line, col, end_line, end_col; /* end exclusive */
    sml_str match;                         /* the words; secrets in them replaced */
    uint32_t count;                        /* how often it occurs in the post, this one included */
    const sml_cue *cues;
    uint32_t n_cues;

    /* the line of the post it begins in (long lines cut to 240 bytes about it), secrets replaced */
    sml_str excerpt;
    /* bytes of `excerpt` to underline; cut at its end if the match goes on */
    sml_span excerpt_span;

    uint64_t print; /* its fingerprint, where asked for; written as 16 hex digits */
    bool mends;     /* `suggest`, though it may be empty, is what to put in place of `span` */
    bool safe;      /* without asking */
} sml_finding;

/* Findings that an approval has set aside: `finding.count` of them, the first of which is shown. */
typedef struct sml_allowed {
    sml_finding finding;
    const sml_allow *allow;
} sml_allowed;

/* A place where a rule has something to say, whether it is shown, set aside, or counted with another. */
typedef struct sml_seen {
    sml_str rule, match; /* match: as in sml_finding */
    bool masked, whole;
    bool allowed; /* set aside by an approval */
    sml_known known;
    const sml_str
        *parts; /* where it takes several words together, all of them, as `match`; else none */
    uint32_t n_parts;
} sml_seen;

/* A rule that could not be decided, and why: "match limit reached". */
typedef struct sml_unchecked {
    sml_str rule, reason;
} sml_unchecked;

/* Something of a draft: bytes of the input and where they begin; start == end where there is nothing. `words` are
 * theirs, secrets replaced; empty where they must not be shown. */
typedef struct sml_place {
    sml_span span;
    uint32_t line, col;
    sml_str words;
} sml_place;

/* What became of a rule that the draft gave cause to look at. */
typedef struct sml_trace {
    sml_str rule;
    sml_grade grade; /* of its finding; SML_CLEAN if there is none */
    sml_str because; /* why there is none, in words that hold none of the draft's; else empty */
    sml_place cue;   /* the first thing it found */
    sml_place stop;  /* what stopped it */
} sml_trace;

/* How long a post is by one network's count, white space at its ends left out; or an alternative text (kind `alt`), by the
 * characters that the network gives those. */
typedef struct sml_length {
    sml_str network, title; /* x, X */
    sml_str
        unit; /* weighted, graphemes, mastodon, threads, utf-16 or bytes: see sm-lint-rules(5); or characters */
    uint64_t used;
    uint32_t limit; /* for each of these: 0 where none is known */
    uint32_t tool;  /* where tools that post there may stop */
    uint64_t bytes;
    uint32_t max_bytes;
    bool asked; /* the post is for this network */
} sml_length;

/* What is said of one post: a document has one, or several (the posts of a thread, ...). */
typedef struct sml_result {
    sml_str path;
    sml_str label; /* which post of its document: "2/5"; empty where there is only one */
    /* JSONL: the record's id as JSON text, quotes and all; "null" where it has none; else empty */
    sml_str id;
    sml_grade grade; /* the worst finding's */
    /* by start, end, rule, message; those of family `approval` are about approvals, not words, and
     * have no place in the post */
    const sml_finding *findings;
    uint32_t n_findings;
    const sml_unchecked *unchecked; /* any at all: the answer is incomplete, status 2 */
    uint32_t n_unchecked;
    uint32_t undecided; /* findings whose grade was lowered because a fact was missing */
    bool bad_utf8;      /* bytes were not UTF-8 (or a lone surrogate): checked as U+FFFD */
    uint32_t bad_utf8_line, bad_utf8_col;
    /* how many the post has: neither is looked into; links of JSONL records are not counted */
    uint32_t images, links;
    sml_context context; /* what was in force */
    /* not NULL: could not be read, and why; only path, label, id and context are filled */
    const sml_error *problem;
    sml_str text; /* the post: what `post` of a finding indexes; valid UTF-8 */
    /* of the post, such as that it goes out in a period yet to open; with the first one of the
     * document too */
    const sml_remark *remarks;
    uint32_t n_remarks;
    /* if asked for: by cue, then rule; those with neither cue nor finding last */
    const sml_trace *traces;
    uint32_t n_traces;
    const sml_length *lengths; /* if asked for, by every network that the rulebooks know */
    uint32_t n_lengths;
    uint64_t first_byte;        /* of the input in its file; above 0 in later parts of a calendar */
    const sml_allowed *allowed; /* set aside by approvals */
    uint32_t n_allowed;
    uint32_t known; /* how many of the options' known findings were met, and set aside */
    const sml_seen *seen;
    uint32_t n_seen;
    uint32_t code; /* passages of code in Markdown, not looked into */
    /* a rule asks for its length, which some network would not take, and no network that it is for is
     * known: that length was not looked at. False for no_places, in whose reports it would not stand */
    bool unmeasured;
    /* columns of a calendar, keys of a list, that have words and no name of a post, and descriptions of pictures among
     * its facts, met first with this one: not read */
    uint32_t fields;
} sml_result;

/* Checks a draft that is one post: of kind SML_INPUT_TEXT or SML_INPUT_JSONL, no other (which is asserted). The result and
 * all it points to belong to `linter` and live until its next call. A post without words is clean: `text` says so. False if
 * the draft could not be read at all: too large, UTF-32, binary (NUL bytes), a fact that there is not, front matter or a
 * sidecar with a mistake, or for JSONL UTF-16, a blank line or one that is no such object. The result then has a `problem`,
 * the same as `err`, its `id` where that could be read, and can be given to a reporter. */
SML_API bool sml_linter_check(sml_result *out, sml_linter *linter, const sml_input *in,
                              sml_error *err);

/* The same for a document of any kind, post by post in its order:
 *
 *     sml_linter_open(linter, &in);
 *     while (sml_linter_next(&r, linter))
 *         if (r.problem)
 *             ...
 *
 * open reads the document, whose texts (the context's too) must live as long as its results are asked for. next checks one
 * more post, or gives a result with a `problem`: what could not be read. False behind the last, and where nothing was
 * opened. Each result lives until the next call. What a thread must have somewhere (`over: thread`) may be in any of
 * its posts. */
SML_API void sml_linter_open(sml_linter *linter, const sml_input *in);
SML_API bool sml_linter_next(sml_result *out, sml_linter *linter);

/* ---- reports --------------------------------------------------------------------------------- */

typedef struct sml_reporter sml_reporter;

typedef struct sml_report_options {
    uint32_t size;       /* sizeof(sml_report_options); 0 is an error */
    sml_grade min_grade; /* of what is shown; SML_CLEAN shows all */
    bool color;
    uint32_t width;  /* columns to wrap at; 0 never wraps */
    bool quiet;      /* text: no summary line, nothing for a clean draft */
    bool redact;     /* show no words of drafts at all */
    sml_str skipped; /* what --only and --skip leave out, for the summary; or empty */
    sml_str stale;   /* rulebook lists that are old, in words; or empty */
    /* what configuration lowers, switches off or leaves out, in words; or empty */
    sml_str changed;
    uint32_t passed_over; /* files in directories that were not read, as no drafts by their names */
} sml_report_options;
#define SML_REPORT_OPTIONS_INIT                                                                    \
    {                                                                                              \
        .size = sizeof(sml_report_options)                                                         \
    }

/* Formats: text gnu json jsonl github. NULL and an error naming them for another name. `options` may be NULL, and are
 * copied; `write` is called from the functions below, with `user`. */
SML_API sml_reporter *sml_reporter_new(sml_str format, const sml_report_options *options,
                                       sml_write_fn write, void *user, sml_error *err);
/* Adds a result, or a draft that could not be read (`problem` not NULL; `result` gives path and id), and keeps nothing of
 * either. False once `write` was. */
SML_API bool sml_reporter_add(sml_reporter *reporter, const sml_result *result,
                              const sml_error *problem);
/* Writes what closes the report: once, after all that is added. False once `write` was. */
SML_API bool sml_reporter_finish(sml_reporter *reporter);
SML_API void sml_reporter_free(sml_reporter *reporter); /* NULL is fine */
/* The i-th format's name, or NULL behind the last. */
SML_API const char *sml_reporter_format(uint32_t i);

/* ---- rulebook tests -------------------------------------------------------------------------- */

typedef struct sml_test_counts {
    uint32_t passed, failed;
} sml_test_counts;

/* Runs every rule's own examples, each also disguised (CRLF, upper case, curly quotes, no-break spaces, an
 * emoji in front) wherever folding promises the same answer. `diagnose` hears each failure, at the
 * example's place, and as a warning each hit that is not seen where all rules run. False if a rulebook could not be run at all. */
SML_API bool sml_rulebook_test(sml_test_counts *out, sml_rulebook *rulebook,
                               sml_diagnostic_fn diagnose, void *user, sml_error *err);

typedef struct sml_coverage_counts {
    uint32_t matched, all;
} sml_coverage_counts;

/* Which alternatives of phrases, which regexes and detectors of the rules (guards and cues included) are matched by some
 * example of theirs. `path` is a rulebook in YAML, for an image has no places to name; `hear` is told of each that is
 * not, at its place. False if the rulebook could not be read. */
SML_API bool sml_rulebook_coverage(sml_coverage_counts *out, const char *path,
                                   sml_diagnostic_fn hear, void *user, sml_error *err);

#ifdef __cplusplus
}
#endif

#endif
