/* SPDX-License-Identifier: MIT */
/* What configuration holds, one line a value: "place: key = value". For a draft, what is known of it comes last. */
#include "base/json.h"
#include "base/show.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/globs.h"
#include "cli/profile.h"
#include "cli/say.h"
#include "cli/walk.h"

typedef struct Row {
    Str key, value;
    ConfigPlace at; /* empty path: it is built in */
} Row;

typedef struct Rows {
    VEC(Row) all;
    Arena *arena;
    Str date;
} Rows;

static void add(Rows *r, Str key, const ConfigValue *v)
{
    if (v->text.len)
        VEC_PUSH(&r->all, r->arena) = (Row){key, v->text, v->at};
}

#define KEY(r, ...) sml_arena_printf((r)->arena, __VA_ARGS__)

/* Some facts have another name in the file than in a context. */
static Str key_name(const char *fact, bool of_account)
{
    if (of_account && sml_str_eq(sml_str_from(fact), STR("account")))
        return STR("kind");
    if (sml_str_eq(sml_str_from(fact), STR("names_employer")))
        return STR("names-employer");
    return sml_str_from(fact);
}

static void add_facts(Rows *r, Str prefix, const ConfigFacts *f, bool of_account)
{
#define X(name)                                                                                    \
    add(r, KEY(r, "%.*s%.*s", STR_ARG(prefix), STR_ARG(key_name(#name, of_account))), &f->name);
    CONFIG_FACTS(X)
#undef X
}

static void add_values(Rows *r, Str key, const ConfigValues *v)
{
    for (uint32_t i = 0; i < v->n; i++)
        add(r, key, &v->v[i]);
}

static void add_sign(Rows *r, Str prefix, const ConfigSign *s)
{
    add(r, KEY(r, "%.*sreason", STR_ARG(prefix)), &s->reason);
    add(r, KEY(r, "%.*sby", STR_ARG(prefix)), &s->by);
    ConfigValue until = s->until;
    if (sml_profiles_expired(s, r->date))
        until.text = KEY(r, "%.*s (over: it holds no more)", STR_ARG(until.text));
    add(r, KEY(r, "%.*suntil", STR_ARG(prefix)), &until);
}

static void add_allow(Rows *r, uint32_t n, const sml_allow *allow)
{
    ConfigPlace at = {allow->path, allow->line, allow->col};
    const struct {
        const char *key;
        const Str *v;
        uint32_t n;
    } parts[] = {
        {"rule", &allow->rule, 1},
        {"match", allow->match, allow->n_match},
        {"fingerprint", allow->prints, allow->n_prints},
    };
    Str prefix = KEY(r, "allow.%u.", n);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (uint32_t k = 0; k < parts[i].n; k++)
            add(r, KEY(r, "%.*s%s", STR_ARG(prefix), parts[i].key),
                &(ConfigValue){parts[i].v[k], at});
    add_sign(r, prefix, &(ConfigSign){{allow->reason, at}, {allow->by, at}, {allow->until, at}});
}

static void add_entries(Rows *r, const Config *c)
{
    for (uint32_t i = 0; i < c->accounts.n; i++)
        add_facts(r, KEY(r, "accounts.%.*s.", STR_ARG(c->accounts.v[i].head.name)),
                  &c->accounts.v[i].facts, true);
    for (uint32_t i = 0; i < c->paths.n; i++) {
        Str prefix = KEY(r, "paths.%.*s.", STR_ARG(c->paths.v[i].head.name));
        add_facts(r, prefix, &c->paths.v[i].facts, false);
        add(r, KEY(r, "%.*sfail-on", STR_ARG(prefix)), &c->paths.v[i].fail_on);
        add_values(r, KEY(r, "%.*srulebooks", STR_ARG(prefix)), &c->paths.v[i].rulebooks);
    }
    for (uint32_t i = 0; i < c->overrides.n; i++) {
        Str prefix = KEY(r, "override.%.*s.", STR_ARG(c->overrides.v[i].head.name));
        add(r, KEY(r, "%.*sgrade", STR_ARG(prefix)), &c->overrides.v[i].grade);
        add_sign(r, prefix, &c->overrides.v[i].sign);
    }
    for (uint32_t i = 0; i < c->excludes.n; i++) {
        Str prefix = KEY(r, "exclude.%u.", i + 1);
        add_values(r, KEY(r, "%.*spaths", STR_ARG(prefix)), &c->excludes.v[i].paths);
        add_values(r, KEY(r, "%.*srules", STR_ARG(prefix)), &c->excludes.v[i].rules);
        add_sign(r, prefix, &c->excludes.v[i].sign);
    }
    for (uint32_t i = 0; i < c->allows.n; i++)
        add_allow(r, i + 1, &c->allows.v[i]);
    for (uint32_t i = 0; i < c->contacts.n; i++)
        add(r, KEY(r, "contacts.%.*s", STR_ARG(c->contacts.v[i].head.name)),
            &c->contacts.v[i].value);
    for (uint32_t i = 0; i < c->periods.n; i++) {
        const ConfigPeriod *p = &c->periods.v[i];
        Str prefix = KEY(r, "calendar.%.*s.", STR_ARG(p->head.name));
        add(r, KEY(r, "%.*skind", STR_ARG(prefix)), &p->kind);
        add(r, KEY(r, "%.*snation", STR_ARG(prefix)), &p->nation);
        add(r, KEY(r, "%.*sfrom", STR_ARG(prefix)), &p->from);
        add(r, KEY(r, "%.*sto", STR_ARG(prefix)), &p->to);
        add(r, KEY(r, "%.*ssource", STR_ARG(prefix)), &p->source);
        add(r, KEY(r, "%.*sstatus", STR_ARG(prefix)), &p->status);
    }
}

static void add_config(Rows *r, const Config *c)
{
    ConfigValue fail_on = c->fail_on;
    if (fail_on.text.len == 0)
        fail_on.text = STR("warning");
    add(r, STR("fail-on"), &fail_on);
    ConfigValue longest_term = c->longest_term;
    if (longest_term.text.len == 0)
        longest_term.text = KEY(r, "%d days", CONFIG_LONGEST_TERM);
    add(r, STR("longest-term"), &longest_term);
    add(r, STR("baseline"), &c->baseline);
    add(r, STR("messages"), &c->messages);
    add_facts(r, STR(""), &c->facts, false);
    add_values(r, STR("rulebooks"), &c->rulebooks);
    add_entries(r, c);
}

/* ---- one draft ------------------------------------------------------------------------------- */

static void lay_over(ConfigFacts *under, const ConfigFacts *over)
{
#define X(name)                                                                                    \
    if (over->name.text.len)                                                                       \
        under->name = over->name;
    CONFIG_FACTS(X)
#undef X
}

static ConfigFacts facts_of(const Config *c, Str path, ConfigValue *handle, Arena *a)
{
    ConfigFacts all = c->facts, own = {0};
    Str captured;
    for (uint32_t i = 0; i < c->paths.n; i++) {
        if (!sml_config_path_matches(&captured, &c->paths.v[i], path, a))
            continue;
        lay_over(&own, &c->paths.v[i].facts);
        if (captured.len)
            own.account = (ConfigValue){captured, c->paths.v[i].head.at};
    }
    for (uint32_t i = 0; i < c->accounts.n; i++)
        if (own.account.text.len && sml_str_eq_nocase(c->accounts.v[i].head.name, own.account.text))
            lay_over(&all, &c->accounts.v[i].facts);
    if (sml_str_starts(own.account.text, STR("@"))) {
        *handle = own.account;
        own.account = (ConfigValue){0};
    }
    lay_over(&all, &own);
    return all;
}

static void add_draft(Rows *r, const Settled *s, Str path)
{
    ConfigValue left_out = {0}, handle = {0};
    ConfigFacts facts = facts_of(s->config, s->absolute, &handle, r->arena);
    add(r, KEY(r, "%.*s: handle", STR_ARG(path)), &handle);
    add_facts(r, KEY(r, "%.*s: ", STR_ARG(path)), &facts, false);
    if (s->excluded)
        left_out = (ConfigValue){STR("true"), s->excluded->head.at};
    add(r, KEY(r, "%.*s: left out", STR_ARG(path)), &left_out);
}

static void add_folder(Strs *folders, const ConfigHead *head, Arena *a)
{
    bool has = head->level != LEVEL_PROJECT;
    for (uint32_t i = 0; i < folders->n; i++)
        has = has || sml_str_eq(folders->v[i], head->base);
    if (!has)
        VEC_PUSH(folders, a) = head->base;
}

/* The drafts below the folder of each file that has globs: mostly it is one. */
static void say_idle_globs(const Config *config, Arena *a)
{
    Options options = {.input = STR("auto")};
    Inputs found = {0};
    Strs drafts = {0};
    sml_error err;
    for (uint32_t i = 0; i < config->paths.n; i++)
        add_folder(&options.operands, &config->paths.v[i].head, a);
    for (uint32_t i = 0; i < config->excludes.n; i++)
        add_folder(&options.operands, &config->excludes.v[i].head, a);
    if (options.operands.n == 0 || !sml_walk_find(&found, &options, a, &err))
        return;
    for (uint32_t i = 0; i < found.n; i++)
        VEC_PUSH(&drafts, a) = found.v[i].path;
    sml_globs_say_idle(config,
                       &(Walked){.folders = options.operands.v,
                                 .n_folders = options.operands.n,
                                 .drafts = drafts.v,
                                 .n_drafts = drafts.n,
                                 .all = true},
                       a);
}

static bool is_account(const Config *c, Str handle)
{
    for (uint32_t i = 0; i < c->accounts.n; i++)
        if (sml_str_eq_nocase(c->accounts.v[i].head.name, handle))
            return true;
    return false;
}

static void say_unknown_accounts(const Config *c)
{
    sml_error err;
    for (uint32_t i = 0; i < c->paths.n; i++) {
        const ConfigValue *account = &c->paths.v[i].facts.account;
        if (!sml_str_starts(account->text, STR("@")) || is_account(c, account->text))
            continue;
        sml_error_at(&err, account->at.path, account->at.line, account->at.col,
                     "no account \"%.*s\" is configured, so nothing is known of it",
                     STR_ARG(account->text));
        sml_say_diagnostic(NULL, &err, false);
    }
}

/* Whom nobody says to ask: a misspelt name mostly. */
static bool is_asked(const Rulebooks *rulebooks, Str name)
{
    for (uint32_t b = 0; b < rulebooks->n; b++)
        for (uint32_t i = 0; i < sml_rulebook_count(rulebooks->v[b]); i++) {
            sml_rule rule;
            sml_rulebook_rule(&rule, rulebooks->v[b], i);
            for (size_t at = 0; at + name.len <= rule.ask.len; at++)
                if (sml_str_eq_nocase(sml_str_slice(rule.ask, at, at + name.len), name))
                    return true;
        }
    return false;
}

static void say_idle_contacts(const Settled *s)
{
    sml_error err;
    for (uint32_t i = 0; i < s->config->contacts.n; i++) {
        const ConfigHead *head = &s->config->contacts.v[i].head;
        if (is_asked(&s->profile->rulebooks, head->name))
            continue;
        sml_error_at(&err, head->at.path, head->at.line, head->at.col,
                     "no rule says to ask \"%.*s\"", STR_ARG(head->name));
        sml_say_diagnostic(NULL, &err, false);
    }
}

/* ---- printing -------------------------------------------------------------------------------- */

static void print_text(Buf *out, const Rows *r)
{
    for (uint32_t i = 0; i < r->all.n; i++) {
        const Row *row = &r->all.v[i];
        if (row->at.path.len) {
            sml_show_safe(out, row->at.path);
            sml_buf_addf(out, ":%u: ", row->at.line);
        } else {
            sml_buf_add(out, STR("built in: "));
        }
        sml_show_safe(out, row->key);
        sml_buf_add(out, STR(" = "));
        sml_show_safe(out, row->value);
        sml_buf_addc(out, '\n');
    }
}

static void print_json(Buf *out, const Rows *r)
{
    JsonWriter w = {.out = out};
    sml_json_array(&w);
    for (uint32_t i = 0; i < r->all.n; i++) {
        const Row *row = &r->all.v[i];
        sml_json_break(&w);
        sml_json_object(&w);
        sml_json_key(&w, STR("key"));
        sml_json_string(&w, row->key);
        sml_json_key(&w, STR("value"));
        sml_json_string(&w, row->value);
        if (row->at.path.len) {
            sml_json_key(&w, STR("path"));
            sml_json_string(&w, row->at.path);
            sml_json_key(&w, STR("line"));
            sml_json_uint(&w, row->at.line);
        }
        sml_json_close(&w);
    }
    sml_json_break(&w);
    sml_json_close(&w);
    sml_buf_addc(out, '\n');
}

static void print(Command *c, const Settled *s, Str path)
{
    Rows rows = {.arena = c->arena, .date = c->options.context.date};
    Buf out = {0};
    add_config(&rows, s->config);
    if (path.len)
        add_draft(&rows, s, path);
    if (sml_str_eq(c->options.list_format, STR("json")))
        print_json(&out, &rows);
    else
        print_text(&out, &rows);
    sml_cmd_print(c, &out);
    sml_buf_free(&out);
}

int sml_cmd_config(Command *c)
{
    Settled s;
    sml_error err;
    const Strs *files = &c->options.operands;
    if (c->options.schema) {
        Buf schema = {0};
        sml_config_schema(&schema);
        sml_cmd_print(c, &schema);
        sml_buf_free(&schema);
        return STATUS_CLEAN;
    }
    if (files->n > 1)
        return sml_cmd_usage(c->verb, "config takes one FILE at a time");
    if (!sml_clock_fill(&c->options.context, c->arena, &err))
        return sml_cmd_usage(c->verb, "%s", err.message);
    Str path = files->n ? files->v[0] : (Str){NULL, 0};
    Profiles *p = sml_profiles_new(&c->options, &(sml_options)SML_OPTIONS_INIT, c->arena);
    bool ok = p && sml_profiles_settle(&s, p, path);
    if (ok) {
        print(c, &s, path);
        say_idle_globs(s.config, c->arena);
        say_unknown_accounts(s.config);
        say_idle_contacts(&s);
    }
    sml_profiles_free(p);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
