/* SPDX-License-Identifier: MIT */
#include "base/fact.h"
#include "base/yaml.h"
#include "rulebook/read.h"
#include "text/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Files in memory, and what was heard about them. */
typedef struct Desk {
    const char *paths[12], *texts[12];
    Arena *a;
    Buf heard;
    Diagnostics d;
    Rules rules;
} Desk;

static bool read_desk(void *user, Buf *out, const char *path, sml_error *err)
{
    Desk *desk = user;
    sml_buf_clear(out);
    for (size_t i = 0; desk->paths[i]; i++)
        if (strcmp(desk->paths[i], path) == 0) {
            sml_buf_add(out, sml_str_from(desk->texts[i]));
            return true;
        }
    return sml_error_at(err, sml_str_from(path), 0, 0, "no such file");
}

static void hear(void *user, const sml_error *e, bool is_error)
{
    Desk *desk = user;
    sml_buf_addf(&desk->heard, "%s:%u:%u: %s: %s\n", e->path, e->line, e->col,
                 is_error ? "error" : "warning", e->message);
}

static int set_up(void **state)
{
    static Desk desk;
    desk = (Desk){.a = sml_arena_new()};
    desk.d = (Diagnostics){.hear = hear, .user = &desk};
    *state = &desk;
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    sml_arena_free(desk->a);
    sml_buf_free(&desk->heard);
    return 0;
}

static bool load(Desk *desk, const char *path)
{
    return sml_load_with(&desk->rules, path, read_desk, desk, &desk->d, desk->a);
}

static void put(Desk *desk, const char *path, const char *text)
{
    size_t i = 0;
    while (desk->paths[i])
        i++;
    desk->paths[i] = path;
    desk->texts[i] = text;
}

static const char *heard(Desk *desk)
{
    sml_buf_addc(&desk->heard, '\0');
    desk->heard.len--;
    return desk->heard.p;
}

#define SOURCES "sources:\n  code: {title: Civil Service Code, verified: true}\n"
#define TAIL                                                                                       \
    "  grade: error\n  message: {en: Not like this.}\n  cite: [{source: code}]\n"                  \
    "  examples: {hits: ['[[x]]'], clean: ['y']}\n"

/* The one rule of a book that holds it and is right. */
static const Rule *one_rule(Desk *desk, const char *rule)
{
    Str text =
        sml_arena_printf(desk->a, "smlint: 1\n" SOURCES "rules:\n- id: a/b\n  title: T\n%s", rule);
    put(desk, "r.yaml", text.p);
    if (!load(desk, "r.yaml") || desk->d.warnings)
        fail_msg("%s", heard(desk));
    assert_int_equal(desk->rules.n_rules, 1);
    return &desk->rules.rules[0];
}

static void assert_str(Str s, const char *text)
{
    if (!sml_str_eq(s, sml_str_from(text)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), text);
}

/* ---- what becomes of a rule ---- */

