/* What is done on the generator over ssh, in a folder of the run's own there. */
#ifndef COMMAND_GENERATOR_LINK_H
#define COMMAND_GENERATOR_LINK_H

#include "remote.h"

struct err;

enum { GENERATOR_FOLDER_BYTES = 32 };

struct generator_link {
    struct remote remote;
    char folder[GENERATOR_FOLDER_BYTES]; /* "loadgen-run-0123456789abcdef", in the home folder there */
};

/* Names the folder. */
int generator_link_init(struct generator_link *l, const struct remote *remote, struct err *e);

/* Makes the folder there with a copy of what is in this one; links are followed. */
int generator_link_send(const struct generator_link *l, const char *folder, struct err *e);

/* Runs the script in the folder with this program's output, passes signals on and waits for its end. Returns
 * its exit code, REMOTE_EXIT_CONNECTION when the connection was lost. */
int generator_link_run(const struct generator_link *l, const char *script, struct err *e);

/* After a lost connection: tries for two minutes to reach it again and ends what still runs there. */
int generator_link_resume(const struct generator_link *l, struct err *e);

/* Unpacks the file or folder at `place` in the folder there into `into`. 1: there is none. */
int generator_link_fetch(const struct generator_link *l, const char *place, const char *into, struct err *e);

/* Removes the folder there. */
int generator_link_remove(const struct generator_link *l, struct err *e);

#endif
