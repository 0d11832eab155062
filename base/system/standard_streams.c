#include "standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int standard_streams_open(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* The lowest free descriptor is this one: those below it are open by now. */
        int opened;
        do
            opened = open("/dev/null", O_RDWR);
        while (opened < 0 && errno == EINTR);
        if (opened != fd)
            return -1;
    }
    return 0;
}
