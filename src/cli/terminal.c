/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static Str variable(const char *name)
{
    return sml_str_from(getenv(name));
}

bool sml_terminal_color(Str choice, int fd)
{
    if (!sml_str_eq(choice, STR("auto")))
        return sml_str_eq(choice, STR("always"));
    Str force = variable("CLICOLOR_FORCE"), term = variable("TERM");
    if (variable("NO_COLOR").len)
        return false;
    if (force.len && !sml_str_eq(force, STR("0")))
        return true;
    if (term.len == 0 || sml_str_eq(term, STR("dumb")))
        return false;
    return isatty(fd) && !sml_str_eq(variable("CLICOLOR"), STR("0"));
}

static uint32_t ask_terminal(int fd)
{
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        return size.ws_col;
#endif
    (void)fd;
    return 0;
}

uint32_t sml_terminal_width(int fd)
{
    uint64_t columns;
    if (!isatty(fd))
        return 0;
    uint32_t width = ask_terminal(fd);
    if (width)
        return width;
    if (sml_str_uint(&columns, variable("COLUMNS"), 10000) && columns)
        return (uint32_t)columns;
    return 80;
}
