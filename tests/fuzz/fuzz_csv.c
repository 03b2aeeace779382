/* SPDX-License-Identifier: MIT */
/* Any bytes as a calendar, whole and in parts: every byte of a post lies in the input, and parts
 * say what the whole says. The first byte chooses how long parts are. */
#include "text/document.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define LIMIT ((uint64_t)1 << 20)
#define TODAY STR("2026-11-20")

static void add_posts(Buf *out, Document *d)
{
    for (uint32_t i = 0; i < d->posts.n; i++) {
        const Post *p = &d->posts.v[i];
        uint32_t len = (uint32_t)p->words.text.len, last = 0;
        for (uint32_t at = 0; at < len; at++) {
            Span s = sml_norm_span(&p->words, at, at + 1);
            assert(s.start >= last && s.end <= d->bytes.len);
            assert(sml_document_raw(d, s.end) <= LIMIT);
            last = s.start;
        }
        sml_buf_addf(out, "%.*s\n", STR_ARG(p->label));
        sml_buf_add(out, p->words.text);
    }
}

static void read_in_parts(Buf *out, Str text, size_t part)
{
    sml_sheet *sheet = sml_sheet_new();
    for (size_t at = 0, want = part;;) {
        Arena *a = sml_arena_new();
        Document d;
        sml_input in = {.text = sml_str_slice(text, at, at + want),
                        .kind = SML_INPUT_CSV,
                        .context = {.date = TODAY},
                        .sheet = sheet,
                        .more = at + want < text.len};
        bool ok = sml_document_read(&d, &in, LIMIT, a, NULL);
        add_posts(out, &d);
        sml_arena_free(a);
        size_t used = sml_sheet_used(sheet);
        if (!ok || !in.more)
            break;
        assert(used <= in.text.len);
        at += used;
        want = used ? part : 2 * want;
    }
    sml_sheet_free(sheet);
}

/* Does the first line say what parts cells? */
static bool delimited_at_once(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '"' || text.p[i] == '\n' || text.p[i] == '\r')
            return false;
        if (text.p[i] && strchr(",;\t|", text.p[i]))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > LIMIT)
        return 0;
    Str text = {(const char *)data + 1, size - 1};
    sml_input in = {.text = text, .kind = SML_INPUT_CSV, .context = {.date = TODAY}};
    Document d;
    Buf whole = {0}, parts = {0};
    Arena *a = sml_arena_new();
    bool ok = sml_document_read(&d, &in, LIMIT, a, NULL);
    add_posts(&whole, &d);
    sml_arena_free(a);
    read_in_parts(&parts, text, 1 + data[0]);
    /* Parts choose an encoding, and what parts cells, by what they have seen. */
    if (ok && sml_encoding_of(text) == ENCODING_UTF8 && !sml_encoding_is_wide(text) &&
        delimited_at_once(text))
        assert(sml_str_eq(sml_buf_str(&whole), sml_buf_str(&parts)));
    sml_buf_free(&whole);
    sml_buf_free(&parts);
    return 0;
}
