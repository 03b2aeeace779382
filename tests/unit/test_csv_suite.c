/* SPDX-License-Identifier: MIT */
/*
 * Rows and cells against the public csv-spectrum, from SML_DATA/conformance/csv: each csvs/X.csv
 * must hold the keys and values of json/X.json. Skips, and says so, where there are no files.
 */
#include "base/io.h"
#include "base/json.h"
#include "base/utf8.h"
#include "text/csv.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Str load(const char *folder, const char *kind, Str name, Arena *a)
{
    Buf text = {0};
    sml_error err;
    Str path = sml_arena_printf(a, "%s/%s/%.*s.%s", folder, kind[0] == 'c' ? "csvs" : kind,
                                STR_ARG(name), kind);
    if (!sml_io_read(&text, path.p, (size_t)1 << 20, &err))
        fail_msg("%s", err.message);
    Str copy = sml_arena_copy(a, sml_buf_str(&text));
    sml_buf_free(&text);
    return copy;
}

/* As the JSON reader has it: bad bytes are U+FFFD. */
static Str without_bad(Str s, Arena *a)
{
    char *out = ARENA_ARRAY(a, char, 3 * s.len);
    size_t len = 0;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = sml_utf8_next(s, &at);
        len += sml_utf8_put(out + len, c == UTF8_BAD ? 0xFFFD : c);
    }
    return (Str){out, len};
}

/* The next key or value of a flat JSON text. */
static Str next_string(JsonReader *r, Arena *a)
{
    JsonToken t;
    while (sml_json_next(&t, r) && t.kind != JSON_END)
        if (t.kind == JSON_KEY || t.kind == JSON_STRING)
            return sml_json_text(&t, a);
    return (Str){0};
}

static void run_file(const char *folder, Str name, Arena *a)
{
    JsonReader json = {.text = load(folder, "json", name, a)};
    CsvReader csv = {.text = load(folder, "csv", name, a)};
    CsvCells header = {0}, row = {0};
    csv.delimiter = sml_csv_delimiter(csv.text, 0);
    assert_int_equal(sml_csv_row(&header, &csv, a), CSV_ROW);
    while (sml_csv_row(&row, &csv, a) == CSV_ROW)
        for (uint32_t i = 0; i < row.n; i++) {
            Str key = without_bad(sml_csv_value(csv.text, &header.v[i], a), a);
            Str value = without_bad(sml_csv_value(csv.text, &row.v[i], a), a);
            bool same = sml_str_eq(key, next_string(&json, a));
            Str want = next_string(&json, a);
            /* in one file of the suite its two halves have two telephone numbers */
            if (!sml_str_eq(key, STR("Contact Phone Number")) && !(same && sml_str_eq(value, want)))
                fail_msg("%.*s: \"%.*s\" differs", STR_ARG(name), STR_ARG(value));
        }
    assert_int_equal(next_string(&json, a).len, 0);
}

static void test_suite(void **state)
{
    (void)state;
    const char *data = getenv("SML_DATA");
    Arena *a = sml_arena_new();
    Str folder = sml_arena_printf(a, "%s/conformance/csv", data ? data : "");
    DIR *dir = data ? opendir(sml_arena_printf(a, "%s/csvs", folder.p).p) : NULL;
    if (!dir) {
        sml_arena_free(a);
        printf("SKIPPED test_csv_suite: SML_DATA/conformance/csv/csvs is not there\n");
        skip();
    }
    unsigned files = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        Str name = sml_arena_copy(a, sml_str_from(e->d_name));
        if (!sml_str_ends(name, STR(".csv")))
            continue;
        run_file(folder.p, sml_str_slice(name, 0, name.len - 4), a);
        files++;
    }
    closedir(dir);
    sml_arena_free(a);
    printf("suite: csv files %u\n", files);
    assert_true(files >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_suite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
