/* SPDX-License-Identifier: MIT */
/*
 * A ring of slots. The main thread fills slots with chunks of lines and collects them in the same
 * order; threads take filled ones and check their lines. Three counters that only grow say all:
 *
 *     collected <= taken <= filled <= collected + slots
 *
 * With four slots, filled 6, taken 5, collected 3: slots 3 and 4 (of chunks 3, 4) are being
 * checked or done, slot 5 % 4 = 1 waits for a thread, and slot 6 % 4 = 2 is the next to fill.
 * When the ring is full, or the input would make us wait, the main thread collects: it waits for
 * the oldest slot, writes what its lines came to, and only then goes on. So output is in order,
 * whoever was quicker.
 *
 * Without threads there is one slot, checked by the main thread on the spot and straight into the
 * reports.
 */
#include "cli/filter.h"

#include "cli/lines.h"
#include "cli/say.h"

#include <pthread.h>
#include <unistd.h>

typedef struct Slot {
    Chunk chunk;
    Buf out; /* JSONL, where a thread checked */
    Verdict verdict;
    bool done;
} Slot;

typedef struct Worker {
    Filter *filter;
    pthread_t thread;
    sml_linter *linter;
    sml_reporter *reporter;
    Buf *out; /* of the slot at hand */
} Worker;

struct Filter {
    FilterParts parts;
    Worker *workers;
    Slot *slots;
    uint32_t n_workers, n_slots;

    /* Of the archive at hand. */
    const sml_input *shape;
    Verdict *total;
    uint32_t told, complaints;

    /* `taken`, `done` of slots and what threads wait for are under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t more, done;
    uint64_t filled, taken, collected;
    bool closing;
};

/* ---- checking one slot ----------------------------------------------------------------------- */

static void refuse_line(Verdict *v, const Checker *c, const sml_input *line)
{
    sml_error problem;
    sml_error_set(&problem, "line is longer than %llu bytes, so it was not read; raise --max-bytes",
                  (unsigned long long)c->max_bytes);
    sml_verdict_refuse(v, c, line, &problem);
}

static void check_line(Verdict *v, const Checker *c, const sml_input *line)
{
    if (line->text.len > c->max_bytes)
        refuse_line(v, c, line);
    else if (sml_str_trim(line->text).len)
        sml_verdict_draft(v, c, line);
}

static void check_slot(Slot *s, const Checker *c, const sml_input *shape)
{
    sml_input line = *shape;
    line.kind = SML_INPUT_JSONL;
    line.first_line = s->chunk.first_line;
    if (s->chunk.too_long) {
        refuse_line(&s->verdict, c, &line);
        return;
    }
    Str rest = sml_buf_str(&s->chunk.text);
    while (!s->verdict.broken && sml_str_cut(&line.text, &rest, '\n')) {
        check_line(&s->verdict, c, &line);
        line.first_line += line.first_line < UINT32_MAX;
    }
}

/* ---- threads --------------------------------------------------------------------------------- */

/* The next filled slot; NULL when there will be no more. */
static Slot *take_slot(Filter *f)
{
    pthread_mutex_lock(&f->lock);
    while (f->taken == f->filled && !f->closing)
        pthread_cond_wait(&f->more, &f->lock);
    Slot *s = f->taken < f->filled ? &f->slots[f->taken++ % f->n_slots] : NULL;
    pthread_mutex_unlock(&f->lock);
    return s;
}

static void finish_slot(Filter *f, Slot *s)
{
    pthread_mutex_lock(&f->lock);
    s->done = true;
    pthread_cond_signal(&f->done);
    pthread_mutex_unlock(&f->lock);
}

static bool write_to_slot(void *user, Str bytes)
{
    Worker *w = user;
    sml_buf_add(w->out, bytes);
    return true;
}

static void *work(void *user)
{
    Worker *w = user;
    Filter *f = w->filter;
    Checker checker = *f->parts.checker;
    checker.linter = w->linter;
    checker.reporters = &w->reporter;
    checker.n_reporters = 1;
    for (Slot *s; (s = take_slot(f)); finish_slot(f, s)) {
        w->out = &s->out;
        check_slot(s, &checker, f->shape);
    }
    return NULL;
}

static void free_worker(Worker *w)
{
    sml_reporter_free(w->reporter);
    sml_linter_free(w->linter);
}

/* A thread that cannot be had is no error: the others do its work. */
static bool start_worker(Worker *w, Filter *f)
{
    const FilterParts *p = &f->parts;
    w->filter = f;
    w->linter = sml_linter_new(p->rulebooks->v, p->rulebooks->n, p->options, NULL);
    w->reporter = sml_reporter_new(STR("jsonl"), &p->reports->options, write_to_slot, w, NULL);
    if (w->linter && w->reporter && pthread_create(&w->thread, NULL, work, w) == 0)
        return true;
    free_worker(w);
    return false;
}

static uint32_t count_processors(void)
{
#ifdef _SC_NPROCESSORS_ONLN
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    if (n > 0)
        return n > 256 ? 256 : (uint32_t)n;
#endif
    return 1;
}

Filter *sml_filter_new(const FilterParts *parts, Arena *a)
{
    Filter *f = ARENA_NEW(a, Filter);
    f->parts = *parts;
    uint32_t jobs = parts->jobs ? parts->jobs : count_processors();
    if (jobs == 1 || !parts->reports->jsonl)
        jobs = 0;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->more, NULL);
    pthread_cond_init(&f->done, NULL);
    f->n_slots = jobs ? 2 * jobs : 1;
    f->slots = ARENA_ARRAY(a, Slot, f->n_slots);
    f->workers = ARENA_ARRAY(a, Worker, jobs);
    while (f->n_workers < jobs && start_worker(&f->workers[f->n_workers], f))
        f->n_workers++;
    return f;
}

