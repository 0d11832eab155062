#include "room.h"

#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_full(int cause)
{
    return cause == ENOSPC || cause == EDQUOT;
}

static int cannot(const char *folder, uint64_t n_bytes, int cause, struct err *e)
{
    errno = cause;
    return err_errno(e, ERR_FAILED, "cannot set aside %llu KiB for the results in %s",
                     (unsigned long long)(n_bytes + 1023) / 1024, folder);
}

int room_take(struct room *room, const char *folder, uint64_t n_bytes, struct err *e)
{
    char path[PATH_MAX];
    *room = (struct room){ 0 };
    if ((size_t)snprintf(path, sizeof path, "%s/.room.XXXXXX", folder) >= sizeof path)
        return cannot(folder, n_bytes, ENAMETOOLONG, e);
    const int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return cannot(folder, n_bytes, errno, e);
    unlink(path);
    int cause;
    while ((cause = posix_fallocate(fd, 0, (off_t)n_bytes)) == EINTR)
        continue;
    if (cause == 0) {
        *room = (struct room){ .is_taken = true, .fd = fd };
        return 0;
    }
    close(fd);
    return is_full(cause) ? cannot(folder, n_bytes, cause, e) : 0;
}

void room_give(struct room *room)
{
    if (room->is_taken)
        close(room->fd);
    *room = (struct room){ 0 };
}
