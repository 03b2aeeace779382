/* SPDX-License-Identifier: MIT */
/*
 * A missing fact is neither yes nor no. Kleene's logic carries it upwards: it stays unknown only
 * where the facts at hand do not settle the matter without it.
 *
 *     when: {account: official, not: {date: {during: pre-election}}}
 *
 * On a personal account this is NO whatever the date. With no account it is NO inside the window,
 * UNKNOWN outside it, and then `account` is what was missed.
 *
 * Grades follow: YES and NO hold for every value that missing facts may take, so a row that is
 * UNKNOWN is one that some drafts reach and others pass. Its grade joins the candidates and the
 * search goes on, down to the first row that is YES or the rule's own grade. The lowest candidate
 * is what can be said for certain.
 */
#include "match/condition.h"
#include "text/network.h"

#include "base/fact.h"

/* ---- facts ----------------------------------------------------------------------------------- */

void sml_condition_facts(Facts *out, const sml_context *context, Str path)
{
    *out = (Facts){.value = {
                       [FACT_ACCOUNT] = context->account,
                       [FACT_HANDLE] = context->handle,
                       [FACT_CHANNEL] = context->channel,
                       [FACT_KIND] = context->kind,
                       [FACT_NATION] = context->nation,
                       [FACT_GROUP] = context->group.len ? context->group : STR("restricted"),
                       [FACT_LANGUAGE] = context->language,
                       [FACT_PATH] = path,
                       [FACT_DEPARTMENT] = context->department,
                       [FACT_EMPLOYER] = context->names_employer,
                       [FACT_DATE] = context->date,
                   }};
    /* `--account @name` names the account without saying whose it is. */
    if (sml_str_starts(context->account, STR("@"))) {
        if (context->handle.len == 0)
            out->value[FACT_HANDLE] = context->account;
        out->value[FACT_ACCOUNT] = (Str){0};
    }
    out->has_date = sml_date_parse(context->date, &out->from, &out->to);
    if (!out->has_date)
        out->from = out->to = 0;
}

static bool same_handle(Str want, Str fact)
{
    if (sml_str_starts(want, STR("@")))
        want = sml_str_slice(want, 1, want.len);
    if (sml_str_starts(fact, STR("@")))
        fact = sml_str_slice(fact, 1, fact.len);
    return sml_str_eq_nocase(want, fact);
}

Str sml_condition_channel(Str name)
{
    Str channel = sml_network_of(name);
    return channel.len ? channel : name;
}

/* A draft for several networks is for each of them. */
static bool same_channel(Str want, Str fact)
{
    Str rest = fact, one;
    while (sml_str_cut(&one, &rest, ','))
        if (sml_str_eq_nocase(sml_condition_channel(want),
                              sml_condition_channel(sml_str_trim(one))))
            return true;
    return false;
}

/* "en" is met by "en-GB" too, as language ranges are everywhere. */
static bool same_language(Str want, Str fact)
{
    if (fact.len > want.len && fact.p[want.len] == '-')
        fact = sml_str_slice(fact, 0, want.len);
    return sml_str_eq_nocase(want, fact);
}

typedef bool (*Same)(Str want, Str fact);

static const Same same_as[FACT_DATE] = {
    [FACT_ACCOUNT] = sml_str_eq_nocase,    [FACT_HANDLE] = same_handle,
    [FACT_CHANNEL] = same_channel,         [FACT_KIND] = sml_str_eq_nocase,
    [FACT_NATION] = sml_str_eq_nocase,     [FACT_GROUP] = sml_str_eq_nocase,
    [FACT_LANGUAGE] = same_language,       [FACT_PATH] = sml_str_glob,
    [FACT_DEPARTMENT] = sml_str_eq_nocase, [FACT_EMPLOYER] = sml_str_eq_nocase,
};

/* ---- conditions ------------------------------------------------------------------------------ */

static Truth max_truth(Truth a, Truth b)
{
    return a > b ? a : b;
}

static Truth unless_missing(bool known, bool yes, uint32_t fact, unsigned *missing)
{
    if (!known) {
        *missing |= 1u << fact;
        return UNKNOWN;
    }
    return yes ? YES : NO;
}

