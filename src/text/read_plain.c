/* SPDX-License-Identifier: MIT */
/* The whole input is one post, but for front matter. */
#include "text/alt.h"
#include "text/reader.h"

bool sml_read_plain(Document *d, const sml_input *in, sml_error *err)
{
    (void)in;
    (void)err; /* any bytes will do */
    Norm words = sml_reader_words(d, d->body, (uint32_t)d->bytes.len);
    VEC_PUSH(&d->posts, d->arena).words = words;
    sml_alt_take(d);
    return true;
}
