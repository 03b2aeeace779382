/* SPDX-License-Identifier: MIT */
/* Links, mentions and tags as the networks find them: vectors of our own, and the networks' own where SML_DATA has them. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "data_tree.h"
#include "text/entity.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

typedef void FindFn(Entities *out, Str text, Arena *a);

static void all_urls(Entities *out, Str text, Arena *a)
{
    sml_entity_x_urls(out, text, true, a);
}

static void reply(Entities *out, Str text, Arena *a)
{
    Entity e;
    if (sml_entity_x_reply(&e, text))
        VEC_PUSH(out, a) = e;
}

/* ---- vectors of our own ------------------------------------------------------------------------ */

typedef struct Vector {
    FindFn *find;
    const char *text, *found; /* joined by a space */
} Vector;

static const Vector vectors[] = {
    {all_urls, "See gov.uk/tax, or http://localhost/", "gov.uk/tax"},
    {all_urls, "This is it.Now go", "it.Now"},
    {all_urls, "mail me@example.com or @example.com", ""},
    {all_urls, "(www.example.com/a_(b)).", "www.example.com/a_(b)"},
    {all_urls, "https://example.com/?q=1&r=2.", "https://example.com/?q=1&r=2"},
    {all_urls, "http://a_b.example.com http://a_b.com", "http://a_b.example.com"},
    {all_urls, "税金example.com税金example.org/x", "example.com example.org/x"},
    {all_urls, "HTTPS://EXAMPLE.COM:8080/A#b", "HTTPS://EXAMPLE.COM:8080/A#b"},
    {all_urls, "example.community example.comb example.com+x", "example.community"},
    {all_urls, "-example.com .example.com /example.com", ""},
    {all_urls, "http://xn--80ak6aa92e.xn--p1ai/ http://пример.рф",
     "http://xn--80ak6aa92e.xn--p1ai/ http://пример.рф"},
    {all_urls, "日_日.com 日.com", ""},
    {all_urls, "https://t.co/abc/def https://t.co/a?b=c", "https://t.co/abc https://t.co/a?b=c"},
    {all_urls, "", ""},
    {sml_entity_x_mentions, "@a and .@b, @c's RT@d rt:@e x@f", "@a @b @c @d @e"},
    {sml_entity_x_mentions, "@user@example.social @one/list_2", "@one/list_2"},
    {sml_entity_x_mentions, "@abcdefghijklmnopqrstuvwxyz ＠wide", "@abcdefghijklmnopqrst ＠wide"},
    {sml_entity_x_mentions, "@caf\xC3\xA9 @http://x", ""},
    {reply, "  @you yes", "@you"},
    {reply, "so @you", ""},
    {sml_entity_x_hashtags, "#GE2024 #2024 #Covid-19 #R&D #It'sOK", "#GE2024 #Covid #R #It"},
    {sml_entity_x_hashtags, "#one#two ##three a#b #Love\xE2\x9D\xA4\xEF\xB8\x8F", "#three #Love"},
    {sml_entity_x_hashtags, "https://example.com/#part #end", "#end"},
    {sml_entity_x_hashtags, "#\xEF\xB8\x8F #dŵr #日本", "#dŵr #日本"},
    {sml_entity_x_cashtags, "$ABC $AB.C $100 x$DEF $TOOLONGS $GHI.", "$ABC $AB.C $GHI"},
    {sml_entity_bluesky, "hi @a.example.com (@b.test) @plain x@c.com", "@a.example.com @b.test"},
    {sml_entity_bluesky, "www.gov.uk/a. www.north-example.gov.uk (gov.uk)", "www.gov.uk/a gov.uk"},
    {sml_entity_bluesky, "https://example.com/a_(b)! http://", "https://example.com/a_(b)"},
    {sml_entity_bluesky, "#one#two #1 #🦋 #end... a#b", "#one#two #🦋 #end"},
    {sml_entity_bluesky, "$abc $toolong $a1, $1a", "$abc $a1"},
    {sml_entity_mastodon_mentions, "@a @b@example.social. x@c /@d @e.f@g",
     "@a @b@example.social @e.f@g"},
};

