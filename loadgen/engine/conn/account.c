#include "account.h"

#include "conn.h"
#include "course.h"
#include "phase_clock.h"
#include "plan.h"
#include "recording_line.h"
#include "recording_rows.h"
#include "request_log.h"
#include "session.h"
#include "shard.h"
#include "stats.h"

/* Derived once from a flight's times, used by histograms and samples alike. */
struct times {
    uint64_t response_ns, service_ns, lag_ns, conn_wait_ns, first_ns;
    uint64_t rx_age_ns;   /* 0: unknown */
    uint64_t g_ns;        /* the generator's own part: lag and receive age */
    uint64_t headline_ns; /* response or service; 0 when there is none */
    bool has_due;
};

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static bool has_age(const struct conn *c, const struct exchange *x)
{
    return x->first_ns && c->rx_age_ns != UINT64_MAX;
}

static struct times times_of(const struct conn *c, const struct flight *f, const struct exchange *x,
                             uint64_t now_ns)
{
    struct times t = { 0 };
    t.has_due = f->due_ns > 0;
    if (t.has_due) {
        t.response_ns = less(now_ns, f->due_ns);
        t.lag_ns = less(f->dispatched_ns, f->due_ns);
    }
    if (f->sent_ns) {
        t.service_ns = less(now_ns, f->sent_ns);
        t.conn_wait_ns = less(f->sent_ns, f->dispatched_ns + f->setup_ns);
        t.first_ns = x->first_ns > f->sent_ns ? x->first_ns - f->sent_ns : 0;
    }
    if (has_age(c, x)) /* a response cannot be older than its request: the wall clock was set */
        t.rx_age_ns = c->rx_age_ns < t.service_ns ? c->rx_age_ns : t.service_ns;
    t.g_ns = t.lag_ns + t.rx_age_ns;
    t.headline_ns = t.has_due ? t.response_ns : t.service_ns;
    return t;
}

static void enter_times(struct stats_times *times, const struct conn *c, const struct flight *f,
                        const struct exchange *x, const struct times *t)
{
    if (!times) /* memory is short, which is counted */
        return;
    if (t->has_due) {
        stats_times_add(times, METRIC_RESPONSE, t->response_ns);
        stats_times_add(times, METRIC_LAG, t->lag_ns);
        stats_times_add(times, METRIC_RESPONSE_LESS_G, less(t->response_ns, t->g_ns));
    }
    if (!f->sent_ns)
        return;
    stats_times_add(times, METRIC_SERVICE, t->service_ns);
    if (t->has_due)
        stats_times_add(times, METRIC_CONN_WAIT, t->conn_wait_ns);
    if (f->is_first)
        stats_times_add(times, METRIC_SERVICE_FIRST, t->service_ns);
    if (x->first_ns)
        stats_times_add(times, METRIC_FIRST_BYTE, t->first_ns);
    if (has_age(c, x)) {
        stats_times_add(times, METRIC_RX_AGE, t->rx_age_ns);
        stats_times_add(times, METRIC_SERVICE_LESS_G, less(t->service_ns, t->rx_age_ns));
    }
}

static uint32_t enter_instance(struct shard *s, struct stats_times *times, const struct exchange *x,
                               const struct times *t)
{
    size_t length;
    const char *id = exchange_instance(x, &length);
    if (!id)
        return NAMES_NONE;
    const uint32_t instance = names_instance(&s->loop->instances, id, length);
    if (instance != NAMES_NONE)
        stats_times_add_instance(times, instance, t->headline_ns);
    return instance;
}

static void enter_remote(struct shard *s, const struct conn *c, enum outcome outcome, const struct flight *f,
                         const struct times *t)
{
    if (c->remote >= STATS_REMOTES_MOST)
        return;
    struct stats_remote *remote = stats_remote(s->loop->stats, s->stream_number, c->remote);
    if (!remote)
        return;
    remote->n_done++;
    remote->n_err += outcome != OUTCOME_OK;
    if (s->route->records_remotes && f->sent_ns)
        stats_remote_add(s->loop->stats, remote, t->service_ns);
}

static void fill_sample(struct stats_sample *row, struct shard *s, const struct conn *c,
                        const struct flight *f, const struct exchange *x, enum outcome outcome,
                        uint32_t instance, const struct times *t, uint64_t now_ns)
{
    *row = (struct stats_sample){
        .seq = f->seq,
        .due_ns = f->due_ns,
        .sent_ns = f->sent_ns,
        .first_ns = x ? x->first_ns : 0,
        .done_ns = now_ns,
        .lag_ns = t->lag_ns,
        .conn_wait_ns = t->conn_wait_ns,
        .rx_age_ns = t->g_ns - t->lag_ns,
        .stream = s->stream_number,
        .phase = f->phase,
        .row = f->row,
        .conn = c ? c->number : 0,
        .req_on_conn = c ? (uint32_t)c->n_on_conn : 0,
        .instance = instance == NAMES_NONE ? 0 : instance + 1,
        .remote = c ? c->remote : NAMES_NONE,
        .status = x ? exchange_status(x) : 0,
        .outcome = (uint8_t)outcome,
    };
}

