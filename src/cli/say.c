/* SPDX-License-Identifier: MIT */
#include "cli/say.h"

#include "base/show.h"
#include "cli/sink.h"

#include <unistd.h>

void sml_say(const char *format, ...)
{
    Buf text = {0}, line = {0};
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(&text, format, args);
    va_end(args);
    sml_buf_add(&line, STR("sm-lint: "));
    sml_show_safe(&line, sml_buf_str(&text));
    sml_buf_addc(&line, '\n');
    sml_io_write(STDERR_FILENO, sml_buf_str(&line));
    sml_buf_free(&text);
    sml_buf_free(&line);
}

void sml_say_line(Buf *out, const sml_error *problem, const char *word)
{
    if (!problem->line)
        sml_buf_add(out, STR("sm-lint: "));
    sml_show_safe(out, sml_str_from(problem->path));
    if (problem->line)
        sml_buf_addf(out, ":%u", problem->line);
    if (problem->line && problem->col)
        sml_buf_addf(out, ":%u", problem->col);
    if (problem->path[0])
        sml_buf_add(out, STR(": "));
    if (problem->line)
        sml_buf_addf(out, "%s: ", word);
    sml_show_safe(out, sml_str_from(problem->message));
    sml_buf_addc(out, '\n');
}

void sml_say_problem(const sml_error *problem)
{
    sml_say_diagnostic(NULL, problem, true);
}

void sml_say_diagnostic(void *user, const sml_error *problem, bool is_error)
{
    (void)user;
    Buf line = {0};
    sml_say_line(&line, problem, is_error ? "error" : "warning");
    sml_io_write(STDERR_FILENO, sml_buf_str(&line));
    sml_buf_free(&line);
}
