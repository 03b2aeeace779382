/* SPDX-License-Identifier: MIT */
/*
 * The one door to PCRE2. A Pattern is a compiled regex; an Engine holds what all patterns of one linter
 * share: match data, limits, the JIT stack and the JIT budget. Neither is shared between threads.
 *
 * Options are fixed: UTF, UCP, MULTILINE, NEVER_BACKSLASH_C, newline LF, NO_UTF_CHECK when matching (text was
 * validated before), USE_OFFSET_LIMIT.
 */
#ifndef SML_MATCH_PATTERN_H
#define SML_MATCH_PATTERN_H

#include "base/arena.h"
#include "base/error.h"

typedef struct Engine Engine;
typedef struct Pattern Pattern;

Engine *sml_pattern_engine(bool jit);
void sml_pattern_engine_free(Engine *e); /* NULL is fine */

/* Compiles `source`; NULL on failure, with PCRE2's own message in `err`, and the byte offset into
 * `source` in err->col (0-based; no line). Freed by sml_pattern_free. */
Pattern *sml_pattern_new(Engine *e, Str source, bool caseless, sml_error *err);
void sml_pattern_free(Engine *e, Pattern *p);

#define PATTERN_GROUPS 10 /* the whole match and 9 groups; further ones are not reported */

typedef enum Found { FOUND_NOTHING, FOUND, FOUND_LIMIT } Found;

/* Starts a post: the step budget of every pattern is full again. */
void sml_pattern_begin(Engine *e);

/* The first match that starts at or after `from` and at or before `last_start`, in the whole of `subject`
 * (valid UTF-8). Fills groups[0..PATTERN_GROUPS), those that took no part with {UINT32_MAX, UINT32_MAX}. FOUND_LIMIT: a
 * limit was met and the fixed engine met it too, or the pattern's budget for this post is spent. The
 * answer is the same with and without JIT. */
Found sml_pattern_find(Engine *e, Pattern *p, Str subject, uint32_t from, uint32_t last_start,
                       Span groups[PATTERN_GROUPS]);

/* Number of the group called `name`, or 0. */
uint32_t sml_pattern_group(const Pattern *p, Str name);

/* "10.42 2022-12-11", static. */
const char *sml_pattern_version(void);

#endif
