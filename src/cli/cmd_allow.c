/* SPDX-License-Identifier: MIT */
/*
 * Writes an approval into a draft's front matter, or into its sidecar. The draft is checked as it
 * stands, to learn what the rule has to say and with which words; the approval is grafted into a copy
 * in memory; and the copy is checked again. Only if the findings are gone there, and what would be
 * posted has not changed, does it take the place of the file.
 */
#include "base/fact.h"
#include "base/graft.h"
#include "base/io.h"
#include "base/show.h"
#include "base/utf8.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/sidecar.h"

#define MOST_LISTED 5

/* What one check of the draft came to. */
typedef struct View {
    Strs words, prints; /* of the rule's findings: words, or prints where there are none to show */
    Strs approved;      /* those of them that are approved */
    bool together;      /* the words tell only together */
    uint32_t left;      /* how many findings are not */
    Str problem;        /* what is wrong with an approval, if anything is */
    uint32_t problems;
    Buf posts; /* what would be posted */
} View;

typedef struct Allow {
    Command *command;
    const Options *options;
    Arena *arena;
    Profiles *profiles;
    const Rulebooks *rulebooks;
    sml_linter *linter;
    sml_rule rule;
    sml_input in;
    Buf draft, sidecar, result;
    sml_allow approval;
} Allow;

/* ---- what the rule says ---------------------------------------------------------------------- */

static bool has(const Strs *all, Str s)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (sml_str_eq_nocase(all->v[i], s))
            return true;
    return false;
}

static void add_once(Strs *all, Str s, Arena *a)
{
    if (s.len && !has(all, s))
        VEC_PUSH(all, a) = sml_arena_copy(a, s);
}

static Str digits(uint64_t print, Arena *a)
{
    return sml_arena_printf(a, "%016llx", (unsigned long long)print);
}

static void look_at(View *v, const Allow *a, const sml_result *r)
{
    uint32_t allowed = 0;
    for (uint32_t i = 0; i < r->n_allowed; i++) {
        const sml_finding *f = &r->allowed[i].finding;
        if (!sml_str_eq(f->rule, a->rule.id))
            continue;
        allowed += f->count;
        add_once(&v->approved, f->match, a->arena);
        add_once(&v->approved, digits(f->print, a->arena), a->arena);
    }
    for (uint32_t i = 0; i < r->n_seen; i++) {
        const sml_seen *s = &r->seen[i];
        if (!sml_str_eq(s->rule, a->rule.id))
            continue;
        v->left++;
        bool hidden = s->masked || s->whole;
        Str what = hidden ? digits(s->known.print, a->arena) : s->match;
        for (uint32_t k = 0; k < s->n_parts && !s->allowed; k++)
            add_once(&v->words, s->parts[k], a->arena);
        v->together |= s->n_parts > 0;
        if (s->n_parts == 0 && !has(&v->approved, what))
            add_once(hidden ? &v->prints : &v->words, what, a->arena);
    }
    v->left -= allowed < v->left ? allowed : v->left;
    /* What sets nothing aside has other words, and that is better said by naming the right ones. */
    for (uint32_t i = 0; i < r->n_findings; i++)
        if (sml_str_eq(r->findings[i].family, STR("approval")) &&
            !sml_str_eq(r->findings[i].rule, STR("approval/unused"))) {
            v->problem = sml_arena_copy(a->arena, r->findings[i].message);
            v->problems++;
        }
    sml_buf_add(&v->posts, sml_str_trim(r->text));
    sml_buf_addc(&v->posts, '\0');
}

static bool check(View *v, const Allow *a, Str text, Str sidecar, sml_error *err)
{
    sml_result r;
    sml_input in = a->in;
    in.text = text;
    in.sidecar = sidecar;
    *v = (View){0};
    sml_linter_open(a->linter, &in);
    while (sml_linter_next(&r, a->linter)) {
        if (r.problem)
            return *err = *r.problem, false;
        look_at(v, a, &r);
    }
    return true;
}

/* ---- the approval ---------------------------------------------------------------------------- */

static bool check_text(const char *option, Str value, sml_error *err)
{
    return sml_utf8_check(value) == value.len ||
           sml_error_set(err, "option \"--%s\" is not UTF-8", option);
}

