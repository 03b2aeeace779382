/* SPDX-License-Identifier: MIT */
/* What the notation of phrases means, shown on texts: {phrase, text with [[ ]] round the match, or none}. */
#include "rulebook_text.h"

#include "match/scan.h"
#include "rulebook/phrase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct Row {
    const char *phrase, *text;
} Row;

static const char lists[] =
    "lists:\n"
    "  parties:\n"
    "    checked: '2026-11-20'\n"
    "    items: ['Labour Party', 'Plaid Cymru', =Tories, 'Lib Dem{s|}', '~Reform']\n"
    "  ambiguous:\n"
    "    checked: '2026-11-20'\n"
    "    items: [{is: '~Green', needs: [vote, council], within: 3, not: ['Green Book']}, 'the "
    "{@parties}']\n";

/* Where `phrase` matches in `text`, marks put in; all of them. */
static void marked(Buf *out, const char *phrase, Str text, bool no_prefilter)
{
    Buf yaml = {0}, bytes = {0};
    Image image;
    sml_buf_addf(&yaml,
                 RULEBOOK_HEAD
                 "%srules:\n- id: test/rule\n  title: T\n  grade: notice\n  each: true\n"
                 "  message: {en: Here.}\n  phrases: ['%s']\n  examples: {hits: ['[[x]]'], clean: "
                 "[y]}\n" RULE_TAIL,
                 lists, phrase);
    sml_buf_addc(&yaml, '\0');
    assert_true(rulebook_from(&image, &bytes, yaml.p));
    Scan *s = sml_scan_new(&image, 1, (ScanOptions){.no_prefilter = no_prefilter});
    Arena *a = sml_arena_new();
    sml_scan_begin(s, text, a);
    uint32_t group = IMAGE_AT(&image, WANTS, IMAGE_AT(&image, RULES, 0)->wants.first)->group;
    const Matches *m = sml_scan_matches(s, 0, group);
    uint32_t at = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        Span w = sml_norm_span(&s->view.norm, m->v[i].start, m->v[i].end);
        if (w.start < at)
            continue;
        sml_buf_add(out, sml_str_slice(text, at, w.start));
        sml_buf_addf(out, "[[%.*s]]", STR_ARG(sml_str_slice(text, w.start, w.end)));
        at = w.end;
    }
    sml_buf_add(out, sml_str_slice(text, at, text.len));
    sml_arena_free(a);
    sml_scan_free(s);
    sml_buf_free(&bytes);
    sml_buf_free(&yaml);
}

/* A post too long for its hits to be kept is looked over by nobody: then no rule may be told that it is clean. */
static void test_too_long(void **state)
{
    (void)state;
    static const char yaml[] =
        RULEBOOK_HEAD "rules:\n- id: test/rule\n  title: T\n  grade: notice\n"
                      "  message: {en: Here.}\n  phrases: ['vote red']\n"
                      "  examples: {hits: ['[[vote red]]'], clean: [y]}\n" RULE_TAIL;
    Buf bytes = {0};
    Image image;
    assert_true(rulebook_from(&image, &bytes, yaml));
    Str text = STR("a word or two, then: vote red");
    for (int longer = 0; longer < 2; longer++) {
        Arena *a = sml_arena_new();
        Scan *s = sml_scan_new(&image, 1, (ScanOptions){.most = text.len - (size_t)longer});
        Candidates rules;
        sml_scan_begin(s, text, a);
        sml_scan_candidates(&rules, s, 0);
        assert_int_equal(rules.n, 1);
        uint32_t group = IMAGE_AT(&image, WANTS, IMAGE_AT(&image, RULES, 0)->wants.first)->group;
        assert_int_equal(sml_scan_matches(s, 0, group)->n, longer ? 0 : 1);
        assert_int_equal(sml_scan_undecided(s, 0, group), longer != 0);
        sml_scan_free(s);
        sml_arena_free(a);
    }
    sml_buf_free(&bytes);
}

static Str without_marks(Buf *room, const char *text)
{
    for (const char *p = text; *p;) {
        if (strncmp(p, "[[", 2) == 0 || strncmp(p, "]]", 2) == 0)
            p += 2;
        else
            sml_buf_addc(room, *p++);
    }
    return sml_buf_str(room);
}

