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

/* Writes `bytes` to `path` through a temporary file in the same directory that is renamed once it is
 * whole and synced, with the permissions of the file it replaces; on failure the temporary file is
 * removed and an old `path` stands untouched. */
bool sml_io_write_file(const char *path, Str bytes, sml_error *err);

#endif
