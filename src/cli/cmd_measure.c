/* SPDX-License-Identifier: MIT */
/* How long drafts are by each network's count: as a table, or for programs. */
#include "base/io.h"
#include "base/json.h"
#include "base/show.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/rulebooks.h"
#include "cli/say.h"
#include "cli/sidecar.h"
#include "cli/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

typedef struct Measure Measure;

/* One post, or with `problem` (else NULL) what could not be read. */
typedef struct Form {
    const char *name;
    void (*add)(Measure *m, const sml_result *r, const sml_error *problem);
} Form;

struct Measure {
    Command *command;
    const Options *options;
    sml_linter *linter;
    const Form *form;
    uint64_t posts; /* printed so far */
    bool incomplete;
    Buf out;
};

/* ---- forms ----------------------------------------------------------------------------------- */

static void add_cell(Buf *out, Str s, size_t width)
{
    size_t start = out->len;
    sml_show_safe(out, s);
    size_t used = sml_utf8_width((Str){out->p + start, out->len - start});
    sml_show_pad(out, used < width ? width - used : 0);
}

static void add_row(Buf *out, const sml_length *l)
{
    sml_buf_addf(out, "%s ", l->asked ? "*" : " ");
    add_cell(out, l->title, 16);
    sml_buf_addf(out, " %8llu", (unsigned long long)l->used);
    if (l->limit)
        sml_buf_addf(out, " %8u %8lld", l->limit, (long long)l->limit - (long long)l->used);
    if (l->limit && l->used > l->limit)
        sml_buf_add(out, STR("  too long"));
    else if (l->max_bytes && l->bytes > l->max_bytes)
        sml_buf_addf(out, "  too many bytes: %llu of %u", (unsigned long long)l->bytes,
                     l->max_bytes);
    else if (l->tool && l->used > l->tool)
        sml_buf_addf(out, "  tools may stop at %u", l->tool);
    sml_buf_addc(out, '\n');
}

static void add_name(Buf *out, const sml_result *r)
{
    sml_show_safe(out, r->path);
    if (r->label.len) {
        sml_buf_addc(out, ' ');
        sml_show_safe(out, r->label);
    }
    if (r->id.len) {
        sml_buf_addc(out, ' ');
        sml_show_safe(out, r->id);
    }
}

static void add_table(Measure *m, const sml_result *r, const sml_error *problem)
{
    if (problem)
        return;
    if (m->posts)
        sml_buf_addc(&m->out, '\n');
    add_name(&m->out, r);
    sml_buf_addf(&m->out, "\n  %-16s %8s %8s %8s\n", "", "used", "limit", "left");
    for (uint32_t i = 0; i < r->n_lengths; i++)
        add_row(&m->out, &r->lengths[i]);
}

static void add_pair(JsonWriter *w, Str used_name, uint64_t used, Str limit_name, uint32_t limit)
{
    sml_json_key(w, used_name);
    sml_json_uint(w, used);
    sml_json_key(w, limit_name);
    if (limit)
        sml_json_uint(w, limit);
    else
        sml_json_null(w);
}

static void add_lengths(JsonWriter *w, const sml_result *r)
{
    sml_json_key(w, STR("lengths"));
    sml_json_object(w);
    for (uint32_t i = 0; i < r->n_lengths; i++) {
        const sml_length *l = &r->lengths[i];
        sml_json_key(w, l->network);
        sml_json_object(w);
        add_pair(w, STR("used"), l->used, STR("limit"), l->limit);
        if (l->max_bytes)
            add_pair(w, STR("bytes"), l->bytes, STR("max_bytes"), l->max_bytes);
        sml_json_close(w);
    }
    sml_json_close(w);
}

/* A draft that is no record goes by its path and label, as in reports. */
static void add_object(JsonWriter *w, const sml_result *r, const sml_error *problem)
{
    Buf name = {0};
    sml_json_object(w);
    sml_json_key(w, STR("id"));
    sml_buf_add(&name, r->path);
    if (r->label.len)
        sml_buf_addf(&name, " %.*s", STR_ARG(r->label));
    if (r->id.len)
        sml_json_raw(w, r->id);
    else
        sml_json_string(w, sml_buf_str(&name));
    if (problem) {
        sml_json_key(w, STR("error"));
        sml_json_string(w, sml_str_from(problem->message));
    } else {
        add_lengths(w, r);
    }
    sml_json_close(w);
    sml_buf_free(&name);
}

static void add_jsonl(Measure *m, const sml_result *r, const sml_error *problem)
{
    JsonWriter w = {.out = &m->out};
    add_object(&w, r, problem);
    sml_buf_addc(&m->out, '\n');
}

static void add_json(Measure *m, const sml_result *r, const sml_error *problem)
{
    JsonWriter w = {.out = &m->out};
    sml_buf_add(&m->out, m->posts ? STR(",\n") : STR("{\"posts\":[\n"));
    add_object(&w, r, problem);
}

static const Form forms[] = {{"table", add_table}, {"json", add_json}, {"jsonl", add_jsonl}};

