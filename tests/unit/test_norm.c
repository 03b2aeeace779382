/* SPDX-License-Identifier: MIT */
#include "text/norm.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct Case {
    Str in, out;
    unsigned tricks;
} Case;

/* clang-format off */
/* A Str where the language wants a constant. */
#define TEXT(lit) {"" lit, sizeof(lit) - 1}
#define CASE(in, out, tricks) {TEXT(in), TEXT(out), tricks}
/* clang-format on */
#define TAG_G "\U000E0067"
#define TAG_B "\U000E0062"

static const Case full[] = {
    CASE("", "", 0),
    CASE("Vote LABOUR", "vote labour", 0),
    CASE("Vote\u00a0L\u200babour", "vote labour", FOLD_SPACES | FOLD_ZERO_WIDTH),
    CASE("it\u2019s \u201cnow\u201d \u2014 or\u2010never", "it's \"now\" - or-never",
         FOLD_QUOTES | FOLD_DASHES),
    CASE("it`s", "it's", FOLD_QUOTES),
    CASE("\u00abNo\u00bb, don\u00b4t", "\"no\", don't", FOLD_QUOTES),
    CASE("We\xC2\x92"
         "re",
         "we're", FOLD_QUOTES),
    CASE("a  \t b", "a b", 0),
    CASE("a\tb\vc\fd", "a b c d", 0),
    CASE("  a  ", " a ", 0),
    CASE("a \r\n b\rc\r\r\nd", "a\nb\nc\n\nd", 0),
    CASE("a\n\n\nb", "a\n\n\nb", 0),
    CASE("a\u2028b", "a\nb", FOLD_SPACES),
    CASE("a \u200b b", "a b", FOLD_ZERO_WIDTH),
    CASE("a \u200b\nb", "a\nb", FOLD_ZERO_WIDTH),
    CASE("\ufeffHe\u00adllo", "hello", FOLD_ZERO_WIDTH),
    CASE("V\x01ote\x7f", "vote", FOLD_ZERO_WIDTH),
    CASE("La\u2066bour\u2069", "labour", FOLD_ZERO_WIDTH),
    CASE("Ca\u0302n Y Dd\u0302raig, W\u0302 \u0176", "c\u00e2n y dd\u0302raig, \u0175 \u0177",
         FOLD_COMPOSE | FOLD_CASE),
    CASE("\u0175\u0177 \u00e0", "\u0175\u0177 \u00e0", 0),
    CASE("CAF\u00c9 Stra\u00dfe \u0130", "caf\u00e9 strasse i\u0307", FOLD_CASE),
    CASE("e\u200b\u0301", "\u00e9", FOLD_ZERO_WIDTH | FOLD_COMPOSE),
    CASE("\ufb01ne \uff36\uff2f\uff34\uff25 10\u00b2 \u2026", "fine vote 102 ...",
         FOLD_WIDTH | FOLD_CASE),
    CASE("Brexit\u2122 \u00a8", "brexit\u2122 \u00a8", 0),
    CASE("\U0001D415\U0001D428\U0001D42D\U0001D41E", "vote", FOLD_WIDTH | FOLD_CASE),
    CASE("\U0001D4E5\U0001D4F8\U0001D4FD\U0001D4EE", "vote", FOLD_WIDTH | FOLD_CASE),
    CASE("\u24cb\u24de\u24e3\u24d4", "vote", FOLD_WIDTH | FOLD_CASE),
    CASE("\U0001F165\U0001F15E\U0001F163\U0001F154", "vote", FOLD_WIDTH | FOLD_CASE),
    CASE("\U0001F185\U0001F17E\uFE0F\U0001F183\U0001F174", "vote",
         FOLD_WIDTH | FOLD_CASE | FOLD_ZERO_WIDTH),
    CASE("\u1d20\u1d0f\u1d1b\u1d07", "vote", FOLD_WIDTH),
    CASE("\u24b1\u24aa\u24af\u24a0", "vote", FOLD_WIDTH),
    CASE("V\u0336o\u0336t\u0336e\u0336", "vote", FOLD_WIDTH),
    CASE("type \U0001F17E\uFE0F blood", "type \U0001F17E\uFE0F blood", 0),
    CASE("V\u043ete", "vote", FOLD_CONFUSABLES),
    CASE("V\u041eT\u0415 L\u0410\u0412OUR", "vote labour", FOLD_CASE | FOLD_CONFUSABLES),
    CASE("\u0406mmigration", "immigration", FOLD_CASE | FOLD_CONFUSABLES),
    CASE("\u0440\u043e\u0442\u0430 vote", "\u0440\u043e\u0442\u0430 vote", 0),
    CASE("\u03b1\u03bd\u03b1 vote", "\u03b1\u03bd\u03b1 vote", 0),
    CASE("V\u200b\u043e\u00adte, \u043e", "vote, \u043e", FOLD_ZERO_WIDTH | FOLD_CONFUSABLES),
    CASE("\u2764\uFE0F \U0001F469\u200D\U0001F692 \U0001F44D\U0001F3FD",
         "\u2764\uFE0F \U0001F469\u200D\U0001F692 \U0001F44D\U0001F3FD", 0),
    CASE("1\uFE0F\u20E3 #\uFE0F\u20E3 2\u20E3", "1\uFE0F\u20E3 #\uFE0F\u20E3 2\u20E3", 0),
    CASE("a\uFE0Fb a\u200Db", "ab ab", FOLD_ZERO_WIDTH),
    CASE("\u0645\u06cc\u200c\u0634\u0648\u062f \u0915\u094d\u200d\u0937",
         "\u0645\u06cc\u200c\u0634\u0648\u062f \u0915\u094d\u200d\u0937", 0),
    CASE("\U0001F3F4" TAG_G TAG_B "\U000E0065\U000E006E" TAG_G "\U000E007F!",
         "\U0001F3F4" TAG_G TAG_B "\U000E0065\U000E006E" TAG_G "\U000E007F!", 0),
    CASE("a" TAG_G TAG_B "b", "ab", FOLD_ZERO_WIDTH),
};

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