static Str join(Str text, const Entities *found, Arena *a)
{
    Buf out = {0};
    for (uint32_t i = 0; i < found->n; i++) {
        if (i)
            sml_buf_addc(&out, ' ');
        sml_buf_add(&out, sml_str_slice(text, found->v[i].start, found->v[i].end));
    }
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

static void test_vectors(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        Entities found = {0};
        Str text = sml_str_from(vectors[i].text);
        vectors[i].find(&found, text, a);
        assert_string_equal(join(text, &found, a).p, vectors[i].found);
    }
    sml_arena_free(a);
}

/* Any start within one label of Chinese may begin a link, and any letter may stand before "https://", so a careless search is
 * quadratic, in a run of one thing or in one before another: this took minutes. */
static void test_linear(void **state)
{
    static const char *const pieces[] = {"日", "日_", "日.", "日-", "日.日_",     "é",        "a",
                                         "#",  "@a",  "a.",  "(",   "http://a/(", "éhttps://"};
    enum { PIECES = sizeof pieces / sizeof *pieces, HALF = 100000 };
    (void)state;
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < PIECES * PIECES; i++) {
        Buf text = {0};
        Entities found = {0};
        while (text.len < HALF)
            sml_buf_add(&text, sml_str_from(pieces[i / PIECES]));
        sml_buf_add(&text, STR(".uk."));
        while (text.len < 2 * HALF)
            sml_buf_add(&text, sml_str_from(pieces[i % PIECES]));
        all_urls(&found, sml_buf_str(&text), a);
        sml_entity_x_mentions(&found, sml_buf_str(&text), a);
        sml_entity_x_hashtags(&found, sml_buf_str(&text), a);
        sml_entity_bluesky(&found, sml_buf_str(&text), a);
        sml_entity_mastodon_mentions(&found, sml_buf_str(&text), a);
        assert_true(found.n <= text.len);
        sml_buf_free(&text);
        sml_arena_reset(a);
    }
    sml_arena_free(a);
}

static void test_emoji(void **state)
{
    static const struct {
        const char *text;
        size_t end;
    } cases[] = {{"👍🏽!", 8},
                 {"©", 0},
                 {"©\xEF\xB8\x8F", 5},
                 {"1\xEF\xB8\x8F\xE2\x83\xA3", 7},
                 {"1", 0},
                 {"🇬🇧🇫🇷", 8},
                 {"🇽🇽", 0},
                 {"👨‍👩‍👧x", 18}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sml_entity_emoji(sml_str_from(cases[i].text), 0), cases[i].end);
}

/* ---- X's conformance data ------------------------------------------------------------------------ */

static Str tail(Str text, uint32_t start, uint32_t end)
{
    size_t at = start;
    sml_utf8_next(text, &at);
    return sml_str_slice(text, at, end);
}

static Str show_places(const YamlNode *item, Arena *a)
{
    const YamlNode *at = sml_yaml_get(item, STR("indices"));
    return sml_arena_printf(a, "%.*s-%.*s", STR_ARG(at->items[0]->text),
                            STR_ARG(at->items[1]->text));
}

