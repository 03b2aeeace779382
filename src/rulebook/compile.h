/* SPDX-License-Identifier: MIT */
/* Checked rules → image. */
#ifndef SML_RULEBOOK_COMPILE_H
#define SML_RULEBOOK_COMPILE_H

#include "rulebook/diag.h"

/* Compiles `rules` into the bytes of an image (`out` is cleared first). What only the engine can judge is judged here: a
 * phrase or regex that does not compile, that can never match, or that needs `slow: true`; lists in a circle. False if any was an
 * error. Equal rules give equal bytes. */
bool sml_compile(Buf *out, const Rules *rules, Diagnostics *diagnostics, Arena *a);

#endif
