/* One thread's shard of a stream: its connections, and when the next request is sent on which. The two load
 * models are tables of functions over this struct: closed (users, in phases that end when the stream's
 * requests are done) and open (arrivals by schedule, a queue when no connection is free). Used by one thread.
 */
#ifndef ENGINE_SHARD_H
#define ENGINE_SHARD_H

#include "arrivals.h"
#include "conn.h"
#include "division.h"
#include "due_queue.h"
#include "plan.h"
#include "route.h"
#include "stats.h"
#include "user.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct barrier;
struct muxes;
struct phase_clock;
struct shard;

enum { SHARD_PAUSES = 7 }; /* the longest pause after failed attempts is 64 ms */

enum shard_state {
    SHARD_WAITING, /* for its phase to begin or for other threads */
    SHARD_RUNNING,
    SHARD_DRAINING,  /* sends nothing new; waits for what is in flight */
    SHARD_FINISHING, /* sessions: the last phase is over, and passes under way go on */
    SHARD_OVER,
};

/* How a load model works. */
struct shard_model {
    void (*start)(struct shard *s, uint64_t now_ns);
    loop_due_fn *on_due; /* of the shard's timer */
    /* A request ended, or the connection is ready or closed. */
    void (*on_free)(struct shard *s, struct conn *c, uint64_t now_ns);
    void (*on_connect_failed)(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
    /* Every tick: ends phases and, after the last one, the shard. */
    void (*check)(struct shard *s, uint64_t now_ns);
    /* Takes up nothing more; due requests without a connection end as censored. */
    void (*stop)(struct shard *s, uint64_t now_ns);
};

struct shard {
    struct loop_timer timer; /* for the next request or change of phase */
    struct loop *loop;
    struct route *route; /* to the stream's target */
    const struct plan_stream *stream;
    const struct shard_model *model;
    struct barrier *barrier;     /* closed: phases across all threads */
    struct phase_clock *clocks;  /* [stream->n_phases], shared by all threads */
    struct stats_stream *counts; /* in the loop's current statistics */
    uint32_t stream_number;
    struct division division; /* its part of the stream */
    enum shard_state state;
    uint32_t phase;           /* now */
    uint64_t phase_end_ns;    /* UINT64_MAX: the phase does not end by time */
    struct division_walk own; /* closed: the number of this thread's next request */
    uint64_t n_left;          /* closed: requests left to take up in this phase; UINT64_MAX: no limit */
    uint32_t n_busy;          /* requests in flight or waiting on a connection; not those in the queue */
    struct redirect redirect; /* the first one that its responses make */
    struct http1_known known;
    char *conns; /* n_conns connections of conn_stride bytes, owned */
    size_t conn_stride;
    size_t user_at; /* of sessions: where in a connection's memory its user is */
    uint32_t n_conns;
    uint32_t n_conns_most; /* closed, HTTP/2: with those that are made when they are needed, see mux_heir.c */
    struct conn_list spares;  /* of these, done */
    struct conn_list closed;  /* open: available; closed model: parked users without a connection */
    struct conn_list waiting; /* waiting to be opened */
    struct conn_list resting[SHARD_PAUSES]; /* as `waiting`, after failures: [i] pauses 2^i ms */
    struct conn_list connecting;
    struct conn_list busy;     /* requests in flight; ordered by deadline_ns */
    struct conn_list idle;     /* ready, nothing in flight */
    struct conn_list thinking; /* closed: thinking users; ordered by since_ns */
    struct arrivals arrivals;  /* open */
    struct due next;           /* open: the next arrival */
    bool has_next;
    uint64_t backlog_ns;                 /* open: when the current backlog was first counted */
    uint64_t n_backlog;                  /* requests due by then, dispatched so far or queued at the time */
    bool is_opening;                     /* shard_open_waiting is active further up the stack */
    struct conn *room_first, *room_last; /* open, pipelining: see shard_open.c */
    struct due_queue queue;              /* open */
    struct {
        uint64_t again_ns; /* not before */
        uint32_t generation;
        bool has_changed; /* which connections are closed */
    } even;               /* open: since shard_even_out last looked */
    struct muxes *muxes;  /* HTTP/2, owned; NULL: HTTP/1.1 */
    struct users *users;  /* of sessions, owned; NULL: a plain stream */
};

extern const struct shard_model shard_closed;
extern const struct shard_model shard_open;
extern const struct shard_model shard_session;      /* closed, of sessions */
extern const struct shard_model shard_session_open; /* open, of sessions */

/* Makes the shard and its connections; all but `division` is borrowed. `here` may be NULL where the stream
 * has no session. -1 when memory is short. */
int shard_init(struct shard *s, struct loop *loop, struct route *route, const struct plan_stream *stream,
               const struct division *division, struct barrier *barrier, struct phase_clock *clocks,
               struct users_here *here);
void shard_fini(struct shard *s);

/* Checks deadlines: requests in flight, connects, idle connections. Called every tick. */
void shard_check_deadlines(struct shard *s, uint64_t now_ns);
/* Opens waiting connections, as many at once as allowed. */
void shard_open_waiting(struct shard *s, uint64_t now_ns);
/* Queues the closed connection for opening, after the pause that its failures require. */
void shard_want_open(struct shard *s, struct conn *c, uint64_t now_ns);
/* The same, and opens it at once if it need not wait. */
void shard_reopen(struct shard *s, struct conn *c, uint64_t now_ns);
/* Connections being opened or queued for it. */
uint32_t shard_n_opening(const struct shard *s);
/* Ends everything now: unfinished requests are censored. */
void shard_stop(struct shard *s, uint64_t now_ns);
/* A connection without users; its number is the caller's to set. NULL: there is none. */
struct conn *shard_take_spare(struct shard *s);
/* Requests that are due or taken up and have not ended. */
uint64_t shard_n_inflight(const struct shard *s);

/* For streams of several requests: by sequence or by weight. */
const struct plan_request *shard_pick_request(const struct shard *s, uint64_t seq);

/* Called by connections. A request on `c` has ended and is accounted for. */
void shard_on_done(struct shard *s, struct conn *c, uint64_t now_ns);
void shard_on_ready(struct shard *s, struct conn *c, uint64_t now_ns);
/* `c` may have room for one more request although none has ended. */
void shard_on_room(struct shard *s, struct conn *c, uint64_t now_ns);
void shard_on_connect_failed(struct shard *s, struct conn *c, enum outcome outcome, const char *cause,
                             uint64_t now_ns);
void shard_on_closed(struct shard *s, struct conn *c, uint64_t now_ns);

/* The request to send as number `seq` of the stream. */
static inline const struct plan_request *shard_request(const struct shard *s, uint64_t seq)
{
    return s->stream->n_requests == 1 ? s->stream->requests : shard_pick_request(s, seq);
}

/* Where bytes that pass now are counted. */
static inline struct stats_bytes *shard_bytes(const struct shard *s)
{
    return &s->counts->bytes[s->stream->phases[s->phase].warmup];
}

/* Submits a request on a connection that has room; opens a closed one. */
static inline void shard_submit(struct shard *s, struct conn *c, const struct flight *f, uint64_t now_ns)
{
    conn_submit(c, f, now_ns);
    if (c->state == CONN_CLOSED)
        shard_reopen(s, c, now_ns);
}

/* When the request times out: counted from its due time (open), or from sending (closed; UINT64_MAX before).
 */
static inline uint64_t shard_deadline_ns(const struct shard *s, const struct flight *f)
{
    const uint64_t start_ns = s->stream->model == PLAN_OPEN ? f->due_ns : f->sent_ns;
    return start_ns > 0 ? start_ns + s->stream->timeout_ns : UINT64_MAX;
}

static inline struct shard *shard_of(struct loop_timer *timer)
{
    return (struct shard *)(void *)((char *)timer - offsetof(struct shard, timer));
}

static inline struct conn *shard_conn(const struct shard *s, uint32_t i)
{
    return (struct conn *)(void *)(s->conns + i * s->conn_stride);
}

/* Of a session stream. */
static inline struct user *shard_user(const struct shard *s, struct conn *c)
{
    return (struct user *)(void *)((char *)c + s->user_at);
}

#endif