static void check_rows(const Row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int brute = 0; brute < 2; brute++) {
            Buf text = {0}, got = {0};
            marked(&got, rows[i].phrase, without_marks(&text, rows[i].text), brute);
            sml_buf_addc(&got, '\0');
            assert_string_equal(got.p, rows[i].text);
            sml_buf_free(&got);
            sml_buf_free(&text);
        }
}
#define CHECK(...)                                                                                 \
    do {                                                                                           \
        static const Row rows[] = {__VA_ARGS__};                                                   \
        check_rows(rows, sizeof rows / sizeof *rows);                                              \
    } while (0)

static void words_and_edges(void **state)
{
    (void)state;
    CHECK({"vote labour", "Please [[Vote Labour]]."}, {"vote labour", "vote  labours"},
          {"tory", "history and [[Tory]]"}, {"vote labour", "[[vote\nlabour]]"},
          {"vote labour", "vote\n\nlabour"}, {"don''t know", "I [[don\u2019t\u00a0know]]"},
          {"labour", "[[Labour]]'s plan"}, {"caf\u00e9", "the [[cafe\u0301]]"},
          {"cafe", "the cafe\u0301"}, {"\u0175y", "[[\u0174Y]]"}, {"(yes)", "say [[(yes)]]!"});
}

static void alternatives(void **state)
{
    (void)state;
    CHECK({"{vote|voting} {for|} labour", "[[voting labour]] or [[vote for Labour]]"},
          {"{vote|voting} {for|} labour", "vote on labour"},
          {"Lib Dem{s|}", "the [[Lib Dems]] and a [[lib dem]]"},
          {"many{,|} not the few", "the [[many, not the few]]"},
          {"{a {b|c}|d} e", "[[a c e]] and [[d e]]"}, {"{very|} good", "[[very good]], [[good]]"},
          {"good {sir|}", "[[good sir]]"}, {"{re|}elect", "[[reelect]] [[elect]]"},
          {"a {|very} good b", "[[a very good b]]"});
}

static void blanks_in_glued_braces(void **state)
{
    (void)state;
    CHECK({"no{ |-}deal", "[[no deal]] [[no-deal]] nodeal [[no\ndeal]] #[[NoDeal]]"},
          {"no{ |-|}deal", "[[no deal]] [[no-deal]] [[nodeal]]"},
          {"no{ deal|ok}", "[[no deal]] [[nook]] nodeal"}, {"no{ deal|}", "[[no deal]] and [[no]]"},
          {"{no |any }deal", "[[no deal]] any"}, {"=No{ |-}=Deal", "No Deal"},
          {"=No{ |-}Deal", "[[No Deal]] No deal [[No-Deal]]"},
          {"non{ stop|plus}*", "[[non stopping]] [[nonplussed]]"},
          {"the{ |-}{@parties}", "[[the Tories]] [[the-Tories]]"},
          {"no{\\ |-}deal", "[[no deal]] [[no-deal]]"}, {"no\\ deal", "[[no\ndeal]]"},
          {"no\u00a0deal\u00a0", "[[no deal]]"});
}

static void gaps_beside_signs(void **state)
{
    (void)state;
    CHECK({"from <2> \u00a35", "[[from just \u00a35]]"},
          {"from <1> \u00a35", "from just over \u00a35"}, {"% <2> people", "5[[% of people]]"},
          {"red <1> / tory", "[[red or / tory]]"}, {"red <1> / tory", "red. Or / tory"},
          {"so <1> \u2026", "[[so long \u2026]]"}, {"red <1> \u2013 blue", "[[red \u2013 blue]]"},
          {"from <2> \u00a35", "[[from just\n\u00a35]]"},
          {"from <2> \u00a35", "from just\n\n\u00a35"}, {"% <2> people", "5 [[%\nof people]]"},
          {"vote <2> \u00a3", "please vote! \u00a3"}, {"vote <2> \u00a3", "please vote. \u00a3"},
          {"vote <2> \u00a3", "please vote! \u00a35"},
          {"vote <2> \u00a3", "please [[vote on \u00a3]]"}, {"so <1> !", "[[so long !]]"},
          {"of <2> \u20bf", "[[of any \u20bf]]"}, {"of <2> \u20bf", "of. Any \u20bf"},
          {"of <2> \u20bf", "of any. \u20bf"}, {"yahoo! <2> news", "[[yahoo!finance news]]"},
          {"yahoo! <2> news", "yahoo! finance news"});
}

