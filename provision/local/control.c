#include "control.h"

#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const struct timeval patience = { .tv_sec = 1 };
    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (TEMP_FAILURE_RETRY(connect(fd, (const struct sockaddr *)&address, sizeof address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Copies until the end; -1 when it does not end in time. Drops HAProxy's empty last line, which is not a row.
 */
static int receive(int from, int to)
{
    char buffer[65536];
    off_t length = 0;
    ssize_t n;
    while ((n = TEMP_FAILURE_RETRY(recv(from, buffer, sizeof buffer, 0))) > 0) {
        if (TEMP_FAILURE_RETRY(pwrite(to, buffer, (size_t)n, length)) != n)
            return -1;
        length += n;
    }
    while (n == 0 && length > 1 && TEMP_FAILURE_RETRY(pread(to, buffer, 2, length - 2)) == 2 &&
           buffer[0] == '\n' && buffer[1] == '\n')
        length--;
    return n == 0 ? (int)TEMP_FAILURE_RETRY(ftruncate(to, length)) : -1;
}

/* The answer in an anonymous file whose descriptor the caller closes; -1 without one. */
static int ask(const char *socket_path, const char *command, struct err *e)
{
    const int memory = memfd_create("answer", MFD_CLOEXEC);
    const int fd = connect_to(socket_path);
    int status = memory < 0 || fd < 0 ? -1 : 0;

    if (!status && *command && TEMP_FAILURE_RETRY(send(fd, command, strlen(command), MSG_NOSIGNAL)) < 0)
        status = -1;
    if (!status && receive(fd, memory))
        status = -1;
    if (status)
        err_errno(e, ERR_FAILED, "no answer at %s", socket_path);
    if (fd >= 0)
        close(fd);
    if (status && memory >= 0)
        close(memory);
    return status ? -1 : memory;
}

int control_ask(const char *socket_path, const char *command, struct csv_reader *answer, struct err *e)
{
    char path[64];
    const int memory = ask(socket_path, command, e);
    if (memory < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    const int status = csv_open(answer, path, e);
    close(memory); /* the reader has a descriptor of its own */
    return status;
}

long control_ask_text(const char *socket_path, const char *command, char *text, size_t text_bytes,
                      struct err *e)
{
    const int memory = ask(socket_path, command, e);
    if (memory < 0)
        return -1;
    const ssize_t n = pread(memory, text, text_bytes - 1, 0);
    close(memory);
    text[n > 0 ? n : 0] = '\0';
    return n > 0 ? (long)n : 0;
}
