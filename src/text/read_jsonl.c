/* SPDX-License-Identifier: MIT */
/*
 * One line of an archive: a JSON object with "text" and facts about it.
 *
 *     {"id": 7, "account": "@dwp", "text": "Vote\u00a0Labour"}
 *
 * The words are "Vote Labour" with a no-break space: bytes 0-4 stand in the line as they are, bytes
 * 4-6 are its six bytes \u00a0, the rest follows as it is; so a finding can point into the line. A
 * null is a fact that the record does not know. A wrong value is remembered, not returned at once:
 * the id may still follow, and the answer to a bad line should bear it.
 */
#include "text/reader.h"

#include "base/fact.h"
#include "base/json.h"
#include "base/utf8.h"
#include "text/day.h"
#include "text/network.h"
#include "text/sheet.h"

#include <string.h>

typedef VEC(sml_pair) Pairs;

/* A text of an item beside its first, or for one network. */
typedef struct ItemText {
    Norm words;
    Column column;
} ItemText;

typedef struct Line {
    Document *d;
    Post *post;
    JsonReader json;
    unsigned seen; /* bit i: row i of `keys` was met */
    Pairs meta;
    VEC(sml_remark) remarks; /* on the item at hand */
    VEC(ItemText) texts;     /* of the item at hand, "text" left out */
    uint32_t fields;         /* of it, that have words and are not read */
    VEC(Str) passed;         /* their names, of all items */
    uint32_t items;          /* of a list, read so far */
    Str near;                /* the day that dates without a year are near to */
    DayTold told;
    bool is_item; /* of a list that some tool wrote: keys may have other names */
    bool failed;
    sml_error *err; /* holds the first failure */
} Line;

typedef struct Key Key;

/* Reads the value that begins with `t`. False only where the line is no JSON from here on. */
typedef bool ReadValue(Line *l, const Key *key, const JsonToken *t);

struct Key {
    Str name;
    ReadValue *read;
    size_t field; /* of sml_context, for facts */
};

static void complain(Line *l, size_t at, const char *format, ...) SML_PRINTF(3, 4);

static void complain(Line *l, size_t at, const char *format, ...)
{
    if (l->failed)
        return;
    l->failed = true;
    Buf message = {0};
    va_list args;
    va_start(args, format);
    sml_buf_vaddf(&message, format, args);
    va_end(args);
    uint32_t line, col;
    sml_document_place(l->d, (uint32_t)at, &line, &col);
    sml_error_at(l->err, l->d->path, line, col, "%.*s", STR_ARG(sml_buf_str(&message)));
    sml_buf_free(&message);
}

/* The value is passed over, so that what follows can be read. */
static bool wrong_type(Line *l, const Key *key, const JsonToken *t, const char *wanted)
{
    complain(l, t->at, "\"%.*s\" is %s; it should be %s", STR_ARG(key->name),
             sml_json_kind_name(t->kind), wanted);
    return sml_json_skip(&l->json, t);
}

static Norm decode(Line *l, const JsonToken *t)
{
    Document *d = l->d;
    uint32_t start = (uint32_t)t->at + 1, end = start + (uint32_t)t->raw.len;
    if (!t->escaped && (!t->wide || sml_utf8_check(t->raw) == t->raw.len))
        return sml_reader_as_is(d->bytes, start, end, d->arena);
    Words w;
    JsonStretch s;
    sml_reader_begin(&w, t->raw, d->arena);
    for (size_t at = 0; sml_json_stretch(&s, t->raw, &at);) {
        uint32_t in = start + (uint32_t)s.in;
        if (s.text.p == s.bytes)
            sml_reader_swap(&w, in, (uint32_t)s.len, s.text);
        else
            sml_reader_keep(&w, in, s.text);
        if (s.replaced && d->bad_at == UINT32_MAX)
            d->bad_at = in;
    }
    return sml_reader_end(&w, end);
}

static bool read_text(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind != JSON_STRING)
        return wrong_type(l, key, t, "a string");
    l->post->words = decode(l, t);
    return true;
}

/* The id goes out again as it came in, unless its bytes would spoil the answer. */
static bool read_id(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind == JSON_OBJECT || t->kind == JSON_ARRAY)
        return wrong_type(l, key, t, "a string or a number");
    l->post->id = sml_str_slice(l->d->bytes, t->at, l->json.at);
    if (t->wide && sml_utf8_check(t->raw) < t->raw.len) {
        Buf quoted = {0};
        sml_json_quote(&quoted, sml_json_text(t, l->d->arena));
        l->post->id = sml_arena_copy(l->d->arena, sml_buf_str(&quoted));
        sml_buf_free(&quoted);
    }
    return true;
}

