/* SPDX-License-Identifier: MIT */
#include "cli/verdict.h"

#include "base/unicode.h"
#include "cli/images.h"
#include "cli/say.h"

#include <string.h>

static void report(Verdict *v, const Checker *c, const sml_result *r, const sml_error *problem)
{
    for (uint32_t i = 0; i < c->n_reporters; i++)
        if (!sml_reporter_add(c->reporters[i], r, problem))
            v->broken = true;
}

static void complain(Verdict *v, const sml_error *problem)
{
    if (v->n_complaints < VERDICT_COMPLAINTS)
        sml_say_line(&v->complaints, problem, "error");
    v->n_complaints += v->n_complaints < UINT32_MAX;
}

static void tell(const Checker *c, const sml_result *r)
{
    if (c->hearing.hear)
        c->hearing.hear(c->hearing.user, r);
}

static void add_refusal(Verdict *v, const Checker *c, const sml_input *in, const sml_result *r,
                        const sml_error *problem)
{
    sml_error placed = *problem;
    if (!problem->path[0])
        sml_error_at(&placed, in->path, problem->line, problem->col, "%s", problem->message);
    if (!placed.line)
        placed.line = in->first_line;
    v->incomplete = true;
    complain(v, &placed);
    sml_result heard = *r;
    heard.problem = &placed;
    tell(c, &heard);
    report(v, c, r, &placed);
}

void sml_verdict_refuse(Verdict *v, const Checker *c, const sml_input *in, sml_error *problem)
{
    sml_str id = in->kind == SML_INPUT_JSONL ? SML_STR("null") : (sml_str){NULL, 0};
    sml_result nothing = {.path = in->path, .id = id, .context = in->context};
    add_refusal(v, c, in, &nothing, problem);
}

static void complain_unchecked(Verdict *v, const sml_input *in, const sml_unchecked *u)
{
    sml_error problem;
    sml_error_at(&problem, in->path, in->first_line, 0, "rule \"%.*s\" was not checked: %.*s",
                 STR_ARG(u->rule), STR_ARG(u->reason));
    complain(v, &problem);
}

static void remark(Verdict *v, const sml_input *in, const sml_remark *m)
{
    sml_error problem;
    sml_error_at(&problem, m->path.len ? m->path : in->path, m->line, m->col, "%.*s",
                 STR_ARG(m->text));
    sml_say_line(&v->remarks, &problem, m->minor ? "note" : "warning");
}

/* `key` is images[0].file: people count from 1. */
static void say_picture(Verdict *v, const sml_input *in, const sml_result *r, Str key)
{
    sml_error problem;
    uint64_t i = 0;
    const char *digits = key.p + strlen("images[");
    sml_str_uint(&i, (Str){digits, strcspn(digits, "]")}, UINT32_MAX);
    sml_error_at(&problem, in->path, 0, 0, "the file of image %llu is not there%s%.*s%s",
                 (unsigned long long)i + 1, r->label.len ? " (" : "", STR_ARG(r->label),
                 r->label.len ? ")" : "");
    sml_say_line(&v->remarks, &problem, "warning");
}

/* An archive's records are of another place, and what comes through a pipe is of none. */
static void remark_pictures(Verdict *v, const sml_input *in, const sml_result *r)
{
    const sml_context *c = &r->context;
    if (in->kind == SML_INPUT_JSONL || sml_str_eq(in->path, STR("<stdin>")))
        return;
    for (uint32_t i = 0; i < c->n_meta && v->n_pictures < VERDICT_COMPLAINTS; i++) {
        Str key = c->meta[i].key;
        if (!sml_str_starts(key, STR("images[")) || !sml_str_ends(key, STR(".file")) ||
            !sml_images_lacks(c->meta[i].value, in->path))
            continue;
        say_picture(v, in, r, key);
        v->n_pictures++;
    }
}

/* An empty draft is no clean post; but an archive's lines have their answers one by one. */
static bool is_post(const sml_input *in, const sml_result *r)
{
    return in->kind == SML_INPUT_JSONL || r->images || !sml_unicode_is_blank(r->text);
}

static void add_result(Verdict *v, const Checker *c, const sml_input *in, const sml_result *r)
{
    if (r->grade > v->worst)
        v->worst = r->grade;
    v->incomplete = v->incomplete || r->n_unchecked;
    for (uint32_t i = 0; i < r->n_unchecked; i++)
        complain_unchecked(v, in, &r->unchecked[i]);
    for (uint32_t i = 0; i < r->n_remarks; i++)
        if (c->verbose || !r->remarks[i].minor)
            remark(v, in, &r->remarks[i]);
    if (!c->hearing.measure)
        remark_pictures(v, in, r);
    if (!is_post(in, r) && !r->n_findings && !r->code)
        return;
    v->posts += is_post(in, r);
    tell(c, r);
    report(v, c, r, NULL);
}

void sml_verdict_draft(Verdict *v, const Checker *c, const sml_input *in)
{
    sml_result r;
    sml_linter_open(c->linter, in);
    while (!v->broken && sml_linter_next(&r, c->linter)) {
        if (r.problem)
            add_refusal(v, c, in, &r, r.problem);
        else
            add_result(v, c, in, &r);
    }
}

void sml_verdict_merge(Verdict *v, const Verdict *other)
{
    if (other->worst > v->worst)
        v->worst = other->worst;
    v->posts += other->posts;
    v->incomplete = v->incomplete || other->incomplete;
    v->broken = v->broken || other->broken;
}
