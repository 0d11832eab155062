/* A shard of one stream whose connections use the test's own transport: written bytes are kept, read bytes
 * and results are the test's. No socket, no loop, and the test sets the time. */
#ifndef TEST_WIRED_H
#define TEST_WIRED_H

#include "addresses.h"
#include "barrier.h"
#include "cm.h"
#include "conn_parts.h"
#include "phase_clock.h"
#include "plan.h"
#include "shard.h"
#include "stats.h"
#include "units.h"
#include "worker.h"

#include <stdio.h>
#include <string.h>

#define WIRED_T0_NS      (1000 * NS_PER_S)
#define WIRED_TIMEOUT_NS (10 * NS_PER_S)

struct wired {
    struct plan plan;
    struct plan_stream stream;
    struct plan_phase phase;
    struct plan_request get, post;
    struct plan_piece get_piece, post_piece;
    struct phase_clock clock;
    struct barrier barrier;
    struct addresses addresses;
    struct route route;
    struct address_set sets[2];
    struct address address_list[2];
    struct worker worker;
    struct loop *loop; /* of the worker */
    struct shard shard;
    struct shard_model model;
    char written[256];         /* since the test last looked */
    int write_says, read_says; /* a transport_result to return once, first */
    char answers[8][128];      /* what reads give, one by one; then `then` */
    size_t n_answers, n_read;
    int then;
    unsigned n_freed; /* calls of the model's on_free */
};

static struct wired wired;
static char wired_texts[4][8] = { "g", "p", "GET", "POST" };

static inline ssize_t wired_write(struct sock *sock, const char *data, size_t length_bytes)
{
    (void)sock;
    const int says = wired.write_says;
    wired.write_says = 0;
    if (says)
        return says;
    assert_true(strlen(wired.written) + length_bytes < sizeof wired.written);
    strncat(wired.written, data, length_bytes);
    return (ssize_t)length_bytes;
}

static inline ssize_t wired_read(struct sock *sock, char *data, size_t most_bytes)
{
    (void)sock;
    const int says = wired.read_says;
    wired.read_says = 0;
    if (says)
        return says;
    if (wired.n_read == wired.n_answers)
        return wired.then;
    const size_t n = strlen(wired.answers[wired.n_read]);
    assert_true(n <= most_bytes);
    memcpy(data, wired.answers[wired.n_read++], n);
    return (ssize_t)n;
}

static inline void wired_stop(struct transport *t, struct sock *sock)
{
    (void)t;
    (void)sock;
}

static inline bool wired_has_pending(const struct sock *sock)
{
    (void)sock;
    return wired.n_read < wired.n_answers;
}

static inline void wired_on_free(struct shard *s, struct conn *c, uint64_t now_ns)
{
    (void)s;
    (void)c;
    (void)now_ns;
    wired.n_freed++;
}

/* No other thread waits. */
static inline void wired_on_passed(void *payload)
{
    (void)payload;
}

/* A stream of `n` connections that may each have `depth` requests in flight. */
static inline void wired_plan(enum plan_model model, uint32_t n, uint32_t depth)
{
    struct wired *x = &wired;
    memset(x, 0, sizeof *x);
    x->get_piece = (struct plan_piece){ .text = wired_texts[0], .length_bytes = 1 };
    x->post_piece = (struct plan_piece){ .text = wired_texts[1], .length_bytes = 1 };
    x->get = (struct plan_request){ .method = wired_texts[2], .pieces = &x->get_piece, .n_pieces = 1 };
    x->post = (struct plan_request){ .method = wired_texts[3], .pieces = &x->post_piece, .n_pieces = 1 };
    x->phase = (struct plan_phase){ .name = "p1", .kind = PLAN_PHASE_REQUESTS, .n_requests = 100 };
    x->stream = (struct plan_stream){ .name = "one",
                                      .model = model,
                                      .n_connections = n,
                                      .in_flight_most = depth,
                                      .timeout_ns = WIRED_TIMEOUT_NS,
                                      .connect_timeout_ns = WIRED_TIMEOUT_NS,
                                      .queue_most = 16,
                                      .phases = &x->phase,
                                      .n_phases = 1,
                                      .n_rows = 1,
                                      .requests = &x->get,
                                      .n_requests = 1 };
    memset(x->stream.expect.status_ok, 0xff, sizeof x->stream.expect.status_ok);
    x->plan =
        (struct plan){ .streams = &x->stream, .n_streams = 1, .n_phases = 1, .n_cells = 1, .n_threads = 1 };
    x->address_list[0] = (struct address){ .text = "10.0.0.1" };
    x->address_list[1] = (struct address){ .text = "10.0.0.2" };
    x->sets[0] = (struct address_set){ .list = &x->address_list[0], .n = 1 };
    x->sets[1] = (struct address_set){ .list = &x->address_list[1], .n = 1, .generation = 1 };
    atomic_store(&x->addresses.current, &x->sets[0]);
    x->barrier.n_sharers = 1;
    x->barrier.on_passed = wired_on_passed;
    x->then = TRANSPORT_WANT_READ;
}

