/* SPDX-License-Identifier: MIT */
/* What a verb is given, and one function for each verb of verbs.def. */
#ifndef SML_CLI_COMMANDS_H
#define SML_CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/sink.h"
#include "cli/verdict.h"

typedef struct Command {
    Verb verb;
    Options options;
    Arena *arena; /* lives as long as the process */
    Sink *out; /* standard output; main closes it. Only check leaves it alone and opens its own */
} Command;

/* Exit statuses. */
enum { STATUS_CLEAN = 0, STATUS_FOUND = 1, STATUS_INCOMPLETE = 2 };

/* Each returns the exit status, having said on standard error what was wrong. */
#define VERB(id, name, operands, summary) int sml_cmd_##name(Command *c);
#include "cli/verbs.def"
#undef VERB

/* Checks as `check` does, with fingerprints, or measures, but reports nothing: results go to `hearing`. What could not
 * be read or decided is said on standard error. STATUS_INCOMPLETE then, else STATUS_CLEAN, whatever was
 * found. */
int sml_cmd_check_for(Command *c, const Hearing *hearing);

/* Prints to `c->out`. */
void sml_cmd_print(Command *c, const Buf *text);
/* Prints --help of `verb`; the status is STATUS_CLEAN. */
int sml_cmd_print_help(Command *c, Verb verb);

/* One line on standard error: the message, and where to read more. Returns STATUS_INCOMPLETE. */
int sml_cmd_usage(Verb verb, const char *format, ...) SML_PRINTF(2, 3);

#endif
