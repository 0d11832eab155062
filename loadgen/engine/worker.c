#include "worker.h"

#include "barrier.h"
#include "endpoints.h"
#include "err.h"
#include "mux.h"
#include "muxes.h"
#include "phase_clock.h"
#include "plan.h"
#include "units.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static struct worker *worker_of(struct loop *l)
{
    return (struct worker *)(void *)((char *)l - offsetof(struct worker, loop));
}

/* --- the statistics --- */

static void read_usage(struct worker *w, struct stats_health *h)
{
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage))
        return;
    const uint64_t user_ns =
        (uint64_t)usage.ru_utime.tv_sec * NS_PER_S + (uint64_t)usage.ru_utime.tv_usec * NS_PER_US;
    const uint64_t sys_ns =
        (uint64_t)usage.ru_stime.tv_sec * NS_PER_S + (uint64_t)usage.ru_stime.tv_usec * NS_PER_US;
    h->cpu_user_ns += user_ns - w->cpu_user_ns;
    h->cpu_sys_ns += sys_ns - w->cpu_sys_ns;
    h->n_switches_involuntary += (uint64_t)usage.ru_nivcsw - w->n_switches;
    w->cpu_user_ns = user_ns;
    w->cpu_sys_ns = sys_ns;
    w->n_switches = (uint64_t)usage.ru_nivcsw;
}

static void use_stats(struct worker *w, struct stats *b, uint64_t start_ns)
{
    w->loop.stats = b;
    b->start_ns = start_ns;
    b->is_last = false;
    w->loop.slowest_floor_ns = 0;
    for (uint32_t i = 0; i < w->n_shards; i++)
        w->shards[i].counts = &b->streams[w->shards[i].stream_number];
}

static void close_stats(struct worker *w, uint64_t end_ns)
{
    struct stats *b = w->loop.stats;
    b->end_ns = end_ns;
    b->n_remotes = w->loop.remotes.n;
    read_usage(w, &b->health);
    for (uint32_t i = 0; i < w->n_shards; i++) {
        b->streams[w->shards[i].stream_number].n_inflight = shard_n_inflight(&w->shards[i]);
        if (w->shards[i].muxes)
            mux_count_interval(&w->shards[i], end_ns);
    }
}

/* Sampling interval that gives the next second about half the rows that it may have, which leaves room if it
 * is a faster one. */
static uint64_t next_sys_every(const struct stats *b)
{
    const uint64_t n_done = (uint64_t)b->sys.n * b->sys_every;
    return n_done / (b->sys.most / 2) + 1;
}

static void read_wall_clock(struct loop *l)
{
    l->realtime_offset_ns = (int64_t)(clock_realtime_ns() - clock_monotonic_ns());
}

void worker_rotate(struct worker *w, uint64_t now_ns)
{
    const uint64_t last_edge_ns = w->loop.edge_ns + (now_ns - w->loop.edge_ns) / NS_PER_S * NS_PER_S;
    struct stats *b = w->loop.stats;

    w->loop.edge_ns = last_edge_ns + NS_PER_S;
    read_wall_clock(&w->loop);
    if (!mailbox_is_empty(&w->mailbox.full))
        return; /* the collector is behind: this interval grows longer */
    struct stats *fresh = mailbox_take(&w->mailbox.empty);
    if (!fresh)
        return;
    close_stats(w, last_edge_ns);
    fresh->sys_every = (uint32_t)next_sys_every(b);
    w->loop.n_until_sample = fresh->sys_every;
    use_stats(w, fresh, last_edge_ns);
    mailbox_put(&w->mailbox.full, b);
}

static void on_edge(struct loop *l, uint64_t now_ns)
{
    worker_rotate(worker_of(l), now_ns);
}

