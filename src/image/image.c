/* SPDX-License-Identifier: MIT */
/*
 * Opening an image that an enemy may have written. What can be said of one field alone is a row of
 * `fields`; what ties records together has a function of its own further down.
 *
 * In bounds is not enough: a small image may name the same large range from every record, or the
 * same condition from every branch, and keep whoever follows busy for hours. So each look at a
 * record is paid for out of a budget, the image's own size. An honest image, where most records
 * have one place they are named from, uses a fraction of it, and all that any walk of a rule can
 * meet is then linear in the image.
 *
 *     RULES 0: grades {0, 2}     pays 2, and for the tree of each row's condition
 *     CONDS 0: AND {1, 2}        children lie behind their parent, so a walk ends; at most 32 deep
 *     CONDS 1: FACT {0, 3}       pays 3 values
 */
#include "image/image.h"

#include "base/utf8.h"
#include "image/must.h"

#include <assert.h>
#include <string.h>

#define FOLDS_ALL 0xFF /* FOLD_ALL of text/norm.h, which is out of reach here */

typedef struct SectionInfo {
    const char *name;
    uint32_t size; /* of a record */
} SectionInfo;

static const SectionInfo sections[SECTION_COUNT] = {
#define X(name, type) {#name, sizeof(type)},
    IMAGE_SECTIONS(X)
#undef X
};

/* Name_RULES and so on, so that a row of `fields` can say RULES alone. */
#define X(name, type) typedef type Record_##name;
IMAGE_SECTIONS(X)
#undef X

uint32_t sml_image_layout(void)
{
    uint32_t sum = sizeof(ImageHeader);
    for (int i = 0; i < SECTION_COUNT; i++)
        sum = sum * 31 + sections[i].size;
    return sum;
}

static void find_sections(Image *im)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        im->at[i] = im->bytes + im->header->sections[i].first;
}

Image sml_image_trust(Str bytes)
{
    const void *p = bytes.p;
    Image im = {.bytes = p, .header = p};
    find_sections(&im);
    return im;
}

typedef struct Check {
    Image im;
    size_t size;
    Str path_name;
    sml_error *err;
    uint64_t budget;
    uint64_t editions;               /* what it costs to hold a citation against all of them */
    uint8_t depth[IMAGE_GROUPS_MAX]; /* how far a group's references to others reach */
    /* By word of the program at hand, all 0 between programs: the most instructions on a way to
     * it. */
    uint16_t path[IMAGE_PROGRAM_MAX + 1];
} Check;

static bool damaged(Check *c, const char *what)
{
    return sml_error_at(c->err, c->path_name, 0, 0, "image is damaged: %s", what);
}

static bool bad_record(Check *c, int section, uint32_t i, const char *field)
{
    return sml_error_at(c->err, c->path_name, 0, 0,
                        "image is damaged: record %u of %s has a bad %s", i, sections[section].name,
                        field);
}

static uint32_t count(const Check *c, int section)
{
    return c->im.header->sections[section].n;
}

static bool within(ImageRange r, uint32_t n)
{
    return r.first <= n && r.n <= n - r.first;
}

static bool pay(Check *c, uint64_t price)
{
    if (price > c->budget)
        return damaged(c, "its records share too much");
    c->budget -= price;
    return true;
}

/* ---- header and sections --------------------------------------------------------------------- */

static bool check_header(Check *c)
{
    const ImageHeader *h = c->im.header;
    if (c->size < sizeof h->magic || memcmp(h->magic, IMAGE_MAGIC, sizeof h->magic) != 0)
        return sml_error_at(c->err, c->path_name, 0, 0, "not a sm-lint image");
    if (c->size < sizeof *h)
        return damaged(c, "it ends inside its header");
    if (h->version != IMAGE_VERSION || h->endian != IMAGE_ENDIAN || h->layout != sml_image_layout())
        return sml_error_at(
            c->err, c->path_name, 0, 0,
            "image was made by another version of sm-lint; compile the rulebook again");
    if (c->size > IMAGE_MAX_BYTES)
        return sml_error_at(c->err, c->path_name, 0, 0, "image is too large: %zu bytes; at most %u",
                            c->size, (unsigned)IMAGE_MAX_BYTES);
    if (h->size != c->size)
        return sml_error_at(c->err, c->path_name, 0, 0,
                            "image is damaged: it has %zu bytes and should have %u", c->size,
                            h->size);
    Str rest = {(const char *)c->im.bytes + sizeof *h, c->size - sizeof *h};
    if (h->checksum != sml_str_hash(rest))
        return damaged(c, "its checksum is wrong");
    return true;
}

static bool section_lies_well(const Check *c, int section)
{
    ImageRange r = c->im.header->sections[section];
    uint64_t end = r.first + (uint64_t)r.n * sections[section].size;
    return r.first >= sizeof(ImageHeader) && r.first % 8 == 0 && end <= c->size;
}

