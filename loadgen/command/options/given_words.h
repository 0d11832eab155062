/* The command line as run.json shows it: rebuilt from the options that were given, so that it has one form
 * however it was written, and no secrets. */
#ifndef COMMAND_GIVEN_WORDS_H
#define COMMAND_GIVEN_WORDS_H

#include <stddef.h>

struct command;
struct err;
struct options_result;

struct given_words {
    char **words; /* owned; ends with NULL */
    size_t n;
};

/* "loadgen", "run", "tp1", "--threads=2". `settings` are what options_parse filled for `command`, before
 * anything else changed them. The caller frees it with given_words_fini in every case. */
int given_words_init(struct given_words *g, const struct command *command, const void *settings,
                     const struct options_result *given, struct err *e);
void given_words_fini(struct given_words *g);

#endif
