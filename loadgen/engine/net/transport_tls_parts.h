/* Private to the files of the TLS transport: transport_tls.c (connections), above transport_tls_set_up.c
 * (what they have in common). */
#ifndef ENGINE_TRANSPORT_TLS_PARTS_H
#define ENGINE_TRANSPORT_TLS_PARTS_H

#include "transport.h"

#include <openssl/ssl.h>

struct plan_tls;

enum { TRANSPORT_TLS_SESSIONS_MOST = 256 };

/* Per thread: the context and the newest sessions, offered to the next handshakes. A TLS 1.3 session is a
 * ticket for one use: the handshake uses it up, and its successor arrives with the first response.
 * Connections opened in between need tickets of their own, hence several. */
struct tls {
    SSL_CTX *ctx;
    BIO_METHOD *bio_method;
    SSL_SESSION *sessions[TRANSPORT_TLS_SESSIONS_MOST]; /* a ring */
    size_t oldest;
    size_t n_sessions;
    char *server_name;
    bool name_is_address;
    bool verifies;
    bool resumes;
    bool wants_h2;
};

/* Prepares the context. -1 with an error when a file cannot be read or does not fit. */
int transport_tls_set_up(struct tls *tls, const struct plan_tls *options, uint64_t n_connections,
                         struct err *e);

#endif
