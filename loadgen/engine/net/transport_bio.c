#include "transport_bio.h"

#include "transport_socket.h"

#include <errno.h>

static int bio_read(BIO *bio, char *data, int most_bytes)
{
    const ssize_t n = transport_socket_receive(BIO_get_data(bio), data, (size_t)most_bytes);
    BIO_clear_retry_flags(bio);
    if (n < 0 && BIO_sock_non_fatal_error(errno))
        BIO_set_retry_read(bio);
    else if (n == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)n;
}

static int bio_write(BIO *bio, const char *data, int length_bytes)
{
    const ssize_t n = transport_socket_send(BIO_get_data(bio), data, (size_t)length_bytes);
    BIO_clear_retry_flags(bio);
    if (n < 0 && BIO_sock_non_fatal_error(errno))
        BIO_set_retry_write(bio);
    return (int)n;
}

/* BIO_ctrl(3): unknown commands return 0. */
static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP;
}

BIO_METHOD *transport_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket with receive times");
    if (!method)
        return NULL;
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_ctrl);
    return method;
}

BIO *transport_bio_new(const BIO_METHOD *method, struct sock *sock)
{
    BIO *bio = BIO_new(method);
    if (!bio)
        return NULL;
    BIO_set_data(bio, sock);
    BIO_set_init(bio, 1);
    return bio;
}
