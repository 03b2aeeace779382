/* SPDX-License-Identifier: MIT */
#include "rulebook/compiler.h"

#include "text/norm.h"

#include <stdlib.h>
#include <string.h>

void sml_compile_fail(Compiler *c, Pos pos, DiagCode code, const char *message)
{
    sml_diag(c->diagnostics, pos, code, message);
    c->failed = true;
}

ImageStr sml_compile_intern(Compiler *c, Str s)
{
    uint32_t at;
    if (s.len == 0)
        return (ImageStr){0, 0};
    if (!sml_map_get(&c->strings, s, &at)) {
        at = c->out.STRINGS.n;
        for (size_t i = 0; i < s.len; i++)
            VEC_PUSH(&c->out.STRINGS, c->a) = s.p[i];
        sml_map_add(&c->strings, s, at, c->a);
    }
    return (ImageStr){at, (uint32_t)s.len};
}

/* ---- conditions ---- */

static void fill_cond(Compiler *c, uint32_t at, const Cond *cond)
{
    ImageCond r = {
        .op = cond->op, .fact = cond->fact, .n = cond->n, .from = cond->from, .to = cond->to};
    bool tree = cond->op == COND_AND || cond->op == COND_OR || cond->op == COND_NOT;
    if (tree) {
        r.first = c->out.CONDS.n;
        for (uint32_t i = 0; i < cond->n; i++)
            VEC_PUSH(&c->out.CONDS, c->a) = (ImageCond){0};
        for (uint32_t i = 0; i < cond->n; i++)
            fill_cond(c, r.first + i, &cond->children[i]);
    } else {
        r.first = c->out.VALUES.n;
        for (uint32_t i = 0; i < cond->n; i++)
            VEC_PUSH(&c->out.VALUES, c->a) = sml_compile_intern(c, cond->values[i]);
    }
    c->out.CONDS.v[at] = r;
}

static uint32_t cond_for(Compiler *c, const Cond *cond)
{
    if (!cond)
        return IMAGE_NONE;
    uint32_t at = c->out.CONDS.n;
    VEC_PUSH(&c->out.CONDS, c->a) = (ImageCond){0};
    fill_cond(c, at, cond);
    return at;
}

/* ---- rules ---- */

static ImageRange compile_guards(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageGuard) guards = {0};
    /* A guard looks at all the text, wherever the rule itself may match. */
    Origin any = {IN_ANY, origin.folds, origin.slow};
    for (uint32_t i = 0; i < rule->n_guards; i++) {
        const Guard *g = &rule->guards[i];
        ImageGuard r = {.kind = g->kind,
                        .words = g->words,
                        .inside = g->inside,
                        .want = {IMAGE_NONE, 0},
                        .cond = cond_for(c, g->when)};
        if (g->kind != GUARD_INSIDE && g->kind != GUARD_WHEN)
            r.want = sml_compile_want(c, &g->want, any);
        VEC_PUSH(&guards, c->a) = r;
    }
    ImageRange range = {c->out.GUARDS.n, guards.n};
    for (uint32_t i = 0; i < guards.n; i++)
        VEC_PUSH(&c->out.GUARDS, c->a) = guards.v[i];
    return range;
}

static ImageRange compile_cues(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageCue) cues = {0};
    for (uint32_t i = 0; i < rule->n_cues; i++) {
        const Cue *cue = &rule->cues[i];
        Origin o = origin;
        /* What takes away excuses. */
        if (cue->weight < 0)
            o.in = IN_ANY;
        VEC_PUSH(&cues, c->a) = (ImageCue){.name = sml_compile_intern(c, cue->name),
                                           .want = sml_compile_want(c, &cue->want, o),
                                           .weight = cue->weight};
    }
    ImageRange range = {c->out.CUES.n, cues.n};
    for (uint32_t i = 0; i < cues.n; i++)
        VEC_PUSH(&c->out.CUES, c->a) = cues.v[i];
    return range;
}

