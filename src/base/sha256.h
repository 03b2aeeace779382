/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), for names of things by their content. */
#ifndef SML_BASE_SHA256_H
#define SML_BASE_SHA256_H

#include "base/str.h"

void sml_sha256(uint8_t out[32], Str bytes);

#endif
