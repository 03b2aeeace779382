/* SPDX-License-Identifier: MIT */
#include "match/judge.h"

#include "base/utf8.h"
#include "match/limit.h"
#include "match/settle.h"

#include <stdlib.h>
#include <string.h>

/* A match that a guard would stop if a fact that is missing were known. */
typedef struct Doubt {
    Span at;
    unsigned missing;
    uint32_t guard; /* of the rule's; SEVERAL */
} Doubt;
#define SEVERAL UINT32_MAX

/* Does a guard's condition hold? Asked once for all matches. */
typedef struct Counts {
    bool asked, doubted; /* doubted: only a missing fact keeps the guard from stopping some match */
    Truth truth;
    unsigned missing;
} Counts;

/* One rule on one post. */
typedef struct Case {
    Judgement *out;
    Scan *scan;
    const Image *image;
    const Facts *facts;
    const ImageRule *rule;
    uint32_t book, id;
    sml_grade grade, full;
    unsigned missing;
    bool hidden;       /* switched off or not applying: only its masks count */
    bool each;         /* whatever the rule says */
    bool undecided;    /* a limit was met on the way */
    bool fired;        /* it has something to say, shown or not */
    Spans parts;       /* of the finding to be reported */
    VEC(Doubt) doubts; /* by place */
    Counts *counts;    /* by guard of the rule; NULL before the first with a condition */
    const sml_pair *meta;
    uint32_t n_meta;
    Trace *trace; /* NULL: nobody asks */
    bool all;     /* occurrences are asked for */
} Case;

const char *const sml_judge_accounts[] = {"official", "personal", "ministerial", ""};

static Truth condition_of(const Case *c, uint32_t guard, const Facts *facts, unsigned *missing)
{
    const ImageGuard *g = IMAGE_AT(c->image, GUARDS, c->rule->guards.first + guard);
    return g->cond == IMAGE_NONE
               ? YES
               : sml_condition_excuses(c->image, c->rule, g->cond, facts, missing);
}

/* Would, in these facts, the guard stop what it cannot stop now? Of several, any of those that raised doubts. */
static bool would_stop(const Case *c, uint32_t guard, const Facts *facts)
{
    unsigned missing = 0;
    if (guard != SEVERAL)
        return condition_of(c, guard, facts, &missing) == YES;
    for (uint32_t i = 0; c->counts && i < c->rule->guards.n; i++)
        if (c->counts[i].doubted && condition_of(c, i, facts, &missing) == YES)
            return true;
    return false;
}

/* Which kinds of account would make it as grave as it can be; `guard` may yet stop it. */
static unsigned grave_accounts(const Case *c, uint32_t guard)
{
    unsigned accounts = 0;
    for (unsigned i = 0; sml_judge_accounts[i][0]; i++) {
        Facts facts = *c->facts;
        unsigned missing = 0;
        sml_grade full;
        facts.value[FACT_ACCOUNT] = sml_str_from(sml_judge_accounts[i]);
        sml_condition_grade(c->image, c->rule, &facts, &full, &missing);
        bool grave = full == c->full && !would_stop(c, guard, &facts);
        accounts |= (unsigned)grave << i;
    }
    return accounts;
}

static Span span_of(const Match *m)
{
    return (Span){m->start, m->end};
}

Str sml_judge_family(Str id)
{
    size_t slash = sml_str_find(id, STR("/"), 0);
    return sml_str_slice(id, 0, slash);
}

/* ---- matches, and guards that take them away ---- */

static const Matches *matches(Case *c, uint32_t group)
{
    const Matches *m = sml_scan_matches(c->scan, c->book, group);
    c->undecided |= sml_scan_undecided(c->scan, c->book, group);
    return m;
}

/* Does a group match at least `min` times within `in`? */
static bool wanted_in(Case *c, ImageWant want, Span in)
{
    const Matches *m = matches(c, want.group);
    uint32_t from = in.start > m->longest ? in.start - m->longest : 0, n = 0;
    for (uint32_t i = sml_phrase_first_match(m, from);
         i < m->n && m->v[i].start < in.end && n < want.min; i++)
        n += sml_span_overlaps(span_of(&m->v[i]), in);
    return n >= want.min;
}

static bool inside(Case *c, uint32_t what, Span at)
{
    uint32_t class = sml_view_class(&c->scan->view, at.start);
    return ((what & INSIDE_QUOTE) && (class & IN_QUOTE)) ||
           ((what & INSIDE_URL) && (class & IN_URL)) ||
           ((what & INSIDE_HASHTAG) && (class & IN_HASHTAG)) ||
           ((what & INSIDE_MENTION) && (class & IN_MENTION));
}

/* Where a guard's pattern stops a match that is `at`. */
static Span guard_reach(const Case *c, const ImageGuard *g, Span at)
{
    const View *v = &c->scan->view;
    return g->kind == GUARD_WORDS      ? sml_view_around(v, at, g->words)
           : g->kind == GUARD_SENTENCE ? sml_view_sentence(v, at)
           : g->kind == GUARD_POST     ? (Span){0, (uint32_t)v->norm.text.len}
                                       : at;
}

