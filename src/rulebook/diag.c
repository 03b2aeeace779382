/* SPDX-License-Identifier: MIT */
#include "rulebook/diag.h"

#include "base/show.h"

#define MAX_HEARD 20

typedef struct DiagRow {
    bool is_error;
    const char *format;
} DiagRow;

static const DiagRow rows[DIAG_COUNT] = {
#define ERROR                   true
#define WARNING                 false
#define DIAG(code, level, text) [DIAG_##code] = {level, text},
#include "rulebook/diag.def"
#undef DIAG
#undef ERROR
#undef WARNING
};

void sml_diag_pass(Diagnostics *d, const sml_error *problem, bool is_error)
{
    if (is_error && d->errors++ == 0)
        d->first = *problem;
    if (!is_error)
        d->warnings++;
    if (!d->hear)
        return;
    uint32_t n = d->errors + d->warnings;
    if (d->unlimited || n <= MAX_HEARD) {
        d->hear(d->user, problem, is_error);
    } else if (n == MAX_HEARD + 1) {
        sml_error more;
        sml_error_at(&more, sml_str_from(problem->path), 0, 0, "%s", rows[DIAG_MORE].format);
        d->hear(d->user, &more, rows[DIAG_MORE].is_error);
    }
}

bool sml_diag(Diagnostics *d, Pos pos, DiagCode code, ...)
{
    Buf raw = {0}, text = {0};
    va_list args;
    va_start(args, code);
    sml_buf_vaddf(&raw, rows[code].format, args);
    va_end(args);
    if (d->rule.len)
        sml_buf_addf(&raw, " [%.*s]", STR_ARG(d->rule));
    sml_show_safe(&text, sml_buf_str(&raw));
    sml_error problem;
    sml_error_at(&problem, pos.path, pos.line, pos.col, "%.*s", STR_ARG(sml_buf_str(&text)));
    sml_buf_free(&raw);
    sml_buf_free(&text);
    sml_diag_pass(d, &problem, rows[code].is_error);
    return !rows[code].is_error;
}
