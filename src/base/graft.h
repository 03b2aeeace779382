/* SPDX-License-Identifier: MIT */
/* Puts an approval into a file that people keep, and leaves every other byte as it stands. */
#ifndef SML_BASE_GRAFT_H
#define SML_BASE_GRAFT_H

#include "base/allow.h"

/* Writes to `out` (cleared first) the file `bytes`, called `path`, with `allow` added to the end of its
 * list `allow`, which is begun where there is none. With `front` the list is in front matter, begun too
 * where there is none, and `bytes` is a draft; else `bytes` is all YAML. Byte-order mark, line ends
 * and indentation are those of the file. False, with the place in `err`, where the file cannot be
 * read, or its list is written in brackets, which cannot be added to without writing it anew. */
bool sml_graft_allow(Buf *out, Str bytes, Str path, bool front, const sml_allow *allow,
                     sml_error *err);

#endif
