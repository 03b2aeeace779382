/* SPDX-License-Identifier: MIT */
#include "../fuzz/image_walk.h"
#include "image/must.h"
#include "image_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NONE IMAGE_NONE

/* A small rulebook with a record of every kind, before it is made into bytes. */
typedef struct Sample {
    Built b;
    ImagePack packs[1];
    ImageRule rules[3];
    ImageGroup groups[5];
    ImagePattern patterns[4];
    ImageContext contexts[2];
    ImageStr sources[4];
    uint32_t code[20];
    ImageLiteral literals[2];
    ImageOwner owners[4];
    uint32_t masks[2];
    uint32_t anchors[8];
    ImageWant wants[3];
    ImageCue cues[2];
    ImageGuard guards[3];
    ImageGrade grades[2];
    ImageCond conds[7];
    ImageStr values[4];
    ImageWindow windows[2];
    ImageCite cites[1];
    ImageEdition editions[2];
    ImageExample examples[2];
    Span spans[2];
    ImagePair pairs[1];
    ImageList lists[1];
    ImageStr aliases[1];
    ImageMust musts[2];
    ImageRange must_sets[2];
    ImageMustText must_texts[3];
    Automaton automaton;
} Sample;

static ImageStr str(Sample *s, const char *text)
{
    return built_str(&s->b, sml_str_from(text));
}

static void fill_patterns(Sample *s)
{
    str(s, "no operand is small enough to be an opcode");
    ImageStr labour = str(s, "labour"), vote = str(s, "vote"), exact = str(s, "Labour");
    uint32_t code[] = {/* 0: labour */
                       OP_WORD_PACK(WORD_TITLE, labour.len), labour.at, exact.at, exact.len,
                       OP_MATCH,
                       /* 5: {@list} */
                       OP_LIST, 0, OP_MATCH,
                       /* 8: from the right: a space or up to two words, then "vote" */
                       OP_SPLIT_PACK(2), 11, 13, OP_SEP, OP_JUMP_PACK(15), OP_GAP, 2,
                       OP_WORD_PACK(WORD_EDGE_START, vote.len), vote.at, OP_MATCH,
                       /* 18: a program that nobody runs */
                       OP_SEP, OP_MATCH};
    memcpy(s->code, code, sizeof s->code);
    s->literals[0] = built_literal(STR("labour"), LITERAL_EDGE);
    s->literals[0].owners = (ImageRange){0, 1};
    s->literals[1] = built_literal(STR("vote"), LITERAL_LOOSE);
    s->literals[1].others = (ImageRange){3, 1};
    static const uint32_t owners[][2] = {
        {0, 0 | OWNER_STRICT}, {2, 1}, {3, 1}, {1, 0 | OWNER_LIST}};
    static const uint32_t anchors[] = {0, 0, 2, 2, 1, 1, 4, 2};
    for (int i = 0; i < 4; i++)
        s->owners[i] = (ImageOwner){.pattern = owners[i][0], .from = owners[i][1]};
    /* 0: list 0; 1, 2: rules 0, 2; 3: group 2; 4, 5: its literals; 6: a detector; 7: rule 2 */
    memcpy(s->anchors, anchors, sizeof anchors);
    s->masks[1] = UINT32_MAX;
    s->owners[1].mask[3] = 1;
    s->patterns[0] = (ImagePattern){.backward = NONE, .context = IMAGE_ANYWHERE};
    s->patterns[1] = (ImagePattern){.group = 1, .forward = 5, .backward = 8, .context = 0};
    s->patterns[2] = (ImagePattern){
        .kind = PATTERN_REGEX, .flags = PATTERN_CASELESS, .group = 2, .must = 0, .context = 1};
    s->patterns[3] = (ImagePattern){
        .kind = PATTERN_REGEX, .group = 2, .lead = IMAGE_FAR, .context = IMAGE_ANYWHERE};
    s->contexts[0] = (ImageContext){.needs = 0, .needs_words = 8, .not_group = NONE};
    s->contexts[1] = (ImageContext){.needs = NONE, .not_group = 1};
    static const char *const sources[] = {"~Labour", "vote {@parties}", "vote\\d+", "vote!"};
    for (int i = 0; i < 4; i++)
        s->sources[i] = str(s, sources[i]);
    s->musts[0] = (ImageMust){.sets = {0, 2}};
    s->must_sets[0] = (ImageRange){0, 1};
    s->must_sets[1] = (ImageRange){1, 2};
    for (int i = 0; i < 3; i++) {
        s->must_texts[i].text = str(s, "vote");
        sml_must_pairs(&s->must_texts[i], STR("vote"));
    }
    s->groups[0] = (ImageGroup){.in = IN_DEFAULT,
                                .folds = 255,
                                .list = 0,
                                .patterns = {0, 1},
                                .dependents = {3, 1},
                                .rules = {1, 1}};
    s->groups[1] =
        (ImageGroup){.in = IN_DEFAULT, .list = NONE, .patterns = {1, 1}, .rules = {1, 2}};
    s->groups[2] = (ImageGroup){
        .in = IN_TEXT, .list = NONE, .patterns = {2, 2}, .sources = {1, 2}, .literals = {4, 2}};
    s->groups[3] = (ImageGroup){.kind = GROUP_TOKEN, .detail = COUNT_WORD, .list = NONE};
    s->groups[4] = (ImageGroup){.kind = GROUP_DETECT, .detail = 3, .list = NONE};
    s->lists[0] = (ImageList){str(s, "parties"), str(s, "2026-11-20"), 1, 0};
}

