#include "transport.h"

#include "transport_socket.h"

#include <errno.h>
#include <string.h>

static int plain_start(struct transport *t, struct sock *sock)
{
    (void)t;
    transport_socket_start(sock);
    return 1;
}

static int failure(struct sock *sock, int error, int want)
{
    if (error == EAGAIN) /* EWOULDBLOCK is the same on Linux */
        return want;
    sock->cause = transport_errno_text(error);
    return TRANSPORT_FAILED;
}

static ssize_t plain_read(struct sock *sock, char *data, size_t most_bytes)
{
    const ssize_t n = transport_socket_receive(sock, data, most_bytes);
    return n >= 0 ? n : failure(sock, errno, TRANSPORT_WANT_READ);
}

static ssize_t plain_write(struct sock *sock, const char *data, size_t length_bytes)
{
    const ssize_t n = transport_socket_send(sock, data, length_bytes);
    return n >= 0 ? n : failure(sock, errno, TRANSPORT_WANT_WRITE);
}

static void plain_stop(struct transport *t, struct sock *sock)
{
    (void)t;
    (void)sock;
}

static bool plain_has_pending(const struct sock *sock)
{
    (void)sock;
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
