/* SPDX-License-Identifier: MIT */
/* What people call the networks, and what `channel` calls them. */
#ifndef SML_TEXT_NETWORK_H
#define SML_TEXT_NETWORK_H

#include "base/arena.h"

/* The channel that `word` names ("Twitter", "X/Twitter", "fb"), letters of either case; static, and
 * empty if it names none. */
Str sml_network_of(Str word);

/* The network that `word`, which is none of ours, is most likely a slip for; static, or empty. */
Str sml_network_nearest(Str word);

/* `list`, which has names with commas, and `name` where it is new and not empty. */
Str sml_network_add(Str list, Str name, Arena *a);

/* The channels that `words` names ("LinkedIn, Facebook", "Threads/Bluesky") as the fact `channel` has several: with commas,
 * each once; a name that is none of ours stays as it is. Empty for "all" and "both", which do not say which. */
Str sml_network_list(Str words, Arena *a);

/* The same of a heading ("X (Twitter)", "Instagram & Threads"); empty unless it names networks and nothing else, remarks on
 * them left out. */
Str sml_network_heading(Str words, Arena *a);

#endif