static void fill_conditions(Sample *s)
{
    s->values[0] = str(s, "official");
    s->values[1] = str(s, "@handle");
    s->values[2] = str(s, "easter");
    s->values[3] = str(s, "summer");
    s->windows[0] =
        (ImageWindow){str(s, "easter"), str(s, "scotland"), str(s, ""), str(s, "ok"), 5, 9, 0, 0};
    s->windows[1] =
        (ImageWindow){str(s, "summer"), str(s, ""), str(s, ""), str(s, "ok"), 7, 20, IMAGE_NONE, 0};
    s->conds[0] = (ImageCond){.op = COND_AND, .first = 2, .n = 2};
    s->conds[1] = (ImageCond){.op = COND_DURING, .first = 2, .n = 2};
    s->conds[2] = (ImageCond){.op = COND_FACT, .fact = FACT_ACCOUNT, .first = 0, .n = 2};
    s->conds[3] = (ImageCond){.op = COND_NOT, .first = 4, .n = 1};
    s->conds[4] = (ImageCond){.op = COND_OR, .first = 5, .n = 2};
    s->conds[5] = (ImageCond){.op = COND_RANGE, .from = INT64_MIN, .to = INT64_MAX};
    s->conds[6] = (ImageCond){.op = COND_OUTSIDE, .first = 2, .n = 1};
    s->grades[0] = (ImageGrade){0, SML_ERROR, str(s, "account is official")};
    s->grades[1] = (ImageGrade){NONE, SML_NOTICE, str(s, "always")};
    s->guards[0] = (ImageGuard){.kind = GUARD_WORDS, .want = {2, 1}, .words = 4, .cond = NONE};
    s->guards[1] = (ImageGuard){.kind = GUARD_INSIDE, .want = {NONE, 0}, .inside = INSIDE_QUOTE};
    s->guards[2] = (ImageGuard){.kind = GUARD_WHEN, .want = {NONE, 0}, .cond = 1};
}

static void fill_rules(Sample *s)
{
    s->packs[0] = (ImagePack){.id = str(s, "test"), .detectors = {6, 1}, .always = {7, 1}};
    s->wants[0] = (ImageWant){1, 1};
    s->wants[1] = (ImageWant){NONE, 0};
    s->wants[2] = (ImageWant){3, 2};
    s->cues[0] = (ImageCue){.name = str(s, "pledge"), .want = {1, 1}, .weight = 2};
    s->cues[1] = (ImageCue){.name = str(s, "neutral"), .want = {2, 1}, .weight = -2};
    s->editions[0] = (ImageEdition){str(s, "code"), str(s, "account is official"), 0, 0};
    s->editions[1] = (ImageEdition){str(s, "code"), str(s, "in the summer"), 1, NONE};
    s->cites[0] = (ImageCite){.source = str(s, "code"),
                              .title = str(s, "C\xc3\xb4"
                                              "d"),
                              .verified = 1};
    s->pairs[0] = (ImagePair){str(s, "account"), str(s, "official")};
    s->examples[0] = (ImageExample){.text = str(s, "vote Labour"),
                                    .spans = {0, 2},
                                    .meta = {0, 1},
                                    .flags = EXAMPLE_HIT,
                                    .grade = SML_ERROR};
    s->examples[1] = (ImageExample){.text = str(s, "vote"), .spans = {2, 0}};
    s->spans[0] = (Span){0, 11};
    s->spans[1] = (Span){5, 5};
    s->aliases[0] = str(s, "old/name");
    s->rules[0] = (ImageRule){.id = str(s, "a/match"),
                              .message = str(s, "\"{match}\" asks"),
                              .grade = SML_WARNING,
                              .kind = RULE_MATCH,
                              .when = 1,
                              .wants = {0, 1},
                              .guards = {0, 3},
                              .grades = {0, 2},
                              .cites = {0, 1},
                              .examples = {0, 2},
                              .aliases = {0, 1},
                              .lists = {0, 1}};
    s->rules[1] = (ImageRule){.id = str(s, "a/require"),
                              .grade = SML_NOTICE,
                              .kind = RULE_REQUIRE,
                              .when = NONE,
                              .wants = {1, 2}};
    s->rules[2] = (ImageRule){.id = str(s, "b/score"),
                              .grade = SML_ERROR,
                              .kind = RULE_SCORE,
                              .when = NONE,
                              .cues = {0, 2},
                              .limit = 3};
}