static bool read_fact(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind == JSON_NULL)
        return true;
    if (t->kind != JSON_STRING)
        return wrong_type(l, key, t, "a string");
    Str value = sml_json_text(t, l->d->arena);
    sml_error wrong;
    if (!sml_fact_check(key->name, value, &wrong))
        complain(l, t->at, "%s", wrong.message);
    memcpy((char *)&l->post->context + key->field, &value, sizeof value);
    return true;
}

/* "@handle" says which account it is, not whose. */
static bool read_account(Line *l, const Key *key, const JsonToken *t)
{
    sml_context *c = &l->post->context;
    bool ok = read_fact(l, key, t);
    if (!sml_str_starts(c->account, STR("@")))
        return ok;
    if (c->handle.len == 0)
        c->handle = c->account;
    c->account = (Str){0};
    return ok;
}

/* Tools write dates as people do. */
static bool read_item_date(Line *l, const JsonToken *t)
{
    Str date = sml_json_text(t, l->d->arena);
    Str said = sml_day_take(&l->post->context, date, (Str){0}, l->near, &l->told, l->d->arena);
    if (said.len == 0)
        return true;
    sml_remark *r = &VEC_PUSH(&l->remarks, l->d->arena);
    *r = (sml_remark){.text = said};
    sml_document_place(l->d, (uint32_t)t->at, &r->line, &r->col);
    return true;
}

static bool read_date(Line *l, const Key *key, const JsonToken *t)
{
    if (l->is_item && t->kind == JSON_STRING)
        return read_item_date(l, t);
    bool ok = read_fact(l, key, t);
    if (l->post->context.date.len)
        l->post->context.date_origin = STR("the draft");
    return ok;
}

/* The names of an array that has begun. */
static bool read_channel_names(Line *l, const Key *key)
{
    Str *channels = &l->post->context.channel;
    for (JsonToken t;;) {
        if (!sml_json_next(&t, &l->json))
            return false;
        if (t.kind == JSON_CLOSE)
            return true;
        Str names = t.kind == JSON_STRING ? sml_json_text(&t, l->d->arena) : (Str){0}, name;
        if (t.kind != JSON_STRING && !wrong_type(l, key, &t, "a name, or an array of names"))
            return false;
        names = sml_network_list(names, l->d->arena);
        while (sml_str_cut(&name, &names, ','))
            *channels = sml_network_add(*channels, name, l->d->arena);
    }
}

static bool read_channels(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind == JSON_ARRAY)
        return read_channel_names(l, key);
    bool ok = read_fact(l, key, t);
    l->post->context.channel = sml_network_list(l->post->context.channel, l->d->arena);
    return ok;
}

static bool read_repost(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind == JSON_TRUE && l->post->context.kind.len == 0)
        l->post->context.kind = STR("repost");
    if (t->kind == JSON_TRUE || t->kind == JSON_FALSE || t->kind == JSON_NULL)
        return true;
    return wrong_type(l, key, t, "true or false");
}

/* ---- images ---------------------------------------------------------------------------------- */

static void add_meta(Line *l, uint32_t image, Str name, Str value)
{
    Arena *a = l->d->arena;
    Str key = sml_arena_printf(a, "images[%u].%.*s", image, STR_ARG(name));
    VEC_PUSH(&l->meta, a) = (sml_pair){key, value};
}

/* Inner arrays and objects mean nothing to us. */
static bool read_image_value(Line *l, uint32_t image, Str name, const JsonToken *t)
{
    if (t->kind == JSON_STRING) {
        add_meta(l, image, name, sml_json_text(t, l->d->arena));
        l->fields += !l->is_item && sml_str_eq(name, STR("alt")) && t->raw.len;
    } else if (t->kind == JSON_NUMBER || t->kind == JSON_TRUE || t->kind == JSON_FALSE)
        add_meta(l, image, name, t->raw);
    return sml_json_skip(&l->json, t);
}

static bool read_image_object(Line *l, uint32_t image)
{
    uint32_t before = l->meta.n;
    for (;;) {
        JsonToken name, t;
        if (!sml_json_next(&name, &l->json))
            return false;
        if (name.kind == JSON_CLOSE)
            break;
        if (!sml_json_next(&t, &l->json) ||
            !read_image_value(l, image, sml_json_text(&name, l->d->arena), &t))
            return false;
    }
    /* An image of which nothing is known is an image all the same, one without alternative text. */
    if (l->meta.n == before)
        add_meta(l, image, STR("file"), (Str){0});
    return true;
}

