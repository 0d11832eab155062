/* The lock that keeps two programs from working on one deployment file at once: flock(2) on FILE.lock, which
 * goes with its holder and is removed by it. */
#ifndef PROVISION_LOCK_H
#define PROVISION_LOCK_H

struct err;

struct lock {
    int fd;     /* -1 when not held */
    char *path; /* owned */
};

/* Takes the lock of the deployment file `file` without waiting; makes its folder when it is missing. -1 names
 * who holds it. */
int lock_take(struct lock *lock, const char *file, struct err *e);
/* Fine on one that is not held. */
void lock_release(struct lock *lock);

#endif