static ImageRange compile_wants(Compiler *c, const Rule *rule, Origin origin)
{
    VEC(ImageWant) wants = {0};
    for (uint32_t i = 0; i < rule->n_wants; i++) {
        Origin o = origin;
        bool required = rule->kind == RULE_REQUIRE && i == 1;
        bool none = rule->kind == RULE_COMPOSE && i >= rule->n_all + rule->n_any;
        /* What is required, or excuses, may stand anywhere, a link included. */
        if (required || none)
            o.in = IN_ANY;
        VEC_PUSH(&wants, c->a) = sml_compile_want(c, &rule->wants[i], o);
    }
    ImageRange range = {c->out.WANTS.n, wants.n};
    for (uint32_t i = 0; i < wants.n; i++)
        VEC_PUSH(&c->out.WANTS, c->a) = wants.v[i];
    return range;
}

static void trigger_always(Compiler *c, uint32_t rule)
{
    if (c->always.n == 0 || VEC_LAST(&c->always) != rule)
        VEC_PUSH(&c->always, c->a) = rule;
}

static void trigger(Compiler *c, uint32_t rule, ImageWant want)
{
    if (want.group == IMAGE_NONE || c->group_share.v[want.group] == GROUP_EVERYWHERE)
        trigger_always(c, rule);
    else
        VEC_PUSH(&c->triggers, c->a) = (Pair){want.group, rule};
}

typedef struct ShareOfCue {
    uint64_t share;
    uint32_t cue;
} ShareOfCue;

/* One member that must match is enough to wait for: of the first `n` the rarest. */
static void trigger_rarest(Compiler *c, const ImageRule *r, uint32_t rule, uint32_t n)
{
    const ImageWant *wants = c->out.WANTS.v + r->wants.first;
    uint32_t rarest = 0;
    for (uint32_t i = 1; i < n; i++)
        if (c->group_share.v[wants[i].group] < c->group_share.v[wants[rarest].group])
            rarest = i;
    trigger(c, rule, wants[rarest]);
}

static int commonest_first(const void *a, const void *b)
{
    const ShareOfCue *x = a, *y = b;
    if (x->share != y->share)
        return x->share > y->share ? -1 : 1;
    return (x->cue > y->cue) - (x->cue < y->cue);
}

/* Cues that do not come to the limit even together need not be waited for: the commonest of them are left out. */
static void trigger_cues(Compiler *c, const ImageRule *r, uint32_t rule)
{
    const ImageCue *cues = c->out.CUES.v + r->cues.first;
    ShareOfCue *order = ARENA_ARRAY(c->a, ShareOfCue, r->cues.n + 1);
    int64_t without = 0;
    for (uint32_t i = 0; i < r->cues.n; i++)
        order[i] = (ShareOfCue){c->group_share.v[cues[i].want.group], i};
    qsort(order, r->cues.n, sizeof *order, commonest_first);
    for (uint32_t i = 0; i < r->cues.n; i++) {
        const ImageCue *cue = &cues[order[i].cue];
        if (cue->weight <= 0)
            continue;
        without += cue->weight;
        if (without >= (int32_t)r->limit)
            trigger(c, rule, cue->want);
    }
}

static void compile_triggers(Compiler *c, const ImageRule *r, uint32_t id)
{
    switch ((ImageRuleKind)r->kind) {
    case RULE_MATCH:
    case RULE_REQUIRE:
    case RULE_LIMIT:
        trigger(c, id, c->out.WANTS.v[r->wants.first]);
        break;
    case RULE_NEAR:
        trigger_rarest(c, r, id, r->wants.n);
        break;
    case RULE_SCORE:
        trigger_cues(c, r, id);
        break;
    case RULE_COMPOSE:
        if (r->n_all)
            trigger_rarest(c, r, id, r->n_all);
        for (uint32_t i = 0; !r->n_all && i < r->n_any; i++)
            trigger(c, id, c->out.WANTS.v[r->wants.first + i]);
        break;
    case RULE_COMPARE:
        trigger_always(c, id);
        break;
    }
}