static Truth fact_is(const Image *image, const ImageCond *c, const Facts *facts, unsigned *missing)
{
    Truth truth = NO;
    /* What is missing is missing for every value; of accounts some are kinds, and some are handles. */
    bool mixed = c->fact == FACT_ACCOUNT;
    for (uint32_t i = 0; i < c->n && (truth == NO || (truth == UNKNOWN && mixed)); i++) {
        Str want = sml_image_str(image, *IMAGE_AT(image, VALUES, c->first + i));
        bool handle = c->fact == FACT_ACCOUNT && sml_str_starts(want, STR("@"));
        uint32_t fact = handle ? FACT_HANDLE : c->fact;
        Str have = facts->value[fact];
        bool yes = have.len && same_as[fact](want, have);
        truth = max_truth(truth, unless_missing(have.len > 0, yes, fact, missing));
    }
    return truth;
}

static bool touches(const Facts *facts, Minutes from, Minutes to)
{
    return facts->from < to && from < facts->to;
}

/* Where nobody said which nation a draft is about, a period of one nation may or may not be its own. */
static Truth is_open(const Period *p, const Facts *facts)
{
    Str nation = facts->value[FACT_NATION];
    if (!touches(facts, p->from, p->to) || !sml_fact_holds_in(p->nation, nation))
        return NO;
    return nation.len || sml_fact_is_everywhere(p->nation) ? YES : UNKNOWN;
}

static bool is_replaced(Str name, const Facts *facts)
{
    for (uint32_t i = 0; i < facts->n_periods; i++)
        if (sml_str_eq(facts->periods[i].name, name))
            return true;
    return false;
}

/* The i-th period of all, those of the facts first; false behind the last. One that is replaced comes out with a
 * name alone, and is never open. */
static bool next_period(Period *out, const Image *image, const Facts *facts, uint32_t i)
{
    if (i < facts->n_periods) {
        *out = facts->periods[i];
        return true;
    }
    i -= facts->n_periods;
    if (i >= IMAGE_N(image, WINDOWS))
        return false;
    const ImageWindow *w = IMAGE_AT(image, WINDOWS, i);
    *out = (Period){.name = sml_image_str(image, w->name)};
    if (!is_replaced(out->name, facts)) {
        out->kind = sml_image_str(image, w->kind);
        out->nation = sml_image_str(image, w->nation);
        out->from = w->from;
        out->to = w->to;
    }
    return true;
}

bool sml_condition_period(Period *out, const Image *image, const Facts *facts)
{
    Truth open = NO;
    Period p;
    for (uint32_t i = 0; facts->has_date && next_period(&p, image, facts, i) && open != YES; i++) {
        Truth truth = is_open(&p, facts);
        if (truth > open)
            *out = p;
        open = max_truth(open, truth);
    }
    return open != NO;
}

/* Does a condition ask for this period, by its name or by its kind? */
static bool asks_for(const Image *image, const ImageCond *c, const Period *p)
{
    for (uint32_t i = 0; i < c->n; i++) {
        Str value = sml_image_str(image, *IMAGE_AT(image, VALUES, c->first + i));
        if (sml_str_eq(value, p->name) || (p->kind.len && sml_str_eq(value, p->kind)))
            return true;
    }
    return false;
}

static Truth not_truth(Truth t)
{
    return (Truth)(YES - t);
}

static Truth in_windows(const Image *image, const ImageCond *c, const Facts *facts,
                        unsigned *missing)
{
    Period p;
    Truth truth = NO;
    for (uint32_t i = 0; truth != YES && next_period(&p, image, facts, i); i++)
        if (asks_for(image, c, &p))
            truth = max_truth(truth, is_open(&p, facts));
    if (truth == UNKNOWN)
        *missing |= 1u << FACT_NATION;
    return c->op == COND_DURING ? truth : not_truth(truth);
}

static Truth date_is(const Image *image, const ImageCond *c, const Facts *facts, unsigned *missing)
{
    if (facts->has_date && c->op != COND_RANGE)
        return in_windows(image, c, facts, missing);
    return unless_missing(facts->has_date, touches(facts, c->from, c->to), FACT_DATE, missing);
}

static Truth children_are(const Image *image, const ImageCond *c, const Facts *facts,
                          unsigned *missing)
{
    Truth settled = c->op == COND_AND ? NO : YES;
    Truth truth = not_truth(settled);
    for (uint32_t i = 0; i < c->n && truth != settled; i++) {
        Truth t = sml_condition_eval(image, c->first + i, facts, missing);
        if (t == settled || t == UNKNOWN)
            truth = t;
    }
    return c->op == COND_NOT ? not_truth(truth) : truth;
}

