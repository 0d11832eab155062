/* Completion of a command line, from the tables that it is parsed with. A shell's script runs `PROGRAM
 * --complete WORD...` with the words up to the cursor, the last of which is being typed and may be empty, and
 * offers what is printed: a line per candidate, with a tab and its description, and `:files` or `:folders`
 * where the shell should offer its own. */
#ifndef BASE_COMPLETE_H
#define BASE_COMPLETE_H

#include <stdio.h>

struct program;

/* `words` are those after the program's name, at least one. */
void complete_words(const struct program *program, int n_words, char *const words[], FILE *out);

#endif
