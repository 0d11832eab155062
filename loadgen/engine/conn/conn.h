/* One connection to the target and the requests in flight on it: connects, shakes hands, sends, reads, and
 * finds out how each request ended. It belongs to a shard, which tells it what to send and is told of every
 * end. All on the loop of one thread; the hot path. */
#ifndef ENGINE_CONN_H
#define ENGINE_CONN_H

#include "exchange.h"
#include "loop.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_request;
struct shard;

/* A request from the moment that it is taken up until its end. Times are monotonic ns, 0 = not yet. */
struct flight {
    uint64_t seq;           /* number within the stream */
    uint64_t due_ns;        /* closed model: 0 */
    uint64_t dispatched_ns; /* picked up by the loop */
    uint64_t sent_ns;       /* first byte handed to the kernel */
    uint64_t setup_ns; /* part of dispatched..sent that was this connection's own connect and handshake */
    const struct plan_request *request;
    uint32_t phase; /* within the stream */
    bool is_retry;  /* sent again after a reused connection turned out to be closed */
    bool is_first;  /* first request on its connection */
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
    struct conn *before, *after; /* in the one list of the shard that it is in */
    struct conn_list *list;
    struct conn *room_after; /* open model, pipelining: next in line for one more request */
    struct loop_closed closed;
    struct sock sock;
    struct exchange exchange; /* of the oldest request written */
    const char *rest;         /* bytes of the current request that the kernel has not taken yet */
    size_t rest_bytes;
    struct exchange_room room;
    uint64_t opened_ns; /* connect() called */
    uint64_t connected_ns;
    uint64_t ready_ns;
    uint64_t since_ns;      /* when it entered its list, or had its last answer */
    uint64_t deadline_ns;   /* of the request whose answer comes next */
    uint64_t rx_age_ns;     /* of the latest read; UINT64_MAX unknown */
    uint64_t n_on_conn;     /* requests sent on this connection */
    uint32_t number;        /* within the run */
    uint32_t remote;        /* number of the remote address */
    uint32_t generation;    /* of the address set that it was opened from */
    uint32_t n_failures;    /* connect attempts that failed in a row */
    uint32_t address_shift; /* how often it moved on to the next address because one could not be reached */
    uint32_t n_bound;       /* how often it was given a source address */
    enum conn_state state;
    bool is_offered; /* stands in that line */
    bool is_hung_up; /* the peer has ended its side: reads go on until they meet the end */
    bool is_mute;    /* a write has failed: nothing more is sent, but what the peer has said is read */
    uint32_t head;   /* ring of flights */
    uint32_t n_flights;
    uint32_t n_written;      /* flights whose bytes went out (the first ones of the ring) */
    struct flight flights[]; /* pipeline_depth of the stream */
};

/* A list of connections in the order they entered it. */
struct conn_list {
    struct conn *first, *last;
    uint32_t n;
};

/* Bytes of a connection of this shard, with its flights and the response's tail. */
size_t conn_bytes(const struct shard *shard);
void conn_init(struct conn *c, struct shard *shard, uint32_t number);
/* Frees what it owns; it must be closed. */
void conn_fini(struct conn *c);

/* Takes up a request: sends it when the connection is ready, else as soon as it is; a closed one is opened.
 * There must be room (n_flights < pipeline_depth). */
void conn_submit(struct conn *c, const struct flight *flight, uint64_t now_ns);
/* True: one more request would be sent at once. */
bool conn_has_room(struct conn *c);
/* Opens a closed connection. What comes of it is told by shard_on_ready or shard_on_connect_failed. */
void conn_open(struct conn *c, uint64_t now_ns);
/* Ends an attempt to connect that takes too long. */
void conn_give_up(struct conn *c, uint64_t now_ns);
/* Sends the requests that were taken up before the connection was ready. */
void conn_send_pending(struct conn *c);
/* Ends every request in flight as `outcome` and closes. `cause` is a constant string. */
void conn_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
/* Ends the requests whose time is over and closes; what becomes of the others says conn_end.c. */
void conn_time_out(struct conn *c, uint64_t now_ns);
/* Closes at once. Nothing may be in flight. */
void conn_close(struct conn *c);
/* At the end of the turn in which it was closed, or of the next one: it may be opened again. */
void conn_finish_close(struct loop_closed *closed, uint64_t now_ns);

void conn_list_append(struct conn_list *list, struct conn *c, uint64_t now_ns);
void conn_list_remove(struct conn *c);
/* Takes the connection out of its list, if it is in one, and appends it to another. */
void conn_move(struct conn_list *list, struct conn *c, uint64_t now_ns);
/* Puts it, wherever it was, into a list that is ordered by deadline_ns. */
void conn_list_place(struct conn_list *list, struct conn *c);

static inline struct flight *conn_flight(struct conn *c, uint32_t i, uint32_t depth)
{
    const uint32_t at = c->head + i;
    return &c->flights[at < depth ? at : at - depth];
}

#endif