static Truth cond_is(const Image *image, const ImageCond *c, const Facts *facts, unsigned *missing)
{
    switch ((ImageCondOp)c->op) {
    case COND_AND:
    case COND_OR:
    case COND_NOT:
        return children_are(image, c, facts, missing);
    case COND_FACT:
        return fact_is(image, c, facts, missing);
    case COND_DURING:
    case COND_OUTSIDE:
    case COND_RANGE:
        return date_is(image, c, facts, missing);
    }
    return NO;
}

Truth sml_condition_eval(const Image *image, uint32_t cond, const Facts *facts, unsigned *missing)
{
    if (cond == IMAGE_NONE)
        return YES;
    unsigned lacking = 0;
    Truth truth = cond_is(image, IMAGE_AT(image, CONDS, cond), facts, &lacking);
    if (truth == UNKNOWN)
        *missing |= lacking;
    return truth;
}

/* ---- grades ---------------------------------------------------------------------------------- */

typedef struct Candidates {
    uint32_t lowest, highest;
    unsigned missing;
} Candidates;

static void add_candidate(Candidates *c, uint32_t grade)
{
    c->lowest = grade < c->lowest ? grade : c->lowest;
    c->highest = grade > c->highest ? grade : c->highest;
}

static Candidates possible_grades(const Image *image, const ImageRule *rule, const Facts *facts)
{
    Candidates c = {.lowest = SML_ERROR, .highest = SML_CLEAN};
    for (uint32_t i = 0; i < rule->grades.n; i++) {
        const ImageGrade *row = IMAGE_AT(image, GRADES, rule->grades.first + i);
        Truth truth = sml_condition_eval(image, row->cond, facts, &c.missing);
        if (truth != NO)
            add_candidate(&c, row->grade);
        if (truth == YES)
            return c;
    }
    add_candidate(&c, rule->grade);
    return c;
}

static sml_grade grade_here(const Image *image, const ImageRule *rule, const Facts *facts,
                            sml_grade *full, unsigned *missing)
{
    *full = SML_CLEAN;
    Truth applies = sml_condition_eval(image, rule->when, facts, missing);
    if (applies == NO)
        return SML_CLEAN;

    Candidates c = possible_grades(image, rule, facts);
    *full = (sml_grade)c.highest;
    if (c.lowest != c.highest)
        *missing |= c.missing;
    if (applies == YES)
        return (sml_grade)c.lowest;
    return rule->flags & RULE_UNKNOWN_SKIP ? SML_CLEAN : SML_NOTICE;
}

/* ---- networks -------------------------------------------------------------------------------- */

/*
 * A draft for several networks is posted to each of them, so it is judged as many drafts of one network would be and
 * the gravest judgement counts: `when: {not: {channel: x}}` is about a draft for X and LinkedIn too.
 */
static bool is_for_several(const Facts *facts)
{
    Str channels = facts->value[FACT_CHANNEL];
    return channels.len && sml_str_find(channels, STR(","), 0) != SIZE_MAX;
}

/* The facts on the next of the networks in `rest`. */
static bool next_network(Facts *one, Str *rest)
{
    Str name;
    if (!sml_str_cut(&name, rest, ','))
        return false;
    one->value[FACT_CHANNEL] = sml_str_trim(name);
    return true;
}

sml_grade sml_condition_grade(const Image *image, const ImageRule *rule, const Facts *facts,
                              sml_grade *full, unsigned *missing)
{
    if (!is_for_several(facts))
        return grade_here(image, rule, facts, full, missing);
    sml_grade gravest = SML_CLEAN, here;
    Facts one = *facts;
    Str rest = facts->value[FACT_CHANNEL];
    *full = SML_CLEAN;
    while (next_network(&one, &rest)) {
        sml_grade grade = grade_here(image, rule, &one, &here, missing);
        gravest = grade > gravest ? grade : gravest;
        *full = here > *full ? here : *full;
    }
    return gravest;
}

Truth sml_condition_excuses(const Image *image, const ImageRule *rule, uint32_t cond,
                            const Facts *facts, unsigned *missing)
{
    if (!is_for_several(facts))
        return sml_condition_eval(image, cond, facts, missing);
    Truth excused = YES;
    Facts one = *facts;
    Str rest = facts->value[FACT_CHANNEL];
    while (next_network(&one, &rest)) {
        Truth applies = sml_condition_eval(image, rule->when, &one, missing);
        Truth here = max_truth(not_truth(applies), sml_condition_eval(image, cond, &one, missing));
        excused = here < excused ? here : excused;
    }
    return excused;
}
