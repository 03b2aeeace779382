/* SPDX-License-Identifier: MIT */
/*
 * Readers of examples. `Please [[vote Labour]] today` is the text "Please vote Labour today" and the span [7, 18);
 * `[[[[` is a literal `[[`. Facts about the post become pairs, nested ones with their way in the key:
 * `images: [{alt: A bridge}]` is {"images[0].alt", "A bridge"}.
 */
#include "base/fact.h"
#include "rulebook/read.h"

#define META_KEY_MAX 200

/* ---- marks --------------------------------------------------------------------------------------- */

typedef struct Marks {
    Buf text;
    VEC(Span) spans;
    bool open;
} Marks;

/* Takes the mark at the front of `rest` and returns its length; 0 where there is none. */
static size_t take_mark(Loader *l, Marks *m, Str rest, const Example *e, bool *ok)
{
    uint32_t at = (uint32_t)m->text.len;
    if (sml_str_starts(rest, STR("[[[["))) {
        sml_buf_add(&m->text, STR("[["));
        return 4;
    }
    if (sml_str_starts(rest, STR("[["))) {
        if (m->open)
            *ok = sml_diag(l->diagnostics, e->pos, DIAG_MARK_NESTED);
        VEC_PUSH(&m->spans, l->arena) = (Span){at, at};
        m->open = true;
        return 2;
    }
    if (!m->open || !sml_str_starts(rest, STR("]]")))
        return 0;
    if (VEC_LAST(&m->spans).start == at)
        *ok = sml_diag(l->diagnostics, e->pos, DIAG_MARK_EMPTY);
    VEC_LAST(&m->spans).end = at;
    m->open = false;
    return 2;
}

void sml_example_text(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Example *e = target;
    Marks m = {0};
    bool ok = true;
    e->pos = sml_read_pos(l, n);
    for (size_t at = 0; at < n->text.len && ok;) {
        size_t mark = take_mark(l, &m, sml_str_slice(n->text, at, n->text.len), e, &ok);
        if (!mark)
            sml_buf_addc(&m.text, n->text.p[at]);
        at += mark ? mark : 1;
    }
    if (ok && m.open)
        ok = sml_diag(l->diagnostics, e->pos, DIAG_MARK_OPEN);
    if (ok && m.spans.n && !e->hit)
        sml_diag(l->diagnostics, e->pos, DIAG_MARK_CLEAN);
    e->text = sml_arena_copy(l->arena, sml_buf_str(&m.text));
    e->spans = m.spans.v;
    e->n_spans = m.spans.n;
    sml_buf_free(&m.text);
}

/* ---- facts --------------------------------------------------------------------------------------- */

typedef struct Meta {
    Loader *l;
    VEC(sml_pair) pairs;
} Meta;

static void check_fact(Loader *l, const YamlNode *key, const YamlNode *value)
{
    static const Str known[] = {
        {"account", 7}, {"handle", 6}, {"channel", 7},     {"kind", 4},           {"nation", 6},
        {"group", 5},   {"images", 6}, {"bio", 3},         {"date", 4},           {"language", 8},
        {"path", 4},    {"repost", 6}, {"department", 10}, {"names-employer", 14}};
    enum { N_KNOWN = sizeof known / sizeof *known };
    sml_error err;
    Str near = sml_str_nearest(key->text, known, N_KNOWN);
    if (near.len && !sml_str_eq(near, key->text)) {
        Str hint = sml_read_hint(l->diagnostics, l->arena, key->text, known, N_KNOWN);
        sml_diag(l->diagnostics, sml_read_pos(l, key), DIAG_UNKNOWN_KEY,
                 STR_ARG(sml_read_short(key->text)), "meta", STR_ARG(hint));
    } else if (value->kind == YAML_SCALAR && !sml_fact_check(key->text, value->text, &err))
        sml_diag(l->diagnostics, sml_read_pos(l, value), DIAG_BAD_FACT, err.message);
}

static void flatten(Meta *m, Str path, const YamlNode *n)
{
    if (path.len > META_KEY_MAX) {
        sml_diag(m->l->diagnostics, sml_read_pos(m->l, n), DIAG_META_LONG, META_KEY_MAX);
        return;
    }
    if (n->kind == YAML_SCALAR) {
        VEC_PUSH(&m->pairs, m->l->arena) = (sml_pair){path, n->text};
        return;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        Str inner = n->kind == YAML_LIST
                        ? sml_arena_printf(m->l->arena, "%.*s[%u]", STR_ARG(path), i)
                        : sml_arena_printf(m->l->arena, "%.*s%s%.*s", STR_ARG(path),
                                           path.len ? "." : "", STR_ARG(n->keys[i]->text));
        flatten(m, inner, n->items[i]);
    }
}

void sml_example_meta(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Example *e = target;
    Meta m = {.l = l};
    for (uint32_t i = 0; i < n->n; i++)
        check_fact(l, n->keys[i], n->items[i]);
    flatten(&m, (Str){0}, n);
    e->meta = m.pairs.v;
    e->n_meta = m.pairs.n;
}

/* ---- hits and clean ------------------------------------------------------------------------------ */

/* A clean example has no finding that could have a grade or a fix. */
static void check_clean(Loader *l, const YamlNode *n)
{
    static const Str keys[] = {{"grade", 5}, {"fix", 3}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const YamlNode *value = sml_yaml_get(n, keys[i]);
        if (value)
            sml_diag(l->diagnostics, sml_read_pos(l, value), DIAG_HIT_ONLY, keys[i].p);
    }
}

static Example read_example(Loader *l, const Field *f, const YamlNode *n, bool hit)
{
    Example e = {.hit = hit, .pos = sml_read_pos(l, n)};
    if (!sml_read_item(l, f, n, true))
        return e;
    if (n->kind == YAML_SCALAR) {
        sml_example_text(l, f, n, &e);
        return e;
    }
    sml_read_map(l, MAP_EXAMPLE, f, n, &e);
    if (!hit)
        check_clean(l, n);
    return e;
}

static void add_examples(Loader *l, const Field *f, const YamlNode *n, Rule *rule, bool hit)
{
    Example *all = ARENA_ARRAY(l->arena, Example, rule->n_examples + n->n);
    for (uint32_t i = 0; i < rule->n_examples; i++)
        all[i] = rule->examples[i];
    for (uint32_t i = 0; i < n->n; i++)
        all[rule->n_examples++] = read_example(l, f, n->items[i], hit);
    rule->examples = all;
}

void sml_example_hits(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    add_examples(l, f, n, target, true);
}

void sml_example_clean(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    add_examples(l, f, n, target, false);
}

void sml_example_read(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    sml_read_map(l, MAP_EXAMPLES, f, n, target);
}
