/* The lock that keeps two processes from working on one deployment file at once: flock(2) on FILE.lock,
 * released when the holder ends, however it ends. */
#ifndef PROVISION_LOCK_H
#define PROVISION_LOCK_H

struct err;

struct lock {
    int fd;     /* -1 when not held */
    char *path; /* owned */
};

/* Takes the lock of the deployment file `file` without waiting; makes its folder if missing. -1 names the
 * process that holds it. */
int lock_take(struct lock *lock, const char *file, struct err *e);
/* Releases it and removes the file; fine when it is not held. */
void lock_release(struct lock *lock);

#endif