static void fill_texts(Compiler *c, ImageRule *r, const Rule *rule)
{
    r->id = sml_compile_intern(c, rule->id);
    r->title = sml_compile_intern(c, rule->title);
    r->message = sml_compile_intern(c, rule->message.en);
    r->message_cy = sml_compile_intern(c, rule->message.cy);
    r->why = sml_compile_intern(c, rule->why.en);
    r->why_cy = sml_compile_intern(c, rule->why.cy);
    r->instead = sml_compile_intern(c, rule->instead.en);
    r->instead_cy = sml_compile_intern(c, rule->instead.cy);
    r->ask = sml_compile_intern(c, rule->ask.en);
    r->ask_cy = sml_compile_intern(c, rule->ask.cy);
    r->suggest = sml_compile_intern(c, rule->suggest);
    r->when_words = sml_compile_intern(c, rule->when_words);
    r->kind_word = sml_compile_intern(c, rule->kind_word);
    r->compare_each = sml_compile_intern(c, rule->compare_each);
    r->compare_key = sml_compile_intern(c, rule->compare_key);
}

static ImageRange compile_examples(Compiler *c, const Rule *rule)
{
    ImageRange range = {c->out.EXAMPLES.n, rule->n_examples};
    for (uint32_t i = 0; i < rule->n_examples; i++) {
        const Example *x = &rule->examples[i];
        ImageExample r = {.text = sml_compile_intern(c, x->text),
                          .note = sml_compile_intern(c, x->note),
                          .at = sml_compile_intern(c, x->at),
                          .path = sml_compile_intern(c, x->pos.path),
                          .line = x->pos.line,
                          .col = x->pos.col,
                          .flags = (x->hit ? EXAMPLE_HIT : 0u) | (x->todo ? EXAMPLE_TODO : 0u),
                          .grade = x->grade,
                          .spans = {c->out.SPANS.n, x->n_spans},
                          .meta = {c->out.PAIRS.n, x->n_meta}};
        for (uint32_t j = 0; j < x->n_spans; j++)
            VEC_PUSH(&c->out.SPANS, c->a) = x->spans[j];
        for (uint32_t j = 0; j < x->n_meta; j++)
            VEC_PUSH(&c->out.PAIRS, c->a) = (ImagePair){sml_compile_intern(c, x->meta[j].key),
                                                        sml_compile_intern(c, x->meta[j].value)};
        VEC_PUSH(&c->out.EXAMPLES, c->a) = r;
    }
    return range;
}

static ImageRange compile_cites(Compiler *c, const Cite *cites, uint32_t n)
{
    ImageRange range = {c->out.CITES.n, n};
    for (uint32_t i = 0; i < n; i++) {
        const Source *s = cites[i].source;
        VEC_PUSH(&c->out.CITES, c->a) = (ImageCite){.source = sml_compile_intern(c, s->key),
                                                    .title = sml_compile_intern(c, s->title),
                                                    .year = sml_compile_intern(c, s->year),
                                                    .url = sml_compile_intern(c, s->url),
                                                    .read = sml_compile_intern(c, s->read),
                                                    .verified = s->verified,
                                                    .at = sml_compile_intern(c, cites[i].at)};
    }
    return range;
}

static ImageRange compile_covers(Compiler *c, const Rule *rule)
{
    ImageRange range = {c->out.ANCHORS.n, rule->n_covers};
    for (uint32_t i = 0; i < rule->n_covers; i++)
        VEC_PUSH(&c->out.ANCHORS, c->a) = rule->covers[i];
    return range;
}

static ImageRange compile_grades(Compiler *c, const Rule *rule)
{
    VEC(ImageGrade) rows = {0};
    for (uint32_t i = 0; i < rule->n_grades; i++)
        VEC_PUSH(&rows, c->a) = (ImageGrade){.cond = cond_for(c, rule->grades[i].when),
                                             .grade = rule->grades[i].grade,
                                             .words = sml_compile_intern(c, rule->grades[i].words)};
    ImageRange range = {c->out.GRADES.n, rows.n};
    for (uint32_t i = 0; i < rows.n; i++)
        VEC_PUSH(&c->out.GRADES, c->a) = rows.v[i];
    return range;
}