static void hand_over_last(struct worker *w)
{
    const struct timespec moment = { .tv_nsec = NS_PER_MS };
    close_stats(w, clock_monotonic_ns());
    w->loop.stats->is_last = true;
    while (!mailbox_is_empty(&w->mailbox.full))
        nanosleep(&moment, NULL);
    mailbox_put(&w->mailbox.full, w->loop.stats);
    w->loop.stats = NULL;
}

/* --- the loop --- */

void worker_turn(struct worker *w)
{
    loop_turn(&w->loop);
    /* What closes during these calls waits for the next turn. */
    struct loop_closed *next = loop_take_closed(&w->loop);
    while (next) {
        struct loop_closed *closed = next;
        next = next->after;
        conn_finish_close(closed, loop_now(&w->loop));
    }
    mux_flush_unsent(&w->loop);
}

void worker_run_loop(struct worker *w)
{
    loop_run_uv(&w->loop);
    while (loop_is_alive(&w->loop))
        worker_turn(w);
}

static void end_if_over(struct worker *w)
{
    for (uint32_t i = 0; i < w->n_shards; i++)
        if (w->shards[i].state != SHARD_OVER)
            return;
    if (w->loop.has_ended)
        return;
    for (uint32_t i = 0; i < w->n_shards; i++)
        for (uint32_t k = 0; k < w->shards[i].n_conns; k++) {
            struct conn *c = shard_conn(&w->shards[i], k);
            if (c->state != CONN_CLOSED && c->state != CONN_CLOSING)
                conn_close_in_order(c);
        }
    loop_end(&w->loop);
}

/* Every tick, and when another thread has news: a stop, the next phase, new addresses. */
static void on_look(struct loop *l, uint64_t now_ns)
{
    struct worker *w = worker_of(l);
    const bool stops = atomic_load_explicit(&w->stop, memory_order_acquire) != 0;
    for (uint32_t i = 0; i < w->n_shards; i++) {
        struct shard *s = &w->shards[i];
        if (s->state == SHARD_OVER)
            continue;
        if (stops) {
            shard_stop(s, now_ns);
        } else {
            shard_check_deadlines(s, now_ns);
            s->model->check(s, now_ns);
        }
    }
    if (l->stop_cause && !atomic_load_explicit(&w->stop_cause, memory_order_relaxed)) {
        atomic_store_explicit(&w->stop_cause, l->stop_cause, memory_order_release);
        eventfd_write(w->finished_fd, 1); /* the collector looks */
    }
    end_if_over(w);
    if (!l->has_ended)
        loop_rearm(l);
}

static void pin(struct worker *w)
{
    cpu_set_t cpus;
    if (w->pin_cpu < 0)
        return;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)w->pin_cpu, &cpus);
    pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus);
}

static void *run(void *payload)
{
    struct worker *w = payload;
    struct loop *l = &w->loop;

    prctl(PR_SET_TIMERSLACK, 1ul, 0ul, 0ul, 0ul);
    pin(w);
    read_usage(w, &l->stats->health);
    l->stats->health = (struct stats_health){ .sends_per_wakeup = l->stats->health.sends_per_wakeup };
    while (clock_monotonic_ns() < l->t0_ns) {
        const struct timespec t0 = { .tv_sec = (time_t)(l->t0_ns / NS_PER_S),
                                     .tv_nsec = (long)(l->t0_ns % NS_PER_S) };
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t0, NULL);
    }
    l->edge_ns = l->t0_ns + NS_PER_S;
    read_wall_clock(l);
    use_stats(w, l->stats, l->t0_ns);
    w->began_ns = l->poll_ns = clock_monotonic_ns();
    const uint64_t now_ns = loop_now(l);
    const bool stops = atomic_load_explicit(&w->stop, memory_order_acquire) != 0;
    for (uint32_t i = 0; i < w->n_shards && !stops; i++)
        w->shards[i].model->start(&w->shards[i], now_ns);
    on_look(l, loop_now(l));
    mux_flush_unsent(l);
    worker_run_loop(w);
    hand_over_last(w);
    eventfd_write(w->finished_fd, 1);
    return NULL;
}

