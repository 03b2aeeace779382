/* SPDX-License-Identifier: MIT */
/*
 * A stream cut into chunks of whole lines, in memory that does not grow with the stream: a chunk
 * is about LINES_CHUNK bytes, or one line where a line is longer. Reads what there is and never
 * waits for a chunk to fill, so that a filter can answer each line as it comes.
 */
#ifndef SML_CLI_LINES_H
#define SML_CLI_LINES_H

#include "base/error.h"

#define LINES_CHUNK ((size_t)64 << 10)

typedef struct Lines {
    int fd;
    size_t max; /* of one line; a longer one is skipped and said */
    void (*idle)(
        void *user); /* called before a read that would wait: the time to show what is done */
    void *user;
    uint32_t line; /* of the first byte not yet handed out, from 1 */
    bool end;
    int problem; /* errno of a failed read, which is also the end */
    Buf carry;   /* read already, and for the next chunk */
} Lines;

typedef struct Chunk {
    Buf text;            /* whole lines, each with its LF except perhaps the stream's last */
    uint32_t first_line; /* stays at UINT32_MAX once it is there */
    bool too_long;       /* instead of text: one line, skipped for its length */
} Chunk;

/* Fills the next chunk, whose memory is used again. False at the end. */
bool sml_lines_next(Chunk *out, Lines *lines);

void sml_lines_free(Lines *lines);

/* Gives back what an uncommonly long line made a buffer grow to. */
void sml_lines_shrink(Buf *b);

#endif
