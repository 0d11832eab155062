/* One thread's shard of a stream: its connections, and when the next request is sent on which. The closed
 * model (users, in phases that end when the stream's requests are done) and the open model (arrivals by
 * schedule, a queue when no connection is free) are two small tables of functions over this struct. One
 * thread owns it.
 */
#ifndef ENGINE_SHARD_H
#define ENGINE_SHARD_H

#include "arrivals.h"
#include "conn.h"
#include "division.h"
#include "due_queue.h"
#include "plan.h"

#include <stdbool.h>
#include <stdint.h>

struct stats_stream;
struct barrier;
struct phase_clock;
struct shard;
struct loop;

enum { SHARD_PAUSES = 7 }; /* the longest after failed attempts is 64 ms */

enum shard_state {
    SHARD_WAITING, /* for its phase to begin */
    SHARD_RUNNING,
    SHARD_DRAINING, /* nothing new is sent; waits for what is in flight */
    SHARD_OVER,
};

/* What the two load models do differently. */
struct shard_model {
    void (*start)(struct shard *s, uint64_t now_ns);
    loop_due_fn *on_due; /* of the shard's timer */
    void (*on_free)(struct shard *s, struct conn *c,
                    uint64_t now_ns); /* a request ended, or it is ready, or it was closed */
    void (*on_connect_failed)(struct shard *s, struct conn *c, enum outcome outcome, const char *cause,
                              uint64_t now_ns);
    void (*check)(struct shard *s, uint64_t now_ns); /* every tick: has a phase ended, is it over? */
    void (*stop)(struct shard *s, uint64_t now_ns);  /* nothing more is taken up; what is due and on no
                                                        connection ends as censored */
};

struct shard {
    struct loop_timer timer; /* when a request, or a change of phase, is due */
    struct loop *loop;
    const struct plan_stream *stream;
    const struct shard_model *model;
    struct barrier *barrier;     /* closed: the stream's phases and numbers over all threads */
    struct phase_clock *clocks;  /* of the stream's phases, shared by all threads */
    struct stats_stream *counts; /* in the stats in use */
    uint32_t stream_number;
    struct division division; /* which part of the stream it is */
    enum shard_state state;
    uint32_t phase;        /* now */
    uint64_t phase_end_ns; /* UINT64_MAX: not by time */
    uint64_t n_left;       /* closed: requests still to be taken up in this phase; UINT64_MAX: no limit */
    uint32_t n_busy;       /* requests taken up and not ended; open: without those in the queue */
    struct exchange_shared exchanges;
    char *conns; /* n_conns connections of conn_stride bytes, owned */
    size_t conn_stride;
    uint32_t n_conns;
    struct conn_list closed;  /* open: free to be opened; closed model: parked users without connection */
    struct conn_list waiting; /* want to be opened, wait for a turn */
    struct conn_list resting[SHARD_PAUSES]; /* want to be opened; an attempt failed: [i] pauses 2^i ms */
    struct conn_list connecting;
    struct conn_list busy;     /* something in flight; ordered by deadline_ns */
    struct conn_list idle;     /* ready, nothing in flight */
    struct conn_list thinking; /* closed: users that think; ordered */
    struct arrivals arrivals;  /* open */
    struct due next;           /* open: the next arrival */
    bool has_next;
    uint64_t backlog_ns; /* open: when it last looked how much was due and not sent ... */
    uint64_t n_backlog;  /* ... and how much of that it has come to so far, with what waited then */
    bool is_opening;     /* shard_open_waiting is at work further up the stack */
    struct conn *room_first, *room_last; /* open, pipelining: see shard_open.c */
    struct due_queue queue;              /* open */
};

extern const struct shard_model shard_closed;
extern const struct shard_model shard_open;

/* Makes the shard and its connections. -1 when memory is short. */
int shard_init(struct shard *s, struct loop *loop, const struct plan_stream *stream,
               const struct division *division, struct barrier *barrier, struct phase_clock *clocks);
void shard_fini(struct shard *s);

/* Checks deadlines: requests in flight, connects, idle connections. Called every tick. */
void shard_check_deadlines(struct shard *s, uint64_t now_ns);
/* Opens connections that wait for their turn. */
void shard_open_waiting(struct shard *s, uint64_t now_ns);
/* The closed connection is to be opened, after the pause that its failures ask for. */
void shard_want_open(struct shard *s, struct conn *c, uint64_t now_ns);
/* The same, at once where the pause allows it. */
void shard_reopen(struct shard *s, struct conn *c, uint64_t now_ns);
/* Connections on their way to being open. */
uint32_t shard_n_opening(const struct shard *s);
/* Ends everything now: what is open is censored. */
void shard_stop(struct shard *s, uint64_t now_ns);
/* Requests taken up or due and not ended. */
uint64_t shard_n_inflight(const struct shard *s);

/* By sequence or by weight, where there are several. */
const struct plan_request *shard_pick_request(const struct shard *s, uint64_t seq);

/* From the connections. A request of `c` has ended and is accounted for. */
void shard_on_done(struct shard *s, struct conn *c, uint64_t now_ns);
void shard_on_ready(struct shard *s, struct conn *c, uint64_t now_ns);
/* It may have room for one more request, without one having ended. */
void shard_on_room(struct shard *s, struct conn *c, uint64_t now_ns);
void shard_on_connect_failed(struct shard *s, struct conn *c, enum outcome outcome, const char *cause,
                             uint64_t now_ns);
void shard_on_closed(struct shard *s, struct conn *c, uint64_t now_ns);

/* The request that number `seq` of the stream is. */
static inline const struct plan_request *shard_request(const struct shard *s, uint64_t seq)
{
    return s->stream->n_requests == 1 ? s->stream->requests : shard_pick_request(s, seq);
}

/* Takes up a request on a connection that has room; a closed one is opened. */
static inline void shard_submit(struct shard *s, struct conn *c, const struct flight *f, uint64_t now_ns)
{
    conn_submit(c, f, now_ns);
    if (c->state == CONN_CLOSED)
        shard_reopen(s, c, now_ns);
}

/* When the time of a request is over; UINT64_MAX before it has begun. */
static inline uint64_t shard_deadline_ns(const struct shard *s, const struct flight *f)
{
    const uint64_t start_ns = s->stream->model == PLAN_OPEN ? f->due_ns : f->sent_ns;
    return start_ns > 0 ? start_ns + s->stream->timeout_ns : UINT64_MAX;
}

static inline struct conn *shard_conn(const struct shard *s, uint32_t i)
{
    return (struct conn *)(void *)(s->conns + i * s->conn_stride);
}

#endif
