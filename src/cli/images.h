/* SPDX-License-Identifier: MIT */
/* Pictures that a draft names: one that is not there would go out as a post without it. */
#ifndef SML_CLI_IMAGES_H
#define SML_CLI_IMAGES_H

#include "base/error.h"

/* Does `file`, as the draft at `path` names it, look like the path of a picture that is not there?
 * Addresses and names without a picture's ending do not. */
bool sml_images_lacks(Str file, Str path);

#endif
