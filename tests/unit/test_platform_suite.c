/* SPDX-License-Identifier: MIT */
/*
 * What networks and others publish for tests, from SML_DATA/platforms, beside lengths (test_length), entities (test_entity)
 * and identifiers (test_detect_suite). Each suite prints how many of its cases pass, or that it was skipped.
 *
 * Left out, for it tests what we do not do: X's autolink.yml, hit_highlighting.yml (HTML), of validate.yml "urls" (whether
 * a string is one URL by RFC 3986; we ask what X makes a link of) and "tweets" (140 characters), and handle_syntax_invalid.txt
 * (handles that Bluesky's client makes links of and its server refuses).
 */
#include "base/unicode.h"
#include "base/utf8.h"
#include "data_tree.h"
#include "match/detect.h"
#include "text/document.h"
#include "text/entity.h"

#include <string.h>

static bool is_true(const YamlNode *map, const char *key)
{
    return sml_str_eq(data_text(map, key), STR("true"));
}

/* ---- X and Bluesky ------------------------------------------------------------------------------- */

typedef void FindFn(Entities *out, Str text, Arena *a);

static void urls(Entities *out, Str text, Arena *a)
{
    sml_entity_x_urls(out, text, true, a);
}

static void lists(Entities *out, Str text, Arena *a)
{
    if (sml_str_find(text, STR("/"), 0) != SIZE_MAX)
        sml_entity_x_mentions(out, text, a);
}

/* Is the whole text one entity, as X asks of what is valid? */
static bool is_one(FindFn *find, Str text, Arena *a)
{
    Entities found = {0};
    find(&found, text, a);
    return found.n == 1 && found.v[0].start == 0 && found.v[0].end == text.len;
}

/* The list is of 2021; 102 of its domains have been withdrawn since, and our own list is newer. */
static void test_top_level_domains(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *tests =
        sml_yaml_get(data_file("platforms/twitter-text/tlds.yml", a), STR("tests"));
    unsigned passed = 0, all = 0;
    for (uint32_t g = 0; g < tests->n; g++)
        for (uint32_t i = 0; i < tests->items[g]->n; i++, all++)
            passed += is_one(urls, data_text(tests->items[g]->items[i], "text"), a);
    printf("suite: top-level domains of X %u/%u, the others withdrawn\n", passed, all);
    assert_true(passed >= 1472);
    sml_arena_free(a);
}

