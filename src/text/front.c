/* SPDX-License-Identifier: MIT */
/*
 * A key of front matter is a row of `keys`: its name, how its value is read, and the fact that it
 * fills. Names that posting tools use for the same fact have rows of their own:
 *
 *     platforms: [x, bluesky]     is    channel "x,bluesky"
 *     repost: true                      kind "repost"
 *     images: [{alt: A bridge}]         meta "images[0].alt" = "A bridge"
 *     status: draft                     meta "status" = "draft", and a remark
 *
 * Two keys for one fact are an error unless they agree: which one is meant? Only of dates does the
 * more telling one win, since many tools write `date` for the day that a file was made.
 */
#include "text/front.h"

#include "base/allow.h"
#include "base/fact.h"
#include "base/matter.h"
#include "base/utf8.h"
#include "text/context.h"
#include "text/network.h"
#include "text/sheet.h"

#include <stddef.h>

#define MOST_IMAGES   1000
#define MOST_CHANNELS 50

typedef struct Reading {
    Str path;
    sml_context context;
    VEC(sml_pair) meta;
    Allows allows;
    VEC(sml_remark) remarks;
    Str remark_path;
    bool is_item; /* of a list: keys may have other names, and more of them */
    uint32_t fields;
    Arena *arena;
    sml_error *err;
} Reading;

typedef struct Key Key;
typedef bool ReadValue(Reading *r, const Key *key, const YamlNode *node);

struct Key {
    const char *name;
    ReadValue *read;
    size_t field;     /* of sml_context, for facts */
    const char *fact; /* what base/fact.h calls it; NULL: as `name` */
};

#define FAIL_AT(r, node, ...)                                                                      \
    sml_error_at((r)->err, (r)->path, (node)->line, (node)->col, __VA_ARGS__)

static Str short_of(Str s)
{
    return sml_str_slice(s, 0, sml_utf8_floor(s, 60));
}

