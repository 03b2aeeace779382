/* SPDX-License-Identifier: MIT */
#include "text/token.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int with_arena(void **state)
{
    *state = sml_arena_new();
    return 0;
}

static int without_arena(void **state)
{
    sml_arena_free(*state);
    return 0;
}

static Norm fold(const char *text, Arena *a)
{
    Norm n;
    sml_norm_apply(&n, sml_str_from(text), FOLD_ALL, a);
    return n;
}

static void assert_text(const char *of, Str got, const char *want)
{
    if (!sml_str_eq(got, sml_str_from(want)))
        fail_msg("\"%s\":\n got  \"%.*s\"\n want \"%s\"", of, STR_ARG(got), want);
}

/* Tokens as "word 12# <url> @mention #tag mail@host :emoji:", a bar between sentences. */
static Str show(const char *text, Arena *a)
{
    static const char *const marks[TOKEN_KINDS][2] = {
        [TOKEN_WORD] = {"", ""},    [TOKEN_NUMBER] = {"", "#"}, [TOKEN_URL] = {"<", ">"},
        [TOKEN_MENTION] = {"", ""}, [TOKEN_HASHTAG] = {"", ""}, [TOKEN_EMAIL] = {"", ""},
        [TOKEN_EMOJI] = {":", ":"}};
    Norm n = fold(text, a);
    Tokens t;
    sml_token_scan(&t, &n, sml_str_from(text), a);
    Str out = {"", 0};
    for (uint32_t i = 0; i < t.n; i++) {
        const Token *k = &t.v[i];
        const char *gap = i == 0 ? "" : k->leads ? " | " : " ";
        out = sml_arena_printf(a, "%.*s%s%s%.*s%s", STR_ARG(out), gap, marks[k->kind][0],
                               (int)k->len, n.text.p + k->start, marks[k->kind][1]);
    }
    return out;
}

typedef struct Case {
    const char *text, *want;
} Case;

static void check(const Case *cases, size_t n, Arena *a)
{
    for (size_t i = 0; i < n; i++)
        assert_text(cases[i].text, show(cases[i].text, a), cases[i].want);
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases), *state)

static void a_token_is_eight_bytes(void **state)
{
    (void)state;
    assert_int_equal(sizeof(Token), 8);
}

static void cuts_words_and_numbers(void **state)
{
    static const Case cases[] = {
        {"", ""},
        {"Don't wait", "don't wait"},
        {"It\u2019s co-operative", "it's co-operative"},
        {"the workers' choice", "the workers choice"},
        {"now\u2014or never - ever", "now or never ever"},
        {"\u0174yl fawr Ca\u0302n", "\u0175yl fawr c\u00e2n"},
        {"12 1,500 3.5 10am 2nd \u00a31.5bn 2025-26 3.5%",
         "12# 1,500# 3.5# 10am 2nd 1.5bn 2025-26# 3.5#"},
        {"R&D a_b", "r d a b"},
        {"\u043f\u0440\u0438\u0432\u0435\u0442 \u03ba\u03cc\u03c3\u03bc\u03b5",
         "\u043f\u0440\u0438\u0432\u0435\u0442 \u03ba\u03cc\u03c3\u03bc\u03b5"},
        {"abcdefghijklmnop\u00e9qrstuvwxyz0123456789",
         "abcdefghijklmnop\u00e9qrstuvwxyz0123456789"},
    };
    CHECK(cases);
}

static void finds_links(void **state)
{
    static const Case cases[] = {
        {"See https://www.gov.uk/vote.", "see <https://www.gov.uk/vote>"},
        {"(https://x.com/a_(b)) ok", "<https://x.com/a_(b)> ok"},
        {"HTTPS://GOV.UK/A?b=c#d, then", "<https://gov.uk/a?b=c#d> then"},
        {"gov.uk/register-to-vote now", "<gov.uk/register-to-vote> now"},
        {"Go to www.north-example.gov.uk!", "go to <www.north-example.gov.uk>"},
        {"example.org.uk and senedd.wales", "<example.org.uk> and <senedd.wales>"},
        {"t.co/AbC bit.ly/x youtu.be/1 forms.gle/y",
         "<t.co/abc> <bit.ly/x> <youtu.be/1> <forms.gle/y>"},
        {"Tell.me more. Let it.be", "tell me more | let it be"},
        {"This is it.Now go", "this is it now go"},
        {"http:// alone", "http alone"},
        {"gov.ukish", "gov ukish"},
        {"https://example.com\"quoted\"", "<https://example.com> quoted"},
        {"https://gov.uk/caf\u00e9\u2014yes", "<https://gov.uk/caf\u00e9-yes>"},
        {"localhost:8080 10.0.0.1", "localhost 8080# 10.0.0.1#"},
    };
    CHECK(cases);
}

