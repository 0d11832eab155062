/* Watching runs live: `--metrics-listen` and `--serve`. One server for all runs of a command. */
#ifndef COMMAND_RUN_WATCH_H
#define COMMAND_RUN_WATCH_H

struct err;
struct run_options;

/* Before anything is sent: sets `o->watch`, NULL if neither option was given. -1 and a sentence when an
 * address is wrong or taken. */
int run_watch_open(struct run_options *o, struct err *e);
/* Keeps serving the final values until they were fetched, within --linger, and ends the server. */
void run_watch_close(struct run_options *o);

#endif
