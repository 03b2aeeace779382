/* SPDX-License-Identifier: MIT */
/*
 * The facts about a draft whose values are a closed set, each value written once: whoever reads a
 * fact from a record, an option, front matter or a rulebook checks it here.
 */
#ifndef SML_BASE_FACT_H
#define SML_BASE_FACT_H

#include "base/error.h"

/* True if `key` can have `value`, letters of either case alike; otherwise `err` (no place) names
 * the values that it can have. Closed sets: account (or an @handle), group, names-employer, kind, nation; date is
 * checked as base/date.h reads it. Every other key takes any value, and every key an empty one:
 * that fact is unknown. */
bool sml_fact_check(Str key, Str value, sml_error *err);

/* Does what holds in `area` (a nation, great-britain, or uk, as empty) hold for a draft about `nation`? One about
 * the uk is about all of them; of one whose nation is empty, it may. */
bool sml_fact_holds_in(Str area, Str nation);

/* Does what holds in `area` hold in every nation? */
bool sml_fact_is_everywhere(Str area);

#endif
