/* SPDX-License-Identifier: MIT */
/*
 * What a draft says of itself, in YAML: its front matter, or a sidecar beside it. Facts become a
 * context; `images` and every key that we do not know its `meta`; `allow` a list of approvals. A
 * value that a fact cannot have is an error, with its place.
 */
#ifndef SML_TEXT_FRONT_H
#define SML_TEXT_FRONT_H

#include "base/yaml.h"
#include "text/day.h"
#include "text/document.h"

/* Reads the front matter of `d`, if there is any, into d->self, and moves d->body behind it. */
bool sml_front_read(Document *d, sml_error *err);

/* Adds to d->self what a sidecar called `path` says and the front matter does not say. */
bool sml_front_sidecar(Document *d, Str yaml, Str path, sml_error *err);

/* Fills context and remarks of `out`, one post of a list of them in YAML, from `map`: keys as in front matter, or as
 * scheduling tools call dates and networks. Others mean nothing; `allow` is refused. Dates without a year are near to `near`. */
bool sml_front_item(Post *out, const YamlNode *map, Str near, DayTold *told, const Document *d,
                    sml_error *err);

/* Is `name` a key of front matter? */
bool sml_front_knows(Str name);

#endif
