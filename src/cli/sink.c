/* SPDX-License-Identifier: MIT */
#include "cli/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENOUGH ((size_t)64 << 10)

/* A terminal or pipe shared with another program may have been set not to block. */
static bool wait_writable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, -1) > 0 || errno == EINTR;
}

bool sml_sink_write_fd(int fd, Str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.p, bytes.len);
        if (n >= 0)
            bytes = sml_str_slice(bytes, (size_t)n, bytes.len);
        else if (errno == EAGAIN && wait_writable(fd))
            continue;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

void sml_sink_stdout(Sink *out)
{
    *out = (Sink){.fd = STDOUT_FILENO};
}

static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_temporary(Sink *s, Arena *a)
{
    Str name = sml_arena_printf(a, "%s.XXXXXX", s->path);
    char *room = (char *)sml_arena_copy(a, name).p;
    int fd = mkstemp(room);
    if (fd < 0)
        return fd;
    (void)fchmod(fd, new_file_mode()); /* file systems without modes refuse, and need none */
    s->temporary = room;
    return fd;
}

bool sml_sink_open(Sink *out, const char *path, Arena *a, sml_error *err)
{
    struct stat st;
    *out = (Sink){.path = path};
    bool in_place = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
    out->fd = in_place ? open(path, O_WRONLY | O_CLOEXEC) : open_temporary(out, a);
    return out->fd >= 0 || sml_error_os(err, sml_str_from(path), "cannot write", errno);
}

bool sml_sink_flush(Sink *s)
{
    if (!s->problem && !sml_sink_write_fd(s->fd, sml_buf_str(&s->waiting)))
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

/* Only closing tells of a full disk on some network file systems, for standard output too. */
static void close_file(Sink *s, bool keep)
{
    if (s->temporary && keep && !s->problem && fsync(s->fd) != 0)
        s->problem = errno;
    if (close(s->fd) != 0 && !s->problem)
        s->problem = errno;
    if (!s->temporary)
        return;
    keep = keep && !s->problem;
    if (keep && rename(s->temporary, s->path) != 0) {
        s->problem = errno;
        keep = false;
    }
    if (!keep)
        unlink(s->temporary);
}

bool sml_sink_close(Sink *s, bool keep, sml_error *err)
{
    sml_sink_flush(s);
    close_file(s, keep);
    sml_buf_free(&s->waiting);
    if (!s->problem)
        return true;
    if (s->problem == EPIPE)
        return sml_error_set(err, "%s", "");
    return sml_error_os(err, s->path ? sml_str_from(s->path) : STR("standard output"),
                        "cannot write", s->problem);
}
