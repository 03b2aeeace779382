/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "base/error.h"
#include "base/utf8.h"

#include <stddef.h>

#define DEFAULT_MAX_BYTES (UINT64_C(64) << 20)
#define MOST_MAX_BYTES    (UINT64_C(2) << 30) /* positions are 32 bits wide */
#define MOST_JOBS         256

static const VerbRow verbs[] = {
#define VERB(id, name, operands, summary) {#name, operands, summary},
#include "cli/verbs.def"
#undef VERB
};

#define V(verb) (UINT32_C(1) << VERB_##verb)
#define V_ALL   UINT32_MAX

static const OptionRow rows[] = {
#define OPTION(verb_mask, group, name, letter, word, kind, field, values, help)                    \
    {verb_mask, GROUP_##group, name, letter, word, KIND_##kind, offsetof(Options, field),          \
     values,    help},
#include "cli/options.def"
#undef OPTION
};

#define ROWS (sizeof rows / sizeof rows[0])

const VerbRow *sml_options_verb(Verb verb)
{
    return &verbs[verb];
}

bool sml_options_find_verb(Verb *out, Str name)
{
    for (Verb v = 0; v < VERB_COUNT; v++)
        if (sml_str_eq(name, sml_str_from(verbs[v].name))) {
            *out = v;
            return true;
        }
    return false;
}

Str sml_options_nearest_verb(Str name)
{
    Str names[VERB_COUNT];
    for (Verb v = 0; v < VERB_COUNT; v++)
        names[v] = sml_str_from(verbs[v].name);
    return sml_str_nearest(name, names, VERB_COUNT);
}

const OptionRow *sml_options_row(Verb verb, uint32_t i)
{
    for (size_t r = 0; r < ROWS; r++)
        if ((rows[r].verbs >> verb & 1) && i-- == 0)
            return &rows[r];
    return NULL;
}

typedef struct Parse {
    Options *out;
    Verb verb;
    char *const *next; /* words not yet read, NULL behind the last */
    Arena *arena;
    sml_error *err;
} Parse;

/* ---- values ---------------------------------------------------------------------------------- */

/* "error, warning, notice or never" from the words of a row. */
static Str say_values(const char *values, Arena *a)
{
    Str text = {"", 0}, rest = sml_str_from(values), word;
    while (sml_str_cut(&word, &rest, ' ')) {
        const char *join = text.len == 0 ? "" : rest.p ? ", " : " or ";
        text = sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(text), join, STR_ARG(word));
    }
    return text;
}

static bool set_flag(Parse *p, const OptionRow *row, void *field, Str value)
{
    (void)p, (void)row, (void)value;
    *(bool *)field = true;
    return true;
}

static bool set_text(Parse *p, const OptionRow *row, void *field, Str value)
{
    if (value.len == 0)
        return sml_error_set(p->err, "option \"--%s\" has an empty value; it wants %s", row->name,
                             row->word);
    *(Str *)field = value;
    return true;
}

static bool set_choice(Parse *p, const OptionRow *row, void *field, Str value)
{
    Str rest = sml_str_from(row->values), word;
    while (sml_str_cut(&word, &rest, ' '))
        if (sml_str_eq(word, value)) {
            *(Str *)field = value;
            return true;
        }
    Str right = say_values(row->values, p->arena);
    return sml_error_set(p->err, "option \"--%s\": unknown value \"%.*s\"; use %.*s", row->name,
                         STR_ARG(value), STR_ARG(right));
}

static bool set_list(Parse *p, const OptionRow *row, void *field, Str value)
{
    Str word;
    if (!set_text(p, row, &word, value))
        return false;
    VEC_PUSH((Strs *)field, p->arena) = word;
    return true;
}

static bool set_names(Parse *p, const OptionRow *row, void *field, Str value)
{
    Str rest = value, name;
    while (sml_str_cut(&name, &rest, ','))
        if (!set_list(p, row, field, sml_arena_copy(p->arena, name)))
            return false;
    return true;
}

static bool set_size(Parse *p, const OptionRow *row, void *field, Str value)
{
    static const Str units = {"KMG", 3};
    Str digits = value;
    unsigned shift = 0;
    size_t unit = value.len ? sml_str_find(units, sml_str_slice(value, value.len - 1, value.len), 0)
                            : SIZE_MAX;
    if (unit != SIZE_MAX) {
        digits.len--;
        shift = 10 * ((unsigned)unit + 1);
    }
    uint64_t n;
    if (!sml_str_uint(&n, digits, MOST_MAX_BYTES >> shift) || n == 0)
        return sml_error_set(
            p->err,
            "option \"--%s\": \"%.*s\" is not a size; use bytes, or a number with K, "
            "M or G, from 1 to 2G",
            row->name, STR_ARG(value));
    *(uint64_t *)field = n << shift;
    return true;
}

