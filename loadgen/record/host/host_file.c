#include "host_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

bool host_file_read(const char *root, const char *path, char *out, size_t out_bytes)
{
    char whole[PATH_MAX];
    size_t n = 0;
    snprintf(whole, sizeof whole, "%s%s", root, path);
    const int fd = open(whole, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        for (ssize_t more; (more = read(fd, out + n, out_bytes - 1 - n)) > 0;)
            n += (size_t)more;
        close(fd);
    }
    out[n] = '\0';
    return n > 0;
}

bool host_file_line(const char *root, const char *path, char *out, size_t out_bytes)
{
    host_file_read(root, path, out, out_bytes);
    size_t n = 0;
    for (; out[n] && out[n] != '\n'; n++)
        if (out[n] == '\t')
            out[n] = ' ';
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return n > 0;
}