static bool check_sections(Check *c)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        if (!section_lies_well(c, i))
            return sml_error_at(c->err, c->path_name, 0, 0,
                                "image is damaged: section %s lies outside it", sections[i].name);
    find_sections(&c->im);
    if (count(c, SECTION_PACKS) != 1)
        return damaged(c, "it must have one pack");
    if (count(c, SECTION_SOURCES) != count(c, SECTION_PATTERNS))
        return damaged(c, "it must have a source for each pattern");
    if (count(c, SECTION_AUTOMATA) > 1)
        return damaged(c, "it must have one automaton at most");
    return true;
}

/* With this, a text is well-formed if it begins and ends between characters. */
static bool check_strings(Check *c)
{
    Str all = {sml_image_STRINGS(&c->im), count(c, SECTION_STRINGS)};
    return sml_utf8_check(all) == all.len || damaged(c, "its text is not UTF-8");
}

/* ---- fields ---------------------------------------------------------------------------------- */

typedef enum FieldKind {
    FIELD_TEXT,   /* ImageStr */
    FIELD_RANGE,  /* ImageRange of `target` */
    FIELD_IDS,    /* ImageRange of `through`, each an index into `target` */
    FIELD_INDEX,  /* into `target` */
    FIELD_MAYBE,  /* the same, or NONE */
    FIELD_NUMBER, /* from `low` to `high` */
} FieldKind;

typedef struct Field {
    const char *name;
    FieldKind kind;
    int section;
    size_t at;
    int target, through;
    uint32_t low, high;
} Field;

#define FIELD(kind, section, field)                                                                \
#field, FIELD_##kind, SECTION_##section, offsetof(Record_##section, field)
#define TEXT(section, field)                                                                       \
    {                                                                                              \
        FIELD(TEXT, section, field), 0, 0, 0, 0                                                    \
    }
#define RANGE(section, field, target)                                                              \
    {                                                                                              \
        FIELD(RANGE, section, field), SECTION_##target, 0, 0, 0                                    \
    }
#define IDS(section, field, through, target)                                                       \
    {                                                                                              \
        FIELD(IDS, section, field), SECTION_##target, SECTION_##through, 0, 0                      \
    }
#define INDEX(section, field, target)                                                              \
    {                                                                                              \
        FIELD(INDEX, section, field), SECTION_##target, 0, 0, 0                                    \
    }
#define MAYBE(section, field, target)                                                              \
    {                                                                                              \
        FIELD(MAYBE, section, field), SECTION_##target, 0, 0, 0                                    \
    }
#define NUMBER(section, field, low, high)                                                          \
    {                                                                                              \
        FIELD(NUMBER, section, field), 0, 0, low, high                                             \
    }

