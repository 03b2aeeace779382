/* SPDX-License-Identifier: MIT */
/*
 * Rules tested by their own examples. A hit must be found with exactly the spans and grade that it asserts, a clean
 * example must leave its rule silent; each is tried again in the disguises that the rule's folds promise to see
 * through, where the same number of findings must come.
 */
#include "base/error.h"
#include "base/utf8.h"
#include "match/judge.h"
#include "smlint_internal.h"
#include "text/norm.h"

#include <string.h>

typedef struct Run {
    const Image *image;
    sml_linter *linter; /* of the rule alone */
    sml_linter *all;    /* of the whole rulebook */
    const ImageRule *rule;
    const ImageExample *example;
    sml_test_counts *counts;
    sml_diagnostic_fn diagnose;
    void *user;
    Arena *a;
    Str id;
} Run;

static void say(const Run *r, bool is_error, const char *format, va_list args)
{
    Buf text = {0};
    sml_buf_vaddf(&text, format, args);
    sml_error e;
    sml_error_at(&e, sml_image_str(r->image, r->example->path), r->example->line, r->example->col,
                 "%.*s: %.*s", STR_ARG(r->id), STR_ARG(sml_buf_str(&text)));
    if (r->diagnose)
        r->diagnose(r->user, &e, is_error);
    sml_buf_free(&text);
}

static void complain(const Run *r, const char *format, ...) SML_PRINTF(2, 3);

static void complain(const Run *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(r, true, format, args);
    va_end(args);
}

static void warn(const Run *r, const char *format, ...) SML_PRINTF(2, 3);

static void warn(const Run *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(r, false, format, args);
    va_end(args);
}

static Str meta(const Run *r, const char *key)
{
    for (uint32_t i = 0; i < r->example->meta.n; i++) {
        const ImagePair *p = IMAGE_AT(r->image, PAIRS, r->example->meta.first + i);
        if (sml_str_eq(sml_image_str(r->image, p->key), sml_str_from(key)))
            return sml_image_str(r->image, p->value);
    }
    return (Str){NULL, 0};
}

/* An example says all that it depends on; there is no clock. */
static sml_context context_of(const Run *r)
{
    sml_context c = {.account = meta(r, "account"),
                     .handle = meta(r, "handle"),
                     .channel = meta(r, "channel"),
                     .kind = meta(r, "kind"),
                     .nation = meta(r, "nation"),
                     .group = meta(r, "group"),
                     .language = meta(r, "language"),
                     .bio = meta(r, "bio"),
                     .department = meta(r, "department"),
                     .names_employer = meta(r, "names-employer"),
                     .date = sml_image_str(r->image, r->example->at)};
    if (c.date.len == 0)
        c.date = meta(r, "date");
    if (sml_str_starts(c.account, STR("@"))) {
        c.handle = c.account;
        c.account = (Str){NULL, 0};
    }
    sml_pair *all = ARENA_ARRAY(r->a, sml_pair, r->example->meta.n);
    for (uint32_t i = 0; i < r->example->meta.n; i++) {
        const ImagePair *p = IMAGE_AT(r->image, PAIRS, r->example->meta.first + i);
        all[i] = (sml_pair){sml_image_str(r->image, p->key), sml_image_str(r->image, p->value)};
    }
    c.meta = all;
    c.n_meta = r->example->meta.n;
    return c;
}

static bool check(Run *r, Str text, sml_result *out)
{
    sml_error err;
    sml_input in = {.path = meta(r, "path"), .text = text, .context = context_of(r)};
    if (sml_linter_check(out, r->linter, &in, &err))
        return true;
    complain(r, "the example cannot be read: %s", err.message);
    return false;
}

static uint32_t count_of(const Run *r, const sml_result *result)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < result->n_findings; i++)
        n += sml_str_eq(result->findings[i].rule, r->id);
    return n;
}

/* ---- as written ---- */

static bool span_is_wanted(const Run *r, const sml_finding *f)
{
    for (uint32_t i = 0; i < r->example->spans.n; i++) {
        const Span *s = IMAGE_AT(r->image, SPANS, r->example->spans.first + i);
        if (s->start == f->post.start && s->end == f->post.end)
            return true;
    }
    return false;
}

