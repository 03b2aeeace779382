/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 (FIPS 180-4), for names of things by their content. By hand, since none of the libraries that we link with has
 * it, and libcrypto is a great deal to carry for one function. It must not change: what it names stands in other
 * people's repositories, as fingerprints in approvals and baselines.
 */
#ifndef SML_BASE_SHA256_H
#define SML_BASE_SHA256_H

#include "base/str.h"

void sml_sha256(uint8_t out[32], Str bytes);

#endif
