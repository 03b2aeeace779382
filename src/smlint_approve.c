/* SPDX-License-Identifier: MIT */
/*
 * An approval becomes one entry for each of its words, under a key:
 *
 *     - rule: demo/vote             "demo/vote" NUL "vote labour"
 *       match: [Vote Labour, now]   "demo/vote" NUL "now"
 *
 * so that an occurrence, having folded its own words, finds the approvals that are about it in one
 * step. Of several the first that holds sets it aside; if none holds, what is wrong with each is said.
 *
 * A finding may speak for many occurrences and shows the first. Where only some are set aside it goes
 * on to speak for the others, and shows the first of those. What is set aside still covers milder
 * findings of its family on the same words, as it did before: approving one thing must not bring up
 * another about it, and a baseline must hide all that there was when it was written.
 */
#include "smlint_approve.h"

#include "base/utf8.h"
#include "match/message.h"
#include "match/settle.h"
#include "smlint_internal.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX /* no entry, no rule */

typedef struct ApproveEntry {
    uint32_t approval, next; /* next of the same key, or NOBODY */
} ApproveEntry;

const ProblemRow *sml_approve_row(ApproveProblem p)
{
#define LIT(s)                                                                                     \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }
    static const ProblemRow rows[] = {
#define PROBLEM(id, name, grade, title, why, instead)                                              \
    {LIT("approval/" name), LIT(title), LIT(why), LIT(instead), SML_##grade},
#include "smlint_approve.def"
#undef PROBLEM
    };
    return &rows[p];
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Line breaks are spaces too: YAML cannot tell them apart. */
static Str folded(Str words, Arena *a)
{
    Norm n;
    sml_norm_apply(&n, words, FOLD_ALL, a);
    Str s = sml_arena_copy(a, sml_str_trim(n.text));
    char *to = (char *)s.p;
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i] == '\n' ? ' ' : s.p[i];
        if (c != ' ' || (len && to[len - 1] != ' '))
            to[len++] = c;
    }
    return (Str){to, len};
}

enum { KEY_WORDS = 'w', KEY_PRINT = '#' };

static Str key_of(Str rule, char sort, Str what, Arena *a)
{
    char *p = ARENA_ARRAY(a, char, rule.len + 2 + what.len);
    memcpy(p, rule.p, rule.len);
    p[rule.len + 1] = sort;
    if (what.len)
        memcpy(p + rule.len + 2, what.p, what.len);
    return (Str){p, rule.len + 2 + what.len};
}

static Str print_key(Str rule, uint64_t print, Arena *a)
{
    return key_of(rule, KEY_PRINT, sml_arena_printf(a, "%016llx", (unsigned long long)print), a);
}

static Str id_of(const Scan *scan, uint32_t book, uint32_t rule)
{
    const Image *im = sml_scan_image(scan, book);
    return sml_image_str(im, IMAGE_AT(im, RULES, rule)->id);
}

static unsigned flags_of(const Scan *scan, const Finding *f)
{
    return IMAGE_AT(sml_scan_image(scan, f->book), RULES, f->rule)->flags;
}

/* ---- taking up approvals --------------------------------------------------------------------- */

static void add_entry(Approvals *all, Str key, uint32_t approval)
{
    uint32_t last, entry = all->entries.n;
    if (!sml_map_get(&all->by_key, key, &last)) {
        sml_map_add(&all->by_key, key, entry, all->arena);
        VEC_PUSH(&all->entries, all->arena) = (ApproveEntry){approval, NOBODY};
        return;
    }
    while (all->entries.v[last].next != NOBODY)
        last = all->entries.v[last].next;
    if (all->entries.v[last].approval == approval)
        return; /* the same words again */
    all->entries.v[last].next = entry;
    VEC_PUSH(&all->entries, all->arena) = (ApproveEntry){approval, NOBODY};
}

