/* SPDX-License-Identifier: MIT */
#include "base/matter.h"
#include "document_fixture.h"
#include "text/context.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static bool read_with(Fixture *f, const char *text, const char *sidecar)
{
    sml_input in = {.path = STR("d.txt"),
                    .text = sml_str_from(text),
                    .sidecar = sml_str_from(sidecar),
                    .sidecar_path = STR("d.txt.meta.yaml")};
    return sml_document_read(&f->d, &in, 1 << 20, f->arena, &f->err);
}

static const Post *post(Fixture *f, const char *text)
{
    assert_true(read_with(f, text, NULL));
    assert_int_equal(f->d.posts.n, 1);
    return &f->d.posts.v[0];
}

static const Self *self(Fixture *f, const char *text)
{
    assert_true(read_with(f, text, NULL));
    return &f->d.self;
}

static void assert_str(Str got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    if (got.len)
        assert_memory_equal(got.p, want, got.len);
}

/* ---- the block ------------------------------------------------------------------------------- */

static void test_body_is_what_stands_behind(void **state)
{
    static const struct {
        const char *draft, *body;
    } cases[] = {
        {"Good news.", "Good news."},
        {"\n---\nA: b\n---\nx", "\n---\nA: b\n---\nx"},
        {"----\nx", "----\nx"},
        {"---\na: b\n---\nx\n", "x\n"},
        {"---\r\na: b\r\n---\r\n\r\n \t\r\n x\r\n", " x\r\n"},
        {"---\ra: b\r---\r\rx\r", "x\r"},
        {"\xEF\xBB\xBF---  \na: b\n--- \nx", "x"},
        {"\xEF\xBB\xBFx", "x"},
        {"---\n---\n---\n", "---\n"},
        {"---\n---", ""},
        {"", ""},
        {"{Today} we begin", "{Today} we begin"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Post *p = post(f, cases[i].draft);
        assert_str(p->words.text, cases[i].body);
        Span span = sml_norm_span(&p->words, 0, (uint32_t)p->words.text.len);
        if (p->words.text.len)
            assert_int_equal(span.end, strlen(cases[i].draft));
        assert_int_equal(span.end - span.start, strlen(cases[i].body));
    }
}

/* Wherever the closing line is taken away, what follows is not taken for a post. */
static void test_cut_anywhere(void **state)
{
    static const char draft[] = "---\naccount: official\nbio: x\n---\nbody";
    Fixture *f = *state;
    char cut[sizeof draft];
    for (size_t len = 4; len < strlen(draft) - 5; len++) {
        memcpy(cut, draft, len);
        cut[len] = '\0';
        assert_false(read_with(f, cut, NULL));
        assert_int_equal(f->err.line, 1);
    }
}

static void test_bad_bytes_in_the_post_keep_their_places(void **state)
{
    Fixture *f = *state;
    const Post *p = post(f, "---\na: b\n---\nx\xFFy");
    assert_str(p->words.text, "x\xEF\xBF\xBDy");
    assert_int_equal(f->d.bad_at, 14);
    Span span = sml_norm_span(&p->words, 4, 5);
    assert_int_equal(span.start, 15);
}

/* ---- facts ----------------------------------------------------------------------------------- */

static void test_facts(void **state)
{
    Fixture *f = *state;
    const sml_context *c = &self(f, "---\naccount: Official\nhandle: '@dwp'\nplatform: x\n"
                                    "kind: reply\nnation: wales\ngroup: free\nlanguage: cy\n"
                                    "bio: Views\ndate: 2026-11-01\nschedule: 2026-12-01\n---\nx")
                                ->context;
    assert_str(c->account, "Official");
    assert_str(c->handle, "@dwp");
    assert_str(c->channel, "x");
    assert_str(c->kind, "reply");
    assert_str(c->nation, "wales");
    assert_str(c->group, "free");
    assert_str(c->language, "cy");
    assert_str(c->bio, "Views");
    assert_str(c->date, "2026-12-01");
    assert_str(c->date_origin, "the draft");
}

static void test_nothing_is_no_fact(void **state)
{
    Fixture *f = *state;
    const sml_context *c =
        &self(f, "---\naccount: ~\nchannel: null\ndate:\nkind: ''\nrepost: no\n---\nx")->context;
    assert_int_equal(c->account.len + c->channel.len + c->date.len + c->kind.len, 0);
}

static void test_approvals(void **state)
{
    Fixture *f = *state;
    const Self *p =
        self(f, "---\nallow:\n- rule: demo/vote\n  match: vote Labour\n  reason: quoted\n"
                "- {rule: demo/secret, fingerprint: 0123456789abcdef,\n   until: "
                "2026-12-31, by: Jo}\n---\nx");
    assert_int_equal(p->n_allows, 2);
    assert_str(p->allows[0].rule, "demo/vote");
    assert_int_equal(p->allows[0].n_match, 1);
    assert_str(p->allows[0].match[0], "vote Labour");
    assert_int_equal(p->allows[0].line, 3);
    assert_int_equal(p->allows[0].col, 3);
    assert_int_equal(p->allows[0].at, 13);
    assert_int_equal(p->allows[0].path.len, 0);
    assert_int_equal(p->allows[1].n_prints, 1);
    assert_str(p->allows[1].until, "2026-12-31");
    assert_str(p->allows[1].by, "Jo");
    assert_false(p->allows[1].organisation);
}

static void test_sidecar_fills_what_is_missing(void **state)
{
    Fixture *f = *state;
    assert_true(read_with(f, "---\naccount: official\nstatus: a\n---\nx",
                          "account: personal\nchannel: x\nstatus: b\nseries: c\n"
                          "allow:\n- {rule: demo/vote, match: x, reason: y}\n"));
    const Self *p = &f->d.self;
    assert_str(p->context.account, "official");
    assert_str(p->context.channel, "x");
    assert_int_equal(p->context.n_meta, 2);
    assert_str(p->context.meta[0].value, "a");
    assert_int_equal(p->n_allows, 1);
    assert_str(p->allows[0].path, "d.txt.meta.yaml");
    assert_int_equal(p->n_remarks, 3);
    assert_str(p->remarks[1].path, "d.txt.meta.yaml");
}

static void test_merge_keeps_images_of_one(void **state)
{
    Fixture *f = *state;
    sml_pair strong[] = {{STR("images[1].alt"), STR("a")}, {STR("k"), STR("1")}};
    sml_pair weak[] = {
        {STR("images[0].alt"), STR("b")}, {STR("k"), STR("2")}, {STR("l"), STR("3")}};
    sml_context s = {.handle = STR("@a"), .meta = strong, .n_meta = 2};
    sml_context w = {.account = STR("official"), .nation = STR("wales"), .meta = weak, .n_meta = 3};
    sml_context c = sml_context_merge(&s, &w, f->arena);
    assert_int_equal(c.account.len, 0);
    assert_str(c.nation, "wales");
    assert_int_equal(c.n_meta, 3);
    assert_str(c.meta[1].value, "1");
    assert_str(c.meta[2].key, "l");
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void test_mistakes_have_a_place(void **state)
{
    static const struct {
        const char *front;
        uint32_t line, col;
        const char *says;
    } cases[] = {
        {"account: offical\n", 2, 10, "unknown account"},
        {"a: b\ngroup: most\n", 3, 8, "unknown group"},
        {"bio: [a]\n", 2, 6, "not a list"},
        {"channels: [[x]]\n", 2, 12, "not a list"},
        {"allow: yes\n", 2, 8, "list of approvals"},
        {"allow:\n- demo/vote\n", 3, 3, "is a map"},
        {"allow:\n- role: demo/vote\n", 3, 3, "did you mean \"rule\""},
        {"allow:\n- colour: red\n", 3, 3, "it has rule"},
        {"allow:\n- until: soon\n", 3, 10, "no date"},
        {"allow:\n- match: {a: b}\n", 3, 10, "list of texts"},
        {"allow:\n- fingerprint: [12]\n", 3, 17, "16 digits"},
        {"allow:\n- reason: [a]\n", 3, 11, "is text"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Str draft = sml_arena_printf(f->arena, "---\n%s---\nx", cases[i].front);
        assert_false(read_with(f, draft.p, NULL));
        assert_non_null(strstr(f->err.message, cases[i].says));
        assert_string_equal(f->err.path, "d.txt");
        assert_int_equal(f->err.line, cases[i].line);
        assert_int_equal(f->err.col, cases[i].col);
        assert_false(read_with(f, "x", cases[i].front));
        assert_int_equal(f->err.line, cases[i].line - 1);
        assert_string_equal(f->err.path, "d.txt.meta.yaml");
    }
}

static void test_caps(void **state)
{
    Fixture *f = *state;
    Buf b = {0};
    sml_buf_add(&b, STR("images: ["));
    for (int i = 0; i < 1001; i++)
        sml_buf_add(&b, STR("a,"));
    sml_buf_add(&b, STR("a]\n"));
    sml_buf_addc(&b, '\0');
    assert_false(read_with(f, "x", b.p));
    assert_non_null(strstr(f->err.message, "1002 images"));
    sml_buf_clear(&b);
    while (b.len <= MATTER_MAX_BYTES)
        sml_buf_add(&b, STR("# words\n"));
    sml_buf_addc(&b, '\0');
    assert_false(read_with(f, "x", b.p));
    assert_non_null(strstr(f->err.message, "64 KiB"));
    sml_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_body_is_what_stands_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_bytes_in_the_post_keep_their_places, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_facts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_is_no_fact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_approvals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sidecar_fills_what_is_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merge_keeps_images_of_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes_have_a_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_caps, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
