/* A shard whose connections speak HTTP/2 over the test's own transport: what they write is read as frames,
 * and what they read is frames of the test. */
#ifndef TEST_WIRED_HTTP2_H
#define TEST_WIRED_HTTP2_H

#include "mux_parts.h"
#include "wired.h"

enum { H2_DATA, H2_HEADERS, H2_RST_STREAM = 3, H2_SETTINGS, H2_GOAWAY = 7, H2_WINDOW_UPDATE };

static struct {
    char written[262144];
    size_t n_written, n_looked; /* looked: the part that the test has seen */
    unsigned n_writes;
    int write_says;   /* a transport_result to return once, first */
    char read[65536]; /* what the next read gives; then `then` */
    size_t n_read;
    int then;
    bool is_after_preface;
    char get_text[64], post_text[64];
} h2;

static inline ssize_t h2_write(struct sock *sock, const char *data, size_t length_bytes)
{
    (void)sock;
    const int says = h2.write_says;
    h2.write_says = 0;
    if (says)
        return says;
    assert_true(h2.n_written + length_bytes <= sizeof h2.written);
    memcpy(h2.written + h2.n_written, data, length_bytes);
    h2.n_written += length_bytes;
    h2.n_writes++;
    return (ssize_t)length_bytes;
}

static inline ssize_t h2_read(struct sock *sock, char *data, size_t most_bytes)
{
    const size_t n = h2.n_read < most_bytes ? h2.n_read : most_bytes;
    (void)sock;
    if (n == 0)
        return h2.then;
    memcpy(data, h2.read, n);
    h2.n_read = 0;
    return (ssize_t)n;
}

static inline bool h2_has_pending(const struct sock *sock)
{
    (void)sock;
    return h2.n_read > 0;
}

static inline void h2_plan(enum plan_model model, uint32_t n, uint32_t n_streams)
{
    memset(&h2, 0, sizeof h2);
    wired_plan(model, n, n_streams);
    snprintf(h2.get_text, sizeof h2.get_text, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    snprintf(h2.post_text, sizeof h2.post_text, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
    wired.get_piece = (struct plan_piece){ .text = h2.get_text, .length_bytes = strlen(h2.get_text) };
    wired.post_piece = (struct plan_piece){ .text = h2.post_text, .length_bytes = strlen(h2.post_text) };
    wired.plan.target.http = PLAN_HTTP_2_PRIOR;
    wired.plan.target.h2_window_bytes = PLAN_H2_WINDOW_BYTES;
    h2.then = TRANSPORT_WANT_READ;
}

static inline void h2_start(void)
{
    wired_make_shard();
    wired.route.transport.read = h2_read;
    wired.route.transport.write = h2_write;
    wired.route.transport.has_pending = h2_has_pending;
}

static inline void h2_init(enum plan_model model, uint32_t n, uint32_t n_streams)
{
    h2_plan(model, n, n_streams);
    h2_start();
}

static inline int h2_drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

/* The connection is ready, and the preface is written. */
static inline struct conn *h2_connect(uint32_t i)
{
    wired.loop->closed_first = NULL;
    struct conn *c = wired_connect(i);
    assert_int_equal(mux_prepare(c), 0);
    assert_int_equal(mux_begin(c), 0);
    c->ready_ns = clock_monotonic_ns();
    h2.n_written = h2.n_looked = 0;
    h2.is_after_preface = false;
    return c;
}

static inline void h2_end_callback(void)
{
    mux_flush_unsent(wired.loop);
}

/* Number `seq`, sent at `at_ns` as far as its time-out is concerned; 0: when it is written. */
static inline void h2_submit(struct conn *c, const struct plan_request *request, uint64_t seq, uint64_t at_ns)
{
    const struct flight f = { .seq = seq,
                              .due_ns = wired.stream.model == PLAN_OPEN ? at_ns : 0,
                              .dispatched_ns = at_ns ? at_ns : clock_monotonic_ns(),
                              .sent_ns = at_ns,
                              .request = request };
    conn_submit(c, &f, f.dispatched_ns);
}

/* --- frames that the test sends --- */

static inline void h2_frame(unsigned type, unsigned flags, uint32_t id, const void *payload, size_t n)
{
    const unsigned char head[9] = { (unsigned char)(n >> 16),  (unsigned char)(n >> 8),
                                    (unsigned char)n,          (unsigned char)type,
                                    (unsigned char)flags,      (unsigned char)(id >> 24),
                                    (unsigned char)(id >> 16), (unsigned char)(id >> 8),
                                    (unsigned char)id };
    assert_true(h2.n_read + n + sizeof head <= sizeof h2.read);
    memcpy(h2.read + h2.n_read, head, sizeof head);
    if (n > 0)
        memcpy(h2.read + h2.n_read + sizeof head, payload, n);
    h2.n_read += n + sizeof head;
}

static inline void h2_put_u32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static inline void h2_settings(uint32_t streams_most)
{
    unsigned char payload[6] = { 0, 3 };
    h2_put_u32(payload + 2, streams_most);
    h2_frame(H2_SETTINGS, 0, 0, payload, sizeof payload);
}

/* :status 200, and the end of the stream. */
static inline void h2_answer(uint32_t id)
{
    h2_frame(H2_HEADERS, 5, id, "\x88", 1);
}

static inline void h2_head(uint32_t id)
{
    h2_frame(H2_HEADERS, 4, id, "\x88", 1);
}

static inline void h2_reset(uint32_t id, uint32_t code)
{
    unsigned char payload[4];
    h2_put_u32(payload, code);
    h2_frame(H2_RST_STREAM, 0, id, payload, sizeof payload);
}

static inline void h2_goaway(uint32_t last, uint32_t code)
{
    unsigned char payload[8];
    h2_put_u32(payload, last);
    h2_put_u32(payload + 4, code);
    h2_frame(H2_GOAWAY, 0, 0, payload, sizeof payload);
}

/* The connection reads what was sent, or `then`. */
static inline void h2_looks(struct conn *c)
{
    conn_on_events(c, POLLER_READABLE);
}

/* --- frames that the connection has written --- */

static inline uint32_t h2_u32(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

/* Since the last call: "H1 H3" requests, "R1:8" resets, "G0" a GOAWAY with its code, "D1" data. */
static inline const char *h2_written(void)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    if (!h2.is_after_preface && h2.n_written >= 24) {
        h2.n_looked = 24;
        h2.is_after_preface = true;
    }
    while (h2.n_looked + 9 <= h2.n_written) {
        const char *at = h2.written + h2.n_looked;
        const uint32_t id = h2_u32(at + 5);
        const char *space = used ? " " : "";
        h2.n_looked += 9 + (h2_u32(at) >> 8);
        if (at[3] == H2_HEADERS || at[3] == H2_DATA)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%c%u", space,
                                     at[3] == H2_DATA ? 'D' : 'H', id);
        else if (at[3] == H2_RST_STREAM)
            used += (size_t)snprintf(text + used, sizeof text - used, "%sR%u:%u", space, id, h2_u32(at + 9));
        else if (at[3] == H2_GOAWAY)
            used += (size_t)snprintf(text + used, sizeof text - used, "%sG%u", space, h2_u32(at + 13));
    }
    return text;
}

/* The numbers of the requests that wait on the connection: "1 2". */
static inline const char *h2_waiting(const struct conn *c)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (const struct mux_slot *slot = c->mux->waiting.first; slot; slot = slot->after)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%d", used ? " " : "", (int)slot->flight.seq);
    return text;
}

