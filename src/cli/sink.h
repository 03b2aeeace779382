/* SPDX-License-Identifier: MIT */
/*
 * Where bytes go: standard output, or a file that appears whole or not at all. Writing is
 * buffered; the first failure is remembered, and everything after it is dropped, so that writers
 * need not look at every step. sml_sink_close tells.
 */
#ifndef SML_CLI_SINK_H
#define SML_CLI_SINK_H

#include "base/arena.h"
#include "base/error.h"

typedef struct Sink {
    int fd;
    int problem; /* errno of the first failure; 0: none */
    Buf waiting;
    const char *path;      /* NULL: standard output */
    const char *temporary; /* renamed to `path` when closed; NULL: `path` is written as it stands */
} Sink;

void sml_sink_stdout(Sink *out);

/* A file: a temporary one beside it, renamed when closed. What is there but is no regular file (a
 * FIFO, /dev/null) is written straight, since a rename would replace it. */
bool sml_sink_open(Sink *out, const char *path, Arena *a, sml_error *err);

/* An sml_write_fn; `sink` is the Sink. */
bool sml_sink_write(void *sink, Str bytes);
bool sml_sink_flush(Sink *s);

/* Writes the rest and puts the file in its place, or where `keep` is false removes it. False with
 * the reason in `err` if anything since the opening failed. A pipe whose reader has gone fails
 * with an empty message: there is nobody to tell. */
bool sml_sink_close(Sink *s, bool keep, sml_error *err);

/* All of `bytes`, unbuffered; false with errno set. */
bool sml_sink_write_fd(int fd, Str bytes);

#endif
