/* SPDX-License-Identifier: MIT */
#include "cli/calendar.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PART ((size_t)256 << 10)

typedef struct Stream {
    int fd;
    Buf bytes; /* read, and not yet used */
    bool end;
    int problem; /* errno of a failed read, which is also the end */
} Stream;

/* Reads until there are `want` bytes, or no more. */
static void fill(Stream *s, size_t want)
{
    while (!s->end && s->bytes.len < want) {
        sml_buf_reserve(&s->bytes, want - s->bytes.len);
        ssize_t n = read(s->fd, s->bytes.p + s->bytes.len, want - s->bytes.len);
        if (n > 0) {
            s->bytes.len += (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd p = {.fd = s->fd, .events = POLLIN};
            poll(&p, 1, -1);
        } else if (n == 0 || errno != EINTR) {
            s->problem = n < 0 ? errno : 0;
            s->end = true;
        }
    }
}

static void drop(Buf *b, size_t n)
{
    memmove(b->p, b->p + n, b->len - n);
    b->len -= n;
}

/* False once no more is wanted. */
static bool check_part(Verdict *v, const Checker *c, Stream *s, const sml_input *shape,
                       size_t *want)
{
    sml_input in = *shape;
    in.text = sml_buf_str(&s->bytes);
    in.more = !s->end;
    sml_verdict_draft(v, c, &in);
    size_t used = sml_sheet_used(shape->sheet);
    if (v->broken || used > s->bytes.len || in.text.len > c->max_bytes)
        return false;
    *want = used ? PART : 2 * s->bytes.len;
    drop(&s->bytes, used);
    return s->bytes.len || !s->end;
}

void sml_calendar_run(Verdict *v, const Checker *c, int fd, const sml_input *shape)
{
    Stream s = {.fd = fd};
    sml_input in = *shape;
    size_t want = PART;
    in.sheet = sml_sheet_new();
    do
        fill(&s, want);
    while (!s.problem && check_part(v, c, &s, &in, &want));
    if (s.problem) {
        sml_error problem;
        sml_error_os(&problem, shape->path, "cannot read on", s.problem);
        sml_verdict_refuse(v, c, shape, &problem);
    }
    sml_sheet_free(in.sheet);
    sml_buf_free(&s.bytes);
}