/* What the approval's name means: one rule, or what is wrong with it. */
static void find_rule(Approval *ap, const Scan *scan, Arena *a)
{
    Str name = ap->allow->rule;
    VEC(Str) ids = {0};
    bool family = false;
    for (uint32_t b = 0; b < scan->n_books; b++) {
        const Image *im = sml_scan_image(scan, b);
        uint32_t rule = sml_internal_find(im, name);
        if (rule != IMAGE_NONE) {
            ap->book = b;
            ap->rule = rule;
            return;
        }
        for (uint32_t i = 0; i < IMAGE_N(im, RULES); i++) {
            Str id = id_of(scan, b, i);
            family |= sml_str_eq(sml_judge_family(id), name);
            VEC_PUSH(&ids, a) = id;
        }
    }
    ap->is_static = true;
    ap->problem = PROBLEM_UNKNOWN;
    if (family || name.len == 0 || sml_str_find(name, STR("*"), 0) != SIZE_MAX)
        ap->problem = PROBLEM_BLANKET;
    else
        ap->near = sml_str_nearest(name, ids.v, ids.n);
}

static bool is_static_problem(Approval *ap, ApproveProblem problem)
{
    ap->is_static = true;
    ap->problem = problem;
    return true;
}

/* Plain without a look at the post. */
static bool has_static_problem(Approval *ap)
{
    const sml_allow *allow = ap->allow;
    if (ap->is_static)
        return true;
    if (allow->n_match == 0 && allow->n_prints == 0)
        return is_static_problem(ap, PROBLEM_BLANKET);
    if (allow->reason.len)
        return false;
    ap->wants = STR("reason");
    return is_static_problem(ap, PROBLEM_INCOMPLETE);
}

static void add_keys(Approvals *all, uint32_t index, Str rule)
{
    Arena *a = all->arena;
    const sml_allow *allow = all->v.v[index].allow;
    for (uint32_t i = 0; i < allow->n_match; i++)
        if (sml_utf8_check(allow->match[i]) == allow->match[i].len)
            add_entry(all, key_of(rule, KEY_WORDS, folded(allow->match[i], a), a), index);
    for (uint32_t i = 0; i < allow->n_prints; i++)
        add_entry(all, key_of(rule, KEY_PRINT, allow->prints[i], a), index);
    all->prints = all->prints || allow->n_prints;
    sml_map_add(&all->rules, rule, 0, a);
}

void sml_approve_add(Approvals *out, const Scan *scan, const sml_allow *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        Minutes start;
        uint32_t index = out->v.n;
        Approval *ap = &VEC_PUSH(&out->v, out->arena);
        *ap = (Approval){.allow = &v[i], .rule = NOBODY, .end = MINUTES_MAX, .house = out->house};
        if (v[i].until.len && !sml_date_parse(v[i].until, &start, &ap->end))
            ap->end = MINUTES_MIN;
        find_rule(ap, scan, out->arena);
        if (has_static_problem(ap))
            continue;
        add_keys(out, index, id_of(scan, ap->book, ap->rule));
    }
}

/* ---- one occurrence -------------------------------------------------------------------------- */

typedef struct Work {
    const ApprovePost *post;
    Judgement *j;
    Approved *out;
    const Approval **by; /* of each occurrence: what sets it aside, or NULL */
    Approval known;      /* stands for the baseline there */
    Arena *arena;
} Work;

/* Does it hold for this occurrence? If not, `problem` says why. */
static bool holds(Approval *ap, const Work *w, const Finding *f, ApproveProblem *problem)
{
    const sml_allow *allow = ap->allow;
    const Facts *facts = w->post->facts;
    if ((flags_of(w->post->scan, f) & RULE_LOCKED) && !allow->organisation)
        return *problem = PROBLEM_LOCKED, false;
    if (f->grade >= SML_WARNING && (allow->by.len == 0 || allow->until.len == 0)) {
        ap->wants = allow->by.len      ? STR("until")
                    : allow->until.len ? STR("by")
                                       : STR("by\" and \"until");
        return *problem = PROBLEM_INCOMPLETE, false;
    }
    if (f->grade >= SML_WARNING && ap->end > w->post->latest) {
        ap->latest = w->post->latest;
        return *problem = PROBLEM_ENDLESS, false;
    }
    if (ap->end != MINUTES_MAX && (!facts->has_date || facts->from >= ap->end))
        return *problem = PROBLEM_EXPIRED, false;
    return true;
}