/* Is what the guard looks for there? */
static bool guard_covers(Case *c, const ImageGuard *g, Span at)
{
    switch ((ImageGuardKind)g->kind) {
    case GUARD_OVERLAP:
    case GUARD_WORDS:
    case GUARD_SENTENCE:
        return wanted_in(c, g->want, guard_reach(c, g, at));
    case GUARD_POST:
        return matches(c, g->want.group)->n >= g->want.min;
    case GUARD_INSIDE:
        return inside(c, g->inside, at);
    case GUARD_WHEN:
        return true;
    }
    return false;
}

/* Some value of a missing fact would silence it: say so, and no more than a notice. */
static void lower(Case *c, unsigned missing)
{
    c->missing |= missing;
    if (c->grade > SML_NOTICE)
        c->grade = SML_NOTICE;
}

/* Of rules that report matches one by one, those that nothing could excuse keep their grade. */
static void doubt(Case *c, const Doubt *d)
{
    if (c->rule->kind == RULE_MATCH || c->rule->kind == RULE_REQUIRE)
        VEC_PUSH(&c->doubts, c->scan->scratch) = *d;
    else
        lower(c, d->missing);
}

/* Whether a match stands is not known; NULL where it is. */
static const Doubt *doubt_of(const Case *c, const Match *m)
{
    uint32_t low = 0, high = c->doubts.n; /* by start, as the matches were gone through */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (c->doubts.v[mid].at.start < m->start)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < c->doubts.n && c->doubts.v[low].at.start == m->start; low++)
        if (c->doubts.v[low].at.end == m->end)
            return &c->doubts.v[low];
    return NULL;
}

static Span written(const Case *c, Span folded)
{
    return sml_norm_span(&c->scan->view.norm, folded.start, folded.end);
}

static bool has_pattern(const ImageGuard *g)
{
    return g->kind != GUARD_INSIDE && g->kind != GUARD_WHEN;
}

/* Notes the first guard that stopped a match, and what it found. */
static void trace_guard(Case *c, uint32_t guard, const Match *m)
{
    const ImageGuard *g = IMAGE_AT(c->image, GUARDS, c->rule->guards.first + guard);
    if (!c->trace || c->trace->guard != IMAGE_NONE)
        return;
    c->trace->guard = guard;
    if (!has_pattern(g))
        return;
    Span reach = guard_reach(c, g, span_of(m));
    const Matches *found = matches(c, g->want.group);
    for (uint32_t i = 0; i < found->n; i++)
        if (sml_span_overlaps(span_of(&found->v[i]), reach)) {
            c->trace->stop = written(c, span_of(&found->v[i]));
            return;
        }
}

/* Did a limit keep it open whether a group is there? Then nothing can rest on its not being there. A secret is hidden all
 * the same. */
static bool is_open(const Case *c, uint32_t group)
{
    return group != IMAGE_NONE && !(c->rule->flags & RULE_MASKED) &&
           sml_scan_undecided(c->scan, c->book, group);
}

static Counts *counts_of(Case *c, uint32_t guard)
{
    if (!c->counts)
        c->counts = ARENA_ARRAY(c->scan->scratch, Counts, c->rule->guards.n);
    Counts *counts = &c->counts[guard];
    if (!counts->asked)
        counts->truth = condition_of(c, guard, c->facts, &counts->missing);
    counts->asked = true;
    return counts;
}

/* Where only a missing fact keeps it from stopping the match, `d` is told. */
static bool guard_stops(Case *c, uint32_t guard, const Match *m, Doubt *d)
{
    const ImageGuard *g = IMAGE_AT(c->image, GUARDS, c->rule->guards.first + guard);
    Counts *counts = g->cond == IMAGE_NONE ? NULL : counts_of(c, guard);
    if (counts && counts->truth == NO)
        return false;
    if (!guard_covers(c, g, span_of(m)))
        return has_pattern(g) && is_open(c, g->want.group);
    if (!counts || counts->truth == YES)
        return true;
    d->guard = d->missing ? SEVERAL : guard;
    d->missing |= counts->missing;
    counts->doubted = true;
    return false;
}

/* `*sure` is false for a match that stands only as long as nobody knows better. */
static bool guarded(Case *c, const Match *m, bool *sure)
{
    Doubt d = {.at = span_of(m)};
    for (uint32_t i = 0; i < c->rule->guards.n; i++)
        if (guard_stops(c, i, m, &d)) {
            trace_guard(c, i, m);
            return true;
        }
    *sure = d.missing == 0;
    if (!*sure)
        doubt(c, &d);
    return false;
}

static bool all_apart(const Matches *m)
{
    for (uint32_t i = 1; i < m->n; i++)
        if (m->v[i].start < m->v[i - 1].end)
            return false;
    return true;
}

