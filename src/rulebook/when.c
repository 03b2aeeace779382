/* SPDX-License-Identifier: MIT */
/*
 * Readers of conditions. Keys are joined by and, the values of one key by or:
 *
 *     {account: [official, '@dft'], not: {kind: reply}}
 *
 * becomes AND(OR(account is official, handle is @dft), NOT(kind is reply)).
 */
#include "rulebook/read.h"

static Cond join(Arena *a, ImageCondOp op, const Cond *v, uint32_t n, Pos pos)
{
    if (n == 1)
        return v[0];
    Cond *children = ARENA_ARRAY(a, Cond, n);
    for (uint32_t i = 0; i < n; i++)
        children[i] = v[i];
    return (Cond){.op = op, .children = children, .n = n, .pos = pos};
}

static Cond read_map(Loader *l, const Field *f, const YamlNode *n)
{
    CondParts parts = {0};
    sml_read_map(l, MAP_WHEN, f, n, &parts);
    return join(l->arena, COND_AND, parts.all.v, parts.all.n, sml_read_pos(l, n));
}

void sml_when_read(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Cond *cond = ARENA_NEW(l->arena, Cond);
    *cond = read_map(l, f, n);
    *(const Cond **)target = cond;
}

static void add(Loader *l, CondParts *parts, Cond cond)
{
    if (cond.n || cond.op == COND_RANGE)
        VEC_PUSH(&parts->all, l->arena) = cond;
}

/* ---- facts --------------------------------------------------------------------------------------- */

/* Whether a value of the key may stand; reports it if not. */
static bool check_value(Loader *l, const Field *f, const YamlNode *n)
{
    if (!sml_read_item(l, f, n, false))
        return false;
    if (f->type == TYPE_WORD_LIST)
        return sml_read_choice(l, f, n, (FieldWords)f->arg) != UINT32_MAX;
    if (n->text.len)
        return true;
    return sml_diag(l->diagnostics, sml_read_pos(l, n), DIAG_EMPTY_VALUE,
                    STR_ARG(sml_str_from(f->key)));
}

static void read_fact(Loader *l, const Field *f, const YamlNode *n, ImageFact fact, void *target)
{
    Str *values = ARENA_ARRAY(l->arena, Str, sml_read_count(n));
    Cond cond = {.op = COND_FACT, .fact = fact, .values = values, .pos = sml_read_pos(l, n)};
    for (uint32_t i = 0; i < sml_read_count(n); i++)
        if (check_value(l, f, sml_read_at(n, i)))
            values[cond.n++] = sml_read_at(n, i)->text;
    add(l, target, cond);
}

#define FACT_READER(name, fact)                                                                    \
    void sml_when_##name(Loader *l, const Field *f, const YamlNode *n, void *target)               \
    {                                                                                              \
        read_fact(l, f, n, fact, target);                                                          \
    }
FACT_READER(kind, FACT_KIND)
FACT_READER(nation, FACT_NATION)
FACT_READER(group, FACT_GROUP)
FACT_READER(language, FACT_LANGUAGE)
FACT_READER(path, FACT_PATH)
FACT_READER(department, FACT_DEPARTMENT)
FACT_READER(employer, FACT_EMPLOYER)
#undef FACT_READER

/* A kind of account, or one account by its handle. */
void sml_when_account(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    uint32_t count = sml_read_count(n);
    Str *kinds = ARENA_ARRAY(l->arena, Str, count), *handles = ARENA_ARRAY(l->arena, Str, count);
    Pos pos = sml_read_pos(l, n);
    Cond both[] = {{.op = COND_FACT, .fact = FACT_ACCOUNT, .values = kinds, .pos = pos},
                   {.op = COND_FACT, .fact = FACT_HANDLE, .values = handles, .pos = pos}};
    for (uint32_t i = 0; i < count; i++) {
        const YamlNode *item = sml_read_at(n, i);
        if (!sml_read_item(l, f, item, false))
            continue;
        if (sml_str_starts(item->text, STR("@")) && item->text.len > 1)
            handles[both[1].n++] = item->text;
        else if (sml_read_choice(l, f, item, WORDS_ACCOUNT) != UINT32_MAX)
            kinds[both[0].n++] = item->text;
    }
    if (both[0].n && both[1].n)
        add(l, target, join(l->arena, COND_OR, both, 2, pos));
    else
        add(l, target, both[0].n ? both[0] : both[1]);
}