static void fill(Sample *s)
{
    *s = (Sample){.b = {.arena = sml_arena_new()}};
    fill_patterns(s);
    fill_conditions(s);
    fill_rules(s);
    Str literals[] = {STR("labour"), STR("vote")};
    assert_true(sml_automaton_build(&s->automaton, literals, 2, s->b.arena, NULL));
    built_automaton(&s->b, &s->automaton, s->literals);
    BUILT(&s->b, PACKS, s->packs);
    BUILT(&s->b, RULES, s->rules);
    BUILT(&s->b, GROUPS, s->groups);
    BUILT(&s->b, PATTERNS, s->patterns);
    BUILT(&s->b, CONTEXTS, s->contexts);
    BUILT(&s->b, SOURCES, s->sources);
    BUILT(&s->b, MUSTS, s->musts);
    BUILT(&s->b, MUST_SETS, s->must_sets);
    BUILT(&s->b, MUST_TEXTS, s->must_texts);
    BUILT(&s->b, CODE, s->code);
    BUILT(&s->b, LITERALS, s->literals);
    BUILT(&s->b, OWNERS, s->owners);
    BUILT(&s->b, MASKS, s->masks);
    BUILT(&s->b, ANCHORS, s->anchors);
    BUILT(&s->b, WANTS, s->wants);
    BUILT(&s->b, CUES, s->cues);
    BUILT(&s->b, GUARDS, s->guards);
    BUILT(&s->b, GRADES, s->grades);
    BUILT(&s->b, CONDS, s->conds);
    BUILT(&s->b, VALUES, s->values);
    BUILT(&s->b, WINDOWS, s->windows);
    BUILT(&s->b, CITES, s->cites);
    BUILT(&s->b, EDITIONS, s->editions);
    BUILT(&s->b, EXAMPLES, s->examples);
    BUILT(&s->b, SPANS, s->spans);
    BUILT(&s->b, PAIRS, s->pairs);
    BUILT(&s->b, LISTS, s->lists);
    BUILT(&s->b, ALIASES, s->aliases);
}

static void check_opens(Sample *s)
{
    Image im;
    sml_error err = {.line = 0};
    if (!sml_image_open(&im, built_image(&s->b), STR("test.image"), &err))
        fail_msg("%s", err.message);
    assert_true(image_walk(&im) > 0);
    sml_arena_free(s->b.arena);
}

static void check_message(Str bytes, const char *want)
{
    Image im;
    sml_error err = {.line = 1};
    if (sml_image_open(&im, bytes, STR("test.image"), &err))
        fail_msg("opened, though: %s", want);
    assert_string_equal(err.path, "test.image");
    if (!strstr(err.message, want))
        fail_msg("\"%s\" does not say \"%s\"", err.message, want);
}

static void check_refused(Sample *s, const char *want)
{
    check_message(built_image(&s->b), want);
    sml_arena_free(s->b.arena);
}

/* Fills a sample, changes it, and wants it refused in these words. */
#define REFUSED(change, want)                                                                      \
    do {                                                                                           \
        Sample s;                                                                                  \
        fill(&s);                                                                                  \
        change;                                                                                    \
        check_refused(&s, want);                                                                   \
    } while (0)