/* --- life --- */

static int init_routes(struct worker *w, const struct worker_params *params, struct err *e)
{
    const struct endpoints *all = params->endpoints;
    w->routes = calloc(all->n, sizeof *w->routes);
    if (!w->routes)
        return err_set(e, ERR_FAILED, "out of memory for the connections");
    for (; w->n_routes < all->n; w->n_routes++)
        if (route_init(&w->routes[w->n_routes], &all->list[w->n_routes], division_n_here(params->plan), e))
            return -1;
    return 0;
}

static bool has_sessions(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (plan->streams[i].session)
            return true;
    return false;
}

/* The thread takes part in every stream that has a connection for it. */
static int init_shards(struct worker *w, const struct worker_params *params)
{
    const struct plan *plan = params->plan;
    w->shards = calloc(plan->n_streams, sizeof *w->shards);
    if (!w->shards || (has_sessions(plan) && users_here_init(&w->users, plan, w->index)))
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *stream = &plan->streams[i];
        const struct division part = division_of(plan, i, w->index);
        if (division_n_connections(&part) == 0)
            continue;
        struct shard *s = &w->shards[w->n_shards++];
        struct route *route = &w->routes[params->endpoints->of_stream[i]];
        if (shard_init(s, &w->loop, route, stream, &part, &params->barriers[i],
                       &params->phases[stream->first_phase_index], &w->users))
            return -1;
        loop_add_timer(&w->loop, &s->timer);
        if (s->muxes)
            loop_add_timer(&w->loop, &s->muxes->again);
    }
    return 0;
}

static int open_recorded(struct worker *w, struct err *e)
{
    for (uint32_t i = 0; i < w->n_shards; i++)
        if (w->shards[i].stream->recording && // NOLINT(clang-analyzer-core.*): shard_init has set it
            arrivals_open(&w->shards[i].arrivals, e))
            return -1;
    return 0;
}

int worker_init(struct worker *w, const struct worker_params *params, struct err *e)
{
    const struct loop_params of_loop = {
        .plan = params->plan, .spin_ns = params->spin_ns, .on_edge = on_edge, .on_look = on_look
    };
    memset(w, 0, offsetof(struct worker, loop));
    w->index = params->index;
    w->pin_cpu = params->pin_cpu;
    w->finished_fd = params->finished_fd;
    if (loop_init(&w->loop, &of_loop, e) || init_routes(w, params, e))
        return -1;
    struct stats *first = w->loop.stats = stats_new(params->plan);
    struct stats *second = stats_new(params->plan);
    if (second)
        mailbox_put(&w->mailbox.empty, second);
    if (!first || !second || init_shards(w, params))
        return err_set(e, ERR_FAILED, "out of memory for the connections");
    first->sys_every = second->sys_every = 1;
    return open_recorded(w, e);
}

int worker_start(struct worker *w, uint64_t t0_ns, struct err *e)
{
    w->loop.t0_ns = t0_ns;
    const int status = pthread_create(&w->thread, NULL, run, w);
    if (status)
        return err_set(e, ERR_FAILED, "cannot start a thread: %s",
                       status == EAGAIN ? "out of memory, or of threads (ulimit -u)" : strerror(status));
    w->has_thread = true;
    return 0;
}

void worker_join(struct worker *w)
{
    if (w->has_thread)
        pthread_join(w->thread, NULL);
    w->has_thread = false;
}

void worker_fini(struct worker *w)
{
    loop_fini(&w->loop);
    for (uint32_t i = 0; i < w->n_shards; i++)
        shard_fini(&w->shards[i]);
    free(w->shards);
    users_here_fini(&w->users);
    for (uint32_t i = 0; i < w->n_routes; i++)
        route_fini(&w->routes[i]);
    free(w->routes);
    stats_free(w->loop.stats);
    stats_free(mailbox_take(&w->mailbox.full));
    stats_free(mailbox_take(&w->mailbox.empty));
}
