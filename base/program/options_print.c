/* The option table as people read it: `--help` and the manual page. */
#include "options.h"

#include <string.h>

/* "  -c, --connections N" */
static void row_head(const struct option_row *row, char *out, size_t out_bytes)
{
    char letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(out, out_bytes, "  %s--%s%s%s", letter, row->name, row->value_name ? " " : "",
             row->value_name ? row->value_name : "");
}

static void print_row_tail(const struct option_row *row, FILE *out)
{
    for (size_t i = 0; row->kind == OPTION_CHOICE && row->choices[i]; i++)
        fprintf(out, "%s%s", i ? ", " : ": ", row->choices[i]);
    if (row->kind == OPTION_LIST)
        fputs("; may be repeated", out);
    if (row->fallback)
        fprintf(out, " (default %s)", row->fallback);
}

void options_print_help(const struct command *command, FILE *out)
{
    char head[128];
    const struct option_row *row;
    size_t width = 0;

    fprintf(out, "%s %s\n\n%s.\n", command->name, command->synopsis, command->summary);
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        row_head(row, head, sizeof head);
        if (strlen(head) > width && strlen(head) <= 34)
            width = strlen(head);
    }
    if (options_row(command, 0))
        fputs("\nOptions:\n", out);
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        row_head(row, head, sizeof head);
        if (strlen(head) > width)
            fprintf(out, "%s\n%-*s  ", head, (int)width, "");
        else
            fprintf(out, "%-*s  ", (int)width, head);
        fputs(row->help, out);
        print_row_tail(row, out);
        putc('\n', out);
    }
    if (command->details)
        fprintf(out, "\n%s\n", command->details);
}

static void print_man_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            putc('\\', out);
        putc(*text, out);
    }
}

void options_print_man(const struct command *command, FILE *out)
{
    const struct option_row *row;
    char head[128];
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        row_head(row, head, sizeof head);
        fputs(".TP\n.B ", out);
        print_man_text(head + strspn(head, " "), out);
        putc('\n', out);
        print_man_text(row->help, out);
        print_row_tail(row, out);
        fputs(".\n", out);
    }
}