/* One connection, and nothing on it. */
static inline struct conn *h2_begin(uint32_t n_streams)
{
    h2_init(PLAN_CLOSED, 1, n_streams);
    return h2_connect(0);
}

/* One connection with GET requests number 1 to n open on it: streams 1, 3, 5, ... */
static inline struct conn *h2_open(uint32_t n, uint32_t n_streams)
{
    struct conn *c = h2_begin(n_streams);
    for (uint64_t i = 1; i <= n; i++)
        h2_submit(c, &wired.get, i, 0);
    h2_end_callback();
    h2_settings(100);
    h2_looks(c);
    h2_written();
    return c;
}

/* The first of the connections. The shard has begun its phase of `n_requests`, and the connection is
 * ready; in the closed model its users have requests open. */
static inline struct conn *h2_begin_phase(const struct shard_model *model, uint32_t n_streams,
                                          uint64_t n_requests, uint64_t think_ns, uint32_t n_conns)
{
    h2_plan(model == &shard_open ? PLAN_OPEN : PLAN_CLOSED, n_conns, n_streams);
    wired.phase.n_requests = n_requests;
    wired.stream.think_ns = think_ns;
    h2_start();
    struct shard *s = &wired.shard;
    s->model = model;
    if (model == &shard_closed)
        model->start(s, clock_monotonic_ns());
    struct conn *c = h2_connect(0);
    shard_on_ready(s, c, clock_monotonic_ns());
    h2_end_callback();
    return c;
}

/* Connection number `i` is ready: what waits on it goes out. */
static inline struct conn *h2_open_waiting(uint32_t i)
{
    struct conn *c = h2_connect(i);
    shard_on_ready(&wired.shard, c, clock_monotonic_ns());
    h2_end_callback();
    return c;
}

static inline const struct http2_counts *h2_counts(void)
{
    return &wired.shard.counts->http2;
}

/* Requests sent once more for that reason. */
static inline uint64_t h2_again(enum again cause)
{
    return wired.shard.counts->again.n[cause];
}

static inline uint64_t h2_n(enum outcome outcome)
{
    return wired_n(outcome);
}

#endif