/* Keeps the slowest: rows are added while there is room, then each replaces the fastest of those kept. */
static struct stats_sample *slow_place(struct loop *l, uint64_t headline_ns)
{
    struct stats_samples *slow = &l->stats->slow;
    if (slow->n < slow->most)
        return &slow->rows[slow->n++];
    uint32_t fastest = 0;
    uint64_t floor_ns = UINT64_MAX;
    uint64_t next_floor_ns = UINT64_MAX;
    for (uint32_t i = 0; i < slow->n; i++) {
        const struct stats_sample *row = &slow->rows[i];
        const uint64_t row_ns = less(row->done_ns, row->due_ns ? row->due_ns : row->sent_ns);
        if (row_ns < floor_ns) {
            next_floor_ns = floor_ns;
            floor_ns = row_ns;
            fastest = i;
        } else if (row_ns < next_floor_ns) {
            next_floor_ns = row_ns;
        }
    }
    l->slowest_floor_ns = next_floor_ns < headline_ns ? next_floor_ns : headline_ns;
    return headline_ns > floor_ns ? &slow->rows[fastest] : NULL;
}

/* The systematic sample is full: drops every second row and halves the sampling rate. */
static void thin_out(struct stats *b)
{
    for (uint32_t i = 0; 2 * i < b->sys.n; i++)
        b->sys.rows[i] = b->sys.rows[2 * (size_t)i];
    b->sys.n = (b->sys.n + 1) / 2;
    b->sys_every *= 2;
}

static void take_samples(struct shard *s, const struct conn *c, const struct flight *f,
                         const struct exchange *x, enum outcome outcome, uint32_t instance,
                         const struct times *t, uint64_t now_ns)
{
    struct loop *l = s->loop;
    struct stats *b = l->stats;

    if (l->n_until_sample == 0) {
        if (b->sys.n == b->sys.most)
            thin_out(b);
        l->n_until_sample = b->sys_every;
        fill_sample(&b->sys.rows[b->sys.n++], s, c, f, x, outcome, instance, t, now_ns);
    }
    if (outcome != OUTCOME_OK && b->err.n < b->err.most)
        fill_sample(&b->err.rows[b->err.n++], s, c, f, x, outcome, instance, t, now_ns);
    if (t->headline_ns > l->slowest_floor_ns || b->slow.n < b->slow.most) {
        struct stats_sample *row = slow_place(l, t->headline_ns);
        if (row)
            fill_sample(row, s, c, f, x, outcome, instance, t, now_ns);
    }
    if (l->log) {
        struct stats_sample row;
        fill_sample(&row, s, c, f, x, outcome, instance, t, now_ns);
        request_log_put(l->log, &row);
    }
}

/* Few requests are kept as samples, which is not worth a call. To be asked once for each request. */
static inline bool wants_sample(struct loop *l, enum outcome outcome, const struct times *t)
{
    const struct stats *b = l->stats;
    return --l->n_until_sample == 0 || outcome != OUTCOME_OK || t->headline_ns > l->slowest_floor_ns ||
           b->slow.n < b->slow.most || l->log;
}

static uint32_t cell_of(const struct shard *s, uint32_t row, uint32_t phase)
{
    return (uint32_t)plan_cell(s->stream, row, phase);
}

/* A rate counts only what came within the measured time. */
static void count_late(struct stats *stats, uint32_t cell, enum outcome outcome)
{
    if (outcome == OUTCOME_OK)
        stats_count_late(stats, cell);
}

/* A recorded request has ended: its own time stands beside ours, and its memory is free. */
static void end_recorded(struct shard *s, struct stats_times *times, const struct flight *f)
{
    struct recording_row *row = recording_rows_of(f->request);
    if (row->took_ns != RECORDING_UNKNOWN)
        stats_times_add(times, METRIC_RECORDED, row->took_ns);
    recording_rows_release(&s->arrivals.rows, row);
}

void account_done(const struct conn *c, const struct flight *f, const struct exchange *x,
                  enum outcome outcome, const char *cause, uint64_t now_ns)
{
    struct shard *s = c->shard;
    struct loop *l = s->loop;
    const struct times t = times_of(c, f, x, now_ns);
    const uint32_t cell = cell_of(s, f->row, f->phase);