static void a_rule_keeps_what_it_says(void **state)
{
    const Rule *r = one_rule(
        *state,
        "  phrases: ['vote {x|y}', two]\n  grade: warning\n  each: true\n  mask: true\n"
        "  in: [text, url]\n  fold: [width, zero-width]\n  status: trial\n  unknown: skip\n"
        "  message: {en: 'This says \"{match}\".', cy: Mae hwn.}\n  why: Because.\n"
        "  instead: Do that.\n  ask: {en: the press office, cy: y swyddfa}\n  suggest: z\n"
        "  aliases: [a/c]\n  since: '1.0'\n  tags: [one]\n  cite: {source: code, at: 7}\n"
        "  examples:\n    hits:\n    - 'Please [[vote x]] now, [[[[really]]'\n"
        "    - {text: '[[two]]', meta: {account: personal, images: [{alt: A b}]}, "
        "grade: notice, fix: z, at: 2026-11-20, note: n, todo: true}\n    clean: [three]\n");
    assert_int_equal(r->kind, RULE_MATCH);
    assert_str(r->kind_word, "phrases");
    assert_int_equal(r->n_wants, 1);
    assert_int_equal(r->wants[0].n_phrases, 2);
    assert_str(r->wants[0].phrases[1].text, "two");
    assert_int_equal(r->wants[0].min, 1);
    assert_int_equal(r->grade, SML_WARNING);
    assert_int_equal(r->flags, RULE_EACH | RULE_MASKED | RULE_UNKNOWN_SKIP);
    assert_int_equal(r->in, IN_TEXT | IN_URL);
    assert_int_equal(r->folds, FOLD_WIDTH | FOLD_ZERO_WIDTH);
    assert_int_equal(r->status, STATUS_TRIAL);
    assert_str(r->message.cy, "Mae hwn.");
    assert_str(r->why.en, "Because.");
    assert_str(r->ask.cy, "y swyddfa");
    assert_str(r->aliases[0], "a/c");
    assert_str(r->since, "1.0");
    assert_str(r->cites[0].source->title, "Civil Service Code");
    assert_str(r->cites[0].at, "7");
    assert_int_equal(r->n_examples, 3);
    assert_str(r->examples[0].text, "Please vote x now, [[really]]");
    assert_int_equal(r->examples[0].spans[0].start, 7);
    assert_int_equal(r->examples[0].spans[0].end, 13);
    assert_str(r->examples[1].meta[1].key, "images[0].alt");
    assert_str(r->examples[1].meta[1].value, "A b");
    assert_int_equal(r->examples[1].grade, SML_NOTICE);
    assert_str(r->examples[1].at, "2026-11-20");
    assert_true(r->examples[1].todo);
    assert_false(r->examples[2].hit);
}

static void what_a_rule_does_not_say_has_a_default(void **state)
{
    const Rule *r = one_rule(*state, "  phrases: x\n" TAIL);
    assert_int_equal(r->in, IN_DEFAULT);
    assert_int_equal(r->folds, FOLD_ALL);
    assert_int_equal(r->flags, 0);
    assert_int_equal(r->status, STATUS_STABLE);
    assert_null(r->when);
    assert_str(r->when_words, "");
}

static void kinds_fill_their_members(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\n" SOURCES "rules:\n"
        "- id: k/all\n  title: T\n  all: [[x, z], {token: mention, min: 2}]\n  any: [q]\n  none: "
        "[n, m]\n" TAIL
        "- id: k/compare\n  title: T\n  compare: {each: images, key: alt, min-length: 1}\n" TAIL
        "- id: k/limit\n  title: T\n  limit: {count: hashtag, max: 2, per: sentence}\n" TAIL
        "- id: k/near\n  title: T\n  near: {all: [x, {regex: 'a+b'}], sentences: 1}\n" TAIL
        "- id: k/near-words\n  title: T\n  near: {all: [x, z], words: 8}\n" TAIL
        "- id: k/require\n  title: T\n  require: {need: {token: url}, over: thread}\n" TAIL
        "- id: k/score\n  title: T\n  score: {at: 3, cues: [{name: p, weight: 3, phrases: [x]}, "
        "{name: n, weight: -2, token: emoji}]}\n" TAIL);
    if (!load(desk, "r.yaml"))
        fail_msg("%s", heard(desk));
    const Rule *r = desk->rules.rules;
    assert_int_equal(r[0].kind, RULE_COMPOSE);
    assert_int_equal(r[0].n_all, 2);
    assert_int_equal(r[0].n_any, 1);
    assert_int_equal(r[0].n_wants, 5);
    assert_int_equal(r[0].wants[1].token, COUNT_MENTION);
    assert_int_equal(r[0].wants[1].min, 2);
    assert_str(r[0].wants[4].phrases[0].text, "m");
    assert_int_equal(r[1].limit, 1);
    assert_int_equal(r[1].distance, UINT32_MAX);
    assert_int_equal(r[2].limit, 2);
    assert_int_equal(r[2].over, OVER_SENTENCE);
    assert_int_equal(r[2].wants[0].token, COUNT_HASHTAG);
    assert_int_equal(r[3].distance, NEAR_SENTENCES | 2);
    assert_str(r[3].wants[1].regex, "a+b");
    assert_int_equal(r[4].distance, 8);
    assert_int_equal(r[5].wants[0].n_phrases, 0);
    assert_int_equal(r[5].wants[1].token, COUNT_URL);
    assert_int_equal(r[5].over, OVER_THREAD);
    assert_int_equal(r[6].limit, 3);
    assert_int_equal(r[6].cues[1].weight, -2);
}

