/* SPDX-License-Identifier: MIT */
/* Readers of the kinds of rules: each fills the members of Rule that image.h's ImageRuleKind says. */
#include "rulebook/read.h"

#include <string.h>

static void set_kind(Rule *rule, const Field *f, ImageRuleKind kind)
{
    rule->kind = kind;
    rule->kind_word = sml_str_from(f->key);
}

static void add_wants(Loader *l, Rule *rule, WantList more)
{
    Want *all = ARENA_ARRAY(l->arena, Want, rule->n_wants + more.n);
    for (uint32_t i = 0; i < rule->n_wants; i++)
        all[i] = rule->wants[i];
    for (uint32_t i = 0; i < more.n; i++)
        all[rule->n_wants + i] = more.v[i];
    rule->wants = all;
    rule->n_wants += more.n;
}

/* phrases, regex, detect */
void sml_kind_match(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Want want = {.min = 1};
    sml_want_part(l, f, n, &want);
    set_kind(target, f, RULE_MATCH);
    add_wants(l, target, (WantList){&want, 1});
}

void sml_kind_require(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    RequireParts parts = {.over = OVER_POST};
    sml_read_map(l, MAP_REQUIRE, f, n, &parts);
    set_kind(rule, f, RULE_REQUIRE);
    rule->over = (ImageOver)parts.over;
    Want both[] = {parts.cause, parts.need};
    add_wants(l, rule, (WantList){both, 2});
}

/* A number, or a word that stands for the network's. */
void sml_kind_max(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    if (sml_str_eq(n->text, STR("channel")))
        *(uint32_t *)target = LIMIT_CHANNEL;
    else if (sml_str_eq(n->text, STR("tool")))
        *(uint32_t *)target = LIMIT_TOOL;
    else
        sml_value_number(l, f, n, target);
}

/* Of what networks limit, we know some. */
static void check_limit_word(Loader *l, const YamlNode *n, const LimitParts *parts)
{
    const Want *w = &parts->count;
    bool length = w->kind == WANT_TOKEN && w->token == COUNT_LENGTH;
    bool known =
        length || (w->kind == WANT_TOKEN && (w->token == COUNT_URL || w->token == COUNT_HASHTAG));
    if (parts->max == LIMIT_TOOL && !length)
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_LIMIT_WORD, "tool", "length");
    if (parts->max == LIMIT_CHANNEL && !known)
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_LIMIT_WORD, "channel",
                 "length, url and hashtag");
}

void sml_kind_limit(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    LimitParts parts = {.per = OVER_POST};
    sml_read_map(l, MAP_LIMIT, f, n, &parts);
    set_kind(rule, f, RULE_LIMIT);
    rule->over = (ImageOver)parts.per;
    rule->limit = parts.max;
    check_limit_word(l, n, &parts);
    add_wants(l, rule, (WantList){&parts.count, 1});
}

void sml_kind_near(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    NearParts parts = {.sentences = UINT32_MAX};
    sml_read_map(l, MAP_NEAR, f, n, &parts);
    set_kind(rule, f, RULE_NEAR);
    bool by_words = parts.sentences == UINT32_MAX;
    rule->distance = by_words ? parts.words : NEAR_SENTENCES | (parts.sentences + 1);
    add_wants(l, rule, parts.all);
}

void sml_kind_cues(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    ScoreParts *parts = target;
    parts->cues = ARENA_ARRAY(l->arena, Cue, n->n);
    parts->n = n->n;
    for (uint32_t i = 0; i < n->n; i++) {
        parts->cues[i].want.min = 1;
        sml_read_map(l, MAP_CUE, f, n->items[i], &parts->cues[i]);
    }
}

void sml_kind_score(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    ScoreParts parts = {0};
    sml_read_map(l, MAP_SCORE, f, n, &parts);
    set_kind(rule, f, RULE_SCORE);
    rule->limit = parts.at;
    rule->cues = parts.cues;
    rule->n_cues = parts.n;
}

void sml_kind_compare(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    rule->limit = 0;
    rule->distance = UINT32_MAX;
    sml_read_map(l, MAP_COMPARE, f, n, rule);
    set_kind(rule, f, RULE_COMPARE);
}

/* ---- all, any, none: read in this order, which is that of Rule.wants ------------------------------- */

static uint32_t add_members(Loader *l, const Field *f, const YamlNode *n, Rule *rule)
{
    if (rule->kind_word.len == 0)
        set_kind(rule, f, RULE_COMPOSE);
    WantList list = sml_want_list(l, f, n);
    add_wants(l, rule, list);
    return list.n;
}

void sml_kind_all(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    ((Rule *)target)->n_all = add_members(l, f, n, target);
}

void sml_kind_any(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    ((Rule *)target)->n_any = add_members(l, f, n, target);
}

void sml_kind_none(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    add_members(l, f, n, target);
}