static bool set_count(Parse *p, const OptionRow *row, void *field, Str value)
{
    uint64_t n;
    if (!sml_str_uint(&n, value, MOST_JOBS))
        return sml_error_set(p->err, "option \"--%s\": \"%.*s\" is not a number from 0 to %d",
                             row->name, STR_ARG(value), MOST_JOBS);
    *(uint32_t *)field = (uint32_t)n;
    return true;
}

static bool set_date(Parse *p, const OptionRow *row, void *field, Str value)
{
    sml_error why;
    if (!set_text(p, row, field, value))
        return false;
    return sml_context_check(STR("date"), value, &why) ||
           sml_error_set(p->err, "option \"--%s\": %s", row->name, why.message);
}

/* The facts of a context by name: options and the keys of --meta are the same words. */
static const struct Fact {
    const char *name;
    size_t field;
} facts[] = {
    {"account", offsetof(sml_context, account)},
    {"handle", offsetof(sml_context, handle)},
    {"channel", offsetof(sml_context, channel)},
    {"kind", offsetof(sml_context, kind)},
    {"nation", offsetof(sml_context, nation)},
    {"group", offsetof(sml_context, group)},
    {"language", offsetof(sml_context, language)},
    {"bio", offsetof(sml_context, bio)},
    {"date", offsetof(sml_context, date)},
    {"department", offsetof(sml_context, department)},
    {"names-employer", offsetof(sml_context, names_employer)},
};

static Str *find_fact(sml_context *context, Str name)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (sml_str_eq(name, sml_str_from(facts[i].name)))
            return (Str *)(void *)((char *)context + facts[i].field);
    return NULL;
}

/* The fact that `name` may be a slip for, or empty. Short words are near to everything. */
static Str nearest_fact(Str name)
{
    Str names[sizeof facts / sizeof facts[0]];
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        names[i] = sml_str_from(facts[i].name);
    return name.len < 5 ? (Str){NULL, 0}
                        : sml_str_nearest(name, names, sizeof facts / sizeof facts[0]);
}

static bool set_known_fact(Parse *p, const OptionRow *row, Str name, Str value)
{
    bool is_handle =
        sml_str_eq(name, STR("account")) && sml_str_starts(value, STR("@")) && value.len > 1;
    Str key = is_handle ? STR("handle") : name;
    sml_error why;
    if (!sml_context_check(key, value, &why))
        return sml_error_set(p->err, "option \"--%s\": %s", row->name, why.message);
    *find_fact(&p->out->context, key) = value;
    if (sml_str_eq(name, STR("date")))
        p->out->context.date_origin = STR("--date");
    return true;
}

static bool set_fact(Parse *p, const OptionRow *row, void *field, Str value)
{
    Str checked;
    (void)field;
    return set_text(p, row, &checked, value) &&
           set_known_fact(p, row, sml_str_from(row->name), checked);
}

static bool set_meta(Parse *p, const OptionRow *row, void *field, Str value)
{
    sml_context *context = field;
    Str rest = value, key;
    if (!sml_str_cut(&key, &rest, '=') || !rest.p || key.len == 0)
        return sml_error_set(p->err, "option \"--%s\": \"%.*s\" is not %s", row->name,
                             STR_ARG(value), row->word);
    if (find_fact(context, key))
        return set_known_fact(p, row, key, rest);
    Str near = nearest_fact(key);
    if (near.len)
        return sml_error_set(p->err,
                             "option \"--%s\": unknown key \"%.*s\"; did you mean \"%.*s\"?",
                             row->name, STR_ARG(key), STR_ARG(near));
    VEC_PUSH(&p->out->meta, p->arena) = (sml_pair){key, rest};
    context->meta = p->out->meta.v;
    context->n_meta = p->out->meta.n;
    return true;
}

static bool set_help(Parse *p, const OptionRow *row, void *field, Str value)
{
    (void)p, (void)row, (void)value;
    *(Ask *)field = ASK_HELP;
    return true;
}

static bool set_version(Parse *p, const OptionRow *row, void *field, Str value)
{
    (void)p, (void)row, (void)value;
    *(Ask *)field = ASK_VERSION;
    return true;
}

typedef bool (*Setter)(Parse *p, const OptionRow *row, void *field, Str value);

static const Setter setters[KIND_KINDS] = {
    [KIND_FLAG] = set_flag,   [KIND_TEXT] = set_text,   [KIND_CHOICE] = set_choice,
    [KIND_LIST] = set_list,   [KIND_NAMES] = set_names, [KIND_SIZE] = set_size,
    [KIND_COUNT] = set_count, [KIND_DATE] = set_date,   [KIND_FACT] = set_fact,
    [KIND_META] = set_meta,   [KIND_HELP] = set_help,   [KIND_VERSION] = set_version,
};

static void *field_of(const Parse *p, const OptionRow *row)
{
    return (char *)p->out + row->field;
}

/* ---- words ----------------------------------------------------------------------------------- */

static const OptionRow *find_long(Verb verb, Str name)
{
    const OptionRow *row;
    for (uint32_t i = 0; (row = sml_options_row(verb, i)); i++)
        if (sml_str_eq(name, sml_str_from(row->name)))
            return row;
    return NULL;
}

