/* SPDX-License-Identifier: MIT */
#include "cli/sink.h"

#include <errno.h>
#include <unistd.h>

#define ENOUGH ((size_t)64 << 10)

void sml_sink_stdout(Sink *out)
{
    *out = (Sink){.file.fd = STDOUT_FILENO};
}

bool sml_sink_open(Sink *out, const char *path, sml_error *err)
{
    *out = (Sink){.path = path};
    return sml_io_create(&out->file, path) ||
           sml_error_os(err, sml_str_from(path), "cannot write", errno);
}

bool sml_sink_flush(Sink *s)
{
    if (!s->problem && !sml_io_write(s->file.fd, sml_buf_str(&s->waiting)))
        s->problem = errno;
    sml_buf_clear(&s->waiting);
    return s->problem == 0;
}

bool sml_sink_write(void *sink, Str bytes)
{
    Sink *s = sink;
    if (s->problem)
        return false;
    sml_buf_add(&s->waiting, bytes);
    return s->waiting.len < ENOUGH || sml_sink_flush(s);
}

bool sml_sink_close(Sink *s, bool keep, sml_error *err)
{
    sml_sink_flush(s);
    int late = sml_io_close(&s->file, keep && !s->problem);
    s->problem = s->problem ? s->problem : late;
    sml_buf_free(&s->waiting);
    if (!s->problem)
        return true;
    if (s->problem == EPIPE)
        return sml_error_set(err, "%s", "");
    return sml_error_os(err, s->path ? sml_str_from(s->path) : STR("standard output"),
                        "cannot write", s->problem);
}
