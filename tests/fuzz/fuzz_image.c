/* SPDX-License-Identifier: MIT */
/*
 * Opens the input as an image, as it is and with its header made good, so that checksums do not keep
 * the fuzzer out. Input that begins "smlint:" is a rulebook instead, which is compiled first; behind
 * its first NUL come patches of five bytes, where in the image and what to flip there: thus a corpus
 * of near misses outlives every change of the layout.
 */
#include "image_walk.h"

#include "rulebook/compile.h"
#include "rulebook/load.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make_good(char *bytes, size_t size)
{
    ImageHeader h;
    memcpy(&h, bytes, sizeof h);
    memcpy(h.magic, IMAGE_MAGIC, sizeof h.magic);
    h.version = IMAGE_VERSION;
    h.endian = IMAGE_ENDIAN;
    h.layout = sml_image_layout();
    h.size = (uint32_t)size;
    h.checksum = sml_str_hash((Str){bytes + sizeof h, size - sizeof h});
    memcpy(bytes, &h, sizeof h);
}

static void open_and_walk(Str bytes)
{
    Image im;
    sml_error err;
    if (sml_image_open(&im, bytes, STR("fuzz"), &err))
        image_walk(&im);
    else
        assert(err.message[0] != '\0');
}

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
    sml_arena_free(a);
    return ok;
}

static void patch(Buf *image, Str patches)
{
    for (; patches.len >= 5; patches = sml_str_slice(patches, 5, patches.len)) {
        uint32_t at;
        memcpy(&at, patches.p, sizeof at);
        image->p[at % image->len] ^= patches.p[4];
    }
}

static void fill(Buf *image, Str input)
{
    size_t nul = sml_str_find(input, (Str){"\0", 1}, 0);
    Str text = sml_str_slice(input, 0, nul < input.len ? nul : input.len);
    if (!sml_str_starts(input, STR("smlint:")))
        sml_buf_add(image, input);
    else if (compile(image, text))
        patch(image, sml_str_slice(input, text.len + (text.len < input.len), input.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = sml_arena_new();
    Buf image = {0};
    fill(&image, (Str){(const char *)data, size});
    char *bytes = sml_arena_alloc(a, image.len, 8);
    if (image.len > 0)
        memcpy(bytes, image.p, image.len);
    open_and_walk((Str){bytes, image.len});
    if (image.len >= sizeof(ImageHeader)) {
        make_good(bytes, image.len);
        open_and_walk((Str){bytes, image.len});
    }
    sml_buf_free(&image);
    sml_arena_free(a);
    return 0;
}