static const OptionRow *find_short(Verb verb, char letter)
{
    const OptionRow *row;
    for (uint32_t i = 0; (row = sml_options_row(verb, i)); i++)
        if (row->letter == letter)
            return row;
    return NULL;
}

static bool unknown_option(Parse *p, Str name)
{
    for (Verb v = 0; v < VERB_COUNT; v++)
        if (find_long(v, name))
            return sml_error_set(p->err, "\"--%.*s\" is an option of %s, not of %s", STR_ARG(name),
                                 verbs[v].name, verbs[p->verb].name);
    Strs names = {0};
    const OptionRow *row;
    for (uint32_t i = 0; (row = sml_options_row(p->verb, i)); i++)
        VEC_PUSH(&names, p->arena) = sml_str_from(row->name);
    Str nearest = sml_str_nearest(name, names.v, names.n);
    if (nearest.len == 0)
        return sml_error_set(p->err, "unknown option \"--%.*s\"", STR_ARG(name));
    return sml_error_set(p->err, "unknown option \"--%.*s\"; did you mean \"--%.*s\"?",
                         STR_ARG(name), STR_ARG(nearest));
}

/* `inline_value` is what follows = or the letter; its pointer is NULL where nothing does. */
static bool set_option(Parse *p, const OptionRow *row, Str inline_value)
{
    Str value = inline_value;
    if (!row->word && value.p)
        return sml_error_set(p->err, "option \"--%s\" takes no value", row->name);
    if (row->word && !value.p) {
        if (!*p->next)
            return sml_error_set(p->err, "option \"--%s\" wants %s", row->name, row->word);
        value = sml_str_from(*p->next++);
    }
    return setters[row->kind](p, row, field_of(p, row), value);
}

/* --no-quiet: a flag again as if it had not been given. */
static bool unset_flag(Parse *p, Str name)
{
    if (!sml_str_starts(name, STR("no-")))
        return false;
    const OptionRow *row = find_long(p->verb, sml_str_slice(name, 3, name.len));
    if (!row || row->kind != KIND_FLAG)
        return false;
    *(bool *)field_of(p, row) = false;
    return true;
}

static bool long_option(Parse *p, Str word)
{
    Str value = word, name;
    sml_str_cut(&name, &value, '=');
    const OptionRow *row = find_long(p->verb, name);
    if (row)
        return set_option(p, row, value);
    if (!value.p && unset_flag(p, name))
        return true;
    return unknown_option(p, name);
}

static Str one_character(Str s, size_t at)
{
    size_t end = at;
    sml_utf8_next(s, &end);
    return sml_str_slice(s, at, end);
}

static bool short_options(Parse *p, Str letters)
{
    for (size_t i = 0; i < letters.len; i++) {
        const OptionRow *row = find_short(p->verb, letters.p[i]);
        if (!row)
            return sml_error_set(p->err, "unknown option \"-%.*s\"",
                                 STR_ARG(one_character(letters, i)));
        bool rest_is_value = row->word && i + 1 < letters.len;
        Str rest = sml_str_slice(letters, i + 1, letters.len);
        if (!set_option(p, row, rest_is_value ? rest : (Str){NULL, 0}))
            return false;
        if (rest_is_value)
            return true;
    }
    return true;
}

static bool operand(Parse *p, Str word)
{
    VEC_PUSH(&p->out->operands, p->arena) = word;
    return true;
}

/* Options that say nothing without another, or unsay it. */
static bool check_pairs(const Options *o, sml_error *err)
{
    if (o->no_config && o->config.len)
        return sml_error_set(err, "--config and --no-config exclude each other; leave one out");
    if (o->null && o->files_from.len == 0)
        return sml_error_set(err, "--null is about the names of --files-from, which is not given");
    if (o->stale && !sml_str_eq(o->list_format, STR("table")))
        return sml_error_set(err, "--stale prints lists in a way of its own; leave --format out");
    return true;
}

static bool one_word(Parse *p, Str word)
{
    if (sml_str_starts(word, STR("--")))
        return long_option(p, sml_str_slice(word, 2, word.len));
    if (word.len > 1 && word.p[0] == '-')
        return short_options(p, sml_str_slice(word, 1, word.len));
    return operand(p, word);
}

bool sml_options_parse(Options *out, Verb verb, char *const *words, Arena *a, sml_error *err)
{
    *out = (Options){
        .max_bytes = DEFAULT_MAX_BYTES,
        .jobs = 1,
        .input = STR("auto"),
        .color = STR("auto"),
        .list_format = STR("table"),
    };
    Parse p = {out, verb, words, a, err};
    while (*p.next && out->ask == ASK_NOTHING) {
        Str word = sml_str_from(*p.next++);
        if (sml_str_eq(word, STR("--")))
            break;
        if (!one_word(&p, word))
            return false;
    }
    while (*p.next && out->ask == ASK_NOTHING)
        operand(&p, sml_str_from(*p.next++));
    return out->ask != ASK_NOTHING || check_pairs(out, err);
}