static const Field fields[] = {
    TEXT(PACKS, id),
    TEXT(PACKS, title),
    TEXT(PACKS, version),
    TEXT(PACKS, language),
    TEXT(PACKS, requires),
    TEXT(PACKS, checked),
    IDS(PACKS, detectors, ANCHORS, GROUPS),
    IDS(PACKS, always, ANCHORS, RULES),

    TEXT(RULES, id),
    TEXT(RULES, title),
    TEXT(RULES, message),
    TEXT(RULES, message_cy),
    TEXT(RULES, why),
    TEXT(RULES, why_cy),
    TEXT(RULES, instead),
    TEXT(RULES, instead_cy),
    TEXT(RULES, ask),
    TEXT(RULES, ask_cy),
    TEXT(RULES, suggest),
    TEXT(RULES, when_words),
    TEXT(RULES, kind_word),
    TEXT(RULES, compare_each),
    TEXT(RULES, compare_key),
    NUMBER(RULES, grade, SML_NOTICE, SML_ERROR),
    NUMBER(RULES, status, 0, STATUS_RETIRED),
    NUMBER(RULES, flags, 0, 2 * RULE_SAFE - 1),
    NUMBER(RULES, kind, 0, RULE_COMPOSE),
    NUMBER(RULES, mend, 0, MEND_COUNT - 1),
    NUMBER(RULES, over, 0, OVER_PROFILE),
    MAYBE(RULES, when, CONDS),
    RANGE(RULES, wants, WANTS),
    RANGE(RULES, cues, CUES),
    RANGE(RULES, guards, GUARDS),
    RANGE(RULES, grades, GRADES),
    RANGE(RULES, cites, CITES),
    RANGE(RULES, examples, EXAMPLES),
    RANGE(RULES, aliases, ALIASES),
    IDS(RULES, lists, ANCHORS, LISTS),
    IDS(RULES, covers, ANCHORS, OBLIGATIONS),

    NUMBER(GROUPS, kind, 0, GROUP_TOKEN),
    NUMBER(GROUPS, in, 0, 2 * IN_NAME - 1),
    NUMBER(GROUPS, folds, 0, FOLDS_ALL),
    MAYBE(GROUPS, list, LISTS),
    RANGE(GROUPS, patterns, PATTERNS),
    RANGE(GROUPS, dependents, OWNERS),
    RANGE(GROUPS, sources, OWNERS),
    IDS(GROUPS, literals, ANCHORS, LITERALS),
    IDS(GROUPS, rules, ANCHORS, RULES),

    MAYBE(CONTEXTS, needs, GROUPS),
    MAYBE(CONTEXTS, not_group, GROUPS),
    TEXT(SOURCES, at),

    RANGE(MUSTS, sets, MUST_SETS),
    RANGE(MUST_SETS, first, MUST_TEXTS),
    TEXT(MUST_TEXTS, text),

    RANGE(LITERALS, owners, OWNERS),
    IDS(LITERALS, others, ANCHORS, GROUPS),

    MAYBE(WANTS, group, GROUPS),
    TEXT(CUES, name),
    INDEX(CUES, want.group, GROUPS),
    NUMBER(GUARDS, kind, 0, GUARD_WHEN),
    NUMBER(GUARDS, inside, 0, 2 * INSIDE_MENTION - 1),
    MAYBE(GRADES, cond, CONDS),
    NUMBER(GRADES, grade, SML_NOTICE, SML_ERROR),
    TEXT(GRADES, words),

    NUMBER(CONDS, op, 0, COND_RANGE),
    TEXT(VALUES, at),
    TEXT(WINDOWS, name),
    TEXT(WINDOWS, nation),
    TEXT(WINDOWS, kind),
    TEXT(WINDOWS, status),
    MAYBE(WINDOWS, cite, CITES),

    TEXT(CITES, source),
    TEXT(CITES, title),
    TEXT(CITES, at),
    TEXT(CITES, year),
    TEXT(CITES, url),
    TEXT(CITES, read),
    NUMBER(CITES, verified, 0, 1),

    TEXT(EDITIONS, of),
    TEXT(EDITIONS, words),
    INDEX(EDITIONS, cond, CONDS),
    MAYBE(EDITIONS, cite, CITES),

    TEXT(OBLIGATIONS, name),
    TEXT(OBLIGATIONS, title),
    TEXT(OBLIGATIONS, see),
    INDEX(OBLIGATIONS, cite, CITES),

    TEXT(EXAMPLES, text),
    TEXT(EXAMPLES, note),
    TEXT(EXAMPLES, path),
    TEXT(EXAMPLES, at),
    RANGE(EXAMPLES, spans, SPANS),
    RANGE(EXAMPLES, meta, PAIRS),
    NUMBER(EXAMPLES, flags, 0, 2 * EXAMPLE_TODO - 1),
    NUMBER(EXAMPLES, grade, SML_CLEAN, SML_ERROR),
    TEXT(PAIRS, key),
    TEXT(PAIRS, value),

    TEXT(NETWORKS, name),
    TEXT(NETWORKS, title),
    TEXT(NETWORKS, checked),
    NUMBER(NETWORKS, unit, 0, IMAGE_UNITS - 1),
    INDEX(NETWORKS, cite, CITES),

    TEXT(LISTS, name),
    TEXT(LISTS, checked),
    MAYBE(LISTS, group, GROUPS),
    TEXT(ALIASES, at),
};

static bool between_characters(const Check *c, uint32_t at)
{
    return at == count(c, SECTION_STRINGS) || (sml_image_STRINGS(&c->im)[at] & 0xC0) != 0x80;
}

static bool text_ok(const Check *c, ImageRange text)
{
    return within(text, count(c, SECTION_STRINGS)) && between_characters(c, text.first) &&
           between_characters(c, text.first + text.n);
}

static bool ids_ok(const Check *c, const Field *f, ImageRange ids)
{
    for (uint32_t i = 0; i < ids.n; i++)
        if (*IMAGE_AT(&c->im, ANCHORS, ids.first + i) >= count(c, f->target))
            return false;
    return true;
}

static bool field_ok(Check *c, const Field *f, uint32_t record, const unsigned char *at)
{
    /* Texts and ranges are two words, all else is one. */
    ImageRange v = {0};
    bool pair = f->kind == FIELD_TEXT || f->kind == FIELD_RANGE || f->kind == FIELD_IDS;
    memcpy(&v, at, pair ? sizeof v : sizeof v.first);

    bool ok = false;
    switch (f->kind) {
    case FIELD_TEXT:
        ok = text_ok(c, v);
        break;
    case FIELD_RANGE:
        ok = within(v, count(c, f->target));
        break;
    case FIELD_IDS:
        ok = within(v, count(c, f->through));
        break;
    case FIELD_INDEX:
        ok = v.first < count(c, f->target);
        break;
    case FIELD_MAYBE:
        ok = v.first == IMAGE_NONE || v.first < count(c, f->target);
        break;
    case FIELD_NUMBER:
        ok = v.first >= f->low && v.first <= f->high;
        break;
    }
    if (!ok)
        return bad_record(c, f->section, record, f->name);
    if (f->kind != FIELD_RANGE && f->kind != FIELD_IDS)
        return true;
    if (!pay(c, v.n))
        return false;
    return f->kind == FIELD_RANGE || ids_ok(c, f, v) || bad_record(c, f->section, record, f->name);
}