#define OPENS(change)                                                                              \
    do {                                                                                           \
        Sample s;                                                                                  \
        fill(&s);                                                                                  \
        change;                                                                                    \
        check_opens(&s);                                                                           \
    } while (0)

static void test_opens(void **state)
{
    (void)state;
    OPENS((void)0);
    OPENS(s.b.section[SECTION_AUTOMATA].n = 0);
    OPENS(s.rules[0].status = STATUS_RETIRED; s.rules[0].wants.n = 0);
}

static void test_header(void **state)
{
    (void)state;
    Sample s;
    fill(&s);
    Str bytes = built_image(&s.b);
    char *p = sml_arena_alloc(s.b.arena, bytes.len, 8);
    ImageHeader *h = (ImageHeader *)(void *)p;
#define BAD_HEADER(change, want)                                                                   \
    memcpy(p, bytes.p, bytes.len);                                                                 \
    change;                                                                                        \
    check_message((Str){p, bytes.len}, want)

    BAD_HEADER(p[0] = 'x', "not a sm-lint image");
    check_message((Str){NULL, 0}, "not a sm-lint image");
    check_message((Str){p, 7}, "not a sm-lint image");
    BAD_HEADER(h->version++, "another version of sm-lint; compile the rulebook again");
    BAD_HEADER(h->endian = 0x04030201, "another version of sm-lint");
    BAD_HEADER(h->layout++, "another version of sm-lint");
    BAD_HEADER(h->size++, "image is damaged: it has");
    BAD_HEADER(h->checksum++, "image is damaged: its checksum is wrong");
    BAD_HEADER(p[bytes.len - 1] ^= 1, "image is damaged: its checksum is wrong");
    BAD_HEADER(h->sections[SECTION_RULES].first += 4, "section RULES lies outside");
    BAD_HEADER(h->sections[SECTION_RULES].first = 8, "section RULES lies outside");
    BAD_HEADER(h->sections[SECTION_RULES].n = 0x10000001, "section RULES lies outside");
    BAD_HEADER(h->sections[SECTION_ROWS].first = 0xFFFFFFF8, "section ROWS lies outside");
    memcpy(p, bytes.p, bytes.len);
    for (size_t len = 8; len < bytes.len; len++)
        check_message((Str){p, len}, "image is damaged: it");
    sml_arena_free(s.b.arena);
}

static void test_fields(void **state)
{
    (void)state;
    REFUSED(s.b.section[SECTION_PACKS].n = 0, "one pack");
    REFUSED(s.b.strings[0] = '\xff', "not UTF-8");
    REFUSED(s.rules[1].title.len = 0xFFFFFFFF, "record 1 of RULES has a bad title");
    REFUSED(s.rules[1].title.at = 0xFFFFFFFF, "bad title");
    REFUSED(s.cites[0].title.len = 2, "record 0 of CITES has a bad title");
    REFUSED(s.editions[0].cond = NONE, "record 0 of EDITIONS has a bad cond");
    REFUSED(s.editions[1].cite = 1, "record 1 of EDITIONS has a bad cite");
    REFUSED(s.rules[0].grade = SML_CLEAN, "record 0 of RULES has a bad grade");
    REFUSED(s.rules[0].kind = 7, "bad kind");
    REFUSED(s.rules[0].when = 7, "bad when");
    REFUSED(s.rules[0].wants.first = 4, "bad wants");
    REFUSED(s.rules[0].lists.n = 9, "bad lists");
    REFUSED(s.packs[0].always.n = 2, "record 0 of PACKS has a bad always");
    REFUSED(s.anchors[7] = 3, "record 0 of PACKS has a bad always");
    REFUSED(s.anchors[6] = 5, "record 0 of PACKS has a bad detectors");
    REFUSED(s.anchors[6] = 3, "record 0 of PACKS has a bad detector");
    REFUSED(s.anchors[0] = 1, "bad l");
    REFUSED(s.owners[2].pattern = 4, "record 2 of OWNERS has a bad pattern");
    REFUSED(s.owners[1].from = 2, "record 1 of OWNERS has a bad from");
    REFUSED(s.owners[3].from = 5 | OWNER_LIST, "record 3 of OWNERS has a bad from");
    REFUSED(s.owners[3].from = 1 | OWNER_LIST, "record 0 of GROUPS has a bad dependents");
    REFUSED(s.owners[0].from = 1, "record 0 of LITERALS has a bad owners");
    REFUSED(s.owners[0].from = 0 | OWNER_LIST, "record 0 of LITERALS has a bad owners");
    REFUSED(s.literals[1].owners.n = 5, "record 1 of LITERALS has a bad owners");
    REFUSED(s.literals[1].others.n = 6, "record 1 of LITERALS has a bad others");
    REFUSED(s.anchors[3] = 5, "record 1 of LITERALS has a bad others");
    REFUSED(s.owners[1].mask[3] = 2, "record 1 of OWNERS has a bad mask");
    REFUSED(s.literals[0].len = 7, "record 0 of LITERALS has a bad text");
    REFUSED(s.literals[0].len = 0, "record 0 of LITERALS has a bad text");
    REFUSED(s.literals[0].flags = 16, "record 0 of LITERALS has a bad text");
    REFUSED(s.literals[1].text[0] = '\xff', "record 1 of LITERALS has a bad text");
    REFUSED(s.groups[1].in = 128, "bad in");
    REFUSED(s.groups[1].kind = 3, "bad kind");
    REFUSED(s.groups[3].detail = COUNT_LENGTH + 1, "record 3 of GROUPS has a bad detail");
    REFUSED(s.cues[1].want.group = 5, "record 1 of CUES has a bad want.group");
    REFUSED(s.guards[0].want.group = NONE, "record 0 of GUARDS has a bad guard");
    REFUSED(s.guards[2].cond = 7, "record 2 of GUARDS has a bad guard");
    REFUSED(s.spans[1].end = 12, "record 0 of EXAMPLES has a bad spans");
    REFUSED(s.spans[1].start = 6, "bad spans");
}

