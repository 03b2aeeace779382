/* SPDX-License-Identifier: MIT */
/* The public functions: each checks its arguments, asks the module that knows, and hands out public types. */
#include <smlint.h>

#include "base/fact.h"
#include "base/map.h"
#include "base/utf8.h"
#include "match/fingerprint.h"
#include "match/judge.h"
#include "match/limit.h"
#include "match/mend.h"
#include "match/message.h"
#include "smlint_approve.h"
#include "smlint_internal.h"
#include "smlint_settings.h"
#include "text/context.h"
#include "text/document.h"
#include "text/network.h"
#include "text/sheet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEFAULT_MAX_BYTES (UINT64_C(64) << 20)
#define QUEUES_TOLD       8
#define STRANGERS_TOLD    8 /* handles and networks */
#define EXCERPT_MAX       240

#define QUOTE_(x) #x
#define QUOTE(x)  QUOTE_(x)
#define VERSION   QUOTE(SML_VERSION_MAJOR) "." QUOTE(SML_VERSION_MINOR) "." QUOTE(SML_VERSION_PATCH)

/* ---- values ---------------------------------------------------------------------------------- */

static const char *const grade_names[] = {"clean", "notice", "warning", "error"};

const char *sml_grade_name(sml_grade grade)
{
    return grade_names[grade <= SML_ERROR ? grade : SML_ERROR];
}

bool sml_grade_parse(sml_grade *out, sml_str name)
{
    for (int i = SML_CLEAN; i <= SML_ERROR; i++)
        if (sml_str_eq(name, sml_str_from(grade_names[i])))
            return *out = (sml_grade)i, true;
    return false;
}

const char *sml_version(void)
{
    return VERSION;
}

void sml_set_memory_hook(void (*hook)(size_t wanted))
{
    sml_mem_hook(hook);
}

bool sml_context_check(sml_str key, sml_str value, sml_error *err)
{
    return sml_fact_check(key, value, err);
}

void sml_day_of(char out[16], int64_t unix_seconds)
{
    sml_date_format(out, sml_date_from_unix(unix_seconds));
}

void sml_today(char out[16])
{
    sml_day_of(out, (int64_t)time(NULL));
}

/* ---- linters --------------------------------------------------------------------------------- */

struct sml_linter {
    Scan *scan;
    Arena *scratch; /* of the post at hand, its result included */
    Arena *pages;   /* of the document it is in */
    Arena *arena;   /* of the linter */
    Document document;
    uint32_t next;               /* post of the document */
    sml_context given, defaults; /* what the document was handed in with */
    Thread thread;
    uint64_t first_byte;
    bool counts_links;
    bool refused; /* `problem` is still to be told */
    sml_error problem;
    Settings settings;
    Approvals approvals, house; /* of the document, and of all */
    const sml_known *known;
    uint32_t n_known;
    bool no_allow, prints;
    uint64_t max_bytes;
    bool welsh, no_places, measures;
    Minutes queued[QUEUES_TOLD]; /* when periods open that were told of, of the document at hand */
    uint32_t n_queued;
    uint64_t strangers[STRANGERS_TOLD]; /* hashes of its names that were told to be unknown */
    uint32_t n_strangers;
    bool asks_length; /* some rule holds it against what the network takes */
};

static bool no_id_twice(sml_rulebook *const *rulebooks, size_t n, sml_error *err)
{
    Map seen = {0};
    Arena *a = sml_arena_new();
    bool ok = true;
    for (uint32_t b = 0; ok && b < n; b++) {
        const Image *im = sml_internal_image(rulebooks[b]);
        for (uint32_t i = 0; ok && i < IMAGE_N(im, RULES); i++) {
            Str id = sml_settings_rule_id(im, i);
            uint32_t first = b;
            if (!sml_map_get(&seen, id, &first))
                sml_map_add(&seen, id, b, a);
            else
                ok = sml_error_set(err,
                                   "rule \"%.*s\" is in two rulebooks, %s and %s; rename it in one "
                                   "of them",
                                   STR_ARG(id), sml_internal_name(rulebooks[first]),
                                   sml_internal_name(rulebooks[b]));
        }
    }
    sml_arena_free(a);
    return ok;
}

