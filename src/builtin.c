/* SPDX-License-Identifier: MIT */
/* The built-in rulebook: the image that the build made of rules/, taken in as it is. As a C array it would cost the
 * compiler seconds and hundreds of megabytes. */
#include "smlint_internal.h"

#ifndef SML_BUILTIN_IMAGE
#error "the Makefile says where the image is"
#endif

#if defined(__APPLE__)
#define SECTION      ".const_data"
#define SYMBOL(name) "_" name
#else
#define SECTION      ".section .rodata"
#define SYMBOL(name) name
#endif

__asm__(SECTION
        "\n"
        ".balign 64\n" SYMBOL("sml_builtin_start") ":\n"
                                                   ".incbin \"" SML_BUILTIN_IMAGE
                                                   "\"\n" SYMBOL("sml_builtin_end") ":\n"
                                                                                    ".byte 0\n"
                                                                                    ".text\n");

extern const char sml_builtin_start[], sml_builtin_end[];

Str sml_internal_builtin(void)
{
    return (Str){sml_builtin_start, (size_t)(sml_builtin_end - sml_builtin_start)};
}
