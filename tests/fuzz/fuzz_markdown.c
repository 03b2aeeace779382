/* SPDX-License-Identifier: MIT */
/* Any bytes as Markdown: words are UTF-8, and every byte of them has a place in the source, in order. */
#include "base/utf8.h"
#include "text/document.h"

#include <assert.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sml_input in = {.text = {(const char *)data, size}, .kind = SML_INPUT_MARKDOWN};
    Arena *a = sml_arena_new();
    Document d;
    sml_document_read(&d, &in, (uint64_t)1 << 20, a, NULL);
    for (uint32_t i = 0; i < d.posts.n; i++) {
        const Norm *words = &d.posts.v[i].words;
        uint32_t len = (uint32_t)words->text.len, last = 0;
        assert(sml_utf8_check(words->text) == len);
        for (uint32_t at = 0; at < len; at++) {
            Span s = sml_norm_span(words, at, at + 1);
            assert(s.start >= last && s.start < s.end && s.end <= d.bytes.len);
            last = s.start;
        }
    }
    sml_arena_free(a);
    return 0;
}