static bool read_image(Line *l, const Key *key, uint32_t image, const JsonToken *t)
{
    if (t->kind == JSON_OBJECT)
        return read_image_object(l, image);
    if (t->kind == JSON_STRING)
        return read_image_value(l, image, STR("file"), t);
    return wrong_type(l, key, t, "an array of file names and objects like {\"alt\": \"…\"}");
}

static bool read_images(Line *l, const Key *key, const JsonToken *t)
{
    if (t->kind == JSON_NULL)
        return true;
    if (t->kind != JSON_ARRAY)
        return wrong_type(l, key, t, "an array of file names and objects like {\"alt\": \"…\"}");
    for (uint32_t image = 0;; image++) {
        JsonToken item;
        if (!sml_json_next(&item, &l->json))
            return false;
        if (item.kind == JSON_CLOSE)
            return true;
        if (!read_image(l, key, image, &item))
            return false;
    }
}

/* ---- the object ------------------------------------------------------------------------------ */

#define FIELD(name) offsetof(sml_context, name)
#define NAME(lit)                                                                                  \
    {                                                                                              \
        lit, sizeof(lit) - 1                                                                       \
    }

static const Key keys[] = {
    {NAME("text"), read_text, 0},
    {NAME("id"), read_id, 0},
    {NAME("account"), read_account, FIELD(account)},
    {NAME("handle"), read_fact, FIELD(handle)},
    {NAME("channel"), read_channels, FIELD(channel)},
    {NAME("channels"), read_channels, FIELD(channel)},
    {NAME("date"), read_date, FIELD(date)},
    {NAME("bio"), read_fact, FIELD(bio)},
    {NAME("nation"), read_fact, FIELD(nation)},
    {NAME("group"), read_fact, FIELD(group)},
    {NAME("kind"), read_fact, FIELD(kind)},
    {NAME("language"), read_fact, FIELD(language)},
    {NAME("repost"), read_repost, 0},
    {NAME("images"), read_images, 0},
};

#define N_KEYS   (sizeof keys / sizeof keys[0])
#define SEEN(i)  (1u << (i))
#define KEY_TEXT 0

/* Index in `keys`, or N_KEYS. */
static size_t find_key(Str name)
{
    size_t i = 0;
    while (i < N_KEYS && !sml_str_eq(keys[i].name, name))
        i++;
    return i;
}

/* Of what scheduling tools write: "post", "scheduled_at", "platforms". */
static size_t find_synonym(const Line *l, Str name, const JsonToken *t)
{
    static const struct {
        ColumnKind kind;
        Str key;
        bool list; /* may be an array */
    } synonyms[] = {
        {COLUMN_TEXT, NAME("text"), false},       {COLUMN_DATE, NAME("date"), false},
        {COLUMN_PLATFORM, NAME("channel"), true}, {COLUMN_ID, NAME("id"), false},
        {COLUMN_IMAGE, NAME("images"), true},
    };
    Column column = sml_sheet_column(name, l->d->arena);
    ColumnKind kind = column.kind == COLUMN_TEXT && column.channel.len ? COLUMN_OTHER : column.kind;
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++) {
        size_t key = find_key(synonyms[i].key);
        bool fits = t->kind == JSON_ARRAY ? synonyms[i].list
                                          : t->kind == JSON_STRING && kind != COLUMN_IMAGE;
        if (fits && synonyms[i].kind == kind && !(l->seen & SEEN(key)))
            return key;
    }
    return N_KEYS;
}

/* "linkedin_copy", "content_cy", or "linkedin" with words in it: a post of its own. */
static bool take_text(Line *l, Str name, const JsonToken *t)
{
    Column c = sml_sheet_column(name, l->d->arena);
    if (!l->is_item || t->kind != JSON_STRING || !sml_sheet_is_text(&c, t->raw))
        return false;
    Str text = sml_json_text(t, l->d->arena);
    if (text.len && !(c.channel.len == 0 && sml_str_eq(text, l->post->words.text)))
        VEC_PUSH(&l->texts, l->d->arena) = (ItemText){decode(l, t), c};
    return true;
}

#define MOST_PASSED 64 /* names told of; an item of more is none that a tool wrote */