static void guards_are_told_apart(void **state)
{
    const Rule *r = one_rule(
        *state, "  phrases: x\n  unless:\n  - phrases: [one, two]\n  - {regex: 'a|b', within: 5}\n"
                "  - {phrases: three, within: sentence}\n  - {token: url, within: post}\n"
                "  - inside: [quote, url]\n  - when: {kind: reply}\n" TAIL);
    static const ImageGuardKind kinds[] = {GUARD_OVERLAP, GUARD_WORDS,  GUARD_SENTENCE,
                                           GUARD_POST,    GUARD_INSIDE, GUARD_WHEN};
    assert_int_equal(r->n_guards, 6);
    for (uint32_t i = 0; i < r->n_guards; i++)
        assert_int_equal(r->guards[i].kind, kinds[i]);
    assert_int_equal(r->guards[1].words, 5);
    assert_int_equal(r->guards[4].inside, INSIDE_QUOTE | INSIDE_URL);
    assert_int_equal(r->guards[5].when->fact, FACT_KIND);
}

static void conditions_are_trees_and_words(void **state)
{
    const Rule *r = one_rule(
        *state,
        "  phrases: x\n  when: {account: [official, '@dft'], group: free}\n  grades:\n"
        "  - {when: {not: {kind: [reply, repost]}}, grade: notice}\n"
        "  - {when: {any: [{channel: x}, {path: 'a/**', language: cy}]}, grade: notice}\n"
        "  - {when: {date: {from: 2026-03-26, to: '2026-05-07T22:00'}}, grade: notice}\n" TAIL);
    assert_str(r->when_words, "(account is official or account is @dft) and group is free");
    assert_int_equal(r->when->op, COND_AND);
    assert_int_equal(r->when->children[0].op, COND_OR);
    assert_int_equal(r->when->children[0].children[1].fact, FACT_HANDLE);
    assert_str(r->grades[0].words, "not kind is reply or repost");
    assert_str(r->grades[1].words, "channel is x or (language is cy and path is a/**)");
    assert_str(r->grades[2].words, "the date is 2026-03-26 or later and before 2026-05-07");
    Minutes start, end;
    sml_date_parse(STR("2026-05-07T22:00"), &start, &end);
    assert_true(r->grades[2].when->to == start);
}

static void defaults_speak_for_the_silent(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\ninclude: [other.yaml]\ndefaults: {ask: them, cite: {source: code, at: 1}, "
        "grade: notice}\n" SOURCES "rules:\n- {id: a/a, title: T, phrases: x, message: M., "
        "examples: {hits: ['[[x]]'], clean: [z]}}\n"
        "- {id: a/b, title: T, phrases: x, ask: me, grade: error, message: M., examples: {hits: "
        "['[[x]]'], clean: [z]}}\n");
    put(desk, "other.yaml",
        "rules:\n- {id: a/c, title: T, phrases: x, grade: error, message: M., "
        "cite: {source: code}, examples: {hits: ['[[x]]'], clean: [z]}}\n");
    if (!load(desk, "r.yaml"))
        fail_msg("%s", heard(desk));
    assert_str(desk->rules.rules[0].ask.en, "them");
    assert_int_equal(desk->rules.rules[0].grade, SML_NOTICE);
    assert_str(desk->rules.rules[1].ask.en, "me");
    assert_str(desk->rules.rules[1].cites[0].at, "1");
    assert_str(desk->rules.rules[2].ask.en, "");
}

static void defs_are_put_in_as_groups(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\n" SOURCES "defs:\n  outer: 'a{{inner}}+'\n  inner: 'x|y'\nrules:\n"
        "- id: a/b\n  title: T\n  regex: '{{outer}}\\{{b{2}'\n" TAIL);
    if (!load(desk, "r.yaml"))
        fail_msg("%s", heard(desk));
    assert_str(desk->rules.rules[0].wants[0].regex, "(?:a(?:x|y)+)\\{{b{2}");
}

