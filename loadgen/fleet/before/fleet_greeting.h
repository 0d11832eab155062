/* The first message of each rank: its host and its build, in a form that every version can read. */
#ifndef FLEET_FLEET_GREETING_H
#define FLEET_FLEET_GREETING_H

struct err;
struct fleet;

/* Gives rank 0 this rank's host and build. At rank 0, waits for all, fills `f->hosts` and compares the
 * builds: -1 and a list by host, ERR_INPUT, when they differ. */
int fleet_greeting_exchange(struct fleet *f, struct err *e);

#endif
