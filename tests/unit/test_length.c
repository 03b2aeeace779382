/* SPDX-License-Identifier: MIT */
/* The networks' own counts: vectors of our own, and the networks' where SML_DATA has them. */
#include "base/unicode.h"
#include "base/utf8.h"
#include "data_tree.h"
#include "text/entity.h"
#include "text/length.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define NO_LIMIT UINT32_MAX

static uint64_t used(LengthUnit unit, Str text)
{
    Arena *a = sml_arena_new();
    uint64_t n = sml_length_measure(unit, text, NO_LIMIT, 23, a).used;
    sml_arena_free(a);
    return n;
}

static void test_units(void **state)
{
    /* weighted, graphemes, mastodon, threads, utf16, bytes */
    static const struct {
        const char *text;
        uint64_t n[LENGTH_UNITS];
    } cases[] = {
        {"", {0, 0, 0, 0, 0, 0}},
        {"Hello", {5, 5, 5, 5, 5, 5}},
        {"Read https://example.gov.uk/a/very/long/path 👍🏽", {31, 46, 30, 53, 49, 53}},
        {"gov.uk", {23, 6, 6, 6, 6, 6}},
        {"Cost: £5…", {10, 9, 9, 9, 9, 12}},
        {"dŵr a llẁyth", {13, 12, 12, 12, 12, 15}},
        {"e\xCC\x81", {1, 1, 1, 2, 2, 3}},
        {"one\r\ntwo", {7, 7, 7, 7, 7, 7}},
        {"@jo@example.social hi", {21, 21, 6, 21, 21, 21}},
        {"𝐇𝐞𝐥𝐥𝐨", {10, 5, 5, 5, 10, 20}},
        {"नमस्ते", {6, 3, 3, 6, 6, 18}},
        {"👨‍👩‍👧‍👦", {2, 1, 1, 25, 11, 25}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int unit = 0; unit < LENGTH_UNITS; unit++) {
            uint64_t n = used((LengthUnit)unit, sml_str_from(cases[i].text));
            if (n != cases[i].n[unit])
                fail_msg("\"%s\" is %u in unit %d, not %u", cases[i].text, (unsigned)n, unit,
                         (unsigned)cases[i].n[unit]);
        }
}

static void test_fits(void **state)
{
    static const struct {
        LengthUnit unit;
        const char *text;
        uint32_t limit, fits;
    } cases[] = {
        {LENGTH_WEIGHTED, "abcdef", 4, 4},
        {LENGTH_WEIGHTED, "abcdef", 6, 6},
        {LENGTH_WEIGHTED, "ab https://gov.uk c", 25, 3}, /* a link goes whole */
        {LENGTH_WEIGHTED, "ab https://gov.uk c", 26, 17},
        {LENGTH_WEIGHTED,
         "e\xCC\x81"
         "bc",
         2, 4}, /* of the words as written */
        {LENGTH_WEIGHTED, "👍👍", 3, 4},
        {LENGTH_GRAPHEMES, "👨‍👩‍👧x", 1, 18},
        {LENGTH_UTF16, "a👍b", 2, 1},
        {LENGTH_BYTES, "aéb", 2, 1},
        {LENGTH_THREADS, "ab", 0, 0},
    };
    (void)state;
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            sml_length_measure(cases[i].unit, sml_str_from(cases[i].text), cases[i].limit, 23, a)
                .fits,
            cases[i].fits);
    sml_arena_free(a);
}

static void test_posted(void **state)
{
    (void)state;
    Span s = sml_length_posted(STR(" \xC2\xA0\nHi there\r\n\n"));
    assert_int_equal(s.start, 4);
    assert_int_equal(s.end, 12);
    s = sml_length_posted(STR(" \n"));
    assert_int_equal(s.start, s.end);
}

/* ---- emoji ---------------------------------------------------------------------------------------- */

/* The sequence of a row "1F44D 1F3FD ; fully-qualified # ...". */
static Str sequence_of(Str row, Arena *a)
{
    Buf out = {0};
    Str points = sml_str_trim(sml_str_slice(row, 0, sml_str_find(row, STR(";"), 0))), point;
    while (sml_str_cut(&point, &points, ' ')) {
        char bytes[4];
        size_t n = sml_utf8_put(bytes, (uint32_t)strtoul(point.p, NULL, 16));
        sml_buf_add(&out, (Str){bytes, n});
    }
    Str s = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return s;
}

/* Every emoji is one character to people, two to X; but © and ® stand for themselves. */
static void check_emoji(Str text, Arena *a)
{
    bool plain = sml_str_eq(text, STR("©")) || sml_str_eq(text, STR("®"));
    assert_int_equal(used(LENGTH_GRAPHEMES, text), 1);
    assert_int_equal(used(LENGTH_WEIGHTED, text), plain ? 1 : 2);
    Str twice = sml_arena_printf(a, "%.*s%.*s", STR_ARG(text), STR_ARG(text));
    assert_int_equal(used(LENGTH_WEIGHTED, twice), plain ? 2 : 4);
}

