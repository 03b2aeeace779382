/* SPDX-License-Identifier: MIT */
/*
 * What the data alone can judge, once all of it is there: names that clash or lead nowhere, circles, and what can
 * never happen.
 */
#include "base/map.h"
#include "base/utf8.h"
#include "rulebook/rarity.h"
#include "rulebook/reach.h"
#include "rulebook/read.h"

#include <string.h>

/* Of the groups that an image can have inside each other one is the rule's. */
#define LIST_DEPTH (IMAGE_GROUP_DEPTH - 1)
/* No message by hand comes near it; it keeps a hostile one from taking its time squared. */
#define PLACEHOLDERS_LOOKED 64
#define SENTENCE_CHARS      100

typedef struct Check {
    const Rules *rules;
    Diagnostics *d;
    Arena *a;
    Map ids;   /* rule ids and aliases → index */
    Map lists; /* name → index */
    uint8_t *
        /* by list: 0 not looked at, BUSY being looked at, else how deep its lists are nested */
        height;
} Check;

enum { BUSY = 255 };

/* ---- ids -------------------------------------------------------------------------------------------- */

static void check_id(Check *c, Str id, uint32_t rule)
{
    uint32_t first;
    if (sml_map_add(&c->ids, id, rule, c->a))
        return;
    sml_map_get(&c->ids, id, &first);
    const Rule *other = &c->rules->rules[first];
    sml_diag(c->d, c->rules->rules[rule].pos, DIAG_DUPLICATE_RULE, STR_ARG(id),
             STR_ARG(other->pos.path), other->pos.line);
}

static void check_ids(Check *c)
{
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        check_id(c, c->rules->rules[i].id, i);
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        for (uint32_t j = 0; j < c->rules->rules[i].n_aliases; j++)
            check_id(c, c->rules->rules[i].aliases[j], i);
}

static void check_successor(Check *c, const Rule *rule)
{
    if (rule->replaced_by.len == 0 || sml_map_get(&c->ids, rule->replaced_by, NULL))
        return;
    ArenaMark mark = sml_arena_mark(c->a);
    Str *names;
    READ_NAMES(c->a, c->rules->rules, c->rules->n_rules, .id, names);
    Str hint = sml_read_hint(c->d, c->a, rule->replaced_by, names, c->rules->n_rules);
    sml_diag(c->d, rule->pos, DIAG_UNKNOWN_RULE, STR_ARG(rule->replaced_by), STR_ARG(hint));
    sml_arena_rewind(c->a, mark);
}

/* ---- lists in phrases ----------------------------------------------------------------------------------- */

/* The next {@name} of a phrase from `*at` on. */
static bool next_list(Str text, size_t *at, Str *name)
{
    for (; *at < text.len; (*at)++) {
        if (text.p[*at] == '\\') {
            (*at)++;
            continue;
        }
        if (!sml_str_starts(sml_str_slice(text, *at, text.len), STR("{@")))
            continue;
        size_t end = sml_str_find(text, STR("}"), *at);
        if (end == SIZE_MAX)
            return false;
        *name = sml_str_trim(sml_str_slice(text, *at + 2, end));
        *at = end + 1;
        return true;
    }
    return false;
}

static bool find_list(Check *c, const Phrase *p, Str name, uint32_t *index)
{
    if (sml_map_get(&c->lists, name, index))
        return true;
    ArenaMark mark = sml_arena_mark(c->a);
    Str *names;
    READ_NAMES(c->a, c->rules->lists, c->rules->n_lists, .name, names);
    Str hint = sml_read_hint(c->d, c->a, name, names, c->rules->n_lists);
    sml_diag(c->d, p->pos, DIAG_UNKNOWN_LIST, STR_ARG(sml_read_short(name)), STR_ARG(hint));
    sml_arena_rewind(c->a, mark);
    return false;
}

static uint32_t list_height(Check *c, uint32_t index, uint32_t depth);

/* How deep the lists in a pattern are nested; what an item needs is like a list. `depth` is how deep we are ourselves. */
static uint32_t want_height(Check *c, const Want *want, uint32_t depth)
{
    uint32_t most = 0, index;
    for (uint32_t i = 0; want && i < want->n_phrases; i++) {
        const Phrase *p = &want->phrases[i];
        Str name;
        for (size_t at = 0; next_list(p->text, &at, &name);) {
            uint32_t h = find_list(c, p, name, &index) ? list_height(c, index, depth) : 0;
            most = h > most ? h : most;
        }
        uint32_t needs = p->needs ? want_height(c, p->needs, depth + 1) + 1 : 0;
        uint32_t not_ = p->not_ ? want_height(c, p->not_, depth + 1) + 1 : 0;
        most = needs > most ? needs : most;
        most = not_ > most ? not_ : most;
    }
    return most;
}

