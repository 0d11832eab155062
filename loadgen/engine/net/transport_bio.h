/* A socket as OpenSSL wants one: a BIO whose reads bring the kernel's receive times along, which OpenSSL's
 * own socket BIO does not. Hot path. */
#ifndef ENGINE_TRANSPORT_BIO_H
#define ENGINE_TRANSPORT_BIO_H

#include <openssl/bio.h>

struct sock;

/* How such a BIO works; one serves any number. NULL when memory is short; freed by BIO_meth_free. */
BIO_METHOD *transport_bio_method(void);
/* A BIO over the socket, which is borrowed. NULL when memory is short; freed with the SSL that it is given
 * to.
 */
BIO *transport_bio_new(const BIO_METHOD *method, struct sock *sock);

#endif
