/* The requests of an HTTP/2 connection. Each has a slot, which holds its flight and its HTTP/2 stream: it
 * waits for room, is submitted, written with all others of the same turn in one write, and ends by its
 * response, a reset, its time-out or the end of the connection. What the peer has not processed is sent
 * again. conn.h has the socket and its life; these functions stand in for those of HTTP/1.1. Hot path. */
#ifndef ENGINE_MUX_H
#define ENGINE_MUX_H

#include "loop.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct flight;
struct shard;

/* Bytes that a connection of the shard needs behind its struct conn. */
size_t mux_bytes(const struct shard *s);
/* Makes c->mux in that memory, at `place`. */
void mux_init(struct conn *c, char *place);
void mux_fini(struct conn *c);

/* Before it is opened: what it needs for the first time. -1 with errno when memory is short. */
int mux_prepare(struct conn *c);
/* The connection can send: queues the preface. -1 when memory is short. */
int mux_begin(struct conn *c);
/* The socket is closed: requests that have not ended wait for the next connection. */
void mux_on_close(struct conn *c);

/* Takes up a request; requires n_flights < in_flight_most. */
void mux_submit(struct conn *c, const struct flight *flight);
/* Submits those that wait, as room allows. */
void mux_send_pending(struct conn *c);
/* Whether one more request would be sent at once. */
bool mux_has_room(struct conn *c);
/* Closed model: whether another user may take up a request now. Without a connection, as many may as are sent
 * before the peer has said how many it allows. */
bool mux_may_take(struct conn *c);
/* The connection with which the users of this one go on: itself, or where it takes no more but is not done,
 * its heir. Hands over requests that wait on it. */
struct conn *mux_follow(struct conn *c, uint64_t now_ns);
/* Users who belong to it may still have requests on another one. */
bool mux_has_elder(const struct conn *c);
/* Its users are elsewhere, or it never had any. */
bool mux_has_left(const struct conn *c);
/* Makes it a spare connection again, if it is such a one and done. */
void mux_retire(struct conn *c, uint64_t now_ns);
/* The last of the requests that wait although the connection takes no more; NULL: none. */
const struct flight *mux_last_stranded(const struct conn *c);
/* Takes that one off the connection. */
void mux_give_back_last(struct conn *c);
/* The request that has waited longest for a connection; NULL: none. */
const struct flight *mux_first_waiting(const struct conn *c);
/* Whether a request that waits for a connection has timed out. */
bool mux_is_overdue(const struct conn *c, uint64_t now_ns);

/* `think`: all users of the connection that have no request begin to think. */
void mux_begin_thinking(struct conn *c, uint64_t now_ns);
/* Since when the one thinks that has thought longest; UINT64_MAX: none does. */
uint64_t mux_thinking_since_ns(const struct shard *s);
/* That one stops; returns its connection. */
struct conn *mux_end_thinking(struct shard *s);
/* All stop. Does nothing over HTTP/1.1. */
void mux_stop_thinking(struct shard *s);

/* Counts what lasts at the end of an interval of the statistics. */
void mux_count_interval(struct shard *s, uint64_t end_ns);

/* Writes what is queued; true when nothing is left. */
bool mux_flush(struct conn *c);
/* To be called at the end of each callback of the loop, by mux_flush_unsent. */
void mux_flush_all(struct loop *l);

/* Bytes have arrived. */
void mux_feed(struct conn *c, const char *data, size_t length_bytes, uint64_t now_ns);
/* The connection ended or broke. */
void mux_end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
/* Tells the peer that the connection is closed next, if that can be written at once (RFC 9113 section 6.8).
 * Does nothing where the peer has said so first. */
void mux_say_goodbye(struct conn *c);
/* As conn_fail and conn_time_out. */
void mux_fail(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
void mux_time_out(struct conn *c, uint64_t now_ns);

/* Writes what the connections of this thread have queued since the last call. */
static inline void mux_flush_unsent(struct loop *l)
{
    if (__builtin_expect(l->unsent_first != NULL, 0))
        mux_flush_all(l);
}

#endif
