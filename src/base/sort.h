/* SPDX-License-Identifier: MIT */
#ifndef SML_BASE_SORT_H
#define SML_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* qsort for arrays of which most are few, and nearly in order. Elements have at most SORT_ELEMENT bytes; which of equal ones
 * comes first is not said. */
#define SORT_ELEMENT 32
void sml_sort(void *v, uint32_t n, size_t size, int (*compare)(const void *, const void *));

#endif
