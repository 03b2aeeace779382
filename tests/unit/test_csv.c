/* SPDX-License-Identifier: MIT */
#include "text/csv.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All values, each with a bar behind it and each row with a slash; each cell is put together from
 * its stretches, which must lie where they say. */
static Str rows_of(Str text, char delimiter, CsvStatus *last, Arena *a)
{
    Buf out = {0};
    CsvReader r = {.text = text, .delimiter = delimiter};
    CsvCells cells = {0};
    while ((*last = sml_csv_row(&cells, &r, a)) == CSV_ROW) {
        for (uint32_t i = 0; i < cells.n; i++) {
            CsvStretch s;
            size_t start = out.len;
            for (uint32_t at = cells.v[i].start; sml_csv_stretch(&s, text, &cells.v[i], &at);) {
                assert_true(s.in >= cells.v[i].start && s.in + s.len <= cells.v[i].end);
                if (s.len == s.text.len)
                    assert_memory_equal(text.p + s.in, s.text.p, s.len);
                else
                    assert_memory_equal(text.p + s.in, "\"\"", 2);
                sml_buf_add(&out, s.text);
            }
            Str value = sml_csv_value(text, &cells.v[i], a);
            assert_true(sml_str_eq(value, (Str){out.p + start, out.len - start}));
            sml_buf_addc(&out, '|');
        }
        sml_buf_addc(&out, '/');
    }
    Str copy = sml_arena_copy(a, sml_buf_str(&out));
    sml_buf_free(&out);
    return copy;
}

static void assert_rows(const char *text, const char *want)
{
    Arena *a = sml_arena_new();
    CsvStatus last;
    assert_string_equal(rows_of(sml_str_from(text), ',', &last, a).p, want);
    assert_int_equal(last, CSV_END);
    sml_arena_free(a);
}

static void test_rows(void **state)
{
    (void)state;
    assert_rows("", "");
    assert_rows("a,b\nc,d", "a|b|/c|d|/");
    assert_rows("a,b\r\nc,d\r\n", "a|b|/c|d|/");
    assert_rows("a\rb", "a|/b|/");
    assert_rows("a,,\n\nb", "a|||/|/b|/");
    assert_rows(",", "||/");
}

static void test_quotes(void **state)
{
    (void)state;
    assert_rows("\"a,b\",\"c\nd\r\ne\"\nf", "a,b|c\nd\r\ne|/f|/");
    assert_rows("\"\",\"\"\"\",\"a\"\"b\"", "|\"|a\"b|/");
    assert_rows("say \"hi\",x", "say \"hi\"|x|/");
    assert_rows("\"a\" b,\"c\"d\"e\"", "a b|cd\"e\"|/");
    assert_rows(" \"a,b\"", " \"a|b\"|/");
}

static void test_unclosed(void **state)
{
    (void)state;
    Arena *a = sml_arena_new();
    CsvCells cells = {0};
    CsvReader r = {.text = STR("a\nb,\"c\nd\"\""), .delimiter = ','};
    assert_int_equal(sml_csv_row(&cells, &r, a), CSV_ROW);
    assert_int_equal(sml_csv_row(&cells, &r, a), CSV_UNCLOSED);
    assert_int_equal(r.trouble, 4);
    assert_int_equal(r.at, 2);
    r.more = true;
    assert_int_equal(sml_csv_row(&cells, &r, a), CSV_PARTIAL);
    sml_arena_free(a);
}

static void test_what_may_go_on_is_partial(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "a,", "a\r", "\"a\"", "\"a\"\r", "\"a\"\"\n"};
    Arena *a = sml_arena_new();
    CsvCells cells = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CsvReader r = {.text = sml_str_from(texts[i]), .delimiter = ',', .more = true};
        assert_int_equal(sml_csv_row(&cells, &r, a), CSV_PARTIAL);
        assert_int_equal(r.at, 0);
    }
    CsvReader r = {.text = STR("a\rb"), .delimiter = ',', .more = true};
    assert_int_equal(sml_csv_row(&cells, &r, a), CSV_ROW);
    sml_arena_free(a);
}

static void test_delimiters(void **state)
{
    (void)state;
    assert_int_equal(sml_csv_delimiter(STR("a;b;c,d\n,,,,"), 0), ';');
    assert_int_equal(sml_csv_delimiter(STR("a\tb"), 0), '\t');
    assert_int_equal(sml_csv_delimiter(STR("\"a;b;c\",d"), 0), ',');
    assert_int_equal(sml_csv_delimiter(STR("post"), 0), ',');
}

/* Values written as CSV come back, whatever is in them. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char letters[] = "a,\"\n\r; ";
    srand(1);
    for (int round = 0; round < 2000; round++) {
        Buf text = {0}, want = {0};
        Arena *a = sml_arena_new();
        for (int row = 0; row < 3; row++) {
            for (int cell = 0; cell < 3; cell++) {
                sml_buf_add(&text, cell ? STR(",\"") : STR("\""));
                for (int n = rand() % 6; n > 0; n--) {
                    char c = letters[(size_t)rand() % (sizeof letters - 1)];
                    sml_buf_addc(&want, c);
                    sml_buf_addc(&text, c);
                    if (c == '"')
                        sml_buf_addc(&text, c);
                }
                sml_buf_addc(&text, '"');
                sml_buf_addc(&want, '|');
            }
            sml_buf_add(&text, row == 1 ? STR("\r\n") : STR("\n"));
            sml_buf_addc(&want, '/');
        }
        CsvStatus last;
        assert_true(sml_str_eq(rows_of(sml_buf_str(&text), ',', &last, a), sml_buf_str(&want)));
        assert_int_equal(last, CSV_END);
        sml_buf_free(&text);
        sml_buf_free(&want);
        sml_arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_unclosed),   cmocka_unit_test(test_what_may_go_on_is_partial),
        cmocka_unit_test(test_delimiters), cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
