#include "transport.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Receive timestamps by the kernel (Documentation/networking/timestamping.rst, since 4.14 for TCP): the stamp
 * is that of the last byte that a recvmsg returns. Where the option is refused (Unix sockets, old kernels)
 * there is no stamp and nothing else changes. */
static int plain_start(struct transport *t, struct wire *w)
{
    (void)t;
    const int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    setsockopt(w->fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags);
    return 1;
}

static uint64_t stamp_of(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            return (uint64_t)stamp.tv_sec * 1000000000u + (uint64_t)stamp.tv_nsec;
        }
    return 0;
}

static int failure(struct wire *w, int error, int want)
{
    if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR)
        return want;
    w->cause = transport_errno_text(error);
    return TRANSPORT_FAILED;
}

/* The C library's recvmsg() and send() are points of cancellation, which costs two atomic operations a call
 * in a program with threads (1 % of a request). Nobody cancels a thread here. */
static ssize_t plain_read(struct wire *w, char *data, size_t most_bytes)
{
    union {
        char bytes[CMSG_SPACE(3 * sizeof(struct timespec))];
        struct cmsghdr align;
    } control;
    struct iovec part = { .iov_base = data, .iov_len = most_bytes };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    const ssize_t n = syscall(SYS_recvmsg, w->fd, &message, 0);
    if (n < 0)
        return failure(w, errno, TRANSPORT_WANT_READ);
    w->rx_realtime_ns = message.msg_controllen > 0 ? stamp_of(&message) : 0;
    return n;
}

static ssize_t plain_write(struct wire *w, const char *data, size_t length_bytes)
{
    const ssize_t n = syscall(SYS_sendto, w->fd, data, length_bytes, MSG_NOSIGNAL, NULL, 0);
    return n >= 0 ? n : failure(w, errno, TRANSPORT_WANT_WRITE);
}

static void plain_stop(struct transport *t, struct wire *w)
{
    (void)t;
    (void)w;
}

static bool plain_has_pending(const struct wire *w)
{
    (void)w;
    return false;
}

void transport_plain(struct transport *t)
{
    *t = (struct transport){ .start = plain_start,
                             .read = plain_read,
                             .write = plain_write,
                             .stop = plain_stop,
                             .has_pending = plain_has_pending };
}

const char *transport_errno_text(int error)
{
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
}