/* The matches of a group that no guard stops; of overlapping ones that are sure to stand the first, longest. */
static const Matches *standing(Case *c, uint32_t group)
{
    const Matches *all = matches(c, group);
    if (all->n == 0)
        return all;
    if (c->rule->guards.n == 0 && all_apart(all)) {
        if (c->trace)
            c->trace->stood = true;
        return all;
    }
    Matches *left = ARENA_NEW(c->scan->scratch, Matches);
    uint32_t end = 0;
    bool sure = false;
    for (uint32_t i = 0; i < all->n; i++) {
        const Match *m = &all->v[i];
        if (m->start < end || guarded(c, m, &sure))
            continue;
        VEC_PUSH(left, c->scan->scratch) = *m;
        end = sure ? m->end : end;
    }
    if (c->trace)
        c->trace->stood |= left->n > 0;
    return left;
}

/* ---- findings ---- */

static Span first_visible_line(Str text)
{
    uint32_t at = 0, len = (uint32_t)text.len;
    while (at < len && (unsigned char)text.p[at] <= ' ')
        at++;
    uint32_t end = at;
    while (end < len && text.p[end] != '\n' && text.p[end] != '\r')
        end++;
    return (Span){at, end};
}

static void fill_finding(Finding *f, const Case *c, Match m, uint32_t count)
{
    bool whole = (c->rule->flags & RULE_WHOLE) || m.start == m.end;
    *f = (Finding){.book = c->book,
                   .rule = c->id,
                   .match = m,
                   .grade = c->grade,
                   .full = c->full,
                   .missing = c->missing,
                   .count = count,
                   .parts = c->parts,
                   .whole = whole,
                   .span = whole ? first_visible_line(c->scan->view.original)
                                 : written(c, span_of(&m))};
    const Doubt *d = doubt_of(c, &m);
    f->missing |= d ? d->missing : 0;
    if (d && f->grade > SML_NOTICE)
        f->grade = SML_NOTICE;
    if (f->missing & 1u << FACT_ACCOUNT)
        f->accounts = grave_accounts(c, d ? d->guard : SEVERAL);
}

/* One finding for the `n` matches from `v` on, of which it shows the first. */
static Finding *report_matches(Case *c, const Match *v, uint32_t n, uint32_t count)
{
    c->fired = true;
    if (c->hidden || c->grade == SML_CLEAN)
        return NULL;
    Findings *all = &c->out->occurrences;
    Finding *f = &VEC_PUSH(&c->out->findings, c->scan->scratch);
    fill_finding(f, c, v[0], count);
    f->first = all->n;
    f->n = n;
    for (uint32_t i = 0; c->all && i < n; i++) {
        Finding *one = &VEC_PUSH(all, c->scan->scratch);
        fill_finding(one, c, v[i], 1);
        one->first = all->n - 1;
        one->n = 1;
    }
    return f;
}

/* What has no place has no words either. */
static void add_part(Case *c, const Match *m)
{
    if (m->end > m->start)
        VEC_PUSH(&c->parts, c->scan->scratch) = written(c, span_of(m));
}

static Finding *report(Case *c, Match m, uint32_t count)
{
    return report_matches(c, &m, 1, count);
}

/* The same matches, those that are sure to stand before the others; `sure` gets how many these are. */
static const Match *sure_first(Case *c, const Matches *m, uint32_t *sure)
{
    *sure = m->n;
    if (c->doubts.n == 0)
        return m->v;
    Match *sorted = ARENA_ARRAY(c->scan->scratch, Match, m->n);
    *sure = 0;
    for (uint32_t i = 0; i < m->n; i++)
        if (!doubt_of(c, &m->v[i]))
            sorted[(*sure)++] = m->v[i];
    for (uint32_t i = 0, n = *sure; i < m->n; i++)
        if (doubt_of(c, &m->v[i]))
            sorted[n++] = m->v[i];
    return sorted;
}

/* That there are `least` of them may hang on a missing fact. */
static void doubt_number(Case *c, const Matches *m, uint32_t least)
{
    uint32_t sure;
    const Match *sorted = sure_first(c, m, &sure);
    for (uint32_t i = sure; sure < least && i < m->n; i++)
        lower(c, doubt_of(c, &sorted[i])->missing);
}

/* Each for itself, or all as one. */
static void report_each(Case *c, const Matches *m, bool each)
{
    uint32_t sure;
    const Match *sorted = sure_first(c, m, &sure);
    for (uint32_t i = 0; each && i < m->n; i++)
        report(c, m->v[i], 1);
    if (!each && m->n)
        report_matches(c, sorted, m->n, m->n);
}

static const ImageWant *want(const Case *c, uint32_t i)
{
    return IMAGE_AT(c->image, WANTS, c->rule->wants.first + i);
}

/* For a trace: what was counted, and what it is held against. */
static void tally(Case *c, int64_t have, int64_t asked)
{
    if (c->trace)
        c->trace->have = have, c->trace->asked = asked;
}

static void judge_match(Case *c)
{
    const Matches *m = standing(c, want(c, 0)->group);
    tally(c, m->n, want(c, 0)->min);
    if (m->n < want(c, 0)->min || m->n == 0)
        return;
    doubt_number(c, m, want(c, 0)->min);
    report_each(c, m, c->each || (c->rule->flags & (RULE_EACH | RULE_MASKED)));
}