static void end_form(Measure *m)
{
    if (m->form->add == add_json)
        sml_buf_add(&m->out, m->posts ? STR("\n]}\n") : STR("{\"posts\":[]}\n"));
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static void show(Measure *m, const sml_result *r, const sml_error *problem)
{
    m->form->add(m, r, problem);
    m->posts += m->out.len > 0;
    sml_cmd_print(m->command, &m->out);
    sml_buf_clear(&m->out);
}

static void refuse_result(Measure *m, const sml_input *in, const sml_result *r,
                          const sml_error *problem)
{
    sml_error named;
    uint32_t line = problem->line ? problem->line : in->first_line;
    sml_error_at(&named, in->path, line, problem->col, "%s", problem->message);
    sml_say_problem(&named);
    m->incomplete = true;
    show(m, r, problem);
}

static void refuse(Measure *m, const sml_input *in, const sml_error *problem)
{
    sml_str id = in->kind == SML_INPUT_JSONL ? SML_STR("null") : (sml_str){NULL, 0};
    const sml_result nothing = {.path = in->path, .id = id};
    refuse_result(m, in, &nothing, problem);
}

static void measure_draft(Measure *m, const sml_input *in)
{
    sml_result r;
    sml_linter_open(m->linter, in);
    while (sml_linter_next(&r, m->linter)) {
        if (r.problem)
            refuse_result(m, in, &r, r.problem);
        else
            show(m, &r, NULL);
    }
}

static void show_so_far(void *user)
{
    Measure *m = user;
    sml_sink_flush(m->command->out);
}

static void measure_lines(Measure *m, const Chunk *chunk, sml_input *in)
{
    sml_error problem;
    in->first_line = chunk->first_line;
    if (chunk->too_long) {
        sml_error_set(&problem, "line is too long, so it was not read; raise --max-bytes");
        refuse(m, in, &problem);
    }
    Str rest = sml_buf_str(&chunk->text);
    while (!chunk->too_long && sml_str_cut(&in->text, &rest, '\n')) {
        if (sml_str_trim(in->text).len)
            measure_draft(m, in);
        in->first_line += in->first_line < UINT32_MAX;
    }
}

static void measure_archive(Measure *m, const Input *input, sml_input *in)
{
    sml_error err;
    int fd = input->is_stdin ? STDIN_FILENO : open(input->path.p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        sml_error_os(&err, in->path, "cannot open", errno);
        refuse(m, in, &err);
        return;
    }
    Lines lines = {
        .fd = fd, .max = (size_t)m->options->max_bytes, .idle = show_so_far, .user = m, .line = 1};
    Chunk chunk = {0};
    while (sml_lines_next(&chunk, &lines))
        measure_lines(m, &chunk, in);
    if (lines.problem) {
        sml_error_os(&err, in->path, "cannot read", lines.problem);
        refuse(m, in, &err);
    }
    sml_buf_free(&chunk.text);
    sml_lines_free(&lines);
    if (!input->is_stdin)
        close(fd);
}

static void measure_input(Measure *m, const Input *input)
{
    sml_input in = {.path = input->name, .kind = input->kind, .context = m->options->context};
    Buf text = {0}, sidecar = {0};
    sml_error err;
    if (input->problem) {
        refuse(m, &in, input->problem);
    } else if (input->kind == SML_INPUT_JSONL) {
        measure_archive(m, input, &in);
    } else if (sml_io_read(&text, input->path.p, (size_t)m->options->max_bytes, &err) &&
               sml_sidecar_add(&in, &sidecar, m->command->arena, &err)) {
        in.text = sml_buf_str(&text);
        if (input->is_auto)
            in.kind = sml_input_kind_of(in.path, in.text);
        measure_draft(m, &in);
    } else {
        refuse(m, &in, &err);
    }
    sml_buf_free(&text);
    sml_buf_free(&sidecar);
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool prepare(Measure *m, Rulebooks *rulebooks, Inputs *inputs)
{
    sml_error err;
    const sml_options options = {
        .size = sizeof options, .max_bytes = m->options->max_bytes, .measure = true};
    if (!sml_rulebooks_load(rulebooks, m->options, m->command->arena))
        return false;
    m->linter = sml_linter_new(rulebooks->v, rulebooks->n, &options, &err);
    if (m->linter && sml_walk_find(inputs, m->options, m->command->arena, &err)) {
        sml_walk_say(inputs);
        return true;
    }
    sml_say_problem(&err);
    return false;
}

int sml_cmd_measure(Command *c)
{
    Measure m = {.command = c, .options = &c->options};
    Rulebooks rulebooks = {0};
    Inputs inputs = {0};
    if (c->options.operands.n == 0 && c->options.files_from.len == 0 && isatty(STDIN_FILENO))
        return sml_cmd_usage(c->verb, "no draft is named");
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (sml_str_eq(c->options.list_format, sml_str_from(forms[i].name)))
            m.form = &forms[i];
    bool ready = prepare(&m, &rulebooks, &inputs);
    for (uint32_t i = 0; ready && i < inputs.n; i++)
        measure_input(&m, &inputs.v[i]);
    if (ready) {
        end_form(&m);
        sml_cmd_print(c, &m.out);
    }
    bool nothing = inputs.n == 0 && inputs.empty.n > 0;
    sml_buf_free(&m.out);
    sml_linter_free(m.linter);
    sml_rulebooks_free(&rulebooks);
    return ready && !m.incomplete && !nothing ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
