/* SPDX-License-Identifier: MIT */
#include "cli/rulebooks.h"

#include "cli/clock.h"
#include "cli/say.h"

/* sml_rulebook_load tells the first problem twice, by `err` and to the listener. Where it has no line (no such file), the
 * listener leaves it to `err`. */
typedef struct Listener {
    bool heard;
} Listener;

static void hear(void *user, const sml_error *problem, bool is_error)
{
    Listener *l = user;
    if (is_error && !l->heard && problem->line == 0)
        return;
    l->heard = l->heard || is_error;
    sml_say_diagnostic(NULL, problem, is_error);
}

sml_rulebook *sml_rulebooks_open(Str path, sml_error *untold)
{
    Listener listener = {false};
    *untold = (sml_error){0};
    sml_rulebook *r = sml_rulebook_load(path.p, hear, &listener, untold);
    if (r || listener.heard)
        untold->message[0] = '\0';
    return r;
}

sml_rulebook *sml_rulebooks_load_file(Str path)
{
    sml_error untold;
    sml_rulebook *r = sml_rulebooks_open(path, &untold);
    if (untold.message[0])
        sml_say_problem(&untold);
    return r;
}

static bool load_builtin(Rulebooks *out, Arena *a)
{
    sml_error err = {0};
    sml_rulebook *r = sml_rulebook_builtin(&err);
    if (r)
        VEC_PUSH(out, a) = r;
    else
        sml_say_problem(&err);
    return r;
}

bool sml_rulebooks_load(Rulebooks *out, const Options *options, Arena *a)
{
    if (options->no_builtin && options->rulebooks.n == 0) {
        sml_say("--no-builtin leaves no rules; add some with --rulebook FILE");
        return false;
    }
    bool ok = options->no_builtin || load_builtin(out, a);
    for (uint32_t i = 0; i < options->rulebooks.n; i++) {
        sml_rulebook *r = sml_rulebooks_load_file(options->rulebooks.v[i]);
        if (r)
            VEC_PUSH(out, a) = r;
        ok = ok && r;
    }
    return ok;
}

void sml_rulebooks_free(Rulebooks *rulebooks)
{
    for (uint32_t i = 0; i < rulebooks->n; i++)
        sml_rulebook_free(rulebooks->v[i]);
    rulebooks->n = 0;
}

int64_t sml_rulebooks_list_age(const sml_list *list, Str date)
{
    return list->checked.len ? sml_clock_days(list->checked, date) : 0;
}

#define STALE_NAMED 6 /* further lists are counted */

/* What the lists too old have in common. */
typedef struct Stale {
    Str names, oldest, newest;
    uint32_t n;
} Stale;

static void add_stale(Stale *s, const sml_list *list, Arena *a)
{
    if (s->n < STALE_NAMED)
        s->names = sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(s->names), s->n ? ", " : "",
                                    STR_ARG(list->name));
    if (s->n == 0 || sml_str_cmp(list->checked, s->oldest) < 0)
        s->oldest = list->checked;
    if (s->n == 0 || sml_str_cmp(list->checked, s->newest) > 0)
        s->newest = list->checked;
    s->n++;
}

static bool is_before(Str checked, Str day)
{
    return checked.len && sml_str_cmp(checked, day) < 0;
}

static Stale find_stale(const Rulebooks *rulebooks, Str date, Arena *a)
{
    Stale stale = {0};
    char day[16];
    sml_clock_before(day, date, RULEBOOKS_STALE_DAYS);
    Str oldest = sml_str_from(day); /* compared with the days of checks as they are written */
    for (uint32_t r = 0; r < rulebooks->n; r++) {
        const sml_rulebook *rulebook = rulebooks->v[r];
        uint32_t n = is_before(sml_rulebook_pack(rulebook).checked, oldest)
                         ? sml_rulebook_lists(rulebook)
                         : 0;
        for (uint32_t i = 0; i < n; i++) {
            sml_list list;
            sml_rulebook_list(&list, rulebook, i);
            if (is_before(list.checked, oldest))
                add_stale(&stale, &list, a);
        }
    }
    return stale;
}

