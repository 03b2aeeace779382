/* SPDX-License-Identifier: MIT */
#include "cli/sidecar.h"

#include "base/io.h"
#include "base/matter.h"

#include <errno.h>
#include <sys/stat.h>

static const char ending[] = ".meta.yaml";

Str sml_sidecar_path(Str draft, Arena *a)
{
    return sml_arena_printf(a, "%.*s%s", STR_ARG(draft), ending);
}

bool sml_sidecar_is(Str path, Arena *a)
{
    struct stat st;
    Str end = sml_str_from(ending);
    if (!sml_str_ends(path, end))
        return false;
    Str draft = sml_arena_copy(a, sml_str_slice(path, 0, path.len - end.len));
    return stat(draft.p, &st) == 0;
}

bool sml_sidecar_add(sml_input *in, Buf *text, Arena *a, sml_error *err)
{
    ArenaMark mark = sml_arena_mark(a);
    Str path = sml_sidecar_path(in->path, a);
    struct stat st;
    if (lstat(path.p, &st) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)) {
        sml_arena_rewind(a, mark);
        return true;
    }
    if (!sml_io_read(text, path.p, MATTER_MAX_BYTES, err))
        return false;
    in->sidecar = sml_buf_str(text);
    in->sidecar_path = path;
    return true;
}
