/* The manual pages that programs print of themselves, in man(7) macros: one of the program, PROGRAM(1), and
 * one of each command, PROGRAM-COMMAND(1). */
#ifndef BASE_MAN_H
#define BASE_MAN_H

#include <stdio.h>

struct command;
struct program;

void man_of_program(const struct program *program, FILE *out);
void man_of_command(const struct program *program, const struct command *command, FILE *out);

#endif
