/* Another machine, reached by the system's ssh: argument vectors that no local shell sees, and words that the
 * remote shell takes as they are. The first host key seen is kept in a file of its own; from then on any
 * other is refused. The user's own configuration of ssh (proxies, agents) stays in effect. */
#ifndef BASE_REMOTE_H
#define BASE_REMOTE_H

#include "child.h"

#include <stdio.h>

struct err;

enum { REMOTE_EXIT_CONNECTION = 255 }; /* ssh's exit code when the connection failed or was lost */

/* All borrowed. */
struct remote {
    const char *name; /* under which its host key is kept, however its address changes */
    const char *user;
    const char *address;
    unsigned port;
    const char *key_file; /* private key; "": ssh chooses */
    const char *host_keys_file;
};

/* Refuses (ERR_INPUT) what ssh would take for an option or expand. */
int remote_check(const struct remote *r, struct err *e);

/* The arguments, ending with NULL, of an ssh that runs these words there; without words, that logs in. NULL
 * when memory is out. The caller frees them with remote_words_free. */
char **remote_words(const struct remote *r, const char *const command[]);
void remote_words_free(char **words);

/* Runs the words there to their end, with input and output from these descriptors; -1 is /dev/null. */
enum child_end remote_run(const struct remote *r, const char *const command[], int in, int out, int *code,
                          char said[CHILD_SAID_BYTES]);

/* Writes the word, quoted for the remote POSIX shell. */
void remote_write_word(FILE *out, const char *word);
/* Writes the command by which a person logs in. */
void remote_write_command(const struct remote *r, FILE *out);

#endif