/* "null" and "~" are YAML's words for nothing. */
static Str value_of(const YamlNode *node)
{
    Str s = sml_str_trim(node->text);
    bool nothing = !node->quoted && (sml_str_eq(s, STR("null")) || sml_str_eq(s, STR("~")));
    return nothing ? (Str){0} : s;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static bool check_text(Reading *r, const Key *key, const YamlNode *node)
{
    return node->kind == YAML_SCALAR ||
           FAIL_AT(r, node, "\"%s\" takes one value, not a %s", key->name,
                   node->kind == YAML_LIST ? "list" : "map");
}

static bool check_fact(Reading *r, const Key *key, const YamlNode *node, Str value)
{
    sml_error why;
    return sml_fact_check(sml_str_from(key->fact ? key->fact : key->name), value, &why) ||
           FAIL_AT(r, node, "%s", why.message);
}

static bool fill(Reading *r, const Key *key, const YamlNode *node, Str value)
{
    Str *field = (Str *)(void *)((char *)&r->context + key->field);
    if (field->len && value.len && !sml_str_eq_nocase(*field, value))
        return FAIL_AT(r, node, "\"%s\" says \"%.*s\", but a key above said \"%.*s\"; keep one",
                       key->name, STR_ARG(short_of(value)), STR_ARG(short_of(*field)));
    if (value.len)
        *field = value;
    return true;
}

static bool read_fact(Reading *r, const Key *key, const YamlNode *node)
{
    if (!check_text(r, key, node))
        return false;
    Str value = value_of(node);
    return check_fact(r, key, node, value) && fill(r, key, node, value);
}

/* "@handle" says which account it is, not whose. */
static bool read_account(Reading *r, const Key *key, const YamlNode *node)
{
    static const Key handle = {"account", NULL, offsetof(sml_context, handle), NULL};
    bool is_handle = node->kind == YAML_SCALAR && sml_str_starts(value_of(node), STR("@")) &&
                     value_of(node).len > 1;
    return read_fact(r, is_handle ? &handle : key, node);
}

/* Rows of dates stand in order of weight, and a lighter one yields. */
static bool read_date(Reading *r, const Key *key, const YamlNode *node)
{
    if (!check_text(r, key, node))
        return false;
    Str value = value_of(node);
    if (!check_fact(r, key, node, value))
        return false;
    if (r->context.date.len == 0 && value.len) {
        r->context.date = value;
        r->context.date_origin = STR("the draft");
    }
    return true;
}

/* An empty list is a draft that goes nowhere yet: a fact that is not known. */
static bool read_channels(Reading *r, const Key *key, const YamlNode *node)
{
    if (node->kind == YAML_SCALAR)
        return fill(r, key, node, sml_network_list(value_of(node), r->arena));
    if (node->kind == YAML_MAP || node->n > MOST_CHANNELS)
        return FAIL_AT(r, node, "\"%s\" is a name, or a list of at most %d names", key->name,
                       MOST_CHANNELS);
    Str all = {0};
    for (uint32_t i = 0; i < node->n; i++) {
        if (!check_text(r, key, node->items[i]))
            return false;
        Str names = sml_network_list(value_of(node->items[i]), r->arena), name;
        while (sml_str_cut(&name, &names, ','))
            all = sml_network_add(all, name, r->arena);
    }
    return fill(r, key, node, all);
}

static bool is_one_of(Str word, const char *a, const char *b)
{
    return sml_str_eq_nocase(word, sml_str_from(a)) || sml_str_eq_nocase(word, sml_str_from(b));
}

static bool read_repost(Reading *r, const Key *key, const YamlNode *node)
{
    Str value = node->kind == YAML_SCALAR ? value_of(node) : STR("?");
    if (value.len == 0 || is_one_of(value, "false", "no"))
        return true;
    if (!is_one_of(value, "true", "yes"))
        return FAIL_AT(r, node, "\"%s\" is true or false", key->name);
    return fill(r, key, node, STR("repost"));
}

/* ---- what is no fact of ours ----------------------------------------------------------------- */

static void add_meta(Reading *r, Str key, Str value)
{
    VEC_PUSH(&r->meta, r->arena) = (sml_pair){key, value};
}

static void add_image(Reading *r, uint32_t image, Str name, Str value)
{
    add_meta(r, sml_arena_printf(r->arena, "images[%u].%.*s", image, STR_ARG(name)), value);
}

static bool read_image(Reading *r, const Key *key, uint32_t image, const YamlNode *node)
{
    if (node->kind == YAML_LIST)
        return FAIL_AT(r, node, "an image under \"%s\" is a file name, or a map with \"alt\"",
                       key->name);
    if (node->kind == YAML_SCALAR) {
        add_image(r, image, STR("file"), node->text);
        return true;
    }
    uint32_t before = r->meta.n;
    for (uint32_t i = 0; i < node->n; i++)
        if (node->items[i]->kind == YAML_SCALAR) {
            add_image(r, image, node->keys[i]->text, node->items[i]->text);
            r->fields +=
                is_one_of(node->keys[i]->text, "alt", "alt_text") && value_of(node->items[i]).len;
        }
    /* An image of which nothing is known is an image all the same, one without alternative text. */
    if (r->meta.n == before)
        add_image(r, image, STR("file"), (Str){0});
    return true;
}

static bool read_images(Reading *r, const Key *key, const YamlNode *node)
{
    if (node->kind == YAML_SCALAR && value_of(node).len == 0)
        return true;
    if (node->kind != YAML_LIST)
        return read_image(r, key, 0, node);
    if (node->n > MOST_IMAGES)
        return FAIL_AT(r, node, "%u images; at most %d are read", node->n, MOST_IMAGES);
    for (uint32_t i = 0; i < node->n; i++)
        if (!read_image(r, key, i, node->items[i]))
            return false;
    return true;
}

static bool read_thread(Reading *r, const Key *key, const YamlNode *node)
{
    if (!check_text(r, key, node))
        return false;
    Str value = value_of(node);
    if (value.len && !sml_str_eq(value, STR("blank")))
        return FAIL_AT(r, node, "unknown thread \"%.*s\"; use blank", STR_ARG(short_of(value)));
    add_meta(r, STR("thread"), value);
    return true;
}

static bool read_allow(Reading *r, const Key *key, const YamlNode *node)
{
    (void)key;
    return sml_allow_read(&r->allows, node, r->path, ALLOW_DRAFT, r->arena, r->err);
}

/* ---- keys ------------------------------------------------------------------------------------ */

#define FIELD(name) offsetof(sml_context, name)

/* Dates by weight: sml_front reads rows in this order, not in that of the file. */
static const Key keys[] = {
    {"account", read_account, FIELD(account), NULL},
    {"handle", read_fact, FIELD(handle), NULL},
    {"channel", read_channels, FIELD(channel), NULL},
    {"channels", read_channels, FIELD(channel), "channel"},
    {"platform", read_channels, FIELD(channel), "channel"},
    {"platforms", read_channels, FIELD(channel), "channel"},
    {"kind", read_fact, FIELD(kind), NULL},
    {"repost", read_repost, FIELD(kind), NULL},
    {"nation", read_fact, FIELD(nation), NULL},
    {"group", read_fact, FIELD(group), NULL},
    {"language", read_fact, FIELD(language), NULL},
    {"lang", read_fact, FIELD(language), "language"},
    {"bio", read_fact, FIELD(bio), NULL},
    {"department", read_fact, FIELD(department), NULL},
    {"names-employer", read_fact, FIELD(names_employer), NULL},
    {"scheduled", read_date, 0, "date"},
    {"schedule", read_date, 0, "date"},
    {"date", read_date, 0, NULL},
    {"images", read_images, 0, NULL},
    {"thread", read_thread, 0, NULL},
    {"allow", read_allow, 0, NULL},
};

#define N_KEYS (sizeof keys / sizeof keys[0])

/* Index in `keys`, or N_KEYS. */
static size_t find_key(Str name)
{
    size_t i = 0;
    while (i < N_KEYS && !sml_str_eq(name, sml_str_from(keys[i].name)))
        i++;
    return i;
}

bool sml_front_knows(Str name)
{
    return find_key(name) < N_KEYS;
}

/* Short words are near to everything. */
#define LEAST_NEAR 5

static void remark_unknown(Reading *r, const YamlNode *key)
{
    Str names[N_KEYS];
    for (size_t i = 0; i < N_KEYS; i++)
        names[i] = sml_str_from(keys[i].name);
    Str near = key->text.len < LEAST_NEAR ? (Str){0} : sml_str_nearest(key->text, names, N_KEYS);
    Str shown = short_of(key->text);
    sml_remark *remark = &VEC_PUSH(&r->remarks, r->arena);
    *remark = (sml_remark){.path = r->remark_path, .line = key->line, .col = key->col};
    remark->minor = near.len == 0;
    remark->text =
        near.len ? sml_arena_printf(r->arena, "unknown key \"%.*s\"; did you mean \"%.*s\"?",
                                    STR_ARG(shown), STR_ARG(near))
                 : sml_arena_printf(r->arena, "key \"%.*s\" is not one of ours", STR_ARG(shown));
}

static bool read_tree(Reading *r, const YamlNode *tree)
{
    if (tree->kind != YAML_MAP)
        return FAIL_AT(r, tree,
                       "what a draft says of itself is \"key: value\" lines, such as \"account: "
                       "official\"");
    for (size_t k = 0; k < N_KEYS; k++) {
        const YamlNode *node = sml_yaml_get(tree, sml_str_from(keys[k].name));
        if (node && !keys[k].read(r, &keys[k], node))
            return false;
    }
    for (uint32_t i = 0; i < tree->n; i++) {
        if (r->is_item || find_key(tree->keys[i]->text) < N_KEYS)
            continue;
        remark_unknown(r, tree->keys[i]);
        if (tree->items[i]->kind == YAML_SCALAR)
            add_meta(r, tree->keys[i]->text, tree->items[i]->text);
    }
    r->context.meta = r->meta.v;
    r->context.n_meta = r->meta.n;
    return true;
}

/* "publish_at": as people write dates. */
static void read_item_date(Reading *r, const YamlNode *node, Str near, DayTold *told)
{
    Str value = node->kind == YAML_SCALAR ? value_of(node) : (Str){0};
    if (value.len == 0 || r->context.date.len)
        return;
    Str said = sml_day_take(&r->context, value, (Str){0}, near, told, r->arena);
    if (said.len)
        VEC_PUSH(&r->remarks, r->arena) =
            (sml_remark){.line = node->line, .col = node->col, .text = said};
}

bool sml_front_item(Post *out, const YamlNode *map, Str near, DayTold *told, const Document *d,
                    sml_error *err)
{
    static const Key channels = {"channel", read_channels, FIELD(channel), NULL};
    Reading r = {.path = d->path, .is_item = true, .arena = d->arena, .err = err};
    const YamlNode *allow = sml_yaml_get(map, STR("allow"));
    if (allow)
        return FAIL_AT(&r, allow, "approvals for a list of posts stand in its sidecar");
    if (!read_tree(&r, map))
        return false;
    for (uint32_t i = 0; i < map->n; i++) {
        if (find_key(map->keys[i]->text) < N_KEYS)
            continue;
        ColumnKind kind = sml_sheet_column(map->keys[i]->text, r.arena).kind;
        if (kind == COLUMN_DATE)
            read_item_date(&r, map->items[i], near, told);
        if (kind == COLUMN_PLATFORM && !read_channels(&r, &channels, map->items[i]))
            return false;
    }
    out->context = r.context;
    out->remarks = r.remarks.v;
    out->n_remarks = r.remarks.n;
    return true;
}

static bool read_yaml(Reading *r, Str yaml)
{
    YamlNode *tree;
    return sml_yaml_parse(&tree, yaml, r->path, r->arena, r->err) && read_tree(r, tree);
}

/* ---- where it stands ------------------------------------------------------------------------- */

/* "account: official" on the first line, and no --- above it: it would be posted, and count for nothing. */
static void remark_bare(Document *d)
{
    Str rest = sml_str_slice(d->bytes, d->body, d->bytes.len), line, key;
    if (!sml_str_cut(&line, &rest, '\n') || !sml_str_cut(&key, &line, ':') || !line.p)
        return;
    bool counts = sml_str_eq(key, STR("account")) || sml_str_eq(key, STR("scheduled"));
    Str fact = sml_str_eq(key, STR("account")) ? key : STR("date"), value = sml_str_trim(line);
    if (!counts || value.len == 0 || !sml_fact_check(fact, value, NULL))
        return;
    sml_remark *remark = ARENA_ARRAY(d->arena, sml_remark, 1);
    *remark = (sml_remark){.line = 1, .col = 1};
    remark->text =
        STR("this is posted as it stands; what a draft says of itself stands between two "
            "lines of ---");
    d->self.remarks = remark;
    d->self.n_remarks = 1;
}

bool sml_front_read(Document *d, sml_error *err)
{
    Matter matter;
    if (!sml_matter_find(&matter, d->bytes, d->path, err))
        return false;
    d->body = matter.body;
    if (matter.close == 0) {
        remark_bare(d);
        return true;
    }
    Reading r = {.path = d->path, .arena = d->arena, .err = err};
    if (!read_yaml(&r, sml_str_slice(d->bytes, 0, matter.close)))
        return false;
    for (uint32_t i = 0; i < r.allows.n; i++)
        r.allows.v[i].path = (Str){0};
    d->self = (Self){r.context, r.allows.v, r.allows.n, r.remarks.v, r.remarks.n, r.fields};
    return true;
}

bool sml_front_sidecar(Document *d, Str yaml, Str path, sml_error *err)
{
    Arena *a = d->arena;
    Self *self = &d->self;
    Reading r = {.path = path, .remark_path = path, .arena = a, .err = err};
    for (uint32_t i = 0; i < self->n_allows; i++)
        VEC_PUSH(&r.allows, a) = self->allows[i];
    for (uint32_t i = 0; i < self->n_remarks; i++)
        VEC_PUSH(&r.remarks, a) = self->remarks[i];
    if (yaml.len > MATTER_MAX_BYTES)
        return sml_error_at(err, path, 0, 0,
                            "longer than %u KiB, the most that is read about one draft",
                            MATTER_MAX_BYTES >> 10);
    if (!read_yaml(&r, yaml))
        return false;
    *self = (Self){sml_context_merge(&self->context, &r.context, a),
                   r.allows.v,
                   r.allows.n,
                   r.remarks.v,
                   r.remarks.n,
                   self->fields + r.fields};
    return true;
}
