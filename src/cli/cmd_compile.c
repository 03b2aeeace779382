/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "cli/rulebooks.h"
#include "cli/say.h"

#include <unistd.h>

/* Writes where the image is to be: a file whole or not at all, standard output, or what is there
 * and is no regular file. */
static bool write_image(Command *c, Str image)
{
    Str path = c->options.output;
    sml_error err;
    Sink file;
    if (sml_str_eq(path, STR("-")))
        return sml_sink_write(c->out, image);
    bool ok = sml_sink_open(&file, path.p, &err);
    if (ok) {
        sml_sink_write(&file, image);
        ok = sml_sink_close(&file, true, &err);
    }
    if (!ok)
        sml_say_problem(&err);
    return ok;
}

int sml_cmd_compile(Command *c)
{
    const Options *o = &c->options;
    if (o->operands.n != 1)
        return sml_cmd_usage(
            c->verb, "%s", o->operands.n ? "compiles one rulebook at a time" : "no rulebook given");
    if (o->output.len == 0)
        return sml_cmd_usage(c->verb, "no file to write; name one with -o IMAGE");
    if (sml_str_eq(o->output, STR("-")) && isatty(STDOUT_FILENO))
        return sml_cmd_usage(c->verb, "an image is not for terminals; name a file with -o IMAGE");
    if (sml_io_is_same(o->output.p, o->operands.v[0].p))
        return sml_cmd_usage(c->verb, "the image would replace the rulebook; give it another name");
    sml_rulebook *r = sml_rulebooks_load_file(o->operands.v[0]);
    bool ok = r && write_image(c, sml_rulebook_image(r));
    sml_rulebook_free(r);
    return ok ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