static void stop_workers(Filter *f)
{
    pthread_mutex_lock(&f->lock);
    f->closing = true;
    pthread_cond_broadcast(&f->more);
    pthread_mutex_unlock(&f->lock);
    for (uint32_t i = 0; i < f->n_workers; i++) {
        pthread_join(f->workers[i].thread, NULL);
        free_worker(&f->workers[i]);
    }
}

void sml_filter_free(Filter *f)
{
    if (!f)
        return;
    stop_workers(f);
    for (uint32_t i = 0; i < f->n_slots; i++) {
        sml_buf_free(&f->slots[i].chunk.text);
        sml_buf_free(&f->slots[i].out);
        sml_buf_free(&f->slots[i].verdict.complaints);
    }
    pthread_cond_destroy(&f->done);
    pthread_cond_destroy(&f->more);
    pthread_mutex_destroy(&f->lock);
}

/* ---- the main thread ------------------------------------------------------------------------- */

static void show_complaints(Filter *f, const Verdict *v)
{
    Str rest = sml_buf_str(&v->complaints), line;
    size_t end = 0;
    if (rest.len == 0 || sml_reports_reach(f->parts.reports, STDERR_FILENO))
        return;
    for (uint32_t told = f->told; told < VERDICT_COMPLAINTS && sml_str_cut(&line, &rest, '\n');
         told++)
        end += line.len + (rest.p != NULL);
    f->complaints =
        v->n_complaints > UINT32_MAX - f->complaints ? UINT32_MAX : f->complaints + v->n_complaints;
    f->told = f->complaints < VERDICT_COMPLAINTS ? f->complaints : VERDICT_COMPLAINTS;
    if (end)
        sml_reports_flush(f->parts.reports);
    sml_io_write(STDERR_FILENO, sml_str_slice(sml_buf_str(&v->complaints), 0, end));
}

static void empty_slot(Slot *s)
{
    Buf text = s->chunk.text, out = s->out, complaints = s->verdict.complaints;
    sml_lines_shrink(&text);
    sml_lines_shrink(&out);
    sml_buf_clear(&text);
    sml_buf_clear(&out);
    sml_buf_clear(&complaints);
    *s = (Slot){.chunk.text = text, .out = out, .verdict.complaints = complaints};
}

static void collect(Filter *f)
{
    Slot *s = &f->slots[f->collected++ % f->n_slots];
    pthread_mutex_lock(&f->lock);
    while (!s->done)
        pthread_cond_wait(&f->done, &f->lock);
    pthread_mutex_unlock(&f->lock);
    if (!f->total->broken && !sml_reports_raw(f->parts.reports, sml_buf_str(&s->out)))
        s->verdict.broken = true;
    sml_verdict_merge(f->total, &s->verdict);
    show_complaints(f, &s->verdict);
    empty_slot(s);
}

static void collect_all(Filter *f)
{
    while (f->collected < f->filled)
        collect(f);
}

static Slot *slot_to_fill(Filter *f)
{
    if (f->filled - f->collected == f->n_slots)
        collect(f);
    return &f->slots[f->filled % f->n_slots];
}

/* Nobody may wait for an answer that we have while we wait for a question. */
static void settle(void *user)
{
    Filter *f = user;
    collect_all(f);
    const Hearing *hearing = &f->parts.checker->hearing;
    if (hearing->hear)
        hearing->hear(hearing->user, NULL);
    if (!sml_reports_flush(f->parts.reports))
        f->total->broken = true;
}

static void hand_over(Filter *f, Slot *s)
{
    if (f->n_workers == 0) {
        check_slot(s, f->parts.checker, f->shape);
        s->done = true;
    }
    pthread_mutex_lock(&f->lock);
    f->filled++;
    pthread_cond_signal(&f->more);
    pthread_mutex_unlock(&f->lock);
}

static void say_untold(const Filter *f)
{
    if (f->complaints > f->told)
        sml_say("%.*s: %u more problems like these", STR_ARG(f->shape->path),
                f->complaints - f->told);
}

static void refuse_rest(Filter *f, const Lines *lines)
{
    sml_error problem;
    Verdict v = {0};
    sml_input rest = *f->shape;
    rest.first_line = lines->line;
    sml_error_os(&problem, f->shape->path, "cannot read on", lines->problem);
    sml_verdict_refuse(&v, f->parts.checker, &rest, &problem);
    sml_verdict_merge(f->total, &v);
    show_complaints(f, &v);
    sml_buf_free(&v.complaints);
}

void sml_filter_run(Verdict *total, Filter *f, int fd, const sml_input *shape)
{
    Lines lines = {
        .fd = fd,
        .max = (size_t)f->parts.checker->max_bytes,
        .idle = settle,
        .user = f,
        .line = 1,
    };
    f->shape = shape;
    f->total = total;
    f->told = f->complaints = 0;
    Slot *s = slot_to_fill(f);
    while (!total->broken && sml_lines_next(&s->chunk, &lines)) {
        hand_over(f, s);
        s = slot_to_fill(f);
    }
    collect_all(f);
    if (lines.problem)
        refuse_rest(f, &lines);
    say_untold(f);
    sml_lines_free(&lines);
}
