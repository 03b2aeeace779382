/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include "base/show.h"

#define WIDTH       80
#define WIDTH_LEAST 40

static const char *const headings[GROUP_COUNT] = {
    [GROUP_DRAFT] = "What is known of the draft",
    [GROUP_APPROVAL] = "Approval",
    [GROUP_RULES] = "Rules",
    [GROUP_INPUT] = "Reading",
    [GROUP_OUTPUT] = "Reporting",
    [GROUP_HELP] = "Help",
};

static void add_value(Buf *out, Str value, const char *separator, bool *first)
{
    if (!*first)
        sml_buf_add(out, sml_str_from(separator));
    sml_buf_add(out, value);
    *first = false;
}

void sml_help_values(Buf *out, const OptionRow *row, const char *separator)
{
    Str rest = sml_str_from(row->values), word;
    bool first = true;
    const char *format;
    if (sml_str_eq(rest, STR("@formats")))
        for (uint32_t i = 0; (format = sml_reporter_format(i)); i++)
            add_value(out, sml_str_from(format), separator, &first);
    if (rest.len && rest.p[0] != '@')
        while (sml_str_cut(&word, &rest, ' '))
            add_value(out, word, separator, &first);
}

/* "  -f, --format NAME" */
static void add_spelling(Buf *out, const OptionRow *row)
{
    if (row->letter)
        sml_buf_addf(out, "  -%c, --%s", row->letter, row->name);
    else
        sml_buf_addf(out, "      --%s", row->name);
    if (row->word)
        sml_buf_addf(out, " %s", row->word);
}

/* Two columns; where the first is too long for its own, the second begins on a new line. */
static void add_row(Buf *out, Str start, Str text, uint32_t column, uint32_t width)
{
    sml_buf_add(out, start);
    if (start.len + 2 > column)
        sml_buf_addc(out, '\n');
    sml_show_pad(out, start.len + 2 > column ? column : column - start.len);
    Paragraph p = {.out = out, .width = width, .indent = column, .col = column};
    sml_show_words(&p, text);
    sml_show_end(&p);
}

static void add_option(Buf *out, const OptionRow *row, uint32_t column, uint32_t width)
{
    Buf start = {0}, text = {0}, values = {0};
    add_spelling(&start, row);
    sml_buf_add(&text, sml_str_from(row->help));
    sml_help_values(&values, row, ", ");
    if (values.len)
        sml_buf_addf(&text, " (%.*s)", STR_ARG(sml_buf_str(&values)));
    add_row(out, sml_buf_str(&start), sml_buf_str(&text), column, width);
    sml_buf_free(&start);
    sml_buf_free(&text);
    sml_buf_free(&values);
}

static void add_group(Buf *out, Verb verb, OptionGroup group, uint32_t column, uint32_t width)
{
    const OptionRow *row;
    bool first = true;
    for (uint32_t i = 0; (row = sml_options_row(verb, i)); i++) {
        if (row->group != group)
            continue;
        if (first)
            sml_buf_addf(out, "\n%s:\n", headings[group]);
        first = false;
        add_option(out, row, column, width);
    }
}

static void add_verbs(Buf *out, uint32_t width)
{
    sml_buf_add(out, STR("\nVerbs, as the first word (a file of that name is ./rules):\n"));
    for (Verb v = 0; v < VERB_COUNT; v++) {
        const VerbRow *row = sml_options_verb(v);
        Buf start = {0};
        sml_buf_addf(&start, "  %s", row->name);
        add_row(out, sml_buf_str(&start), sml_str_from(row->summary), 14, width);
        sml_buf_free(&start);
    }
}

static void add_usage(Buf *out, Verb verb)
{
    const VerbRow *row = sml_options_verb(verb);
    sml_buf_addf(out,
                 verb == VERB_CHECK ? "Usage: sm-lint [%s] [OPTION]..."
                                    : "Usage: sm-lint %s [OPTION]...",
                 row->name);
    if (row->operands[0])
        sml_buf_addf(out, " %s", row->operands);
    sml_buf_addc(out, '\n');
}

static const char purpose[] =
    "Says which words of a social media draft a propriety reviewer would stop at, which passage "
    "of the Civil Service Code or guidance is the reason, what to write instead, and whom to ask. "
    "With no FILE, or when FILE is -, reads standard input. Nothing is ever sent anywhere.";

static const char outcome[] =
    "Exit status: 0 if no finding has the grade of --fail-on or a worse one, 1 if one has, 2 if "
    "not all could be checked. Lines and columns count from 1, columns in code points.";

static void add_paragraph(Buf *out, const char *text, uint32_t width)
{
    Paragraph p = {.out = out, .width = width};
    sml_show_words(&p, sml_str_from(text));
    sml_show_end(&p);
}

void sml_help_full(Buf *out, Verb verb, uint32_t width)
{
    if (width == 0 || width > WIDTH)
        width = WIDTH;
    if (width < WIDTH_LEAST)
        width = WIDTH_LEAST;
    uint32_t column = width < 70 ? 12 : 30;
    add_usage(out, verb);
    if (verb == VERB_CHECK) {
        add_paragraph(out, purpose, width);
        add_verbs(out, width);
    } else {
        sml_buf_addf(out, "Verb %s: %s.\n", sml_options_verb(verb)->name,
                     sml_options_verb(verb)->summary);
    }
    for (OptionGroup g = 0; g < GROUP_COUNT; g++)
        add_group(out, verb, g, column, width);
    if (verb == VERB_CHECK) {
        sml_buf_addc(out, '\n');
        add_paragraph(out, outcome, width);
    }
}

void sml_help_short(Buf *out)
{
    add_usage(out, VERB_CHECK);
    sml_buf_add(out, STR("No draft was given. For example:\n"
                         "  sm-lint draft.txt\n"
                         "  echo 'Polls open at 7am' | sm-lint --account official\n"
                         "Try 'sm-lint --help'.\n"));
}