/* Nobody knows what the profile says: as with any other fact that is missing. */
static bool bio_is_missing(Case *c)
{
    lower(c, MISSING_BIO);
    return c->rule->flags & RULE_UNKNOWN_SKIP;
}

/* What is required may be in the sentence, the post, its thread, or the profile. */
static bool need_is_met(Case *c, const Match *m)
{
    ImageWant need = *want(c, 1);
    bool met = true, open = false;
    switch ((ImageOver)c->rule->over) {
    case OVER_SENTENCE:
        met = wanted_in(c, need, sml_view_sentence(&c->scan->view, span_of(m)));
        break;
    case OVER_POST:
        met = matches(c, need.group)->n >= need.min;
        break;
    case OVER_THREAD:
        met = (c->scan->thread ? sml_scan_in_thread(c->scan, c->book, need.group, &open)
                               : matches(c, need.group)->n) >= need.min;
        break;
    case OVER_PROFILE:
        met = c->scan->bio.len
                  ? sml_scan_elsewhere(c->scan, c->book, need.group, c->scan->bio, &open)
                  : bio_is_missing(c);
        break;
    }
    c->undecided |= open;
    return met || open || is_open(c, need.group);
}

static void judge_require(Case *c)
{
    if (want(c, 0)->group == IMAGE_NONE) {
        Match nowhere = {0};
        bool later = c->rule->over == OVER_THREAD && c->scan->thread && c->scan->thread->told;
        if (!later && !need_is_met(c, &nowhere))
            report(c, nowhere, 1);
        return;
    }
    const Matches *m = standing(c, want(c, 0)->group);
    if (m->n < want(c, 0)->min)
        return;
    Matches unmet = {0};
    for (uint32_t i = 0; i < m->n; i++)
        if (!need_is_met(c, &m->v[i]))
            VEC_PUSH(&unmet, c->scan->scratch) = m->v[i];
    doubt_number(c, m, want(c, 0)->min);
    report_each(c, &unmet, (c->rule->flags & RULE_EACH) != 0);
}

/* ---- limit ---- */

typedef struct Limit {
    const ImageNetwork *network; /* NULL: the rule says a number, or no network is known */
    Str title;
    uint32_t max;
} Limit;

/* What the rule says, or the strictest of the post's networks; false where nothing is known that could be gone beyond. */
static bool find_limit(Limit *out, const Case *c, uint32_t said, ImageNetworkMax what)
{
    *out = (Limit){.max = said};
    if (said != LIMIT_CHANNEL && said != LIMIT_TOOL)
        return true;
    out->max = 0;
    Str channels = c->facts->value[FACT_CHANNEL], channel;
    while (sml_str_cut(&channel, &channels, ',')) {
        const Image *home;
        const ImageNetwork *n = sml_limit_network(&home, c->scan, sml_str_trim(channel));
        uint32_t max = sml_limit_number(said, n, what);
        if (max && (!out->max || max < out->max))
            *out = (Limit){n, sml_image_str(home, n->title), max};
    }
    return out->max > 0;
}

static Finding *report_limit(Case *c, const Limit *limit, Match m, uint64_t count)
{
    Finding *f = report(c, m, count > UINT32_MAX ? UINT32_MAX : (uint32_t)count);
    if (!f)
        return NULL;
    f->limit = limit->max;
    f->network = limit->title;
    return f;
}

/* Of a post for several networks, where it first goes beyond what one of them takes. */
static bool find_beyond(TooLong *out, Limit *where, const Case *c)
{
    uint32_t said = c->rule->limit;
    Str post = c->scan->view.original, channels = c->facts->value[FACT_CHANNEL], channel;
    TooLong over;
    *where = (Limit){.max = said};
    if (said != LIMIT_CHANNEL && said != LIMIT_TOOL)
        return sml_limit_too_long(out, NULL, said, post, c->scan->scratch);
    *out = (TooLong){.beyond = {UINT32_MAX, UINT32_MAX}};
    while (sml_str_cut(&channel, &channels, ',')) {
        const Image *home;
        const ImageNetwork *n = sml_limit_network(&home, c->scan, sml_str_trim(channel));
        uint32_t max = sml_limit_number(said, n, NETWORK_LENGTH);
        if (!max || !sml_limit_too_long(&over, n, max, post, c->scan->scratch) ||
            over.beyond.start >= out->beyond.start)
            continue;
        *out = over;
        *where = (Limit){n, sml_image_str(home, n->title), over.limit};
    }
    return out->limit > 0;
}

static void judge_length(Case *c)
{
    const Norm *norm = &c->scan->view.norm;
    TooLong over;
    Limit limit;
    if (!find_beyond(&over, &limit, c))
        return;
    Match m = sml_match(sml_norm_from_original(norm, over.beyond.start),
                        sml_norm_from_original(norm, over.beyond.end));
    Finding *f = report_limit(c, &limit, m, over.used);
    if (f && !f->whole)
        f->span = over.beyond;
}