static void stars_and_gaps(void **state)
{
    (void)state;
    CHECK({"canvass*", "[[Canvassing]]"}, {"canvass*", "a [[canvasser]]"},
          {"vote <2> labour", "[[vote for the Labour]]"},
          {"vote <2> labour", "vote for all of Labour"}, {"vote <2> labour", "I vote. Labour won"},
          {"vote <2> labour", "[[vote, friends, Labour]]"},
          {"vote <1> {@parties}", "[[vote proud Tories]]"},
          {"{@parties} <2> lost", "why [[Plaid Cymru have now lost]]"}, {"f\\*ck", "oh [[f*ck]]"},
          {"{canvass|vot}*", "[[canvassers]] and [[voting]]"}, {"\\*", "a [[*]] b"},
          {"vote* otter", "[[voters otter]], [[vote otter]], devoted otter"},
          {"vot* <2> otter", "[[voted for the otter]]"},
          {"it* of otters", "[[it's of otters]], [[it of otters]]"});
}

static void capitals(void **state)
{
    (void)state;
    CHECK({"=NHS", "the [[NHS]] nhs Nhs"}, {"=Tories", "[[Tories]] tories [[TORIES]]"},
          {"~Reform", "Reform is hard. We need reform. Why [[Reform]] won"},
          {"~Reform", "WE WANT REFORM NOW"}, {"~Reform", "\"Reform\""}, {"=May", "in [[May]]"});
}

static void hashtags(void **state)
{
    (void)state;
    CHECK({"vote labour", "now #[[VoteLabour]]Now"}, {"vote labour", "#[[votelabour]]"},
          {"vote labour", "#votelabournow"}, {"our plan", "#OurPlanet"},
          {"vote {@parties}", "#[[VotePlaidCymru]] today"}, {"labour", "#[[Labour]]"},
          {"labour", "#LabourDoorstep"}, {"vote labour", "#[[Vote_Labour]]"},
          {"#ge2019", "see [[#GE2019]]"}, {"#ge2019", "see #GE20199"},
          {"vote {for|} labour", "#[[VoteForLabour]]"},
          {"vote {@parties}s", "#[[votelabourpartys]] vote tories"});
}

static void handles_and_links(void **state)
{
    (void)state;
    CHECK({"@conservatives", "ask [[@Conservatives]] now"},
          {"@conservatives", "ask @Conservatives_uk"},
          {"labour", "https://www.labour.org.uk/labour [[labour]]"}, {"labour", "@labour no"});
}

static void lists_with_context(void **state)
{
    (void)state;
    CHECK({"{@ambiguous}", "I vote [[Green]] today"}, {"{@ambiguous}", "so Green today"},
          {"{@ambiguous}", "a council and the Green Book"},
          {"{@ambiguous}", "see [[the Labour Party]]"},
          {"hate {@ambiguous}", "we [[hate the Lib Dems]]"});
}

static void disguises(void **state)
{
    (void)state;
    CHECK(
        {"vote labour", "[[\U0001D415\U0001D428\U0001D42D\U0001D41E "
                        "\U0001D40B\U0001D41A\U0001D41B\U0001D428\U0001D42E\U0001D42B]]"},
        {"vote labour", "[[vo\u200bte labour]]"}, {"vote labour", "[[V\u043ete Labour]]"},
        {"vote =Labour", "[[vote \U0001D40B\U0001D41A\U0001D41B\U0001D428\U0001D42E\U0001D42B]]"});
}

static void refuses(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{a|b",       "{a|}",    "<3> a", "a <3>", "a <99> b", "{@}",          "",
        "a <2> {b|}", "*",       "a * b", "*a",    "a*b",      "a**",          "=*",
        "{*|a}",      "a*{b|c}", "\\**b", "{@p}*", "={@p}",    "{a <1> b|c}d", "{=a|b}c"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Arena *a = sml_arena_new();
        sml_error err = {.message = ""};
        const Node *n;
        assert_false(sml_phrase_parse(&n, sml_str_from(wrong[i]), FOLD_ALL, a, &err));
        assert_true(err.message[0] != '\0');
        sml_arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_edges),
        cmocka_unit_test(alternatives),
        cmocka_unit_test(blanks_in_glued_braces),
        cmocka_unit_test(stars_and_gaps),
        cmocka_unit_test(gaps_beside_signs),
        cmocka_unit_test(capitals),
        cmocka_unit_test(hashtags),
        cmocka_unit_test(handles_and_links),
        cmocka_unit_test(lists_with_context),
        cmocka_unit_test(disguises),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
