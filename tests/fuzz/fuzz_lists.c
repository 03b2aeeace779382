/* SPDX-License-Identifier: MIT */
/* Any bytes as a line of an archive, as a list of posts in JSON and in YAML, and as a thread, by the first byte: words are
 * UTF-8, every byte of them has a place in the source, and a complaint has one too. */
#include "base/utf8.h"
#include "text/document.h"

#include <assert.h>
#include <stddef.h>

static void check_words(const Document *d, const Norm *words)
{
    uint32_t len = (uint32_t)words->text.len, last = 0;
    assert(sml_utf8_check(words->text) == len);
    for (uint32_t at = 0; at < len; at++) {
        Span s = sml_norm_span(words, at, at + 1);
        assert(s.start >= last && s.start <= s.end && s.end <= d->bytes.len);
        last = s.start;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const sml_input_kind kinds[] = {SML_INPUT_JSONL, SML_INPUT_JSON, SML_INPUT_YAML,
                                           SML_INPUT_THREAD};
    if (size == 0)
        return 0;
    sml_input in = {.text = {(const char *)data + 1, size - 1},
                    .kind = kinds[data[0] % (sizeof kinds / sizeof *kinds)],
                    .context = {.date = STR("2026-11-20")}};
    Arena *a = sml_arena_new();
    Document d;
    sml_error err = {0};
    bool ok = sml_document_read(&d, &in, (uint64_t)1 << 20, a, &err);
    assert(ok || err.message[0]);
    for (uint32_t i = 0; i < d.posts.n; i++) {
        check_words(&d, &d.posts.v[i].words);
        for (uint32_t k = 0; k < d.posts.v[i].n_remarks; k++)
            assert(d.posts.v[i].remarks[k].line > 0);
    }
    sml_arena_free(a);
    return 0;
}
