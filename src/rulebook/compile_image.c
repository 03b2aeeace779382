/* SPDX-License-Identifier: MIT */
#include "rulebook/compiler.h"

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

static void put_owner(Compiler *c, uint32_t packed, SieveAnchor anchor)
{
    const ImagePattern *p = &c->out.PATTERNS.v[IMAGE_ID(packed)];
    ImageOwner owner = {.pattern = packed};
    SievePrograms programs = {c->out.CODE.v, c->out.STRINGS.v, p->forward, p->backward};
    /* What folds less is looked for in a text of its own. */
    if (p->kind == PATTERN_PHRASE && c->out.GROUPS.v[p->group].folds == FOLD_ALL)
        sml_sieve_make(&owner, &programs, anchor);
    else if (p->kind == PATTERN_REGEX)
        sml_sieve_regex(&owner, (Str){c->out.STRINGS.v + p->source.at, p->source.len},
                        anchor.literal, p->lead);
    else
        sml_sieve_open(&owner);
    VEC_PUSH(&c->out.OWNERS, c->a) = owner;
}

static void place_owners(Compiler *c)
{
    sort_pairs(&c->owners);
    for (uint32_t i = 0; i < c->owners.n; i++) {
        ImageLiteral *l = &c->out.LITERALS.v[c->owners.v[i].key >> 1];
        uint32_t packed = c->owners.v[i].value;
        if (l->owners.n++ == 0)
            l->owners.first = c->out.OWNERS.n;
        l->n_strict += !(c->owners.v[i].key & 1);
        put_owner(c, packed,
                  (SieveAnchor){{c->out.STRINGS.v + l->text.at, l->text.len},
                                IMAGE_BACK(packed),
                                IMAGE_NONE});
    }
}

static void place_dependents(Compiler *c)
{
    sort_pairs(&c->dependents);
    for (uint32_t i = 0; i < c->dependents.n; i++) {
        uint32_t list = c->dependents.v[i].key;
        ImageGroup *g = &c->out.GROUPS.v[list];
        if (g->dependents.n++ == 0)
            g->dependents.first = c->out.OWNERS.n;
        put_owner(c, c->dependents.v[i].value, (SieveAnchor){.list = list});
    }
}

static void place_triggers(Compiler *c)
{
    sort_pairs(&c->triggers);
    for (uint32_t i = 0; i < c->triggers.n; i++) {
        ImageRange *r = &c->out.GROUPS.v[c->triggers.v[i].key].rules;
        if (r->n++ == 0)
            r->first = c->out.ANCHORS.n;
        VEC_PUSH(&c->out.ANCHORS, c->a) = c->triggers.v[i].value;
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

/* What a rule or another phrase waits for is tried as soon as it can be; what only guards, when somebody asks. */
static void mark_eager(Compiler *c)
{
    for (uint32_t i = 0; i < c->out.PATTERNS.n; i++) {
        ImagePattern *p = &c->out.PATTERNS.v[i];
        const ImageGroup *g = &c->out.GROUPS.v[p->group];
        if (p->kind != PATTERN_PHRASE || g->folds != FOLD_ALL || (!g->rules.n && !g->dependents.n))
            continue;
        bool lists = program_has_list(c, p->forward) || program_has_list(c, p->backward);
        if (!lists)
            p->flags |= PATTERN_EAGER;
        else if (g->list == IMAGE_NONE)
            p->flags |= PATTERN_LATE;
    }
}

static bool place_automaton(Compiler *c)
{
    Str *texts = ARENA_ARRAY(c->a, Str, c->out.LITERALS.n + 1);
    for (uint32_t i = 0; i < c->out.LITERALS.n; i++) {
        ImageLiteral *l = &c->out.LITERALS.v[i];
        texts[i] = (Str){c->out.STRINGS.v + l->text.at, l->text.len};
        l->flags |= sml_automaton_confuses(texts[i]) ? LITERAL_CONFUSED : 0;
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
        VEC_PUSH(&c->out.OUTPUTS, c->a) = built.outputs[i];
    c->out.NEXT.v = (uint8_t *)(uintptr_t)built.next;
    c->out.NEXT.n = c->out.NEXT.cap = (uint32_t)built.n_next;
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
    if (out->len > IMAGE_MAX_BYTES || c->out.PATTERNS.n > IMAGE_ID(UINT32_MAX) ||
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
    place_owners(c);
    place_dependents(c);
    place_triggers(c);
    mark_eager(c);
    return place_automaton(c) && write_image(c, out);
}
