/* SPDX-License-Identifier: MIT */
/* Exact words to put in place of a match, where a rule says how they come about (`mend`). */
#ifndef SML_MATCH_MEND_H
#define SML_MATCH_MEND_H

#include "image/image.h"
#include "text/norm.h"

/* What should stand in place of bytes `span` of the post; in `a`, and perhaps empty. False where that is not known, or would
 * change nothing. */
bool sml_mend(Str *out, ImageMend mend, Str post, Span span, Arena *a);

/* Folding leaves hidden characters at an end of the post to nobody: where only such stand beyond `span` of bytes of the
 * post, and removing them is what mends it, the span with them. */
Span sml_mend_reach(ImageMend mend, Str post, Span span);

#endif
