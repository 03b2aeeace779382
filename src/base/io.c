/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

bool sml_io_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool is_one(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool sml_io_is_same(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && is_one(&one, &other);
}

bool sml_io_is_same_fd(int a, int b)
{
    struct stat one, other;
    return fstat(a, &one) == 0 && fstat(b, &other) == 0 && is_one(&one, &other);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A terminal or pipe shared with another program may have been set not to block. */
static bool wait_writable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, -1) > 0 || errno == EINTR;
}

bool sml_io_write(int fd, Str bytes)
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

/* mkstemp gives 0600 and our own name; a draft, report or image is as public as the one it replaces and its owner's, as far
 * as we may, or as the umask says any new file is. File systems without modes refuse, and need none. */
static void dress(int fd, const struct stat *old)
{
    mode_t mask = umask(0);
    umask(mask);
    if (old && (old->st_uid != geteuid() || old->st_gid != getegid()) &&
        fchown(fd, old->st_uid, old->st_gid) != 0)
        errno = 0; /* then it is ours */
    (void)fchmod(fd, old ? old->st_mode & 0777 : 0666 & ~mask);
}

static int open_temporary(IoFile *f, const char *path, const struct stat *old)
{
    char real[PATH_MAX];
    path = realpath(path, real) ? real : path;
    sml_buf_addf(&f->path, "%s%c", path, '\0');
    sml_buf_addf(&f->temporary, "%s.XXXXXX%c", path, '\0');
    int fd = mkstemp(f->temporary.p), problem = errno;
    if (fd >= 0) {
        dress(fd, old);
        return fd;
    }
    sml_buf_free(&f->path);
    sml_buf_free(&f->temporary);
    errno = problem;
    return -1;
}

bool sml_io_create(IoFile *out, const char *path)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    *out = (IoFile){.fd = -1};
    /* A file that must not be written could still be replaced, since that is a matter of its folder alone. */
    if (there && access(path, W_OK) != 0)
        return false;
    out->fd = there && !S_ISREG(st.st_mode) ? open(path, O_WRONLY | O_CLOEXEC)
                                            : open_temporary(out, path, there ? &st : NULL);
    return out->fd >= 0;
}

/* Only closing tells of a full disk on some network file systems. */
int sml_io_close(IoFile *f, bool keep)
{
    bool apart = f->temporary.len > 0;
    int problem = apart && keep && fsync(f->fd) != 0 ? errno : 0;
    if (close(f->fd) != 0 && !problem)
        problem = errno;
    if (apart && keep && !problem && rename(f->temporary.p, f->path.p) != 0)
        problem = errno;
    if (apart && (!keep || problem))
        unlink(f->temporary.p);
    sml_buf_free(&f->path);
    sml_buf_free(&f->temporary);
    return problem;
}

bool sml_io_write_file(const char *path, Str bytes, sml_error *err)
{
    IoFile file;
    int problem = 0;
    if (!sml_io_create(&file, path))
        return sml_error_os(err, sml_str_from(path), "cannot write", errno);
    if (!sml_io_write(file.fd, bytes))
        problem = errno;
    int late = sml_io_close(&file, problem == 0);
    problem = problem ? problem : late;
    return problem == 0 || sml_error_os(err, sml_str_from(path), "cannot write", problem);
}
