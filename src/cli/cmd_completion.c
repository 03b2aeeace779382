/* SPDX-License-Identifier: MIT */
/*
 * Completion scripts from the rows of options.def and verbs.def. Each is a frame, written here as
 * text, round lines made from rows; ids of rules are asked of the program when the key is
 * pressed, so they are those of the rulebook that is installed.
 */
#include "cli/commands.h"
#include "cli/help.h"

#define RULE_NAMES "sm-lint rules --format names 2>/dev/null"

typedef enum Wanted { WANTED_NOTHING, WANTED_WORDS, WANTED_FILES, WANTED_RULES } Wanted;

/* What completes the value of an option. */
static Wanted wanted_value(const OptionRow *row)
{
    Str values = sml_str_from(row->values);
    if (sml_str_eq(values, STR("@files")))
        return WANTED_FILES;
    if (sml_str_eq(values, STR("@rules")))
        return WANTED_RULES;
    return values.len ? WANTED_WORDS : WANTED_NOTHING;
}

/* And the operands of a verb, as its row writes them: "write|check|prune [FILE|DIR|-]..." */
typedef struct Operands {
    Str words; /* with | between them: what the first can be */
    bool files, rules;
} Operands;

static bool has(Str s, Str part)
{
    return sml_str_find(s, part, 0) != SIZE_MAX;
}

static Operands operands_of(Verb verb)
{
    Str all = sml_str_from(sml_options_verb(verb)->operands), rest = all, first;
    Operands o = {.files = has(all, STR("FILE")) || has(all, STR("RULEBOOK")),
                  .rules = has(all, STR("RULE")) && !has(all, STR("RULEBOOK"))};
    sml_str_cut(&first, &rest, ' ');
    if (first.len && first.p[0] >= 'a' && first.p[0] <= 'z')
        o.words = first;
    return o;
}

static void add(Buf *out, const char *text)
{
    sml_buf_add(out, sml_str_from(text));
}

/* `text` inside single quotes of a shell, and each of `special` behind a backslash. */
static void add_escaped(Buf *out, const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            add(out, "'\\'");
        else if (sml_str_find(sml_str_from(special), (Str){text, 1}, 0) != SIZE_MAX)
            sml_buf_addc(out, '\\');
        sml_buf_addc(out, *text);
    }
}

static void add_words(Buf *out, Str words)
{
    for (size_t i = 0; i < words.len; i++)
        sml_buf_addc(out, words.p[i] == '|' ? ' ' : words.p[i]);
}

static void add_verb_names(Buf *out)
{
    for (Verb v = 0; v < VERB_COUNT; v++)
        sml_buf_addf(out, "%s%s", v ? " " : "", sml_options_verb(v)->name);
}

/* ---- bash ------------------------------------------------------------------------------------ */

/* clang-format off */
static const char bash_head[] =
    "# bash completion for sm-lint\n"
    "_sm_lint() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=check\n"
    "    local IFS=$' \\n'\n"
    "    # bash takes --word=value apart at the =\n"
    "    if [ \"$cur\" = = ]; then cur=\n"
    "    elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    case ${COMP_WORDS[1]} in\n"
    "    ";

static const char bash_middle[] =
    ")\n"
    "        [ \"$COMP_CWORD\" -gt 1 ] && verb=${COMP_WORDS[1]} ;;\n"
    "    esac\n"
    "    COMPREPLY=()\n"
    "    case $verb:$prev in\n";

static const char bash_options[] =
    "    esac\n"
    "    case $cur in\n"
    "    -*)\n"
    "        case $verb in\n";

static const char bash_operands[] =
    "        esac\n"
    "        return ;;\n"
    "    esac\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        COMPREPLY=($(compgen -W '";

static const char bash_files[] =
    "' -- \"$cur\"))\n"
    "        IFS=$'\\n'\n"
    "        COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
    "        return\n"
    "    fi\n"
    "    case $verb in\n";

static const char bash_tail[] =
    "    esac\n"
    "}\n"
    "complete -o filenames -F _sm_lint sm-lint\n";

/* clang-format on */

