/* SPDX-License-Identifier: MIT */
/* A finding in words: a rule's message with its placeholders filled, secrets and control characters taken out. */
#ifndef SML_MATCH_MESSAGE_H
#define SML_MATCH_MESSAGE_H

#include "match/judge.h"

/* What stands in the place of words that must not be shown. */
#define MASK_TEXT "[hidden]"

/* Bytes [span] of `text` with every part that `masks` cover replaced by MASK_TEXT; in `a`. Where `inner` is not NULL it
 * is a span within `span` and is moved to where its text then is. */
Str sml_message_masked(Str text, Span span, const Spans *masks, Span *inner, Arena *a);

/* The rule's message for this finding. `text` is the post. */
Str sml_message_render(Scan *scan, const Finding *f, Str text, const Spans *masks,
                       const sml_context *context, const Facts *facts, bool welsh, Arena *a);

/* "if this is an official account, ..." : which facts were missing, in words; empty for none. */
Str sml_message_missing(unsigned missing, unsigned accounts, Arena *a);

#endif
