/* SPDX-License-Identifier: MIT */
/*
 * Where things are: paths taken apart and put together, and the configuration files that hold for a draft. Text that
 * comes out is NUL-terminated.
 */
#ifndef SML_CLI_PLACES_H
#define SML_CLI_PLACES_H

#include "base/arena.h"
#include "base/error.h"

/* "a/b" of "a/b/c", "/" of "/c", empty of "c". */
Str sml_places_folder(Str path, Arena *a);
/* `path` from `folder`, which is empty for the working directory; an absolute `path` as it is. */
Str sml_places_join(Str folder, Str path, Arena *a);
/* With all links followed; empty, and errno set, where it is not there. */
Str sml_places_real(Str path, Arena *a);
/* The same for a path that need not be there: links are followed as far as it is. */
Str sml_places_absolute(Str path, Arena *a);
/* Is absolute `path` the folder `root`, or below it? */
bool sml_places_is_below(Str path, Str root);
/* Absolute `path` as one would write it in the working directory: "x", "../x", else as it is. */
Str sml_places_shown(Str path, Arena *a);

/* A project: the nearest .sm-lint.yaml or .sm-lint.yml from a folder upwards, not beyond the root of a repository
 * or a file system. */
typedef struct Project {
    Str file; /* absolute; empty: there is none */
    Str root; /* of its repository (.git), else the file's own folder */
} Project;

/* For drafts in the absolute `folder`. Fails where one folder has both files. */
bool sml_places_project(Project *out, Str folder, Arena *a, sml_error *err);
/* The project that a file named outright belongs to. */
Project sml_places_project_of(Str file, Arena *a);

/* sm-lint/config.yaml in $XDG_CONFIG_HOME, else ~/.config; and in the first of $XDG_CONFIG_DIRS that has it, else
 * /etc/xdg. Empty where there is no such file. */
Str sml_places_user(Arena *a);
Str sml_places_organisation(Arena *a);

#endif