static uint32_t list_height(Check *c, uint32_t index, uint32_t depth)
{
    const List *list = &c->rules->lists[index];
    if (c->height[index] == BUSY)
        sml_diag(c->d, list->pos, DIAG_LIST_CIRCLE, list->name.p);
    if (c->height[index])
        return c->height[index] == BUSY ? 0 : c->height[index];
    if (depth >= LIST_DEPTH) {
        sml_diag(c->d, list->pos, DIAG_LIST_DEEP, LIST_DEPTH);
        return 0;
    }
    Want items = {.phrases = list->items, .n_phrases = list->n};
    c->height[index] = BUSY;
    uint32_t h = want_height(c, &items, depth + 1) + 1;
    if (h > LIST_DEPTH)
        sml_diag(c->d, list->pos, DIAG_LIST_DEEP, LIST_DEPTH);
    c->height[index] = (uint8_t)(h > LIST_DEPTH ? LIST_DEPTH : h);
    return h > LIST_DEPTH ? 0 : h;
}

static void check_lists(Check *c)
{
    for (uint32_t i = 0; i < c->rules->n_lists; i++)
        sml_map_add(&c->lists, c->rules->lists[i].name, i, c->a);
    for (uint32_t i = 0; i < c->rules->n_lists; i++)
        list_height(c, i, 0);
}

/* ---- items that are words of their own ------------------------------------------------------------------ */

/* Names of parties and people that are words of everyday English. */
static const char *const everyday[] = {
    "alliance",  "bell",        "bill",     "brown",    "change", "conservative", "court",
    "democrat",  "fox",         "grant",    "green",    "greens", "grey",         "hope",
    "hunt",      "independent", "labour",   "leader",   "leave",  "liberal",      "mark",
    "may",       "member",      "minister", "moderate", "party",  "patience",     "price",
    "reform",    "remain",      "renew",    "respect",  "rose",   "rush",         "sharp",
    "socialist", "speaker",     "stone",    "strong",   "union",  "unionist",     "unity",
    "vote",      "will",        "workers",  "young"};

/* Or one of the commonest of public posts. */
#define COMMON_BITS 5

static bool is_common(Str word, Arena *a)
{
    Str copy = sml_arena_copy(a, word);
    char *p = (char *)(uintptr_t)copy.p;
    for (size_t i = 0; i < copy.len; i++) {
        p[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 'a' - 'A') : p[i];
        if (p[i] < 'a' || p[i] > 'z')
            return false;
    }
    return copy.len > 0 && sml_rarity(copy, true) <= COMMON_BITS;
}

static bool is_everyday(Str word, Arena *a)
{
    for (size_t i = 0; i < sizeof everyday / sizeof *everyday; i++)
        if (sml_str_eq_nocase(word, sml_str_from(everyday[i])))
            return true;
    return is_common(word, a);
}

/* `~Green` has its own defence: it does not count where the capital says nothing. */
static void check_item(Check *c, const Phrase *p)
{
    Str word =
        p->text.len && p->text.p[0] == '=' ? sml_str_slice(p->text, 1, p->text.len) : p->text;
    if (!p->needs && !p->not_ && is_everyday(word, c->a))
        sml_diag(c->d, p->pos, DIAG_COMMON_WORD, STR_ARG(word));
}

/* Beside other words, or added up with other cues, an everyday word does no harm: a rule that is a list and nothing
 * else is what it makes cry wolf. */
static void check_everyday(Check *c, const Rule *rule)
{
    for (uint32_t i = 0; rule->kind == RULE_MATCH && i < rule->wants[0].n_phrases; i++) {
        Str text = sml_str_trim(rule->wants[0].phrases[i].text), name;
        size_t at = 0;
        uint32_t index;
        if (!sml_str_starts(text, STR("{@")) || !next_list(text, &at, &name) || at != text.len ||
            !sml_map_get(&c->lists, name, &index))
            continue;
        const List *list = &c->rules->lists[index];
        for (uint32_t j = 0; j < list->n; j++)
            check_item(c, &list->items[j]);
    }
}

/* ---- kinds ------------------------------------------------------------------------------------------------ */

static void check_score(Check *c, const Rule *rule)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < rule->n_cues; i++)
        sum += rule->cues[i].weight > 0 ? rule->cues[i].weight : 0;
    if (sum < rule->limit)
        sml_diag(c->d, rule->pos, DIAG_SCORE_UNREACHABLE, (int)sum, rule->limit);
}

