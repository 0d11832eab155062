/* One connection to the target and the requests in flight on it: connects, performs the handshake, sends,
 * reads, and determines how each request ended. It belongs to a shard, which submits requests and is called
 * back at every end (shard_on_...). Used on one thread. Hot path. */
#ifndef ENGINE_CONN_H
#define ENGINE_CONN_H

#include "again.h"
#include "exchange.h"
#include "http1.h"
#include "loop.h"
#include "outcome.h"
#include "transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_set;
struct mux;
struct plan_request;
struct shard;

/* A request from dispatch to its end. Times are monotonic ns, 0: not yet. */
struct flight {
    uint64_t seq;           /* number within the stream; of sessions: of the pass */
    uint64_t due_ns;        /* 0 where requests have none: plan_stream_has_due */
    uint64_t dispatched_ns; /* when the loop took it up */
    uint64_t sent_ns;       /* first byte handed to the kernel */
    uint64_t setup_ns; /* part of dispatched..sent spent on this connection's own connect and handshake */
    const struct plan_request *request;
    uint32_t phase; /* within the stream */
    uint8_t row;    /* of the stream's results; 0 without sessions */
    bool is_retry;  /* sent again after a reused connection had been closed */
    bool is_first;  /* first request on its connection */
    uint8_t again;  /* enum again: why, if it is sent once more */
};

enum conn_state {
    CONN_CLOSED,     /* no descriptor */
    CONN_CONNECTING, /* connect() under way */
    CONN_HANDSHAKE,  /* TLS under way */
    CONN_READY,      /* requests can be sent */
    CONN_CLOSING,    /* until the end of this turn of the loop */
};

struct conn {
    struct poller_watch watch;
    struct shard *shard;
    struct mux *mux;             /* HTTP/2: its requests, in place of the ring of flights; NULL: HTTP/1.1 */
    struct conn *before, *after; /* neighbours in the shard's list that it is in */
    struct conn_list *list;
    struct conn *room_after; /* open model, pipelining: next in the queue for one more request */
    struct loop_closed closed;
    struct sock sock;
    struct exchange exchange; /* of the oldest request written */
    struct http1 http1;       /* reads it */
    const char *rest;         /* bytes of the current request not yet taken by the kernel */
    size_t rest_bytes;        /* HTTP/2: not 0 while the kernel takes no more */
    struct exchange_room room;
    uint64_t opened_ns; /* connect() called */
    uint64_t connected_ns;
    uint64_t ready_ns;
    uint64_t since_ns;      /* when it entered its list, or got its last response */
    uint64_t deadline_ns;   /* of the oldest request written */
    uint64_t rx_age_ns;     /* of the latest read; UINT64_MAX unknown */
    uint64_t n_on_conn;     /* requests sent on this connection */
    uint32_t number;        /* within the run */
    uint32_t remote;        /* index of the remote address in the loop's `remotes` */
    uint32_t generation;    /* of the address set it was last checked against */
    uint32_t n_failures;    /* consecutive failed connection attempts */
    uint32_t address_shift; /* how often it moved on to the next address after a failure */
    uint32_t n_bound;       /* how often a source address was bound */
    enum conn_state state;
    bool is_offered; /* in that queue */
    bool is_hung_up; /* the peer has shut down its side: reads go on until end of stream */
    bool is_mute;    /* a write has failed: nothing more is sent, but received bytes are still read */
    uint32_t head;   /* ring of flights */
    uint32_t n_flights;
    uint32_t n_written;      /* flights whose bytes were sent (the first ones of the ring) */
    struct flight flights[]; /* [in_flight_most] */
};

/* A list of connections in order of entry. */
struct conn_list {
    struct conn *first, *last;
    uint32_t n;
};

/* Size of a connection of this shard, including its flights and the response's tail. */
size_t conn_bytes(const struct shard *shard);
void conn_init(struct conn *c, struct shard *shard, uint32_t number);
/* Frees what it owns. The connection must be closed. */
void conn_fini(struct conn *c);

/* Takes up a request: sends it at once, or when the connection gets ready. A closed connection is not opened.
 * Requires n_flights < in_flight_most. */
void conn_submit(struct conn *c, const struct flight *flight, uint64_t now_ns);
/* Whether one more request would be sent at once. */
bool conn_has_room(struct conn *c);
/* The place in the set of the address that it is opened to. */
uint32_t conn_address(const struct conn *c, const struct address_set *set);
/* Opens a closed connection. Ends in shard_on_ready or shard_on_connect_failed. */
void conn_open(struct conn *c, uint64_t now_ns);
/* The kernel's estimate of the round trip on an open connection; 0 unknown, as over a Unix socket. */
uint64_t conn_rtt_ns(const struct conn *c);
/* Ends a connection attempt that takes too long. */
void conn_give_up(struct conn *c, uint64_t now_ns);
/* Sends the requests taken up before the connection was ready. */
void conn_send_pending(struct conn *c);
/* Ends every request in flight as `outcome` and closes. `cause` is a constant string. */
void conn_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
/* Ends the overdue requests as timeouts and closes; HTTP/2 cancels their streams. For the other requests see
 * conn_end.c. */
void conn_time_out(struct conn *c, uint64_t now_ns);
/* Closes at once. Requests still on it are sent on the next connection. */
void conn_close(struct conn *c);
/* The same, where the reason is ours: over HTTP/2 the peer is told. */
void conn_close_in_order(struct conn *c);
/* To be called at the end of the turn in which it was closed: from then on it can be opened again. */
void conn_finish_close(struct loop_closed *closed, uint64_t now_ns);

void conn_list_append(struct conn_list *list, struct conn *c, uint64_t now_ns);
void conn_list_remove(struct conn *c);
/* Moves the connection from its list, if any, to the end of another. */
void conn_move(struct conn_list *list, struct conn *c, uint64_t now_ns);
/* Moves it to its place in a list ordered by deadline_ns. */
void conn_list_place(struct conn_list *list, struct conn *c);

static inline struct flight *conn_flight(struct conn *c, uint32_t i, uint32_t depth)
{
    const uint32_t at = c->head + i;
    return &c->flights[at < depth ? at : at - depth];
}

#endif
