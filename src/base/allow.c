/* SPDX-License-Identifier: MIT */
#include "base/allow.h"

#include "base/fact.h"
#include "base/utf8.h"

#include <stddef.h>

#define PRINT_DIGITS 16

typedef struct Reading {
    Str path;
    Arena *arena;
    sml_error *err;
} Reading;

#define FAIL_AT(r, node, ...)                                                                      \
    sml_error_at((r)->err, (r)->path, (node)->line, (node)->col, __VA_ARGS__)

static bool read_text(Reading *r, Str key, const YamlNode *node, void *field)
{
    if (node->kind != YAML_SCALAR)
        return FAIL_AT(r, node, "\"%.*s\" of an approval is text", STR_ARG(key));
    *(Str *)field = sml_str_trim(node->text);
    return true;
}

static bool read_date(Reading *r, Str key, const YamlNode *node, void *field)
{
    sml_error why;
    if (!read_text(r, key, node, field))
        return false;
    return sml_fact_check(STR("date"), *(Str *)field, &why) ||
           FAIL_AT(r, node, "\"%.*s\": %s", STR_ARG(key), why.message);
}

typedef struct Words {
    const sml_str *v;
    uint32_t n;
} Words;

static bool read_words(Reading *r, Str key, const YamlNode *node, Words *out)
{
    const YamlNode *const *items = (const YamlNode *const *)node->items;
    uint32_t n = node->n;
    if (node->kind == YAML_SCALAR) {
        items = &node;
        n = node->text.len > 0;
    }
    if (node->kind == YAML_MAP)
        return FAIL_AT(r, node, "\"%.*s\" of an approval is text, or a list of texts",
                       STR_ARG(key));
    Str *words = ARENA_ARRAY(r->arena, Str, n);
    for (uint32_t i = 0; i < n; i++)
        if (!read_text(r, key, items[i], &words[i]))
            return false;
    *out = (Words){words, n};
    return true;
}

static bool is_print(Str s)
{
    size_t i = 0;
    while (i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
        i++;
    return i == s.len && s.len == PRINT_DIGITS;
}

static bool read_match(Reading *r, Str key, const YamlNode *node, void *field)
{
    Words words;
    if (!read_words(r, key, node, &words))
        return false;
    sml_allow *out = field;
    out->match = words.v;
    out->n_match = words.n;
    return true;
}

static bool read_prints(Reading *r, Str key, const YamlNode *node, void *field)
{
    Words words;
    if (!read_words(r, key, node, &words))
        return false;
    for (uint32_t i = 0; i < words.n; i++)
        if (!is_print(words.v[i]))
            return FAIL_AT(r, node->kind == YAML_LIST ? node->items[i] : node,
                           "a fingerprint is 16 digits of 0 to 9 and a to f, as `sm-lint allow` "
                           "writes it");
    sml_allow *out = field;
    out->prints = words.v;
    out->n_prints = words.n;
    return true;
}

static const struct Key {
    const char *name;
    bool (*read)(Reading *r, Str key, const YamlNode *node, void *field);
    size_t field; /* of sml_allow */
} keys[] = {
    {"rule", read_text, offsetof(sml_allow, rule)},
    {"match", read_match, 0},
    {"fingerprint", read_prints, 0},
    {"reason", read_text, offsetof(sml_allow, reason)},
    {"by", read_text, offsetof(sml_allow, by)},
    {"until", read_date, offsetof(sml_allow, until)},
};

#define N_KEYS (sizeof keys / sizeof keys[0])

static bool unknown_key(Reading *r, const YamlNode *key)
{
    Str names[N_KEYS];
    for (size_t i = 0; i < N_KEYS; i++)
        names[i] = sml_str_from(keys[i].name);
    Str shown = sml_str_slice(key->text, 0, sml_utf8_floor(key->text, 60));
    Str near = sml_str_nearest(key->text, names, N_KEYS);
    if (near.len)
        return FAIL_AT(r, key, "unknown key \"%.*s\" in an approval; did you mean \"%.*s\"?",
                       STR_ARG(shown), STR_ARG(near));
    return FAIL_AT(r, key,
                   "unknown key \"%.*s\" in an approval; it has rule, match, fingerprint, reason, "
                   "by and until",
                   STR_ARG(shown));
}

static bool read_item(Reading *r, sml_allow *out, const YamlNode *item)
{
    for (uint32_t i = 0; i < item->n; i++) {
        size_t k = 0;
        while (k < N_KEYS && !sml_str_eq(item->keys[i]->text, sml_str_from(keys[k].name)))
            k++;
        if (k == N_KEYS)
            return unknown_key(r, item->keys[i]);
        if (!keys[k].read(r, item->keys[i]->text, item->items[i], (char *)out + keys[k].field))
            return false;
    }
    return true;
}

/* A list that many drafts share has nobody else to tell. */
static bool check_whole(Reading *r, const sml_allow *allow, const YamlNode *item)
{
    if (allow->rule.len == 0)
        return FAIL_AT(r, item, "an approval names one rule: add \"rule: family/slug\"");
    if (allow->n_match == 0 && allow->n_prints == 0)
        return FAIL_AT(r, item,
                       "an approval is for certain words; add \"match:\" with the words it is for");
    if (allow->reason.len == 0)
        return FAIL_AT(r, item, "an approval says why; add \"reason:\"");
    return true;
}

bool sml_allow_read(Allows *out, const YamlNode *node, Str path, AllowHome home, Arena *a,
                    sml_error *err)
{
    Reading r = {path, a, err};
    if (node->kind == YAML_SCALAR && node->text.len == 0)
        return true;
    if (node->kind != YAML_LIST)
        return FAIL_AT(&r, node, "\"allow\" is a list of approvals; begin each with \"- rule:\"");
    if (node->n > ALLOW_MOST)
        return FAIL_AT(&r, node, "%u approvals in one list; at most %d are read", node->n,
                       ALLOW_MOST);
    for (uint32_t i = 0; i < node->n; i++) {
        const YamlNode *item = node->items[i];
        if (item->kind != YAML_MAP)
            return FAIL_AT(&r, item, "an approval is a map; begin it with \"- rule:\"");
        sml_allow *allow = &VEC_PUSH(out, a);
        allow->path = path;
        allow->at = item->at;
        allow->line = item->line;
        allow->col = item->col;
        allow->organisation = home == ALLOW_ORGANISATION;
        if (!read_item(&r, allow, item) || (home != ALLOW_DRAFT && !check_whole(&r, allow, item)))
            return false;
    }
    return true;
}
