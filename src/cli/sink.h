/* SPDX-License-Identifier: MIT */
/*
 * Where bytes go: standard output, or a file that appears whole or not at all. Writing is
 * buffered; the first failure is remembered, and everything after it is dropped, so that writers
 * need not look at every step. sml_sink_close tells.
 */
#ifndef SML_CLI_SINK_H
#define SML_CLI_SINK_H

#include "base/io.h"

typedef struct Sink {
    IoFile file;
    int problem; /* errno of the first failure; 0: none */
    Buf waiting;
    const char *path; /* as it was named; NULL: standard output */
} Sink;

void sml_sink_stdout(Sink *out);

/* Begins a file, as sml_io_create does; `path` must outlive it. */
bool sml_sink_open(Sink *out, const char *path, sml_error *err);

/* An sml_write_fn; `sink` is the Sink. */
bool sml_sink_write(void *sink, Str bytes);
bool sml_sink_flush(Sink *s);

/* Writes the rest and puts the file in its place, or where `keep` is false removes it. False with
 * the reason in `err` if anything since the opening failed. A pipe whose reader has gone fails
 * with an empty message: there is nobody to tell. */
bool sml_sink_close(Sink *s, bool keep, sml_error *err);

#endif