/* Words in a list, quoted and safe to print: "vote Labour", "Vote Green". */
static Str list_words(const Strs *words, Arena *a)
{
    Buf b = {0};
    for (uint32_t i = 0; i < words->n && i < MOST_LISTED; i++) {
        sml_buf_add(&b, i ? STR(", \"") : STR("\""));
        sml_show_safe(&b, words->v[i]);
        sml_buf_addc(&b, '"');
    }
    if (words->n > MOST_LISTED)
        sml_buf_addf(&b, " and %u more", words->n - MOST_LISTED);
    Str s = sml_arena_copy(a, sml_buf_str(&b));
    sml_buf_free(&b);
    return s;
}

/* Without --match it is plain only where the rule minds the same words everywhere. */
static bool choose_words(Allow *a, const View *v, sml_error *err)
{
    const Strs *given = &a->options->match;
    const Strs *words = given->n ? given : &v->words;
    if (v->left == 0)
        return sml_error_at(err, a->in.path, 0, 0, "\"%.*s\" has nothing to say here%s",
                            STR_ARG(a->rule.id),
                            v->approved.n ? " that is not approved already" : "");
    if (given->n && v->words.n == 0)
        return sml_error_at(err, a->in.path, 0, 0,
                            "\"%.*s\" is not known by its words; leave out --match",
                            STR_ARG(a->rule.id));
    if (!given->n && v->words.n > 1 && !v->together)
        return sml_error_at(err, a->in.path, 0, 0,
                            "\"%.*s\" minds several words; say which with --match: %.*s",
                            STR_ARG(a->rule.id), STR_ARG(list_words(&v->words, a->arena)));
    a->approval.match = words->v;
    a->approval.n_match = words->n;
    if (words->n == 0) {
        a->approval.prints = v->prints.v;
        a->approval.n_prints = v->prints.n;
    }
    return true;
}

static bool fill_approval(Allow *a, const View *v, sml_error *err)
{
    const Options *o = a->options;
    a->approval =
        (sml_allow){.rule = a->rule.id, .reason = o->reason, .by = o->by, .until = o->until};
    for (uint32_t i = 0; i < o->match.n; i++)
        if (!check_text("match", o->match.v[i], err))
            return false;
    if (o->reason.len == 0)
        return sml_error_set(err, "an approval says why; add --reason");
    return check_text("reason", o->reason, err) && check_text("by", o->by, err) &&
           choose_words(a, v, err);
}

/* ---- is it as it should be? ------------------------------------------------------------------ */

static bool compare(const Allow *a, const View *before, const View *after, sml_error *err)
{
    if (!sml_str_eq(sml_buf_str(&before->posts), sml_buf_str(&after->posts)))
        return sml_error_at(err, a->in.path, 0, 0,
                            "what would be posted would change; add the approval by hand");
    if (after->left < before->left)
        return true;
    if (after->problems > before->problems)
        return sml_error_at(err, a->in.path, 0, 0, "not written: %.*s", STR_ARG(after->problem));
    return sml_error_at(err, a->in.path, 0, 0, "not written: \"%.*s\" minds other words here: %.*s",
                        STR_ARG(a->rule.id), STR_ARG(list_words(&before->words, a->arena)));
}

static bool graft(Allow *a, sml_error *err)
{
    bool aside = a->options->sidecar;
    Str draft = sml_buf_str(&a->draft), sidecar = sml_buf_str(&a->sidecar), result;
    View before = {0}, after = {0};
    bool ok = check(&before, a, draft, sidecar, err) && fill_approval(a, &before, err) &&
              sml_graft_allow(&a->result, aside ? sidecar : draft,
                              aside ? a->in.sidecar_path : a->in.path, !aside, &a->approval, err);
    result = sml_buf_str(&a->result);
    ok = ok && check(&after, a, aside ? draft : result, aside ? result : sidecar, err) &&
         compare(a, &before, &after, err);
    sml_buf_free(&before.posts);
    sml_buf_free(&after.posts);
    return ok;
}