static ImageNetworkMax counted(const ImageGroup *g)
{
    bool token = g->kind == GROUP_TOKEN;
    return token && g->detail == COUNT_URL       ? NETWORK_LINKS
           : token && g->detail == COUNT_HASHTAG ? NETWORK_HASHTAGS
           : token && g->detail == COUNT_LENGTH  ? NETWORK_LENGTH
                                                 : NETWORK_MAXES;
}

static uint32_t sentence_of(const Case *c, const Match *m)
{
    const Tokens *t = sml_view_tokens(&c->scan->view);
    uint32_t i = sml_token_at(t, m->start);
    return i < t->n ? sml_token_sentence(t, i) : UINT32_MAX;
}

static Match match_of(const Token *t)
{
    return sml_match(t->start, sml_token_end(t));
}

/* Of the longest sentence, or of each that is too long. */
static void judge_sentences(Case *c, const Limit *limit, const Matches *m)
{
    bool each = (c->rule->flags & RULE_EACH) != 0;
    uint32_t worst = 0, most = 0;
    for (uint32_t i = 0, end; i < m->n; i = end) {
        uint32_t sentence = sentence_of(c, &m->v[i]);
        for (end = i + 1; end < m->n && sentence_of(c, &m->v[end]) == sentence;)
            end++;
        if (each && end - i > limit->max)
            report_limit(c, limit, m->v[i + limit->max], end - i);
        if (end - i > most)
            most = end - i, worst = i;
    }
    if (!each && most > limit->max)
        report_limit(c, limit, m->v[worst + limit->max], most);
}

/* The same for tokens, where they stand: a list of a post's words would be longer than the post. */
static void judge_tokens(Case *c, const Limit *limit, uint32_t kind)
{
    const Tokens *t = sml_view_tokens(&c->scan->view);
    bool each = (c->rule->flags & RULE_EACH) != 0;
    uint32_t worst = 0, most = 0;
    for (uint32_t i = 0, end, n, beyond = 0; i < t->n; i = end) {
        n = 0;
        for (end = i; end < t->n && (end == i || !t->v[end].leads); end++)
            if (t->v[end].kind == kind && n++ == limit->max)
                beyond = end;
        if (each && n > limit->max)
            report_limit(c, limit, match_of(&t->v[beyond]), n);
        if (n > most)
            most = n, worst = beyond;
    }
    if (!each && most > limit->max)
        report_limit(c, limit, match_of(&t->v[worst]), most);
}

static void judge_limit(Case *c)
{
    const ImageGroup *g = IMAGE_AT(c->image, GROUPS, want(c, 0)->group);
    ImageNetworkMax what = counted(g);
    Limit limit;
    if (what == NETWORK_LENGTH) {
        judge_length(c);
        return;
    }
    if (!find_limit(&limit, c, c->rule->limit, what))
        return;
    uint32_t most = sml_scan_most(c->scan, c->book, want(c, 0)->group);
    if (most <= limit.max) {
        tally(c, most, limit.max);
        return;
    }
    if (c->rule->over == OVER_SENTENCE && most < UINT32_MAX && c->rule->guards.n == 0) {
        tally(c, most, limit.max);
        judge_tokens(c, &limit, sml_scan_token_kind(g));
        return;
    }
    const Matches *m = standing(c, want(c, 0)->group);
    tally(c, m->n, limit.max);
    if (c->rule->over == OVER_SENTENCE)
        judge_sentences(c, &limit, m);
    else if (m->n > limit.max)
        report_limit(c, &limit, m->v[limit.max], m->n);
}

/* ---- near ---- */

static bool near_enough(const Case *c, Span a, Span b)
{
    const View *v = &c->scan->view;
    if (!(c->rule->distance & NEAR_SENTENCES))
        return sml_view_words_between(v, a, b) <= c->rule->distance;
    const Tokens *t = sml_view_tokens(v);
    uint32_t ia = sml_token_at(t, a.start), ib = sml_token_at(t, b.start);
    if (ia >= t->n || ib >= t->n)
        return false;
    uint32_t sa = sml_token_sentence(t, ia), sb = sml_token_sentence(t, ib);
    return (sa > sb ? sa - sb : sb - sa) < (c->rule->distance & ~NEAR_SENTENCES);
}

/* The nearest match on either side of `at` that does not overlap it. */
static const Match *nearest(const Case *c, const Matches *m, Span at)
{
    uint32_t right = sml_phrase_first_match(m, at.end), left = sml_phrase_first_match(m, at.start);
    const Match *before = NULL, *behind = right < m->n ? &m->v[right] : NULL;
    while (left-- > 0)
        if (m->v[left].end <= at.start) {
            before = &m->v[left];
            break;
        }
    if (before && near_enough(c, span_of(before), at) &&
        (!behind || at.start - before->end <= behind->start - at.end))
        return before;
    if (behind && near_enough(c, at, span_of(behind)))
        return behind;
    return before && near_enough(c, span_of(before), at) ? before : NULL;
}