static void add_bash_value(Buf *out, Verb verb, const OptionRow *row)
{
    const char *verb_name = sml_options_verb(verb)->name;
    if (!row->word)
        return;
    sml_buf_addf(out, "    %s:--%s", verb_name, row->name);
    if (row->letter)
        sml_buf_addf(out, " | %s:-%c", verb_name, row->letter);
    switch (wanted_value(row)) {
    case WANTED_NOTHING:
        add(out, ") return ;;\n");
        return;
    case WANTED_FILES:
        add(out, ") IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
        return;
    case WANTED_RULES:
        add(out, ") COMPREPLY=($(compgen -W \"$(" RULE_NAMES ")\" -- \"$cur\")); return ;;\n");
        return;
    case WANTED_WORDS:
        add(out, ") COMPREPLY=($(compgen -W '");
        sml_help_values(out, row, " ");
        add(out, "' -- \"$cur\")); return ;;\n");
        return;
    }
}

static void add_bash_options(Buf *out, Verb verb)
{
    const OptionRow *row;
    sml_buf_addf(out, "        %s) COMPREPLY=($(compgen -W '", sml_options_verb(verb)->name);
    for (uint32_t i = 0; (row = sml_options_row(verb, i)); i++)
        sml_buf_addf(out, "%s--%s", i ? " " : "", row->name);
    add(out, "' -- \"$cur\")) ;;\n");
}

static void add_bash_operands(Buf *out, Verb verb)
{
    Operands o = operands_of(verb);
    sml_buf_addf(out, "    %s)\n", sml_options_verb(verb)->name);
    if (o.words.len) {
        add(out, "        COMPREPLY+=($(compgen -W '");
        add_words(out, o.words);
        add(out, "' -- \"$cur\"))\n");
    }
    if (o.rules)
        add(out, "        COMPREPLY+=($(compgen -W \"$(" RULE_NAMES ")\" -- \"$cur\"))\n");
    if (o.files)
        add(out, "        IFS=$'\\n'; COMPREPLY+=($(compgen -f -- \"$cur\"))\n");
    add(out, "        ;;\n");
}

static void add_bash(Buf *out)
{
    const OptionRow *row;
    add(out, bash_head);
    for (Verb v = 0; v < VERB_COUNT; v++)
        sml_buf_addf(out, "%s%s", v ? " | " : "", sml_options_verb(v)->name);
    add(out, bash_middle);
    for (Verb v = 0; v < VERB_COUNT; v++)
        for (uint32_t i = 0; (row = sml_options_row(v, i)); i++)
            add_bash_value(out, v, row);
    add(out, bash_options);
    for (Verb v = 0; v < VERB_COUNT; v++)
        add_bash_options(out, v);
    add(out, bash_operands);
    add_verb_names(out);
    add(out, bash_files);
    for (Verb v = 0; v < VERB_COUNT; v++)
        add_bash_operands(out, v);
    add(out, bash_tail);
}

/* ---- zsh ------------------------------------------------------------------------------------- */

/* clang-format off */
static const char zsh_head[] =
    "#compdef sm-lint\n"
    "\n"
    "_sm_lint_rules() {\n"
    "    local -a rules\n"
    "    rules=(${(f)\"$(" RULE_NAMES ")\"})\n"
    "    compadd -a rules\n"
    "}\n"
    "\n"
    "_sm_lint_verbs() {\n"
    "    local -a verbs\n"
    "    verbs=(\n";

static const char zsh_middle[] =
    "    )\n"
    "    _describe verb verbs\n"
    "    _files\n"
    "}\n"
    "\n"
    "_sm_lint() {\n"
    "    local verb=check\n"
    "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
    "        _sm_lint_verbs\n"
    "        return\n"
    "    fi\n"
    "    case $words[2] in\n"
    "    (";

static const char zsh_verb[] =
    ")\n"
    "        verb=$words[2]\n"
    "        shift words\n"
    "        (( CURRENT-- ))\n"
    "        ;;\n"
    "    esac\n"
    "    case $verb in\n";

static const char zsh_tail[] =
    "    esac\n"
    "}\n"
    "\n"
    "_sm_lint \"$@\"\n";

/* clang-format on */

static void add_zsh_action(Buf *out, Wanted wanted)
{
    if (wanted == WANTED_FILES)
        add(out, "_files");
    if (wanted == WANTED_RULES)
        add(out, "_sm_lint_rules");
}

static bool repeats(const OptionRow *row)
{
    return row->kind == KIND_LIST || row->kind == KIND_NAMES || row->kind == KIND_META;
}

/* '*--format=[report in this format]:NAME:(text json)'; one line for each spelling. */
static void add_zsh_spelling(Buf *out, const OptionRow *row, const char *spelling, bool equals)
{
    sml_buf_addf(out, " \\\n            '%s%s%s[", repeats(row) ? "*" : "", spelling,
                 !row->word ? ""
                 : equals   ? "="
                            : "+");
    add_escaped(out, row->help, "[]:");
    add(out, "]");
    if (row->word) {
        add(out, ":");
        add_escaped(out, row->word, "[]:");
        add(out, ":");
        if (wanted_value(row) == WANTED_WORDS) {
            add(out, "(");
            sml_help_values(out, row, " ");
            add(out, ")");
        }
        add_zsh_action(out, wanted_value(row));
    }
    add(out, "'");
}

/* The first may have a completion of its own. */
static void add_zsh_operands(Buf *out, Operands o)
{
    if (o.words.len) {
        add(out, " \\\n            '1:operand:(");
        add_words(out, o.words);
        add(out, ")'");
    }
    if (o.files)
        add(out, o.rules ? " \\\n            '1:operand:_files'"
                         : " \\\n            '*:operand:_files'");
    if (o.rules)
        add(out, " \\\n            '*:operand:_sm_lint_rules'");
}

static void add_zsh_verb(Buf *out, Verb verb)
{
    const OptionRow *row;
    sml_buf_addf(out, "    (%s)\n        _arguments -s -S", sml_options_verb(verb)->name);
    for (uint32_t i = 0; (row = sml_options_row(verb, i)); i++) {
        Buf spelling = {0};
        sml_buf_addf(&spelling, "--%s%c", row->name, '\0');
        add_zsh_spelling(out, row, spelling.p, true);
        sml_buf_free(&spelling);
        if (row->letter) {
            const char letter[] = {'-', row->letter, '\0'};
            add_zsh_spelling(out, row, letter, false);
        }
    }
    add_zsh_operands(out, operands_of(verb));
    add(out, "\n        ;;\n");
}

static void add_zsh(Buf *out)
{
    add(out, zsh_head);
    for (Verb v = 0; v < VERB_COUNT; v++) {
        sml_buf_addf(out, "        '%s:", sml_options_verb(v)->name);
        add_escaped(out, sml_options_verb(v)->summary, ":");
        add(out, "'\n");
    }
    add(out, zsh_middle);
    for (Verb v = 0; v < VERB_COUNT; v++)
        sml_buf_addf(out, "%s%s", v ? "|" : "", sml_options_verb(v)->name);
    add(out, zsh_verb);
    for (Verb v = 0; v < VERB_COUNT; v++)
        add_zsh_verb(out, v);
    add(out, zsh_tail);
}

/* ---- fish ------------------------------------------------------------------------------------ */

/* clang-format off */
static const char fish_head[] =
    "# fish completion for sm-lint\n"
    "function __sm_lint_verb\n"
    "    set -l words (commandline -opc)\n"
    "    set -l verb check\n"
    "    if set -q words[2]; and contains -- $words[2] ";

static const char fish_middle[] =
    "\n"
    "        set verb $words[2]\n"
    "    end\n"
    "    test $verb = $argv[1]\n"
    "end\n"
    "function __sm_lint_first\n"
    "    test (count (commandline -opc)) -eq 1\n"
    "end\n"
    "function __sm_lint_no_files\n"
    "    true";

static const char fish_tail[] =
    "\n"
    "end\n"
    "complete -c sm-lint -n __sm_lint_no_files -f\n";

/* clang-format on */

static void add_fish_option(Buf *out, Verb verb, const OptionRow *row)
{
    sml_buf_addf(out, "complete -c sm-lint -n '__sm_lint_verb %s' -l %s",
                 sml_options_verb(verb)->name, row->name);
    if (row->letter)
        sml_buf_addf(out, " -s %c", row->letter);
    if (row->word)
        add(out, wanted_value(row) == WANTED_FILES ? " -r" : " -x");
    if (wanted_value(row) == WANTED_RULES)
        add(out, " -a '(" RULE_NAMES ")'");
    if (wanted_value(row) == WANTED_WORDS) {
        add(out, " -a '");
        sml_help_values(out, row, " ");
        add(out, "'");
    }
    add(out, " -d '");
    add_escaped(out, row->help, "\\");
    add(out, "'\n");
}

static void add_fish_operands(Buf *out, Verb verb)
{
    Operands o = operands_of(verb);
    const char *name = sml_options_verb(verb)->name;
    if (o.rules)
        sml_buf_addf(out, "complete -c sm-lint -n '__sm_lint_verb %s' -a '(" RULE_NAMES ")'\n",
                     name);
    if (o.words.len) {
        sml_buf_addf(out, "complete -c sm-lint -n '__sm_lint_verb %s' -a '", name);
        add_words(out, o.words);
        add(out, "'\n");
    }
}

static void add_fish(Buf *out)
{
    const OptionRow *row;
    add(out, fish_head);
    add_verb_names(out);
    add(out, fish_middle);
    for (Verb v = 0; v < VERB_COUNT; v++)
        if (operands_of(v).files)
            sml_buf_addf(out, "; and not __sm_lint_verb %s", sml_options_verb(v)->name);
    add(out, fish_tail);
    for (Verb v = 0; v < VERB_COUNT; v++)
        add_fish_operands(out, v);
    for (Verb v = 0; v < VERB_COUNT; v++) {
        sml_buf_addf(out, "complete -c sm-lint -n __sm_lint_first -a %s -d '",
                     sml_options_verb(v)->name);
        add_escaped(out, sml_options_verb(v)->summary, "\\");
        add(out, "'\n");
    }
    for (Verb v = 0; v < VERB_COUNT; v++)
        for (uint32_t i = 0; (row = sml_options_row(v, i)); i++)
            add_fish_option(out, v, row);
}

/* ---- the verb -------------------------------------------------------------------------------- */

int sml_cmd_completion(Command *c)
{
    static const struct Shell {
        const char *name;
        void (*add)(Buf *out);
    } shells[] = {{"bash", add_bash}, {"zsh", add_zsh}, {"fish", add_fish}};

    const Strs *operands = &c->options.operands;
    if (operands->n != 1)
        return sml_cmd_usage(c->verb, "name one shell: bash, zsh or fish");
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (!sml_str_eq(operands->v[0], sml_str_from(shells[i].name)))
            continue;
        Buf text = {0};
        shells[i].add(&text);
        sml_cmd_print(c, &text);
        sml_buf_free(&text);
        return STATUS_CLEAN;
    }
    return sml_cmd_usage(c->verb, "unknown shell \"%.*s\"; use bash, zsh or fish",
                         STR_ARG(operands->v[0]));
}
