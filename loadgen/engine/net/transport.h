/* How bytes get to and from a connected socket: plain TCP (and Unix sockets) or TLS, chosen once at start.
 * Non-blocking. Hot path. Nothing here knows HTTP or the event loop. */
#ifndef ENGINE_TRANSPORT_H
#define ENGINE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct plan_target;

/* What a call says when it moves no bytes. */
enum transport_result {
    TRANSPORT_END = 0,         /* the peer closed in order */
    TRANSPORT_WANT_READ = -1,  /* wait until the socket is readable */
    TRANSPORT_WANT_WRITE = -2, /* wait until the socket is writable */
    TRANSPORT_FAILED = -3,     /* reset or another error; `cause` says which */
    TRANSPORT_TLS_FAILED = -4, /* handshake, or a certificate that was refused; `cause` says which */
};

/* One end of a connection. Embedded in the connection. */
struct sock {
    int fd;
    void *session;           /* TLS state; NULL for plain */
    const char *cause;       /* constant string: why the last call failed */
    bool may_have_more;      /* the last receive took all that it had room for */
    uint64_t rx_realtime_ns; /* kernel's receive time of the last byte read, CLOCK_REALTIME; 0 unknown */
};

/* Shared by all connections of a thread; made once. */
struct transport {
    /* After connect(): 1 ready to send, or a transport_result to wait for or fail with; called again after
     * waiting. */
    int (*start)(struct transport *t, struct sock *sock);
    ssize_t (*read)(struct sock *sock, char *data, size_t most_bytes);
    ssize_t (*write)(struct sock *sock, const char *data, size_t length_bytes);
    /* Frees what start made; the descriptor stays the caller's. */
    void (*stop)(struct transport *t, struct sock *sock);
    /* True: bytes are waiting in user space although the socket may not be readable. */
    bool (*has_pending)(const struct sock *sock);
    void *context; /* TLS: SSL_CTX and sessions */
    bool has_handshake;
};

/* Plain sockets with kernel receive timestamps where the kernel gives them. Cannot fail. */
void transport_plain(struct transport *t);
/* TLS by OpenSSL 3 as `target->tls_options` says, for so many connections in all threads together: many give
 * their buffers back between records. -1 and a sentence when a file cannot be read or does not fit. */
int transport_tls(struct transport *t, const struct plan_target *target, uint64_t n_connections,
                  struct err *e);
/* Frees the context; accepts a zeroed transport. */
void transport_fini(struct transport *t);

/* The constant text of an errno value. */
const char *transport_errno_text(int error);

#endif
