/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#undef sml_error_at
#undef sml_error_set
#undef sml_error_os

/* Cuts at a character, so that a cut text is still UTF-8. */
static void fill(char *room, size_t size, Str s)
{
    size_t n = s.len < size ? s.len : sml_utf8_floor(s, size - 1);
    if (n)
        memcpy(room, s.p, n);
    room[n] = '\0';
}

static void fill_message(sml_error *err, const char *format, va_list args)
{
    Buf text = {0};
    sml_buf_vaddf(&text, format, args);
    fill(err->message, sizeof err->message, sml_buf_str(&text));
    sml_buf_free(&text);
}

bool sml_error_at(sml_error *err, Str path, uint32_t line, uint32_t col, const char *format, ...)
{
    if (!err)
        return false;
    fill(err->path, sizeof err->path, path);
    err->line = line;
    err->col = col;
    va_list args;
    va_start(args, format);
    fill_message(err, format, args);
    va_end(args);
    return false;
}

bool sml_error_set(sml_error *err, const char *format, ...)
{
    if (!err)
        return false;
    err->path[0] = '\0';
    err->line = err->col = 0;
    va_list args;
    va_start(args, format);
    fill_message(err, format, args);
    va_end(args);
    return false;
}

bool sml_error_os(sml_error *err, Str path, const char *what, int errnum)
{
    return sml_error_at(err, path, 0, 0, "%s: %s", what, strerror(errnum));
}

void sml_error_format(Buf *out, const sml_error *err)
{
    if (err->path[0])
        sml_buf_addf(out, "%s:", err->path);
    if (err->line)
        sml_buf_addf(out, "%u:", err->line);
    if (err->line && err->col)
        sml_buf_addf(out, "%u:", err->col);
    if (err->line)
        sml_buf_add(out, STR(" error:"));
    if (err->path[0])
        sml_buf_addc(out, ' ');
    sml_buf_add(out, sml_str_from(err->message));
}