/* Which lists a rule's patterns use, seen from the programs of its groups. */
static void note_lists(Compiler *c, uint32_t group, uint8_t *used)
{
    if (group == IMAGE_NONE)
        return;
    const ImageGroup *g = &c->out.GROUPS.v[group];
    if (g->list != IMAGE_NONE) {
        if (used[g->list])
            return; /* and so are those inside it */
        used[g->list] = 1;
    }
    for (uint32_t i = 0; i < g->patterns.n; i++) {
        const ImagePattern *p = &c->out.PATTERNS.v[g->patterns.first + i];
        if (p->context != IMAGE_ANYWHERE)
            note_lists(c, c->out.CONTEXTS.v[p->context].needs, used);
        for (int side = 0; p->kind == PATTERN_PHRASE && side < 2; side++) {
            uint32_t pc = side ? p->backward : p->forward;
            if (pc == IMAGE_NONE)
                continue;
            const uint32_t *code = c->out.CODE.v;
            while (code[pc] != OP_MATCH) {
                if (code[pc] == OP_LIST)
                    note_lists(c, code[pc + 1], used);
                pc += sml_image_op_size(code + pc);
            }
        }
    }
}

static ImageRange compile_lists_used(Compiler *c, const ImageRule *r)
{
    uint8_t *used = ARENA_ARRAY(c->a, uint8_t, c->rules->n_lists + 1);
    for (uint32_t i = 0; i < r->wants.n; i++)
        note_lists(c, c->out.WANTS.v[r->wants.first + i].group, used);
    for (uint32_t i = 0; i < r->cues.n; i++)
        note_lists(c, c->out.CUES.v[r->cues.first + i].want.group, used);
    ImageRange range = {c->out.ANCHORS.n, 0};
    for (uint32_t i = 0; i < c->rules->n_lists; i++)
        if (used[i])
            VEC_PUSH(&c->out.ANCHORS, c->a) = i, range.n++;
    return range;
}

static void compile_rule(Compiler *c, const Rule *rule)
{
    uint32_t id = c->out.RULES.n;
    Origin origin = {rule->in, rule->folds, rule->slow};
    ImageRule r = {.grade = rule->grade,
                   .status = rule->status,
                   .flags = rule->flags,
                   .kind = rule->kind,
                   .limit = rule->limit,
                   .distance = rule->distance,
                   .over = rule->over,
                   .n_all = rule->n_all,
                   .n_any = rule->n_any,
                   .mend = rule->mend};
    r.when = cond_for(c, rule->when);
    /* A retired rule is there to be read about. */
    bool runs = rule->status != STATUS_RETIRED;
    if (runs) {
        r.wants = compile_wants(c, rule, origin);
        r.cues = compile_cues(c, rule, origin);
        r.guards = compile_guards(c, rule, origin);
    } else {
        r.n_all = r.n_any = 0;
    }
    r.grades = compile_grades(c, rule);
    if (!c->failed && runs) {
        r.lists = compile_lists_used(c, &r);
        compile_triggers(c, &r, id);
    }
    VEC_PUSH(&c->out.RULES, c->a) = r;
}

/* What a finding may show. */
static void describe_rule(Compiler *c, ImageRule *r, const Rule *rule)
{
    fill_texts(c, r, rule);
    r->cites = compile_cites(c, rule->cites, rule->n_cites);
    r->covers = compile_covers(c, rule);
    r->aliases = (ImageRange){c->out.ALIASES.n, rule->n_aliases};
    for (uint32_t i = 0; i < rule->n_aliases; i++)
        VEC_PUSH(&c->out.ALIASES, c->a) = sml_compile_intern(c, rule->aliases[i]);
}

/* ---- all of it ---- */

static void compile_windows(Compiler *c)
{
    for (uint32_t i = 0; i < c->rules->n_windows; i++) {
        const Window *w = &c->rules->windows[i];
        VEC_PUSH(&c->out.WINDOWS, c->a) = (ImageWindow){.name = sml_compile_intern(c, w->name),
                                                        .nation = sml_compile_intern(c, w->nation),
                                                        .kind = sml_compile_intern(c, w->kind),
                                                        .status = sml_compile_intern(c, w->status),
                                                        .from = w->from,
                                                        .to = w->to,
                                                        .cite = IMAGE_NONE};
        if (w->cite.source)
            VEC_LAST(&c->out.WINDOWS).cite = compile_cites(c, &w->cite, 1).first;
    }
}

