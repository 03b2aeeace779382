/* SPDX-License-Identifier: MIT */
/* Any bytes as a rulebook. What compiles must open as an image, twice to the same bytes, and run. */
#include "image/image.h"
#include "match/scan.h"
#include "rulebook/compile.h"
#include "rulebook/load.h"

#include <assert.h>
#include <string.h>

static bool give(void *user, Buf *out, const char *path, sml_error *err)
{
    if (strcmp(path, "fuzz.yaml") != 0)
        return sml_error_set(err, "there is only one file here");
    sml_buf_clear(out);
    sml_buf_add(out, *(const Str *)user);
    return true;
}

static bool compile(Buf *out, Str text)
{
    Arena *a = sml_arena_new();
    Diagnostics d = {0};
    Rules rules;
    bool ok =
        sml_load_with(&rules, "fuzz.yaml", give, &text, &d, a) && sml_compile(out, &rules, &d, a);
    assert(ok || d.errors);
    sml_arena_free(a);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size};
    Buf first = {0}, second = {0};
    Image image;
    if (compile(&first, text)) {
        assert(compile(&second, text) && sml_str_eq(sml_buf_str(&first), sml_buf_str(&second)));
        assert(sml_image_open(&image, sml_buf_str(&first), STR("fuzz"), NULL));
        Arena *a = sml_arena_new();
        Scan *s = sml_scan_new(&image, 1, (ScanOptions){0});
        sml_scan_begin(s, STR("Vote Labour on #VoteLabour day, said Dr Who: ring 01632 960001"), a);
        for (uint32_t i = 0; i < IMAGE_N(&image, GROUPS); i++)
            sml_scan_matches(s, 0, i);
        sml_scan_free(s);
        sml_arena_free(a);
    }
    sml_buf_free(&first);
    sml_buf_free(&second);
    return 0;
}