static bool asks_length(const Image *im, const ImageRule *rule)
{
    if (rule->kind != RULE_LIMIT || rule->limit != LIMIT_CHANNEL)
        return false;
    const ImageGroup *g = IMAGE_AT(im, GROUPS, IMAGE_AT(im, WANTS, rule->wants.first)->group);
    return g->kind == GROUP_TOKEN && g->detail == COUNT_LENGTH;
}

/* Without facts, does any that is not off for good? */
static bool any_asks_length(const sml_linter *l, const Facts *facts)
{
    const Choice *choice = sml_settings_choice(&l->settings, facts);
    for (uint32_t b = 0; b < l->scan->n_books; b++) {
        const Image *im = sml_scan_image(l->scan, b);
        for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++)
            if (asks_length(im, IMAGE_AT(im, RULES, i)) && !sml_judge_is_off(choice, b, i))
                return true;
    }
    return false;
}

static Scan *new_scan(sml_rulebook *const *rulebooks, size_t n, const sml_options *o)
{
    Image *images = sml_mem_zeroed(n + 1, sizeof *images);
    for (size_t i = 0; i < n; i++)
        images[i] = *sml_internal_image(rulebooks[i]);
    Scan *s = sml_scan_new(images, (uint32_t)n,
                           (ScanOptions){.no_jit = o->no_jit, .no_prefilter = o->no_prefilter});
    sml_mem_free(images);
    return s;
}

sml_linter *sml_linter_new(sml_rulebook *const *rulebooks, size_t n, const sml_options *options,
                           sml_error *err)
{
    sml_options o = SML_OPTIONS_INIT;
    if (options && options->size == 0) {
        sml_error_set(err, "these options have no size; begin them with SML_OPTIONS_INIT");
        return NULL;
    }
    if (options)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    sml_linter *l = sml_mem_zeroed(1, sizeof *l);
    l->arena = sml_arena_new();
    l->scratch = sml_arena_new();
    l->pages = sml_arena_new();
    l->scan = new_scan(rulebooks, n, &o);
    l->max_bytes = o.max_bytes ? o.max_bytes : DEFAULT_MAX_BYTES;
    l->no_places = o.no_places;
    l->measures = o.measure;
    l->no_allow = o.no_allow;
    l->prints = o.prints;
    l->known = o.known;
    l->n_known = o.n_known;
    l->welsh = sml_str_eq(o.language, STR("cy"));
    if (!sml_settings_read(&l->settings, l->scan, &o, l->arena, err) ||
        (n > 1 && !no_id_twice(rulebooks, n, err))) {
        sml_linter_free(l);
        return NULL;
    }
    l->asks_length = !l->no_places && any_asks_length(l, NULL);
    l->house = (Approvals){.house = true, .arena = l->arena};
    if (!o.no_allow)
        sml_approve_add(&l->house, l->scan, o.allows, o.n_allows);
    return l;
}

void sml_linter_free(sml_linter *l)
{
    if (!l)
        return;
    sml_scan_free(l->scan);
    sml_arena_free(l->scratch);
    sml_arena_free(l->pages);
    sml_arena_free(l->arena);
    sml_mem_free(l);
}

/* ---- calendars in parts ---------------------------------------------------------------------- */

sml_sheet *sml_sheet_new(void)
{
    Arena *arena = sml_arena_new();
    sml_sheet *s = ARENA_NEW(arena, sml_sheet);
    s->arena = arena;
    return s;
}

void sml_sheet_free(sml_sheet *s)
{
    if (s)
        sml_arena_free(s->arena);
}

size_t sml_sheet_used(const sml_sheet *s)
{
    return s->used;
}

/* ---- one post -------------------------------------------------------------------------------- */

/* What the checker says outdoes what the draft says of itself: one may want to know "and if this were
 * official?". But a draft goes out on its own day. */