static bool has_cue_span(const sml_finding *f, Span s)
{
    for (uint32_t i = 0; i < f->n_cues; i++)
        if (f->cues[i].span.start == s.start && f->cues[i].span.end == s.end)
            return true;
    return false;
}

static const sml_finding *finding_of(const Run *r, const sml_result *result)
{
    for (uint32_t i = 0; i < result->n_findings; i++)
        if (sml_str_eq(result->findings[i].rule, r->id))
            return &result->findings[i];
    return NULL;
}

static bool marks_are_cues(const Run *r, const sml_finding *f)
{
    for (uint32_t i = 0; i < r->example->spans.n; i++)
        if (!has_cue_span(f, *IMAGE_AT(r->image, SPANS, r->example->spans.first + i)))
            return false;
    return true;
}

static bool spans_hold(const Run *r, const sml_result *result)
{
    Str text = sml_image_str(r->image, r->example->text);
    for (uint32_t i = 0; i < result->n_findings; i++) {
        const sml_finding *f = &result->findings[i];
        if (!sml_str_eq(f->rule, r->id) || f->whole || f->n_cues || span_is_wanted(r, f))
            continue;
        complain(r, "it marks \"%.*s\", which is not what [[ ]] marks",
                 STR_ARG(sml_str_slice(text, f->post.start, f->post.end)));
        return false;
    }
    const sml_finding *f = finding_of(r, result);
    if (f->n_cues && !marks_are_cues(r, f)) {
        Buf cues = {0};
        for (uint32_t i = 0; i < f->n_cues; i++)
            sml_buf_addf(&cues, "%s\"%.*s\"", i ? ", " : "",
                         STR_ARG(sml_str_slice(text, f->cues[i].span.start, f->cues[i].span.end)));
        complain(r, "its cues are %.*s, which is not what [[ ]] marks",
                 STR_ARG(sml_buf_str(&cues)));
        sml_buf_free(&cues);
        return false;
    }
    return true;
}

static bool hit_holds(const Run *r, const sml_result *result)
{
    const sml_finding *f = finding_of(r, result);
    const ImageExample *x = r->example;
    if (!f) {
        complain(r, "nothing is found in this hit: \"%.*s\"",
                 STR_ARG(sml_image_str(r->image, x->text)));
        return false;
    }
    if (x->grade && f->grade != (sml_grade)x->grade) {
        complain(r, "its grade is %s, not %s", sml_grade_name(f->grade),
                 sml_grade_name((sml_grade)x->grade));
        return false;
    }
    uint32_t n = count_of(r, result);
    bool whole = f->whole || f->n_cues;
    if (!whole && (r->rule->flags & (RULE_EACH | RULE_MASKED)) && n != x->spans.n) {
        complain(r, "%u places are found, and [[ ]] marks %u", n, x->spans.n);
        return false;
    }
    return spans_hold(r, result);
}

static bool clean_holds(const Run *r, const sml_result *result)
{
    const sml_finding *f = finding_of(r, result);
    if (!f)
        return true;
    Str text = sml_image_str(r->image, r->example->text);
    complain(r, "found \"%.*s\" in this clean example",
             STR_ARG(sml_str_slice(text, f->post.start, f->post.end)));
    return false;
}

/* ---- in disguise ---- */

static void each_line_break(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
            sml_buf_addc(out, '\r');
        sml_buf_addc(out, text.p[i]);
    }
}

static void curly_quotes(Buf *out, Str text)
{
    bool open = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '\'')
            sml_buf_add(out, STR("\u2019"));
        else if (text.p[i] == '"')
            sml_buf_add(out, (open = !open) ? STR("\u201C") : STR("\u201D"));
        else
            sml_buf_addc(out, text.p[i]);
    }
}

static void no_break_spaces(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        /* A space at an edge or beside another is layout, not a word gap. */
        bool between =
            i && i + 1 < text.len && text.p[i] == ' ' && text.p[i - 1] > ' ' && text.p[i + 1] > ' ';
        if (between)
            sml_buf_add(out, STR("\u00A0"));
        else
            sml_buf_addc(out, text.p[i]);
    }
}