/* At most one thing is said of each: an own one in a document, another in a post. */
static void remark(const Work *w, Approval *ap, ApproveProblem problem)
{
    if (ap->idle)
        return;
    for (uint32_t i = 0; i < w->out->remarks.n; i++)
        if (w->out->remarks.v[i].approval == ap)
            return;
    ap->idle = !ap->house;
    VEC_PUSH(&w->out->remarks, w->arena) = (ApproveRemark){ap, problem};
}

/* The first approval under `key` that holds, or NULL. */
static Approval *look_up(const Work *w, Approvals *all, const Finding *f, Str key)
{
    Approval *found = NULL;
    uint32_t entry = NOBODY;
    if (!sml_map_get(&all->by_key, key, &entry))
        return NULL;
    for (; entry != NOBODY && !found; entry = all->entries.v[entry].next) {
        Approval *ap = &all->v.v[all->entries.v[entry].approval];
        ApproveProblem problem;
        if (holds(ap, w, f, &problem))
            found = ap;
        else
            remark(w, ap, problem);
        ap->hit = true;
    }
    return found;
}

static Approval *by_words(const Work *w, Approvals *all, const Finding *f, Span span)
{
    Str rule = id_of(w->post->scan, f->book, f->rule);
    Str words = sml_message_masked(w->post->text, span, &w->j->masks, NULL, w->arena);
    return look_up(w, all, f, key_of(rule, KEY_WORDS, folded(words, w->arena), w->arena));
}

/* What tells only together is approved together: one part more, and it is another thing that is told. */
static Approval *by_all_words(const Work *w, Approvals *all, const Finding *f)
{
    Approval *some = NULL;
    uint32_t n = 0;
    if (f->parts.n == 0)
        return by_words(w, all, f, f->span);
    for (uint32_t i = 0; i < f->parts.n; i++) {
        Approval *ap = by_words(w, all, f, f->parts.v[i]);
        some = some ? some : ap;
        n += ap != NULL;
    }
    if (some && n < f->parts.n) {
        remark(w, some, PROBLEM_PARTIAL);
        return NULL;
    }
    return some;
}

/* Words that must not be shown are nobody's to approve by: all of a rule's secrets look alike. */
static const Approval *approval_of(const Work *w, Approvals *all, uint32_t i)
{
    const ApprovePost *post = w->post;
    const Finding *f = &w->j->occurrences.v[i];
    Str rule = id_of(post->scan, f->book, f->rule);
    const Approval *found = NULL;
    if (!sml_map_get(&all->rules, rule, NULL))
        return NULL;
    ArenaMark mark = sml_arena_mark(w->arena);
    uint32_t remarks = w->out->remarks.n;
    if (!f->whole && !(flags_of(post->scan, f) & RULE_MASKED))
        found = by_all_words(w, all, f);
    if (!found && post->prints)
        found = look_up(w, all, f, print_key(rule, post->prints[i], w->arena));
    if (w->out->remarks.n == remarks) /* they live here too */
        sml_arena_rewind(w->arena, mark);
    return found;
}

static bool is_known(const ApprovePost *post, uint64_t print, sml_grade grade)
{
    uint32_t low = 0, high = post->n_known;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (post->known[mid].print < print)
            low = mid + 1;
        else
            high = mid;
    }
    return low < post->n_known && post->known[low].print == print &&
           grade <= post->known[low].grade;
}