static void a_retired_rule_is_a_stub(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\n" SOURCES
        "rules:\n- {id: a/old, title: T, status: retired, replaced-by: a/new}\n"
        "- id: a/new\n  title: T\n  phrases: x\n" TAIL);
    if (!load(desk, "r.yaml"))
        fail_msg("%s", heard(desk));
    assert_int_equal(desk->rules.rules[1].status, STATUS_RETIRED);
    assert_int_equal(desk->rules.rules[1].n_wants, 1);
    assert_str(desk->rules.rules[1].replaced_by, "a/new");
}

static void items_carry_their_context(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\n" SOURCES "lists:\n  zoo:\n    checked: 2026-11-20\n    items:\n    - One Two\n"
        "    - {is: '~Labour', needs: '{@cue}', within: 4, not: ['labour market', 'labour ward']}\n"
        "  cue: {items: [vote*]}\nrules:\n- id: a/b\n  title: T\n  phrases: 'x {@zoo}'\n" TAIL);
    if (!load(desk, "r.yaml"))
        fail_msg("%s", heard(desk));
    assert_int_equal(desk->rules.n_lists, 2);
    const List *zoo = &desk->rules.lists[1];
    assert_str(zoo->name, "zoo");
    assert_str(zoo->checked, "2026-11-20");
    assert_null(zoo->items[0].needs);
    assert_str(zoo->items[1].text, "~Labour");
    assert_int_equal(zoo->items[1].needs_words, 4);
    assert_str(zoo->items[1].needs->phrases[0].text, "{@cue}");
    assert_int_equal(zoo->items[1].not_->n_phrases, 2);
}

/* ---- files ---- */

static void includes_are_read_once_from_where_they_stand(void **state)
{
    Desk *desk = *state;
    put(desk, "./d/r.yaml",
        "smlint: 1\ninclude: [sub/one.yaml, two.yaml]\nrules:\n- id: a/b\n  title: T\n  phrases: "
        "x\n" TAIL);
    put(desk, "d/sub/one.yaml", "include: ../two.yaml\n");
    put(desk, "d/two.yaml", "include: ['../d/./three.yaml']\n");
    put(desk, "d/three.yaml", SOURCES);
    if (!load(desk, "./d/r.yaml"))
        fail_msg("%s", heard(desk));
    assert_str(desk->rules.id, "r");
}

static void a_circle_of_files_ends(void **state)
{
    Desk *desk = *state;
    put(desk, "./r.yaml", "smlint: 1\ninclude: a.yaml\n");
    put(desk, "a.yaml", "include: r.yaml\n");
    assert_false(load(desk, "./r.yaml"));
    assert_non_null(
        strstr(heard(desk), "a.yaml:1:10: error: \"r.yaml\" includes this file in turn"));
}

static void problems_are_heard_in_order(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml",
        "smlint: 1\ninclude: b.yaml\ndefaults: {ask: []}\nrules:\n"
        "- {id: a/b, phrases: x, cite: {source: no}}\n- {id: a/c}\nbad: 1\n");
    put(desk, "b.yaml", "worse: 1\nlists: {x: {items: ['{@y}']}}\n");
    assert_false(load(desk, "r.yaml"));
    assert_string_equal(
        heard(desk),
        "r.yaml:3:17: error: \"ask\" is empty; give it a value, or delete the key\n"
        "r.yaml:5:3: error: a rule needs the key \"title\" [a/b]\n"
        "r.yaml:5:3: error: a rule needs the key \"grade\" [a/b]\n"
        "r.yaml:5:3: error: a rule needs the key \"message\" [a/b]\n"
        "r.yaml:5:3: error: a rule needs the key \"examples\" [a/b]\n"
        "r.yaml:5:40: error: unknown source \"no\" [a/b]\n"
        "r.yaml:6:3: error: a rule needs one of the keys phrases, regex, detect, require, limit, "
        "near, score, compare, all, any or none [a/c]\n"
        "r.yaml:6:3: error: a rule needs the key \"title\" [a/c]\n"
        "r.yaml:6:3: error: a rule needs the key \"grade\" [a/c]\n"
        "r.yaml:6:3: error: a rule needs the key \"message\" [a/c]\n"
        "r.yaml:6:3: error: a rule needs the key \"cite\" [a/c]\n"
        "r.yaml:6:3: error: a rule needs the key \"examples\" [a/c]\n"
        "r.yaml:7:1: error: unknown key \"bad\" in a rulebook file; use smlint, pack, include, "
        "defaults, sources, obligations, editions, networks, calendar, lists, defs or rules\n"
        "b.yaml:1:1: error: unknown key \"worse\" in a rulebook file; use smlint, pack, include, "
        "defaults, sources, obligations, editions, networks, calendar, lists, defs or rules\n"
        "b.yaml:2:21: error: unknown list \"y\"; use x\n");
}

