/* SPDX-License-Identifier: MIT */
/* YAML files → checked rules. */
#ifndef SML_RULEBOOK_LOAD_H
#define SML_RULEBOOK_LOAD_H

#include "rulebook/diag.h"

/* Reads the rulebook at `path` and all it includes. Every problem goes to `diagnostics`; false if any was an
 * error. What can be judged from the data alone is judged here (sml_validate is called); whether phrases and
 * regexes compile is the compiler's to say. */
bool sml_load(Rules *out, const char *path, Diagnostics *diagnostics, Arena *a);

/* The same with another way to read a file: fills `out` with at most YAML_MAX_BYTES, or fails with the reason in
 * err->message. Paths of includes are joined to that of the file that has them, "." and ".." taken out. */
typedef bool (*LoadFileFn)(void *user, Buf *out, const char *path, sml_error *err);
bool sml_load_with(Rules *out, const char *path, LoadFileFn read, void *user,
                   Diagnostics *diagnostics, Arena *a);

/* Problems that can be seen in the data of all files together: doubled ids, circles, what can never happen. */
void sml_validate(const Rules *rules, Diagnostics *diagnostics, Arena *a);

/* The JSON Schema (draft 2020-12) made from fields.def. */
void sml_load_schema(Buf *out);

/* The tables of sm-lint-rules(5), as mdoc, made from fields.def. */
void sml_load_fields(Buf *out);

#endif