static bool check_fields(Check *c)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const Field *f = &fields[i];
        const unsigned char *at = c->im.bytes + c->im.header->sections[f->section].first + f->at;
        for (uint32_t record = 0; record < count(c, f->section); record++) {
            if (!field_ok(c, f, record, at))
                return false;
            at += sections[f->section].size;
        }
    }
    return true;
}

/* ---- conditions ------------------------------------------------------------------------------ */

static bool children_ok(const Check *c, uint32_t i, const ImageCond *cond)
{
    ImageRange r = {cond->first, cond->n};
    return within(r, count(c, SECTION_CONDS)) && (r.n == 0 || r.first > i);
}

static bool values_ok(const Check *c, const ImageCond *cond)
{
    return within((ImageRange){cond->first, cond->n}, count(c, SECTION_VALUES));
}

static bool cond_ok(const Check *c, uint32_t i, const ImageCond *cond)
{
    switch ((ImageCondOp)cond->op) {
    case COND_AND:
    case COND_OR:
        return children_ok(c, i, cond);
    case COND_NOT:
        return cond->n == 1 && children_ok(c, i, cond);
    case COND_FACT:
        return cond->fact < FACT_DATE && values_ok(c, cond);
    case COND_DURING:
    case COND_OUTSIDE:
        return values_ok(c, cond);
    case COND_RANGE:
        return cond->from < cond->to;
    }
    return false;
}

static bool check_conds(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_CONDS); i++)
        if (!cond_ok(c, i, IMAGE_AT(&c->im, CONDS, i)))
            return bad_record(c, SECTION_CONDS, i, "condition");
    return true;
}

/* Pays for all that a look at condition `i` can look at. */
static bool pay_cond(Check *c, uint32_t i, unsigned depth)
{
    if (i == IMAGE_NONE)
        return true;
    if (depth > IMAGE_COND_DEPTH)
        return damaged(c, "its conditions are nested too deeply");
    const ImageCond *cond = IMAGE_AT(&c->im, CONDS, i);
    if (cond->op == COND_RANGE)
        return pay(c, 1);
    if (!pay(c, (uint64_t)cond->n + 1))
        return false;
    bool has_children = cond->op == COND_AND || cond->op == COND_OR || cond->op == COND_NOT;
    for (uint32_t k = 0; has_children && k < cond->n; k++)
        if (!pay_cond(c, cond->first + k, depth + 1))
            return false;
    return true;
}

/* By name, none twice: conditions look windows up by halves. */
static bool check_windows(Check *c)
{
    Str before = {0};
    for (uint32_t i = 0; i < count(c, SECTION_WINDOWS); i++) {
        const ImageWindow *w = IMAGE_AT(&c->im, WINDOWS, i);
        Str name = sml_image_str(&c->im, w->name);
        if (w->from >= w->to)
            return bad_record(c, SECTION_WINDOWS, i, "end");
        if (i > 0 && sml_str_cmp(before, name) >= 0)
            return bad_record(c, SECTION_WINDOWS, i, "place in the order of names");
        before = name;
    }
    return true;
}

/* ---- groups and patterns --------------------------------------------------------------------- */

/* Words that the instruction at `at` takes, or 0 if none begins here and ends before `end`. */
static uint32_t instruction_len(const uint32_t *code, uint32_t at, uint32_t end)
{
    const uint32_t *op = code + at;
    uint32_t room = end - at;
    bool packed = OP_CODE(op) == OP_WORD || OP_CODE(op) == OP_SPLIT || OP_CODE(op) == OP_JUMP;
    if (OP_CODE(op) >= OP_COUNT || (!packed && op[0] >= OP_COUNT) || op[0] == OP_SPLIT)
        return 0;
    uint32_t len = sml_image_op_size(op);
    return len <= room ? len : 0;
}

/* How many places an instruction may go to besides the next one, and which the i-th is. */
static uint32_t count_targets(const uint32_t *op)
{
    return OP_CODE(op) == OP_JUMP ? 1 : OP_CODE(op) == OP_SPLIT ? OP_WAYS(op) : 0;
}