static bool replace(const Allow *a, sml_error *err)
{
    Str path = a->options->sidecar ? a->in.sidecar_path : a->in.path;
    return sml_io_write_file(path.p, sml_buf_str(&a->result), err);
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool find_rule(Allow *a, sml_error *err)
{
    const sml_rulebook *home;
    Str name = a->options->operands.v[1];
    if (sml_rulebooks_find(&a->rule, &home, a->rulebooks, name))
        return true;
    if (sml_rulebooks_find(&a->rule, &home, a->rulebooks, a->options->operands.v[0]))
        return sml_error_set(err, "unknown rule \"%.*s\"; the FILE comes first, then the RULE",
                             STR_ARG(name));
    Str near = sml_rulebooks_nearest(a->rulebooks, name, a->arena);
    if (sml_str_eq(near, name))
        return sml_error_set(err, "\"%.*s\" is a family; an approval names one rule",
                             STR_ARG(name));
    return sml_error_set(err, "unknown rule \"%.*s\"; %s%.*s%s", STR_ARG(name),
                         near.len ? "did you mean " : "`sm-lint rules` lists them", STR_ARG(near),
                         near.len ? "?" : "");
}

static bool read_draft(Allow *a, sml_error *err)
{
    Str path = a->options->operands.v[0];
    a->in.path = path;
    if (!sml_io_read(&a->draft, path.p, (size_t)a->options->max_bytes, err) ||
        !sml_sidecar_add(&a->in, &a->sidecar, a->arena, err))
        return false;
    if (!sml_io_is_file(path.p))
        return sml_error_at(err, path, 0, 0, "is no regular file, so nothing is written into it");
    a->in.kind = sml_input_kind_of(path, sml_buf_str(&a->draft));
    bool list = a->in.kind == SML_INPUT_JSON || a->in.kind == SML_INPUT_YAML;
    if (list && !a->options->sidecar)
        return sml_error_at(err, path, 0, 0,
                            "is a list of posts, which holds no approvals; try --sidecar");
    if (a->in.kind == SML_INPUT_JSONL || a->in.kind == SML_INPUT_CSV)
        return sml_error_at(err, path, 0, 0,
                            "is a list of posts, which holds no approvals; write it into "
                            ".sm-lint.yaml, under \"allow\"");
    Str bytes = sml_buf_str(&a->draft);
    if (!a->options->sidecar && sml_utf8_check(bytes) != bytes.len)
        return sml_error_at(err, path, 0, 0,
                            "is not in UTF-8, so nothing is written into it; try --sidecar");
    a->in.sidecar_path = sml_sidecar_path(path, a->arena);
    a->in.context = a->options->context;
    return true;
}

/* The linter that check would use for this draft. */
static bool open_linter(Allow *a)
{
    const sml_options shape = {
        .size = sizeof shape, .max_bytes = a->options->max_bytes, .prints = true};
    Settled settled;
    a->profiles = sml_profiles_new(a->options, &shape, a->arena);
    if (!a->profiles || !sml_profiles_settle(&settled, a->profiles, a->options->operands.v[0]) ||
        !sml_profiles_start(a->profiles))
        return false;
    a->rulebooks = &settled.profile->rulebooks;
    a->linter = settled.profile->linter;
    a->in.defaults = settled.defaults;
    return true;
}

static bool run(Allow *a, sml_error *err)
{
    return find_rule(a, err) && read_draft(a, err) && graft(a, err) && replace(a, err);
}

int sml_cmd_allow(Command *c)
{
    sml_error err;
    Allow a = {.command = c, .options = &c->options, .arena = c->arena};
    if (c->options.operands.n != 2)
        return sml_cmd_usage(VERB_ALLOW, "allow wants a FILE and a RULE");
    if (sml_str_eq(c->options.operands.v[0], STR("-")))
        return sml_cmd_usage(VERB_ALLOW, "standard input cannot be written to; name a file");
    if (!sml_clock_fill(&c->options.context, c->arena, &err))
        return sml_cmd_usage(VERB_ALLOW, "%s", err.message);
    bool ready = open_linter(&a), ok = ready && run(&a, &err);
    if (ready && !ok)
        sml_say_problem(&err);
    sml_profiles_free(a.profiles);
    sml_buf_free(&a.draft);
    sml_buf_free(&a.sidecar);
    sml_buf_free(&a.result);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
