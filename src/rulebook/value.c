/* SPDX-License-Identifier: MIT */
/* Readers of single values: text, numbers, words, dates. */
#include "rulebook/read.h"

#include <limits.h>
#include <string.h>

void sml_value_node(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)l, (void)f;
    *(const YamlNode **)target = n;
}

void sml_value_text(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    if (f->type == TYPE_WORD && sml_read_choice(l, f, n, (FieldWords)f->arg) == UINT32_MAX)
        return;
    if (sml_str_trim(n->text).len == 0)
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_EMPTY_VALUE,
                 STR_ARG(sml_str_from(f->key)));
    *(Str *)target = n->text;
}

void sml_value_format(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    if (!sml_str_eq(n->text, STR("1")))
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_FORMAT, STR_ARG(sml_read_short(n->text)));
    *(Str *)target = n->text;
}

/* ---- rule ids: family/slug ---------------------------------------------------------------------- */

static bool is_slug(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool inner = i > 0 && i + 1 < s.len && s.p[i - 1] != '-';
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && inner)))
            return false;
    }
    return s.len > 0;
}

void sml_value_id(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Str slug = n->text, family;
    if (sml_str_cut(&family, &slug, '/') && is_slug(family) && is_slug(slug) && n->text.len <= 100)
        *(Str *)target = n->text;
    else
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_ID, STR_ARG(sml_read_short(n->text)));
}

void sml_value_aliases(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    Str *ids = ARENA_ARRAY(l->arena, Str, sml_read_count(n));
    rule->n_aliases = 0;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        Str id = {0};
        if (sml_read_item(l, f, sml_read_at(n, i), false))
            sml_value_id(l, f, sml_read_at(n, i), &id);
        if (id.len)
            ids[rule->n_aliases++] = id;
    }
    rule->aliases = ids;
}

/* For whoever reads the file; only their shape matters. */
void sml_value_tags(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)target;
    for (uint32_t i = 0; i < sml_read_count(n); i++)
        sml_read_item(l, f, sml_read_at(n, i), false);
}

/* ---- numbers and truth --------------------------------------------------------------------------- */

static bool bad_number(Loader *l, const Field *f, const YamlNode *n, int least)
{
    return sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_NUMBER,
                    STR_ARG(sml_read_short(n->text)), STR_ARG(sml_str_from(f->key)), least, f->arg);
}

void sml_value_number(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint64_t value;
    if (sml_str_uint(&value, n->text, f->arg))
        *(uint32_t *)target = (uint32_t)value;
    else
        bad_number(l, f, n, 0);
}

void sml_value_positive(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint64_t value;
    if (sml_str_uint(&value, n->text, f->arg) && value > 0)
        *(uint32_t *)target = (uint32_t)value;
    else
        bad_number(l, f, n, 1);
}

void sml_value_weight(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    bool negative = sml_str_starts(n->text, STR("-"));
    uint64_t value;
    if (sml_str_uint(&value, sml_str_slice(n->text, negative, n->text.len), f->arg) && value > 0)
        *(int32_t *)target = negative ? -(int32_t)value : (int32_t)value;
    else
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_WEIGHT,
                 STR_ARG(sml_read_short(n->text)), f->arg);
}

void sml_value_bool(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    if (sml_str_eq(n->text, STR("true")))
        *(bool *)target = true;
    else if (sml_str_eq(n->text, STR("false")))
        *(bool *)target = false;
    else
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_BOOL,
                 STR_ARG(sml_read_short(n->text)), STR_ARG(sml_str_from(f->key)));
}

void sml_value_flag(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    bool on = false;
    sml_value_bool(l, f, n, &on);
    if (on)
        *(uint32_t *)target |= f->arg;
}

/* ---- one word of several -------------------------------------------------------------------------- */

void sml_value_word(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t i = sml_read_choice(l, f, n, (FieldWords)f->arg);
    if (i != UINT32_MAX)
        *(uint32_t *)target = i;
}

void sml_value_mend(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t i = sml_read_choice(l, f, n, WORDS_MEND);
    if (i != UINT32_MAX)
        *(uint32_t *)target = MEND_NOTHING + 1 + i;
}

void sml_value_grade(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t i = sml_read_choice(l, f, n, WORDS_GRADE);
    if (i != UINT32_MAX)
        *(sml_grade *)target = (sml_grade)(SML_NOTICE + i);
}

void sml_value_status(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t i = sml_read_choice(l, f, n, WORDS_STATUS);
    if (i != UINT32_MAX)
        *(ImageStatus *)target = (ImageStatus)i;
}

void sml_value_skip(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    if (sml_read_choice(l, f, n, WORDS_UNKNOWN) != UINT32_MAX)
        *(uint32_t *)target |= RULE_UNKNOWN_SKIP;
}

void sml_value_bits(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        const YamlNode *item = sml_read_at(n, i);
        if (!sml_read_item(l, f, item, false))
            continue;
        uint32_t word = sml_read_choice(l, f, item, (FieldWords)f->arg);
        if (word != UINT32_MAX)
            bits |= UINT32_C(1) << word;
    }
    *(uint32_t *)target = bits;
}

/* ---- dates ------------------------------------------------------------------------------------------ */

static bool read_minutes(Loader *l, const YamlNode *n, Minutes *out)
{
    Minutes end;
    if (sml_date_parse(n->text, out, &end))
        return true;
    return sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_DATE,
                    STR_ARG(sml_read_short(n->text)));
}

void sml_value_day(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Minutes ignored;
    if (read_minutes(l, n, &ignored))
        *(Str *)target = n->text;
}