static void print_text(const char *what, Str s)
{
    print_message("%s \"%.*s\":", what, STR_ARG(s));
    for (size_t at = 0; at < s.len;)
        print_message(" %04X", (unsigned)sml_utf8_next(s, &at));
    print_message("\n");
}

static void assert_text(Str got, Str want)
{
    if (sml_str_eq(got, want))
        return;
    print_text("got", got);
    print_text("want", want);
    fail();
}

static void folds_what_a_disguise_hides(void **state)
{
    for (size_t i = 0; i < sizeof full / sizeof *full; i++) {
        Norm n;
        sml_norm_apply(&n, full[i].in, FOLD_ALL, *state);
        assert_text(n.text, full[i].out);
        if (n.tricks != full[i].tricks)
            fail_msg("\"%.*s\": tricks %x, want %x", STR_ARG(full[i].in), n.tricks, full[i].tricks);
    }
}

static void leaves_alone_what_is_not_asked_for(void **state)
{
    static const struct {
        unsigned folds;
        Str in, out;
    } cases[] = {
        {0, TEXT("A\u00a0 \u2019\u200b\uff36e\u0301\r\n"),
         TEXT("A\u00a0 \u2019\u200b\uff36e\u0301\r\n")},
        {FOLD_QUOTES, TEXT("A\u00a0\u2019`\u2014"), TEXT("A\u00a0''\u2014")},
        {FOLD_DASHES, TEXT("A\u2014\u2019"), TEXT("A-\u2019")},
        {FOLD_SPACES, TEXT("A \u00a0 \n B\u200b"), TEXT("A\nB\u200b")},
        {FOLD_ZERO_WIDTH, TEXT("A  \u200bB"), TEXT("A  B")},
        {FOLD_COMPOSE, TEXT("E\u0301 \uff36"), TEXT("\u00c9 \uff36")},
        {FOLD_WIDTH, TEXT("\uff33\uff25CRET \U0001F182ecret"), TEXT("SECRET Secret")},
        {FOLD_CASE, TEXT("\u00c9E\u0301 \uff36"), TEXT("\u00e9e\u0301 \uff56")},
        {FOLD_CONFUSABLES, TEXT("V\u041eTE"), TEXT("VOTE")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Norm n;
        sml_norm_apply(&n, cases[i].in, cases[i].folds, *state);
        assert_text(n.text, cases[i].out);
    }
}

static void plain_text_needs_no_pieces(void **state)
{
    Norm n;
    sml_norm_apply(&n, STR("Plain TEXT, with caf\u00e9 and \U0001F44D.\nTwo lines."), FOLD_ALL,
                   *state);
    assert_int_equal(n.n_pieces, 0);
    assert_int_equal(n.tricks, 0);
}

static void a_span_keeps_deleted_bytes_inside_and_none_at_its_edges(void **state)
{
    Str in = STR("Vote\u00a0\u200bL\u200babour\u200b now");
    Norm n;
    sml_norm_apply(&n, in, FOLD_ALL, *state);
    size_t at = sml_str_find(n.text, STR("labour"), 0);
    Span s = sml_norm_span(&n, (uint32_t)at, (uint32_t)at + 6);
    assert_text(sml_str_slice(in, s.start, s.end), STR("L\u200babour"));
    assert_int_equal(sml_norm_from_original(&n, s.start), at);
    assert_int_equal(sml_norm_from_original(&n, s.start - 1), at);
    assert_int_equal(sml_norm_from_original(&n, (uint32_t)in.len), n.text.len);
    s = sml_norm_span(&n, 3, 3);
    assert_int_equal(s.start, s.end);
}

static void a_part_of_a_ligature_is_the_whole(void **state)
{
    Str in = STR("of\ufb01ce");
    Norm n;
    sml_norm_apply(&n, in, FOLD_ALL, *state);
    assert_text(n.text, STR("office"));
    Span s = sml_norm_span(&n, 3, 4);
    assert_text(sml_str_slice(in, s.start, s.end), STR("\ufb01"));
}

/* ---- properties over random text ---- */

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* What upsets folding: letters with marks behind them, white space, hidden characters, emoji parts,
 * other scripts. */
static const uint32_t spice[] = {
    ' ',     ' ',     '\n',    '\r',    '\t',    'a',     'E',     'w',     'T',     '1',
    '`',     0x0301,  0x0302,  0x0338,  0x0327,  0x0323,  0x0345,  0x00A0,  0x200B,  0x200C,
    0x200D,  0xFE0F,  0x20E3,  0x2019,  0x201C,  0x2014,  0x2026,  0xFB01,  0x00DF,  0x0130,
    0x00C9,  0x1E9E,  0x03A3,  0x03C2,  0x043E,  0x0412,  0x1100,  0x1161,  0x11A8,  0xAC00,
    0x0915,  0x094D,  0x0645,  0x3000,  0xFF76,  0xFF9E,  0x2764,  0x1F44D, 0x1F3FD, 0x1F1EC,
    0x1F1E7, 0x1F469, 0x1F17E, 0x1F185, 0x1D415, 0x1F3F4, 0xE0067, 0xFDFA,  0x212B,  0x2126,
    0x0344,  0x00AD,  0x2028,  0x00BD,  0x2074,  0x1FBE,  0x03B9,  0x0149,  0x3164,
};

static uint32_t random_char(uint64_t *seed)
{
    uint32_t kind = next_random(seed) % 10;
    if (kind < 3)
        return 32 + next_random(seed) % 95;
    if (kind < 8)
        return spice[next_random(seed) % (sizeof spice / sizeof *spice)];
    uint32_t c = next_random(seed) % (kind == 8 ? 0x3100 : 0x20000);
    return c >= 0xD800 && c <= 0xDFFF ? 'x' : c;
}

static Str random_text(uint64_t *seed, char *room, size_t most)
{
    size_t n = next_random(seed) % most, len = 0;
    for (size_t i = 0; i < n; i++)
        len += sml_utf8_put(room + len, random_char(seed));
    return (Str){room, len};
}

static void assert_map_is_sound(const Norm *n, Str in)
{
    uint32_t before = 0, len = (uint32_t)n->text.len;
    assert_int_equal(sml_utf8_check(n->text), n->text.len);
    assert_int_equal(n->original_len, in.len);
    for (uint32_t i = 0; i < n->n_pieces; i++) {
        assert_true(i == 0 ? n->pieces[i].out == 0 : n->pieces[i].out > n->pieces[i - 1].out);
        assert_true(n->pieces[i].out < len);
    }
    for (uint32_t at = 0; at < len; at++) {
        Span s = sml_norm_span(n, at, at + 1);
        assert_true(s.start >= before || s.end > before);
        assert_true(s.start < s.end && s.end <= in.len);
        assert_true(sml_norm_from_original(n, s.start) <= at);
        before = s.start;
    }
    for (uint32_t at = 0, last = 0; at <= in.len; at++) {
        uint32_t to = sml_norm_from_original(n, at);
        assert_true(to >= last && to <= len);
        if (to < len)
            assert_true(sml_norm_span(n, to, to + 1).start >= at);
        last = to;
    }
}

/* Where the map says "as written", the bytes are those of the original but for ASCII case. */
static void assert_plain_pieces_are_plain(const Norm *n, Str in)
{
    for (uint32_t i = 0; i < n->n_pieces; i++) {
        const NormPiece *p = &n->pieces[i];
        size_t end = i + 1 < n->n_pieces ? n->pieces[i + 1].out : n->text.len;
        if (p->len == 0)
            assert_true(sml_str_eq_nocase(sml_str_slice(n->text, p->out, end),
                                          sml_str_slice(in, p->in, p->in + (end - p->out))));
    }
    if (n->n_pieces == 0)
        assert_true(sml_str_eq_nocase(n->text, sml_str_slice(in, 0, n->text.len)));
}

static void every_map_leads_back(void **state)
{
    uint64_t seed = 1;
    for (int i = 0; i < 6000; i++) {
        char room[400];
        Str in = random_text(&seed, room, 40);
        unsigned folds = i % 3 ? FOLD_ALL : next_random(&seed) % (FOLD_ALL + 1);
        Norm n;
        ArenaMark mark = sml_arena_mark(*state);
        sml_norm_apply(&n, in, folds, *state);
        assert_map_is_sound(&n, in);
        assert_plain_pieces_are_plain(&n, in);
        sml_arena_rewind(*state, mark);
    }
}

static void no_fold_changes_nothing(void **state)
{
    uint64_t seed = 2;
    for (int i = 0; i < 1000; i++) {
        char room[400];
        Str in = random_text(&seed, room, 40);
        Norm n;
        sml_norm_apply(&n, in, 0, *state);
        assert_text(n.text, in);
        assert_int_equal(n.n_pieces, 0);
        assert_int_equal(n.tricks, 0);
    }
}

static void folding_twice_is_folding_once(void **state)
{
    uint64_t seed = 3;
    for (int i = 0; i < 60000; i++) {
        char room[400];
        Str in = random_text(&seed, room, 24);
        Norm once, twice;
        ArenaMark mark = sml_arena_mark(*state);
        sml_norm_apply(&once, in, FOLD_ALL, *state);
        sml_norm_apply(&twice, once.text, FOLD_ALL, *state);
        if (!sml_str_eq(once.text, twice.text))
            print_text("input", in);
        assert_text(twice.text, once.text);
        sml_arena_rewind(*state, mark);
    }
}

static void ascii_folds_alike_on_both_ways(void **state)
{
    static const char some[] = "aZ  \n\n\r\t`.'Qz09@\x01\x7f";
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        char room[120];
        size_t n = next_random(&seed) % 40;
        for (size_t k = 0; k < n; k++)
            room[k] = next_random(&seed) % 3 ? 'A' : some[next_random(&seed) % (sizeof some - 1)];
        /* Hidden characters break the fast way off, and must leave no trace. */
        char wide[240];
        size_t len = 0;
        for (size_t k = 0; k < n; k++) {
            wide[len++] = room[k];
            if (room[k] != '\r' && !(next_random(&seed) % 3))
                len += sml_utf8_put(wide + len, 0x200B);
        }
        Norm narrow, broad;
        ArenaMark mark = sml_arena_mark(*state);
        sml_norm_apply(&narrow, (Str){room, n}, FOLD_ALL, *state);
        sml_norm_apply(&broad, (Str){wide, len}, FOLD_ALL, *state);
        assert_text(broad.text, narrow.text);
        sml_arena_rewind(*state, mark);
    }
}

