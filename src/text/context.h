/* SPDX-License-Identifier: MIT */
/* What is known of a draft, put together from several places. */
#ifndef SML_TEXT_CONTEXT_H
#define SML_TEXT_CONTEXT_H

#include "base/arena.h"

/* The facts of `strong`, and those of `weak` where it is silent. An @handle names an account, so it
 * silences what `weak` says of whose the account is. Other facts (`meta`) come together, each name
 * once, images of one of the two only. Borrows from both. */
sml_context sml_context_merge(const sml_context *strong, const sml_context *weak, Arena *a);

/* Takes what is said of images out of `c`. */
void sml_context_drop_images(sml_context *c, Arena *a);

#endif
