/* SPDX-License-Identifier: MIT */
/* Conditions in three values (Kleene): a fact that is missing makes them unknown, not false. */
#ifndef SML_MATCH_CONDITION_H
#define SML_MATCH_CONDITION_H

#include "base/date.h"
#include "image/image.h"

typedef enum Truth { NO, UNKNOWN, YES } Truth; /* ordered: and is min, or is max */

/* A period of the calendar that no rulebook has. */
typedef struct Period {
    Str name, kind, nation;
    Minutes from, to;
} Period;

/* The facts, parsed once a draft. */
typedef struct Facts {
    Str value[FACT_DATE + 1]; /* empty: missing; group is never missing ("restricted" stands in) */
    /* the draft's date: the minutes it may go out in; from == to: missing */
    Minutes from, to;
    bool has_date;
    /* beside the image's calendar, or in place of its periods of the same name; borrowed */
    const Period *periods;
    uint32_t n_periods;
} Facts;

/* Borrows from `context`. An account that is a handle stands in for a missing handle, and says nothing of whose the
 * account is. A date that cannot be read is missing. */
void sml_condition_facts(Facts *out, const sml_context *context, Str path);

/* The name of a network by any of its names ("twitter" is "x"); others as they are. */
Str sml_condition_channel(Str name);

/* The truth of condition `cond` of `image` (IMAGE_NONE is YES). Where it is UNKNOWN, `*missing` collects a bit
 * 1 << ImageFact for each fact whose absence leaves it so. Handles compare without their @, channels by any of
 * their names (one of several will do), languages as ranges ("en" is met by "en-GB"), all but `path` without regard to ASCII case. */
Truth sml_condition_eval(const Image *image, uint32_t cond, const Facts *facts, unsigned *missing);

/* A period of the calendar that is open on the draft's date, where it speaks: of several the first, those of
 * `facts` before the image's. If the nation is not known it may be open, and one that is open for all comes before. */
bool sml_condition_period(Period *out, const Image *image, const Facts *facts);

/* The grade of a rule in these facts, as the manual's section on missing facts says: SML_CLEAN if it does not
 * apply; else the lowest grade that the missing facts allow, capped at notice where some value would silence it.
 * `*full` is the grade the facts at hand would give were nothing missing worse (the highest possible one).
 * `*missing` collects the facts that could change the grade or silence the rule. Of several networks the gravest counts. */
sml_grade sml_condition_grade(const Image *image, const ImageRule *rule, const Facts *facts,
                              sml_grade *full, unsigned *missing);

/* Does `cond` of a guard hold: on every network on which the rule applies? */
Truth sml_condition_excuses(const Image *image, const ImageRule *rule, uint32_t cond,
                            const Facts *facts, unsigned *missing);

#endif
