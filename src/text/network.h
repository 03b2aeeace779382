/* SPDX-License-Identifier: MIT */
/* What people call the networks, and what `channel` calls them. */
#ifndef SML_TEXT_NETWORK_H
#define SML_TEXT_NETWORK_H

#include "base/str.h"

/* The channel that `word` names ("Twitter", "X/Twitter", "fb"), letters of either case; static, and
 * empty if it names none. */
Str sml_network_of(Str word);

#endif