/* Its shard. The model only counts. */
static inline void wired_make_shard(void)
{
    struct wired *x = &wired;
    struct loop *l = x->loop = &x->worker.loop;
    l->plan = &x->plan;
    l->poller.fd = -1;
    l->t0_ns = WIRED_T0_NS;
    l->edge_ns = l->pacer.armed_ns = UINT64_MAX;
    l->poll_ns = UINT64_MAX / 2;
    l->is_awake = true;
    l->n_until_sample = UINT64_MAX;
    x->route = (struct route){ .target = &x->plan.target,
                               .addresses = &x->addresses,
                               .transport = { .read = wired_read,
                                              .write = wired_write,
                                              .stop = wired_stop,
                                              .has_pending = wired_has_pending } };
    l->stats = stats_new(&x->plan);
    assert_non_null(l->stats);
    assert_int_equal(names_init(&l->instances, 16), 0);
    assert_int_equal(names_init(&l->remotes, 16), 0);
    const struct division all = division_of(&x->plan, 0, 0);
    assert_int_equal(shard_init(&x->shard, l, &x->route, &x->stream, &all, &x->barrier, &x->clock, NULL), 0);
    x->shard.counts = &l->stats->streams[0];
    x->shard.is_opening = true; /* opens no connection */
    x->model = (struct shard_model){ .on_free = wired_on_free };
    x->shard.model = &x->model;
}

static inline void wired_init(enum plan_model model, uint32_t n, uint32_t depth)
{
    wired_plan(model, n, depth);
    wired_make_shard();
}

static inline void wired_fini(void)
{
    shard_fini(&wired.shard);
    stats_free(wired.loop->stats);
    names_fini(&wired.loop->instances);
    names_fini(&wired.loop->remotes);
}

/* Makes the connection ready: to the first address, with nothing on it. */
static inline struct conn *wired_connect(uint32_t i)
{
    struct conn *c = shard_conn(&wired.shard, i);
    conn_list_remove(c);
    c->state = CONN_READY;
    c->n_on_conn = 0;
    c->remote = names_number(&wired.loop->remotes, "10.0.0.1", 8);
    return c;
}

/* Submits the request as number `seq`, due and sent at `at_ns`. */
static inline void wired_submit(struct conn *c, const struct plan_request *request, uint64_t seq,
                                uint64_t at_ns)
{
    const struct flight f = {
        .seq = seq, .due_ns = at_ns, .dispatched_ns = at_ns, .sent_ns = at_ns, .request = request
    };
    conn_submit(c, &f, at_ns);
}

static inline void wired_answer(const char *text)
{
    snprintf(wired.answers[wired.n_answers++], sizeof wired.answers[0], "%s", text);
}

static inline void wired_looks(struct conn *c)
{
    conn_on_events(c, POLLER_READABLE);
}

static inline uint64_t wired_n(enum outcome outcome)
{
    return wired.loop->stats->cells[0].n_outcomes[outcome];
}

/* The numbers of the requests on the connection, in order: "1 2". */
static inline const char *wired_kept(struct conn *c)
{
    static char text[64];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < c->n_flights; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", i ? " " : "",
                                 (int)conn_flight(c, i, wired.stream.in_flight_most)->seq);
    return text;
}

#define WIRED_OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

#endif
