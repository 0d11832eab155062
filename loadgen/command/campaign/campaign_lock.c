#include "campaign_lock.h"

#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int campaign_lock(const char *folder, struct err *e)
{
    const int fd = (int)TEMP_FAILURE_RETRY(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd < 0)
        return err_errno(e, ERR_INPUT, "cannot open the campaign %s", folder);
    if (TEMP_FAILURE_RETRY(flock(fd, LOCK_EX | LOCK_NB)) == 0 || errno != EWOULDBLOCK)
        return fd; /* some network file systems cannot lock a folder */
    close(fd);
    return err_set(e, ERR_INPUT, "the campaign %s is still running; wait until it has ended, or stop it",
                   folder);
}
