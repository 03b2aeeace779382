/* SPDX-License-Identifier: MIT */
/* Files beside drafts that speak of them: launch.txt.meta.yaml of launch.txt. */
#ifndef SML_CLI_SIDECAR_H
#define SML_CLI_SIDECAR_H

#include "base/arena.h"
#include "base/error.h"

/* The sidecar's path, whether it is there or not; NUL-terminated. */
Str sml_sidecar_path(Str draft, Arena *a);
/* Is it the sidecar of a draft that is there? */
bool sml_sidecar_is(Str path, Arena *a);

/* Reads the sidecar of the draft called `in->path` into `text` and gives it to `in`; that there is
 * none is no failure. */
bool sml_sidecar_add(sml_input *in, Buf *text, Arena *a, sml_error *err);

#endif
