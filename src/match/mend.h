/* SPDX-License-Identifier: MIT */
/* Exact words to put in place of a match, where a rule says how they come about (`mend`). */
#ifndef SML_MATCH_MEND_H
#define SML_MATCH_MEND_H

#include "image/image.h"
#include "text/norm.h"

/* What should stand in place of bytes `span` of the post; in `a`, and perhaps empty. False where that is not known, or would
 * change nothing. */
bool sml_mend(Str *out, ImageMend mend, Str post, Span span, Arena *a);

#endif