static void finds_mentions_and_mail(void **state)
{
    static const Case cases[] = {
        {"@DWP, .@hmrcgovuk's and (@Foo_1)", "@dwp @hmrcgovuk s and @foo_1"},
        {"@name@mastodon.social hi", "@name@mastodon.social hi"},
        {"@name.bsky.social hi", "@name.bsky.social hi"},
        {"@dwp.Great work", "@dwp great work"},
        {"press.office@example.gov.uk now", "press.office@example.gov.uk now"},
        {"Mail first.last+x@dept.gov.uk.", "mail first.last+x@dept.gov.uk"},
        {"a @ b, @", "a b"},
        {"me@home", "me home"},
    };
    CHECK(cases);
}

static void finds_tags_and_emoji(void **state)
{
    static const Case cases[] = {
        {"#VoteLabour now", "#votelabour now"},
        {"#GE2024 #2024 #one#two a#b", "#ge2024 2024# #one #two a b"},
        {"#It'sOK #R&D", "#it sok #r d"},
        {"\U0001F469\u200D\U0001F692 hi \U0001F44D\U0001F3FD\U0001F1EC\U0001F1E7",
         ":\U0001F469\u200D\U0001F692: hi :\U0001F44D\U0001F3FD: :\U0001F1EC\U0001F1E7:"},
        {"1\uFE0F\u20E3 vote #\uFE0F\u20E3", ":1\uFE0F\u20E3: vote :#\uFE0F\u20E3:"},
        {"\u2764\uFE0F \u2764 \u00a9 \u00a9\uFE0F \u2122",
         ":\u2764\uFE0F: :\u2764: :\u00a9\uFE0F:"},
    };
    CHECK(cases);
}

static void ends_sentences(void **state)
{
    static const Case cases[] = {
        {"One. Two! Three? Four\u2026 five", "one | two | three | four | five"},
        {"Mr. Smith met Dr. Jones at 5 p.m. on St. David's Day.",
         "mr smith met dr jones at 5# p m on st david's day"},
        {"No. 10 said no. We agree.", "no 10# said no | we agree"},
        {"He said \"stop.\" She did.", "he said stop | she did"},
        {"Costs 3.5 now.Then", "costs 3.5# now then"},
        {"one\ntwo", "one two"},
        {"one\n\ntwo", "one | two"},
        {"list:\n- one\n- two\n2. three", "list | one | two | 2# | three"},
        {"one\n\u2022 two\n\U0001F44D three", "one | two | :\U0001F44D: three"},
        {"The Rt. Hon. Jane Doe, e.g. now", "the rt hon jane doe e g now"},
    };
    CHECK(cases);
}

/* Quotations as "[one] [two]". */
static Str quotes(const char *text, Arena *a)
{
    Norm n = fold(text, a);
    Tokens t;
    sml_token_scan(&t, &n, sml_str_from(text), a);
    Str out = {"", 0};
    for (uint32_t i = 0; i < t.n_quotes; i++)
        out = sml_arena_printf(a, "%.*s[%.*s]", STR_ARG(out),
                               (int)(t.quotes[i].end - t.quotes[i].start),
                               n.text.p + t.quotes[i].start);
    return out;
}