/* A baseline is anybody's to write, so it cannot hide what only the organisation may approve. */
static bool is_hidden(const Work *w, uint32_t i)
{
    const ApprovePost *post = w->post;
    const Finding *f = &w->j->occurrences.v[i];
    return post->n_known && !(flags_of(post->scan, f) & RULE_LOCKED) &&
           is_known(post, post->prints[i], f->grade);
}

/* An approval says more than a baseline does. */
static void weigh(const Work *w)
{
    const ApprovePost *post = w->post;
    for (uint32_t i = 0; i < w->j->occurrences.n; i++) {
        w->by[i] = approval_of(w, post->own, i);
        if (!w->by[i])
            w->by[i] = approval_of(w, post->house, i);
        if (!w->by[i] && is_hidden(w, i))
            w->by[i] = &w->known;
    }
}

/* ---- findings -------------------------------------------------------------------------------- */

/* What is left of a finding: how many occurrences, and the first of them. */
static uint32_t count_left(const Work *w, const Finding *f, uint32_t *first)
{
    uint32_t left = 0;
    for (uint32_t i = f->first + f->n; i-- > f->first;)
        if (!w->by[i])
            left++, *first = i;
    return left;
}

static void note_known(const Work *w, const Finding *f)
{
    for (uint32_t i = f->first; i < f->first + f->n; i++)
        w->out->known += w->by[i] == &w->known;
}

/* One entry for each approval that sets some of the finding aside. */
static void note_approved(const Work *w, const Finding *f)
{
    uint32_t from = w->out->aside.n;
    for (uint32_t i = f->first; i < f->first + f->n; i++) {
        if (!w->by[i] || w->by[i] == &w->known)
            continue;
        const sml_allow *allow = w->by[i]->allow;
        uint32_t k = from;
        while (k < w->out->aside.n && w->out->aside.v[k].allow != allow)
            k++;
        if (k < w->out->aside.n)
            w->out->aside.v[k].finding.count++;
        else
            VEC_PUSH(&w->out->aside, w->arena) = (SetAside){w->j->occurrences.v[i], allow};
    }
}

/* The finding goes on for what is left of it; one that shows what is set aside stays too, unseen, to
 * cover what it covered. */
static void part(const Work *w, uint32_t at)
{
    Finding f = w->j->findings.v[at];
    uint32_t first = f.first, left = count_left(w, &f, &first);
    if (left == f.n)
        return;
    note_known(w, &f);
    note_approved(w, &f);
    if (!w->by[f.first]) {
        w->j->findings.v[at].count = left;
        return;
    }
    w->j->findings.v[at].aside = true;
    if (left == 0)
        return;
    Finding *rest = &VEC_PUSH(&w->j->findings, w->arena);
    *rest = w->j->occurrences.v[first];
    rest->count = left;
}

static const bool *list_allowed(const Work *w)
{
    bool *allowed = ARENA_ARRAY(w->arena, bool, w->j->occurrences.n);
    for (uint32_t i = 0; i < w->j->occurrences.n; i++)
        allowed[i] = w->by[i] && w->by[i] != &w->known;
    return allowed;
}

static void drop_aside(Judgement *j)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < j->findings.n; i++)
        if (!j->findings.v[i].aside)
            j->findings.v[kept++] = j->findings.v[i];
    j->findings.n = kept;
}

/* ---- what is wrong with approvals ------------------------------------------------------------ */

/* A list that serves many drafts is looked through by whoever reads it, not at every draft. */
static void remark_rest(const Work *w)
{
    Approvals *all = w->post->own;
    for (uint32_t i = 0; i < all->v.n; i++) {
        Approval *ap = &all->v.v[i];
        if (ap->is_static)
            remark(w, ap, ap->problem);
        else if (w->post->last && !ap->hit &&
                 !sml_judge_is_off(w->post->choice, ap->book, ap->rule))
            remark(w, ap, PROBLEM_UNUSED);
    }
}

