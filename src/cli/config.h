/* SPDX-License-Identifier: MIT */
/*
 * Configuration files: read, checked and merged, every value with the place it comes from. config.def has a row for
 * every key. Files are read weakest first into one Config: a later value replaces an earlier one key by key, lists add
 * up. Reading one goes on after a problem, so that all are told, CONFIG_PROBLEMS at most.
 */
#ifndef SML_CLI_CONFIG_H
#define SML_CLI_CONFIG_H

#include "base/allow.h"
#include "base/map.h"

#define CONFIG_MAX_BYTES ((size_t)1 << 20)
#define CONFIG_PROBLEMS  20

/* Whose file it is, weakest first. */
typedef enum ConfigLevel { LEVEL_ORGANISATION, LEVEL_USER, LEVEL_PROJECT } ConfigLevel;

typedef struct ConfigPlace {
    Str path; /* as shown */
    uint32_t line, col;
} ConfigPlace;

/* `text` is empty where nothing was said. */
typedef struct ConfigValue {
    Str text;
    ConfigPlace at;
} ConfigValue;

typedef VEC(ConfigValue) ConfigValues;

/* Facts about drafts, each named as in sml_context. */
#define CONFIG_FACTS(X)                                                                            \
    X(account)                                                                                     \
    X(channel) X(kind) X(nation) X(group) X(language) X(bio) X(department) X(names_employer)
typedef struct ConfigFacts {
#define X(name) ConfigValue name;
    CONFIG_FACTS(X)
#undef X
} ConfigFacts;

/* Where an entry comes from. */
typedef struct ConfigHead {
    Str name;
    Str base; /* the folder of its file, absolute */
    ConfigPlace at;
    ConfigLevel level;
} ConfigHead;

typedef struct ConfigAccount {
    ConfigFacts facts;
    ConfigHead head; /* name: the @handle */
} ConfigAccount;

typedef struct ConfigPath {
    ConfigFacts facts;
    ConfigHead head; /* name: a glob over paths from `base`, or an absolute one, as written */
    Str glob;        /* with a star for "{account}" */
    size_t account;  /* where that stands in head.name, or SIZE_MAX */
    ConfigValue fail_on;
    ConfigValues rulebooks;
} ConfigPath;

/* Who answers for something being lowered or left out. */
typedef struct ConfigSign {
    ConfigValue reason, by, until;
} ConfigSign;

typedef struct ConfigOverride {
    ConfigHead head; /* name: a rule or family */
    ConfigValue grade;
    ConfigSign sign;
} ConfigOverride;

typedef struct ConfigExclude {
    ConfigHead head;
    ConfigValues paths, rules;
    ConfigSign sign;
} ConfigExclude;

typedef struct ConfigPeriod {
    ConfigHead head;
    ConfigValue kind, nation, from, to, source, status;
} ConfigPeriod;

/* head.name: whom rules say to ask */
typedef struct ConfigContact {
    ConfigHead head;
    ConfigValue value;
} ConfigContact;

typedef struct Config {
    ConfigFacts facts; /* of everybody */
    ConfigValue fail_on, messages;
    ConfigValue longest_term; /* "90 days" */
    ConfigValue baseline;     /* path to be opened */
    ConfigValues rulebooks;   /* paths to be opened */
    VEC(ConfigAccount) accounts;
    Map account_at; /* by handle in lower case */
    VEC(ConfigPath) paths;
    VEC(ConfigOverride) overrides;
    VEC(ConfigExclude) excludes;
    VEC(ConfigPeriod) periods;
    VEC(ConfigContact) contacts;
    Allows allows;
    VEC(Str) files; /* that were read, in order */
    VEC(sml_error) problems;
    bool partial; /* a problem keeps back what other files would say */
} Config;

/* A file to be read. */
typedef struct ConfigFile {
    Str path; /* to be opened, and as shown; NUL-terminated */
    Str base; /* its folder, absolute */
    Str root; /* of its repository, absolute: what it includes must lie below */
    ConfigLevel level;
} ConfigFile;

/* Reads a file into `c`. False if there was any problem; all are in c->problems. A file that is no regular one, or larger
 * than CONFIG_MAX_BYTES, is refused. */
bool sml_config_read(Config *c, const ConfigFile *file, Arena *a);

/* Adds a problem, unless there are CONFIG_PROBLEMS already; false, always. */
bool sml_config_problem(Config *c, Arena *a, ConfigPlace at, const char *format, ...)
    SML_PRINTF(4, 5);

/* Does the entry's glob `glob` mean the draft whose absolute path is `path`? Without a slash in front it is
 * about paths from `base`. "**" in front of a slash may stand for nothing. */
bool sml_config_matches(Str glob, Str base, Str path);

/* The days that approvals and the like may hold. */
#define CONFIG_LONGEST_TERM 730 /* where nobody says; the end of next year is within it */
uint32_t sml_config_longest_term(const Config *c);

/* Does it mean this draft? If so, `handle` is "@name" where its glob has "{account}", which no empty name is, else empty; NULL
 * is fine. */
bool sml_config_path_matches(Str *handle, const ConfigPath *p, Str path, Arena *a);

/* The JSON Schema of the file. */
void sml_config_schema(Buf *out);

#endif
