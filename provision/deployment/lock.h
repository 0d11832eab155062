/* Locks that keep two processes of this user apart: one for each deployment file, held while a command works
 * on it, and one for each account and region, held from counting the running instances until the launched
 * ones run. Each is a flock(2) on a file, released when the holder ends, however it ends. */
#ifndef PROVISION_LOCK_H
#define PROVISION_LOCK_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct lock {
    int fd;           /* -1 when not held */
    char *path;       /* owned */
    const char *file; /* borrowed: locked itself where no lock file can be made; NULL: nothing is */
    bool is_kept;     /* `path` is `file` */
};

/* Takes the lock of the deployment file `file`, which must outlive the lock, without waiting; makes its
 * folder if missing. On a disk that is full or read-only, locks `file` itself. -1 names the process that
 * holds it. */
int lock_take(struct lock *lock, const char *file, struct err *e);
/* Takes the lock of an account's region without waiting. 0 taken, 1 another process holds it (`e` names it),
 * -1 failed. The file is aws-ACCOUNT-REGION.lock in the state folder. */
int lock_take_account(struct lock *lock, const char *account, const char *region, struct err *e);
/* Whether another process holds the lock of `file`; writes its process id, "" when unknown. */
bool lock_is_held(const char *file, char *holder, size_t holder_bytes);
/* Releases it and removes the file; fine when it is not held. */
void lock_release(struct lock *lock);

#endif
