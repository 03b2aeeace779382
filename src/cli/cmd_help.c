/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/terminal.h"

#include <unistd.h>

int sml_cmd_print_help(Command *c, Verb verb)
{
    Buf text = {0};
    sml_help_full(&text, verb, sml_terminal_width(STDOUT_FILENO));
    sml_cmd_print(c, &text);
    sml_buf_free(&text);
    return STATUS_CLEAN;
}

int sml_cmd_help(Command *c)
{
    const Strs *words = &c->options.operands;
    Verb verb = VERB_CHECK;
    if (words->n > 1)
        return sml_cmd_usage(c->verb, "unexpected \"%.*s\"", STR_ARG(words->v[1]));
    if (words->n == 0 || sml_options_find_verb(&verb, words->v[0]))
        return sml_cmd_print_help(c, verb);
    Str near = sml_options_nearest_verb(words->v[0]);
    if (near.len)
        return sml_cmd_usage(VERB_CHECK, "unknown verb \"%.*s\"; did you mean \"%.*s\"?",
                             STR_ARG(words->v[0]), STR_ARG(near));
    return sml_cmd_usage(VERB_CHECK, "unknown verb \"%.*s\"", STR_ARG(words->v[0]));
}