static void every_code_point_alone(void **state)
{
    for (uint32_t c = 0; c < 0x110000; c++) {
        char room[16];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        Str in = {room, sml_utf8_put(room, c)};
        ArenaMark mark = sml_arena_mark(*state);
        Norm once, twice;
        sml_norm_apply(&once, in, FOLD_ALL, *state);
        sml_norm_apply(&twice, once.text, FOLD_ALL, *state);
        if (!sml_str_eq(once.text, twice.text))
            fail_msg("U+%04X: \"%.*s\", then \"%.*s\"", (unsigned)c, STR_ARG(once.text),
                     STR_ARG(twice.text));
        sml_arena_rewind(*state, mark);
    }
}

static void many_marks_cost_no_more_than_many_letters(void **state)
{
    size_t n = 200000;
    char *room = sml_arena_alloc(*state, n * 2 + 1, 1);
    size_t len = 1;
    room[0] = 'a';
    for (size_t i = 0; i < n; i++)
        len += sml_utf8_put(room + len, i % 2 ? 0x0301 : 0x0323);
    Norm norm;
    sml_norm_apply(&norm, (Str){room, len}, FOLD_ALL, *state);
    assert_true(norm.text.len <= len && norm.text.len > n);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, with_arena, without_arena)
    const struct CMUnitTest tests[] = {
        TEST(folds_what_a_disguise_hides),
        TEST(leaves_alone_what_is_not_asked_for),
        TEST(plain_text_needs_no_pieces),
        TEST(a_span_keeps_deleted_bytes_inside_and_none_at_its_edges),
        TEST(a_part_of_a_ligature_is_the_whole),
        TEST(every_map_leads_back),
        TEST(no_fold_changes_nothing),
        TEST(folding_twice_is_folding_once),
        TEST(ascii_folds_alike_on_both_ways),
        TEST(every_code_point_alone),
        TEST(many_marks_cost_no_more_than_many_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
