/* SPDX-License-Identifier: MIT */
/*
 * What holds for a draft: the configuration files for its folder, read once, and a profile, which is a set of
 * rulebooks and grades. Drafts that come to the same set share one profile, and so one linter.
 */
#ifndef SML_CLI_PROFILE_H
#define SML_CLI_PROFILE_H

#include "cli/config.h"
#include "cli/filter.h"

typedef struct Profile {
    Rulebooks rulebooks; /* borrowed */
    sml_options options; /* the caller may add to them until sml_profiles_start */
    const Config *config;
    bool unusable;      /* the caller's: make no linter */
    sml_linter *linter; /* NULL until sml_profiles_start, and where that had something to say */
    Checker checker;    /* the caller's */
    Filter *filter;     /* the caller's, freed with the profile; NULL is fine */
    Str key;            /* internal: what tells it from others */
} Profile;

/* What was settled for one draft. */
typedef struct Settled {
    Profile *profile;
    const Config *config;
    sml_context defaults;
    ConfigValue fail_on;
    const ConfigExclude *excluded; /* not NULL: not to be checked */
    Str absolute;                  /* the draft's path; empty where no configuration needs it */
} Settled;

typedef struct Profiles Profiles;

/* All linters will be like `shape`, but for what configuration says. `options` and their context's date must outlive it. NULL,
 * having said why on standard error, where the rulebooks of the command line cannot be used. */
Profiles *sml_profiles_new(const Options *options, const sml_options *shape, Arena *a);
void sml_profiles_free(Profiles *p); /* NULL is fine */

/* Settles what holds for the draft at `path`. False, having said why on standard error once, where a configuration file or
 * a rulebook that it names cannot be used; `out->profile` is then NULL. */
bool sml_profiles_settle(Settled *out, Profiles *p, Str path);

/* Makes a linter for every profile. It says what keeps it from making one; false if it made none. */
bool sml_profiles_start(Profiles *p);

/* All rulebooks of all profiles. */
const Rulebooks *sml_profiles_rulebooks(const Profiles *p);

/* What configuration lowered, switched off or left out so far, in words for the report: "demo/vote is off
 * (.sm-lint.yaml:12)"; or empty. */
Str sml_profiles_changes(const Profiles *p);

/* Does a value's last day lie before the date in force? */
bool sml_profiles_expired(const ConfigSign *sign, Str date);

#endif