static void test_rules(void **state)
{
    (void)state;
    REFUSED(s.rules[0].id = str(&s, "noslash"), "record 0 of RULES has a bad id");
    REFUSED(s.rules[0].id = str(&s, "a/"), "bad id");
    REFUSED(s.rules[1].id = s.rules[0].id, "record 1 of RULES has a bad place in the order");
    REFUSED(s.rules[0].wants.n = 0, "record 0 of RULES has a bad wants");
    REFUSED(s.wants[0].group = NONE, "record 0 of RULES has a bad wants");
    REFUSED(s.wants[2].group = NONE, "record 1 of RULES has a bad wants");
    REFUSED(s.rules[1].kind = RULE_COMPOSE; s.wants[1].group = 0;
            s.rules[1].n_all = 3, "bad wants");
    REFUSED(s.rules[1].kind = RULE_COMPOSE; s.wants[1].group = 0; s.rules[1].n_all = 1;
            s.rules[1].n_any = 0xFFFFFFFF, "bad wants");
    OPENS(s.rules[1].kind = RULE_COMPOSE; s.wants[1].group = 0; s.rules[1].n_all = 1;
          s.rules[1].n_any = 1);
}

static void test_conditions(void **state)
{
    (void)state;
    REFUSED(s.conds[0].first = 0, "record 0 of CONDS has a bad condition");
    REFUSED(s.conds[3].first = 3, "bad condition");
    REFUSED(s.conds[3].n = 2, "bad condition");
    REFUSED(s.conds[4].n = 3, "bad condition");
    REFUSED(s.conds[2].fact = FACT_DATE, "bad condition");
    REFUSED(s.conds[2].n = 5, "bad condition");
    REFUSED(s.conds[5].from = INT64_MAX, "bad condition");
    REFUSED(s.conds[5].op = COND_RANGE + 1, "bad op");
    REFUSED(s.windows[0].to = 5, "record 0 of WINDOWS has a bad end");
    REFUSED(s.windows[1].cite = 1, "record 1 of WINDOWS has a bad cite");
    REFUSED(s.windows[1].name = s.windows[0].name, "bad place in the order of names");
}

static void nest(Sample *s, uint32_t n, ImageCond *conds, uint32_t children)
{
    for (uint32_t i = 0; i < n; i++)
        conds[i] = (ImageCond){.op = COND_AND, .first = i + 1, .n = children};
    for (uint32_t i = n; i < n + children; i++)
        conds[i] = (ImageCond){.op = COND_RANGE, .from = 0, .to = 1};
    s->b.section[SECTION_CONDS] = (BuiltSection){conds, n + children};
    s->rules[0].when = 0;
    s->grades[0].cond = s->guards[2].cond = NONE;
}