static void test_valid(void **state)
{
    static const struct {
        const char *group;
        FindFn *find;
    } groups[] = {{"usernames", sml_entity_x_mentions},
                  {"lists", lists},
                  {"hashtags", sml_entity_x_hashtags},
                  {"urls_without_protocol", urls}};
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *tests =
        sml_yaml_get(data_file("platforms/twitter-text/validate.yml", a), STR("tests"));
    unsigned passed = 0, all = 0;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        const YamlNode *cases = sml_yaml_get(tests, sml_str_from(groups[g].group));
        for (uint32_t i = 0; i < cases->n; i++, all++) {
            Str text = data_text(cases->items[i], "text");
            bool ok = is_one(groups[g].find, text, a) == is_true(cases->items[i], "expected");
            passed += ok;
            if (!ok)
                printf("%s: %.*s\n", groups[g].group, STR_ARG(text));
        }
    }
    printf("suite: valid names, lists, tags and links of X %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

/* Good syntax is not enough: the client makes links of those alone that end in a known domain. */
static void test_handles(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Str rest = data_bytes("platforms/atproto/handle_syntax_valid.txt", a), line;
    unsigned passed = 0, all = 0;
    while (sml_str_cut(&line, &rest, '\n')) {
        if (line.len == 0 || line.p[0] == '#')
            continue;
        all++;
        passed += is_one(sml_entity_bluesky, sml_arena_printf(a, "@%.*s", STR_ARG(line)), a);
    }
    printf("suite: handles of Bluesky %u/%u, the others of unknown domains\n", passed, all);
    assert_true(passed >= 59);
    sml_arena_free(a);
}

/* ---- disguises ----------------------------------------------------------------------------------- */

static bool mixes_scripts(Str text, Arena *a)
{
    Norm norm;
    Tokens tokens;
    Spans found = {0};
    sml_norm_apply(&norm, text, FOLD_ALL, a);
    sml_token_scan(&tokens, &norm, text, a);
    Detection d = {.original = text, .norm = &norm, .tokens = &tokens, .has = ~0U};
    sml_detect_run(&found, sml_detect_find(STR("mixed-script")), &d, a);
    return found.n == 1;
}

typedef struct Disguises {
    unsigned folded, capital_i, digits, latin, signs, told, lent;
    Arena *arena;
} Disguises;

static Str with_middle(Str middle, Arena *a)
{
    return sml_arena_printf(a, "ba%.*snel", STR_ARG(middle));
}

/* In the middle of a word the letter is undone, or there is a reason not to. */
static void judge_confusable(Disguises *d, const YamlNode *row)
{
    char bytes[4];
    uint32_t c = (uint32_t)strtoul(data_text(row, "cp").p, NULL, 16);
    const UnicodeRecord *r = sml_unicode_record(c);
    Str to = data_text(row, "to");
    Str text = with_middle((Str){bytes, sml_utf8_put(bytes, c)}, d->arena);
    Norm norm;
    sml_norm_apply(&norm, text, FOLD_ALL, d->arena);
    bool folded = sml_str_eq_nocase(norm.text, with_middle(to, d->arena));
    bool lender = r->script >= UNICODE_GREEK && r->script <= UNICODE_CHEROKEE;
    if (folded && lender) {
        d->lent++;
        d->told += mixes_scripts(text, d->arena);
    }
    if (folded)
        d->folded++;
    else if (sml_str_eq(norm.text, STR("bainel")) && sml_str_eq(to, STR("l")))
        d->capital_i++;
    else if (to.p[0] <= '9')
        d->digits++;
    else if ((r->flags & UNICODE_LETTER) && r->script == UNICODE_LATIN)
        d->latin++;
    else if (!(r->flags & UNICODE_LETTER))
        d->signs++;
    else
        fail_msg("U+%04X is neither undone nor one of those left alone", c);
}

/* Left alone: digits, letters of living Latin alphabets, signs and what our Unicode does not know. */
static void test_confusables(void **state)
{
    (void)state;
    Disguises d = {.arena = sml_arena_new()};
    const YamlNode *rows = sml_yaml_get(
        data_file("platforms/unicode/confusables-to-ascii.json", d.arena), STR("rows"));
    for (uint32_t i = 0; i < rows->n; i++)
        judge_confusable(&d, rows->items[i]);
    printf("suite: confusables %u/%u undone, %u as a capital I; left alone: %u digits, %u Latin "
           "letters, %u signs\n",
           d.folded, rows->n, d.capital_i, d.digits, d.latin, d.signs);
    printf("suite: mixed scripts of confusables %u/%u told\n", d.told, d.lent);
    assert_true(d.folded >= 394);
    assert_int_equal(d.told, d.lent);
    sml_arena_free(d.arena);
}

/* ---- quotes and reposts -------------------------------------------------------------------------- */

static Tokens tokens_of(Str text, Arena *a)
{
    Norm norm;
    Tokens tokens;
    sml_norm_apply(&norm, text, FOLD_ALL, a);
    sml_token_scan(&tokens, &norm, text, a);
    return tokens;
}

/* RT, MT and QT hand on words; "via", "HT" and "cc" thank or call somebody, whose words are not here. */
static bool hands_on(Str id)
{
    return sml_str_eq(id, STR("rt")) || sml_str_eq(id, STR("mt")) || sml_str_eq(id, STR("qt"));
}

static void judge_marks(unsigned *passed, unsigned *all, const YamlNode *row, const char *list,
                        bool wanted, Arena *a)
{
    const YamlNode *texts = sml_yaml_get(row, sml_str_from(list));
    for (uint32_t i = 0; texts && i < texts->n; i++) {
        Str text = texts->items[i]->text;
        bool ok = (tokens_of(text, a).repost != UINT32_MAX) == wanted;
        ++*all;
        *passed += ok;
        if (!ok)
            printf("%s a repost: %.*s\n", wanted ? "not" : "taken for", STR_ARG(text));
    }
}

static void test_repost_marks(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *rows =
        sml_yaml_get(data_file("platforms/quotes-and-disclaimers.json", a), STR("quote_syntax"));
    unsigned passed = 0, all = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        judge_marks(&passed, &all, rows->items[i], "examples",
                    hands_on(data_text(rows->items[i], "id")), a);
        judge_marks(&passed, &all, rows->items[i], "not_", false, a);
    }
    printf("suite: marks of reposts %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

/* Links to posts are one token each; at:// is for machines. */
static void test_links_to_posts(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *rows =
        sml_yaml_get(data_file("platforms/quotes-and-disclaimers.json", a), STR("post_urls"));
    unsigned passed = 0, all = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const YamlNode *links = sml_yaml_get(rows->items[i], STR("examples"));
        for (uint32_t k = 0; k < links->n; k++) {
            Str link = links->items[k]->text;
            if (!sml_str_starts(link, STR("https://")))
                continue;
            Tokens t = tokens_of(sml_arena_printf(a, "See %.*s.", STR_ARG(link)), a);
            all++;
            passed += t.n == 2 && t.v[1].kind == TOKEN_URL && t.v[1].len == link.len;
        }
    }
    printf("suite: links to posts %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

static bool fires(sml_linter *linter, Str rule, Str text)
{
    sml_error err;
    sml_result r;
    sml_input in = {.text = text,
                    .context = {.account = STR("personal"), .date = STR("2026-11-20")}};
    if (!sml_linter_check(&r, linter, &in, &err))
        fail_msg("%s", err.message);
    for (uint32_t i = 0; i < r.n_findings; i++)
        if (sml_str_eq(r.findings[i].rule, rule))
            return true;
    return false;
}

/* Beside a slur a disclaimer is named, and on its own it is not. "Personal account" is what people have at banks; the Welsh
 * ones have had no Welsh reader yet. */
static void test_disclaimers(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    Str rule = STR("identity/disclaimer-and-risk");
    const YamlNode *root = data_file("platforms/quotes-and-disclaimers.json", a);
    const YamlNode *texts = sml_yaml_get(sml_yaml_get(root, STR("disclaimers")), STR("en"));
    sml_rulebook *rules = sml_rulebook_builtin(NULL);
    sml_options options = {.size = sizeof options, .only = &rule, .n_only = 1};
    sml_linter *linter = sml_linter_new(&rules, 1, &options, NULL);
    unsigned passed = 0, all = 0;
    for (uint32_t i = 0; i < texts->n; i++) {
        Str text = texts->items[i]->text;
        if (sml_str_eq(text, STR("personal account")))
            continue;
        all++;
        Str risky = sml_arena_printf(a, "%.*s but the fees policy is cruel", STR_ARG(text));
        bool ok = fires(linter, rule, risky) && !fires(linter, rule, text);
        passed += ok;
        if (!ok)
            printf("no disclaimer: %.*s\n", STR_ARG(text));
    }
    printf("suite: disclaimers %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_linter_free(linter);
    sml_rulebook_free(rules);
    sml_arena_free(a);
}

/* ---- limits -------------------------------------------------------------------------------------- */

static const sml_length *length_of(const sml_result *r, Str network)
{
    if (sml_str_eq(network, STR("google_business")))
        network = STR("google-business");
    for (uint32_t i = 0; i < r->n_lengths; i++)
        if (sml_str_eq(r->lengths[i].network, network))
            return &r->lengths[i];
    return NULL;
}

/* Networks whose limit nobody publishes have none. A video's description stands for YouTube. */
static void test_limits(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *rows =
        sml_yaml_get(data_file("platforms/platform-limits.json", a), STR("platforms"));
    sml_rulebook *rules = sml_rulebook_builtin(NULL);
    sml_options options = {.size = sizeof options, .measure = true};
    sml_linter *linter = sml_linter_new(&rules, 1, &options, NULL);
    sml_input in = {.text = STR("Vote")};
    sml_result r;
    assert_true(sml_linter_check(&r, linter, &in, NULL));
    unsigned passed = 0, all = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        unsigned long hard = data_number(rows->items[i], "hard");
        Str id = data_text(rows->items[i], "id");
        const sml_length *l = length_of(&r, id);
        if (hard == 0)
            continue;
        all++;
        passed += l && l->limit == hard;
        if (!l || l->limit != hard)
            printf("limit of %.*s is not %lu\n", STR_ARG(id), hard);
    }
    printf("suite: limits of networks %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_linter_free(linter);
    sml_rulebook_free(rules);
    sml_arena_free(a);
}

/* ---- calendars ----------------------------------------------------------------------------------- */

static Str read_sample(const char *name, Arena *a)
{
    return data_bytes(sml_arena_printf(a, "platforms/calendars/%s", name).p, a);
}

/* Labels, facts and words of all posts, or the complaint. */
static Str show_sample(const char *name, Arena *a)
{
    Document d;
    sml_error err;
    Buf out = {0};
    sml_input in = {.path = sml_str_from(name),
                    .text = read_sample(name, a),
                    .context = {.date = STR("2026-11-20")}};
    in.kind = sml_input_kind_of(in.path, in.text);
    if (!sml_document_read(&d, &in, UINT64_C(1) << 20, a, &err))
        sml_buf_addf(&out, "%u:%u: %s\n", err.line, err.col, err.message);
    for (uint32_t i = 0; i < d.posts.n; i++) {
        const Post *p = &d.posts.v[i];
        sml_buf_addf(&out, "%.*s|%.*s|%.*s|%.*s\n", STR_ARG(p->label), STR_ARG(p->context.channel),
                     STR_ARG(p->context.date), STR_ARG(p->words.text));
    }
    Str shown = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return shown;
}

/* One calendar in the ways that programs save it. */
static void test_one_calendar_in_many_dresses(void **state)
{
    static const char *const dresses[] = {
        "excel-semicolon-bom.csv", "excel-unicode-text-utf16le.txt", "google-sheets-style.csv"};
    (void)state;
    Arena *a = sml_arena_new();
    Str want = show_sample("excel-utf8-bom-crlf.csv", a);
    assert_true(sml_str_find(want, STR("row 4, Post copy, 2/2|threads,bluesky|2026-11-24|"), 0) !=
                SIZE_MAX);
    for (size_t i = 0; i < sizeof dresses / sizeof *dresses; i++)
        assert_string_equal(show_sample(dresses[i], a).p, want.p);
    printf("suite: dresses of a calendar %zu/%zu\n", sizeof dresses / sizeof *dresses + 1,
           sizeof dresses / sizeof *dresses + 1);
    sml_arena_free(a);
}

/* Of each sample the first line that it shows. */
static void test_samples(void **state)
{
    static const char *const samples[][2] = {
        {"ayrshare-style.csv", "row 2, post|x,facebook,instagram|2026-11-23T09:30:00Z|"},
        {"broken-bare-quote.csv", "row 2, Post|x||He said \""},
        {"broken-unclosed-quote.csv", "2:3: row 2: the quote that opens here is never closed"},
        {"excel-sep-line.csv", "row 2, Post copy|x|2026-11-25T10:00|"},
        {"excel-windows-1252.csv",
         "row 2, Post copy|linkedin,facebook|2026-11-23T12:00|We\u2019re"},
        {"hootsuite-style-no-header.csv", "row 1, message||2026-11-23T09:30|"},
        {"one-column-per-platform.csv", "row 2, X copy|x|2026-11-23|"},
        {"publer-style.csv", "row 2, Message||2026-11-23T09:30|"},
        {"sprout-style.csv", "row 2, message_text||2026-11-23T09:30|"},
        {"thread-separators.txt", "1/5|||1/3 Your"},
        {"post-with-alt-lines.txt", "|||Your bin"},
        {"post-jekyll-style.md", "|||Your bin"},
        {"post-hugo-toml.md", "1:1: this is TOML front matter"},
        {"post-hugo-json.md", "1:1: this is JSON front matter"},
    };
    (void)state;
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        Str got = show_sample(samples[i][0], a);
        if (!sml_str_starts(got, sml_str_from(samples[i][1])))
            fail_msg("%s: %.*s", samples[i][0], STR_ARG(got));
    }
    printf("suite: calendars and drafts %zu/%zu\n", sizeof samples / sizeof *samples,
           sizeof samples / sizeof *samples);
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_top_level_domains),
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_handles),
        cmocka_unit_test(test_confusables),
        cmocka_unit_test(test_repost_marks),
        cmocka_unit_test(test_links_to_posts),
        cmocka_unit_test(test_disclaimers),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_one_calendar_in_many_dresses),
        cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
