/* SPDX-License-Identifier: MIT */
/*
 * Three things are found once and then shared, since a folder of drafts asks for the same again and again: what files
 * hold for a folder (Folder), what those files say (Configuration), and what that comes to for a draft (Profile). The
 * key of a profile is its configuration and one byte for every row of `paths` and `exclude`: does it mean this draft?
 *
 *     exclude: [{paths: 'news/', rules: demo/vote, ...}]     drafts in news/ have the key "1", all others "0"
 */
#include "cli/profile.h"

#include "base/date.h"
#include "cli/clock.h"
#include "cli/places.h"
#include "cli/say.h"

#include <string.h>

typedef struct Configuration {
    Str file; /* the project's; empty: there is none */
    Config config;
    bool *lowers; /* by override: does it lower anything? */
    bool failed;
} Configuration;

typedef struct Folder {
    Str path; /* as in the names of drafts */
    Str real;
    Configuration *configuration;
} Folder;

typedef struct Shelved {
    Str path;
    sml_rulebook *rulebook; /* NULL: it has problems, which were told */
} Shelved;

typedef struct LeftOut {
    const ConfigExclude *by;
    uint32_t n; /* drafts */
} LeftOut;

struct Profiles {
    const Options *options;
    sml_options shape;
    Str date;
    Arena *arena;
    Rulebooks common; /* of the command line */
    Rulebooks all;
    VEC(Shelved)
    shelf; /* those that have a file, by its real name; these may be of the command line too */
    uint32_t n_given; /* the first of the shelf: those of the command line */
    VEC(Configuration *) configurations;
    VEC(Folder) folders;
    VEC(Profile *) profiles;
    Strs changes;
    VEC(LeftOut) left_out;
};

/* ---- rules by name --------------------------------------------------------------------------- */

static bool is_family(Str name)
{
    return sml_str_find(name, STR("/"), 0) == SIZE_MAX;
}

/* Of the rules that a name means: the worst grade of those that `grade` lowers, SML_CLEAN where it lowers none. */
typedef struct Effect {
    uint32_t n; /* rules that it means */
    sml_grade lowered;
    bool locked; /* one that is locked, and named itself */
    bool passed; /* a family's locked rule was passed over */
} Effect;

static void add_rule(Effect *e, const sml_rule_brief *rule, sml_grade grade, bool by_family,
                     bool leave)
{
    e->n++;
    if (grade >= rule->worst)
        return;
    if (rule->locked && !leave) {
        *(by_family ? &e->passed : &e->locked) = true;
        return;
    }
    e->lowered = rule->worst > e->lowered ? rule->worst : e->lowered;
}

