/* Private to the files of a connection: conn.c (life and events), conn_connect.c (opening), conn_send.c
 * (requests out), conn_receive.c (responses in), conn_end.c (the end of both). */
#ifndef ENGINE_CONN_PARTS_H
#define ENGINE_CONN_PARTS_H

#include "addresses.h"
#include "conn.h"
#include "plan.h"
#include "shard.h"

enum { CONN_WRITE_MOST_BYTES = 256 * 1024 }; /* per turn: a large body must not hold up other connections */

/* Has the poller watch the socket. -1 with errno on failure. */
int conn_watch(struct conn *c);
/* Goes on in the next turn of the loop, where there is more to do than one should take. */
void conn_go_on_later(struct conn *c);
/* The size of a part of a connection's memory, behind which any other can begin. */
static inline size_t conn_aligned(size_t bytes)
{
    return (bytes + 15) / 16 * 16;
}
/* The longest tail that any answer on the stream's connections needs. */
size_t conn_tail_bytes(const struct plan_stream *stream);
/* Removes the oldest request from the ring. */
void conn_pop_flight(struct conn *c, struct flight *out);
/* Whether it has carried as many requests as its stream allows a connection. */
static inline bool conn_is_used_up(const struct conn *c)
{
    const uint64_t limit = c->shard->stream->requests_per_connection;
    return limit > 0 && c->n_on_conn >= limit;
}
/* conn_connect.c: looks the connection's address up in a new set. */
bool conn_has_lost_address(struct conn *c, const struct address_set *set);
/* Whether the name's addresses have changed so that this connection belongs to another one now. */
static inline bool conn_is_withdrawn(struct conn *c)
{
    const struct address_set *set = addresses_now(c->shard->route->addresses);
    return __builtin_expect(c->generation != set->generation, 0) && conn_has_lost_address(c, set);
}

/* The poller's callback. */
void conn_on_events(struct conn *c, uint32_t events);

/* conn_connect.c: connect() has completed; the handshake can go on. */
void conn_finish_connect(struct conn *c, uint64_t now_ns);
void conn_shake_hands(struct conn *c, uint64_t now_ns);
/* conn_send.c: writes the rest of the current request; true when all is written. */
bool conn_flush(struct conn *c);
/* conn_receive.c: reads what has arrived; returns the time of the last read. */
uint64_t conn_read(struct conn *c);
/* Expects the response to the oldest request next. */
void conn_await_head(struct conn *c);
/* Nothing has arrived of the next response. */
static inline void conn_begin_exchange(struct conn *c, bool is_head)
{
    http1_begin(&c->http1, is_head);
    c->exchange.first_ns = 0;
}
/* conn_end.c: whether a request that may have been processed may be sent again (RFC 9110 section 9.2.2). */
bool conn_may_be_repeated(const struct flight *f);
/* The oldest request ends, and the connection with it. */
void conn_end_head(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
/* The connection ended or broke: the oldest request ends as `outcome`, or is sent again. */
void conn_end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);

#endif