static uint32_t target_of(const uint32_t *op, uint32_t i)
{
    return OP_CODE(op) == OP_JUMP ? OP_JUMPS_TO(op) : OP_TARGET(op[1 + i]);
}

/* A group may lean on groups before it alone, so no two wait for each other, and finding their
 * matches one inside the other takes a bounded stack. */
static bool lean(Check *c, uint32_t group, uint32_t on)
{
    if (on >= group || c->depth[on] + 1 >= IMAGE_GROUP_DEPTH)
        return false;
    if (c->depth[group] <= c->depth[on])
        c->depth[group] = (uint8_t)(c->depth[on] + 1);
    return true;
}

static bool operands_ok(Check *c, const uint32_t *code, uint32_t group)
{
    if (code[0] == OP_LIST)
        return lean(c, group, code[1]);
    if (OP_CODE(code) == OP_WORD)
        return text_ok(c, (ImageRange){code[1], OP_WORD_LEN(code)}) &&
               OP_WORD_FLAGS(code) < 2 * WORD_TITLE &&
               (!OP_WORD_CASED(code) || text_ok(c, (ImageRange){code[2], code[3]}));
    return true;
}

static void lengthen(uint16_t *path, unsigned len)
{
    if (*path < len)
        *path = (uint16_t)len;
}

/* Follows the instruction at `at` to all the places it goes on to; false if one is not ahead. */
static bool follow(Check *c, const uint32_t *code, uint32_t start, uint32_t at, uint32_t len,
                   uint32_t *furthest)
{
    unsigned path = c->path[at] + 1u;
    uint32_t targets = count_targets(code + at);
    for (uint32_t i = 0; i < targets; i++) {
        /* One before `start` becomes one that is too far. */
        uint32_t target = target_of(code + at, i) - start;
        if (target <= at || target >= IMAGE_PROGRAM_MAX)
            return false;
        lengthen(&c->path[target], path);
        *furthest = target > *furthest ? target : *furthest;
    }
    if (code[at] != OP_MATCH && targets == 0)
        lengthen(&c->path[at + len], path);
    return true;
}

/* Jumps lead ahead, so by the time an instruction is looked at, all that lead into it, or
 * wrongly into its operands, have been. */
static bool may_stand(const Check *c, uint32_t at, uint32_t len)
{
    for (uint32_t i = at + 1; i < at + len; i++)
        if (c->path[i] != 0)
            return false;
    return c->path[at] <= IMAGE_PATH_MAX;
}

/* How many words the program at `start` has, up to the first OP_MATCH that nothing leads beyond;
 * 0 if it is no program. */
static uint32_t measure_program(Check *c, uint32_t group, uint32_t start)
{
    const uint32_t *code = sml_image_CODE(&c->im) + start;
    uint32_t end = count(c, SECTION_CODE) - start, furthest = 0, len;
    end = end < IMAGE_PROGRAM_MAX ? end : IMAGE_PROGRAM_MAX;
    for (uint32_t at = 0; at < end; at += len) {
        len = instruction_len(code, at, end);
        if (len == 0 || !operands_ok(c, code + at, group) || !may_stand(c, at, len) ||
            !follow(c, code, start, at, len, &furthest))
            return 0;
        if (code[at] == OP_MATCH && furthest <= at)
            return at + 1;
    }
    return 0;
}

static bool check_program(Check *c, uint32_t pattern, uint32_t start, const char *name)
{
    uint32_t group = IMAGE_AT(&c->im, PATTERNS, pattern)->group;
    uint32_t len = start < count(c, SECTION_CODE) ? measure_program(c, group, start) : 0;
    if (len == 0)
        return bad_record(c, SECTION_PATTERNS, pattern, name);
    memset(c->path, 0, len * sizeof c->path[0]);
    return pay(c, len);
}

static bool context_ok(Check *c, const ImagePattern *p)
{
    if (p->context == IMAGE_ANYWHERE)
        return true;
    if (p->context >= count(c, SECTION_CONTEXTS))
        return false;
    const ImageContext *around = IMAGE_AT(&c->im, CONTEXTS, p->context);
    return (around->needs == IMAGE_NONE || lean(c, p->group, around->needs)) &&
           (around->not_group == IMAGE_NONE || lean(c, p->group, around->not_group));
}

static bool check_must(Check *c, uint32_t pattern, uint32_t must)
{
    if (must >= count(c, SECTION_MUSTS))
        return bad_record(c, SECTION_PATTERNS, pattern, "must");
    ImageRange sets = IMAGE_AT(&c->im, MUSTS, must)->sets;
    for (uint32_t i = 0; i < sets.n; i++)
        if (!pay(c, IMAGE_AT(&c->im, MUST_SETS, sets.first + i)->n))
            return false;
    return true;
}