    stats_count_outcome(l->stats, cell, outcome);
    if (__builtin_expect(phase_is_late(&s->clocks[f->phase], now_ns), 0))
        count_late(l->stats, cell, outcome);
    struct stats_times *times = stats_times(l->stats, cell, outcome);
    enter_times(times, c, f, x, &t);
    const uint32_t instance = enter_instance(s, times, x, &t);
    enter_remote(s, c, outcome, f, &t);
    s->counts->n_large += exchange_is_large(x);
    if (outcome_is_answer(outcome) && !s->stream->phases[f->phase].warmup)
        status_counts_count(&s->counts->statuses, exchange_status(x));
    if (__builtin_expect(outcome != OUTCOME_OK, 0))
        stats_count_cause(l->stats, s->stream_number, cell, outcome, exchange_status(x), cause);
    if (wants_sample(l, outcome, &t))
        take_samples(s, c, f, x, outcome, instance, &t, now_ns);
    if (t.has_due && __builtin_expect(s->stream->recording != NULL, 0))
        end_recorded(s, times, f);
}

/* A request that a connection has given back was sent before, and keeps the times that it has from then. */
static void enter_sending(struct stats_times *times, const struct flight *f, struct times *t, uint64_t now_ns)
{
    t->conn_wait_ns = less(f->sent_ns, f->dispatched_ns + f->setup_ns);
    stats_times_add(times, METRIC_SERVICE, less(now_ns, f->sent_ns));
    if (t->has_due)
        stats_times_add(times, METRIC_CONN_WAIT, t->conn_wait_ns);
}

void account_unsent(struct shard *s, const struct flight *f, enum outcome outcome, const char *cause,
                    uint64_t now_ns)
{
    struct loop *l = s->loop;
    struct times t = { .has_due = f->due_ns > 0 };
    const uint32_t cell = cell_of(s, f->row, f->phase);
    struct stats_times *times = stats_times(l->stats, cell, outcome);

    stats_count_outcome(l->stats, cell, outcome);
    if (t.has_due) {
        t.lag_ns = t.g_ns = less(f->dispatched_ns, f->due_ns);
        t.response_ns = t.headline_ns = less(now_ns, f->due_ns);
        if (outcome != OUTCOME_DROPPED) {
            stats_times_add(times, METRIC_RESPONSE, t.response_ns);
            stats_times_add(times, METRIC_RESPONSE_LESS_G, less(t.response_ns, t.g_ns));
        }
        stats_times_add(times, METRIC_LAG, t.lag_ns);
    }
    if (f->sent_ns)
        enter_sending(times, f, &t, now_ns);
    stats_count_cause(l->stats, s->stream_number, cell, outcome, 0, cause);
    if (wants_sample(l, outcome, &t))
        take_samples(s, NULL, f, NULL, outcome, NAMES_NONE, &t, now_ns);
    if (s->stream->recording)
        end_recorded(s, times, f);
}

void account_reset_idle(struct shard *s, const struct flight *f, const char *cause)
{
    const uint32_t cell = cell_of(s, f->row, f->phase);
    stats_count_outcome(s->loop->stats, cell, OUTCOME_RESET_IDLE);
    stats_count_cause(s->loop->stats, s->stream_number, cell, OUTCOME_RESET_IDLE, 0, cause);
}

void account_stray_bytes(struct shard *s, const char *cause)
{
    stats_count_cause(s->loop->stats, s->stream_number, cell_of(s, 0, s->phase), OUTCOME_OK, 0, cause);
}

void account_connect(struct shard *s, enum outcome outcome, uint64_t connect_ns)
{
    stats_times_add(stats_times(s->loop->stats, cell_of(s, 0, s->phase), outcome), METRIC_CONNECT,
                    connect_ns);
}

void account_tls(struct shard *s, enum outcome outcome, uint64_t tls_ns)
{
    stats_times_add(stats_times(s->loop->stats, cell_of(s, 0, s->phase), outcome), METRIC_TLS, tls_ns);
}

/* The step that failed the pass, whose own row has the cause; else why the pass never began or was cut. */
static const char *cause_of(const struct shard *s, const struct course_result *pass)
{
    if (outcome_is_failure(pass->outcome) && pass->outcome != OUTCOME_DROPPED)
        return s->stream->session->steps[pass->failed_step].name;
    return pass->cause ? pass->cause : "";
}

/* In the last row. A rate of sessions is that of those begun: none counts as late. */
void account_session(struct shard *s, const struct course_result *pass)
{
    struct stats *stats = s->loop->stats;
    const uint32_t cell = (uint32_t)plan_cell(s->stream, s->stream->n_rows - 1, pass->phase);
    stats_count_outcome(stats, cell, pass->outcome);
    if (pass->outcome != OUTCOME_DROPPED) {
        struct stats_times *times = stats_times(stats, cell, pass->outcome);
        stats_times_add(times, METRIC_BUSY, pass->busy_ns);
        stats_times_add(times, METRIC_TOTAL, pass->total_ns);
    }
    if (pass->outcome != OUTCOME_OK)
        stats_count_cause(stats, s->stream_number, cell, pass->outcome, 0, cause_of(s, pass));
}
