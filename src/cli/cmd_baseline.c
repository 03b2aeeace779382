/* SPDX-License-Identifier: MIT */
/*
 * baseline write: all that rules have to say today. baseline prune: the same file without what is no
 * longer said, and nothing added. baseline check: would prune change it? None of them trusts a run that
 * could not look everywhere: what is unread may hold what an entry stands for.
 */
#include "cli/baseline.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/profile.h"
#include "cli/say.h"

#include <unistd.h>

typedef struct Work {
    Baseline baseline;
    bool adds;        /* write: what is seen becomes an entry */
    bool full;        /* it cannot take what was seen */
    uint64_t drafts;  /* posts, that is */
    uint64_t unknown; /* findings that no entry knows */
} Work;

/* What somebody approves is no debt: once the approval ends, it must come back. */
static void hear(void *user, const sml_result *r)
{
    Work *w = user;
    if (!r || r->problem)
        return;
    w->drafts++;
    for (uint32_t i = 0; i < r->n_seen; i++) {
        const sml_seen *s = &r->seen[i];
        if (w->adds && !s->allowed)
            w->full |= !sml_baseline_add(&w->baseline, s->known.print, s->known.grade, s->rule);
        if (w->adds)
            continue;
        BaselineEntry *e = sml_baseline_find(&w->baseline, s->known.print);
        if (e && s->known.grade > (sml_grade)e->met)
            e->met = (uint8_t)s->known.grade;
        w->unknown += !s->allowed && (!e || s->known.grade > (sml_grade)e->grade);
    }
}

/* Leaves out what was not met; what was met more mildly than before may not get worse again. */
static uint32_t prune(Baseline *b)
{
    uint32_t kept = 0, n = b->entries.n;
    for (uint32_t i = 0; i < n; i++) {
        BaselineEntry e = b->entries.v[i];
        if (e.met == SML_CLEAN)
            continue;
        e.grade = e.met < e.grade ? e.met : e.grade;
        b->entries.v[kept++] = e;
    }
    b->entries.n = kept;
    return n - kept;
}

static uint32_t count_unmet(const Baseline *b)
{
    uint32_t unmet = 0;
    for (uint32_t i = 0; i < b->entries.n; i++)
        unmet += b->entries.v[i].met == SML_CLEAN;
    return unmet;
}

static void print(Command *c, const char *format, ...) SML_PRINTF(2, 3);

static void print(Command *c, const char *format, ...)
{
    Buf line = {0};
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(&line, format, args);
    va_end(args);
    if (!c->options.quiet)
        sml_cmd_print(c, &line);
    sml_buf_free(&line);
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static int write_file(Command *c, const Baseline *b)
{
    sml_error err;
    if (sml_baseline_write(b, c->options.baseline, &err))
        return STATUS_CLEAN;
    sml_say_problem(&err);
    return STATUS_INCOMPLETE;
}

/* ---- what to do ------------------------------------------------------------------------------ */

static int do_write(Command *c, Work *w)
{
    sml_baseline_sort(&w->baseline);
    uint32_t n = w->baseline.entries.n;
    int status = write_file(c, &w->baseline);
    if (status == STATUS_CLEAN)
        print(c, "%.*s: %u finding%s in %llu draft%s\n", STR_ARG(c->options.baseline), n, plural(n),
              (unsigned long long)w->drafts, plural(w->drafts));
    return status;
}

static int do_check(Command *c, Work *w)
{
    uint32_t n = w->baseline.entries.n, unmet = count_unmet(&w->baseline);
    print(c, "%.*s: %u of %u entr%s no longer met; %llu finding%s not in it\n",
          STR_ARG(c->options.baseline), unmet, n, n == 1 ? "y" : "ies",
          (unsigned long long)w->unknown, plural(w->unknown));
    return unmet ? STATUS_FOUND : STATUS_CLEAN;
}

static int do_prune(Command *c, Work *w)
{
    uint32_t gone = prune(&w->baseline), n = w->baseline.entries.n;
    int status = write_file(c, &w->baseline);
    if (status == STATUS_CLEAN)
        print(c, "%.*s: %u entr%s removed, %u kept\n", STR_ARG(c->options.baseline), gone,
              gone == 1 ? "y" : "ies", n);
    return status;
}

static const struct Deed {
    const char *name;
    int (*finish)(Command *c, Work *w);
} deeds[] = {{"write", do_write}, {"check", do_check}, {"prune", do_prune}};

/* The first operand; the others are drafts. */
static const struct Deed *take_deed(Command *c)
{
    Strs *operands = &c->options.operands;
    for (size_t i = 0; operands->n && i < sizeof deeds / sizeof deeds[0]; i++)
        if (sml_str_eq(operands->v[0], sml_str_from(deeds[i].name))) {
            operands->v++;
            operands->n--;
            operands->cap--;
            return &deeds[i];
        }
    return NULL;
}

static int say_no_deed(const Command *c)
{
    Str names[sizeof deeds / sizeof deeds[0]];
    uint32_t n = 0;
    for (; n < sizeof deeds / sizeof deeds[0]; n++)
        names[n] = sml_str_from(deeds[n].name);
    Str first = c->options.operands.n ? c->options.operands.v[0] : STR("");
    Str near = sml_str_nearest(first, names, n);
    if (near.len)
        return sml_cmd_usage(VERB_BASELINE, "unknown \"%.*s\"; did you mean \"%.*s\"?",
                             STR_ARG(first), STR_ARG(near));
    return sml_cmd_usage(VERB_BASELINE, "say first what to do: write, check or prune");
}

/* What the configuration here names, where no option does. */
static bool find_baseline(Command *c)
{
    Settled here;
    sml_error err;
    if (c->options.baseline.len)
        return true;
    if (!sml_clock_fill(&c->options.context, c->arena, &err))
        return sml_cmd_usage(VERB_BASELINE, "%s", err.message), false;
    Profiles *p = sml_profiles_new(&c->options, &(sml_options)SML_OPTIONS_INIT, c->arena);
    bool ok = p && sml_profiles_settle(&here, p, STR(""));
    if (ok)
        c->options.baseline = here.config->baseline.text;
    sml_profiles_free(p);
    if (ok && c->options.baseline.len == 0)
        sml_cmd_usage(VERB_BASELINE, "name the baseline with --baseline FILE");
    return ok && c->options.baseline.len;
}

int sml_cmd_baseline(Command *c)
{
    const struct Deed *deed = take_deed(c);
    Work w = {.adds = deed && deed->finish == do_write, .baseline.arena = c->arena};
    sml_error err;
    if (!deed)
        return say_no_deed(c);
    if (c->options.operands.n == 0 && c->options.files_from.len == 0 && isatty(STDIN_FILENO))
        return sml_cmd_usage(VERB_BASELINE, "no draft is named");
    if (!find_baseline(c))
        return STATUS_INCOMPLETE;
    if (w.adds ? !sml_baseline_may_write(c->options.baseline, &err)
               : !sml_baseline_read(&w.baseline, c->options.baseline, c->arena, &err)) {
        sml_say_problem(&err);
        return STATUS_INCOMPLETE;
    }
    bool checked = sml_cmd_check_for(c, &(Hearing){hear, &w, false}) == STATUS_CLEAN;
    if (checked && !w.full)
        return deed->finish(c, &w);
    const char *why =
        w.full ? "there are too many findings; check in parts" : "not every draft could be checked";
    sml_say("%.*s: not %s, as %s", STR_ARG(c->options.baseline),
            deed->finish == do_check ? "compared" : "written", why);
    return STATUS_INCOMPLETE;
}
