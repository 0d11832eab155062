/* The sentence about an option that a command does not have: what to use instead of an option of similar
 * programs, or the name that was mistyped. */
#ifndef BASE_OPTIONS_UNKNOWN_H
#define BASE_OPTIONS_UNKNOWN_H

#include <stdbool.h>

struct command;
struct err;

/* `dashes` is "-" or "--", `word` what follows it, without a value. Returns -1 and the sentence. */
int options_unknown(const struct command *command, const char *dashes, const char *word, struct err *e);

/* Whether the table of similar programs has that word. */
bool options_is_elsewhere(const struct command *command, const char *word);

/* What similar programs mean by an option that this command has, as a clause; NULL: the same. */
const char *options_meant(const struct command *command, const char *name);

#endif
