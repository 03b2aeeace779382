/* SPDX-License-Identifier: MIT */
/*
 * A list of approvals as YAML: what front matter, a sidecar and a configuration have under `allow`.
 *
 *     allow:
 *     - rule: impartiality/urges-a-vote
 *       match: vote Labour            # or a list of words
 *       reason: quotes the ballot paper in full
 *       by: Jo Bloggs
 *       until: 2026-12-31
 *
 * `fingerprint` stands in for `match` where a finding has no words that could be written down.
 */
#ifndef SML_BASE_ALLOW_H
#define SML_BASE_ALLOW_H

#include "base/vec.h"
#include "base/yaml.h"

typedef VEC(sml_allow) Allows;

#define ALLOW_MOST 1000 /* approvals in one list */

/* Where a list stands. A configuration's serves many drafts, and has nobody else to tell: there `rule`, words and `reason`
 * must be. The organisation's is good for locked rules too. */
typedef enum AllowHome { ALLOW_DRAFT, ALLOW_CONFIG, ALLOW_ORGANISATION } AllowHome;

/* Appends what `node` lists; the nodes stand in a file called `path`. False, with the place in `err`,
 * where it is no such list: a wrong type, an unknown key (the nearest is named), a day that there is
 * not, more than ALLOW_MOST. What is only missing is otherwise left empty, for the linter to say
 * where it matters. Texts are those of `node`; lists live in `a`. */
bool sml_allow_read(Allows *out, const YamlNode *node, Str path, AllowHome home, Arena *a,
                    sml_error *err);

#endif
