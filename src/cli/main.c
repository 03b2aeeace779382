/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "cli/say.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

static int (*const commands[])(Command *c) = {
#define VERB(id, name, operands, summary) sml_cmd_##name,
#include "cli/verbs.def"
#undef VERB
};

void sml_cmd_print(Command *c, const Buf *text)
{
    sml_sink_write(c->out, sml_buf_str(text));
}

int sml_cmd_usage(Verb verb, const char *format, ...)
{
    Buf text = {0};
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(&text, format, args);
    va_end(args);
    const char *stop = sml_str_ends(sml_buf_str(&text), STR("?")) ? "" : ".";
    const char *name = verb == VERB_CHECK ? "" : sml_options_verb(verb)->name;
    sml_say("%.*s%s Try 'sm-lint%s%s --help'", STR_ARG(sml_buf_str(&text)), stop, *name ? " " : "",
            name);
    sml_buf_free(&text);
    return STATUS_INCOMPLETE;
}

/* A program started with a standard stream closed would get its number for the next file it opens,
 * and write reports into drafts. Opened the wrong way round, so that using it still fails. */
static void guard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* A run for one draft is over in a millisecond: too short to ask the system for memory in small pieces and hand them back. Once
 * one of these is set, glibc no longer learns from which size on to map, and would map anew whatever long posts take often. */
static void keep_memory(void)
{
#if defined(__GLIBC__)
    mallopt(M_TOP_PAD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

static int answer(Command *c)
{
    if (c->options.ask == ASK_HELP)
        return sml_cmd_print_help(c, c->verb);
    Buf text = {0};
    sml_buf_addf(&text, "sm-lint %s\n", sml_version());
    sml_cmd_print(c, &text);
    sml_buf_free(&text);
    return STATUS_CLEAN;
}

static int run(Command *c, char *const *words)
{
    sml_error err;
    if (*words && sml_options_find_verb(&c->verb, sml_str_from(*words)))
        words++;
    if (!sml_options_parse(&c->options, c->verb, words, c->arena, &err))
        return sml_cmd_usage(c->verb, "%s", err.message);
    return c->options.ask == ASK_NOTHING ? commands[c->verb](c) : answer(c);
}

int main(int argc, char **argv)
{
    Sink out;
    sml_error err;
    guard_streams();
    keep_memory();
    sml_sink_stdout(&out);
    Command c = {.verb = VERB_CHECK, .arena = sml_arena_new(), .out = &out};
    int status = run(&c, argv + (argc > 0));
    sml_arena_free(c.arena);
    if (sml_sink_close(&out, true, &err))
        return status;
    if (err.message[0])
        sml_say_problem(&err);
    return STATUS_INCOMPLETE;
}
