/* SPDX-License-Identifier: MIT */
/* A configuration to begin with: it changes nothing until somebody takes out a comment sign. */
#include "cli/commands.h"
#include "cli/say.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define FILE_NAME  ".sm-lint.yaml"
#define OTHER_NAME ".sm-lint.yml"

static const char text[] =
    "# What sm-lint is told once for the drafts below this folder: see sm-lint-config(5).\n"
    "# Take out the signs in front of what you need; `sm-lint config` says what holds, and\n"
    "# where each value is from.\n"
    "\n"
    "# Whose accounts these are. A draft then only needs to say which it is for.\n"
    "#accounts:\n"
    "#  '@ExampleDept': {kind: official, channel: x, nation: uk, department: example}\n"
    "#  '@jo_example': {kind: personal, group: free}\n"
    "\n"
    "# Which drafts are for which account. Globs start at this file; ** crosses folders.\n"
    "#paths:\n"
    "#  'drafts/**': {account: '@ExampleDept'}\n"
    "#  'drafts/{account}/**': {}   # a folder for each, named as its handle\n"
    "\n"
    "# How free authors are in politics: free, intermediate or restricted.\n"
    "#group: restricted\n"
    "\n"
    "# May staff say on their own accounts where they work: expected, forbidden or free?\n"
    "#names-employer: free\n"
    "\n"
    "# Whom to ask, by the name that findings give them.\n"
    "#contacts:\n"
    "#  the press office: the newsroom, 020 7946 0999\n"
    "#  departmental security: security@example.gov.uk\n"
    "\n"
    "# From which grade on the exit status is 1: error, warning, notice or never.\n"
    "#fail-on: warning\n"
    "\n"
    "# Your own rules, beside the built-in ones.\n"
    "#rulebooks: [rules/department.yaml]\n"
    "\n"
    "# A grade of your own for a rule or a family: error, warning, notice or off. Lowering one\n"
    "# wants a reason, and where it can be a warning or an error, who decided and until when.\n"
    "#override:\n"
    "#  accessibility/fancy-letters: {grade: warning}\n"
    "#  engagement: {grade: off, reason: We only broadcast., by: A. Name, until: '2027-03-31'}\n"
    "\n"
    "# Drafts that are not checked, or rules that are off for some drafts.\n"
    "#exclude:\n"
    "#- {paths: 'archive/**', reason: Posted long ago., by: A. Name, until: '2027-03-31'}\n"
    "\n"
    "# Words that somebody answers for, in all of these drafts: what a rule says of them is set "
    "aside.\n"
    "#allow:\n"
    "#- {rule: impartiality/names-a-side, match: Labour Ward, reason: It is a ward of the "
    "hospital.,\n"
    "#   by: A. Name, until: '2027-03-31'}\n"
    "\n"
    "# How long such things may hold.\n"
    "#longest-term: 180 days\n"
    "\n"
    "# Periods of care that the calendar lacks, or that were moved: see `sm-lint calendar`.\n"
    "#calendar:\n"
    "#  by-election-example: {kind: local-election, from: '2027-01-14', to: '2027-02-04T22:00'}\n";

static bool write_all(int fd)
{
    bool ok = sml_io_write(fd, (Str){text, sizeof text - 1});
    return close(fd) == 0 && ok;
}

int sml_cmd_init(Command *c)
{
    sml_error err;
    if (c->options.operands.n)
        return sml_cmd_usage(c->verb, "init takes no operands; it writes %s here", FILE_NAME);
    if (access(OTHER_NAME, F_OK) == 0) {
        sml_say("%s is here already; nothing was written", OTHER_NAME);
        return STATUS_INCOMPLETE;
    }
    int fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) {
        sml_say("%s is here already; nothing was written", FILE_NAME);
        return STATUS_INCOMPLETE;
    }
    if (fd < 0 || !write_all(fd)) {
        sml_error_os(&err, STR(FILE_NAME), "cannot write", errno);
        sml_say_problem(&err);
        return STATUS_INCOMPLETE;
    }
    Buf line = {0};
    sml_buf_addf(&line, "wrote %s; it changes nothing until you take out a comment sign\n",
                 FILE_NAME);
    sml_cmd_print(c, &line);
    sml_buf_free(&line);
    return STATUS_CLEAN;
}