static void check_compare(Check *c, const Rule *rule)
{
    if (rule->limit == 0 && rule->distance == UINT32_MAX)
        sml_diag(c->d, rule->pos, DIAG_COMPARE_NOTHING);
    if (rule->limit > rule->distance)
        sml_diag(c->d, rule->pos, DIAG_COMPARE_ORDER, rule->limit, rule->distance);
}

static void check_kind(Check *c, const Rule *rule)
{
    if (rule->kind == RULE_NEAR && rule->n_wants == 1)
        sml_diag(c->d, rule->wants[0].pos, DIAG_NEAR_ONE);
    if (rule->kind == RULE_COMPOSE && rule->n_all + rule->n_any == 0)
        sml_diag(c->d, rule->pos, DIAG_NONE_ALONE);
    if (rule->kind == RULE_SCORE)
        check_score(c, rule);
    if (rule->kind == RULE_COMPARE)
        check_compare(c, rule);
    for (uint32_t i = 0; i < rule->n_wants; i++)
        want_height(c, &rule->wants[i], 0);
    for (uint32_t i = 0; i < rule->n_cues; i++)
        want_height(c, &rule->cues[i].want, 0);
    for (uint32_t i = 0; i < rule->n_guards; i++)
        want_height(c, &rule->guards[i].want, 0);
}

/* ---- grades ------------------------------------------------------------------------------------------------- */

static void check_grades(Check *c, const Rule *rule)
{
    for (uint32_t i = 0; i < rule->n_grades; i++) {
        const char *why = sml_reach_dead(rule, i);
        if (why)
            sml_diag(c->d, rule->grades[i].when->pos, DIAG_GRADE_UNREACHABLE, why);
    }
}

/* ---- messages -------------------------------------------------------------------------------------------------- */

/* The number of groups in a regex, and whether one is called `name`. */
static uint32_t count_groups(Str regex, Str name, bool *named)
{
    uint32_t n = 0;
    bool in_class = false;
    for (size_t i = 0; i < regex.len; i++) {
        Str rest = sml_str_slice(regex, i, regex.len);
        if (rest.p[0] == '\\')
            i++;
        else if (rest.p[0] == '[' || rest.p[0] == ']')
            in_class = rest.p[0] == '[';
        if (rest.p[0] != '(' || in_class)
            continue;
        size_t from = sml_str_starts(rest, STR("(?P<"))                                      ? 4
                      : sml_str_starts(rest, STR("(?<")) || sml_str_starts(rest, STR("(?'")) ? 3
                                                                                             : 0;
        bool looks = from == 3 && rest.len > 3 && (rest.p[3] == '=' || rest.p[3] == '!');
        n += looks || (!from && sml_str_starts(rest, STR("(?"))) ? 0 : 1;
        Str behind = sml_str_slice(rest, from, rest.len);
        *named |= from && !looks && sml_str_starts(behind, name) && behind.len > name.len &&
                  (behind.p[name.len] == '>' || behind.p[name.len] == '\'');
    }
    return n;
}

static bool has_group(const Rule *rule, Str name)
{
    uint64_t number;
    bool is_number = sml_str_uint(&number, name, 9) && number > 0, named = false;
    uint32_t most = 0;
    for (uint32_t i = 0; i < rule->n_wants + rule->n_cues; i++) {
        const Want *w = i < rule->n_wants ? &rule->wants[i] : &rule->cues[i - rule->n_wants].want;
        uint32_t n = w->kind == WANT_REGEX ? count_groups(w->regex, name, &named) : 0;
        most = n > most ? n : most;
    }
    return is_number ? number <= most : named;
}

static void check_placeholder(Check *c, const Rule *rule, Str name)
{
    FieldChoice set = sml_read_words[WORDS_PLACEHOLDER];
    for (uint32_t i = 0; i < set.n; i++)
        if (sml_str_eq(sml_str_from(set.v[i]), name))
            return;
    if (has_group(rule, name))
        return;
    ArenaMark mark = sml_arena_mark(c->a);
    Str *names = ARENA_ARRAY(c->a, Str, set.n), hint;
    for (uint32_t i = 0; i < set.n; i++)
        names[i] = sml_str_from(set.v[i]);
    bool digit = name.len == 1 && name.p[0] >= '1' && name.p[0] <= '9';
    hint = digit ? STR("; the rule has no regex with so many groups")
                 : sml_read_hint(c->d, c->a, name, names, set.n);
    sml_diag(c->d, rule->message.pos, DIAG_PLACEHOLDER, STR_ARG(sml_read_short(name)),
             STR_ARG(hint));
    sml_arena_rewind(c->a, mark);
}