static void emoji_in_front(Buf *out, Str text)
{
    sml_buf_add(out, STR("\U0001F4CC "));
    sml_buf_add(out, text);
}

static void upper_case(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        sml_buf_addc(out, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

static const struct Disguise {
    const char *name;
    unsigned folds; /* that the rule must have for the promise to hold */
    void (*make)(Buf *out, Str text);
} disguises[] = {
    {"with CRLF", 0, each_line_break},
    {"with curly quotes", FOLD_QUOTES, curly_quotes},
    {"with no-break spaces", FOLD_SPACES, no_break_spaces},
    {"behind an emoji", 0, emoji_in_front},
    {"in upper case", FOLD_CASE, upper_case},
};

static uint32_t rule_folds(const Run *r)
{
    uint32_t folds = FOLD_ALL;
    for (uint32_t i = 0; i < r->rule->wants.n; i++) {
        uint32_t g = IMAGE_AT(r->image, WANTS, r->rule->wants.first + i)->group;
        if (g != IMAGE_NONE)
            folds &= IMAGE_AT(r->image, GROUPS, g)->folds;
    }
    return folds;
}

static bool group_says(const Run *r, uint32_t group, const char *const *needles)
{
    if (group == IMAGE_NONE)
        return false;
    ImageRange patterns = IMAGE_AT(r->image, GROUPS, group)->patterns;
    for (uint32_t k = 0; k < patterns.n; k++) {
        Str source = sml_image_str(r->image, *IMAGE_AT(r->image, SOURCES, patterns.first + k));
        for (const char *const *n = needles; *n; n++)
            if (sml_str_find(source, sml_str_from(*n), 0) != SIZE_MAX)
                return true;
    }
    return false;
}

/* Does any pattern of the rule, of its guards or cues, hold one of these texts? */
static bool rule_says(const Run *r, const char *const *needles)
{
    for (uint32_t i = 0; i < r->rule->wants.n; i++)
        if (group_says(r, IMAGE_AT(r->image, WANTS, r->rule->wants.first + i)->group, needles))
            return true;
    for (uint32_t i = 0; i < r->rule->guards.n; i++)
        if (group_says(r, IMAGE_AT(r->image, GUARDS, r->rule->guards.first + i)->want.group,
                       needles))
            return true;
    for (uint32_t i = 0; i < r->rule->cues.n; i++)
        if (group_says(r, IMAGE_AT(r->image, CUES, r->rule->cues.first + i)->want.group, needles))
            return true;
    return false;
}

static bool has_detector(const Run *r)
{
    for (uint32_t i = 0; i < r->rule->wants.n; i++) {
        uint32_t g = IMAGE_AT(r->image, WANTS, r->rule->wants.first + i)->group;
        if (g != IMAGE_NONE && IMAGE_AT(r->image, GROUPS, g)->kind == GROUP_DETECT)
            return true;
    }
    return false;
}

/* Upper case may rightly change the answer where capitals are looked at: ~Word is silent in shouting, detectors know
 * them, hashtags lose their words, links their paths, and lists hold any of this. */
static bool sees_capitals(const Run *r, Str text)
{
    static const char *const marks[] = {"=", "~", "{@", NULL};
    return has_detector(r) || r->rule->lists.n || rule_says(r, marks) ||
           sml_str_find(text, STR("#"), 0) != SIZE_MAX ||
           sml_str_find(text, STR("/"), 0) != SIZE_MAX;
}

/* And what is put in front matters to a regex that asks for the start. */
static bool sees_the_start(const Run *r)
{
    static const char *const anchors[] = {"\\A", "^", NULL};
    return rule_says(r, anchors);
}

/* Is this disguise one that the rule promises to see through? */
static bool promised(const Run *r, const struct Disguise *d, Str text)
{
    if ((rule_folds(r) & d->folds) != d->folds)
        return false;
    if (d->make == upper_case)
        return !sees_capitals(r, text);
    return d->make != emoji_in_front || !sees_the_start(r);
}

static bool disguise_holds(Run *r, const struct Disguise *d, uint32_t wanted)
{
    Str text = sml_image_str(r->image, r->example->text);
    if (!promised(r, d, text))
        return true;
    Buf disguised = {0};
    d->make(&disguised, text);
    sml_result result;
    bool ok = check(r, sml_buf_str(&disguised), &result);
    uint32_t n = ok ? count_of(r, &result) : 0;
    if (ok && (n > 0) != (wanted > 0)) {
        complain(r, "%s, this example gives %u finding%s instead of %u", d->name, n,
                 n == 1 ? "" : "s", wanted);
        ok = false;
    }
    sml_buf_free(&disguised);
    return ok;
}

/* ---- all examples ---- */

static bool example_holds(Run *r)
{
    sml_result result;
    bool hit = (r->example->flags & EXAMPLE_HIT) != 0;
    if (!check(r, sml_image_str(r->image, r->example->text), &result))
        return false;
    if (hit ? !hit_holds(r, &result) : !clean_holds(r, &result))
        return false;
    uint32_t wanted = count_of(r, &result);
    for (size_t i = 0; i < sizeof disguises / sizeof *disguises; i++)
        if (!disguise_holds(r, &disguises[i], wanted))
            return false;
    return true;
}

/* A known miss that is found after all is news, and must lose its mark. */
static bool todo_still_stands(Run *r)
{
    sml_diagnostic_fn diagnose = r->diagnose;
    r->diagnose = NULL;
    bool holds = example_holds(r);
    r->diagnose = diagnose;
    if (holds)
        complain(r, "this example is marked todo and holds now; take the mark away");
    return !holds;
}

/* What its family says of the words that the example marks. */
static Str said_instead(const Run *r, const sml_result *result)
{
    Str family = sml_judge_family(r->id);
    for (uint32_t i = 0; i < result->n_findings; i++) {
        const sml_finding *f = &result->findings[i];
        for (uint32_t k = 0; k < r->example->spans.n; k++) {
            const Span *s = IMAGE_AT(r->image, SPANS, r->example->spans.first + k);
            if (sml_str_eq(f->family, family) && f->post.start < s->end && s->start < f->post.end)
                return f->rule;
        }
    }
    return STR("another rule of its family");
}

/* A hit that stands alone, and is never seen where all rules run, proves nothing to a user. */
static void warn_if_silenced(Run *r)
{
    sml_linter *alone = r->linter;
    sml_result result;
    r->linter = r->all;
    if (check(r, sml_image_str(r->image, r->example->text), &result) && !finding_of(r, &result)) {
        Str other = said_instead(r, &result);
        warn(r,
             "where all rules run, %.*s is reported in place of this hit; choose words that only "
             "this rule finds",
             STR_ARG(other));
    }
    r->linter = alone;
}

static void run_example(Run *r)
{
    bool todo = r->example->flags & EXAMPLE_TODO;
    bool ok = todo ? todo_still_stands(r) : example_holds(r);
    if (ok && !todo && (r->example->flags & EXAMPLE_HIT))
        warn_if_silenced(r);
    if (ok)
        r->counts->passed++;
    else
        r->counts->failed++;
}

/* ---- phrases that begin with a link ---- */

#define DEPTH_MAX 8 /* of braces, in a phrase that was read */

/* May a match begin at byte `at` of a phrase? Not where words stand before it in its branch. */
static bool may_begin_at(Str phrase, size_t at)
{
    bool begun[DEPTH_MAX + 2] = {false};
    uint32_t depth = 0;
    for (size_t i = 0; i < at; i++) {
        char ch = phrase.p[i];
        if (ch == '{' && depth <= DEPTH_MAX) {
            begun[depth + 1] = begun[depth];
            depth++;
        } else if (ch == '|' && depth) {
            begun[depth] = begun[depth - 1];
        } else if (ch == '}' && depth) {
            depth--;
        } else {
            begun[depth] |= ch == ' ';
        }
    }
    return !begun[depth];
}

/* With a star it may be more than a link: "asp.net*" is met in "asp.netting". */
static const Token *leading_link(const Tokens *t, Str phrase)
{
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t end = sml_token_end(&t->v[i]);
        bool star = end < phrase.len && phrase.p[end] == '*';
        if ((t->v[i].kind == TOKEN_URL || t->v[i].kind == TOKEN_EMAIL) && !star &&
            may_begin_at(phrase, t->v[i].start))
            return &t->v[i];
    }
    return NULL;
}

/* "example.com" is no word but a link wherever it stands, and what begins with one is of the text only for a rule that
 * looks in links. */
static void warn_of_link(Run *r, const ImageGroup *g, uint32_t pattern)
{
    View v;
    Str source = sml_image_str(r->image, *IMAGE_AT(r->image, SOURCES, pattern));
    if (IMAGE_AT(r->image, PATTERNS, pattern)->kind != PATTERN_PHRASE)
        return;
    sml_view_make(&v, source, g->folds, r->a);
    const Token *t = leading_link(sml_view_tokens(&v), v.norm.text);
    if (!t)
        return;
    /* "{see |}example.com" is met where "see" stands before it. */
    bool branch = sml_str_find(sml_str_slice(v.norm.text, 0, t->start), STR("{"), 0) != SIZE_MAX;
    warn(r,
         "\"%.*s\" begins %s and is read as a link, where this rule does not look, so %s is never "
         "met; say \"in: url\"",
         STR_ARG(sml_str_slice(v.norm.text, t->start, sml_token_end(t))),
         branch ? "an alternative" : "a phrase", branch ? "this alternative" : "it");
}

static void warn_of_links(Run *r)
{
    for (uint32_t i = 0; i < r->rule->wants.n; i++) {
        uint32_t id = IMAGE_AT(r->image, WANTS, r->rule->wants.first + i)->group;
        const ImageGroup *g = id == IMAGE_NONE ? NULL : IMAGE_AT(r->image, GROUPS, id);
        if (!g || g->in & IN_URL)
            continue;
        for (uint32_t k = 0; k < g->patterns.n; k++)
            warn_of_link(r, g, g->patterns.first + k);
    }
}

/* Each rule runs alone: what others of its family say of the same words is not its examples' business. */
static bool run_rule(Run *r, sml_rulebook *rulebook, sml_error *err)
{
    sml_options o = SML_OPTIONS_INIT;
    o.trial = true;
    o.only = &r->id;
    o.n_only = 1;
    r->linter = sml_linter_new(&rulebook, 1, &o, err);
    if (!r->linter)
        return false;
    if (r->rule->examples.n) {
        r->example = IMAGE_AT(r->image, EXAMPLES, r->rule->examples.first);
        warn_of_links(r);
    }
    for (uint32_t k = 0; k < r->rule->examples.n; k++) {
        sml_arena_reset(r->a);
        r->example = IMAGE_AT(r->image, EXAMPLES, r->rule->examples.first + k);
        run_example(r);
    }
    sml_linter_free(r->linter);
    return true;
}

bool sml_rulebook_test(sml_test_counts *out, sml_rulebook *rulebook, sml_diagnostic_fn diagnose,
                       void *user, sml_error *err)
{
    *out = (sml_test_counts){0, 0};
    Run r = {
        .image = sml_internal_image(rulebook), .counts = out, .diagnose = diagnose, .user = user};
    sml_options all = SML_OPTIONS_INIT;
    all.trial = true;
    r.all = sml_linter_new(&rulebook, 1, &all, err);
    bool ok = r.all != NULL;
    r.a = sml_arena_new();
    for (uint32_t i = 0; ok && i < IMAGE_N(r.image, RULES); i++) {
        r.rule = IMAGE_AT(r.image, RULES, i);
        r.id = sml_image_str(r.image, r.rule->id);
        if (r.rule->status != STATUS_RETIRED)
            ok = run_rule(&r, rulebook, err);
    }
    sml_arena_free(r.a);
    sml_linter_free(r.all);
    return ok;
}
