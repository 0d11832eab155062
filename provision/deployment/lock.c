#include "lock.h"

#include "err.h"
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The holder removes the file before it unlocks it: another process may then have locked a file without a
 * name, and must try again. */
static bool still_named(int fd, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

static int held_by_other(const char *file, int fd, struct err *e)
{
    char holder[24] = "";
    const ssize_t n = TEMP_FAILURE_RETRY(pread(fd, holder, sizeof holder - 1, 0));
    holder[n > 0 ? strspn(holder, "0123456789") : 0] = '\0';
    return err_set(e, ERR_FAILED, "another loadgen provision%s%s is working on %s; wait until it has ended",
                   holder[0] ? " with process id " : "", holder, file);
}

static int make_folder_of(const char *path, struct err *e)
{
    char *copy = strdup(path);
    const int status = copy ? files_make_folders(dirname(copy), e) : err_set(e, ERR_FAILED, "out of memory");
    free(copy);
    return status;
}

/* The locked descriptor, or -1. */
static int open_locked(const struct lock *lock, const char *file, struct err *e)
{
    const int fd = (int)TEMP_FAILURE_RETRY(open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd < 0)
        return err_errno(e, ERR_FAILED, "cannot open %s", lock->path);
    if (TEMP_FAILURE_RETRY(flock(fd, LOCK_EX | LOCK_NB)) == 0)
        return fd;
    const int status = errno == EWOULDBLOCK ? held_by_other(file, fd, e)
                                            : err_errno(e, ERR_FAILED, "cannot lock %s", lock->path);
    close(fd);
    return status;
}

static int take(struct lock *lock, const char *file, struct err *e)
{
    do {
        if (lock->fd >= 0)
            close(lock->fd);
        lock->fd = open_locked(lock, file, e);
    } while (lock->fd >= 0 && !still_named(lock->fd, lock->path));
    if (lock->fd < 0)
        return -1;
    if (TEMP_FAILURE_RETRY(ftruncate(lock->fd, 0)) < 0 || dprintf(lock->fd, "%ld\n", (long)getpid()) < 0)
        return err_errno(e, ERR_FAILED, "cannot write %s", lock->path);
    return 0;
}

int lock_take(struct lock *lock, const char *file, struct err *e)
{
    *lock = (struct lock){ .fd = -1 };
    if (make_folder_of(file, e))
        return -1;
    if (asprintf(&lock->path, "%s.lock", file) < 0) {
        lock->path = NULL;
        return err_set(e, ERR_FAILED, "out of memory");
    }
    if (take(lock, file, e) == 0)
        return 0;
    lock_release(lock);
    return -1;
}

void lock_release(struct lock *lock)
{
    if (lock->fd >= 0) {
        unlink(lock->path);
        close(lock->fd);
    }
    free(lock->path);
    *lock = (struct lock){ .fd = -1 };
}
