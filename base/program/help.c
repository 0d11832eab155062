#include "help.h"

#include "exit_code.h"
#include "paths.h"
#include "program.h"
#include "wrap.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

enum { HEAD_COLUMNS_MOST = 28 }; /* a longer head stands on a line of its own */

const int help_codes[HELP_CODES_N] = { EXIT_CODE_DONE,      EXIT_CODE_FAILED,  EXIT_CODE_USAGE,
                                       EXIT_CODE_THRESHOLD, EXIT_CODE_INVALID, EXIT_CODE_INTERRUPTED };

const char *help_option_head(const struct option_row *row, char *out)
{
    char letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(out, HELP_HEAD_BYTES, "%s--%s%s%s", letter, row->name, row->value_name ? " " : "",
             row->value_name ? row->value_name : "");
    return out;
}

const char *help_option_text(const struct option_row *row, char *out)
{
    size_t used = (size_t)snprintf(out, HELP_TEXT_BYTES, "%s", row->help);
    for (size_t i = 0; row->kind == OPTION_CHOICE && row->choices[i] && used < HELP_TEXT_BYTES; i++)
        used +=
            (size_t)snprintf(out + used, HELP_TEXT_BYTES - used, "%s%s", i ? ", " : ": ", row->choices[i]);
    if (row->kind == OPTION_LIST && used < HELP_TEXT_BYTES)
        used += (size_t)snprintf(out + used, HELP_TEXT_BYTES - used, "; may be repeated");
    if (row->fallback && used < HELP_TEXT_BYTES)
        snprintf(out + used, HELP_TEXT_BYTES - used, " (default %s)", row->fallback);
    return out;
}

const char *help_exit_meaning(const struct command *command, int code)
{
    for (const struct command_exit *x = command->exits; x && x->meaning; x++)
        if (x->code == code)
            return x->meaning;
    switch (code) {
    case EXIT_CODE_DONE:
        return "done";
    case EXIT_CODE_FAILED:
        return "failed";
    case EXIT_CODE_USAGE:
        return "wrong usage or input; nothing was sent or created";
    default:
        return NULL;
    }
}

bool help_exit_order(const struct command *command, char *out)
{
    static const int order[] = { EXIT_CODE_INTERRUPTED, EXIT_CODE_FAILED, EXIT_CODE_USAGE, EXIT_CODE_INVALID,
                                 EXIT_CODE_THRESHOLD };
    size_t used = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order && used < HELP_ORDER_BYTES; i++)
        if (help_exit_meaning(command, order[i]))
            used += (size_t)snprintf(out + used, HELP_ORDER_BYTES - used, "%s%d",
                                     used ? ", " : "If several apply, it is the first of ", order[i]);
    if (used < HELP_ORDER_BYTES)
        snprintf(out + used, HELP_ORDER_BYTES - used, ".");
    return help_exit_meaning(command, EXIT_CODE_THRESHOLD) && help_exit_meaning(command, EXIT_CODE_INVALID);
}

/* A term at the left, and what it means from `column` on. */
static void print_entry(FILE *out, const char *term, const char *text, size_t column)
{
    size_t at = (size_t)fprintf(out, "  %s", term);
    if (at + 2 > column) {
        putc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", (int)(column - at), "");
    wrap_print(out, text, column, column);
}

static void print_sentence(const char *text, FILE *out)
{
    char sentence[HELP_TEXT_BYTES];
    snprintf(sentence, sizeof sentence, "%s.", text);
    wrap_print(out, sentence, 0, 0);
}

static void print_details(const char *details, FILE *out)
{
    if (!details)
        return;
    putc('\n', out);
    wrap_print(out, details, 0, 0);
}

static size_t options_column(const struct command *command)
{
    char head[HELP_HEAD_BYTES];
    const struct option_row *row;
    size_t most = 0;
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        const size_t length = strlen(help_option_head(row, head));
        if (length > most && length <= HEAD_COLUMNS_MOST)
            most = length;
    }
    return most + 4;
}

