/* SPDX-License-Identifier: MIT */
#include "rulebook/compiler.h"

#include "image/sieve.h"
#include "rulebook/automaton.h"
#include "rulebook/sieve.h"
#include "text/norm.h"

#include <stdlib.h>
#include <string.h>

/* ---- from pairs to ranges ---- */

static int compare_pairs(const void *a, const void *b)
{
    const Pair *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static void sort_pairs(Pairs *pairs)
{
    if (pairs->n)
        qsort(pairs->v, pairs->n, sizeof *pairs->v, compare_pairs);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < pairs->n; i++)
        if (!kept || compare_pairs(&pairs->v[kept - 1], &pairs->v[i]) != 0)
            pairs->v[kept++] = pairs->v[i];
    pairs->n = kept;
}

/* Owners by the ten thousand share some thousand masks. Should there be too many, the rest let everything through; what stands
 * behind one of these, where the sieve's places go from bad to worse, is not looked at. */
static uint16_t mask_for(Compiler *c, uint32_t classes)
{
    uint32_t id;
    Str key = {(const char *)&classes, sizeof classes};
    if (c->out.MASKS.n == 0)
        VEC_PUSH(&c->out.MASKS, c->a) = SIEVE_ALL;
    if (classes == SIEVE_ALL)
        return IMAGE_MASK_ALL;
    if (sml_map_get(&c->masks, key, &id))
        return (uint16_t)id;
    id = c->out.MASKS.n;
    if (id > UINT16_MAX)
        return IMAGE_MASK_ALL;
    VEC_PUSH(&c->out.MASKS, c->a) = classes;
    sml_map_add(&c->masks, sml_arena_copy(c->a, key), id, c->a);
    return (uint16_t)id;
}

static void put_owner(Compiler *c, uint32_t packed, uint32_t from, SieveAnchor anchor)
{
    const ImagePattern *p = &c->out.PATTERNS.v[IMAGE_ID(packed)];
    ImageOwner owner = {.pattern = packed, .from = from};
    Sieve sieve;
    SievePrograms programs = {c->out.CODE.v, c->out.STRINGS.v, p->forward, p->backward};
    /* What folds less is looked for in a text of its own. */
    if (p->kind == PATTERN_PHRASE && c->out.GROUPS.v[p->group].folds == FOLD_ALL)
        sml_sieve_make(&sieve, &programs, anchor);
    else if (p->kind == PATTERN_REGEX)
        sml_sieve_regex(&sieve, c->sources.v[IMAGE_ID(packed)], anchor.literal, p->lead);
    else
        sml_sieve_open(&sieve);
    memcpy(owner.at, sieve.at, sizeof owner.at);
    for (int i = 0; i < IMAGE_SIEVE; i++)
        owner.mask[i] = mask_for(c, sieve.mask[i]);
    VEC_PUSH(&c->out.OWNERS, c->a) = owner;
}

/* The i-th way to find a pattern: those by literals, then those by lists. */
static void put_found_by(Compiler *c, uint32_t i)
{
    if (i >= c->owners.n) {
        Pair p = c->dependents.v[i - c->owners.n];
        put_owner(c, p.value, p.key | OWNER_LIST, (SieveAnchor){.list = p.key});
        return;
    }
    Pair p = c->owners.v[i];
    Str text = sml_image_literal(&c->out.LITERALS.v[p.key >> 1]);
    put_owner(c, p.value, p.key >> 1 | (p.key & 1 ? 0 : OWNER_STRICT),
              (SieveAnchor){text, IMAGE_BACK(p.value), IMAGE_NONE});
}

/* By the record that comes next. */
static void widen(ImageRange *r, uint32_t next)
{
    if (r->n++ == 0)
        r->first = next;
}

/* Tells each literal which groups will ask for it. */
static void place_others(Compiler *c, Pairs *askers)
{
    sort_pairs(askers);
    for (uint32_t i = 0; i < askers->n; i++) {
        widen(&c->out.LITERALS.v[askers->v[i].key].others, c->out.ANCHORS.n);
        VEC_PUSH(&c->out.ANCHORS, c->a) = askers->v[i].value;
    }
}

