/* SPDX-License-Identifier: MIT */
#include "base/show.h"
#include "cli/commands.h"
#include "cli/say.h"

static void add_rulebook(Buf *out, const sml_rulebook *r)
{
    sml_pack pack = sml_rulebook_pack(r);
    sml_buf_add(out, STR("rulebook "));
    sml_show_safe(out, pack.id);
    sml_buf_addc(out, ' ');
    sml_show_safe(out, pack.version);
    sml_buf_addf(out, " (%u rules): ", sml_rulebook_count(r));
    sml_show_safe(out, pack.title);
    sml_buf_addc(out, '\n');
}

static void add_parts(Buf *out)
{
    Str name, version;
    sml_buf_addf(out, "sm-lint %s\n", sml_version());
    for (uint32_t i = 0; sml_version_part(&name, &version, i); i++)
        sml_buf_addf(out, "%.*s %.*s\n", STR_ARG(name), STR_ARG(version));
}

int sml_cmd_version(Command *c)
{
    Buf text = {0};
    sml_error err;
    if (c->options.operands.n)
        return sml_cmd_usage(c->verb, "unexpected \"%.*s\"", STR_ARG(c->options.operands.v[0]));
    sml_rulebook *builtin = sml_rulebook_builtin(&err);
    add_parts(&text);
    if (builtin)
        add_rulebook(&text, builtin);
    else
        sml_say_problem(&err);
    sml_cmd_print(c, &text);
    sml_rulebook_free(builtin);
    sml_buf_free(&text);
    return builtin ? STATUS_CLEAN : STATUS_INCOMPLETE;
}