/* The first rule, by id, that is not of a family before `name`. */
static uint32_t first_of(const sml_rulebook *r, Str name)
{
    sml_rule_brief rule;
    uint32_t low = 0, high = sml_rulebook_count(r);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        sml_rulebook_brief(&rule, r, middle);
        if (sml_str_cmp(rule.id, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_family(Effect *e, const sml_rulebook *r, Str name, sml_grade grade, bool leave)
{
    sml_rule_brief rule;
    for (uint32_t i = first_of(r, name); i < sml_rulebook_count(r); i++) {
        sml_rulebook_brief(&rule, r, i);
        if (!sml_str_starts(rule.id, name))
            break;
        if (sml_str_eq(rule.family, name))
            add_rule(e, &rule, grade, true, leave);
    }
}

static Effect effect_of(const Rulebooks *rulebooks, Str name, sml_grade grade, bool leave)
{
    Effect e = {0};
    for (uint32_t b = 0; b < rulebooks->n; b++) {
        const sml_rulebook *r = rulebooks->v[b];
        sml_rule_brief rule;
        uint32_t at = sml_rulebook_find(r, name);
        if (is_family(name)) {
            add_family(&e, r, name, grade, leave);
        } else if (at != UINT32_MAX) {
            sml_rulebook_brief(&rule, r, at);
            add_rule(&e, &rule, grade, false, leave);
        }
    }
    return e;
}

/* ---- does what they say hold good? ----------------------------------------------------------- */

bool sml_profiles_expired(const ConfigSign *sign, Str date)
{
    return sign->until.text.len && sml_clock_days(sign->until.text, date) > 0;
}

static Str say_place(const Profiles *p, ConfigPlace at)
{
    return sml_arena_printf(p->arena, "%.*s:%u", STR_ARG(at.path), at.line);
}

/* A row about rules, being looked at. */
typedef struct Row {
    Profiles *profiles;
    Configuration *of;
    const ConfigHead *head;
    const ConfigSign *sign;
} Row;

#define ROW_PROBLEM(row, at, ...)                                                                  \
    sml_config_problem(&(row)->of->config, (row)->profiles->arena, (at), __VA_ARGS__)

static bool check_name(const Row *row, Str name, ConfigPlace at, const Effect *e)
{
    const Profiles *p = row->profiles;
    Str near = e->n ? (Str){NULL, 0} : sml_rulebooks_nearest(&p->all, name, p->arena);
    if (near.len)
        return ROW_PROBLEM(row, at, "unknown rule or family \"%.*s\"; did you mean \"%.*s\"?",
                           STR_ARG(name), STR_ARG(near));
    if (e->n == 0)
        return ROW_PROBLEM(row, at,
                           "unknown rule or family \"%.*s\"; all are listed by sm-lint rules",
                           STR_ARG(name));
    if (e->locked)
        return ROW_PROBLEM(row, at,
                           "\"%.*s\" is locked; only the organisation's configuration can lower it",
                           STR_ARG(name));
    return true;
}

static bool check_sign(const Row *row, Str name, ConfigPlace at, sml_grade lowered)
{
    const ConfigSign *s = row->sign;
    if (lowered == SML_CLEAN)
        return true;
    if (s->reason.text.len == 0)
        return ROW_PROBLEM(row, at, "this lowers \"%.*s\" and must have a \"reason\"; say why",
                           STR_ARG(name));
    if (lowered > SML_NOTICE && (s->by.text.len == 0 || s->until.text.len == 0))
        return ROW_PROBLEM(row, at,
                           "this lowers \"%.*s\", which can be %s, and must have \"%s\"; say %s",
                           STR_ARG(name), lowered == SML_ERROR ? "an error" : "a warning",
                           s->by.text.len ? "until" : "by",
                           s->by.text.len ? "the last day that it holds" : "who decided");
    return true;
}

/* Of one name: the worst grade that is lowered, and may be. */
static sml_grade check_rule(const Row *row, Str name, ConfigPlace at, sml_grade grade)
{
    bool leave = row->head->level == LEVEL_ORGANISATION;
    Effect e = effect_of(&row->profiles->all, name, grade, leave);
    return check_name(row, name, at, &e) && check_sign(row, name, at, e.lowered) ? e.lowered
                                                                                 : SML_CLEAN;
}

/* An end in a hundred years is none. */
static void check_term(Profiles *p, Configuration *of, Str until, ConfigPlace at)
{
    char latest[16];
    Minutes today, unused;
    uint32_t most = sml_config_longest_term(&of->config);
    if (until.len == 0 || sml_clock_days(p->date, until) <= (int64_t)most ||
        !sml_date_parse(p->date, &today, &unused))
        return;
    sml_date_format(latest, sml_date_after(today, most));
    const ConfigValue *said = &of->config.longest_term;
    Str place = {NULL, 0};
    if (said->text.len)
        place = sml_arena_printf(p->arena, " (%.*s)", STR_ARG(say_place(p, said->at)));
    sml_config_problem(&of->config, p->arena, at,
                       "this ends too late; %s is the latest day, %u days from %.*s, as "
                       "\"longest-term\" says%.*s",
                       latest, most, STR_ARG(p->date), STR_ARG(place));
}

static void add_change(Profiles *p, Str what)
{
    for (uint32_t i = 0; i < p->changes.n; i++)
        if (sml_str_eq(p->changes.v[i], what))
            return;
    VEC_PUSH(&p->changes, p->arena) = what;
}

/* For whoever writes the configuration; what had it is in the report too. */
static void say_expired(const Row *row, Str what)
{
    sml_error e;
    const ConfigValue *until = &row->sign->until;
    sml_error_at(&e, until->at.path, until->at.line, until->at.col,
                 "this ended on %.*s, so %.*s again", STR_ARG(until->text), STR_ARG(what));
    sml_say_diagnostic(NULL, &e, false);
}

/* SML_CLEAN for "off". */
static sml_grade grade_of(const ConfigOverride *o)
{
    sml_grade grade = SML_CLEAN;
    sml_grade_parse(&grade, o->grade.text);
    return grade;
}

static void check_overrides(Profiles *p, Configuration *of)
{
    Config *c = &of->config;
    of->lowers = ARENA_ARRAY(p->arena, bool, c->overrides.n);
    for (uint32_t i = 0; i < c->overrides.n; i++) {
        const ConfigOverride *o = &c->overrides.v[i];
        Row row = {p, of, &o->head, &o->sign};
        sml_grade lowered = check_rule(&row, o->head.name, o->head.at, grade_of(o));
        of->lowers[i] = lowered > SML_CLEAN;
        if (lowered > SML_NOTICE)
            check_term(p, of, o->sign.until.text, o->sign.until.at);
        if (of->lowers[i] && sml_profiles_expired(&o->sign, p->date))
            say_expired(&row, sml_arena_printf(p->arena, "the rulebook's grade of \"%.*s\" holds",
                                               STR_ARG(o->head.name)));
    }
}

static void check_excludes(Profiles *p, Configuration *of)
{
    Config *c = &of->config;
    for (uint32_t i = 0; i < c->excludes.n; i++) {
        const ConfigExclude *x = &c->excludes.v[i];
        Row row = {p, of, &x->head, &x->sign};
        sml_grade worst = x->rules.n ? SML_CLEAN : SML_ERROR;
        for (uint32_t k = 0; k < x->rules.n; k++) {
            sml_grade lowered = check_rule(&row, x->rules.v[k].text, x->rules.v[k].at, SML_CLEAN);
            worst = lowered > worst ? lowered : worst;
        }
        if (worst > SML_NOTICE)
            check_term(p, of, x->sign.until.text, x->sign.until.at);
        if (!sml_profiles_expired(&x->sign, p->date))
            continue;
        say_expired(&row, x->rules.n ? STR("these rules run") : STR("these drafts are checked"));
        if (x->rules.n == 0)
            add_change(p, sml_arena_printf(p->arena, "an exclusion has ended (%.*s)",
                                           STR_ARG(say_place(p, x->head.at))));
    }
}

/* Where other things are wrong with the entries, no more can be said of them. */
static void check_names(Profiles *p, Configuration *of)
{
    const Config *c = &of->config;
    Row row = {.profiles = p, .of = of};
    for (uint32_t i = 0; i < c->overrides.n; i++) {
        const ConfigHead *head = &c->overrides.v[i].head;
        Effect e = effect_of(&p->all, head->name, SML_ERROR, true);
        check_name(&row, head->name, head->at, &e);
    }
    for (uint32_t i = 0; i < c->excludes.n; i++)
        for (uint32_t k = 0; k < c->excludes.v[i].rules.n; k++) {
            const ConfigValue *rule = &c->excludes.v[i].rules.v[k];
            Effect e = effect_of(&p->all, rule->text, SML_ERROR, true);
            check_name(&row, rule->text, rule->at, &e);
        }
}

/* At a draft nobody would miss it: the finding that it was to set aside may be rare. */
static void check_allow(Profiles *p, Configuration *of, const sml_allow *allow)
{
    const sml_rulebook *home;
    sml_rule rule;
    ConfigPlace at = {allow->path, allow->line, allow->col};
    if (sml_rulebooks_find(&rule, &home, &p->all, allow->rule)) {
        if (rule.locked && !allow->organisation)
            sml_config_problem(&of->config, p->arena, at,
                               "\"%.*s\" is locked; only the organisation's configuration can "
                               "approve it",
                               STR_ARG(allow->rule));
        else if (rule.worst > SML_NOTICE)
            check_term(p, of, allow->until, at);
        return;
    }
    if (is_family(allow->rule) && effect_of(&p->all, allow->rule, SML_ERROR, true).n) {
        sml_config_problem(&of->config, p->arena, at,
                           "\"%.*s\" is a family; an approval names one rule",
                           STR_ARG(allow->rule));
        return;
    }
    Row row = {.profiles = p, .of = of};
    check_name(&row, allow->rule, at, &(Effect){0});
}

/* An entry that is moved opens and closes at other times than the rulebook's owners said. */
static void check_moved(Profiles *p, const ConfigPeriod *period, const sml_period *known)
{
    if (sml_str_eq(known->name, period->head.name))
        add_change(p,
                   sml_arena_printf(p->arena, "the period %.*s is moved (%.*s)",
                                    STR_ARG(known->name), STR_ARG(say_place(p, period->head.at))));
}

/* A kind that no rule can ask for would never count, and an entry that it moves would count no more. */
static void check_period(Profiles *p, Configuration *of, const ConfigPeriod *period)
{
    Strs kinds = {0};
    bool asked = false;
    for (uint32_t b = 0; b < p->all.n; b++)
        for (uint32_t i = 0; i < sml_rulebook_periods(p->all.v[b]); i++) {
            sml_period known;
            sml_rulebook_period(&known, p->all.v[b], i);
            check_moved(p, period, &known);
            bool by_name = known.kind.len == 0 && sml_str_eq(known.name, period->head.name);
            asked = asked || by_name || sml_str_eq(known.kind, period->kind.text);
            if (known.kind.len)
                VEC_PUSH(&kinds, p->arena) = known.kind;
        }
    if (asked)
        return;
    Str near = sml_str_nearest(period->kind.text, kinds.v, kinds.n);
    sml_config_problem(
        &of->config, p->arena, period->kind.at, "no rulebook has periods of kind \"%.*s\"%s%.*s%s",
        STR_ARG(period->kind.text), near.len ? "; did you mean \"" : "", STR_ARG(near),
        near.len ? "\"?" : "; sm-lint calendar shows which there are");
}

/* ---- rulebooks ------------------------------------------------------------------------------- */

/* What a file is known by, however it is written; one that is not there is known as it was written. */
static Str shelf_name(const Profiles *p, Str path)
{
    Str real = sml_places_real(path, p->arena);
    return real.len ? real : path;
}

static const Shelved *find_shelved(const Profiles *p, Str name)
{
    for (uint32_t i = 0; i < p->shelf.n; i++)
        if (sml_str_eq(p->shelf.v[i].path, name))
            return &p->shelf.v[i];
    return NULL;
}

static bool take(Profiles *p, Config *c, const ConfigValue *file)
{
    sml_error untold;
    Str name = shelf_name(p, file->text);
    const Shelved *shelved = find_shelved(p, name);
    if (shelved)
        return shelved->rulebook;
    sml_rulebook *r = sml_rulebooks_open(file->text, &untold);
    if (untold.message[0])
        return sml_config_problem(c, p->arena, file->at, "rulebook \"%.*s\": %s",
                                  STR_ARG(file->text), untold.message);
    VEC_PUSH(&p->shelf, p->arena) = (Shelved){name, r};
    if (r)
        VEC_PUSH(&p->all, p->arena) = r;
    return r;
}

static bool take_all(Profiles *p, Config *c, const ConfigValues *files)
{
    bool ok = true;
    for (uint32_t i = 0; i < files->n; i++)
        ok = take(p, c, &files->v[i]) && ok;
    return ok;
}

static bool load_rulebooks(Profiles *p, Config *c)
{
    bool ok = take_all(p, c, &c->rulebooks);
    for (uint32_t i = 0; i < c->paths.n; i++)
        ok = take_all(p, c, &c->paths.v[i].rulebooks) && ok;
    return ok;
}

/* ---- configurations -------------------------------------------------------------------------- */

static void read_one(Profiles *p, Config *c, Str file, Str root, ConfigLevel level)
{
    if (file.len == 0)
        return;
    Str folder = sml_places_folder(file, p->arena);
    if (level != LEVEL_PROJECT) /* that one was looked for from an absolute path */
        folder = sml_places_absolute(folder, p->arena);
    ConfigFile f = {sml_places_shown(file, p->arena), folder, root, level};
    sml_config_read(c, &f, p->arena);
}

static bool read_all(Profiles *p, Configuration *of, const Project *project)
{
    Config *c = &of->config;
    if (!p->options->no_config) {
        read_one(p, c, sml_places_organisation(p->arena), (Str){NULL, 0}, LEVEL_ORGANISATION);
        read_one(p, c, sml_places_user(p->arena), (Str){NULL, 0}, LEVEL_USER);
        read_one(p, c, project->file, project->root, LEVEL_PROJECT);
    }
    bool sound = c->problems.n == 0;
    if (!load_rulebooks(p, c))
        return false;
    if (!sound) {
        if (!c->partial)
            check_names(p, of);
        return false;
    }
    check_overrides(p, of);
    check_excludes(p, of);
    for (uint32_t i = 0; i < c->allows.n; i++)
        check_allow(p, of, &c->allows.v[i]);
    for (uint32_t i = 0; i < c->periods.n; i++)
        check_period(p, of, &c->periods.v[i]);
    return c->problems.n == 0;
}

static Configuration *configuration_of(Profiles *p, const Project *project)
{
    for (uint32_t i = 0; i < p->configurations.n; i++)
        if (sml_str_eq(p->configurations.v[i]->file, project->file))
            return p->configurations.v[i];
    Configuration *new = ARENA_NEW(p->arena, Configuration);
    VEC_PUSH(&p->configurations, p->arena) = new;
    new->file = project->file;
    new->failed = !read_all(p, new, project);
    for (uint32_t i = 0; i < new->config.problems.n; i++)
        sml_say_problem(&new->config.problems.v[i]);
    return new;
}

static Configuration *search(Profiles *p, const Folder *f)
{
    Project project = {0};
    sml_error err;
    Str named = p->options->config;
    if (p->options->no_config)
        return configuration_of(p, &project);
    if (named.len)
        project = sml_places_project_of(sml_places_absolute(named, p->arena), p->arena);
    else if (!sml_places_project(&project, f->real, p->arena, &err)) {
        sml_say_problem(&err);
        return NULL;
    }
    return configuration_of(p, &project);
}

/* Drafts of one folder mostly follow each other. NULL after a problem. */
static const Folder *folder_of(Profiles *p, Str path)
{
    Str name = sml_places_folder(path, p->arena);
    for (uint32_t i = p->folders.n; i > 0; i--)
        if (sml_str_eq(p->folders.v[i - 1].path, name))
            return &p->folders.v[i - 1];
    Folder new = {.path = name};
    new.real = sml_places_absolute(name.len ? name : STR("."), p->arena);
    new.configuration = search(p, &new);
    VEC_PUSH(&p->folders, p->arena) = new;
    return &VEC_LAST(&p->folders);
}

/* ---- one draft ------------------------------------------------------------------------------- */

static void fill_facts(sml_context *c, const ConfigFacts *f)
{
    Str account = f->account.text;
    bool handle = sml_str_starts(account, STR("@"));
    if (account.len)
        c->account = c->handle = (Str){NULL, 0};
#define X(name)                                                                                    \
    if (f->name.text.len)                                                                          \
        c->name = f->name.text;
    CONFIG_FACTS(X)
#undef X
    if (handle) {
        c->handle = account;
        c->account = (Str){NULL, 0};
    }
}

static bool means(const ConfigValues *globs, Str base, Str path)
{
    for (uint32_t i = 0; i < globs->n; i++)
        if (sml_config_matches(globs->v[i].text, base, path))
            return true;
    return false;
}

/* What is left out unread does not say when it goes out, so that the day of the check has to do. */
static bool is_in_force(const Profiles *p, const ConfigExclude *x, Str path)
{
    if (x->rules.n == 0 && sml_profiles_expired(&x->sign, p->date))
        return false;
    return x->paths.n == 0 || means(&x->paths, x->head.base, path);
}

/* A byte a row, behind the configuration's name. */
static Str key_of(Profiles *p, const Configuration *of, Str path)
{
    const Config *c = &of->config;
    Buf key = {0};
    sml_buf_add(&key, of->file);
    sml_buf_addc(&key, ' ');
    for (uint32_t i = 0; i < c->paths.n; i++)
        sml_buf_addc(&key, c->paths.v[i].rulebooks.n &&
                                   sml_config_path_matches(NULL, &c->paths.v[i], path, p->arena)
                               ? '1'
                               : '0');
    for (uint32_t i = 0; i < c->excludes.n; i++)
        sml_buf_addc(&key, is_in_force(p, &c->excludes.v[i], path) ? '1' : '0');
    Str out = sml_arena_copy(p->arena, sml_buf_str(&key));
    sml_buf_free(&key);
    return out;
}

/* ---- profiles -------------------------------------------------------------------------------- */

typedef VEC(sml_override) Overrides;

/* " until 2027-03-31", or nothing. */
static Str say_end(const Profiles *p, Str until)
{
    return until.len ? sml_arena_printf(p->arena, " until %.*s", STR_ARG(until)) : (Str){NULL, 0};
}

static void add_override(Profiles *p, Overrides *out, const Profile *profile, sml_override o,
                         bool lowers, ConfigPlace at)
{
    Effect e = effect_of(&profile->rulebooks, o.rule, o.grade, o.locked);
    if (e.n == 0)
        return; /* a rule of a rulebook that is for other drafts */
    VEC_PUSH(out, p->arena) = o;
    if (!lowers)
        return;
    const char *now = o.grade == SML_CLEAN     ? "off"
                      : o.grade == SML_NOTICE  ? "a notice"
                      : o.grade == SML_WARNING ? "a warning"
                                               : "an error";
    bool over = o.until.len && sml_clock_days(o.until, p->date) > 0;
    add_change(p, sml_arena_printf(p->arena, "%.*s %s %s%.*s%s (%.*s)", STR_ARG(o.rule),
                                   over ? "was" : "is", now, STR_ARG(say_end(p, o.until)),
                                   e.passed ? " but for locked rules" : "",
                                   STR_ARG(say_place(p, at))));
}

/* Families first, so that a rule's own row wins; what is excluded last. */
static void fill_overrides(Profiles *p, Profile *profile, const Configuration *of, Str path)
{
    const Config *c = &of->config;
    Overrides all = {0};
    for (int own = 0; own < 2; own++)
        for (uint32_t i = 0; i < c->overrides.n; i++) {
            const ConfigOverride *o = &c->overrides.v[i];
            if (is_family(o->head.name) == own)
                continue;
            bool leave = o->head.level == LEVEL_ORGANISATION;
            sml_override given = {o->head.name, grade_of(o), leave, o->sign.until.text};
            add_override(p, &all, profile, given, of->lowers[i], o->head.at);
        }
    for (uint32_t i = 0; i < c->excludes.n; i++) {
        const ConfigExclude *x = &c->excludes.v[i];
        for (uint32_t k = 0; k < x->rules.n && is_in_force(p, x, path); k++) {
            bool leave = x->head.level == LEVEL_ORGANISATION;
            sml_override off = {x->rules.v[k].text, SML_CLEAN, leave, x->sign.until.text};
            add_override(p, &all, profile, off, true, x->rules.v[k].at);
        }
    }
    profile->options.overrides = all.v;
    profile->options.n_overrides = all.n;
}

static void fill_periods(Profiles *p, Profile *profile, const Config *c)
{
    sml_period *v = ARENA_ARRAY(p->arena, sml_period, c->periods.n);
    for (uint32_t i = 0; i < c->periods.n; i++)
        v[i] = (sml_period){.name = c->periods.v[i].head.name,
                            .kind = c->periods.v[i].kind.text,
                            .nation = c->periods.v[i].nation.text,
                            .from = c->periods.v[i].from.text,
                            .to = c->periods.v[i].to.text,
                            .status = c->periods.v[i].status.text};
    profile->options.periods = v;
    profile->options.n_periods = c->periods.n;
}

static void fill_contacts(Profiles *p, Profile *profile, const Config *c)
{
    sml_pair *v = ARENA_ARRAY(p->arena, sml_pair, c->contacts.n);
    for (uint32_t i = 0; i < c->contacts.n; i++)
        v[i] = (sml_pair){c->contacts.v[i].head.name, c->contacts.v[i].value.text};
    profile->options.contacts = v;
    profile->options.n_contacts = c->contacts.n;
}

static void fill_accounts(Profiles *p, Profile *profile, const Config *c)
{
    sml_account *v = ARENA_ARRAY(p->arena, sml_account, (size_t)c->accounts.n + 1);
    for (uint32_t i = 0; i < c->accounts.n; i++) {
        v[i].handle = c->accounts.v[i].head.name;
        fill_facts(&v[i].facts, &c->accounts.v[i].facts);
    }
    fill_facts(&v[c->accounts.n].facts, &c->facts);
    profile->options.accounts = v;
    profile->options.n_accounts = c->accounts.n + 1;
}

static void add_rulebooks(Profiles *p, Profile *profile, const ConfigValues *files)
{
    for (uint32_t i = 0; i < files->n; i++) {
        sml_rulebook *r = find_shelved(p, shelf_name(p, files->v[i].text))->rulebook;
        bool has = false;
        for (uint32_t k = 0; k < profile->rulebooks.n; k++)
            has = has || profile->rulebooks.v[k] == r;
        if (!has)
            VEC_PUSH(&profile->rulebooks, p->arena) = r;
    }
}

static Profile *new_profile(Profiles *p, const Configuration *of, Str path, Str key)
{
    const Config *c = &of->config;
    Profile *new = ARENA_NEW(p->arena, Profile);
    new->key = key;
    new->config = c;
    new->options = p->shape;
    new->options.date = p->date;
    new->options.longest_term = sml_config_longest_term(c);
    if (p->shape.language.len == 0)
        new->options.language = c->messages.text;
    for (uint32_t i = 0; i < p->common.n; i++)
        VEC_PUSH(&new->rulebooks, p->arena) = p->common.v[i];
    add_rulebooks(p, new, &c->rulebooks);
    for (uint32_t i = 0; i < c->paths.n; i++)
        if (sml_config_path_matches(NULL, &c->paths.v[i], path, p->arena))
            add_rulebooks(p, new, &c->paths.v[i].rulebooks);
    if (c->files.n == 0)
        return new;
    fill_overrides(p, new, of, path);
    new->options.allows = c->allows.v;
    new->options.n_allows = c->allows.n;
    fill_periods(p, new, c);
    fill_accounts(p, new, c);
    fill_contacts(p, new, c);
    return new;
}

static Profile *profile_of(Profiles *p, const Configuration *of, Str path)
{
    Str key = key_of(p, of, path);
    for (uint32_t i = 0; i < p->profiles.n; i++)
        if (sml_str_eq(p->profiles.v[i]->key, key))
            return p->profiles.v[i];
    Profile *new = new_profile(p, of, path, key);
    VEC_PUSH(&p->profiles, p->arena) = new;
    return new;
}

/* ---- for others ------------------------------------------------------------------------------ */

Profiles *sml_profiles_new(const Options *options, const sml_options *shape, Arena *a)
{
    Profiles *p = ARENA_NEW(a, Profiles);
    *p = (Profiles){.options = options, .shape = *shape, .date = options->context.date, .arena = a};
    if (!sml_rulebooks_load(&p->common, options, a)) {
        sml_profiles_free(p);
        return NULL;
    }
    for (uint32_t i = 0; i < p->common.n; i++)
        VEC_PUSH(&p->all, a) = p->common.v[i];
    p->n_given = options->rulebooks.n;
    for (uint32_t i = 0; i < p->n_given; i++)
        VEC_PUSH(&p->shelf, a) = (Shelved){shelf_name(p, options->rulebooks.v[i]),
                                           p->common.v[p->common.n - p->n_given + i]};
    return p;
}

void sml_profiles_free(Profiles *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->profiles.n; i++) {
        sml_filter_free(p->profiles.v[i]->filter);
        sml_linter_free(p->profiles.v[i]->linter);
    }
    for (uint32_t i = p->n_given; i < p->shelf.n; i++)
        sml_rulebook_free(p->shelf.v[i].rulebook);
    sml_rulebooks_free(&p->common);
}

static void count_left_out(Profiles *p, const ConfigExclude *by)
{
    uint32_t i = 0;
    while (i < p->left_out.n && p->left_out.v[i].by != by)
        i++;
    if (i == p->left_out.n)
        VEC_PUSH(&p->left_out, p->arena) = (LeftOut){by, 0};
    p->left_out.v[i].n++;
}

static void exclude_draft(Profiles *p, Settled *out)
{
    const Config *c = out->config;
    for (uint32_t i = 0; i < c->excludes.n && !out->excluded; i++)
        if (c->excludes.v[i].rules.n == 0 && is_in_force(p, &c->excludes.v[i], out->absolute))
            out->excluded = &c->excludes.v[i];
    if (out->excluded)
        count_left_out(p, out->excluded);
}

static void apply_path(Settled *out, const ConfigPath *path, Arena *a)
{
    Str handle;
    if (!sml_config_path_matches(&handle, path, out->absolute, a))
        return;
    fill_facts(&out->defaults, &path->facts);
    if (handle.len) {
        out->defaults.handle = handle;
        out->defaults.account = (Str){NULL, 0};
    }
    if (path->fail_on.text.len)
        out->fail_on = path->fail_on;
}

bool sml_profiles_settle(Settled *out, Profiles *p, Str path)
{
    *out = (Settled){0};
    const Folder *f = folder_of(p, path);
    if (!f->configuration || f->configuration->failed)
        return false;
    const Config *c = out->config = &f->configuration->config;
    if (c->paths.n || c->excludes.n) {
        size_t skip = f->path.len ? f->path.len + !sml_str_eq(f->path, STR("/")) : 0;
        out->absolute = sml_places_join(f->real, sml_str_slice(path, skip, path.len), p->arena);
    }
    out->profile = profile_of(p, f->configuration, out->absolute);
    out->fail_on = c->fail_on;
    for (uint32_t i = 0; i < c->paths.n; i++)
        apply_path(out, &c->paths.v[i], p->arena);
    exclude_draft(p, out);
    return true;
}

bool sml_profiles_start(Profiles *p)
{
    bool any = p->profiles.n == 0;
    sml_error err, said = {0};
    for (uint32_t i = 0; i < p->profiles.n; i++) {
        Profile *profile = p->profiles.v[i];
        if (profile->unusable)
            continue;
        profile->linter =
            sml_linter_new(profile->rulebooks.v, profile->rulebooks.n, &profile->options, &err);
        any = any || profile->linter;
        if (profile->linter || strcmp(err.message, said.message) == 0)
            continue;
        sml_say_problem(&err); /* what is wrong with an option is wrong for all of them */
        said = err;
    }
    return any;
}

const Rulebooks *sml_profiles_rulebooks(const Profiles *p)
{
    return &p->all;
}

Str sml_profiles_changes(const Profiles *p)
{
    Strs all = {0};
    Str joined = {NULL, 0};
    for (uint32_t i = 0; i < p->changes.n; i++)
        VEC_PUSH(&all, p->arena) = p->changes.v[i];
    for (uint32_t i = 0; i < p->left_out.n; i++)
        VEC_PUSH(&all, p->arena) =
            sml_arena_printf(p->arena, "%u draft%s left out (%.*s)", p->left_out.v[i].n,
                             p->left_out.v[i].n > 1 ? "s are" : " is",
                             STR_ARG(say_place(p, p->left_out.v[i].by->head.at)));
    for (uint32_t i = 0; i < all.n; i++)
        joined = sml_arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(joined), i ? ", " : "",
                                  STR_ARG(all.v[i]));
    return joined;
}