/* All that is not awaited, group by group. */
static void place_sources(Compiler *c, Pairs *others)
{
    Pairs askers = {0};
    sort_pairs(others);
    for (uint32_t i = 0; i < others->n; i++) {
        Pair p = others->v[i];
        ImageGroup *g = &c->out.GROUPS.v[p.key];
        widen(&g->sources, c->out.OWNERS.n);
        put_found_by(c, p.value);
        if (p.value >= c->owners.n)
            continue;
        uint32_t literal = c->owners.v[p.value].key >> 1;
        widen(&g->literals, c->out.ANCHORS.n);
        VEC_PUSH(&c->out.ANCHORS, c->a) = literal;
        VEC_PUSH(&askers, c->a) = (Pair){literal, p.key};
    }
    place_others(c, &askers);
}

/* Those of awaited groups behind their literals and lists, in that order; all others behind their own group. */
static void place_owners(Compiler *c, const uint8_t *awaited)
{
    Pairs others = {0};
    uint32_t n = c->owners.n;
    for (uint32_t i = 0; i < n + c->dependents.n; i++) {
        Pair p = i < n ? c->owners.v[i] : c->dependents.v[i - n];
        uint32_t group = c->out.PATTERNS.v[IMAGE_ID(p.value)].group;
        if (i < n && p.key & 1)
            c->out.LITERALS.v[p.key >> 1].flags |= LITERAL_LOOSE;
        if (!awaited[group]) {
            VEC_PUSH(&others, c->a) = (Pair){group, i};
            continue;
        }
        ImageRange *range =
            i < n ? &c->out.LITERALS.v[p.key >> 1].owners : &c->out.GROUPS.v[p.key].dependents;
        widen(range, c->out.OWNERS.n);
        put_found_by(c, i);
    }
    place_sources(c, &others);
}

/* By group: does a rule wait for it, or a group that is anchored on it and awaited itself? What is anchored on a list has a
 * higher number. */
static uint8_t *find_awaited(Compiler *c)
{
    uint8_t *awaited = ARENA_ARRAY(c->a, uint8_t, c->out.GROUPS.n + 1);
    for (uint32_t i = 0; i < c->out.GROUPS.n; i++)
        awaited[i] = c->out.GROUPS.v[i].rules.n > 0;
    for (uint32_t i = c->dependents.n; i-- > 0;) {
        const Pair *d = &c->dependents.v[i];
        awaited[d->key] |= awaited[c->out.PATTERNS.v[IMAGE_ID(d->value)].group];
    }
    return awaited;
}

static void place_triggers(Compiler *c)
{
    sort_pairs(&c->triggers);
    for (uint32_t i = 0; i < c->triggers.n; i++) {
        widen(&c->out.GROUPS.v[c->triggers.v[i].key].rules, c->out.ANCHORS.n);
        VEC_PUSH(&c->out.ANCHORS, c->a) = c->triggers.v[i].value;
    }
}

/* What a scanner would otherwise go through all groups and rules for. */
static void place_standing(Compiler *c)
{
    ImagePack *pack = &c->out.PACKS.v[0];
    for (uint32_t i = 0; i < c->out.GROUPS.n; i++)
        if (c->out.GROUPS.v[i].kind == GROUP_DETECT && c->out.GROUPS.v[i].rules.n) {
            widen(&pack->detectors, c->out.ANCHORS.n);
            VEC_PUSH(&c->out.ANCHORS, c->a) = i;
        }
    for (uint32_t i = 0; i < c->always.n; i++) {
        widen(&pack->always, c->out.ANCHORS.n);
        VEC_PUSH(&c->out.ANCHORS, c->a) = c->always.v[i];
    }
}

static bool program_has_list(const Compiler *c, uint32_t pc)
{
    const uint32_t *code = c->out.CODE.v;
    for (; pc != IMAGE_NONE && code[pc] != OP_MATCH; pc += sml_image_op_size(code + pc))
        if (code[pc] == OP_LIST)
            return true;
    return false;
}

/* What is awaited is tried as soon as it can be; what only guards, when somebody asks. */
static void mark_eager(Compiler *c, const uint8_t *awaited)
{
    for (uint32_t i = 0; i < c->out.PATTERNS.n; i++) {
        ImagePattern *p = &c->out.PATTERNS.v[i];
        const ImageGroup *g = &c->out.GROUPS.v[p->group];
        if (p->kind != PATTERN_PHRASE || g->folds != FOLD_ALL || !awaited[p->group])
            continue;
        bool lists = program_has_list(c, p->forward) || program_has_list(c, p->backward);
        if (!lists)
            p->flags |= PATTERN_EAGER;
        else if (g->list == IMAGE_NONE)
            p->flags |= PATTERN_LATE;
    }
}

