/* SPDX-License-Identifier: MIT */
/* What a text has, seen in a few quick passes, so that most detectors never look at it. */
#ifndef SML_MATCH_FEATURES_H
#define SML_MATCH_FEATURES_H

#include "base/str.h"

/* HAS_* bits (match/detect.h). */
unsigned sml_features(Str text);

#endif
