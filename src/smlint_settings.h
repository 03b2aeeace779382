/* SPDX-License-Identifier: MIT */
/* What a linter is told once, by its options: which rules run and how grave they are, the calendar, the accounts. */
#ifndef SML_SMLINT_SETTINGS_H
#define SML_SMLINT_SETTINGS_H

#include "match/judge.h"

typedef struct Settings {
    const Scan *scan;
    Arena *arena;
    Choice lasting; /* what holds whatever the day: grades aside */
    const sml_override *overrides;
    uint32_t n_overrides;
    const Minutes *ends; /* of overrides, each once, in order */
    uint32_t n_ends;
    Choice *choices; /* by term: the i-th holds up to the i-th end; made when first asked for */
    const Period *periods;
    uint32_t n_periods;
    Minutes today;         /* of the check; MINUTES_MIN: it was not said */
    uint32_t longest_term; /* days of approvals, from then or from when a draft goes out; 0: any */
    const sml_account *accounts;
    uint32_t n_accounts;
    const sml_pair *contacts;
    uint32_t n_contacts;
} Settings;

/* Copies all that it keeps of `o` into `a`. Fails on a name that no rulebook of `scan` has, the nearest named, on a
 * period whose dates cannot be read or end before they begin, on an override that ends on no date, on a date that is
 * none, on an account of impossible facts, and where no rule is left to run on the day of the check. */
bool sml_settings_read(Settings *out, const Scan *scan, const sml_options *o, Arena *a,
                       sml_error *err);

/* Does every fact of a closed set have one of its values? A misspelt one would match no rule's condition, and silence
 * those that ask for the right one. If not, `err` says which it can have. */
bool sml_settings_facts_hold(const sml_context *c, sml_error *err);

/* The first minute that no approval of a warning or error may hold, for a draft of `facts`. */
Minutes sml_settings_latest(const Settings *s, const Facts *facts);

/* What runs on the day of `facts`; without a date, and for NULL, what does for good. It lives as long as the settings. */
const Choice *sml_settings_choice(const Settings *s, const Facts *facts);

/* Adds to `c` what is known of its account, and then of everybody. False if accounts are known by their handles, its
 * handle is none of those, and nothing else says whose account it is. */
bool sml_settings_account(sml_context *c, const Settings *s);

/* The handle that is nearest to one that is not known, or empty; what it needs meanwhile is in `a`. */
Str sml_settings_nearest(const Settings *s, Str handle, Arena *a);

/* Whom a rule says to ask, with contacts in place of their names. */
Str sml_settings_ask(const Settings *s, Str ask, Arena *a);

Str sml_settings_rule_id(const Image *im, uint32_t rule);

#endif
