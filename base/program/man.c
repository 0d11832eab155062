#include "man.h"

#include "help.h"
#include "program.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static void put_character(FILE *out, char c)
{
    if (c == '-')
        fputs("\\-", out);
    else if (c == '\\')
        fputs("\\e", out);
    else if (c == '^' || c == '~') /* which would become accents */
        fprintf(out, c == '^' ? "\\(ha" : "\\(ti");
    else if (c == '`')
        fputs("\\(ga", out);
    else if (c == '\'')
        fputs("\\(aq", out);
    else
        putc(c, out);
}

/* One line; what stands between backquotes is bold. */
static void put_line(FILE *out, const char *text, size_t length)
{
    bool is_bold = false;
    if (length > 0 && text[0] == '.')
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '`') {
            is_bold = !is_bold;
            fputs(is_bold ? "\\fB" : "\\fR", out);
        } else
            put_character(out, text[i]);
    }
    fputs(is_bold ? "\\fR\n" : "\n", out);
}

/* Prose as wrap.h reads it. */
static void put_prose(FILE *out, const char *text)
{
    bool is_example = false;
    while (*text) {
        const size_t length = strcspn(text, "\n");
        const bool as_is = *text == ' ';
        if (as_is != is_example)
            fputs(as_is ? ".sp\n.nf\n" : ".fi\n", out);
        is_example = as_is;
        if (length > 0)
            put_line(out, text, length);
        else if (text[1])
            fputs(".PP\n", out);
        text += length + (text[length] == '\n');
    }
    if (is_example)
        fputs(".fi\n", out);
}

static void put_entry(FILE *out, const char *term, const char *text)
{
    fputs(".TP\n.B ", out);
    put_line(out, term, strlen(term));
    put_prose(out, text);
}

/* `loadgen run` has the page loadgen-run. */
static void put_page_name(FILE *out, const char *name)
{
    for (; *name; name++)
        if (*name == ' ' || *name == '-')
            fputs("\\-", out);
        else
            putc(*name, out);
}

static void put_title(FILE *out, const char *name)
{
    for (; *name; name++)
        putc(*name == ' ' ? '-' : toupper((unsigned char)*name), out);
}

static void begin(FILE *out, const char *name, const char *summary)
{
    fputs(".TH ", out);
    put_title(out, name);
    fputs(" 1 " LOADGEN_DATE " \"loadgen " LOADGEN_VERSION "\" \"loadgen manual\"\n.SH NAME\n", out);
    put_page_name(out, name);
    const bool is_word = islower((unsigned char)summary[1]); /* and not HTTP */
    fprintf(out, " \\- %c", is_word ? tolower((unsigned char)summary[0]) : summary[0]);
    put_line(out, summary + 1, strlen(summary + 1));
}

static void put_options(FILE *out, const struct command *command)
{
    char head[HELP_HEAD_BYTES];
    char text[HELP_TEXT_BYTES];
    size_t order[OPTIONS_ROWS_MOST];
    const size_t n = help_order(command, order);
    if (n > 0)
        fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < n; i++) {
        const struct option_row *row = options_row(command, order[i]);
        const char *heading = help_heading(command, order, i);
        if (heading && options_group(command, order[i]))
            fprintf(out, ".SS %s\n", heading);
        help_option_head(row, head);
        put_entry(out, head + strspn(head, " "), help_option_text(row, text));
    }
}

static void put_exits(FILE *out, const struct command *command)
{
    char code[16];
    char order[HELP_ORDER_BYTES];
    fputs(".SH \"EXIT STATUS\"\n", out);
    for (size_t i = 0; i < HELP_CODES_N; i++) {
        const char *meaning = help_exit_meaning(command, help_codes[i]);
        snprintf(code, sizeof code, "%d", help_codes[i]);
        if (meaning)
            put_entry(out, code, meaning);
    }
    if (help_exit_order(command, order))
        fprintf(out, ".PP\n%s\n", order);
}

static void put_examples(FILE *out, const char *const *examples)
{
    if (!examples)
        return;
    fputs(".SH EXAMPLES\n.nf\n", out);
    for (; *examples; examples++)
        put_line(out, *examples, strlen(*examples));
    fputs(".fi\n", out);
}

static void put_notes(FILE *out, const char *heading, const struct command_note *notes)
{
    if (!notes)
        return;
    fprintf(out, ".SH %s\n", heading);
    for (; notes->name; notes++)
        put_entry(out, notes->name, notes->meaning);
}

static void put_reference(FILE *out, const char *name, const char *section, bool is_first)
{
    fputs(is_first ? ".BR " : ",\n.BR ", out);
    put_page_name(out, name);
    fprintf(out, " (%s)", section);
}

/* Pages of section 1 of the program and its commands, and those that the command names. */
static void put_see_also(FILE *out, const struct program *program, const struct command *command)
{
    char name[64];
    fputs(".SH \"SEE ALSO\"\n", out);
    bool is_first = !command || command == program->overview; /* and not the page itself */
    if (!is_first)
        put_reference(out, program->name, "1", true);
    for (const struct subcommand *s = program->subcommands; s->name; s++) {
        if (s->command != command)
            put_reference(out, s->command->name, "1", is_first);
        is_first = false;
    }
    for (const struct command_page *p = command ? command->pages : NULL; p && p->page; p++) {
        const size_t length = strcspn(p->page, "(");
        snprintf(name, sizeof name, "%.*s", (int)length, p->page);
        put_reference(out, name, (char[]){ p->page[length + 1], '\0' }, false);
    }
    putc('\n', out);
}

static void put_sentence(FILE *out, const char *text)
{
    char sentence[HELP_TEXT_BYTES];
    snprintf(sentence, sizeof sentence, "%s.", text);
    put_prose(out, sentence);
}

static void put_details(FILE *out, const char *details)
{
    if (!details)
        return;
    fputs(".PP\n", out);
    put_prose(out, details);
}

static void put_ends(FILE *out, const struct program *program, const struct command *command)
{
    if (command) {
        put_exits(out, command);
        put_notes(out, "ENVIRONMENT", command->environment);
        put_notes(out, "FILES", command->files);
        put_examples(out, command->examples);
    }
    put_see_also(out, program, command);
}

static void put_usage(FILE *out, const char *name, const char *rest)
{
    fputs(".B ", out);
    put_line(out, name, strlen(name));
    put_line(out, rest, strlen(rest));
}

void man_of_command(const struct program *program, const struct command *command, FILE *out)
{
    begin(out, command->name, command->summary);
    fputs(".SH SYNOPSIS\n", out);
    put_usage(out, command->name, command->synopsis);
    fputs(".SH DESCRIPTION\n", out);
    put_sentence(out, command->summary);
    put_details(out, command->details);
    put_options(out, command);
    put_ends(out, program, command);
}

void man_of_program(const struct program *program, FILE *out)
{
    begin(out, program->name, program->summary);
    fputs(".SH SYNOPSIS\n", out);
    put_usage(out, program->name, "COMMAND [OPTION...]");
    if (program->overview && program->overview->synopsis) {
        fputs(".br\n", out);
        put_usage(out, program->name, program->overview->synopsis);
    }
    fputs(".SH DESCRIPTION\n", out);
    put_sentence(out, program->summary);
    put_details(out, program->details);
    fputs(".SH COMMANDS\n", out);
    for (const struct subcommand *s = program->subcommands; s->name; s++)
        put_entry(out, s->command->name, s->command->summary);
    put_ends(out, program, program->overview);
}