static sml_context merge(const sml_linter *l, const Post *post)
{
    sml_context draft = l->document.self.context;
    /* The draft's images are those of the first post of a thread, and a description has none. */
    if (l->thread.told || sml_str_eq(post->context.kind, STR("alt")))
        sml_context_drop_images(&draft, l->scratch);
    sml_context own = sml_context_merge(&post->context, &draft, l->scratch);
    sml_context said = sml_context_merge(&l->given, &own, l->scratch);
    sml_context c = sml_context_merge(&said, &l->defaults, l->scratch);
    if (own.date.len) {
        c.date = own.date;
        c.date_origin = own.date_origin;
    }
    return c;
}

/* One past the highest N of "images[N]...". */
static uint32_t count_images(const sml_context *c)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < c->n_meta; i++) {
        Str key = c->meta[i].key;
        size_t close = sml_str_find(key, STR("]"), 0);
        uint64_t n;
        if (sml_str_starts(key, STR("images[")) && close != SIZE_MAX &&
            sml_str_uint(&n, sml_str_slice(key, 7, close), 9999) && n + 1 > most)
            most = n + 1;
    }
    return (uint32_t)most;
}

typedef struct Draft {
    sml_linter *linter;
    const Post *post;
    sml_context context;
    Facts facts;
    Judgement judgement;
    Approved approved;
    const uint64_t *prints; /* of judgement.occurrences, or NULL */
} Draft;

/* The edition of a citation for who speaks here, or IMAGE_NONE. */
static uint32_t edition_of(const Draft *d, const Image *im, uint32_t cite)
{
    unsigned unused = 0;
    for (uint32_t e = 0; e < IMAGE_N(im, EDITIONS); e++)
        if (sml_internal_is_edition(im, e, cite) &&
            sml_condition_eval(im, IMAGE_AT(im, EDITIONS, e)->cond, &d->facts, &unused) == YES)
            return e;
    return IMAGE_NONE;
}

static const sml_cite *cites_of(Draft *d, const Image *im, const ImageRule *rule)
{
    sml_cite *v = ARENA_ARRAY(d->linter->scratch, sml_cite, rule->cites.n);
    for (uint32_t i = 0; i < rule->cites.n; i++)
        v[i] =
            sml_internal_cite(im, rule->cites.first + i, edition_of(d, im, rule->cites.first + i));
    return v;
}