static void note_passed(Line *l, const JsonToken *name)
{
    Str key = sml_json_text(name, l->d->arena);
    for (uint32_t i = 0; i < l->passed.n; i++)
        if (sml_str_eq(l->passed.v[i], key))
            return;
    if (l->passed.n >= MOST_PASSED)
        return;
    VEC_PUSH(&l->passed, l->d->arena) = sml_arena_copy(l->d->arena, key);
    l->fields++;
    sml_remark *r = &VEC_PUSH(&l->remarks, l->d->arena);
    *r = (sml_remark){.minor = true};
    r->text = sml_arena_printf(
        l->d->arena, "what \"%.*s\" holds is not checked, as its name is not that of a post",
        STR_ARG(sml_str_slice(key, 0, sml_utf8_floor(key, 60))));
    sml_document_place(l->d, (uint32_t)name->at, &r->line, &r->col);
}

/* Goes over the value that begins with `t`, whatever it holds. */
static bool look_for_prose(Line *l, const JsonToken *t, bool *prose)
{
    unsigned depth = 0;
    JsonToken v = *t;
    for (;;) {
        *prose = *prose || (v.kind == JSON_STRING && sml_sheet_is_prose(v.raw));
        depth += v.kind == JSON_OBJECT || v.kind == JSON_ARRAY;
        depth -= v.kind == JSON_CLOSE;
        if (depth == 0)
            return true;
        if (!sml_json_next(&v, &l->json))
            return false;
    }
}

/* Reads over the value that `t` begins. Words in it may be a post in a form that nobody foresaw. */
static bool pass_by(Line *l, const JsonToken *name, const JsonToken *t)
{
    bool prose = false;
    if (!look_for_prose(l, t, &prose))
        return false;
    if (prose && l->is_item)
        note_passed(l, name);
    return true;
}

static bool read_member(Line *l, const JsonToken *name)
{
    Str key = sml_json_text(name, l->d->arena);
    size_t i = find_key(key);
    JsonToken t;
    if (!sml_json_next(&t, &l->json))
        return false;
    if (i == N_KEYS && l->is_item)
        i = find_synonym(l, key, &t);
    if (i == N_KEYS)
        return take_text(l, key, &t) || pass_by(l, name, &t);
    if (l->seen & SEEN(i))
        complain(l, name->at, "\"%.*s\" is here twice; which one is meant?", STR_ARG(keys[i].name));
    if (t.kind != JSON_NULL) /* another name may still tell */
        l->seen |= SEEN(i);
    return keys[i].read(l, &keys[i], &t);
}

static bool read_members(Line *l)
{
    for (;;) {
        JsonToken name;
        if (!sml_json_next(&name, &l->json))
            return false;
        if (name.kind == JSON_CLOSE)
            return true;
        if (!read_member(l, &name))
            return false;
    }
}

/* Beside its "text": an alternative text alone is no post. */
static bool has_post(const Line *l)
{
    for (uint32_t i = 0; i < l->texts.n; i++)
        if (l->texts.v[i].column.kind != COLUMN_ALT)
            return true;
    return false;
}

/* The rest of an object that `t` begins. */
static bool read_object(Line *l, const JsonToken *t)
{
    const char *what = l->is_item ? "an item" : "a line";
    if (t->kind != JSON_OBJECT) {
        complain(l, t->at, "this is %s; %s is an object like {\"id\": \"1\", \"text\": \"…\"}",
                 sml_json_kind_name(t->kind), what);
        return true;
    }
    if (!read_members(l))
        return false;
    if (!(l->seen & SEEN(KEY_TEXT)) && !has_post(l))
        complain(l, t->at, "no \"text\"; %s is an object like {\"id\": \"1\", \"text\": \"…\"}",
                 what);
    return true;
}

static bool read_line(Line *l)
{
    JsonToken t;
    return sml_json_next(&t, &l->json) && read_object(l, &t) &&
           (l->failed || sml_json_next(&t, &l->json));
}

bool sml_read_jsonl(Document *d, const sml_input *in, sml_error *err)
{
    (void)in;
    Post *post = &VEC_PUSH(&d->posts, d->arena);
    post->id = d->id;
    Line l = {.d = d, .post = post, .json = {.text = d->bytes, .at = d->body}, .err = err};
    if (!read_line(&l)) {
        l.failed = false; /* that the line is no JSON outranks what was wrong in its first part */
        complain(&l, l.json.at, "not JSON: %s", l.json.problem);
    }
    post->context.meta = l.meta.v;
    post->context.n_meta = l.meta.n;
    post->fields = l.fields;
    d->id = post->id;
    if (l.failed)
        d->posts.n = 0;
    return !l.failed;
}

/* ---- lists ----------------------------------------------------------------------------------- */

