/* A socket BIO for OpenSSL that keeps the kernel's receive times, which OpenSSL's own does not. Hot path. */
#ifndef ENGINE_TRANSPORT_BIO_H
#define ENGINE_TRANSPORT_BIO_H

#include <openssl/bio.h>

struct sock;

/* The method shared by all such BIOs. NULL when memory is short; freed by BIO_meth_free. */
BIO_METHOD *transport_bio_method(void);
/* A BIO over the socket, which is borrowed. NULL when memory is short; freed with its SSL. */
BIO *transport_bio_new(const BIO_METHOD *method, struct sock *sock);

#endif