/* Stretches `m`, a match of the first member, over the nearest match of each other one. */
static bool gather_near(Case *c, const Matches *const *groups, Match *m)
{
    Span from = span_of(m);
    for (uint32_t i = 1; i < c->rule->wants.n; i++) {
        const Match *other = nearest(c, groups[i], from);
        if (!other)
            return false;
        if (other->start < m->start)
            m->start = other->start;
        if (other->end > m->end)
            m->end = other->end;
    }
    return true;
}

/* Has each of the first `n` wants a chance? A trace wants to know of every one what came of it. */
static bool all_may(const Case *c, uint32_t n)
{
    for (uint32_t i = 0; i < n && !c->trace; i++)
        if (want(c, i)->min && sml_scan_chance(c->scan, c->book, want(c, i)->group) == CHANCE_NONE)
            return false;
    return true;
}

/* Fills the groups of one kind: those that take PCRE2 come last, when nothing else is missing. */
static bool all_stand(Case *c, const Matches **groups, Chance kind)
{
    for (uint32_t i = 0; i < c->rule->wants.n; i++) {
        bool dear = sml_scan_chance(c->scan, c->book, want(c, i)->group) == CHANCE_DEAR;
        if (dear != (kind == CHANCE_DEAR))
            continue;
        groups[i] = standing(c, want(c, i)->group);
        if (groups[i]->n < want(c, i)->min || groups[i]->n == 0)
            return false;
    }
    return true;
}

static void judge_near(Case *c)
{
    const Matches **groups = ARENA_ARRAY(c->scan->scratch, const Matches *, c->rule->wants.n);
    if (!all_may(c, c->rule->wants.n) || !all_stand(c, groups, CHANCE_CHEAP) ||
        !all_stand(c, groups, CHANCE_DEAR))
        return;
    Matches gathered = {0};
    uint32_t end = 0;
    for (uint32_t i = 0; i < groups[0]->n; i++) {
        Match m = groups[0]->v[i];
        if (m.start < end || !gather_near(c, groups, &m))
            continue;
        end = m.end;
        VEC_PUSH(&gathered, c->scan->scratch) = m;
    }
    report_each(c, &gathered, (c->rule->flags & RULE_EACH) != 0);
}

/* ---- score ---- */

static int compare_cues(const void *a, const void *b)
{
    const FoundCue *x = a, *y = b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    return sml_str_cmp(x->name, y->name);
}

/* Could the cues that have a chance come to the limit? As above, a trace wants to know of all. */
static bool may_reach(const Case *c)
{
    int64_t most = 0, limit = (int32_t)c->rule->limit;
    for (uint32_t i = 0; i < c->rule->cues.n; i++) {
        const ImageCue *cue = IMAGE_AT(c->image, CUES, c->rule->cues.first + i);
        most += cue->weight > 0 ? cue->weight : 0;
    }
    for (uint32_t i = 0; i < c->rule->cues.n && most >= limit && !c->trace; i++) {
        const ImageCue *cue = IMAGE_AT(c->image, CUES, c->rule->cues.first + i);
        if (cue->weight > 0 && sml_scan_chance(c->scan, c->book, cue->want.group) == CHANCE_NONE)
            most -= cue->weight;
    }
    return most >= limit;
}

static void judge_score(Case *c)
{
    ImageRange cues = c->rule->cues;
    if (!may_reach(c))
        return;
    FoundCue *found = ARENA_ARRAY(c->scan->scratch, FoundCue, cues.n);
    uint32_t n = 0;
    int64_t sum = 0;
    Match first = {.start = UINT32_MAX};
    for (uint32_t i = 0; i < cues.n; i++) {
        const ImageCue *cue = IMAGE_AT(c->image, CUES, cues.first + i);
        const Matches *m = standing(c, cue->want.group);
        if (cue->weight < 0 && is_open(c, cue->want.group))
            return;
        if (m->n == 0 || m->n < cue->want.min)
            continue;
        sum += cue->weight;
        if (cue->weight <= 0)
            continue;
        found[n++] = (FoundCue){sml_image_str(c->image, cue->name), written(c, span_of(&m->v[0]))};
        add_part(c, &m->v[0]);
        if (m->v[0].start < first.start)
            first = m->v[0];
    }
    tally(c, sum, (int32_t)c->rule->limit);
    if (n == 0 || sum < (int64_t)(int32_t)c->rule->limit)
        return;
    qsort(found, n, sizeof *found, compare_cues);
    Finding *f = report(c, first, 1);
    if (!f)
        return;
    f->cues = found;
    f->n_cues = n;
}

/* ---- compose and compare ---- */