static int by_place(const void *a, const void *b)
{
    const sml_allow *x = ((const ApproveRemark *)a)->approval->allow;
    const sml_allow *y = ((const ApproveRemark *)b)->approval->allow;
    int paths = sml_str_cmp(x->path, y->path);
    return paths ? paths : (x->at > y->at) - (x->at < y->at);
}

static void add_term(Buf *out, const Approval *ap)
{
    char last[16];
    sml_date_format(last, ap->latest - 1);
    sml_buf_addf(
        out,
        "This approval of \"%.*s\" does not hold: it ends on %.*s; %s is the latest that it may.",
        STR_ARG(sml_str_slice(ap->allow->rule, 0, sml_utf8_floor(ap->allow->rule, 60))),
        STR_ARG(ap->allow->until), last);
}

static void add_what(Buf *out, const ApproveRemark *r)
{
    const Approval *ap = r->approval;
    Str name = sml_str_slice(ap->allow->rule, 0, sml_utf8_floor(ap->allow->rule, 60));
    switch (r->problem) {
    case PROBLEM_UNKNOWN:
        sml_buf_addf(out, "There is no rule \"%.*s\"", STR_ARG(name));
        if (ap->near.len)
            sml_buf_addf(out, "; did you mean \"%.*s\"?", STR_ARG(ap->near));
        else
            sml_buf_addc(out, '.');
        break;
    case PROBLEM_BLANKET:
        if (ap->rule != NOBODY)
            sml_buf_addf(out, "This approval of \"%.*s\" does not say for which words.",
                         STR_ARG(name));
        else if (name.len)
            sml_buf_addf(out, "\"%.*s\" is more than one rule, so it approves none.",
                         STR_ARG(name));
        else
            sml_buf_add(out, STR("This approval names no rule."));
        break;
    case PROBLEM_LOCKED:
        sml_buf_addf(out, "A draft cannot approve \"%.*s\".", STR_ARG(name));
        break;
    case PROBLEM_INCOMPLETE:
        sml_buf_addf(out, "This approval of \"%.*s\" does not hold: it lacks \"%.*s\".",
                     STR_ARG(name), STR_ARG(ap->wants));
        break;
    case PROBLEM_PARTIAL:
        sml_buf_addf(out, "This approval of \"%.*s\" has not all of the words that tell together.",
                     STR_ARG(name));
        break;
    case PROBLEM_ENDLESS:
        add_term(out, ap);
        break;
    case PROBLEM_EXPIRED:
        sml_buf_addf(out, "This approval of \"%.*s\" ends on %.*s, before the draft goes out.",
                     STR_ARG(name), STR_ARG(ap->allow->until));
        break;
    default:
        sml_buf_addf(out, "This approval of \"%.*s\" sets nothing aside.", STR_ARG(name));
    }
}

Str sml_approve_message(const ApproveRemark *r, Arena *a)
{
    Buf out = {0};
    const sml_allow *allow = r->approval->allow;
    add_what(&out, r);
    if (allow->path.len)
        sml_buf_addf(&out, " It is in %.*s, line %u.", STR_ARG(allow->path), allow->line);
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

/* ---- a post ---------------------------------------------------------------------------------- */

void sml_approve_post(Approved *out, Judgement *j, const ApprovePost *post)
{
    memset(out, 0, sizeof *out);
    Work w = {.post = post, .j = j, .out = out, .arena = post->scan->scratch};
    w.by = ARENA_ARRAY(w.arena, const Approval *, j->occurrences.n);
    weigh(&w);
    uint32_t n = j->findings.n, before = n;
    for (uint32_t i = 0; i < n; i++)
        part(&w, i);
    if (j->findings.n > before)
        sml_settle_findings(j, post->scan);
    drop_aside(j);
    out->allowed = list_allowed(&w);
    remark_rest(&w);
    if (out->remarks.n)
        qsort(out->remarks.v, out->remarks.n, sizeof *out->remarks.v, by_place);
}