static void a_hostile_word_is_one_harmless_line(void **state)
{
    Desk *desk = *state;
    put(desk, "r.yaml", "smlint: 1\n\"a\\nr.yaml:1:1: \\e[31m\\u202e\": 1\n");
    assert_false(load(desk, "r.yaml"));
    const char *said = heard(desk);
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
    assert_null(strchr(said, '\x1b'));
    assert_null(strstr(said, "\xE2\x80\xAE"));
}

static void a_missing_file_is_one_error(void **state)
{
    Desk *desk = *state;
    assert_false(load(desk, "none.yaml"));
    assert_string_equal(heard(desk), "none.yaml:0:0: error: no such file\n");
    assert_int_equal(desk->d.errors, 1);
}

/* ---- judgement ---- */

static void rows_that_can_be_reached_are_left_alone(void **state)
{
    one_rule(*state, "  phrases: x\n  when: {account: [official, personal]}\n  grades:\n"
                     "  - {when: {account: personal, group: free}, grade: notice}\n"
                     "  - {when: {account: personal}, grade: warning}\n"
                     "  - {when: {not: {kind: reply}}, grade: warning}\n"
                     "  - {when: {path: 'a/*'}, grade: warning}\n" TAIL);
}

static void placeholders_may_name_groups(void **state)
{
    one_rule(*state, "  regex: '(?<who>x|y)([(]a)(?:z)'\n  grade: error\n"
                     "  message: {en: 'Says {who}, {2}, {{literally}} {match}.'}\n"
                     "  cite: [{source: code}]\n  examples: {hits: ['[[x]]'], clean: [y]}\n");
}

static void whole_rules_need_no_marks(void **state)
{
    one_rule(*state, "  limit: {count: image, max: 4}\n  grade: error\n  message: {en: M.}\n"
                     "  cite: [{source: code}]\n  examples: {hits: [x], clean: [y]}\n");
}

/* ---- the tables ---- */

static void words_agree_with_those_of_others(void **state)
{
    (void)state;
    static const struct {
        FieldWords words;
        const char *key;
    } facts[] = {{WORDS_ACCOUNT, "account"},
                 {WORDS_KIND, "kind"},
                 {WORDS_NATION, "nation"},
                 {WORDS_GROUP, "group"}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        for (uint32_t j = 0; j < sml_read_words[facts[i].words].n; j++)
            assert_true(sml_fact_check(sml_str_from(facts[i].key),
                                       sml_str_from(sml_read_words[facts[i].words].v[j]), NULL));
    assert_int_equal(sml_read_words[WORDS_FOLD].n, 8);
    for (uint32_t i = 0; i < 8; i++)
        assert_string_equal(sml_read_words[WORDS_FOLD].v[i], sml_norm_names[i]);
}

/* Every sentence of a meaning stands on its own line in the manual, and ends. */
static void meanings_are_sentences(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        Str meaning = sml_str_from(sml_read_fields[i].meaning);
        assert_true(sml_str_ends(meaning, STR(".")));
        assert_false(sml_str_starts(meaning, STR("'")));
    }
}