static void judge_compose(Case *c)
{
    const ImageRule *r = c->rule;
    Match first = {0};
    uint32_t count = 1;
    bool placed = false, any = r->n_any == 0;
    if (!all_may(c, r->n_all))
        return;
    for (uint32_t i = 0; i < r->wants.n; i++) {
        /* Guards and `none` are both about what is there: only the positive members are guarded. */
        bool none = i >= r->n_all + r->n_any;
        const Matches *m = none ? matches(c, want(c, i)->group) : standing(c, want(c, i)->group);
        bool met = m->n >= want(c, i)->min && (m->n || want(c, i)->min == 0);
        if (none ? met || is_open(c, want(c, i)->group) : i < r->n_all && !met)
            return;
        if (none || !met)
            continue;
        any |= i >= r->n_all;
        if (m->n)
            add_part(c, &m->v[0]);
        if (!placed && m->n)
            placed = true, first = m->v[0], count = m->n;
    }
    if (any)
        report(c, first, count);
}

/* "images[3].alt" → 3; false if `key` is no part of `each`. */
static bool item_index(Str key, Str each, uint64_t *index, Str *rest)
{
    if (!sml_str_starts(key, each) || key.len <= each.len || key.p[each.len] != '[')
        return false;
    size_t close = sml_str_find(key, STR("]"), each.len);
    if (close == SIZE_MAX || !sml_str_uint(index, sml_str_slice(key, each.len + 1, close), 9999))
        return false;
    *rest = sml_str_slice(key, close + 1, key.len);
    if (rest->len && rest->p[0] == '.')
        *rest = sml_str_slice(*rest, 1, rest->len);
    return true;
}

static Str item_value(const Case *c, uint64_t index)
{
    Str each = sml_image_str(c->image, c->rule->compare_each);
    Str key = sml_image_str(c->image, c->rule->compare_key), rest;
    uint64_t i;
    for (uint32_t n = 0; n < c->n_meta; n++)
        if (item_index(c->meta[n].key, each, &i, &rest) && i == index && sml_str_eq(rest, key))
            return sml_str_trim(c->meta[n].value);
    return (Str){NULL, 0};
}

static void judge_compare(Case *c)
{
    Str each = sml_image_str(c->image, c->rule->compare_each), rest;
    uint64_t i, next = 0;
    uint32_t count = 0;
    Limit longest;
    if (!find_limit(&longest, c, c->rule->distance, NETWORK_ALT))
        return;
    for (uint32_t n = 0; n < c->n_meta; n++) {
        if (!item_index(c->meta[n].key, each, &i, &rest) || i < next)
            continue;
        next = i + 1;
        Str value = item_value(c, i);
        size_t length = sml_utf8_count(value);
        count += length < c->rule->limit || length > longest.max;
    }
    if (count)
        report_limit(c, &longest, (Match){0}, count);
}

/* ---- one rule, all rules ---- */

static void judge_kind(Case *c)
{
    static void (*const judges[])(Case *) = {
        [RULE_MATCH] = judge_match,     [RULE_REQUIRE] = judge_require,
        [RULE_LIMIT] = judge_limit,     [RULE_NEAR] = judge_near,
        [RULE_SCORE] = judge_score,     [RULE_COMPARE] = judge_compare,
        [RULE_COMPOSE] = judge_compose,
    };
    judges[c->rule->kind](c);
}

/* Hands on each group whose matches are what the rule is about. */
static void each_positive(Case *c, void (*take)(Case *, uint32_t group))
{
    const ImageRule *r = c->rule;
    uint32_t shown = r->kind == RULE_COMPOSE   ? r->n_all + r->n_any
                     : r->kind == RULE_REQUIRE ? 1
                                               : r->wants.n;
    for (uint32_t i = 0; i < shown && i < r->wants.n; i++)
        take(c, want(c, i)->group);
    for (uint32_t i = 0; i < r->cues.n; i++) {
        const ImageCue *cue = IMAGE_AT(c->image, CUES, r->cues.first + i);
        if (cue->weight > 0)
            take(c, cue->want.group);
    }
}

static void mask_group(Case *c, uint32_t group)
{
    const Matches *m = group == IMAGE_NONE ? NULL : standing(c, group);
    for (uint32_t i = 0; m && i < m->n; i++)
        VEC_PUSH(&c->out->masks, c->scan->scratch) = written(c, span_of(&m->v[i]));
}

/* A rule that must not show what it found hides all of it, not only the place that it points at. */
static void mask_all(Case *c)
{
    each_positive(c, mask_group);
}

bool sml_judge_is_off(const Choice *choice, uint32_t book, uint32_t rule)
{
    if (choice->grade && choice->grade[book][rule] == CHOICE_OFF)
        return true;
    return choice->off && choice->off[book] && choice->off[book][rule];
}

bool sml_judge_runs(const Choice *choice, const Image *image, uint32_t book, uint32_t rule)
{
    uint32_t status = IMAGE_AT(image, RULES, rule)->status;
    return status != STATUS_RETIRED && (status != STATUS_TRIAL || choice->trial) &&
           !sml_judge_is_off(choice, book, rule);
}