static bool check_must_texts(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_MUST_TEXTS); i++)
        for (int k = 0; k < IMAGE_MUST_PAIRS; k++)
            if (IMAGE_AT(&c->im, MUST_TEXTS, i)->pairs[k] >= MUST_PAIRS)
                return bad_record(c, SECTION_MUST_TEXTS, i, "pair");
    return true;
}

static bool check_pattern(Check *c, uint32_t i)
{
    const ImagePattern *p = IMAGE_AT(&c->im, PATTERNS, i);
    if (p->kind > PATTERN_REGEX)
        return bad_record(c, SECTION_PATTERNS, i, "kind");
    if (p->flags >= 2 * PATTERN_LATE)
        return bad_record(c, SECTION_PATTERNS, i, "flags");
    if (!context_ok(c, p))
        return bad_record(c, SECTION_PATTERNS, i, "context");
    if (p->kind == PATTERN_REGEX)
        return check_must(c, i, p->must);
    return check_program(c, i, p->forward, "forward program") &&
           (p->backward == IMAGE_NONE || check_program(c, i, p->backward, "backward program"));
}

static bool check_detectors(Check *c)
{
    ImageRange all = IMAGE_AT(&c->im, PACKS, 0)->detectors;
    for (uint32_t i = 0; i < all.n; i++)
        if (IMAGE_AT(&c->im, GROUPS, *IMAGE_AT(&c->im, ANCHORS, all.first + i))->kind !=
            GROUP_DETECT)
            return bad_record(c, SECTION_PACKS, 0, "detector");
    return true;
}

static bool check_owners(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_OWNERS); i++) {
        const ImageOwner *o = IMAGE_AT(&c->im, OWNERS, i);
        int from = o->from & OWNER_LIST ? SECTION_GROUPS : SECTION_LITERALS;
        if (IMAGE_ID(o->pattern) >= count(c, SECTION_PATTERNS))
            return bad_record(c, SECTION_OWNERS, i, "pattern");
        if (OWNER_FROM(o) >= count(c, from))
            return bad_record(c, SECTION_OWNERS, i, "from");
        for (int k = 0; k < IMAGE_SIEVE; k++)
            if (o->mask[k] >= count(c, SECTION_MASKS))
                return bad_record(c, SECTION_OWNERS, i, "mask");
    }
    return true;
}

/* The owners in a range of SECTION_LITERALS or GROUPS are found by the record whose they are. */
static bool owners_are_from(const Check *c, ImageRange r, uint32_t list, uint32_t from)
{
    for (uint32_t i = 0; i < r.n; i++) {
        const ImageOwner *o = IMAGE_AT(&c->im, OWNERS, r.first + i);
        if ((o->from & OWNER_LIST) != list || OWNER_FROM(o) != from)
            return false;
    }
    return true;
}

static bool literal_ok(const ImageLiteral *l)
{
    return l->len > 0 && l->len <= IMAGE_LITERAL_MAX && l->flags < 2 * LITERAL_LOOSE &&
           sml_utf8_check(sml_image_literal(l)) == l->len;
}

static bool check_literals(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_LITERALS); i++) {
        const ImageLiteral *l = IMAGE_AT(&c->im, LITERALS, i);
        if (!literal_ok(l))
            return bad_record(c, SECTION_LITERALS, i, "text");
        if (!owners_are_from(c, l->owners, 0, i))
            return bad_record(c, SECTION_LITERALS, i, "owners");
    }
    return check_owners(c);
}

static bool has_own_patterns(const Check *c, uint32_t group)
{
    ImageRange r = IMAGE_AT(&c->im, GROUPS, group)->patterns;
    for (uint32_t i = 0; i < r.n; i++)
        if (IMAGE_AT(&c->im, PATTERNS, r.first + i)->group != group)
            return false;
    return true;
}

static bool dependents_come_later(const Check *c, uint32_t group)
{
    ImageRange r = IMAGE_AT(&c->im, GROUPS, group)->dependents;
    if (!owners_are_from(c, r, OWNER_LIST, group))
        return false;
    for (uint32_t i = 0; i < r.n; i++) {
        uint32_t pattern = IMAGE_ID(IMAGE_AT(&c->im, OWNERS, r.first + i)->pattern);
        if (pattern >= count(c, SECTION_PATTERNS) ||
            IMAGE_AT(&c->im, PATTERNS, pattern)->group <= group)
            return false;
    }
    return true;
}

