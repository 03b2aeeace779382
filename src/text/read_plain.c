/* SPDX-License-Identifier: MIT */
/* The whole input is one post. */
#include "text/reader.h"

#include "base/utf8.h"

static const char replacement[] = "\xEF\xBF\xBD";

static Norm replace_bad(const Document *d, uint32_t start)
{
    Words w;
    Str bytes = d->bytes;
    sml_reader_begin(&w, sml_str_slice(bytes, start, bytes.len), d->arena);
    size_t kept = start;
    for (size_t at = start; at < bytes.len;) {
        size_t here = at;
        if (sml_utf8_next(bytes, &at) != UTF8_BAD)
            continue;
        if (here > kept)
            sml_reader_keep(&w, (uint32_t)kept, sml_str_slice(bytes, kept, here));
        sml_reader_swap(&w, (uint32_t)here, 1, sml_str_from(replacement));
        kept = at;
    }
    if (kept < bytes.len)
        sml_reader_keep(&w, (uint32_t)kept, sml_str_slice(bytes, kept, bytes.len));
    return sml_reader_end(&w, (uint32_t)bytes.len);
}

bool sml_read_plain(Document *d, Post *post, sml_error *err)
{
    (void)err; /* any bytes will do */
    uint32_t start = sml_reader_bom(d->bytes), end = (uint32_t)d->bytes.len;
    uint32_t bad = start + (uint32_t)sml_utf8_check(sml_str_slice(d->bytes, start, end));
    if (bad < end)
        d->bad_at = bad;
    post->words =
        bad < end ? replace_bad(d, start) : sml_reader_as_is(d->bytes, start, end, d->arena);
    return true;
}
