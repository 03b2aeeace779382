/* SPDX-License-Identifier: MIT */
#include "image/must.h"

#include <assert.h>

void sml_must_places(uint16_t places[IMAGE_MUST_PLACES], Str text)
{
    assert(text.len > 0);
    size_t pairs = text.len - 1;
    for (size_t i = 0; i < IMAGE_MUST_PLACES; i++) {
        size_t at = pairs > IMAGE_MUST_PLACES ? i * pairs / IMAGE_MUST_PLACES : i < pairs ? i : 0;
        places[i] = (uint16_t)(pairs ? sml_must_pair(text.p[at], text.p[at + 1])
                                     : sml_must_byte(text.p[0]));
    }
}