/* All are this group's: first those of its literals, then lists, which come before it. */
static bool sources_come_before(Check *c, uint32_t group)
{
    const ImageGroup *g = IMAGE_AT(&c->im, GROUPS, group);
    for (uint32_t i = 0; i < g->sources.n; i++) {
        const ImageOwner *o = IMAGE_AT(&c->im, OWNERS, g->sources.first + i);
        uint32_t pattern = IMAGE_ID(o->pattern), from = OWNER_FROM(o);
        bool list = i >= g->literals.n;
        if (pattern >= count(c, SECTION_PATTERNS) ||
            IMAGE_AT(&c->im, PATTERNS, pattern)->group != group ||
            (o->from & OWNER_LIST) != (list ? OWNER_LIST : 0) ||
            (list ? !lean(c, group, from)
                  : *IMAGE_AT(&c->im, ANCHORS, g->literals.first + i) != from))
            return false;
    }
    return g->literals.n <= g->sources.n;
}

/* In order of groups, for `depth` must be known of those before. */
static bool check_groups(Check *c)
{
    if (count(c, SECTION_GROUPS) > IMAGE_GROUPS_MAX)
        return damaged(c, "it has too many groups");
    uint32_t seen = 0;
    for (uint32_t i = 0; i < count(c, SECTION_GROUPS); i++) {
        const ImageGroup *g = IMAGE_AT(&c->im, GROUPS, i);
        if (g->kind == GROUP_TOKEN && g->detail > COUNT_LENGTH)
            return bad_record(c, SECTION_GROUPS, i, "detail");
        if (!has_own_patterns(c, i))
            return bad_record(c, SECTION_GROUPS, i, "patterns");
        if (!dependents_come_later(c, i))
            return bad_record(c, SECTION_GROUPS, i, "dependents");
        if (!sources_come_before(c, i))
            return bad_record(c, SECTION_GROUPS, i, "sources");
        for (uint32_t k = 0; k < g->patterns.n; k++)
            if (!check_pattern(c, g->patterns.first + k))
                return false;
        seen += g->patterns.n;
    }
    /* No pattern is in two groups, so with as many seen as there are each is in its own. */
    return seen == count(c, SECTION_PATTERNS) || damaged(c, "it has a pattern outside its group");
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* `family/slug` */
static bool id_ok(Str id)
{
    size_t slash = sml_str_find(id, STR("/"), 0);
    return slash != SIZE_MAX && slash > 0 && slash + 1 < id.len;
}

/* A retired rule explains itself and is never run, so it may want nothing. */
static bool wants_ok(const Check *c, const ImageRule *r)
{
    static const uint8_t least[] = {
        [RULE_MATCH] = 1, [RULE_REQUIRE] = 2, [RULE_LIMIT] = 1,   [RULE_NEAR] = 1,
        [RULE_SCORE] = 0, [RULE_COMPARE] = 0, [RULE_COMPOSE] = 1,
    };
    if (r->wants.n < least[r->kind] && r->status != STATUS_RETIRED)
        return false;
    for (uint32_t i = 0; i < r->wants.n; i++) {
        bool may_lack = r->kind == RULE_REQUIRE && i == 0;
        if (IMAGE_AT(&c->im, WANTS, r->wants.first + i)->group == IMAGE_NONE && !may_lack)
            return false;
    }
    return r->kind != RULE_COMPOSE || within((ImageRange){r->n_all, r->n_any}, r->wants.n);
}

static bool guard_ok(const Check *c, const ImageGuard *g)
{
    if (g->cond != IMAGE_NONE && g->cond >= count(c, SECTION_CONDS))
        return false;
    bool wants = g->kind != GUARD_WHEN && g->kind != GUARD_INSIDE;
    return g->want.group < count(c, SECTION_GROUPS) || (!wants && g->want.group == IMAGE_NONE);
}

static bool check_guards(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_GUARDS); i++)
        if (!guard_ok(c, IMAGE_AT(&c->im, GUARDS, i)))
            return bad_record(c, SECTION_GUARDS, i, "guard");
    return true;
}

static bool pay_rule(Check *c, const ImageRule *r)
{
    if (!pay_cond(c, r->when, 0) || !pay(c, r->cites.n * c->editions))
        return false;
    for (uint32_t i = 0; i < r->grades.n; i++)
        if (!pay_cond(c, IMAGE_AT(&c->im, GRADES, r->grades.first + i)->cond, 0))
            return false;
    for (uint32_t i = 0; i < r->guards.n; i++) {
        const ImageGuard *g = IMAGE_AT(&c->im, GUARDS, r->guards.first + i);
        if (!pay_cond(c, g->cond, 0))
            return false;
    }
    return true;
}

static bool pay_editions(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_EDITIONS); i++) {
        const ImageEdition *e = IMAGE_AT(&c->im, EDITIONS, i);
        c->editions += c->editions > c->budget ? 0 : 1 + (uint64_t)e->of.len;
        if (!pay_cond(c, e->cond, 0))
            return false;
    }
    return true;
}

