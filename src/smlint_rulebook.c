/* SPDX-License-Identifier: MIT */
/* Rulebooks: the built-in one, those from files, and what they say of themselves. */
#include "base/io.h"
#include "base/map.h"
#include "base/unicode.h"
#include "base/yaml.h"
#include "match/judge.h"
#include "rulebook/compile.h"
#include "rulebook/load.h"
#include "smlint_internal.h"

#include <pthread.h>
#include <string.h>

struct sml_rulebook {
    Image image;
    Buf bytes; /* empty for the built-in one */
    Buf name;  /* the path it was loaded from, NUL-terminated; empty for the built-in one */
    Arena *arena;
    pthread_mutex_t lock; /* of the rest, which is filled when somebody asks */
    sml_rule **rules;
    sml_period *periods;
};

const Image *sml_internal_image(const sml_rulebook *rulebook)
{
    return &rulebook->image;
}

const char *sml_internal_name(const sml_rulebook *r)
{
    return r->name.len ? r->name.p : "the built-in one";
}

static sml_rulebook *new_rulebook(void)
{
    sml_rulebook *r = sml_mem_zeroed(1, sizeof *r);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

sml_rulebook *sml_rulebook_builtin(sml_error *err)
{
    (void)err;
    sml_rulebook *r = new_rulebook();
    r->image = sml_image_trust(sml_internal_builtin());
    return r;
}

static bool is_image(Str bytes)
{
    return sml_str_starts(bytes, (Str){IMAGE_MAGIC, sizeof IMAGE_MAGIC - 1});
}

/* A rulebook's own bytes are there already, and may come from what can be read only once; its includes are files. */
typedef struct Given {
    Str bytes;
    bool taken;
} Given;

static bool read_given(void *user, Buf *out, const char *path, sml_error *err)
{
    Given *g = user;
    if (g->taken)
        return sml_io_read(out, path, YAML_MAX_BYTES, err);
    g->taken = true;
    sml_buf_clear(out);
    sml_buf_add(out, g->bytes);
    return true;
}

/* Turns YAML into an image, in place. */
static bool compile_yaml(Buf *bytes, const char *path, sml_diagnostic_fn diagnose, void *user,
                         sml_error *err)
{
    Arena *a = sml_arena_new();
    Diagnostics d = {.hear = diagnose, .user = user};
    Given given = {sml_buf_str(bytes), false};
    Rules rules;
    bool ok = sml_load_with(&rules, path, read_given, &given, &d, a) &&
              sml_compile(bytes, &rules, &d, a) && d.errors == 0;
    if (!ok)
        *err = d.first;
    sml_arena_free(a);
    return ok;
}

/* The image's own checks cannot know how many detectors there are. */
static bool detectors_known(const Image *im, Str path, sml_error *err)
{
    for (uint32_t i = 0; i < IMAGE_N(im, GROUPS); i++) {
        const ImageGroup *g = IMAGE_AT(im, GROUPS, i);
        if (g->kind == GROUP_DETECT && g->detail >= DETECTOR_COUNT)
            return sml_error_at(err, path, 0, 0,
                                "image is damaged: it names a detector that there is not");
    }
    return true;
}

static bool open_bytes(sml_rulebook *r, sml_diagnostic_fn diagnose, void *user, sml_error *err)
{
    const char *path = r->name.p;
    Str name = sml_str_from(path);
    if (!is_image(sml_buf_str(&r->bytes)) && !compile_yaml(&r->bytes, path, diagnose, user, err))
        return false;
    if (sml_image_open(&r->image, sml_buf_str(&r->bytes), name, err) &&
        detectors_known(&r->image, name, err))
        return true;
    if (diagnose)
        diagnose(user, err, true);
    return false;
}

static sml_rulebook *new_named(const char *path)
{
    sml_rulebook *r = new_rulebook();
    sml_buf_addf(&r->name, "%s", path);
    sml_buf_addc(&r->name, '\0');
    return r;
}

static sml_rulebook *or_nothing(sml_rulebook *r, bool ok)
{
    if (ok)
        return r;
    sml_rulebook_free(r);
    return NULL;
}

sml_rulebook *sml_rulebook_load(const char *path, sml_diagnostic_fn diagnose, void *user,
                                sml_error *err)
{
    sml_rulebook *r = new_named(path);
    sml_error problem;
    err = err ? err : &problem;
    if (sml_io_read(&r->bytes, path, IMAGE_MAX_BYTES, err))
        return or_nothing(r, open_bytes(r, diagnose, user, err));
    if (diagnose)
        diagnose(user, err, true);
    return or_nothing(r, false);
}

sml_rulebook *sml_rulebook_load_bytes(sml_str bytes, const char *path, sml_diagnostic_fn diagnose,
                                      void *user, sml_error *err)
{
    sml_rulebook *r = new_named(path);
    sml_error problem;
    sml_buf_add(&r->bytes, bytes);
    return or_nothing(r, open_bytes(r, diagnose, user, err ? err : &problem));
}

void sml_rulebook_free(sml_rulebook *r)
{
    if (!r)
        return;
    sml_buf_free(&r->bytes);
    sml_buf_free(&r->name);
    sml_arena_free(r->arena);
    pthread_mutex_destroy(&r->lock);
    sml_mem_free(r);
}

sml_str sml_rulebook_image(const sml_rulebook *r)
{
    return (sml_str){(const char *)r->image.bytes, r->image.header->size};
}

/* ---- what it says of itself ---- */

sml_pack sml_rulebook_pack(const sml_rulebook *r)
{
    if (IMAGE_N(&r->image, PACKS) == 0)
        return (sml_pack){0};
    const Image *im = &r->image;
    const ImagePack *p = IMAGE_AT(im, PACKS, 0);
    return (sml_pack){sml_image_str(im, p->id), sml_image_str(im, p->title),
                      sml_image_str(im, p->version), sml_image_str(im, p->language),
                      sml_image_str(im, p->checked)};
}

uint32_t sml_rulebook_count(const sml_rulebook *r)
{
    return IMAGE_N(&r->image, RULES);
}

bool sml_internal_is_edition(const Image *im, uint32_t edition, uint32_t i)
{
    return sml_str_eq(sml_image_str(im, IMAGE_AT(im, EDITIONS, edition)->of),
                      sml_image_str(im, IMAGE_AT(im, CITES, i)->source));
}

sml_cite sml_internal_cite(const Image *im, uint32_t i, uint32_t edition)
{
    ImageStr at = IMAGE_AT(im, CITES, i)->at;
    if (edition != IMAGE_NONE && IMAGE_AT(im, EDITIONS, edition)->cite != IMAGE_NONE)
        i = IMAGE_AT(im, EDITIONS, edition)->cite;
    const ImageCite *c = IMAGE_AT(im, CITES, i);
    return (sml_cite){.source = sml_image_str(im, c->source),
                      .title = sml_image_str(im, c->title),
                      .at = sml_image_str(im, c->at.len ? c->at : at),
                      .year = sml_image_str(im, c->year),
                      .url = sml_image_str(im, c->url),
                      .read = sml_image_str(im, c->read),
                      .verified = c->verified != 0};
}

sml_grade sml_internal_worst(const Image *im, const ImageRule *r)
{
    uint32_t worst = r->grade;
    for (uint32_t i = 0; i < r->grades.n; i++) {
        uint32_t grade = IMAGE_AT(im, GRADES, r->grades.first + i)->grade;
        worst = grade > worst ? grade : worst;
    }
    return (sml_grade)worst;
}

/* The facts that an example stands on; without them a hit and a clean one may read the same. */
static Str given_of(const Image *im, const ImageExample *x, Arena *a)
{
    Str at = sml_image_str(im, x->at);
    Str given = at.len ? sml_arena_printf(a, "date: %.*s", STR_ARG(at)) : STR("");
    for (uint32_t i = 0; i < x->meta.n; i++) {
        const ImagePair *p = IMAGE_AT(im, PAIRS, x->meta.first + i);
        Str key = sml_image_str(im, p->key), value = sml_image_str(im, p->value);
        given = sml_arena_printf(a, "%.*s%s%.*s: %.*s", STR_ARG(given), given.len ? ", " : "",
                                 STR_ARG(key), STR_ARG(value));
    }
    return given;
}

static const sml_example *examples_of(const Image *im, ImageRange range, Arena *a)
{
    sml_example *v = ARENA_ARRAY(a, sml_example, range.n);
    for (uint32_t i = 0; i < range.n; i++) {
        const ImageExample *x = IMAGE_AT(im, EXAMPLES, range.first + i);
        v[i] = (sml_example){.text = sml_image_str(im, x->text),
                             .hit = (x->flags & EXAMPLE_HIT) != 0,
                             .todo = (x->flags & EXAMPLE_TODO) != 0,
                             .path = sml_image_str(im, x->path),
                             .line = x->line,
                             .col = x->col,
                             .given = given_of(im, x, a)};
    }
    return v;
}

typedef VEC(sml_cite) Cites;

/* Each followed by its editions; one that only says who keeps the document is none to name. */
static Cites cites_of(const Image *im, ImageRange range, Arena *a)
{
    Cites all = {0};
    for (uint32_t i = range.first; i < range.first + range.n; i++) {
        sml_cite cite = sml_internal_cite(im, i, IMAGE_NONE);
        VEC_PUSH(&all, a) = cite;
        for (uint32_t e = 0; e < IMAGE_N(im, EDITIONS); e++) {
            if (!sml_internal_is_edition(im, e, i) || IMAGE_AT(im, EDITIONS, e)->cite == IMAGE_NONE)
                continue;
            sml_cite other = sml_internal_cite(im, i, e);
            other.where = sml_image_str(im, IMAGE_AT(im, EDITIONS, e)->words);
            VEC_PUSH(&all, a) = other;
        }
    }
    return all;
}

static const sml_str *lists_of(const Image *im, ImageRange range, Arena *a)
{
    sml_str *v = ARENA_ARRAY(a, sml_str, range.n);
    for (uint32_t i = 0; i < range.n; i++)
        v[i] =
            sml_image_str(im, IMAGE_AT(im, LISTS, *IMAGE_AT(im, ANCHORS, range.first + i))->name);
    return v;
}

static const sml_str *covers_of(const Image *im, ImageRange range, Arena *a)
{
    sml_str *v = ARENA_ARRAY(a, sml_str, range.n);
    for (uint32_t i = 0; i < range.n; i++)
        v[i] = sml_image_str(
            im, IMAGE_AT(im, OBLIGATIONS, *IMAGE_AT(im, ANCHORS, range.first + i))->name);
    return v;
}

static const sml_str *grades_of(const Image *im, ImageRange range, Arena *a)
{
    sml_str *v = ARENA_ARRAY(a, sml_str, range.n);
    for (uint32_t i = 0; i < range.n; i++) {
        const ImageGrade *g = IMAGE_AT(im, GRADES, range.first + i);
        v[i] = sml_arena_printf(a, "%s if %.*s", sml_grade_name((sml_grade)g->grade),
                                STR_ARG(sml_image_str(im, g->words)));
    }
    return v;
}

static void fill_rule(sml_rule *out, const Image *im, const ImageRule *r, Arena *a)
{
    static const char *const statuses[] = {[STATUS_STABLE] = "stable",
                                           [STATUS_TRIAL] = "trial",
                                           [STATUS_DEPRECATED] = "deprecated",
                                           [STATUS_RETIRED] = "retired"};
    Cites cites = cites_of(im, r->cites, a);
    *out = (sml_rule){.id = sml_image_str(im, r->id),
                      .title = sml_image_str(im, r->title),
                      .message = sml_image_str(im, r->message),
                      .why = sml_image_str(im, r->why),
                      .instead = sml_image_str(im, r->instead),
                      .ask = sml_image_str(im, r->ask),
                      .kind = sml_image_str(im, r->kind_word),
                      .status = sml_str_from(statuses[r->status]),
                      .when = sml_image_str(im, r->when_words),
                      .grade = (sml_grade)r->grade,
                      .mask = (r->flags & RULE_MASKED) != 0,
                      .each = (r->flags & RULE_EACH) != 0,
                      .locked = (r->flags & RULE_LOCKED) != 0,
                      .cites = cites.v,
                      .n_cites = cites.n,
                      .examples = examples_of(im, r->examples, a),
                      .n_examples = r->examples.n,
                      .lists = lists_of(im, r->lists, a),
                      .n_lists = r->lists.n,
                      .grades = grades_of(im, r->grades, a),
                      .n_grades = r->grades.n,
                      .covers = covers_of(im, r->covers, a),
                      .n_covers = r->covers.n};
    out->family = sml_judge_family(out->id);
    out->worst = sml_internal_worst(im, r);
}

/* Only explain and lists ask, so a linter's start does not pay for it. */
static Arena *arena_for_people(sml_rulebook *r)
{
    if (!r->arena)
        r->arena = sml_arena_new();
    return r->arena;
}

static sml_str moment(Arena *a, Minutes m)
{
    char text[MOMENT_MAX];
    sml_date_format_moment(text, m);
    return sml_arena_copy(a, sml_str_from(text));
}

static const sml_period *all_periods(sml_rulebook *r)
{
    const Image *im = &r->image;
    if (r->periods)
        return r->periods;
    r->periods = ARENA_ARRAY(arena_for_people(r), sml_period, IMAGE_N(im, WINDOWS));
    for (uint32_t i = 0; i < IMAGE_N(im, WINDOWS); i++) {
        const ImageWindow *w = IMAGE_AT(im, WINDOWS, i);
        r->periods[i] = (sml_period){.name = sml_image_str(im, w->name),
                                     .kind = sml_image_str(im, w->kind),
                                     .nation = sml_image_str(im, w->nation),
                                     .from = moment(r->arena, w->from),
                                     .to = moment(r->arena, w->to),
                                     .status = sml_image_str(im, w->status)};
        if (w->cite != IMAGE_NONE)
            r->periods[i].source = sml_internal_cite(im, w->cite, IMAGE_NONE);
    }
    return r->periods;
}

/* The periods that a condition names, or names the kind of. As deep as the image's checks allow conditions to be. */
static void note_periods(const Image *im, uint32_t cond, const sml_period *periods, uint8_t *named)
{
    if (cond == IMAGE_NONE)
        return;
    const ImageCond *c = IMAGE_AT(im, CONDS, cond);
    bool inner = c->op == COND_AND || c->op == COND_OR || c->op == COND_NOT;
    for (uint32_t i = 0; inner && i < c->n; i++)
        note_periods(im, c->first + i, periods, named);
    if (c->op != COND_DURING && c->op != COND_OUTSIDE)
        return;
    for (uint32_t i = 0; i < c->n; i++) {
        Str name = sml_image_str(im, *IMAGE_AT(im, VALUES, c->first + i));
        for (uint32_t k = 0; k < IMAGE_N(im, WINDOWS); k++)
            named[k] |= sml_str_eq(periods[k].name, name) || sml_str_eq(periods[k].kind, name);
    }
}

static void fill_periods(sml_rule *out, const Image *im, const ImageRule *r,
                         const sml_period *periods, Arena *a)
{
    uint8_t *named = sml_mem_zeroed(IMAGE_N(im, WINDOWS), 1);
    note_periods(im, r->when, periods, named);
    for (uint32_t i = 0; i < r->grades.n; i++)
        note_periods(im, IMAGE_AT(im, GRADES, r->grades.first + i)->cond, periods, named);
    for (uint32_t i = 0; i < r->guards.n; i++) {
        const ImageGuard *g = IMAGE_AT(im, GUARDS, r->guards.first + i);
        note_periods(im, g->cond, periods, named);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < IMAGE_N(im, WINDOWS); i++)
        n += named[i];
    sml_period *v = ARENA_ARRAY(a, sml_period, n);
    for (uint32_t i = 0; i < IMAGE_N(im, WINDOWS); i++)
        if (named[i])
            v[out->n_periods++] = periods[i];
    out->periods = v;
    sml_mem_free(named);
}

static const sml_rule *rule_for_people(sml_rulebook *r, uint32_t i)
{
    if (!r->rules)
        r->rules = ARENA_ARRAY(arena_for_people(r), sml_rule *, IMAGE_N(&r->image, RULES));
    if (!r->rules[i]) {
        r->rules[i] = ARENA_NEW(r->arena, sml_rule);
        const ImageRule *rule = IMAGE_AT(&r->image, RULES, i);
        fill_rule(r->rules[i], &r->image, rule, r->arena);
        fill_periods(r->rules[i], &r->image, rule, all_periods(r), r->arena);
    }
    return r->rules[i];
}

void sml_rulebook_rule(sml_rule *out, const sml_rulebook *rulebook, uint32_t i)
{
    sml_rulebook *r = (sml_rulebook *)(uintptr_t)rulebook;
    pthread_mutex_lock(&r->lock);
    *out = *rule_for_people(r, i);
    pthread_mutex_unlock(&r->lock);
}

void sml_rulebook_brief(sml_rule_brief *out, const sml_rulebook *r, uint32_t i)
{
    const ImageRule *rule = IMAGE_AT(&r->image, RULES, i);
    Str id = sml_image_str(&r->image, rule->id);
    *out = (sml_rule_brief){.id = id,
                            .family = sml_judge_family(id),
                            .worst = sml_internal_worst(&r->image, rule),
                            .locked = (rule->flags & RULE_LOCKED) != 0};
}

static bool has_name(const Image *im, uint32_t rule, Str name)
{
    const ImageRule *r = IMAGE_AT(im, RULES, rule);
    if (sml_str_eq(sml_image_str(im, r->id), name))
        return true;
    for (uint32_t i = 0; i < r->aliases.n; i++)
        if (sml_str_eq(sml_image_str(im, *IMAGE_AT(im, ALIASES, r->aliases.first + i)), name))
            return true;
    return false;
}

/* The first rule whose id is not before `id`. */
static uint32_t first_rule(const Image *im, Str id)
{
    uint32_t low = 0, high = IMAGE_N(im, RULES);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (sml_str_cmp(sml_image_str(im, IMAGE_AT(im, RULES, middle)->id), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t sml_internal_find(const Image *im, Str name)
{
    uint32_t at = first_rule(im, name);
    if (at < IMAGE_N(im, RULES) && has_name(im, at, name))
        return at;
    for (at = 0; at < IMAGE_N(im, RULES); at++)
        if (IMAGE_AT(im, RULES, at)->aliases.n && has_name(im, at, name))
            return at;
    return IMAGE_NONE;
}

uint32_t sml_rulebook_find(const sml_rulebook *r, sml_str id)
{
    return sml_internal_find(&r->image, id);
}

uint32_t sml_rulebook_lists(const sml_rulebook *r)
{
    return IMAGE_N(&r->image, LISTS);
}

void sml_rulebook_list(sml_list *out, const sml_rulebook *r, uint32_t i)
{
    const ImageList *l = IMAGE_AT(&r->image, LISTS, i);
    *out = (sml_list){sml_image_str(&r->image, l->name), sml_image_str(&r->image, l->checked),
                      l->items};
}

uint32_t sml_rulebook_obligations(const sml_rulebook *r)
{
    return IMAGE_N(&r->image, OBLIGATIONS);
}

void sml_rulebook_obligation(sml_obligation *out, const sml_rulebook *r, uint32_t i)
{
    const Image *im = &r->image;
    const ImageObligation *o = IMAGE_AT(im, OBLIGATIONS, i);
    *out = (sml_obligation){sml_image_str(im, o->name), sml_image_str(im, o->title),
                            sml_internal_cite(im, o->cite, IMAGE_NONE), sml_image_str(im, o->see)};
}

uint32_t sml_rulebook_periods(const sml_rulebook *r)
{
    return IMAGE_N(&r->image, WINDOWS);
}

void sml_rulebook_period(sml_period *out, const sml_rulebook *rulebook, uint32_t i)
{
    sml_rulebook *r = (sml_rulebook *)(uintptr_t)rulebook;
    pthread_mutex_lock(&r->lock);
    *out = all_periods(r)[i];
    pthread_mutex_unlock(&r->lock);
}

bool sml_rulebook_schema(sml_write_fn write, void *user)
{
    Buf schema = {0};
    sml_load_schema(&schema);
    bool ok = write(user, sml_buf_str(&schema));
    sml_buf_free(&schema);
    return ok;
}

bool sml_version_part(sml_str *name, sml_str *version, uint32_t i)
{
    const struct {
        const char *name, *version;
    } parts[] = {
        {"PCRE2", sml_pattern_version()},
        {"libyaml", sml_yaml_version()},
        {"utf8proc", sml_norm_version()},
        {"Unicode", sml_unicode_version()},
    };
    if (i >= sizeof parts / sizeof *parts)
        return false;
    *name = sml_str_from(parts[i].name);
    *version = sml_str_from(parts[i].version);
    return true;
}
