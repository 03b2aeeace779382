/* SPDX-License-Identifier: MIT */
#include "cli/lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static bool is_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

static void wait_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    poll(&p, 1, -1);
}

/* Appends what there is, a chunk at most. False at the end of the stream. */
static bool read_some(Lines *lines, Buf *b)
{
    sml_buf_reserve(b, LINES_CHUNK);
    if (!is_ready(lines->fd))
        lines->idle(lines->user);
    for (;;) {
        ssize_t n = read(lines->fd, b->p + b->len, LINES_CHUNK);
        if (n > 0) {
            b->len += (size_t)n;
            return true;
        }
        if (n < 0 && errno == EAGAIN)
            wait_readable(lines->fd);
        else if (n == 0 || errno != EINTR) {
            lines->problem = n < 0 ? errno : 0;
            lines->end = true;
            return false;
        }
    }
}

/* Behind the last LF of `b` at or after `from`, or 0. */
static size_t last_line_end(const Buf *b, size_t from)
{
    size_t at = b->len;
    while (at > from && b->p[at - 1] != '\n')
        at--;
    return at > from ? at : 0;
}

static void keep_for_next(Lines *lines, Buf *from, size_t at)
{
    sml_buf_clear(&lines->carry);
    sml_buf_add(&lines->carry, (Str){from->p + at, from->len - at});
    from->len = at;
}

/* Reads on to the end of a line whose beginning is already too much. */
static void skip_line(Lines *lines, Buf *room)
{
    for (;;) {
        sml_buf_clear(room);
        if (!read_some(lines, room))
            return;
        const char *lf = memchr(room->p, '\n', room->len);
        if (lf) {
            keep_for_next(lines, room, (size_t)(lf + 1 - room->p));
            sml_buf_clear(room);
            return;
        }
    }
}

static void count_lines(Lines *lines, const Chunk *c)
{
    uint32_t n = c->too_long;
    Str text = sml_buf_str(&c->text);
    for (size_t at = 0; (at = sml_str_find(text, STR("\n"), at)) != SIZE_MAX; at++)
        n++;
    lines->line = n > UINT32_MAX - lines->line ? UINT32_MAX : lines->line + n;
}

/* Reads until `b` ends a line and either is a good chunk or nothing more is there yet. */
static void fill(Lines *lines, Chunk *c)
{
    Buf *b = &c->text;
    size_t searched = 0, whole = 0;
    for (;;) {
        size_t end = last_line_end(b, searched);
        searched = b->len;
        whole = end ? end : whole;
        if (whole && (b->len >= LINES_CHUNK || !is_ready(lines->fd)))
            break;
        if (!whole && b->len > lines->max) {
            c->too_long = true;
            skip_line(lines, b);
            return;
        }
        if (!read_some(lines, b))
            return;
    }
    keep_for_next(lines, b, whole);
}

bool sml_lines_next(Chunk *out, Lines *lines)
{
    Buf spare = out->text;
    *out = (Chunk){.text = lines->carry, .first_line = lines->line};
    sml_buf_clear(&spare);
    lines->carry = spare;
    if (!lines->end)
        fill(lines, out);
    count_lines(lines, out);
    return out->too_long || out->text.len > 0;
}

void sml_lines_free(Lines *lines)
{
    sml_buf_free(&lines->carry);
}

void sml_lines_shrink(Buf *b)
{
    if (b->cap > 4 * LINES_CHUNK)
        sml_buf_free(b);
}
