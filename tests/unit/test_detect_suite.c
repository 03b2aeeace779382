/* SPDX-License-Identifier: MIT */
/*
 * Detectors against the vectors of SML_DATA/platforms/identifiers: what must fire does, what must not does not, keys are
 * joined from their parts. A conformance test reads files; it skips, and says so, where there are none.
 */
#include "base/io.h"
#include "base/json.h"
#include "match/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Suite {
    JsonReader json;
    Arena *a;
    unsigned judged, wrong;
} Suite;

static const struct {
    const char *vectors, *detector;
} names[] = {
    {"nino", "nino"},
    {"nhs", "nhs-number"},
    {"utr", "utr"},
    {"passport", "passport"},
    {"driving_licence_gb", "driving-licence"},
    {"uk_phone", "phone"},
    {"postcode", "postcode"},
    {"bank", "bank-account"},
    {"iban", "iban"},
    {"card", "payment-card"},
    {"email", "email"},
    {"ip", "ip"},
    {"internal_host", "host"},
    {"protective_marking", "marking"},
};

static const struct {
    const char *key;
    bool fires;
} lists[] = {
    {"must_fire", true},
    {"must_not_fire", false},
    {"documentation_examples_do_not_fire", false},
    {"safe_by_range", false},
};

static bool fires(Suite *s, uint32_t detector, Str text)
{
    Norm norm;
    Tokens tokens;
    Spans spans = {0};
    sml_norm_apply(&norm, text, FOLD_ALL, s->a);
    sml_token_scan(&tokens, &norm, text, s->a);
    Detection d = {.original = text, .norm = &norm, .tokens = &tokens, .has = ~0U};
    sml_detect_run(&spans, detector, &d, s->a);
    return spans.n > 0;
}

static void judge(Suite *s, uint32_t detector, Str text, bool wanted)
{
    s->judged++;
    if (fires(s, detector, text) == wanted)
        return;
    s->wrong++;
    Str name = sml_detect_name(detector);
    printf("%.*s %s: %.*s\n", STR_ARG(name), wanted ? "is silent on" : "fires on", STR_ARG(text));
}

static uint32_t detector_for(Str vectors)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sml_str_eq(vectors, sml_str_from(names[i].vectors)))
            return sml_detect_find(sml_str_from(names[i].detector));
    return DETECTOR_COUNT;
}

/* The strings of the array that the reader stands before. */
static void judge_list(Suite *s, uint32_t detector, bool wanted)
{
    JsonToken t;
    assert_true(sml_json_next(&t, &s->json) && t.kind == JSON_ARRAY);
    while (sml_json_next(&t, &s->json) && t.kind == JSON_STRING)
        judge(s, detector, sml_json_text(&t, s->a), wanted);
}

static void run_identifiers(Suite *s)
{
    uint32_t detector = DETECTOR_COUNT;
    for (JsonToken t; sml_json_next(&t, &s->json) && t.kind != JSON_END;) {
        if (t.kind != JSON_KEY)
            continue;
        Str key = sml_json_text(&t, s->a);
        if (sml_str_eq(key, STR("id")) && sml_json_next(&t, &s->json))
            detector = detector_for(sml_json_text(&t, s->a));
        for (size_t i = 0; detector < DETECTOR_COUNT && i < sizeof lists / sizeof *lists; i++)
            if (sml_str_eq(key, sml_str_from(lists[i].key)))
                judge_list(s, detector, lists[i].fires);
    }
}

static Str join_parts(Suite *s)
{
    JsonToken t;
    Buf all = {0};
    assert_true(sml_json_next(&t, &s->json) && t.kind == JSON_ARRAY);
    while (sml_json_next(&t, &s->json) && t.kind == JSON_STRING)
        sml_buf_add(&all, sml_json_text(&t, s->a));
    Str joined = sml_arena_copy(s->a, sml_buf_str(&all));
    sml_buf_free(&all);
    return joined;
}

static void run_keys(Suite *s)
{
    Str text = {NULL, 0};
    for (JsonToken t; sml_json_next(&t, &s->json) && t.kind != JSON_END;) {
        if (t.kind != JSON_KEY)
            continue;
        Str key = sml_json_text(&t, s->a);
        if (sml_str_eq(key, STR("parts")))
            text = join_parts(s);
        else if (sml_str_eq(key, STR("fires")) && sml_json_next(&t, &s->json))
            judge(s, DETECTOR_secret_key, text, t.kind == JSON_TRUE);
    }
}

static void run_file(const char *file, void (*run)(Suite *s), unsigned at_least)
{
    const char *data = getenv("SML_DATA");
    Suite s = {.a = sml_arena_new()};
    Str path = sml_arena_printf(s.a, "%s/platforms/identifiers/%s", data ? data : "", file);
    Buf text = {0};
    sml_error err;
    if (!data || !sml_io_read(&text, path.p, (size_t)1 << 20, &err)) {
        printf("SKIPPED test_detect_suite: SML_DATA/platforms/identifiers/%s is not there\n", file);
        sml_buf_free(&text);
        sml_arena_free(s.a);
        skip();
    }
    s.json.text = sml_buf_str(&text);
    run(&s);
    assert_null(s.json.problem);
    sml_buf_free(&text);
    sml_arena_free(s.a);
    printf("suite: %s %u/%u\n", file, s.judged - s.wrong, s.judged);
    assert_int_equal(s.wrong, 0);
    assert_true(s.judged >= at_least);
}

static void test_identifiers(void **state)
{
    (void)state;
    run_file("uk-identifiers.json", run_identifiers, 100);
}

static void test_credentials(void **state)
{
    (void)state;
    run_file("credential-rules.json", run_keys, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
