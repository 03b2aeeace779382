/* SPDX-License-Identifier: MIT */
/*
 * Which drafts there are: operands and the names of --files-from, in their order; a directory
 * stands for the drafts below it, by bytes of their names. A file named outright is always read;
 * in a directory the name decides, and ignore files (ignore.h), hidden names are passed over and symbolic links are not
 * followed.
 */
#ifndef SML_CLI_WALK_H
#define SML_CLI_WALK_H

#include "cli/options.h"

/* Said of an operand that is ''. */
#define WALK_EMPTY_NAME "an empty name; is a variable of the shell not set?"

typedef struct Input {
    Str path; /* NUL-terminated, to be opened */
    Str name; /* to be shown: the path, or what standard input is called */
    sml_input_kind kind;
    bool is_auto;            /* what it holds may tell more of its kind */
    bool is_stdin, is_named; /* is_named: itself, not a folder that it is in */
    sml_error *problem;      /* not NULL: could not be looked into */
} Input;

#define WALK_NAMED 3

typedef struct Inputs {
    Input *v;
    uint32_t n, cap;
    Str unread[WALK_NAMED]; /* the first of n_unread files in directories that the name ruled out */
    uint32_t n_unread;
    uint32_t n_ignored; /* what ignore files ruled out */
    Strs walked;        /* directories that were looked through, as the system has them */
    Strs empty;         /* those of them without drafts, as they were named */
} Inputs;

/* Fails where --files-from cannot be read. */
bool sml_walk_find(Inputs *out, const Options *options, Arena *a, sml_error *err);

/* What was passed over, on standard error. */
void sml_walk_say(const Inputs *inputs);

#endif
