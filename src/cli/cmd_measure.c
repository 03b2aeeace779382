/* SPDX-License-Identifier: MIT */
/* How long drafts are by each network's count: as a table, or for programs. They are found, read and told apart as
 * `check` does it, so that both speak of the same posts for the same networks. */
#include "base/json.h"
#include "base/show.h"
#include "cli/commands.h"

#include <unistd.h>

typedef struct Measure Measure;

typedef struct Form {
    const char *name;
    void (*add)(Measure *m, const sml_result *r);
} Form;

struct Measure {
    Command *command;
    const Form *form;
    uint64_t posts; /* printed so far */
    Buf out;
};

/* ---- forms ----------------------------------------------------------------------------------- */

static void add_row(Buf *out, const sml_length *l)
{
    sml_buf_addf(out, "%s ", l->asked ? "*" : " ");
    sml_show_cell(out, l->title, 16);
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

static void add_table(Measure *m, const sml_result *r)
{
    if (r->problem)
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

/* The networks that the post is for. */
static void add_channels(JsonWriter *w, const sml_result *r)
{
    sml_json_key(w, STR("channels"));
    sml_json_array(w);
    for (uint32_t i = 0; i < r->n_lengths; i++)
        if (r->lengths[i].asked)
            sml_json_string(w, r->lengths[i].network);
    sml_json_close(w);
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
static void add_object(JsonWriter *w, const sml_result *r)
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
    if (r->problem) {
        sml_json_key(w, STR("error"));
        sml_json_string(w, sml_str_from(r->problem->message));
    } else {
        add_channels(w, r);
        add_lengths(w, r);
    }
    sml_json_close(w);
    sml_buf_free(&name);
}

static void add_jsonl(Measure *m, const sml_result *r)
{
    JsonWriter w = {.out = &m->out};
    add_object(&w, r);
    sml_buf_addc(&m->out, '\n');
}

static void add_json(Measure *m, const sml_result *r)
{
    JsonWriter w = {.out = &m->out};
    sml_buf_add(&m->out, m->posts ? STR(",\n") : STR("{\"posts\":[\n"));
    add_object(&w, r);
}

static const Form forms[] = {{"table", add_table}, {"json", add_json}, {"jsonl", add_jsonl}};

static void end_form(Measure *m)
{
    if (m->form->add == add_json)
        sml_buf_add(&m->out, m->posts ? STR("\n]}\n") : STR("{\"posts\":[]}\n"));
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static void hear(void *user, const sml_result *r)
{
    Measure *m = user;
    if (!r) {
        sml_sink_flush(m->command->out);
        return;
    }
    m->form->add(m, r);
    m->posts += m->out.len > 0;
    sml_cmd_print(m->command, &m->out);
    sml_buf_clear(&m->out);
}

int sml_cmd_measure(Command *c)
{
    Measure m = {.command = c, .form = &forms[0]};
    const Options *o = &c->options;
    if (o->operands.n == 0 && o->files_from.len == 0 && isatty(STDIN_FILENO))
        return sml_cmd_usage(c->verb, "no draft is named");
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (sml_str_eq(o->list_format, sml_str_from(forms[i].name)))
            m.form = &forms[i];
    int status = sml_cmd_check_for(c, &(Hearing){hear, &m, true});
    end_form(&m);
    sml_cmd_print(c, &m.out);
    sml_buf_free(&m.out);
    return status;
}
