/* SPDX-License-Identifier: MIT */
/* Globs of a configuration that mean no draft, which are slips mostly. */
#ifndef SML_CLI_GLOBS_H
#define SML_CLI_GLOBS_H

#include "cli/config.h"

/* Drafts that were found by looking through folders, both by their absolute paths. */
typedef struct Walked {
    const Str *folders, *drafts;
    uint32_t n_folders, n_drafts;
    bool all; /* say it of folders without a draft too, as they may be just now */
} Walked;

/* Warns of globs of projects, by what was walked: of one whose file lies outside it nothing is known. */
void sml_globs_say_idle(const Config *c, const Walked *w, Arena *a);

#endif
