/* SPDX-License-Identifier: MIT */
/* Opens the input as an image, as it is and with its header made good, so that checksums do not
 * keep the fuzzer out. */
#include "image_walk.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = sml_arena_new();
    char *bytes = sml_arena_alloc(a, size, 8);
    if (size > 0)
        memcpy(bytes, data, size);
    open_and_walk((Str){bytes, size});
    if (size >= sizeof(ImageHeader)) {
        make_good(bytes, size);
        open_and_walk((Str){bytes, size});
    }
    sml_arena_free(a);
    return 0;
}
