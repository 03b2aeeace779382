/* SPDX-License-Identifier: MIT */
/* What the network of a post allows, and what of the post goes beyond. */
#ifndef SML_MATCH_LIMIT_H
#define SML_MATCH_LIMIT_H

#include "match/scan.h"
#include "text/length.h"

/* The network called `channel` by any of its names, and in `home` the image that has it; of several rulebooks the last one
 * counts. NULL where none knows it. */
const ImageNetwork *sml_limit_network(const Image **home, const Scan *s, Str channel);

/* `limit` of a rule made a number: itself, or what `network` (NULL: not known) says of `what`. 0: no limit is known. */
uint32_t sml_limit_number(uint32_t limit, const ImageNetwork *network, ImageNetworkMax what);

typedef struct TooLong {
    uint64_t used;
    uint32_t limit;
    Span beyond; /* bytes of the post */
} TooLong;

/* Is the post longer than `max`, by the count of `network` (NULL: in characters as people see them), or has more bytes than
 * that takes? */
bool sml_limit_too_long(TooLong *out, const ImageNetwork *network, uint32_t max, Str post,
                        Arena *a);

/* Is the post longer than some network takes, while none of `channels` (as in the fact) is known, so that nobody can say
 * whether it is too long? */
bool sml_limit_is_open(const Scan *s, Str channels, Str post, Arena *a);

#endif
