/* Moves bytes to and from a connected socket: plain TCP (and Unix sockets) or TLS, chosen once at start.
 * Non-blocking. Knows neither HTTP nor the event loop. Hot path. */
#ifndef ENGINE_TRANSPORT_H
#define ENGINE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct plan_target;

/* Result of a call that moves no bytes. */
enum transport_result {
    TRANSPORT_END = 0,         /* the peer closed orderly */
    TRANSPORT_WANT_READ = -1,  /* wait until the socket is readable */
    TRANSPORT_WANT_WRITE = -2, /* wait until the socket is writable */
    TRANSPORT_FAILED = -3,     /* reset or another error; see `cause` */
    TRANSPORT_TLS_FAILED = -4, /* handshake failed or certificate refused; see `cause` */
};

/* A connected socket. Embedded in its connection. */
struct sock {
    int fd;
    void *session;           /* TLS state; NULL for plain */
    const char *cause;       /* why the last call failed, a constant string */
    bool may_have_more;      /* the last receive filled its buffer */
    uint64_t rx_realtime_ns; /* kernel's receive time of the last byte read, CLOCK_REALTIME; 0 unknown */
};

/* Shared by all connections of a thread; made once. */
struct transport {
    /* After connect(): 1 when ready to send, or a transport_result: call again after waiting, or fail. */
    int (*start)(struct transport *t, struct sock *sock);
    ssize_t (*read)(struct sock *sock, char *data, size_t most_bytes);
    ssize_t (*write)(struct sock *sock, const char *data, size_t length_bytes);
    /* Frees what start allocated; the descriptor stays open. */
    void (*stop)(struct transport *t, struct sock *sock);
    /* Whether bytes wait in user space although the socket may not be readable. */
    bool (*has_pending)(const struct sock *sock);
    void *context; /* TLS: SSL_CTX and sessions */
    bool has_handshake;
};

/* Plain sockets, with kernel receive timestamps where available. Cannot fail. */
void transport_plain(struct transport *t);
/* TLS by OpenSSL 3 as in `target->tls_options`. `n_connections` of all threads: with many, buffers are
 * released between records. -1 with an error when a file cannot be read or does not fit. */
int transport_tls(struct transport *t, const struct plan_target *target, uint64_t n_connections,
                  struct err *e);
/* Frees the context; accepts a zeroed transport. */
void transport_fini(struct transport *t);

/* The text of an errno value, a constant string. */
const char *transport_errno_text(int error);

#endif
