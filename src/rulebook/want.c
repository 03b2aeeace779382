/* SPDX-License-Identifier: MIT */
/*
 * Readers of patterns: phrases, regexes, detectors, tokens, and the items of lists.
 *
 * A regex may use defs, `{{percent}}`, and defs may use each other. Each is put in as a group of its own, so that
 * `{{a}}+` repeats all of it: with `a: 'x|y'`, `{{a}}+` becomes `(?:x|y)+`.
 */
#include "match/detect.h"
#include "rulebook/read.h"

#define REGEX_MAX    65536
#define EXPANDED_MAX (4u << 20) /* of all regexes together */
#define DEF_DEPTH    16
#define NEAR_WORDS   8 /* of a list item's needs, where `within` is silent */

/* ---- phrases ---------------------------------------------------------------------------------- */

static bool read_phrase(Loader *l, const YamlNode *n, Phrase *out)
{
    if (sml_str_trim(n->text).len == 0)
        return sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_EMPTY_PHRASE);
    *out = (Phrase){.text = n->text, .pos = sml_read_pos(l, n), .needs_words = NEAR_WORDS};
    return true;
}

static void read_phrases(Loader *l, const Field *f, const YamlNode *n, Want *out)
{
    Phrase *phrases = ARENA_ARRAY(l->arena, Phrase, sml_read_count(n));
    out->kind = WANT_PHRASES;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        const YamlNode *item = sml_read_at(n, i);
        if (sml_read_item(l, f, item, false) && read_phrase(l, item, &phrases[out->n_phrases]))
            out->n_phrases++;
    }
    out->phrases = phrases;
}

void sml_want_is(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    (void)f;
    Phrase *phrase = target, read;
    if (!read_phrase(l, n, &read))
        return;
    phrase->text = read.text;
    phrase->pos = read.pos;
}

void sml_want_items(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    List *list = target;
    Phrase *items = ARENA_ARRAY(l->arena, Phrase, n->n);
    for (uint32_t i = 0; i < n->n; i++) {
        Phrase item = {.needs_words = NEAR_WORDS};
        if (!sml_read_item(l, f, n->items[i], true))
            continue;
        if (n->items[i]->kind == YAML_MAP)
            sml_read_map(l, MAP_ITEM, f, n->items[i], &item);
        else
            read_phrase(l, n->items[i], &item);
        if (item.text.len)
            items[list->n++] = item;
    }
    list->items = items;
}

/* ---- regexes ---------------------------------------------------------------------------------- */

static bool expand(Loader *l, Pos pos, Str in, uint32_t depth, Str *out);

static bool expand_def(Loader *l, Def *def, uint32_t depth)
{
    if (def->state == DEF_OPEN)
        return sml_diag(l->diagnostics, def->pos, DIAG_DEF_CIRCLE, STR_ARG(def->name));
    if (def->state != DEF_NEW)
        return def->state == DEF_DONE;
    if (depth == DEF_DEPTH)
        return sml_diag(l->diagnostics, def->pos, DIAG_DEF_DEEP, DEF_DEPTH);
    def->state = DEF_OPEN;
    def->state = expand(l, def->pos, def->text, depth + 1, &def->text) ? DEF_DONE : DEF_BAD;
    return def->state == DEF_DONE;
}

static bool add_def(Loader *l, Pos pos, Str name, uint32_t depth, Buf *out)
{
    uint32_t i;
    if (!sml_map_get(&l->def_at, name, &i)) {
        ArenaMark mark = sml_arena_mark(l->arena);
        Str *names;
        READ_NAMES(l->arena, l->defs.v, l->defs.n, .name, names);
        Str hint = sml_read_hint(l->diagnostics, l->arena, name, names, l->defs.n);
        sml_diag(l->diagnostics, pos, DIAG_UNKNOWN_DEF, STR_ARG(sml_read_short(name)),
                 STR_ARG(hint));
        sml_arena_rewind(l->arena, mark);
        return false;
    }
    if (!expand_def(l, &l->defs.v[i], depth))
        return false;
    sml_buf_addf(out, "(?:%.*s)", STR_ARG(l->defs.v[i].text));
    return true;
}

static bool expand_into(Loader *l, Pos pos, Str in, uint32_t depth, Buf *out)
{
    if (in.len > REGEX_MAX)
        return sml_diag(l->diagnostics, pos, DIAG_REGEX_LONG, REGEX_MAX);
    for (size_t at = 0; at < in.len;) {
        Str rest = sml_str_slice(in, at, in.len);
        size_t end = sml_str_starts(rest, STR("{{")) ? sml_str_find(rest, STR("}}"), 2) : SIZE_MAX;
        size_t n = rest.p[0] == '\\' && rest.len > 1 ? 2 : 1;
        if (end == SIZE_MAX)
            sml_buf_add(out, sml_str_slice(rest, 0, n));
        else if (!add_def(l, pos, sml_str_slice(rest, 2, end), depth, out))
            return false;
        at += end == SIZE_MAX ? n : end + 2;
        if (out->len > REGEX_MAX)
            return sml_diag(l->diagnostics, pos, DIAG_REGEX_LONG, REGEX_MAX);
    }
    return true;
}