static const char *group_of(const struct command *command, size_t i)
{
    const char *group = options_group(command, i);
    return group ? group : "Options";
}

size_t help_order(const struct command *command, size_t order[OPTIONS_ROWS_MOST])
{
    bool taken[OPTIONS_ROWS_MOST] = { false };
    size_t n = 0;
    for (size_t i = 0; i < OPTIONS_ROWS_MOST && options_row(command, i); i++)
        for (size_t k = i; !taken[i] && k < OPTIONS_ROWS_MOST && options_row(command, k); k++)
            if (!taken[k] && (k == i || strcmp(group_of(command, k), group_of(command, i)) == 0)) {
                order[n++] = k;
                taken[k] = k != i;
            }
    return n;
}

const char *help_heading(const struct command *command, const size_t *order, size_t i)
{
    const char *group = group_of(command, order[i]);
    return i > 0 && strcmp(group_of(command, order[i - 1]), group) == 0 ? NULL : group;
}

static void print_options(const struct command *command, FILE *out)
{
    char head[HELP_HEAD_BYTES];
    char text[HELP_TEXT_BYTES];
    size_t order[OPTIONS_ROWS_MOST];
    const size_t n = help_order(command, order);
    const size_t column = options_column(command);
    for (size_t i = 0; i < n; i++) {
        const struct option_row *row = options_row(command, order[i]);
        const char *heading = help_heading(command, order, i);
        if (heading)
            fprintf(out, "\n%s:\n", heading);
        print_entry(out, help_option_head(row, head), help_option_text(row, text), column);
    }
}

static void print_exits(const struct command *command, FILE *out)
{
    char code[16];
    char order[HELP_ORDER_BYTES];
    fputs("\nExit codes:\n", out);
    for (size_t i = 0; i < HELP_CODES_N; i++) {
        const char *meaning = help_exit_meaning(command, help_codes[i]);
        snprintf(code, sizeof code, "%d", help_codes[i]);
        if (meaning)
            print_entry(out, code, meaning, 7);
    }
    if (help_exit_order(command, order))
        fprintf(out, "  %s\n", order);
}

static void print_examples(const struct command *command, FILE *out)
{
    if (!command->examples)
        return;
    fputs("\nExamples:\n", out);
    for (const char *const *example = command->examples; *example; example++)
        fprintf(out, "  %s\n", *example);
}

/* A page is named with its file, which is there without an installation too. */
static void print_pages(const struct command *command, FILE *out)
{
    char path[PATH_MAX];
    if (!command->pages)
        return;
    fputs("\nManual pages:\n", out);
    for (const struct command_page *p = command->pages; p->page; p++) {
        print_entry(out, p->page, p->about, 24);
        if (p->data && paths_data(p->data, path, sizeof path) == 0)
            fprintf(out, "%*s%s\n", 24, "", path);
    }
}

static void print_ends(const struct command *command, FILE *out)
{
    print_exits(command, out);
    print_examples(command, out);
    print_pages(command, out);
}

void help_of_command(const struct command *command, FILE *out)
{
    fprintf(out, "Usage: %s ", command->name);
    wrap_print(out, command->synopsis, strlen(command->name) + 8, 8);
    putc('\n', out);
    print_sentence(command->summary, out);
    print_options(command, out);
    print_details(command->details, out);
    print_ends(command, out);
}

void help_of_program(const struct program *program, FILE *out)
{
    fprintf(out, "Usage: %s COMMAND ...\n", program->name);
    if (program->overview && program->overview->synopsis)
        fprintf(out, "       %s %s\n", program->name, program->overview->synopsis);
    putc('\n', out);
    print_sentence(program->summary, out);
    fputs("\nCommands:\n", out);
    for (const struct subcommand *s = program->subcommands; s->name; s++)
        print_entry(out, s->name, s->command->summary, 14);
    fprintf(out, "\n`%s COMMAND --help` describes a command,\n`%s --version` the build.\n", program->name,
            program->name);
    print_details(program->details, out);
    if (program->overview)
        print_ends(program->overview, out);
}
