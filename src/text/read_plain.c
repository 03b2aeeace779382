/* SPDX-License-Identifier: MIT */
/* The whole input is one post, but for front matter. */
#include "text/reader.h"

bool sml_read_plain(Document *d, const sml_input *in, sml_error *err)
{
    (void)in;
    (void)err; /* any bytes will do */
    sml_reader_post(d, d->body, (uint32_t)d->bytes.len);
    return true;
}