static const sml_cue *cues_of(Draft *d, const Finding *f)
{
    sml_cue *v = ARENA_ARRAY(d->linter->scratch, sml_cue, f->n_cues);
    for (uint32_t i = 0; i < f->n_cues; i++)
        v[i] = (sml_cue){f->cues[i].name, f->cues[i].span};
    return v;
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* The line around `at`, long ones cut to EXCERPT_MAX bytes. */
static Span line_around(Str text, Span at)
{
    uint32_t start = at.start, end = at.start;
    while (start > 0 && !is_break(text.p[start - 1]) && at.start - start < EXCERPT_MAX / 2)
        start--;
    while (end < text.len && !is_break(text.p[end]) && end - start < EXCERPT_MAX)
        end++;
    start = (uint32_t)sml_utf8_floor(text, start);
    end = (uint32_t)sml_utf8_floor(text, end);
    return (Span){start, end};
}

static void fill_excerpt(Draft *d, sml_finding *out, Span at)
{
    Str text = d->post->words.text;
    Span line = line_around(text, at), inner = {at.start, at.end < line.end ? at.end : line.end};
    if (inner.end < inner.start)
        inner.end = inner.start;
    out->excerpt = sml_message_masked(text, line, &d->judgement.masks, &inner, d->linter->scratch);
    out->excerpt_span = inner;
}

static void fill_place(Draft *d, sml_finding *out)
{
    out->span = sml_norm_span(&d->post->words, out->post.start, out->post.end);
    Document *document = &d->linter->document;
    if (!d->linter->no_places) {
        sml_document_place(document, out->span.start, &out->line, &out->col);
        sml_document_place(document, out->span.end, &out->end_line, &out->end_col);
    }
    out->span.start = sml_document_raw(document, out->span.start);
    out->span.end = sml_document_raw(document, out->span.end);
}

static void fill_texts(Draft *d, sml_finding *out, const Finding *f, const Image *im,
                       const ImageRule *rule)
{
    sml_linter *l = d->linter;
    bool cy = l->welsh;
    out->rule = sml_image_str(im, rule->id);
    out->family = sml_judge_family(out->rule);
    out->title = sml_image_str(im, rule->title);
    out->why = sml_image_str(im, cy && rule->why_cy.len ? rule->why_cy : rule->why);
    out->instead = sml_image_str(im, cy && rule->instead_cy.len ? rule->instead_cy : rule->instead);
    out->ask = sml_settings_ask(
        &l->settings, sml_image_str(im, cy && rule->ask_cy.len ? rule->ask_cy : rule->ask),
        l->scratch);
    out->suggest = sml_image_str(im, rule->suggest);
    out->message = sml_message_render(l->scan, f, d->post->words.text, &d->judgement.masks,
                                      &d->context, &d->facts, cy, l->scratch);
    out->missing = f->missing ? sml_message_missing(f->missing, f->accounts, l->scratch) : (Str){0};
}

static Str match_of(Draft *d, bool hidden, Span span)
{
    return hidden ? (Str){0}
                  : sml_message_masked(d->post->words.text, span, &d->judgement.masks, NULL,
                                       d->linter->scratch);
}

/* What would spell out a secret, in plain letters for once, is kept back. */
static void fill_mend(Draft *d, sml_finding *out, const ImageRule *rule)
{
    Str post = d->post->words.text;
    bool secret = !sml_str_eq(out->match, sml_str_slice(post, out->post.start, out->post.end));
    out->mends = out->suggest.len > 0 || (!secret && sml_mend(&out->suggest, (ImageMend)rule->mend,
                                                              post, out->post, d->linter->scratch));
    out->safe = out->mends && !secret && (rule->flags & RULE_SAFE);
}

static sml_finding public_finding(Draft *d, const Finding *f)
{
    const Image *im = sml_scan_image(d->linter->scan, f->book);
    const ImageRule *rule = IMAGE_AT(im, RULES, f->rule);
    sml_finding out = {
        .grade = f->grade,
        .full_grade = f->full > f->grade ? f->full : f->grade,
        .whole = f->whole,
        .masked = (rule->flags & RULE_MASKED) != 0,
        .post = f->whole ? f->span
                         : sml_mend_reach((ImageMend)rule->mend, d->post->words.text, f->span),
        /* what a limit counted is no repetition; its message says it */
        .count = rule->kind == RULE_LIMIT ? 1 : f->count,
        .cites = cites_of(d, im, rule),
        .n_cites = rule->cites.n,
        .cues = cues_of(d, f),
        .n_cues = f->n_cues,
        .print = d->prints ? d->prints[f->first] : 0};
    fill_texts(d, &out, f, im, rule);
    fill_place(d, &out);
    fill_excerpt(d, &out, out.post);
    out.match = match_of(d, out.masked || out.whole, out.post);
    if (!out.masked && !out.whole)
        fill_mend(d, &out, rule);
    return out;
}

/* No words of approvals: they may hold the very secret that a rule hides. */
static sml_finding approval_finding(Draft *d, const ApproveRemark *r)
{
    sml_linter *l = d->linter;
    const ProblemRow *row = sml_approve_row(r->problem);
    const sml_allow *allow = r->approval->allow;
    uint32_t at = allow->path.len ? 0 : allow->at;
    sml_finding out = {.rule = row->rule,
                       .family = sml_judge_family(row->rule),
                       .title = row->title,
                       .why = row->why,
                       .instead = row->instead,
                       .message = sml_approve_message(r, l->scratch),
                       .grade = row->grade,
                       .full_grade = row->grade,
                       .whole = true,
                       .count = 1};
    out.span.start = out.span.end = sml_document_raw(&l->document, at);
    if (!l->no_places)
        sml_document_place(&l->document, at, &out.line, &out.col);
    out.end_line = out.line;
    out.end_col = out.col;
    return out;
}

/* What is said of approvals comes first: it stands before the post. */
static void fill_findings(Draft *d, sml_result *out)
{
    const Judgement *j = &d->judgement;
    const Approved *ap = &d->approved;
    uint32_t n = 0;
    sml_finding *v =
        ARENA_ARRAY(d->linter->scratch, sml_finding, (size_t)j->findings.n + ap->remarks.n);
    for (uint32_t i = 0; i < ap->remarks.n; i++)
        v[n++] = approval_finding(d, &ap->remarks.v[i]);
    for (uint32_t i = 0; i < j->findings.n; i++)
        v[n++] = public_finding(d, &j->findings.v[i]);
    for (uint32_t i = 0; i < n; i++) {
        if (v[i].grade > out->grade)
            out->grade = v[i].grade;
        out->undecided += v[i].missing.len > 0;
    }
    out->findings = v;
    out->n_findings = n;
}

static void fill_aside(Draft *d, sml_result *out)
{
    const Approved *ap = &d->approved;
    sml_allowed *v = ARENA_ARRAY(d->linter->scratch, sml_allowed, ap->aside.n);
    for (uint32_t i = 0; i < ap->aside.n; i++)
        v[i] = (sml_allowed){public_finding(d, &ap->aside.v[i].finding), ap->aside.v[i].allow};
    out->allowed = v;
    out->n_allowed = ap->aside.n;
    out->known = ap->known;
}

static void fill_parts(Draft *d, sml_seen *out, const Finding *f)
{
    if (out->masked || out->whole || f->parts.n == 0)
        return;
    sml_str *parts = ARENA_ARRAY(d->linter->scratch, sml_str, f->parts.n);
    for (uint32_t i = 0; i < f->parts.n; i++)
        parts[i] = match_of(d, false, f->parts.v[i]);
    out->parts = parts;
    out->n_parts = f->parts.n;
}

static void fill_seen(Draft *d, sml_result *out)
{
    const Findings *all = &d->judgement.occurrences;
    sml_seen *v = ARENA_ARRAY(d->linter->scratch, sml_seen, all->n);
    for (uint32_t i = 0; i < all->n; i++) {
        const Finding *f = &all->v[i];
        const Image *im = sml_scan_image(d->linter->scan, f->book);
        v[i] = (sml_seen){.rule = sml_settings_rule_id(im, f->rule),
                          .masked = (IMAGE_AT(im, RULES, f->rule)->flags & RULE_MASKED) != 0,
                          .whole = f->whole,
                          .allowed = d->approved.allowed[i],
                          .known = {d->prints[i], f->grade}};
        v[i].match = match_of(d, v[i].masked || v[i].whole, f->span);
        fill_parts(d, &v[i], f);
    }
    out->seen = v;
    out->n_seen = all->n;
}

static sml_place place_of(Draft *d, Span at, bool masked)
{
    sml_place p = {.span = {0, 0}};
    if (at.end == at.start)
        return p;
    Document *document = &d->linter->document;
    Span span = sml_norm_span(&d->post->words, at.start, at.end);
    sml_document_place(document, span.start, &p.line, &p.col);
    p.span.start = sml_document_raw(document, span.start);
    p.span.end = sml_document_raw(document, span.end);
    if (!masked)
        p.words = sml_message_masked(d->post->words.text, at, &d->judgement.masks, NULL,
                                     d->linter->scratch);
    return p;
}

static int compare_traces(const void *a, const void *b)
{
    const sml_trace *x = a, *y = b;
    bool x_shown = x->grade || x->cue.line, y_shown = y->grade || y->cue.line;
    if (x_shown != y_shown)
        return x_shown ? -1 : 1;
    if (x->cue.span.start != y->cue.span.start)
        return x->cue.span.start < y->cue.span.start ? -1 : 1;
    return sml_str_cmp(x->rule, y->rule);
}

/* Approvals come after the judgement that the trace is of. */
static bool set_aside_later(const Draft *d, const Trace *t)
{
    const Findings *left = &d->judgement.findings;
    for (uint32_t i = 0; i < left->n; i++)
        if (left->v[i].book == t->book && left->v[i].rule == t->rule)
            return false;
    return t->end == TRACE_FINDING;
}

static void fill_traces(Draft *d, sml_result *out)
{
    const Traces *traces = &d->judgement.traces;
    sml_trace *v = ARENA_ARRAY(d->linter->scratch, sml_trace, traces->n);
    for (uint32_t i = 0; i < traces->n; i++) {
        const Trace *t = &traces->v[i];
        const Image *im = sml_scan_image(d->linter->scan, t->book);
        bool masked = (IMAGE_AT(im, RULES, t->rule)->flags & RULE_MASKED) != 0;
        v[i] = (sml_trace){.rule = sml_image_str(im, IMAGE_AT(im, RULES, t->rule)->id),
                           .grade = t->grade,
                           .because = sml_trace_words(t, im, d->linter->scratch),
                           .cue = place_of(d, t->cue, masked),
                           .stop = place_of(d, t->stop, masked)};
        if (set_aside_later(d, t)) {
            v[i].grade = SML_CLEAN;
            v[i].because = STR("found, and set aside: approved or known");
        }
    }
    if (traces->n)
        qsort(v, traces->n, sizeof *v, compare_traces);
    out->traces = v;
    out->n_traces = traces->n;
}

static void fill_unchecked(Draft *d, sml_result *out)
{
    const Judgement *j = &d->judgement;
    sml_unchecked *v = ARENA_ARRAY(d->linter->scratch, sml_unchecked, j->undecided.n);
    for (uint32_t i = 0; i < j->undecided.n; i++) {
        const Image *im = sml_scan_image(d->linter->scan, j->undecided.v[i].book);
        v[i] = (sml_unchecked){sml_settings_rule_id(im, j->undecided.v[i].rule),
                               STR("match limit reached")};
    }
    out->unchecked = v;
    out->n_unchecked = j->undecided.n;
}

static void set_aside(Draft *d, const Choice *choice)
{
    sml_linter *l = d->linter;
    if (l->prints || l->n_known || l->approvals.prints || l->house.prints)
        d->prints = sml_fingerprint_all(&d->judgement, l->scan);
    ApprovePost post = {.own = &l->approvals,
                        .house = &l->house,
                        .known = l->known,
                        .n_known = l->n_known,
                        .prints = d->prints,
                        .scan = l->scan,
                        .facts = &d->facts,
                        .choice = choice,
                        .latest = sml_settings_latest(&l->settings, &d->facts),
                        .text = d->post->words.text,
                        .last = l->next >= l->document.posts.n};
    sml_approve_post(&d->approved, &d->judgement, &post);
}

static void judge_post(Draft *d)
{
    sml_linter *l = d->linter;
    sml_condition_facts(&d->facts, &d->context, l->document.path);
    d->facts.periods = l->settings.periods;
    d->facts.n_periods = l->settings.n_periods;
    sml_scan_begin(l->scan, d->post->words.text, l->scratch);
    l->scan->images = count_images(&d->context);
    l->scan->bio = d->context.bio;
    l->scan->thread = l->thread.posts.n ? &l->thread : NULL;
    Choice choice = *sml_settings_choice(&l->settings, &d->facts);
    choice.all = l->approvals.v.n || l->house.v.n || l->n_known || l->prints;
    sml_judge(&d->judgement, l->scan, &d->facts, &choice, d->context.meta, d->context.n_meta);
    if (choice.all)
        set_aside(d, &choice);
}

static void open_approvals(sml_linter *l)
{
    const Self *self = &l->document.self;
    l->approvals = (Approvals){.arena = l->pages};
    if (!l->no_allow)
        sml_approve_add(&l->approvals, l->scan, self->allows, self->n_allows);
}

static void refuse_all(sml_linter *l, const sml_input *in)
{
    l->refused = true;
    l->document.posts.n = 0;
    if (in->sheet)
        in->sheet->used = SIZE_MAX;
}

void sml_linter_open(sml_linter *l, const sml_input *in)
{
    sml_arena_reset(l->pages);
    l->given = in->context;
    l->defaults = in->defaults;
    l->given.channel = sml_network_list(in->context.channel, l->pages);
    l->defaults.channel = sml_network_list(in->defaults.channel, l->pages);
    l->next = 0;
    l->first_byte = in->sheet ? in->sheet->at : 0;
    if (l->first_byte == 0)
        l->n_queued = l->n_strangers = 0;
    l->refused = !sml_document_read(&l->document, in, l->max_bytes, l->pages, &l->problem);
    if (!sml_settings_facts_hold(&in->context, &l->problem) ||
        !sml_settings_facts_hold(&in->defaults, &l->problem))
        refuse_all(l, in);
    open_approvals(l);
    /* An archive's records are many, and nobody reads how many links each had. */
    l->counts_links = in->kind != SML_INPUT_JSONL;
}

static bool same_thread(const Document *d, uint32_t a, uint32_t b)
{
    return b < d->posts.n && d->posts.v[a].thread && d->posts.v[a].thread == d->posts.v[b].thread;
}

/* With the first post of a thread, all its posts are known. */
static void fill_thread(sml_linter *l, uint32_t at)
{
    const Document *d = &l->document;
    l->thread.told = at > 0 && same_thread(d, at, at - 1);
    if (l->thread.told)
        return;
    l->thread = (Thread){.arena = l->pages};
    for (uint32_t i = at; same_thread(d, at, at + 1) && same_thread(d, at, i); i++)
        VEC_PUSH(&l->thread.posts, l->pages) = d->posts.v[i].words.text;
}

/* Once for each period is enough: a calendar may have a thousand posts in it. */
static bool told_queue(sml_linter *l, Minutes from)
{
    for (uint32_t i = 0; i < l->n_queued; i++)
        if (l->queued[i] == from)
            return true;
    if (l->n_queued < QUEUES_TOLD)
        l->queued[l->n_queued++] = from;
    return false;
}

static void add_remark(sml_result *out, const sml_linter *l, Str text)
{
    sml_remark *v = ARENA_ARRAY(l->scratch, sml_remark, (size_t)out->n_remarks + 1);
    for (uint32_t i = 0; i < out->n_remarks; i++)
        v[i] = out->remarks[i];
    v[out->n_remarks++].text = text;
    out->remarks = v;
}

static bool told_stranger(sml_linter *l, Str name)
{
    uint64_t hash = sml_str_hash(name);
    for (uint32_t i = 0; i < l->n_strangers; i++)
        if (l->strangers[i] == hash)
            return true;
    if (l->n_strangers == STRANGERS_TOLD)
        return true;
    l->strangers[l->n_strangers++] = hash;
    return false;
}

/* A misspelt handle would leave all that is known of the account unused, and most of what rules mind unsaid. */
static void remark_stranger(sml_result *out, sml_linter *l, const Post *post)
{
    Str handle = out->context.handle;
    if (told_stranger(l, handle))
        return;
    Str shown = sml_str_slice(handle, 0, sml_utf8_floor(handle, 60));
    Str near = sml_settings_nearest(&l->settings, handle, l->scratch);
    bool own = post->context.account.len || post->context.handle.len; /* not its file's */
    Str where = own && out->label.len ? sml_arena_printf(l->scratch, "%.*s: ", STR_ARG(out->label))
                                      : (Str){NULL, 0};
    Str what = near.len ? sml_arena_printf(l->scratch, "; did you mean \"%.*s\"?", STR_ARG(near))
                        : STR(", so nothing is known of it");
    Str text = sml_arena_printf(l->scratch, "%.*sno account \"%.*s\" is configured%.*s",
                                STR_ARG(where), STR_ARG(shown), STR_ARG(what));
    add_remark(out, l, text);
}

/* There are more networks than ours, but what holds on one of ours would go unsaid under a misspelt name. */
static void remark_networks(sml_result *out, sml_linter *l)
{
    Str rest = out->context.channel, name;
    while (sml_str_cut(&name, &rest, ',')) {
        name = sml_str_trim(name);
        Str near = sml_network_nearest(name);
        if (near.len && !told_stranger(l, name))
            add_remark(out, l,
                       sml_arena_printf(l->scratch,
                                        "unknown network \"%.*s\"; did you mean \"%.*s\"?",
                                        STR_ARG(name), STR_ARG(near)));
    }
}

/* A queue that was filled before a period opened is how posts go out in the middle of one. */
static void remark_queue(sml_result *out, const Draft *d)
{
    sml_linter *l = d->linter;
    Period p = {0};
    Minutes today, unused;
    bool open = false;
    char from[16];
    if (!sml_date_parse(l->given.date, &today, &unused) ||
        sml_str_eq_nocase(d->context.account, STR("personal")))
        return;
    for (uint32_t b = 0; b < l->scan->n_books && !open; b++)
        open = sml_condition_period(&p, sml_scan_image(l->scan, b), &d->facts);
    if (!open || p.from <= today || told_queue(l, p.from))
        return;
    sml_date_format(from, p.from);
    add_remark(out, l,
               sml_arena_printf(l->scratch,
                                "%.*s%sgoes out on %.*s, in %.*s, which opens on %s: look through "
                                "the queue before then",
                                STR_ARG(out->label), out->label.len ? " " : "",
                                STR_ARG(d->context.date), STR_ARG(p.name), from));
}

static void check_post(sml_result *out, sml_linter *l, const Post *post)
{
    Draft d = {.linter = l, .post = post};
    d.context = merge(l, post);
    bool stranger = !sml_settings_account(&d.context, &l->settings);
    out->context = d.context;
    out->id = post->id;
    out->label = post->label;
    out->code = post->code;
    out->fields = post->fields;
    out->text = post->words.text;
    if (l->measures) {
        sml_internal_measure(out, l->scan, post->words.text, l->scratch);
        return;
    }
    if (stranger && l->counts_links)
        remark_stranger(out, l, post);
    if (l->counts_links)
        remark_networks(out, l);
    judge_post(&d);
    fill_findings(&d, out);
    out->unmeasured = l->asks_length && !sml_str_eq_nocase(d.context.kind, STR("alt")) &&
                      sml_limit_is_open(l->scan, d.context.channel, out->text, l->scratch) &&
                      any_asks_length(l, &d.facts);
    fill_aside(&d, out);
    if (l->prints)
        fill_seen(&d, out);
    fill_unchecked(&d, out);
    fill_traces(&d, out);
    out->images = l->scan->images;
    if (l->counts_links && (post->context.date.len || l->next <= 1))
        remark_queue(out, &d);
    if (l->counts_links)
        out->links = sml_view_tokens(&l->scan->view)->count[TOKEN_URL];
}

/* The document as a whole: behind its posts, and only if something was wrong with it. */
static bool tell_problem(sml_result *out, sml_linter *l)
{
    if (!l->refused)
        return false;
    l->refused = false;
    out->id = l->document.id;
    out->problem = &l->problem;
    return true;
}

/* What is to know of the document comes with its first post. */
static void fill_remarks(sml_result *out, sml_linter *l, const Post *post)
{
    const Self *self = &l->document.self;
    uint32_t n_self = l->next == 0 && l->first_byte == 0 ? self->n_remarks : 0;
    sml_remark *all = ARENA_ARRAY(l->scratch, sml_remark, n_self + post->n_remarks);
    if (n_self)
        memcpy(all, self->remarks, n_self * sizeof *all);
    if (post->n_remarks)
        memcpy(all + n_self, post->remarks, post->n_remarks * sizeof *all);
    out->remarks = all;
    out->n_remarks = n_self + post->n_remarks;
}

bool sml_linter_next(sml_result *out, sml_linter *l)
{
    sml_arena_reset(l->scratch);
    Document *d = &l->document;
    *out = (sml_result){.path = d->path, .context = l->given, .first_byte = l->first_byte};
    if (l->next >= d->posts.n)
        return tell_problem(out, l);
    out->bad_utf8 = l->next == 0 && d->bad_at != UINT32_MAX;
    if (out->bad_utf8)
        sml_document_place(d, d->bad_at, &out->bad_utf8_line, &out->bad_utf8_col);
    fill_remarks(out, l, &d->posts.v[l->next]);
    fill_thread(l, l->next);
    check_post(out, l, &d->posts.v[l->next++]);
    return true;
}

bool sml_linter_check(sml_result *out, sml_linter *l, const sml_input *in, sml_error *err)
{
    assert(in->kind == SML_INPUT_TEXT || in->kind == SML_INPUT_JSONL);
    sml_linter_open(l, in);
    sml_linter_next(out, l);
    if (out->problem && err)
        *err = *out->problem;
    return !out->problem;
}
