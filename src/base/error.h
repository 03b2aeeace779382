/* SPDX-License-Identifier: MIT */
/*
 * Filling the caller's sml_error. Messages begin in lower case, end without a full stop, quote the
 * user's own word, and say what would be right: `unknown grade "warn"; use error, warning or notice`.
 * Every function here returns false, so that `return sml_error_at(...)` reads well. `err` may be NULL.
 */
#ifndef SML_BASE_ERROR_H
#define SML_BASE_ERROR_H

#include "base/str.h"

/* A problem at a place in a file. Line and column count from 1 (column in code points); 0 means unknown. */
bool sml_error_at(sml_error *err, Str path, uint32_t line, uint32_t col, const char *format, ...)
    SML_PRINTF(5, 6);

/* A problem with no place: a bad option, a missing file. */
bool sml_error_set(sml_error *err, const char *format, ...) SML_PRINTF(2, 3);

/* As sml_error_at with no line, "path: what failed: the reason for errno value `errnum`". */
bool sml_error_os(sml_error *err, Str path, const char *what, int errnum);

/* "path:line:col: error: message" without the parts that are unknown; to be read by people. */
void sml_error_format(Buf *out, const sml_error *err);

/* clang's analyzer sees one file at a time, and would follow errors that were taken for success. */
#ifdef __clang_analyzer__
#define sml_error_at(...)  ((void)sml_error_at(__VA_ARGS__), false)
#define sml_error_set(...) ((void)sml_error_set(__VA_ARGS__), false)
#define sml_error_os(...)  ((void)sml_error_os(__VA_ARGS__), false)
#endif

#endif