/* A map's texts and places, or the text that stands for itself. */
static Str show_wanted(const YamlNode *item, Arena *a)
{
    if (item->kind == YAML_SCALAR)
        return item->text;
    Str words = {"", 0};
    static const char *const keys[] = {"url", "screen_name", "list_slug", "hashtag", "cashtag"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        words = sml_arena_printf(a, "%.*s%.*s", STR_ARG(words), STR_ARG(data_text(item, keys[i])));
    return sml_arena_printf(a, "%.*s %.*s", STR_ARG(words), STR_ARG(show_places(item, a)));
}

static Str show_found(Str text, const Entity *e, bool places, bool lists, Arena *a)
{
    uint32_t end = e->kind == ENTITY_MENTION && !lists ? e->name_end : e->end;
    Str words =
        e->kind == ENTITY_URL ? sml_str_slice(text, e->start, end) : tail(text, e->start, end);
    if (!places)
        return words;
    return sml_arena_printf(a, "%.*s %zu-%zu", STR_ARG(words),
                            sml_utf8_count(sml_str_slice(text, 0, e->start)),
                            sml_utf8_count(sml_str_slice(text, 0, end)));
}

static bool case_passes(const YamlNode *c, FindFn *find, bool lists, Arena *a)
{
    Entities found = {0};
    Str text = data_text(c, "text");
    const YamlNode *want = sml_yaml_get(c, STR("expected"));
    find(&found, text, a);
    uint32_t n = want->kind == YAML_LIST ? want->n : want->text.len > 0;
    bool ok = found.n == n;
    for (uint32_t i = 0; ok && i < n; i++) {
        const YamlNode *item = want->kind == YAML_LIST ? want->items[i] : want;
        Str shown = show_found(text, &found.v[i], item->kind == YAML_MAP, lists, a);
        ok = sml_str_eq(show_wanted(item, a), shown);
    }
    if (!ok)
        printf("%.*s: %.*s\n  gives: %s\n", STR_ARG(data_text(c, "description")), STR_ARG(text),
               join(text, &found, a).p);
    return ok;
}

static void test_extract(void **state)
{
    static const struct {
        const char *group;
        FindFn *find;
        bool lists;
    } groups[] = {
        {"mentions", sml_entity_x_mentions, false},
        {"mentions_with_indices", sml_entity_x_mentions, false},
        {"mentions_or_lists_with_indices", sml_entity_x_mentions, true},
        {"replies", reply, false},
        {"urls", all_urls, false},
        {"urls_with_indices", all_urls, false},
        {"urls_with_directional_markers", all_urls, false},
        {"tco_urls_with_params", all_urls, false},
        {"hashtags", sml_entity_x_hashtags, false},
        {"hashtags_from_astral", sml_entity_x_hashtags, false},
        {"hashtags_with_indices", sml_entity_x_hashtags, false},
        {"cashtags", sml_entity_x_cashtags, false},
        {"cashtags_with_indices", sml_entity_x_cashtags, false},
    };
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/twitter-text/extract.yml", a);
    unsigned passed = 0, all = 0;
    const YamlNode *tests = sml_yaml_get(root, STR("tests"));
    assert_int_equal(tests->n, sizeof groups / sizeof *groups);
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        const YamlNode *cases = sml_yaml_get(tests, sml_str_from(groups[g].group));
        for (uint32_t i = 0; i < cases->n; i++, all++)
            passed += case_passes(cases->items[i], groups[g].find, groups[g].lists, a);
    }
    printf("suite: extract of X %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    assert_true(all > 200);
    sml_arena_free(a);
}

/* ---- Bluesky's ------------------------------------------------------------------------------------- */

static bool facets_pass(const YamlNode *c, Arena *a)
{
    static const char *const kinds[] = {"link", "mention", "tag", "cashtag"};
    Entities found = {0};
    Str text = data_text(c, "text");
    const YamlNode *want = sml_yaml_get(c, STR("expect"));
    sml_entity_bluesky(&found, text, a);
    bool ok = found.n == want->n;
    for (uint32_t i = 0; ok && i < want->n; i++) {
        const Entity *e = NULL;
        for (uint32_t k = 0; k < found.n; k++)
            if (found.v[k].start == data_number(want->items[i], "byte_start"))
                e = &found.v[k];
        ok = e && e->end == data_number(want->items[i], "byte_end") &&
             sml_str_eq(data_text(want->items[i], "kind"), sml_str_from(kinds[e->kind]));
    }
    if (!ok)
        printf("%.*s: %.*s\n  gives: %s\n", STR_ARG(data_text(c, "id")), STR_ARG(text),
               join(text, &found, a).p);
    return ok;
}

static void test_facets(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/atproto/richtext-cases.json", a);
    const YamlNode *cases = sml_yaml_get(root, STR("facet_cases"));
    unsigned passed = 0;
    for (uint32_t i = 0; i < cases->n; i++)
        passed += facets_pass(cases->items[i], a);
    printf("suite: facets of Bluesky %u/%u\n", passed, cases->n);
    assert_int_equal(passed, cases->n);
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_linear), cmocka_unit_test(test_emoji),
        cmocka_unit_test(test_extract), cmocka_unit_test(test_facets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