/* By id, none twice: callers look rules up by halves. */
static bool check_rules(Check *c)
{
    Str before = {0};
    for (uint32_t i = 0; i < count(c, SECTION_RULES); i++) {
        const ImageRule *r = IMAGE_AT(&c->im, RULES, i);
        Str id = sml_image_str(&c->im, r->id);
        if (!id_ok(id))
            return bad_record(c, SECTION_RULES, i, "id");
        if (i > 0 && sml_str_cmp(before, id) >= 0)
            return bad_record(c, SECTION_RULES, i, "place in the order of ids");
        if (!wants_ok(c, r))
            return bad_record(c, SECTION_RULES, i, "wants");
        if (!pay_rule(c, r))
            return false;
        before = id;
    }
    return true;
}

static bool check_examples(Check *c)
{
    for (uint32_t i = 0; i < count(c, SECTION_EXAMPLES); i++) {
        const ImageExample *e = IMAGE_AT(&c->im, EXAMPLES, i);
        for (uint32_t k = 0; k < e->spans.n; k++) {
            const Span *s = IMAGE_AT(&c->im, SPANS, e->spans.first + k);
            if (s->start > s->end || s->end > e->text.len)
                return bad_record(c, SECTION_EXAMPLES, i, "spans");
        }
    }
    return true;
}

/* ---- the automaton --------------------------------------------------------------------------- */

static bool shape_ok(const Check *c, const ImageAutomaton *a)
{
    if (a->n_states == 0 || a->n_final > a->n_states || a->n_states != count(c, SECTION_STATES))
        return false;
    if (a->stride == 0 || a->stride > 256)
        return false;
    for (int i = 0; i < 256; i++)
        if (a->class_of[i] >= a->stride)
            return false;
    return true;
}

static bool transitions_ok(const Check *c, const ImageAutomaton *a)
{
    for (uint32_t i = 0; i < a->n_states; i++) {
        const ImageState *s = IMAGE_AT(&c->im, STATES, i);
        if (!within((ImageRange){s->base, a->stride}, count(c, SECTION_STEPS)) ||
            !within((ImageRange){s->row, a->stride}, count(c, SECTION_ROWS)))
            return false;
    }
    for (uint32_t i = 0; i < count(c, SECTION_STEPS); i++)
        if (IMAGE_STEP_STATE(*IMAGE_AT(&c->im, STEPS, i)) >= a->n_states)
            return false;
    for (uint32_t i = 0; i < count(c, SECTION_ROWS); i++)
        if (*IMAGE_AT(&c->im, ROWS, i) >= a->n_states)
            return false;
    return true;
}

/* That the text which leads to a state ends in what the state reports cannot be seen from here:
 * the walk looks. */
static bool outputs_ok(const Check *c, const ImageAutomaton *a)
{
    ImageRange at = {a->final, a->n_final};
    uint32_t n = count(c, SECTION_OUTPUT_AT);
    if (n == 0 || !within(at, n - 1))
        return false;
    const uint32_t *end = IMAGE_AT(&c->im, OUTPUT_AT, a->final);
    for (uint32_t i = 0; i < a->n_final; i++)
        if (end[i] > end[i + 1] || end[i + 1] - end[i] > IMAGE_ENDS_MAX)
            return false;
    if (end[a->n_final] > count(c, SECTION_OUTPUTS))
        return false;
    for (uint32_t i = 0; i < count(c, SECTION_OUTPUTS); i++) {
        uint32_t output = *IMAGE_AT(&c->im, OUTPUTS, i), id = OUTPUT_LITERAL(output);
        if (id >= count(c, SECTION_LITERALS))
            return false;
        const ImageLiteral *l = IMAGE_AT(&c->im, LITERALS, id);
        if (output != OUTPUT_PACK(id, l->len, l->flags))
            return false;
    }
    return true;
}

static bool check_automaton(Check *c)
{
    if (count(c, SECTION_AUTOMATA) == 0)
        return true;
    const ImageAutomaton *a = IMAGE_AT(&c->im, AUTOMATA, 0);
    if (!shape_ok(c, a))
        return damaged(c, "its automaton has a bad shape");
    if (!transitions_ok(c, a))
        return damaged(c, "its automaton leads to a state that is none");
    return outputs_ok(c, a) || damaged(c, "its automaton reports what is no literal");
}

bool sml_image_open(Image *out, Str bytes, Str path, sml_error *err)
{
    static bool (*const checks[])(Check *) = {
        check_header,  check_sections, check_strings,   check_fields,     check_conds,
        check_windows, check_literals, check_detectors, check_must_texts, check_groups,
        check_guards,  pay_editions,   check_rules,     check_examples,   check_automaton,
    };
    assert((uintptr_t)bytes.p % 8 == 0);
    Check c = {.im = {.bytes = (const void *)bytes.p, .header = (const void *)bytes.p},
               .size = bytes.len,
               .path_name = path,
               .err = err,
               .budget = bytes.len};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i](&c))
            return false;
    *out = c.im;
    return true;
}
