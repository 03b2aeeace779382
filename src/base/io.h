/* SPDX-License-Identifier: MIT */
/* Whole files in, whole files out. Every error names the path and the system's reason. */
#ifndef SML_BASE_IO_H
#define SML_BASE_IO_H

#include "base/arena.h"
#include "base/error.h"

/* Reads a regular file, FIFO, device or, for "-", standard input, whole, into `out` (cleared first).
 * Fails on a directory, on more than `max` bytes (the message names the limit) and on read errors.
 * A FIFO is read to its end; one that nobody writes to is refused after a second. */
bool sml_io_read(Buf *out, const char *path, size_t max, sml_error *err);

/* The same for those who read in parts: a descriptor to be closed by the caller, or -1. */
int sml_io_open(const char *path, sml_error *err);

/* Is there a regular file, or a link to one? Reading anything else may be waiting, and writing to it replaces nothing. */
bool sml_io_is_file(const char *path);

/* Are these two names of one file? */
bool sml_io_is_same(const char *a, const char *b);
/* Do these two lead to one file, pipe or terminal? */
bool sml_io_is_same_fd(int a, int b);

/* A file in the making. */
typedef struct IoFile {
    int fd;              /* to be written to */
    Buf path, temporary; /* NUL-terminated; empty where what is there is written as it stands */
} IoFile;

/* Begins a file that appears at `path` whole or not at all: a temporary one beside it, with the permissions of the one that it
 * will replace. A symbolic link stays one: what it leads to is replaced. What is there but no regular file (a FIFO, /dev/null)
 * is written straight. False with errno set. */
bool sml_io_create(IoFile *out, const char *path);
/* Syncs it and puts it in its place, or where `keep` is false removes it and leaves an old one untouched. 0, or the errno of what
 * failed; then it is removed, too. */
int sml_io_close(IoFile *f, bool keep);

/* All of `bytes`, waiting where the descriptor is set not to; false with errno set. */
bool sml_io_write(int fd, Str bytes);

/* A whole file: create, write, close. */
bool sml_io_write_file(const char *path, Str bytes, sml_error *err);

#endif