/* New networks come faster than releases, so only what looks like a slip is refused. */
void sml_when_channel(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    FieldChoice known = sml_read_words[WORDS_CHANNEL];
    Str *names = ARENA_ARRAY(l->arena, Str, known.n);
    for (uint32_t i = 0; i < known.n; i++)
        names[i] = sml_str_from(known.v[i]);
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        const YamlNode *item = sml_read_at(n, i);
        Str near = sml_str_nearest(item->text, names, known.n);
        if (item->kind == YAML_SCALAR && near.len && !sml_str_eq(near, item->text))
            sml_read_choice(l, f, item, WORDS_CHANNEL);
    }
    read_fact(l, f, n, FACT_CHANNEL, target);
}

/* ---- not, any -------------------------------------------------------------------------------------- */

void sml_when_not(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Cond *child = ARENA_NEW(l->arena, Cond);
    *child = read_map(l, f, n);
    add(l, target, (Cond){.op = COND_NOT, .children = child, .n = 1, .pos = sml_read_pos(l, n)});
}

void sml_when_any(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Cond *ways = ARENA_ARRAY(l->arena, Cond, n->n);
    for (uint32_t i = 0; i < n->n; i++)
        ways[i] = read_map(l, f, n->items[i]);
    add(l, target, join(l->arena, COND_OR, ways, n->n, sml_read_pos(l, n)));
}

/* ---- dates ------------------------------------------------------------------------------------------ */

/* Periods can be asked for by name or by kind, which takes in those that a project adds. */
static bool is_period(const Loader *l, Str name)
{
    if (sml_map_get(&l->window_at, name, NULL))
        return true;
    for (uint32_t i = 0; i < l->windows.n; i++)
        if (l->windows.v[i].kind.len && sml_str_eq(l->windows.v[i].kind, name))
            return true;
    return false;
}

static void unknown_period(Loader *l, const YamlNode *item)
{
    Str *names, *kinds, *all;
    ArenaMark mark = sml_arena_mark(l->arena);
    READ_NAMES(l->arena, l->windows.v, l->windows.n, .name, names);
    READ_NAMES(l->arena, l->windows.v, l->windows.n, .kind, kinds);
    uint32_t n = l->windows.n < READ_NAMES_MAX ? l->windows.n : READ_NAMES_MAX, n_all = n;
    all = ARENA_ARRAY(l->arena, Str, 2 * n);
    for (uint32_t i = 0; i < n; i++) {
        all[i] = names[i];
        if (kinds[i].len && (i == 0 || !sml_str_eq(kinds[i], kinds[i - 1])))
            all[n_all++] = kinds[i];
    }
    Str hint = sml_read_hint(l->diagnostics, l->arena, item->text, all, n_all);
    sml_diag(l->diagnostics, sml_read_pos(l, item), DIAG_UNKNOWN_WINDOW,
             STR_ARG(sml_read_short(item->text)), STR_ARG(hint));
    sml_arena_rewind(l->arena, mark);
}

static void read_windows(Loader *l, const Field *f, const YamlNode *n, Cond *out)
{
    Str *values = ARENA_ARRAY(l->arena, Str, sml_read_count(n));
    out->values = values;
    for (uint32_t i = 0; i < sml_read_count(n); i++) {
        const YamlNode *item = sml_read_at(n, i);
        if (!sml_read_item(l, f, item, false))
            continue;
        values[out->n++] = item->text;
        if (!is_period(l, item->text))
            unknown_period(l, item);
    }
}

void sml_when_during(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    read_windows(l, f, n, &((DateParts *)target)->during);
}

void sml_when_outside(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    read_windows(l, f, n, &((DateParts *)target)->outside);
}