uint32_t sml_rulebooks_stale(Str *words, const Rulebooks *rulebooks, Str date, Arena *a)
{
    Stale stale = find_stale(rulebooks, date, a);
    *words = (Str){NULL, 0};
    if (stale.n == 0)
        return 0;
    if (stale.n > STALE_NAMED)
        stale.names =
            sml_arena_printf(a, "%.*s and %u more", STR_ARG(stale.names), stale.n - STALE_NAMED);
    bool one_day = sml_str_eq(stale.oldest, stale.newest);
    Str when = one_day ? sml_arena_printf(a, "on %.*s", STR_ARG(stale.oldest))
                       : sml_arena_printf(a, "between %.*s and %.*s", STR_ARG(stale.oldest),
                                          STR_ARG(stale.newest));
    *words = sml_arena_printf(a, "%.*s %s last checked %.*s, %s%lld days before %.*s",
                              STR_ARG(stale.names), stale.n > 1 ? "were" : "was", STR_ARG(when),
                              one_day ? "" : "up to ",
                              (long long)sml_clock_days(stale.oldest, date), STR_ARG(date));
    return stale.n;
}

bool sml_rulebooks_find(sml_rule *out, const sml_rulebook **home, const Rulebooks *rulebooks,
                        Str id)
{
    for (uint32_t r = 0; r < rulebooks->n; r++) {
        uint32_t i = sml_rulebook_find(rulebooks->v[r], id);
        if (i == UINT32_MAX)
            continue;
        sml_rulebook_rule(out, rulebooks->v[r], i);
        *home = rulebooks->v[r];
        return true;
    }
    return false;
}

/* What follows the slash: rules move between families more often than they change their names. */
static Str slug(Str id)
{
    Str family, rest = id;
    return sml_str_cut(&family, &rest, '/') && rest.p ? rest : id;
}

Str sml_rulebooks_nearest(const Rulebooks *rulebooks, Str id, Arena *a)
{
    Strs ids = {0};
    Str namesake = {NULL, 0};
    for (uint32_t r = 0; r < rulebooks->n; r++)
        for (uint32_t i = 0; i < sml_rulebook_count(rulebooks->v[r]); i++) {
            sml_rule_brief rule;
            sml_rulebook_brief(&rule, rulebooks->v[r], i);
            VEC_PUSH(&ids, a) = rule.id;
            VEC_PUSH(&ids, a) = rule.family;
            if (sml_str_eq(slug(rule.id), slug(id)))
                namesake = rule.id;
        }
    return namesake.len ? namesake : sml_str_nearest(id, ids.v, ids.n);
}

static bool is_named(const sml_rulebook *r, uint32_t i, Str name)
{
    sml_rule_brief rule;
    sml_rulebook_brief(&rule, r, i);
    return sml_str_eq(rule.family, name) || sml_rulebook_find(r, name) == i;
}

static Listed pick(const sml_rulebook *r, const Strs *names, bool *met, Arena *a)
{
    uint32_t *v = ARENA_ARRAY(a, uint32_t, sml_rulebook_count(r)), n = 0;
    for (uint32_t i = 0; i < sml_rulebook_count(r); i++) {
        bool any = names->n == 0;
        for (uint32_t k = 0; k < names->n; k++)
            if (is_named(r, i, names->v[k]))
                any = met[k] = true;
        if (any)
            v[n++] = i;
    }
    return (Listed){r, v, n, names->n == 0};
}

bool sml_rulebooks_pick(Listed *out, const Rulebooks *rulebooks, const Strs *names, Arena *a)
{
    bool *met = ARENA_ARRAY(a, bool, names->n), ok = true;
    for (uint32_t r = 0; r < rulebooks->n; r++)
        out[r] = pick(rulebooks->v[r], names, met, a);
    for (uint32_t k = 0; k < names->n; k++) {
        Str near = met[k] ? (Str){NULL, 0} : sml_rulebooks_nearest(rulebooks, names->v[k], a);
        if (!met[k] && near.len)
            sml_say("unknown rule or family \"%.*s\"; did you mean \"%.*s\"?", STR_ARG(names->v[k]),
                    STR_ARG(near));
        else if (!met[k])
            sml_say("unknown rule or family \"%.*s\"; all are listed by sm-lint rules",
                    STR_ARG(names->v[k]));
        ok = ok && met[k];
    }
    return ok;
}

bool sml_rulebooks_uses(const Listed *l, Str list)
{
    for (uint32_t i = 0; i < l->n && !l->all; i++) {
        sml_rule rule;
        sml_rulebook_rule(&rule, l->book, l->v[i]);
        for (uint32_t k = 0; k < rule.n_lists; k++)
            if (sml_str_eq(rule.lists[k], list))
                return true;
    }
    return l->all;
}
