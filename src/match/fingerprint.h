/* SPDX-License-Identifier: MIT */
/*
 * What a finding is known by from run to run, wherever its draft and its line move: 64 bits over its
 * rule, its words and the words around them.
 *
 * Version 1, the first eight bytes (most significant first) of SHA-256 over
 *
 *     rule id, NUL, words, NUL, before, NUL, after, NUL, ordinal
 *
 * all as folded, with every stretch that must not be shown replaced by "[hidden]" first: a number of
 * ten digits in known surroundings could be found from its print by trial. `before` and `after` are
 * up to 40 characters of the post at each side, "[hidden]" counting as one. A finding on the post as a
 * whole has no words and nothing before it; `after` is then the post's first 80 characters. The
 * ordinal is 1 for the first of equal ones in a post, 2 for the next.
 */
#ifndef SML_MATCH_FINGERPRINT_H
#define SML_MATCH_FINGERPRINT_H

#include "match/judge.h"

/* The fingerprint of these parts. */
uint64_t sml_fingerprint_hash(Str rule, Str words, Str before, Str after, uint32_t ordinal);

/* The fingerprint of each occurrence of `j` in the post that `scan` has taken up; the array has as
 * many, and lives in scan->scratch. */
const uint64_t *sml_fingerprint_all(const Judgement *j, const Scan *scan);

#endif
