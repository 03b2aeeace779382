/* SPDX-License-Identifier: MIT */
/*
 * The reader against the public JSONTestSuite, from SML_DATA/conformance/json/test_parsing: every
 * y_ file is accepted, every n_ file refused, and no i_ file does harm. A conformance test reads
 * files; it skips, and says so, where there are none.
 */
#include "base/io.h"
#include "base/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool accepts(Str text, Arena *a)
{
    JsonReader r = {.text = text};
    JsonToken t;
    while (sml_json_next(&t, &r)) {
        if (t.kind == JSON_STRING || t.kind == JSON_KEY)
            sml_json_text(&t, a);
        if (t.kind == JSON_END)
            return true;
    }
    assert_non_null(r.problem);
    assert_true(r.at <= text.len);
    return false;
}

static unsigned run_file(const char *folder, const char *name, Arena *a)
{
    Buf text = {0};
    sml_error err;
    Str path = sml_arena_printf(a, "%s/%s", folder, name);
    if (!sml_io_read(&text, path.p, (size_t)1 << 20, &err))
        fail_msg("%s", err.message);
    bool accepted = accepts(sml_buf_str(&text), a);
    sml_buf_free(&text);
    if ((name[0] == 'y' && !accepted) || (name[0] == 'n' && accepted))
        fail_msg("%s is %s", name, accepted ? "accepted" : "refused");
    return name[0] != 'i';
}

static void test_suite(void **state)
{
    (void)state;
    const char *data = getenv("SML_DATA");
    Arena *a = sml_arena_new();
    Str folder = sml_arena_printf(a, "%s/conformance/json/test_parsing", data ? data : "");
    DIR *dir = data ? opendir(folder.p) : NULL;
    if (!dir) {
        sml_arena_free(a);
        printf("SKIPPED test_json_suite: SML_DATA/conformance/json/test_parsing is not there\n");
        skip();
    }
    unsigned judged = 0;
    for (struct dirent *e; (e = readdir(dir));)
        if (strchr("yni", e->d_name[0]) && e->d_name[1] == '_')
            judged += run_file(folder.p, e->d_name, a);
    closedir(dir);
    sml_arena_free(a);
    printf("suite: json files %u/%u\n", judged, judged);
    assert_true(judged > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_suite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