static void test_nested_and_shared_conditions(void **state)
{
    (void)state;
    ImageCond conds[64];
    OPENS(nest(&s, IMAGE_COND_DEPTH, conds, 1));
    REFUSED(nest(&s, IMAGE_COND_DEPTH + 1, conds, 1), "nested too deeply");
    /* Each is a child of the two before it: few records, Fibonacci's number of ways. */
    REFUSED(nest(&s, IMAGE_COND_DEPTH, conds, 2), "share too much");
}

static void test_shared_ranges(void **state)
{
    (void)state;
    ImageWant wants[1000] = {{0, 0}};
    ImageRule rules[300];
    Sample s;
    fill(&s);
    BUILT(&s.b, WANTS, wants);
    BUILT(&s.b, RULES, rules);
    for (unsigned i = 0; i < 300; i++) {
        rules[i] = s.rules[2];
        rules[i].id = built_str(&s.b, sml_arena_printf(s.b.arena, "a/%03u", i));
        rules[i].wants = (ImageRange){0, 1000};
    }
    check_refused(&s, "share too much");
}

/* Every citation is held against every edition. */
static void test_shared_editions(void **state)
{
    (void)state;
    ImageCite cites[1000];
    ImageEdition editions[2000];
    Sample s;
    fill(&s);
    for (unsigned i = 0; i < 1000; i++)
        cites[i] = s.cites[0];
    for (unsigned i = 0; i < 2000; i++)
        editions[i] = s.editions[0];
    BUILT(&s.b, CITES, cites);
    BUILT(&s.b, EDITIONS, editions);
    s.rules[0].cites = (ImageRange){0, 1000};
    check_refused(&s, "share too much");
}

static void test_groups(void **state)
{
    (void)state;
    REFUSED(s.patterns[1].group = 2, "record 1 of GROUPS has a bad patterns");
    REFUSED(s.groups[2].patterns.n = 1, "a pattern outside its group");
    REFUSED(s.owners[3].pattern = 0, "record 0 of GROUPS has a bad dependents");
    REFUSED(s.owners[1].pattern = 1, "record 2 of GROUPS has a bad sources");
    REFUSED(s.owners[2].from = 2 | OWNER_LIST, "record 2 of GROUPS has a bad sources");
    REFUSED(s.groups[2].literals.n = 1, "record 2 of GROUPS has a bad sources");
    REFUSED(s.groups[2].literals.n = 3, "record 2 of GROUPS has a bad literals");
    REFUSED(s.anchors[4] = 0, "record 2 of GROUPS has a bad sources");
    REFUSED(s.anchors[5] = 2, "record 2 of GROUPS has a bad literals");
    REFUSED(s.patterns[0].kind = 2, "record 0 of PATTERNS has a bad kind");
    REFUSED(s.patterns[0].flags = 16, "record 0 of PATTERNS has a bad flags");
    REFUSED(s.contexts[0].needs = 1, "record 1 of PATTERNS has a bad context");
    REFUSED(s.contexts[1].not_group = 3, "record 2 of PATTERNS has a bad context");
    REFUSED(s.contexts[1].not_group = 5, "record 1 of CONTEXTS has a bad not_group");
    REFUSED(s.patterns[3].context = 2, "record 3 of PATTERNS has a bad context");
    REFUSED(s.sources[3].len = 99999, "record 3 of SOURCES has a bad at");
    REFUSED(s.b.section[SECTION_SOURCES].n = 3, "a source for each pattern");
    REFUSED(s.patterns[2].must = 2, "record 2 of PATTERNS has a bad must");
    REFUSED(s.musts[0].sets.n = 3, "record 0 of MUSTS has a bad sets");
    REFUSED(s.must_sets[1].n = 3, "record 1 of MUST_SETS has a bad first");
    REFUSED(s.must_texts[1].text.at = 0xFFFFFF, "record 1 of MUST_TEXTS has a bad text");
    REFUSED(s.must_texts[2].pairs[3] = MUST_PAIRS, "record 2 of MUST_TEXTS has a bad pair");
    REFUSED(s.code[6] = 1, "record 1 of PATTERNS has a bad forward program");
}