/* The rule as if it had been written with the one grade that it was given. */
static void override_grade(Case *c, const Choice *choice)
{
    uint8_t grade = choice->grade ? choice->grade[c->book][c->id] : 0;
    if (grade == 0 || grade == CHOICE_OFF)
        return;
    ImageRule *rule = ARENA_NEW(c->scan->scratch, ImageRule);
    *rule = *c->rule;
    rule->grade = grade;
    rule->grades.n = 0;
    c->rule = rule;
}

static void judge_rule(Case *c, const Choice *choice)
{
    c->hidden = !sml_judge_runs(choice, c->image, c->book, c->id);
    override_grade(c, choice);
    if (!c->hidden)
        c->grade = sml_condition_grade(c->image, c->rule, c->facts, &c->full, &c->missing);
    c->hidden |= c->grade == SML_CLEAN;
    if (c->hidden && !(c->rule->flags & RULE_MASKED))
        return;
    if (c->rule->status == STATUS_TRIAL && c->grade > SML_NOTICE)
        c->grade = c->full = SML_NOTICE;
    judge_kind(c);
    if (c->fired && (c->rule->flags & RULE_MASKED))
        mask_all(c);
    if (c->undecided && !c->hidden)
        VEC_PUSH(&c->out->undecided, c->scan->scratch) = (Undecided){c->book, c->id};
}

/* The first thing found, whether or not a guard took it away. */
static void trace_cue(Case *c, uint32_t group)
{
    Span *cue = &c->trace->cue;
    const Matches *m = group == IMAGE_NONE ? NULL : matches(c, group);
    if (!m || m->n == 0 || m->v[0].end == m->v[0].start)
        return;
    Span found = written(c, span_of(&m->v[0]));
    if (cue->end == cue->start || found.start < cue->start)
        *cue = found;
}

/* Of a rule that is not switched off: whoever did that knows. */
static TraceEnd end_of(const Case *c, const Choice *choice)
{
    const Trace *t = c->trace;
    if (c->rule->status == STATUS_TRIAL && !choice->trial)
        return TRACE_TRIAL;
    if (c->grade == SML_CLEAN)
        return TRACE_CONDITION;
    if (c->fired)
        return TRACE_FINDING;
    if (c->undecided)
        return TRACE_UNDECIDED;
    if (t->guard != IMAGE_NONE && !t->stood)
        return TRACE_GUARD;
    return t->cue.end > t->cue.start ? TRACE_SHORT : TRACE_PARTS;
}

static void add_trace(Case *c, const Choice *choice)
{
    Trace *t = c->trace;
    each_positive(c, trace_cue);
    t->end = end_of(c, choice);
    t->missing = c->missing;
    if (t->missing & 1u << FACT_ACCOUNT)
        t->accounts = grave_accounts(c, SEVERAL);
    VEC_PUSH(&c->out->traces, c->scan->scratch) = *t;
}

/* Nothing is looked for, so the rule is a candidate on every post: mostly one that has not too much of anything, or whose
 * network nobody knows. */
static bool surely_silent(Scan *s, uint32_t book, const ImageRule *rule, const Facts *facts,
                          uint32_t n_meta)
{
    if (rule->kind == RULE_COMPARE)
        return n_meta == 0;
    if (rule->kind != RULE_LIMIT)
        return false;
    if (rule->limit == LIMIT_CHANNEL || rule->limit == LIMIT_TOOL)
        return facts->value[FACT_CHANNEL].len == 0;
    const Image *image = sml_scan_image(s, book);
    return sml_scan_most(s, book, IMAGE_AT(image, WANTS, rule->wants.first)->group) <= rule->limit;
}

static void judge_book(Judgement *out, Scan *s, uint32_t book, const Facts *facts,
                       const Choice *choice, const sml_pair *meta, uint32_t n_meta)
{
    Candidates rules;
    sml_scan_candidates(&rules, s, book);
    for (uint32_t i = 0; i < rules.n; i++) {
        const Image *image = sml_scan_image(s, book);
        const ImageRule *rule = IMAGE_AT(image, RULES, rules.v[i]);
        /* An image that was tampered with may have it looked at, without the patterns of its kind. */
        if (rule->status == STATUS_RETIRED ||
            (!choice->trace && surely_silent(s, book, rule, facts, n_meta)))
            continue;
        Case c = {.out = out,
                  .scan = s,
                  .image = image,
                  .facts = facts,
                  .book = book,
                  .id = rules.v[i],
                  .rule = rule,
                  .meta = meta,
                  .n_meta = n_meta,
                  .all = choice->all,
                  .each = choice->each};
        Trace trace = {.book = book, .rule = rules.v[i], .guard = IMAGE_NONE, .by = IMAGE_NONE};
        c.trace = choice->trace ? &trace : NULL;
        judge_rule(&c, choice);
        if (c.trace && !sml_judge_is_off(choice, c.book, c.id))
            add_trace(&c, choice);
    }
}

void sml_judge(Judgement *out, Scan *scan, const Facts *facts, const Choice *choice,
               const sml_pair *meta, uint32_t n_meta)
{
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < scan->n_books; i++)
        judge_book(out, scan, i, facts, choice, meta, n_meta);
    sml_settle(out, scan);
}