static void compile_obligations(Compiler *c)
{
    for (uint32_t i = 0; i < c->rules->n_obligations; i++) {
        const Obligation *o = &c->rules->obligations[i];
        VEC_PUSH(&c->out.OBLIGATIONS, c->a) =
            (ImageObligation){.name = sml_compile_intern(c, o->name),
                              .title = sml_compile_intern(c, o->title),
                              .see = sml_compile_intern(c, o->see),
                              .cite = compile_cites(c, &o->cite, 1).first};
    }
}

static void compile_editions(Compiler *c)
{
    for (uint32_t i = 0; i < c->rules->n_editions; i++) {
        const Edition *e = &c->rules->editions[i];
        ImageEdition record = {.words = sml_compile_intern(c, e->words),
                               .cond = cond_for(c, e->when),
                               .cite = IMAGE_NONE};
        if (e->cite.source)
            record.cite = compile_cites(c, &e->cite, 1).first;
        for (uint32_t k = 0; k < e->n_of; k++) {
            record.of = sml_compile_intern(c, e->of[k]->key);
            VEC_PUSH(&c->out.EDITIONS, c->a) = record;
        }
    }
}

static void compile_networks(Compiler *c)
{
    for (uint32_t i = 0; i < c->rules->n_networks; i++) {
        const Network *n = &c->rules->networks[i];
        ImageNetwork record = {.name = sml_compile_intern(c, n->name),
                               .title = sml_compile_intern(c, n->title),
                               .checked = sml_compile_intern(c, n->checked),
                               .unit = n->unit,
                               .link = n->link,
                               .cite = compile_cites(c, &n->cite, 1).first};
        memcpy(record.max, n->max, sizeof record.max);
        VEC_PUSH(&c->out.NETWORKS, c->a) = record;
    }
}

/* What no rule is needed for. The lists' words follow when a rule asks for them. */
static void compile_head(Compiler *c)
{
    const Rules *r = c->rules;
    VEC_PUSH(&c->out.PACKS, c->a) = (ImagePack){.id = sml_compile_intern(c, r->id),
                                                .title = sml_compile_intern(c, r->title),
                                                .version = sml_compile_intern(c, r->version),
                                                .language = sml_compile_intern(c, r->language),
                                                .requires = sml_compile_intern(c, r->requires_)};
    compile_windows(c);
    compile_obligations(c);
    compile_editions(c);
    compile_networks(c);
    Str earliest = {0};
    for (uint32_t i = 0; i < r->n_lists; i++) {
        sml_map_add(&c->lists, r->lists[i].name, i, c->a);
        VEC_PUSH(&c->out.LISTS, c->a) =
            (ImageList){.name = sml_compile_intern(c, r->lists[i].name),
                        .checked = sml_compile_intern(c, r->lists[i].checked),
                        .items = r->lists[i].n,
                        .group = IMAGE_NONE};
        Str checked = r->lists[i].checked;
        if (checked.len && (earliest.len == 0 || sml_str_cmp(checked, earliest) < 0))
            earliest = checked;
    }
    c->out.PACKS.v[0].checked = sml_compile_intern(c, earliest);
}

static bool compile_all(Compiler *c, Buf *out)
{
    compile_head(c);
    const Rule *rules = c->rules->rules;
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        compile_rule(c, &rules[i]);
    /* Strings in this order: what is matched, what is shown, what is for tests. */
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        describe_rule(c, &c->out.RULES.v[i], &rules[i]);
    for (uint32_t i = 0; i < c->rules->n_rules; i++)
        c->out.RULES.v[i].examples = compile_examples(c, &rules[i]);
    if (c->failed)
        return false;
    return sml_compile_image(c, out);
}

bool sml_compile(Buf *out, const Rules *rules, Diagnostics *diagnostics, Arena *a)
{
    Compiler c = {.rules = rules, .a = a, .diagnostics = diagnostics};
    c.engine = sml_pattern_engine(false);
    c.list_busy = ARENA_ARRAY(a, uint8_t, rules->n_lists + 1);
    for (int behind = 0; behind < 2; behind++)
        c.list_touch[behind] = ARENA_ARRAY(a, uint8_t, rules->n_lists + 1);
    bool ok = compile_all(&c, out);
    sml_pattern_engine_free(c.engine);
    return ok;
}
