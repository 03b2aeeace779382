/* SPDX-License-Identifier: MIT */
/* Any bytes as a draft of any kind; the first byte chooses account and kind. Positions must lie in the input. */
#include <smlint.h>

#include <assert.h>
#include <stdlib.h>

static bool swallow(void *user, sml_str bytes)
{
    *(size_t *)user += bytes.len;
    return true;
}

static void report(const sml_result *r, const char *format)
{
    size_t written = 0;
    sml_str name = {format, 0};
    while (format[name.len])
        name.len++;
    sml_reporter *reporter = sml_reporter_new(name, NULL, swallow, &written, NULL);
    assert(reporter && sml_reporter_add(reporter, r, r->problem) && sml_reporter_finish(reporter));
    sml_reporter_free(reporter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const sml_str accounts[] = {SML_STR(""), SML_STR("official"), SML_STR("personal"),
                                SML_STR("@x")};
    if (size == 0)
        return 0;
    sml_rulebook *rules = sml_rulebook_builtin(NULL);
    sml_linter *linter = sml_linter_new(&rules, 1, NULL, NULL);
    sml_input in = {.path = SML_STR("fuzz"),
                    .kind = (sml_input_kind)((data[0] >> 2) % (SML_INPUT_YAML + 1)),
                    .text = {(const char *)data + 1, size - 1},
                    .context = {.account = accounts[data[0] & 3], .date = SML_STR("2026-11-20")}};
    sml_result r;
    sml_linter_open(linter, &in);
    for (int posts = 0; posts < 100 && sml_linter_next(&r, linter); posts++) {
        for (uint32_t i = 0; i < r.n_findings; i++) {
            const sml_finding *f = &r.findings[i];
            assert(f->span.start <= f->span.end && f->span.end <= in.text.len);
            assert(f->excerpt_span.start <= f->excerpt_span.end &&
                   f->excerpt_span.end <= f->excerpt.len);
            assert(f->line >= 1 && f->col >= 1 && f->grade > SML_CLEAN);
        }
        for (uint32_t i = 0; sml_reporter_format(i); i++)
            report(&r, sml_reporter_format(i));
    }
    sml_linter_free(linter);
    sml_rulebook_free(rules);
    return 0;
}