void sml_value_moment(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Minutes start;
    if (read_minutes(l, n, &start))
        *(Minutes *)target = start;
}

/* ---- addresses and versions -------------------------------------------------------------------------- */

void sml_value_url(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    if (sml_str_starts(n->text, STR("https://")) || sml_str_starts(n->text, STR("http://")))
        *(Str *)target = n->text;
    else
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_BAD_URL,
                 STR_ARG(sml_read_short(n->text)));
}

/* 1, 1.0 and 1.0.0 are one version. */
static bool parse_version(Str s, uint64_t out[3])
{
    Str part;
    int n = 0;
    memset(out, 0, 3 * sizeof *out);
    while (sml_str_cut(&part, &s, '.'))
        if (n == 3 || !sml_str_uint(&out[n++], part, UINT32_MAX))
            return false;
    return n > 0;
}

static int compare_versions(const uint64_t a[3], const uint64_t b[3])
{
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* One requirement, ">=0.1". */
static bool parse_requirement(Str s, bool *holds)
{
    static const struct {
        Str sign;
        bool less, same, more;
    } signs[] = {{{">=", 2}, false, true, true},
                 {{"<=", 2}, true, true, false},
                 {{">", 1}, false, false, true},
                 {{"<", 1}, true, false, false},
                 {{"=", 1}, false, true, false}};
    static const uint64_t ours[3] = {SML_VERSION_MAJOR, SML_VERSION_MINOR, SML_VERSION_PATCH};
    s = sml_str_trim(s);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!sml_str_starts(s, signs[i].sign))
            continue;
        uint64_t wanted[3];
        if (!parse_version(sml_str_trim(sml_str_slice(s, signs[i].sign.len, s.len)), wanted))
            return false;
        int c = compare_versions(ours, wanted);
        *holds = c < 0 ? signs[i].less : c > 0 ? signs[i].more : signs[i].same;
        return true;
    }
    return false;
}

void sml_value_requires(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Str rest = n->text, part;
    bool all = true;
    while (sml_str_cut(&part, &rest, ',')) {
        bool holds;
        if (!parse_requirement(part, &holds)) {
            sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_REQUIRES_SYNTAX,
                     STR_ARG(sml_read_short(n->text)));
            return;
        }
        all &= holds;
    }
    if (!all)
        sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_REQUIRES_OTHER,
                 STR_ARG(sml_read_short(n->text)), SML_VERSION_MAJOR, SML_VERSION_MINOR,
                 SML_VERSION_PATCH);
    *(Str *)target = n->text;
}

/* ---- text in two languages, citations ------------------------------------------------------------------ */

static void read_both(Loader *l, FieldMap map, const Field *f, const YamlNode *n, RuleText *out)
{
    const YamlNode *en = n->kind == YAML_MAP ? sml_yaml_get(n, STR("en")) : n;
    out->pos = sml_read_pos(l, en ? en : n);
    if (n->kind == YAML_MAP)
        sml_read_map(l, map, f, n, out);
    else
        sml_value_text(l, f, n, &out->en);
}

void sml_value_both(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    read_both(l, (FieldMap)f->arg, f, n, target);
}

void sml_value_source(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    uint32_t i;
    if (sml_map_get(&l->source_at, n->text, &i)) {
        *(const Source **)target = l->sources.v[i];
        return;
    }
    ArenaMark mark = sml_arena_mark(l->arena);
    Str *names;
    READ_NAMES(l->arena, l->sources.v, l->sources.n, ->key, names);
    Str hint = sml_read_hint(l->diagnostics, l->arena, n->text, names, l->sources.n);
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_UNKNOWN_SOURCE,
             STR_ARG(sml_read_short(n->text)), STR_ARG(hint));
    sml_arena_rewind(l->arena, mark);
}

void sml_value_sources(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Edition *e = target;
    e->of = ARENA_ARRAY(l->arena, const Source *, sml_read_count(n));
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        if (!sml_read_item(l, f, sml_read_at(n, i), false))
            continue;
        sml_value_source(l, f, sml_read_at(n, i), &e->of[e->n_of]);
        e->n_of += e->of[e->n_of] != NULL;
    }
}

void sml_value_cites(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    Cite *cites = ARENA_ARRAY(l->arena, Cite, sml_read_count(n));
    rule->n_cites = 0;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        Cite cite = {0};
        sml_read_map(l, MAP_CITE, f, sml_read_at(n, i), &cite);
        if (cite.source)
            cites[rule->n_cites++] = cite;
    }
    rule->cites = cites;
}

static bool find_obligation(Loader *l, const YamlNode *n, uint32_t *index)
{
    if (sml_map_get(&l->obligation_at, n->text, index))
        return true;
    ArenaMark mark = sml_arena_mark(l->arena);
    Str *names;
    READ_NAMES(l->arena, l->obligations.v, l->obligations.n, .name, names);
    Str hint = sml_read_hint(l->diagnostics, l->arena, n->text, names, l->obligations.n);
    sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_UNKNOWN_OBLIGATION,
             STR_ARG(sml_read_short(n->text)), STR_ARG(hint));
    sml_arena_rewind(l->arena, mark);
    return false;
}

void sml_value_covers(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    uint32_t *covers = ARENA_ARRAY(l->arena, uint32_t, sml_read_count(n));
    rule->n_covers = 0;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        const YamlNode *item = sml_read_at(n, i);
        if (sml_read_item(l, f, item, false) && find_obligation(l, item, &covers[rule->n_covers]))
            rule->n_covers++;
    }
    rule->covers = covers;
}