/* Groups that each need the one before. */
static void chain(Sample *s, uint32_t n)
{
    ImageGroup *groups = ARENA_ARRAY(s->b.arena, ImageGroup, n);
    ImagePattern *patterns = ARENA_ARRAY(s->b.arena, ImagePattern, n);
    ImageContext *contexts = ARENA_ARRAY(s->b.arena, ImageContext, n);
    for (uint32_t i = 0; i < n; i++) {
        groups[i] = (ImageGroup){.list = NONE, .patterns = {i, 1}};
        contexts[i] = (ImageContext){.needs = i ? i - 1 : NONE, .not_group = NONE};
        patterns[i] =
            (ImagePattern){.kind = PATTERN_REGEX, .group = (uint16_t)i, .context = (uint16_t)i};
    }
    s->b.section[SECTION_GROUPS] = (BuiltSection){groups, n};
    s->b.section[SECTION_PATTERNS] = (BuiltSection){patterns, n};
    s->b.section[SECTION_CONTEXTS] = (BuiltSection){contexts, n};
    s->b.section[SECTION_SOURCES] = (BuiltSection){ARENA_ARRAY(s->b.arena, ImageStr, n), n};
    s->lists[0].group = NONE;
    s->packs[0].detectors.n = 0;
}

static void test_chain_of_groups(void **state)
{
    (void)state;
    OPENS(chain(&s, IMAGE_GROUP_DEPTH));
    REFUSED(chain(&s, IMAGE_GROUP_DEPTH + 1), "bad context");
}

static void test_programs(void **state)
{
    (void)state;
    REFUSED(s.patterns[1].forward = 28, "bad forward program");
    REFUSED(s.patterns[1].forward = NONE, "bad forward program");
    REFUSED(s.patterns[1].backward = 28, "bad backward program");
    REFUSED(s.patterns[0].forward = 1, "bad forward program");
    REFUSED(s.code[19] = OP_SEP; s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[19] = OP_WORD; s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[19] = OP_SPLIT; s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[19] = OP_SPLIT_PACK(1); s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[19] = OP_COUNT; s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[19] = OP_MATCH | 1u << 8; s.patterns[0].forward = 18, "bad forward program");
    REFUSED(s.code[8] = OP_SPLIT, "bad backward program");
    REFUSED(s.code[8] = OP_SPLIT_PACK(0xFFFFFF), "bad backward program");
    REFUSED(s.code[9] = 8, "bad backward program");   /* to itself */
    REFUSED(s.code[10] = 5, "bad backward program");  /* back */
    REFUSED(s.code[10] = 16, "bad backward program"); /* into an instruction */
    REFUSED(s.code[10] = 20, "bad backward program"); /* out of the section */
    REFUSED(s.code[12] = OP_JUMP_PACK(12), "bad backward program");
    REFUSED(s.code[15] |= 32u << 8, "bad backward program"); /* flags */
    REFUSED(s.code[1] = 0xFFFFFF, "bad forward program");
    REFUSED(s.code[3] = 0xFFFFFF, "bad forward program");
    OPENS(s.code[12] = OP_JUMP_PACK(17));
    OPENS(s.code[9] = 12; s.code[10] = 17);
}

static void long_program(Sample *s, uint32_t *code, uint32_t seps)
{
    for (uint32_t i = 0; i < seps; i++)
        code[i] = OP_SEP;
    code[seps] = OP_MATCH;
    s->b.section[SECTION_CODE] = (BuiltSection){code, seps + 1};
    s->patterns[0].forward = s->patterns[1].forward = 0;
    s->patterns[1].backward = NONE;
}

static void test_long_program(void **state)
{
    (void)state;
    uint32_t code[2 * IMAGE_PATH_MAX];
    OPENS(long_program(&s, code, IMAGE_PATH_MAX));
    REFUSED(long_program(&s, code, IMAGE_PATH_MAX + 1), "bad forward program");
}

static uint32_t *writable(const uint32_t *v)
{
    return (uint32_t *)(uintptr_t)v;
}

static uint32_t *outputs_of(const Sample *s)
{
    return writable(s->b.section[SECTION_OUTPUTS].v);
}

static ImageState *state_of(Sample *s, uint32_t i)
{
    return (ImageState *)(uintptr_t)&s->automaton.states[i];
}

