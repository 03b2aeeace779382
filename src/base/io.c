/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)

/* How often and long, in milliseconds, to wait for somebody to write to a FIFO: a shell that starts both ends may start
 * the reader first. */
#define WAITS     50
#define WAIT_TIME 20

static bool too_large(Str path, size_t max, sml_error *err)
{
    return sml_error_at(err, path, 0, 0, "larger than %zu bytes, the most that is read", max);
}

static bool read_all(Buf *out, int fd, Str path, size_t max, sml_error *err)
{
    for (;;) {
        if (out->len == out->cap)
            sml_buf_reserve(out, CHUNK);
        ssize_t n = read(fd, out->p + out->len, out->cap - out->len);
        if (n == 0)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sml_error_os(err, path, "cannot read", errno);
        out->len += (size_t)n;
        if (out->len > max)
            return too_large(path, max, err);
    }
}

static bool read_open(Buf *out, int fd, Str path, size_t max, sml_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return sml_error_os(err, path, "cannot read", errno);
    if (S_ISDIR(st.st_mode))
        return sml_error_at(err, path, 0, 0, "is a directory, not a file");
    if (S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size > max)
        return too_large(path, max, err);
    if (S_ISREG(st.st_mode) && st.st_size > 0)
        sml_buf_reserve(out, (size_t)st.st_size + 1); /* one more, to see the end */
    return read_all(out, fd, path, max, err);
}

/* Of a FIFO that nobody ever wrote to, poll has nothing to say; of one that the last writer left, it does. So be that
 * writer, for a moment. */
static bool gets_writer(int fd, const char *path)
{
    int writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (writer < 0)
        return true; /* who may not write cannot know */
    close(writer);
    for (int i = 0; i < WAITS; i++) {
        if (poll(&p, 1, 0) <= 0 || (p.revents & POLLIN) || !(p.revents & POLLHUP))
            return true;
        poll(NULL, 0, WAIT_TIME);
    }
    return false;
}

/* Opening a FIFO as files are opened would wait for a writer for ever. */
int sml_io_open(const char *path, sml_error *err)
{
    struct stat st = {0};
    Str name = sml_str_from(path);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return sml_error_os(err, name, "cannot open", errno), -1;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    if (S_ISFIFO(st.st_mode) && !gets_writer(fd, path)) {
        close(fd);
        return sml_error_at(err, name, 0, 0, "is a FIFO that nobody writes to"), -1;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

bool sml_io_read(Buf *out, const char *path, size_t max, sml_error *err)
{
    sml_buf_clear(out);
    if (strcmp(path, "-") == 0)
        return read_open(out, STDIN_FILENO, STR("standard input"), max, err);
    int fd = sml_io_open(path, err);
    if (fd < 0)
        return false;
    bool ok = read_open(out, fd, sml_str_from(path), max, err);
    close(fd);
    return ok;
}

static bool write_all(int fd, Str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.p, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes = sml_str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

/* mkstemp gives 0600 and our own name; a draft, report or image is as public as the one it replaces and its owner's, as far
 * as we may, or as the umask says any new file is. */
static bool dress(int fd, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        if ((st.st_uid != geteuid() || st.st_gid != getegid()) &&
            fchown(fd, st.st_uid, st.st_gid) != 0)
            errno = 0; /* then it is ours */
        return fchmod(fd, st.st_mode & 0777) == 0;
    }
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

/* A file that must not be written could still be replaced, since that is a matter of its folder alone. */
static bool is_closed(const char *path)
{
    return access(path, W_OK) != 0 && errno != ENOENT;
}

bool sml_io_write_file(const char *path, Str bytes, sml_error *err)
{
    Str name = sml_str_from(path);
    if (is_closed(path))
        return sml_error_os(err, name, "cannot write", errno);
    Buf temporary = {0};
    sml_buf_addf(&temporary, "%s.XXXXXX", path);
    sml_buf_addc(&temporary, '\0');
    int fd = mkstemp(temporary.p), problem = 0;
    if (fd < 0) {
        problem = errno;
        sml_buf_free(&temporary);
        return sml_error_os(err, name, "cannot write", problem);
    }
    if (!write_all(fd, bytes) || !dress(fd, path) || fsync(fd) != 0)
        problem = errno;
    if (close(fd) != 0 && !problem)
        problem = errno;
    if (!problem && rename(temporary.p, path) != 0)
        problem = errno;
    if (problem)
        unlink(temporary.p);
    sml_buf_free(&temporary);
    return problem ? sml_error_os(err, name, "cannot write", problem) : true;
}
