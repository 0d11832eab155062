/* Command lines, cut into words as a shell does it: quotes, `$'..'` of bash, backslashes, comments, several
 * commands. Nothing is run. Words are templates (words.h): `$NAME` is the value that the script gave it, or
 * `{env:NAME}`. */
#ifndef IMPORT_SHELL_WORDS_H
#define IMPORT_SHELL_WORDS_H

#include "draft.h"

struct err;

struct shell_words {
    struct arena *arena;           /* borrowed; holds all words */
    const char *file, *at;         /* borrowed; what is left to read, up to a NUL */
    unsigned line;                 /* of `at`, from 1 */
    struct draft_fields variables; /* that the script set */
    /* The command that was read. */
    const char **words;
    size_t n_words;
    unsigned first_line;
};

void shell_words_begin(struct shell_words *s, struct arena *arena, const char *file, const char *text);
/* Reads the next command: 1 there is one, 0 the text ends, -1 it holds what only a shell can do. */
int shell_words_next(struct shell_words *s, struct err *e);

#endif
