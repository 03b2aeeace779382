/* SPDX-License-Identifier: MIT */
/*
 * What would be posted, byte for byte: the draft without what it says of itself. A linter without
 * rules reads it, so that it is the same text that check looks at.
 */
#include "base/io.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "cli/sidecar.h"
#include "cli/walk.h"

static bool check_post(const sml_result *r, sml_error *err)
{
    if (r->problem)
        return *err = *r->problem, false;
    return !r->bad_utf8 ||
           sml_error_at(err, r->path, r->bad_utf8_line, r->bad_utf8_col,
                        "this byte is not UTF-8, and no network would take it; save the draft as "
                        "UTF-8");
}

/* Posts of a thread are parted as a draft parts them: by a line of dashes. */
static bool print_posts(Command *c, sml_linter *linter, const sml_input *in, sml_error *err)
{
    sml_result r;
    Str part = {0};
    bool first = true;
    sml_linter_open(linter, in);
    while (sml_linter_next(&r, linter)) {
        if (!check_post(&r, err))
            return false;
        /* What a page says of its images goes out with them, not as a post. */
        if (!first && sml_str_eq(r.context.kind, STR("alt")))
            continue;
        first = false;
        sml_sink_write(c->out, part);
        sml_sink_write(c->out, r.text);
        part = sml_str_ends(r.text, STR("\n")) ? STR("---\n") : STR("\n---\n");
    }
    return true;
}

static bool print_file(Command *c, sml_linter *linter, Str path)
{
    Buf text = {0}, sidecar = {0};
    sml_error err;
    bool is_stdin = sml_str_eq(path, STR("-"));
    sml_input in = {.path = is_stdin ? STR("<stdin>") : path};
    bool ok = sml_io_read(&text, path.p, (size_t)c->options.max_bytes, &err) &&
              (is_stdin || sml_sidecar_add(&in, &sidecar, c->arena, &err));
    in.text = sml_buf_str(&text);
    in.kind = sml_input_kind_of(path, in.text);
    ok = ok && print_posts(c, linter, &in, &err);
    if (!ok)
        sml_say_problem(&err);
    sml_buf_free(&text);
    sml_buf_free(&sidecar);
    return ok;
}

int sml_cmd_body(Command *c)
{
    const Strs *files = &c->options.operands;
    sml_error err;
    if (files->n == 1 && files->v[0].len == 0) {
        sml_say("\"\": " WALK_EMPTY_NAME);
        return STATUS_INCOMPLETE;
    }
    if (files->n != 1)
        return sml_cmd_usage(VERB_BODY, files->n ? "body takes one FILE at a time"
                                                 : "body wants a FILE, or - for standard input");
    sml_options options = SML_OPTIONS_INIT;
    options.max_bytes = c->options.max_bytes;
    options.no_places = true;
    sml_linter *linter = sml_linter_new(NULL, 0, &options, &err);
    bool ok = linter && print_file(c, linter, files->v[0]);
    sml_linter_free(linter);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