static bool expand(Loader *l, Pos pos, Str in, uint32_t depth, Str *out)
{
    Buf text = {0};
    bool ok = expand_into(l, pos, in, depth, &text);
    l->expanded += text.len;
    if (ok && l->expanded > EXPANDED_MAX)
        ok = sml_diag(l->diagnostics, pos, DIAG_REGEX_TOTAL, EXPANDED_MAX >> 20);
    if (ok)
        *out = sml_arena_copy(l->arena, sml_buf_str(&text));
    sml_buf_free(&text);
    return ok;
}

void sml_want_defs(Loader *l)
{
    for (uint32_t i = 0; i < l->defs.n; i++)
        expand_def(l, &l->defs.v[i], 0);
}

/* Whether a double-quoted scalar has a backslash in the file, where YAML has eaten it. */
static bool has_escape(const Loader *l, const YamlNode *n)
{
    Str text = l->file->text;
    for (size_t i = n->at + (size_t)1; n->double_quoted && i < text.len && text.p[i] != '"'; i++)
        if (text.p[i] == '\\')
            return true;
    return false;
}

static void read_regex(Loader *l, const YamlNode *n, Want *out)
{
    if (n->text.len == 0) {
        sml_diag(l->diagnostics, out->pos, DIAG_EMPTY_VALUE, STR_ARG(STR("regex")));
        return;
    }
    if (has_escape(l, n))
        sml_diag(l->diagnostics, out->pos, DIAG_REGEX_QUOTES);
    if (expand(l, out->pos, n->text, 0, &out->regex))
        out->kind = WANT_REGEX;
}

/* ---- detectors, tokens -------------------------------------------------------------------------- */

static void read_detector(Loader *l, const YamlNode *n, Want *out)
{
    out->detector = sml_detect_find(n->text);
    if (out->detector < DETECTOR_COUNT) {
        out->kind = WANT_DETECT;
        return;
    }
    Str names[DETECTOR_COUNT + 1];
    for (uint32_t i = 0; i < DETECTOR_COUNT; i++)
        names[i] = sml_detect_name(i);
    Str hint = sml_read_hint(l->diagnostics, l->arena, n->text, names, DETECTOR_COUNT);
    sml_diag(l->diagnostics, out->pos, DIAG_UNKNOWN_DETECTOR, STR_ARG(sml_read_short(n->text)),
             STR_ARG(hint));
}

static void read_token(Loader *l, const Field *f, const YamlNode *n, FieldWords words, Want *out)
{
    uint32_t token = sml_read_choice(l, f, n, words);
    if (token == UINT32_MAX)
        return;
    out->kind = WANT_TOKEN;
    out->token = (ImageToken)token;
}

/* ---- wherever a pattern is wanted ---------------------------------------------------------------- */

/* One of the keys phrases, regex, detect, token. */
void sml_want_part(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Want *want = target;
    Str key = sml_str_from(f->key);
    want->pos = sml_read_pos(l, n);
    if (sml_str_eq(key, STR("regex")))
        read_regex(l, n, want);
    else if (sml_str_eq(key, STR("detect")))
        read_detector(l, n, want);
    else if (sml_str_eq(key, STR("token")))
        read_token(l, f, n, WORDS_TOKEN, want);
    else
        read_phrases(l, f, n, want);
}

void sml_want_read(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Want want = {.pos = sml_read_pos(l, n), .min = 1};
    if (n->kind == YAML_MAP)
        sml_read_map(l, MAP_WANT, f, n, &want);
    else
        read_phrases(l, f, n, &want);
    *(Want *)target = want;
}

void sml_want_pointer(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Want *want = ARENA_NEW(l->arena, Want);
    sml_want_read(l, f, n, want);
    *(const Want **)target = want;
}

void sml_want_counted(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Want want = {.pos = sml_read_pos(l, n), .min = 1};
    if (n->kind == YAML_MAP)
        sml_read_map(l, MAP_WANT, f, n, &want);
    else
        read_token(l, f, n, WORDS_COUNTED, &want);
    *(Want *)target = want;
}

WantList sml_want_list(Loader *l, const Field *f, const YamlNode *n)
{
    WantList list = {ARENA_ARRAY(l->arena, Want, n->n), n->n};
    for (uint32_t i = 0; i < n->n; i++)
        sml_want_read(l, f, n->items[i], &list.v[i]);
    return list;
}

void sml_want_members(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    *(WantList *)target = sml_want_list(l, f, n);
}