/* JSON is YAML, so our own reader can see that the schema is well formed and knows every key. */
static void the_schema_knows_every_key(void **state)
{
    Desk *desk = *state;
    Buf schema = {0};
    sml_load_schema(&schema);
    YamlNode *root = NULL;
    sml_error err = {.message = ""};
    if (!sml_yaml_parse(&root, sml_buf_str(&schema), STR("schema"), desk->a, &err))
        fail_msg("%u:%u: %s", err.line, err.col, err.message);
    YamlNode *defs = sml_yaml_get(root, STR("$defs"));
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        const Field *f = &sml_read_fields[i];
        char name[32] = {0};
        for (size_t j = 0; sml_read_maps[f->map].name[j]; j++)
            name[j] = (char)(sml_read_maps[f->map].name[j] | 0x20);
        YamlNode *map = sml_yaml_get(defs, sml_str_from(name));
        assert_non_null(map);
        YamlNode *property =
            sml_yaml_get(sml_yaml_get(map, STR("properties")), sml_str_from(f->key));
        assert_non_null(property);
        assert_str(sml_yaml_get(property, STR("description"))->text, f->meaning);
    }
    sml_buf_free(&schema);
}

static void the_fields_are_mdoc(void **state)
{
    (void)state;
    Buf out = {0};
    sml_load_fields(&out);
    Str s = sml_buf_str(&out);
    assert_true(sml_str_find(s, STR(".Ss A rule\n.Bl"), 0) != SIZE_MAX);
    assert_true(sml_str_find(s, STR(".It Cm title\n.Pq text, required\n"), 0) != SIZE_MAX);
    sml_buf_free(&out);
}

/* Whatever a file holds, loading it ends, with a word for every failure. */
static void any_words_are_survived(void **state)
{
    static const char *const words[] = {
        "smlint: ", "rules:\n",  "- ",      "id: ",  "a/b",     "\n",       "\n  ",      "\n    ",
        "title: ",  "phrases: ", "[",       "]",     "{",       "}",        ", ",        "'",
        "x",        "when: ",    "account", ": ",    "grades:", "examples", "[[x]]",     "hits: ",
        "lists:",   "defs:",     "{{a}}",   "{@a}",  "'{@a}'",  "a: ",      "score: ",   "cues: ",
        "near: ",   "unless:",   "not: ",   "any: ", "date: ",  "1",        "include: ", "r.yaml"};
    Desk *desk = *state;
    uint32_t seed = 99;
    for (int round = 0; round < 5000; round++) {
        Buf text = {0};
        for (int i = 0; i < 30; i++) {
            seed = seed * 1664525u + 1013904223u;
            sml_buf_add(&text, sml_str_from(words[(seed >> 16) % (sizeof words / sizeof *words)]));
        }
        sml_buf_addc(&text, '\0');
        desk->paths[0] = "r.yaml";
        desk->texts[0] = text.p;
        desk->d.errors = desk->d.warnings = 0;
        ArenaMark mark = sml_arena_mark(desk->a);
        bool ok = load(desk, "r.yaml");
        assert_true(ok == (desk->d.errors == 0));
        sml_arena_rewind(desk->a, mark);
        sml_buf_clear(&desk->heard);
        sml_buf_free(&text);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_rule_keeps_what_it_says),
        T(what_a_rule_does_not_say_has_a_default),
        T(kinds_fill_their_members),
        T(guards_are_told_apart),
        T(conditions_are_trees_and_words),
        T(defaults_speak_for_the_silent),
        T(defs_are_put_in_as_groups),
        T(a_retired_rule_is_a_stub),
        T(items_carry_their_context),
        T(includes_are_read_once_from_where_they_stand),
        T(a_circle_of_files_ends),
        T(problems_are_heard_in_order),
        T(a_hostile_word_is_one_harmless_line),
        T(a_missing_file_is_one_error),
        T(rows_that_can_be_reached_are_left_alone),
        T(placeholders_may_name_groups),
        T(whole_rules_need_no_marks),
        T(words_agree_with_those_of_others),
        T(meanings_are_sentences),
        T(the_schema_knows_every_key),
        T(the_fields_are_mdoc),
        T(any_words_are_survived),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
