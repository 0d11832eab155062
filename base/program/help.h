/* What `--help` prints: of a command its options by group, exit codes and examples, of a program its
 * commands. All of it comes from the tables that the command line is parsed with, in lines of at most 80
 * columns. */
#ifndef BASE_HELP_H
#define BASE_HELP_H

#include "options.h"

#include <stdbool.h>
#include <stdio.h>

struct program;

void help_of_command(const struct command *command, FILE *out);
void help_of_program(const struct program *program, FILE *out);

/* Shared with the manual pages (man.c). */

/* "-c, --connections N" */
enum { HELP_HEAD_BYTES = 128 };
const char *help_option_head(const struct option_row *row, char *out);
/* The row's help with its choices, whether it may be repeated, and its default. */
enum { HELP_TEXT_BYTES = 512 };
const char *help_option_text(const struct option_row *row, char *out);
/* The order in which options are shown: by group, in the order in which the groups begin. Fills `order` with
 * row numbers and returns how many there are. */
size_t help_order(const struct command *command, size_t order[OPTIONS_ROWS_MOST]);
/* The heading above the i-th of them, NULL if it has the same as the one before. */
const char *help_heading(const struct command *command, const size_t *order, size_t i);
/* What an exit code of this command means; NULL if the command does not end with it. */
const char *help_exit_meaning(const struct command *command, int code);
/* Which code counts if several apply: "If several apply, it is the first of 130, 1, 4, 3.", of those that the
 * command has. False if it needs no such sentence. */
enum { HELP_ORDER_BYTES = 80 };
bool help_exit_order(const struct command *command, char *out);
enum { HELP_CODES_N = 6 };
extern const int help_codes[HELP_CODES_N];

#endif
