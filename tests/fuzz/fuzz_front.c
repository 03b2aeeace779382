/* SPDX-License-Identifier: MIT */
/* Any bytes as a draft with front matter, and as the sidecar of one. */
#include "base/graft.h"
#include "text/document.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read(const sml_input *in, size_t size, Arena *a)
{
    Document d;
    sml_error err = {0};
    sml_arena_reset(a);
    bool ok = sml_document_read(&d, in, (uint64_t)1 << 20, a, &err);
    if (ok != (d.posts.n > 0) || (!ok && !err.message[0]) || d.body > d.bytes.len)
        abort();
    for (uint32_t i = 0; i < d.posts.n; i++) {
        const Norm *words = &d.posts.v[i].words;
        Span span = sml_norm_span(words, 0, (uint32_t)words->text.len);
        if (words->text.len &&
            (span.start < d.body || span.start > span.end || span.end > d.bytes.len ||
             sml_document_raw(&d, span.end) > in->text.len))
            abort();
    }
    for (uint32_t i = 0; i < d.self.n_allows; i++)
        if (d.self.allows[i].line == 0 ||
            d.self.allows[i].at > (d.self.allows[i].path.len ? size : d.bytes.len))
            abort();
}

/* Grafting checks its own work; here it has to survive it. */
static void graft(Str bytes, bool front)
{
    Buf out = {0};
    const Str words = STR("now \"now\"");
    const sml_allow allow = {
        .rule = STR("a/b"), .match = &words, .n_match = 1, .reason = STR("\n# x: [y")};
    if (sml_graft_allow(&out, bytes, STR("d"), front, &allow, NULL) && out.len <= bytes.len)
        abort();
    sml_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = sml_arena_new();
    Str bytes = {(const char *)data, size};
    sml_input draft = {.path = STR("d.txt"), .text = bytes, .kind = SML_INPUT_THREAD};
    sml_input beside = {.path = STR("d.txt"),
                        .text = STR("Good news."),
                        .sidecar = bytes,
                        .sidecar_path = STR("d.txt.meta.yaml")};
    read(&draft, size, a);
    read(&beside, size, a);
    graft(bytes, true);
    graft(bytes, false);
    sml_arena_free(a);
    return 0;
}
