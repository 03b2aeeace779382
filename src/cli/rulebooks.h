/* SPDX-License-Identifier: MIT */
/* The rulebooks of one run: the built-in one and those of --rulebook. */
#ifndef SML_CLI_RULEBOOKS_H
#define SML_CLI_RULEBOOKS_H

#include "base/vec.h"
#include "cli/options.h"

typedef VEC(sml_rulebook *) Rulebooks;

/* A list this many days old may miss names. */
#define RULEBOOKS_STALE_DAYS 90

/* Loads them all, so that the problems of each are heard, on standard error. False if there were
 * any. */
bool sml_rulebooks_load(Rulebooks *out, const Options *options, Arena *a);

/* One file, its problems on standard error; NULL if it cannot be used. */
sml_rulebook *sml_rulebooks_load_file(Str path);

/* The same, but what is wrong before there is a line to name, such as that there is no such file, is left to the caller:
 * it is in `untold`, whose message is empty otherwise. */
sml_rulebook *sml_rulebooks_open(Str path, sml_error *untold);

void sml_rulebooks_free(Rulebooks *rulebooks);

/* How old a list is on `date`, in days; 0 for one that says no date. */
int64_t sml_rulebooks_list_age(const sml_list *list, Str date);

/* How many lists are too old on `date`; `words` says which, and is empty where none is: "parties,
 * leaders were last checked on 2026-08-01, 112 days before 2026-11-21". */
uint32_t sml_rulebooks_stale(Str *words, const Rulebooks *rulebooks, Str date, Arena *a);

/* The rule with this id; `out` is filled and true returned if one of the rulebooks has it. */
bool sml_rulebooks_find(sml_rule *out, const sml_rulebook **home, const Rulebooks *rulebooks,
                        Str id);

/* Some rules of a rulebook, by their numbers in it. */
typedef struct Listed {
    const sml_rulebook *book;
    const uint32_t *v;
    uint32_t n;
    bool all;
} Listed;

/* Of each rulebook the rules that `names` mean, ids (earlier ones too) or families; all of them where there are no names.
 * `out` has room for rulebooks->n. False where a name means nothing: that is said, with the nearest there is. */
bool sml_rulebooks_pick(Listed *out, const Rulebooks *rulebooks, const Strs *names, Arena *a);

/* Does one of these rules use the list? */
bool sml_rulebooks_uses(const Listed *l, Str list);

/* The rule or family whose name is nearest to `id`, or empty. */
Str sml_rulebooks_nearest(const Rulebooks *rulebooks, Str id, Arena *a);

#endif
