/* SPDX-License-Identifier: MIT */
/* Builds the DFA of image.h over the literals that patterns need. */
#ifndef SML_RULEBOOK_AUTOMATON_H
#define SML_RULEBOOK_AUTOMATON_H

#include "base/arena.h"
#include "base/error.h"
#include "image/image.h"

typedef struct Automaton {
    ImageAutomaton head;     /* head.final is 0 */
    const uint32_t *final;   /* head.n_final + 1 offsets into outputs */
    const uint32_t *outputs; /* ids of literals: their index in what was built from */
    uint32_t n_outputs;
    const ImageState *states; /* head.n_states */
    const uint32_t *steps, *rows;
    uint32_t n_steps, n_rows; /* entries */
} Automaton;

/* Does the automaton take other bytes for some of the literal's? Who hears of it is then to look again. */
bool sml_automaton_confuses(Str literal);

/* `literals` are at most LITERAL_MAX bytes each, none empty, no doubles, and without line breaks and underscores: the
 * automaton reads both as spaces, for a separator of words may be any of them. Fails where there would be more than 2^24 states, or
 * where more than IMAGE_ENDS_MAX literals would end in one.
 * Equal input gives equal bytes. */
bool sml_automaton_build(Automaton *out, const Str *literals, uint32_t n, Arena *a, sml_error *err);

#endif
