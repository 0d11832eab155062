#include "lock.h"

#include "err.h"
#include "files.h"
#include "state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
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

static void read_holder(int fd, char *holder, size_t holder_bytes)
{
    const ssize_t n = TEMP_FAILURE_RETRY(pread(fd, holder, holder_bytes - 1, 0));
    holder[n > 0 ? n : 0] = '\0';
    holder[strspn(holder, "0123456789")] = '\0';
}

/* Returns 1. */
static int held_by_other(const char *what, int fd, struct err *e)
{
    char holder[24];
    read_holder(fd, holder, sizeof holder);
    err_set(e, ERR_FAILED, "another loadgen provision%s%s is working on %s: wait until it has ended",
            holder[0] ? " with process id " : "", holder, what);
    return 1;
}

static int make_folder_of(const char *path, struct err *e)
{
    char *copy = strdup(path);
    const int status = copy ? files_make_folders(dirname(copy), e) : err_set(e, ERR_FAILED, "out of memory");
    free(copy);
    return status;
}

static bool is_unwritable(int reason)
{
    return reason == EROFS || reason == ENOSPC || reason == EDQUOT || reason == EACCES;
}

static int open_file_itself(struct lock *lock)
{
    char *path = strdup(lock->file);
    const int fd = path ? (int)TEMP_FAILURE_RETRY(open(path, O_RDONLY | O_CLOEXEC)) : -1;
    if (fd < 0) {
        free(path);
        return -1;
    }
    free(lock->path);
    lock->path = path;
    lock->is_kept = true;
    return fd;
}

/* On a disk that is full or read-only, a lock file that exists still serves, and so does the deployment file:
 * `down` must work there too. */
static int open_as_it_is(struct lock *lock)
{
    const int reason = errno;
    int fd = (int)TEMP_FAILURE_RETRY(open(lock->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (fd < 0)
        fd = open_file_itself(lock);
    errno = reason;
    return fd;
}

/* 0 locked, 1 another process holds it, -1 failed. */
static int open_locked(struct lock *lock, const char *what, struct err *e)
{
    const int how = lock->is_kept ? O_RDONLY : O_RDWR | O_CREAT | O_NOFOLLOW;
    lock->fd = (int)TEMP_FAILURE_RETRY(open(lock->path, how | O_CLOEXEC, 0600));
    if (lock->fd < 0 && lock->file && is_unwritable(errno))
        lock->fd = open_as_it_is(lock);
    if (lock->fd < 0)
        return err_errno(e, ERR_FAILED, "cannot open %s", lock->path);
    if (TEMP_FAILURE_RETRY(flock(lock->fd, LOCK_EX | LOCK_NB)) == 0)
        return 0;
    const int status = errno == EWOULDBLOCK ? held_by_other(what, lock->fd, e)
                                            : err_errno(e, ERR_FAILED, "cannot lock %s", lock->path);
    close(lock->fd);
    lock->fd = -1;
    return status;
}

/* `what` names in messages what is locked. As open_locked. */
static int take(struct lock *lock, const char *what, struct err *e)
{
    int status;
    do {
        if (lock->fd >= 0)
            close(lock->fd);
        status = open_locked(lock, what, e);
    } while (status == 0 && !still_named(lock->fd, lock->path));
    if (status != 0)
        return status;
    /* The holder's number is for messages only: a full disk is no reason to fail. */
    if (!lock->is_kept && TEMP_FAILURE_RETRY(ftruncate(lock->fd, 0)) == 0)
        dprintf(lock->fd, "%ld\n", (long)getpid());
    return 0;
}

int lock_take(struct lock *lock, const char *file, struct err *e)
{
    *lock = (struct lock){ .fd = -1, .file = file };
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

int lock_take_account(struct lock *lock, const char *account, const char *region, struct err *e)
{
    char name[120];
    char what[140];
    snprintf(name, sizeof name, "aws-%.40s-%.40s.lock", account, region);
    snprintf(what, sizeof what, "the instances of account %.40s in %.40s", account, region);
    *lock = (struct lock){ .fd = -1, .path = state_folder_file(name) };
    if (!lock->path)
        return err_set(e, ERR_FAILED,
                       "there is no writable folder for the lock of %s: set XDG_STATE_HOME or TMPDIR", what);
    const int status = take(lock, what, e);
    if (status != 0)
        lock_release(lock);
    return status;
}

bool lock_is_held(const char *file, char *holder, size_t holder_bytes)
{
    char path[PATH_MAX];
    holder[0] = '\0';
    if (snprintf(path, sizeof path, "%s.lock", file) >= (int)sizeof path)
        return false;
    int fd = (int)TEMP_FAILURE_RETRY(open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (fd < 0)
        fd = (int)TEMP_FAILURE_RETRY(open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (fd < 0)
        return false;
    const bool is_held = TEMP_FAILURE_RETRY(flock(fd, LOCK_SH | LOCK_NB)) < 0 && errno == EWOULDBLOCK;
    if (is_held)
        read_holder(fd, holder, holder_bytes);
    close(fd);
    return is_held;
}

void lock_release(struct lock *lock)
{
    if (lock->fd >= 0 && !lock->is_kept)
        unlink(lock->path);
    if (lock->fd >= 0)
        close(lock->fd);
    free(lock->path);
    *lock = (struct lock){ .fd = -1 };
}