static void check_placeholders(Check *c, const Rule *rule, Str message)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < message.len && seen < PLACEHOLDERS_LOOKED; i++) {
        char brace = message.p[i];
        if (brace != '{' && brace != '}')
            continue;
        if (i + 1 < message.len && message.p[i + 1] == brace) {
            i++;
            continue;
        }
        size_t end = brace == '{' ? sml_str_find(message, STR("}"), i) : SIZE_MAX;
        if (end == SIZE_MAX) {
            sml_diag(c->d, rule->message.pos, DIAG_BRACE, brace);
            return;
        }
        check_placeholder(c, rule, sml_str_slice(message, i + 1, end));
        seen++;
        i = end;
    }
}

static Str first_sentence(Str s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if (strchr(".?!", s.p[i]) && (s.p[i + 1] == ' ' || s.p[i + 1] == '\n'))
            return sml_str_slice(s, 0, i + 1);
    return sml_str_trim(s);
}

static void check_message(Check *c, const Rule *rule)
{
    size_t chars = sml_utf8_count(first_sentence(rule->message.en));
    check_placeholders(c, rule, rule->message.en);
    check_placeholders(c, rule, rule->message.cy);
    if (chars > SENTENCE_CHARS)
        sml_diag(c->d, rule->message.pos, DIAG_LONG_SENTENCE, (unsigned)chars);
}

/* ---- examples ---------------------------------------------------------------------------------------------------- */

/* Findings that point at words have a span to assert; those about the post as a whole have none. */
static bool points_at_words(const Rule *rule)
{
    if ((rule->flags & RULE_WHOLE) || rule->kind == RULE_COMPARE)
        return false;
    if (rule->kind == RULE_REQUIRE)
        return rule->wants[0].kind != WANT_PHRASES || rule->wants[0].n_phrases > 0;
    return rule->kind != RULE_LIMIT || rule->wants[0].kind != WANT_TOKEN ||
           rule->wants[0].token != COUNT_IMAGE;
}

static void check_fix(Check *c, const Rule *rule, const Example *e)
{
    if (e->fix.len == 0)
        return;
    if (rule->suggest.len == 0) {
        sml_diag(c->d, e->pos, DIAG_FIX_ALONE);
        return;
    }
    Buf fixed = {0};
    size_t at = 0;
    for (uint32_t i = 0; i < e->n_spans && fixed.len <= e->fix.len; i++) {
        sml_buf_add(&fixed, sml_str_slice(e->text, at, e->spans[i].start));
        sml_buf_add(&fixed, rule->suggest);
        at = e->spans[i].end;
    }
    sml_buf_add(&fixed, sml_str_slice(e->text, at, e->text.len));
    if (!sml_str_eq(sml_buf_str(&fixed), e->fix))
        sml_diag(c->d, e->pos, DIAG_FIX, STR_ARG(sml_read_short(sml_buf_str(&fixed))));
    sml_buf_free(&fixed);
}

static void check_mend(Check *c, const Rule *rule)
{
    if ((rule->flags & RULE_SAFE) && !rule->mend && rule->suggest.len == 0)
        sml_diag(c->d, rule->pos, DIAG_SAFE_ALONE);
    if (rule->mend && rule->suggest.len)
        sml_diag(c->d, rule->pos, DIAG_MEND_TWICE);
}

static void check_examples(Check *c, const Rule *rule)
{
    for (uint32_t i = 0; i < rule->n_examples; i++) {
        const Example *e = &rule->examples[i];
        if (e->hit && e->n_spans == 0 && e->text.len && points_at_words(rule))
            sml_diag(c->d, e->pos, DIAG_MARK_MISSING);
        if (e->hit)
            check_fix(c, rule, e);
    }
}

void sml_validate(const Rules *rules, Diagnostics *diagnostics, Arena *a)
{
    Check c = {.rules = rules, .d = diagnostics, .a = a};
    c.height = ARENA_ARRAY(a, uint8_t, rules->n_lists + 1);
    check_ids(&c);
    check_lists(&c);
    for (uint32_t i = 0; i < rules->n_rules; i++) {
        const Rule *rule = &rules->rules[i];
        diagnostics->rule = rule->id;
        check_successor(&c, rule);
        check_kind(&c, rule);
        check_everyday(&c, rule);
        check_grades(&c, rule);
        check_message(&c, rule);
        check_mend(&c, rule);
        check_examples(&c, rule);
    }
    diagnostics->rule = (Str){0};
}
