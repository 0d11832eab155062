/* Only one process may work on a campaign: a second one would take the unfinished run of the first for a
 * broken one and remove it. The lock is on the folder itself, so nothing is left behind, not even by a
 * process that was killed. */
#ifndef COMMAND_CAMPAIGN_LOCK_H
#define COMMAND_CAMPAIGN_LOCK_H

struct err;

/* Returns a descriptor that holds the lock until it is closed, or -1. */
int campaign_lock(const char *folder, struct err *e);

#endif