static void test_automaton(void **state)
{
    (void)state;
    REFUSED(s.automaton.head.n_states = 0, "automaton has a bad shape");
    REFUSED(s.automaton.head.n_states++, "automaton has a bad shape");
    REFUSED(s.automaton.head.n_final++, "automaton");
    REFUSED(s.automaton.head.stride = 0, "automaton has a bad shape");
    REFUSED(s.automaton.head.stride = 257, "automaton has a bad shape");
    REFUSED(s.automaton.head.class_of[200] = 200, "automaton has a bad shape");
    REFUSED(state_of(&s, 1)->base = s.automaton.n_steps - s.automaton.head.stride + 1,
            "leads to a state that is none");
    REFUSED(state_of(&s, 1)->row = 0xFFFFFFFF, "leads to a state that is none");
    REFUSED(writable(s.automaton.steps)[1] = IMAGE_STEP(0, s.automaton.head.n_states),
            "leads to a state that is none");
    REFUSED(writable(s.automaton.rows)[3] = 99, "leads to a state that is none");
    REFUSED(s.automaton.head.final = 1, "reports what is no literal");
    REFUSED(s.automaton.head.final = 0xFFFFFFFF, "reports what is no literal");
    REFUSED(outputs_of(&s)[0] = OUTPUT_PACK(2, 4, LITERAL_LOOSE), "reports what is no literal");
    REFUSED(outputs_of(&s)[0] ^= OUTPUT_PACK(0, 1, 0), "reports what is no literal");
    REFUSED(outputs_of(&s)[0] ^= OUTPUT_PACK(0, 0, LITERAL_EDGE_END), "reports what is no literal");
    REFUSED(writable(s.automaton.final)[1] = 3, "reports what is no literal");
    OPENS(outputs_of(&s)[0] = outputs_of(&s)[1]); /* a lie, which does no harm */
}

/* ---- hostile bytes --------------------------------------------------------------------------- */

static uint32_t rnd(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static bool open_changed(char *p, size_t len)
{
    Image im;
    sml_error err;
    built_seal(p, len);
    if (!sml_image_open(&im, (Str){p, len}, STR("changed"), &err)) {
        assert_true(err.message[0] != '\0');
        return false;
    }
    image_walk(&im);
    return true;
}

static void put(char *p, size_t at, uint32_t value)
{
    memcpy(p + at, &value, sizeof value);
}

static void test_every_word_changed(void **state)
{
    (void)state;
    Sample s;
    fill(&s);
    Str bytes = built_image(&s.b);
    char *p = sml_arena_alloc(s.b.arena, bytes.len, 8);
    unsigned opened = 0, refused = 0;
    for (size_t at = offsetof(ImageHeader, sections); at + 4 <= bytes.len; at += 4) {
        uint32_t old;
        memcpy(&old, bytes.p + at, sizeof old);
        const uint32_t values[] = {0,          1,          2,         3,
                                   4,          6,          old + 1,   old - 1,
                                   old + 8,    old - 8,    old ^ 256, 0x7FFFFFFF,
                                   0x80000000, 0xFFFFFFF8, NONE,      (uint32_t)bytes.len};
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            memcpy(p, bytes.p, bytes.len);
            put(p, at, values[i]);
            if (open_changed(p, bytes.len))
                opened++;
            else
                refused++;
        }
    }
    assert_true(opened > 100);
    assert_true(refused > 100);
    sml_arena_free(s.b.arena);
}

static void test_random_changes(void **state)
{
    (void)state;
    Sample s;
    fill(&s);
    Str bytes = built_image(&s.b);
    char *p = sml_arena_alloc(s.b.arena, bytes.len, 8);
    uint64_t seed = 17;
    for (int round = 0; round < 20000; round++) {
        memcpy(p, bytes.p, bytes.len);
        for (uint32_t n = 1 + rnd(&seed, 4); n > 0; n--) {
            size_t at = offsetof(ImageHeader, sections);
            at += rnd(&seed, (uint32_t)(bytes.len - at - 3));
            if (rnd(&seed, 2))
                p[at] = (char)rnd(&seed, 256);
            else
                put(p, at & ~(size_t)3, rnd(&seed, 40));
        }
        open_changed(p, bytes.len);
    }
    sml_arena_free(s.b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opens),          cmocka_unit_test(test_header),
        cmocka_unit_test(test_fields),         cmocka_unit_test(test_rules),
        cmocka_unit_test(test_conditions),     cmocka_unit_test(test_nested_and_shared_conditions),
        cmocka_unit_test(test_shared_ranges),  cmocka_unit_test(test_shared_editions),
        cmocka_unit_test(test_groups),         cmocka_unit_test(test_chain_of_groups),
        cmocka_unit_test(test_programs),       cmocka_unit_test(test_long_program),
        cmocka_unit_test(test_automaton),      cmocka_unit_test(test_every_word_changed),
        cmocka_unit_test(test_random_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
