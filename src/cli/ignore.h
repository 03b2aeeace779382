/* SPDX-License-Identifier: MIT */
/*
 * What a walk passes over because its owner said so: .gitignore and .sm-lint-ignore, in the notation
 * of git, of the directory and of those above it up to the one with .git.
 */
#ifndef SML_CLI_IGNORE_H
#define SML_CLI_IGNORE_H

#include "base/vec.h"

typedef struct IgnoreRule {
    Str pattern;
    size_t base; /* how much of a path is the directory that the rule is from, its slash included */
    bool negated, directories, anchored;
} IgnoreRule;

/* Zero-initialised is empty. */
typedef struct Ignores {
    VEC(IgnoreRule) rules; /* later ones win; of a directory that is left they go */
    Arena *arena;
} Ignores;

/* Adds what the files of `directory`, an absolute path with a slash behind it, say. */
void sml_ignore_enter(Ignores *ignores, Str directory);
/* Adds what the directories above `directory` say, where it lies in a repository. */
void sml_ignore_above(Ignores *ignores, Str directory);

/* Is `path`, absolute, without a slash behind it, to be passed over? */
bool sml_ignore_has(const Ignores *ignores, Str path, bool is_directory);

#endif