static uint32_t output_of(const Compiler *c, uint32_t literal)
{
    const ImageLiteral *l = &c->out.LITERALS.v[literal];
    return OUTPUT_PACK(literal, l->len, l->flags);
}

static bool place_automaton(Compiler *c)
{
    Str *texts = ARENA_ARRAY(c->a, Str, c->out.LITERALS.n + 1);
    for (uint32_t i = 0; i < c->out.LITERALS.n; i++) {
        ImageLiteral *l = &c->out.LITERALS.v[i];
        texts[i] = sml_image_literal(l);
        if (sml_automaton_confuses(texts[i]))
            l->flags |= LITERAL_CONFUSED;
    }
    Automaton built;
    sml_error err;
    if (!sml_automaton_build(&built, texts, c->out.LITERALS.n, c->a, &err)) {
        sml_compile_fail(c, (Pos){.path = c->rules->id}, DIAG_PHRASE, err.message);
        return false;
    }
    VEC_PUSH(&c->out.AUTOMATA, c->a) = built.head;
    for (uint32_t i = 0; i <= built.head.n_final; i++)
        VEC_PUSH(&c->out.OUTPUT_AT, c->a) = built.final[i];
    for (uint32_t i = 0; i < built.n_outputs; i++)
        VEC_PUSH(&c->out.OUTPUTS, c->a) = output_of(c, built.outputs[i]);
    for (uint32_t i = 0; i < built.head.n_states; i++)
        VEC_PUSH(&c->out.STATES, c->a) = built.states[i];
    for (uint32_t i = 0; i < built.n_steps; i++)
        VEC_PUSH(&c->out.STEPS, c->a) = built.steps[i];
    for (uint32_t i = 0; i < built.n_rows; i++)
        VEC_PUSH(&c->out.ROWS, c->a) = built.rows[i];
    return true;
}

/* ---- writing ---- */

static void add_section(Buf *out, ImageHeader *h, uint32_t section, const void *v, uint32_t n,
                        size_t size)
{
    while (out->len % 8)
        sml_buf_addc(out, '\0');
    h->sections[section] = (ImageRange){(uint32_t)out->len, n};
    sml_buf_add(out, (Str){v, n * size});
}

static bool write_image(Compiler *c, Buf *out)
{
    ImageHeader h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, IMAGE_MAGIC, sizeof h.magic);
    h.version = IMAGE_VERSION;
    h.endian = IMAGE_ENDIAN;
    h.layout = sml_image_layout();
    sml_buf_clear(out);
    sml_buf_add(out, (Str){(const char *)&h, sizeof h});
#define X(name, type)                                                                              \
    add_section(out, &h, SECTION_##name, c->out.name.v, c->out.name.n, sizeof(type));
    IMAGE_SECTIONS(X)
#undef X
    while (out->len % 8)
        sml_buf_addc(out, '\0');
    if (out->len > IMAGE_MAX_BYTES || c->out.GROUPS.n > IMAGE_GROUPS_MAX ||
        c->out.CONTEXTS.n > IMAGE_ANYWHERE || c->out.PATTERNS.n > IMAGE_ID(UINT32_MAX) ||
        c->out.LITERALS.n > IMAGE_ID(UINT32_MAX) || c->out.CODE.n > OP_TARGET(UINT32_MAX)) {
        sml_compile_fail(c, (Pos){.path = c->rules->id}, DIAG_PHRASE,
                         "the compiled rulebook is too large; split it into several");
        return false;
    }
    h.size = (uint32_t)out->len;
    h.checksum = sml_str_hash((Str){out->p + sizeof h, out->len - sizeof h});
    memcpy(out->p, &h, sizeof h);
    return true;
}

bool sml_compile_image(Compiler *c, Buf *out)
{
    place_triggers(c);
    place_standing(c);
    sort_pairs(&c->owners);
    sort_pairs(&c->dependents);
    const uint8_t *awaited = find_awaited(c);
    place_owners(c, awaited);
    mark_eager(c, awaited);
    for (uint32_t i = 0; i < c->sources.n; i++)
        VEC_PUSH(&c->out.SOURCES, c->a) = sml_compile_intern(c, c->sources.v[i]);
    return place_automaton(c) && write_image(c, out);
}