static void finds_quotations(void **state)
{
    static const Case cases[] = {
        {"She said \"vote early\" and left", "[vote early]"},
        {"She said \u201cvote early\u201d and \u2018be kind\u2019.", "[vote early][be kind]"},
        {"'Vote early,' she said", "[vote early,]"},
        {"don't, can't and the workers' choice", ""},
        {"rock 'n' roll in the '90s, 'tis said", ""},
        {"\u2019tis the workers\u2019 choice", ""},
        {"\u201cSay 'yes' now\u201d", "[say 'yes' now]"},
        {"an \"open one\n\nand \"next\" here", "[next]"},
        {"6\" tall and 7\" wide", ""},
        {"\"one\" \"two\"", "[one][two]"},
        {"\u201cnever closed", ""},
        {"\u00abOui\u00bb", "[oui]"},
        {"(\"in brackets\")", "[in brackets]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(cases[i].text, quotes(cases[i].text, *state), cases[i].want);
}

static void a_long_quotation_is_none(void **state)
{
    char text[1200];
    memset(text, 'a', sizeof text);
    text[0] = text[1100] = '"';
    text[1199] = '\0';
    assert_text("long", quotes(text, *state), "");
    text[900] = '"';
    text[901] = ' ';
    assert_int_equal(quotes(text, *state).len, 901);
}

static Str repost(const char *text, Arena *a)
{
    Norm n = fold(text, a);
    Tokens t;
    sml_token_scan(&t, &n, sml_str_from(text), a);
    return t.repost == UINT32_MAX ? STR("-") : sml_str_slice(n.text, t.repost, n.text.len);
}

static void finds_where_a_repost_begins(void **state)
{
    static const Case cases[] = {
        {"RT @name: Vote now", "vote now"},
        {"Well said! RT @name Vote now", "vote now"},
        {"MT @name: words", "words"},
        {"RT: @name words", "words"},
        {"RT@name words", "words"},
        {"via @name", "-"},
        {"#RT @name", "-"},
        {"ART @name: x", "-"},
        {"Mt Everest @name", "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(cases[i].text, repost(cases[i].text, *state), cases[i].want);
}

/* A tag's words, bars between them; "~" in front of one in a single case. */
static Str splits(const char *text, Arena *a)
{
    Norm n = fold(text, a);
    Tokens t;
    sml_token_scan(&t, &n, sml_str_from(text), a);
    assert_int_equal(t.n_tags, 1);
    const Tag *tag = sml_token_tag(&t, t.tags[0].token);
    assert_ptr_equal(tag, &t.tags[0]);
    Str out = {tag->one_case ? "~" : "", tag->one_case};
    for (uint32_t i = 0; i + 1 < tag->n_splits; i++)
        out =
            sml_arena_printf(a, "%.*s%s%.*s", STR_ARG(out), i ? "|" : "",
                             (int)(tag->splits[i + 1] - tag->splits[i]), n.text.p + tag->splits[i]);
    return out;
}

static void splits_tags(void **state)
{
    static const Case cases[] = {
        {"#VoteLabourNow", "vote|labour|now"}, {"#NHSWales", "nhs|wales"},
        {"#votelabour", "~votelabour"},        {"#VOTELABOUR", "~votelabour"},
        {"#Budget2025", "~budget|2025"},       {"#GE2024Now", "ge|2024|now"},
        {"#vote_labour", "vote|_|labour"},     {"#\u0174ylFawr", "\u0175yl|fawr"},
        {"#W\u0302ylFawr", "\u0175yl|fawr"},   {"#Stra\u00dfeNow", "strasse|now"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_text(cases[i].text, splits(cases[i].text, *state), cases[i].want);
}

static void knows_edges(void **state)
{
    (void)state;
    Str s = STR("caf\u00e9 w\u0302y-a");
    static const struct {
        uint32_t at;
        bool edge;
    } cases[] = {{0, true},  {1, false}, {3, false}, {5, true},  {6, true},
                 {7, false}, {9, false}, {10, true}, {11, true}, {12, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (sml_token_edge(s, cases[i].at) != cases[i].edge)
            fail_msg("edge at %u", cases[i].at);
}

static void finds_the_token_at_a_place(void **state)
{
    const char *text = "one, two";
    Norm n = fold(text, *state);
    Tokens t;
    sml_token_scan(&t, &n, sml_str_from(text), *state);
    assert_int_equal(sml_token_at(&t, 0), 0);
    assert_int_equal(sml_token_at(&t, 3), 1);
    assert_int_equal(sml_token_at(&t, 8), 2);
    assert_ptr_equal(sml_token_holding(&t, 2), &t.v[0]);
    assert_null(sml_token_holding(&t, 3));
    assert_null(sml_token_tag(&t, 0));
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static const char *const scraps[] = {
    "a",          "Word",   "RT",      " ",        " ",          "\n",     "\n\n",   ".",
    "!",          "'",      "\"",      "\u2019",   "\u201c",     "\u201d", "@",      "#",
    "_",          "-",      "http://", "https://", "www.",       "gov.uk", "/",      ":",
    "(",          ")",      "12",      ",",        "\U0001F44D", "\uFE0F", "\u20E3", "\u200D",
    "\U0001F1EC", "\u0301", "\u00e9",  "\u043e",   "\u2026",     "*",      "1",      "\u00df",
    "@name",      "#Tag",   "\u2014",  "\u4e00",   "`",
};

static Str random_text(uint64_t *seed, char *room, uint32_t most)
{
    size_t len = 0;
    for (uint32_t i = next_random(seed) % most; i > 0; i--) {
        Str s = sml_str_from(scraps[next_random(seed) % (sizeof scraps / sizeof *scraps)]);
        memcpy(room + len, s.p, s.len);
        len += s.len;
    }
    return (Str){room, len};
}

static void assert_sound(const Tokens *t, Str s)
{
    uint32_t counted = 0, last = 0, sentence = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t start = t->v[i].start, end = sml_token_end(&t->v[i]);
        assert_true(start >= last && start < end && end <= s.len);
        assert_true(sml_utf8_floor(s, start) == start && sml_utf8_floor(s, end) == end);
        sentence += t->v[i].leads;
        assert_int_equal(sml_token_sentence(t, i), sentence - 1);
        assert_true(!t->v[i].leads || t->sentences[sentence - 1] == i);
        last = end;
    }
    assert_int_equal(sentence, t->n_sentences);
    for (int k = 0; k < TOKEN_KINDS; k++)
        counted += t->count[k];
    assert_int_equal(counted, t->n);
    assert_int_equal(t->count[TOKEN_HASHTAG], t->n_tags);
    for (uint32_t i = 0, end = 0; i < t->n_quotes; i++) {
        assert_true(t->quotes[i].start >= end && t->quotes[i].start < t->quotes[i].end &&
                    t->quotes[i].end < s.len);
        end = t->quotes[i].end;
    }
    for (uint32_t i = 0; i < t->n_tags; i++) {
        const Tag *tag = &t->tags[i];
        assert_int_equal(tag->splits[0], t->v[tag->token].start + 1);
        assert_int_equal(tag->splits[tag->n_splits - 1], sml_token_end(&t->v[tag->token]));
        for (uint32_t k = 1; k < tag->n_splits; k++)
            assert_true(tag->splits[k] > tag->splits[k - 1]);
    }
    assert_true(t->repost == UINT32_MAX || t->repost <= s.len);
}

static void any_text_gives_sound_tokens(void **state)
{
    uint64_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        char room[1024];
        Str in = random_text(&seed, room, 40);
        ArenaMark mark = sml_arena_mark(*state);
        Norm n;
        Tokens t;
        sml_norm_apply(&n, in, i % 4 ? FOLD_ALL : next_random(&seed) % (FOLD_ALL + 1), *state);
        sml_token_scan(&t, &n, in, *state);
        assert_sound(&t, n.text);
        sml_arena_rewind(*state, mark);
    }
}

/* Texts that make a scanner look ahead again and again; each must be done before anybody notices.
 */
static void looking_ahead_stays_linear(void **state)
{
    static const char *const units[] = {"a.",
                                        "a@",
                                        "@a",
                                        "#a",
                                        "'a ",
                                        "\"a ",
                                        "http://",
                                        "a-",
                                        "a'",
                                        "(",
                                        "1,",
                                        "RT @a: ",
                                        "\U0001F44D\u200D"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        ArenaMark mark = sml_arena_mark(*state);
        size_t len = strlen(units[i]), times = 400000 / len;
        char *text = sml_arena_alloc(*state, times * len, 1);
        for (size_t k = 0; k < times; k++)
            memcpy(text + k * len, units[i], len);
        Norm n;
        Tokens t;
        sml_norm_apply(&n, (Str){text, times * len}, FOLD_ALL, *state);
        sml_token_scan(&t, &n, (Str){text, times * len}, *state);
        assert_sound(&t, n.text);
        sml_arena_rewind(*state, mark);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, with_arena, without_arena)
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_eight_bytes),
        TEST(cuts_words_and_numbers),
        TEST(finds_links),
        TEST(finds_mentions_and_mail),
        TEST(finds_tags_and_emoji),
        TEST(ends_sentences),
        TEST(finds_quotations),
        TEST(a_long_quotation_is_none),
        TEST(finds_where_a_repost_begins),
        TEST(splits_tags),
        TEST(knows_edges),
        TEST(finds_the_token_at_a_place),
        TEST(any_text_gives_sound_tokens),
        TEST(looking_ahead_stays_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
