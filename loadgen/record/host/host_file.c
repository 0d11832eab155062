#include "host_file.h"

#include <fcntl.h>
#include <unistd.h>

bool host_file_read(const char *path, char *out, size_t out_bytes)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    ssize_t more = fd < 0 ? -1 : 1;
    while (more > 0 && n < out_bytes - 1) {
        more = read(fd, out + n, out_bytes - 1 - n);
        n += more > 0 ? (size_t)more : 0;
    }
    if (fd >= 0)
        close(fd);
    out[n] = '\0';
    return n > 0;
}
