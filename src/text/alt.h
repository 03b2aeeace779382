/* SPDX-License-Identifier: MIT */
/*
 * Lines of a plain text that describe its pictures, as teams write them below a post:
 *
 *     Our new bridge is open.
 *     ALT: A footbridge of larch over a river
 *
 * They are not posted: they go out with the pictures.
 */
#ifndef SML_TEXT_ALT_H
#define SML_TEXT_ALT_H

#include "text/document.h"

/* Takes such lines out of all posts of `d`, whose words must be document bytes as they stand. Each becomes a post of
 * kind alt, behind all others, and describes the first image of its post, or of the draft where front matter lists images, that nothing
 * describes yet. A post of nothing
 * else is left as it is. */
void sml_alt_take(Document *d);

#endif