static void check_emoji_file(const char *path)
{
    Arena *a = sml_arena_new();
    Buf file = {0};
    sml_error err;
    unsigned n = 0;
    if (!sml_io_read(&file, path, (size_t)16 << 20, &err)) {
        printf("SKIPPED: %s is not there\n", path);
        sml_arena_free(a);
        skip();
    }
    Str rest = sml_buf_str(&file), row;
    while (sml_str_cut(&row, &rest, '\n')) {
        bool emoji = row.len && row.p[0] != '#';
        if (emoji)
            check_emoji(sequence_of(row, a), a);
        n += emoji;
    }
    printf("suite: emoji, %s %u/%u\n", path, n, n);
    assert_true(n > 4000);
    sml_buf_free(&file);
    sml_arena_free(a);
}

static void test_emoji(void **state)
{
    (void)state;
    check_emoji_file("/usr/share/unicode/emoji/emoji-test.txt");
}

static void test_emoji_newest(void **state)
{
    (void)state;
    const char *data = getenv("SML_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/platforms/unicode/emoji-test-17.0.txt",
             data ? data : "SML_DATA");
    check_emoji_file(path);
}

/* ---- X ------------------------------------------------------------------------------------------- */

/* Version 3 of X's rules: an emoji is one thing. */
static void test_x_weighted(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/twitter-text/validate.yml", a);
    unsigned passed = 0, all = 0;
    static const char *const groups[] = {"WeightedTweetsWithDiscountedEmojiCounterTest",
                                         "UnicodeDirectionalMarkerCounterTest"};
    for (size_t g = 0; g < 2; g++) {
        const YamlNode *cases =
            sml_yaml_get(sml_yaml_get(root, STR("tests")), sml_str_from(groups[g]));
        for (uint32_t i = 0; i < cases->n; i++, all++) {
            Str text = data_text(cases->items[i], "text");
            const YamlNode *want = sml_yaml_get(cases->items[i], STR("expected"));
            Length l = sml_length_measure(LENGTH_WEIGHTED, text, 280, 23, a);
            size_t valid = sml_utf8_count16(sml_str_slice(text, 0, l.fits));
            bool ok = l.used == data_number(want, "weightedLength") &&
                      (valid ? valid - 1 : 0) == data_number(want, "validRangeEnd");
            passed += ok;
            if (!ok)
                printf("%.*s: %u, valid to %zu\n",
                       STR_ARG(data_text(cases->items[i], "description")), (unsigned)l.used, valid);
        }
    }
    printf("suite: lengths of X, version 3 %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

/* In hundredths of a character, by X's own table. */
static unsigned long weight_of(const YamlNode *config, uint32_t c)
{
    const YamlNode *ranges = sml_yaml_get(config, STR("ranges"));
    for (uint32_t i = 0; i < ranges->n; i++)
        if (c >= data_number(ranges->items[i], "start") &&
            c <= data_number(ranges->items[i], "end"))
            return data_number(ranges->items[i], "weight");
    return data_number(config, "defaultWeight");
}

/* What version 2 counts more than version 3: of an emoji each code point, for it knows of none. */
static unsigned long emoji_surplus(const YamlNode *config, Str text)
{
    unsigned long surplus = 0;
    for (size_t at = 0, end; at < text.len; at = end) {
        end = sml_entity_emoji(text, at);
        bool emoji = end > at;
        if (!emoji)
            end = at, sml_utf8_next(text, &end);
        for (size_t k = at; emoji && k < end;)
            surplus += weight_of(config, sml_utf8_next(text, &k));
        surplus -= emoji ? 2 * data_number(config, "scale") : 0;
    }
    return surplus / data_number(config, "scale");
}

static void test_x_weighted_old(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/twitter-text/validate.yml", a);
    const YamlNode *config = data_file("platforms/twitter-text/config-v3.json", a);
    const YamlNode *cases =
        sml_yaml_get(sml_yaml_get(root, STR("tests")), STR("WeightedTweetsCounterTest"));
    unsigned passed = 0;
    for (uint32_t i = 0; i < cases->n; i++) {
        Str text = data_text(cases->items[i], "text");
        const YamlNode *want = sml_yaml_get(cases->items[i], STR("expected"));
        unsigned long n = used(LENGTH_WEIGHTED, text) + emoji_surplus(config, text);
        bool ok = n == data_number(want, "weightedLength");
        passed += ok;
        if (!ok)
            printf("%.*s: %lu\n", STR_ARG(data_text(cases->items[i], "description")), n);
    }
    printf("suite: lengths of X, version 2 %u/%u\n", passed, cases->n);
    assert_int_equal(passed, cases->n);
    sml_arena_free(a);
}

/* A code point that composition leaves alone weighs what X's table says. */
static void test_x_weights(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *config = data_file("platforms/twitter-text/config-v3.json", a);
    unsigned passed = 0, all = 0;
    for (uint32_t c = 0x20; c < 0x3000; c++) {
        char text[16];
        Str s = {text, sml_utf8_put(text, c)};
        Length l = sml_length_measure(LENGTH_WEIGHTED, s, 280, 23, a);
        UnicodeFold fold = (UnicodeFold)sml_unicode_record(c)->fold;
        bool composes = fold == UNICODE_CHANGES || fold == UNICODE_JOINS;
        if (sml_entity_emoji(s, 0) || composes)
            continue;
        all++;
        bool ok = l.used * data_number(config, "scale") == weight_of(config, c);
        passed += ok;
        if (!ok)
            printf("U+%04X: %u\n", c, (unsigned)l.used);
    }
    printf("suite: weights of X %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

static void test_x_edges(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/twitter-text/edge-cases-from-js-3.1.0.json", a);
    unsigned passed = 0;
    const YamlNode *cases = sml_yaml_get(root, STR("cases"));
    for (uint32_t i = 0; i < cases->n; i++) {
        const YamlNode *c = cases->items[i];
        uint64_t n = used(LENGTH_WEIGHTED, data_text(c, "text"));
        /* Our list of emoji is newer than that of the data. */
        bool newer = sml_str_starts(data_text(c, "name"), STR("Emoji 15.1"));
        bool ok = n == (newer ? 2 : data_number(c, "weighted_length_emoji15"));
        passed += ok;
        if (!ok)
            printf("%.*s: %u, not %u\n", STR_ARG(data_text(c, "name")), (unsigned)n,
                   (unsigned)data_number(c, "weighted_length_emoji15"));
    }
    printf("suite: edge cases of X %u/%u\n", passed, cases->n);
    assert_int_equal(passed, cases->n);
    sml_arena_free(a);
}

/* ---- Bluesky, Mastodon -------------------------------------------------------------------------- */

static void test_bluesky(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/atproto/richtext-cases.json", a);
    const YamlNode *cases = sml_yaml_get(root, STR("grapheme_cases"));
    for (uint32_t i = 0; i < cases->n; i++) {
        Str text = data_text(cases->items[i], "text");
        assert_int_equal(used(LENGTH_GRAPHEMES, text), data_number(cases->items[i], "graphemes"));
        assert_int_equal(used(LENGTH_BYTES, text), data_number(cases->items[i], "bytes"));
    }
    unsigned all = cases->n;
    cases = sml_yaml_get(root, STR("limit_cases"));
    for (uint32_t i = 0; i < cases->n; i++) {
        Buf text = {0};
        for (unsigned long k = 0; k < data_number(cases->items[i], "times"); k++)
            sml_buf_add(&text, data_text(cases->items[i], "repeat"));
        bool fits = used(LENGTH_GRAPHEMES, sml_buf_str(&text)) <= 300 &&
                    used(LENGTH_BYTES, sml_buf_str(&text)) <= 3000;
        assert_int_equal(fits, sml_str_eq(data_text(cases->items[i], "fits_post"), STR("true")));
        sml_buf_free(&text);
    }
    printf("suite: lengths of Bluesky %u/%u\n", all + cases->n, all + cases->n);
    sml_arena_free(a);
}

static void add_pieces(Buf *out, const YamlNode *list)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const YamlNode *piece = list->items[i];
        unsigned long times =
            piece->kind == YAML_LIST ? strtoul(piece->items[1]->text.p, NULL, 10) : 1;
        while (times--)
            sml_buf_add(out, piece->kind == YAML_LIST ? piece->items[0]->text : piece->text);
    }
}

static void test_mastodon(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    const YamlNode *root = data_file("platforms/mastodon/status-length-cases.json", a);
    const YamlNode *cases = sml_yaml_get(root, STR("cases"));
    unsigned passed = 0, all = 0;
    for (uint32_t i = 0; i < cases->n; i++) {
        const YamlNode *c = cases->items[i];
        Buf text = {0};
        /* Whether a post is remote or a boost is not the arithmetic's to know. */
        if (data_text(c, "remote").len || data_text(c, "boost").len)
            continue;
        add_pieces(&text, sml_yaml_get(c, STR("spoiler")));
        add_pieces(&text, sml_yaml_get(c, STR("text")));
        uint64_t n = used(LENGTH_MASTODON, sml_buf_str(&text));
        bool ok = (n > 500) == sml_str_eq(data_text(c, "over"), STR("true")) &&
                  (!data_number(c, "count") || n == data_number(c, "count"));
        all++;
        passed += ok;
        if (!ok)
            printf("%.*s: %u\n", STR_ARG(data_text(c, "id")), (unsigned)n);
        sml_buf_free(&text);
    }
    printf("suite: lengths of Mastodon %u/%u\n", passed, all);
    assert_int_equal(passed, all);
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),          cmocka_unit_test(test_fits),
        cmocka_unit_test(test_posted),         cmocka_unit_test(test_emoji),
        cmocka_unit_test(test_emoji_newest),   cmocka_unit_test(test_x_weighted),
        cmocka_unit_test(test_x_weighted_old), cmocka_unit_test(test_x_weights),
        cmocka_unit_test(test_x_edges),        cmocka_unit_test(test_bluesky),
        cmocka_unit_test(test_mastodon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