#define MOST_ITEMS 100000

/* "alt_text" of the item is that of its first image. */
static void add_alt(Line *l)
{
    for (uint32_t i = 0; i < l->meta.n; i++)
        if (sml_str_eq(l->meta.v[i].key, STR("images[0].alt")))
            return;
    for (uint32_t i = 0; i < l->texts.n; i++)
        if (l->texts.v[i].column.kind == COLUMN_ALT && l->texts.v[i].column.channel.len == 0) {
            add_meta(l, 0, STR("alt"), l->texts.v[i].words.text);
            return;
        }
}

/* As of a calendar's row: each text is a post, and may be for one network. */
static void add_item(Line *l, Post *post)
{
    Document *d = l->d;
    uint32_t first = d->posts.n;
    if (l->seen & SEEN(KEY_TEXT))
        sml_reader_add(d, post, false);
    for (uint32_t i = 0; i < l->texts.n; i++) {
        const ItemText *t = &l->texts.v[i];
        Post one = *post;
        one.words = t->words;
        one.context.channel = t->column.channel.len ? t->column.channel : post->context.channel;
        one.label =
            sml_arena_printf(d->arena, "%.*s, %.*s", STR_ARG(post->label), STR_ARG(t->column.name));
        one.n_remarks = d->posts.n == first ? post->n_remarks : 0;
        if (t->column.kind == COLUMN_ALT) {
            one.context.kind = STR("alt");
            one.context.meta = NULL; /* the images are those of the post */
            one.context.n_meta = 0;
        }
        sml_reader_add(d, &one, false);
    }
    d->posts.v[first].fields = l->fields;
}

/* The posts of the object that `t` begins, which lies in a list. */
static bool read_item(Line *l, const JsonToken *t)
{
    Document *d = l->d;
    Post post = {.label = sml_arena_printf(d->arena, "post %u", ++l->items)};
    l->post = &post;
    l->seen = 0;
    memset(&l->meta, 0, sizeof l->meta);
    memset(&l->remarks, 0, sizeof l->remarks);
    memset(&l->texts, 0, sizeof l->texts);
    l->fields = 0;
    if (!read_object(l, t))
        return false;
    add_alt(l);
    post.context.meta = l->meta.v;
    post.context.n_meta = l->meta.n;
    post.remarks = l->remarks.v;
    post.n_remarks = l->remarks.n;
    if (!l->failed && l->items > MOST_ITEMS)
        complain(l, t->at, "more than %u posts; hand the rest in apart", MOST_ITEMS);
    if (!l->failed)
        add_item(l, &post);
    return true;
}

static bool read_items(Line *l)
{
    JsonToken t;
    while (!l->failed && sml_json_next(&t, &l->json)) {
        if (t.kind == JSON_CLOSE)
            return true;
        if (!read_item(l, &t))
            return false;
    }
    return l->failed;
}

/* The list itself, or one that an object calls "posts". */
static bool read_list(Line *l)
{
    JsonToken t, name;
    bool found = false;
    uint32_t beside = 0; /* what has words and is no list of posts */
    if (!sml_json_next(&t, &l->json))
        return false;
    if (t.kind == JSON_ARRAY)
        return read_items(l) && (l->failed || sml_json_next(&t, &l->json));
    while (t.kind == JSON_OBJECT && !l->failed) {
        if (!sml_json_next(&name, &l->json))
            return false;
        if (name.kind == JSON_CLOSE)
            break;
        JsonToken value;
        if (!sml_json_next(&value, &l->json))
            return false;
        bool posts = value.kind == JSON_ARRAY &&
                     sml_str_eq(sml_json_text(&name, l->d->arena), STR("posts")),
             prose = false;
        found = found || posts;
        if (posts ? !read_items(l) : !look_for_prose(l, &value, &prose))
            return false;
        beside += prose;
    }
    if (l->d->posts.n)
        l->d->posts.v[0].fields += beside;
    if (!found)
        complain(l, t.at, "no list of posts; write [{\"text\": \"…\"}] or {\"posts\": [...]}");
    return l->failed || sml_json_next(&t, &l->json);
}

bool sml_read_json(Document *d, const sml_input *in, sml_error *err)
{
    Line l = {.d = d,
              .json = {.text = d->bytes, .at = d->body},
              .near = in->context.date,
              .is_item = true,
              .err = err};
    if (!read_list(&l)) {
        l.failed = false;
        complain(&l, l.json.at, "not JSON: %s", l.json.problem);
    }
    return !l.failed;
}
