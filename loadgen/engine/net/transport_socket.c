#include "transport_socket.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void transport_socket_start(const struct sock *sock)
{
    const int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    setsockopt(sock->fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags);
}

int transport_socket_stamps_early(void)
{
    const struct sock sock = { .fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) };
    if (sock.fd >= 0)
        transport_socket_start(&sock);
    return sock.fd;
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

/* The C library's recvmsg() and send() are cancellation points, which costs two atomic operations a call in a
 * program with threads (1 % of a request), and no thread here is cancelled. Interrupted calls are repeated at
 * once: the poller reports an edge only once. */
ssize_t transport_socket_receive(struct sock *sock, char *data, size_t most_bytes)
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
    const ssize_t n = TEMP_FAILURE_RETRY(syscall(SYS_recvmsg, sock->fd, &message, 0));
    sock->may_have_more = n > 0 && (size_t)n == most_bytes;
    if (n >= 0)
        sock->rx_realtime_ns = message.msg_controllen > 0 ? stamp_of(&message) : 0;
    return n;
}

ssize_t transport_socket_send(struct sock *sock, const char *data, size_t length_bytes)
{
    return TEMP_FAILURE_RETRY(syscall(SYS_sendto, sock->fd, data, length_bytes, MSG_NOSIGNAL, NULL, 0));
}
