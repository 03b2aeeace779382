/* SPDX-License-Identifier: MIT */
#include "match/trace.h"

#include "match/message.h"

static Str guard_alone(const Trace *t, const Image *im, const ImageRule *rule, Arena *a)
{
    static const char *const insides[] = {"a quotation", "a link", "a hashtag", "a mention"};
    const ImageGuard *g = IMAGE_AT(im, GUARDS, rule->guards.first + t->guard);
    uint32_t row = t->guard + 1, which = 0;
    switch ((ImageGuardKind)g->kind) {
    case GUARD_OVERLAP:
        return sml_arena_printf(a, "unless, row %u: innocent words overlap it", row);
    case GUARD_WORDS:
        return sml_arena_printf(a, "unless, row %u: innocent words at most %u away", row, g->words);
    case GUARD_SENTENCE:
        return sml_arena_printf(a, "unless, row %u: innocent words in its sentence", row);
    case GUARD_POST:
        return sml_arena_printf(a, "unless, row %u: innocent words in the post", row);
    case GUARD_INSIDE:
        while (which < 3 && !(g->inside & 1u << which))
            which++;
        if (g->inside & (g->inside - 1))
            return sml_arena_printf(a, "unless, row %u: where it stands", row);
        return sml_arena_printf(a, "unless, row %u: inside %s", row, insides[which]);
    case GUARD_WHEN:
        break;
    }
    return sml_arena_printf(a, "unless, row %u", row);
}

/* A row that says two things stops a match where both are so. */
static Str guard_words(const Trace *t, const Image *im, const ImageRule *rule, Arena *a)
{
    const ImageGuard *g = IMAGE_AT(im, GUARDS, rule->guards.first + t->guard);
    Str words = guard_alone(t, im, rule, a);
    if (g->cond == IMAGE_NONE)
        return words;
    return sml_arena_printf(a, "%.*s%s its condition holds", STR_ARG(words),
                            g->kind == GUARD_WHEN ? ":" : ", and");
}

static Str short_words(const Trace *t, const ImageRule *rule, Arena *a)
{
    long long have = (long long)t->have, asked = (long long)t->asked;
    switch ((ImageRuleKind)rule->kind) {
    case RULE_MATCH:
        return sml_arena_printf(a, "%lld found, and it asks for %lld", have, asked);
    case RULE_REQUIRE:
        return STR("what it requires is there");
    case RULE_LIMIT:
        return sml_arena_printf(a, "%lld found, and %lld are fine", have, asked);
    case RULE_NEAR:
        return STR("its parts are not all there, or not near enough");
    case RULE_SCORE:
        return sml_arena_printf(a, "its cues add up to %lld of %lld", have, asked);
    case RULE_COMPARE:
        return STR("what it compares is in order");
    case RULE_COMPOSE:
        break;
    }
    return STR("something that it asks for is not there, or something that it excludes is");
}

static Str condition_words(const Trace *t, const Image *im, const ImageRule *rule, Arena *a)
{
    Str when = sml_image_str(im, rule->when_words);
    if (t->missing)
        return sml_arena_printf(a, "a fact is missing: it may apply %.*s",
                                STR_ARG(sml_message_missing(t->missing, t->accounts, a)));
    return sml_arena_printf(a, "it applies only if %.*s", STR_ARG(when));
}

static Str overlap_words(const Trace *t, const Image *im, Arena *a)
{
    if (t->by == IMAGE_NONE)
        return STR("another rule of its family says it");
    Str id = sml_image_str(im, IMAGE_AT(im, RULES, t->by)->id);
    return sml_arena_printf(a, "%.*s says it", STR_ARG(id));
}

Str sml_trace_words(const Trace *t, const Image *im, Arena *a)
{
    const ImageRule *rule = IMAGE_AT(im, RULES, t->rule);
    switch (t->end) {
    case TRACE_FINDING:
        break;
    case TRACE_PARTS:
        return STR("not all of what it looks for is there");
    case TRACE_SHORT:
        return short_words(t, rule, a);
    case TRACE_GUARD:
        return guard_words(t, im, rule, a);
    case TRACE_CONDITION:
        return condition_words(t, im, rule, a);
    case TRACE_OVERLAP:
        return overlap_words(t, im, a);
    case TRACE_TRIAL:
        return STR("on trial; --trial runs it");
    case TRACE_UNDECIDED:
        return STR("not decided: match limit reached");
    }
    return (Str){0};
}