void sml_when_date(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Pos pos = sml_read_pos(l, n);
    DateParts parts = {
        .during = {.op = COND_DURING, .fact = FACT_DATE, .pos = pos},
        .outside = {.op = COND_OUTSIDE, .fact = FACT_DATE, .pos = pos},
        .range = {.op = COND_RANGE,
                  .fact = FACT_DATE,
                  .from = MINUTES_MIN,
                  .to = MINUTES_MAX,
                  .pos = pos},
    };
    sml_read_map(l, MAP_DATE, f, n, &parts);
    add(l, target, parts.during);
    add(l, target, parts.outside);
    if (parts.range.from == MINUTES_MIN && parts.range.to == MINUTES_MAX)
        return;
    if (parts.range.from >= parts.range.to)
        sml_diag(l->diagnostics, pos, DIAG_DATE_ORDER);
    add(l, target, parts.range);
}

/* ---- in words ---------------------------------------------------------------------------------------- */

static void put_words(Buf *out, const Cond *c, bool inner, Arena *a);

static void put_children(Buf *out, const Cond *c, bool inner, Arena *a)
{
    sml_buf_add(out, inner ? STR("(") : STR(""));
    for (uint32_t i = 0; i < c->n; i++) {
        sml_buf_add(out, i == 0 ? STR("") : c->op == COND_AND ? STR(" and ") : STR(" or "));
        put_words(out, &c->children[i], true, a);
    }
    sml_buf_add(out, inner ? STR(")") : STR(""));
}

static void put_range(Buf *out, const Cond *c)
{
    char day[16];
    sml_buf_add(out, STR("the date is "));
    if (c->from != MINUTES_MIN) {
        sml_date_format(day, c->from);
        sml_buf_addf(out, "%s or later", day);
    }
    if (c->from != MINUTES_MIN && c->to != MINUTES_MAX)
        sml_buf_add(out, STR(" and "));
    if (c->to != MINUTES_MAX) {
        sml_date_format(day, c->to);
        sml_buf_addf(out, "before %s", day);
    }
}

/* A long row of names tells a reader less than its length; `explain` has them all. */
#define WINDOWS_NAMED 3

static void put_windows(Buf *out, const char *word, const Cond *c, Str names)
{
    if (c->n > WINDOWS_NAMED)
        sml_buf_addf(out, "%s any of %u calendar entries", word, c->n);
    else
        sml_buf_addf(out, "%s %.*s", word, STR_ARG(names));
}

static void put_words(Buf *out, const Cond *c, bool inner, Arena *a)
{
    static const char *const facts[] = {
        [FACT_ACCOUNT] = "account",
        [FACT_HANDLE] = "account",
        [FACT_CHANNEL] = "channel",
        [FACT_KIND] = "kind",
        [FACT_NATION] = "nation",
        [FACT_GROUP] = "group",
        [FACT_LANGUAGE] = "language",
        [FACT_PATH] = "path",
        [FACT_DATE] = "date",
        [FACT_DEPARTMENT] = "department",
        [FACT_EMPLOYER] = "names-employer",
    };
    Str values = c->values ? sml_read_join(a, c->values, c->n, false) : (Str){0};
    switch (c->op) {
    case COND_AND:
    case COND_OR:
        put_children(out, c, inner, a);
        break;
    case COND_NOT:
        sml_buf_add(out, STR("not "));
        put_words(out, c->children, true, a);
        break;
    case COND_FACT:
        sml_buf_addf(out, "%s is %.*s", facts[c->fact], STR_ARG(values));
        break;
    case COND_DURING:
        put_windows(out, "during", c, values);
        break;
    case COND_OUTSIDE:
        put_windows(out, "outside", c, values);
        break;
    case COND_RANGE:
        put_range(out, c);
        break;
    }
}

Str sml_when_words(const Cond *c, Arena *a)
{
    Buf out = {0};
    if (c)
        put_words(&out, c, false, a);
    Str words = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return words;
}

/* ---- rows of grades ------------------------------------------------------------------------------------ */

void sml_when_grades(Loader *l, const Field *f, const YamlNode *n, void *target)
{
    Rule *rule = target;
    GradeRow *rows = ARENA_ARRAY(l->arena, GradeRow, n->n);
    rule->n_grades = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        GradeRow row = {.when = NULL};
        sml_read_map(l, MAP_GRADE, f, n->items[i], &row);
        row.words = sml_when_words(row.when, l->arena);
        if (row.when && row.grade != SML_CLEAN)
            rows[rule->n_grades++] = row;
    }
    rule->grades = rows;
}
