#include "worker.h"

#include "addresses.h"
#include "barrier.h"
#include "err.h"
#include "phase_clock.h"
#include "plan.h"
#include "units.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    LOOP_BYTES = 64 * 1024, /* far more than a loop takes */
    REMOTES_CAPACITY = STATS_REMOTES_MOST,
    SYS_SAMPLES_WANTED = STATS_SYS_SAMPLES_MOST / 2, /* aimed at, so that a faster second still fits */
};

/* --- the stats --- */

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
    w->stats = b;
    b->start_ns = start_ns;
    b->is_last = false;
    w->slowest_floor_ns = 0;
    for (uint32_t i = 0; i < w->n_shards; i++)
        w->shards[i].counts = &b->streams[w->shards[i].stream_number];
}

static void close_stats(struct worker *w, uint64_t end_ns)
{
    struct stats *b = w->stats;
    b->end_ns = end_ns;
    b->n_remotes = w->remotes.n;
    read_usage(w, &b->health);
    for (uint32_t i = 0; i < w->n_shards; i++)
        b->streams[w->shards[i].stream_number].n_inflight = shard_n_inflight(&w->shards[i]);
}

/* One in so many, so that the next second's sample holds about as many rows as wanted. */
static uint64_t next_sys_every(const struct stats *b)
{
    const uint64_t n_done = (uint64_t)b->sys.n * b->sys_every;
    return n_done / SYS_SAMPLES_WANTED + 1;
}

void worker_rotate(struct worker *w, uint64_t now_ns)
{
    const uint64_t last_edge_ns = w->edge_ns + (now_ns - w->edge_ns) / NS_PER_S * NS_PER_S;
    struct stats *b = w->stats;

    w->edge_ns = last_edge_ns + NS_PER_S;
    w->realtime_offset_ns = (int64_t)(clock_realtime_ns() - clock_monotonic_ns());
    if (!mailbox_is_empty(&w->mailbox.full))
        return; /* the collector is behind: this interval grows longer */
    struct stats *fresh = mailbox_take(&w->mailbox.empty);
    if (!fresh)
        return;
    close_stats(w, last_edge_ns);
    fresh->sys_every = (uint32_t)next_sys_every(b);
    w->n_until_sample = fresh->sys_every;
    use_stats(w, fresh, last_edge_ns);
    mailbox_put(&w->mailbox.full, b);
}

static void hand_over_last(struct worker *w)
{
    const struct timespec moment = { .tv_nsec = NS_PER_MS };
    close_stats(w, clock_monotonic_ns());
    w->stats->is_last = true;
    while (!mailbox_is_empty(&w->mailbox.full))
        nanosleep(&moment, NULL);
    mailbox_put(&w->mailbox.full, w->stats);
    w->stats = NULL;
}

/* --- the loop --- */

void worker_rearm(struct worker *w)
{
    uint64_t next_ns = UINT64_MAX;
    for (uint32_t i = 0; i < w->n_shards; i++)
        if (w->shards[i].next_ns < next_ns)
            next_ns = w->shards[i].next_ns;
    pacer_arm(&w->pacer, next_ns);
}

void worker_run_due(struct worker *w, uint32_t n_most, uint64_t now_ns)
{
    for (uint32_t i = 0; i < w->n_shards; i++)
        if (w->shards[i].next_ns <= now_ns)
            w->shards[i].model->on_due(&w->shards[i], n_most, now_ns);
    worker_rearm(w);
}

static void close_handle(uv_handle_t *handle, void *payload)
{
    (void)payload;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void end_if_over(struct worker *w)
{
    for (uint32_t i = 0; i < w->n_shards; i++)
        if (w->shards[i].state != SHARD_OVER)
            return;
    if (w->is_over)
        return;
    w->is_over = true;
    pthread_mutex_lock(&w->call_lock);
    w->is_callable = false;
    pthread_mutex_unlock(&w->call_lock);
    for (uint32_t i = 0; i < w->n_shards; i++)
        for (uint32_t k = 0; k < w->shards[i].n_conns; k++) {
            struct conn *c = shard_conn(&w->shards[i], k);
            if (c->state != CONN_CLOSED && c->state != CONN_CLOSING)
                conn_close(c);
        }
    pacer_arm(&w->pacer, PACER_NEVER);
    uv_walk(&w->loop, close_handle, NULL);
}

static void look_around(struct worker *w)
{
    const uint64_t now_ns = worker_now(w);
    const bool stops = atomic_load_explicit(&w->stop, memory_order_acquire) != 0;
    for (uint32_t i = 0; i < w->n_shards; i++) {
        struct shard *s = &w->shards[i];
        if (s->state == SHARD_OVER)
            continue;
        if (stops) {
            shard_stop(s, now_ns);
            continue;
        }
        shard_check_deadlines(s, now_ns);
        s->model->check(s, now_ns);
    }
    end_if_over(w);
    if (!w->is_over)
        worker_rearm(w);
}

static void on_tick(uv_timer_t *tick)
{
    look_around(tick->data);
}

static void on_call(uv_async_t *call)
{
    look_around(call->data);
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
    const uint64_t one = 1;

    prctl(PR_SET_TIMERSLACK, 1ul, 0ul, 0ul, 0ul);
    pin(w);
    read_usage(w, &w->stats->health);
    w->stats->health = (struct stats_health){ .sends_per_wakeup = w->stats->health.sends_per_wakeup };
    while (clock_monotonic_ns() < w->t0_ns) {
        const struct timespec t0 = { .tv_sec = (time_t)(w->t0_ns / NS_PER_S),
                                     .tv_nsec = (long)(w->t0_ns % NS_PER_S) };
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t0, NULL);
    }
    w->edge_ns = w->t0_ns + NS_PER_S;
    w->realtime_offset_ns = (int64_t)(clock_realtime_ns() - clock_monotonic_ns());
    use_stats(w, w->stats, w->t0_ns);
    w->poll_ns = clock_monotonic_ns();
    const uint64_t now_ns = worker_now(w);
    for (uint32_t i = 0; i < w->n_shards; i++)
        w->shards[i].model->start(&w->shards[i], now_ns);
    look_around(w);
    worker_run_loop(w);
    hand_over_last(w);
    if (TEMP_FAILURE_RETRY(write(w->finished_fd, &one, sizeof one)) < 0)
        return NULL; /* an eventfd takes every 1; the collector polls the mailbox as well */
    return NULL;
}

void worker_call(struct worker *w)
{
    pthread_mutex_lock(&w->call_lock);
    if (w->is_callable)
        uv_async_send(&w->call);
    pthread_mutex_unlock(&w->call_lock);
}

void worker_call_others(struct worker *w)
{
    for (uint32_t i = 0; i < w->plan->n_threads; i++)
        if (w->colleagues[i] != w)
            worker_call(w->colleagues[i]);
}

/* --- life --- */

/* libuv ends the program where a little memory is short. */
static bool has_room_for_loop(void)
{
    void *volatile room = malloc(LOOP_BYTES); /* or a compiler would leave it out */
    free(room);
    return room != NULL;
}

static int init_loop(struct worker *w, struct err *e)
{
    if (!has_room_for_loop())
        return err_set(e, ERR_FAILED, "out of memory for an event loop");
    int status = uv_loop_init(&w->loop);
    if (status)
        return err_set(e, ERR_FAILED, "cannot make an event loop: %s", uv_strerror(status));
    w->has_loop = true;
    uv_timer_init(&w->loop, &w->tick);
    w->tick.data = w->call.data = w;
    status = worker_init_poller(w);
    if (status == 0)
        status = uv_async_init(&w->loop, &w->call, on_call);
    if (status == 0 && pacer_init(&w->pacer, &w->poller, w->spin_ns))
        status = uv_translate_sys_error(errno);
    if (status == 0)
        status = uv_timer_start(&w->tick, on_tick, WORKER_TICK_MS, WORKER_TICK_MS);
    w->is_callable = status == 0;
    return status ? err_set(e, ERR_FAILED, "cannot set up the event loop: %s", uv_strerror(status)) : 0;
}

/* The thread takes part in a stream that has a connection for it. */
static int init_shards(struct worker *w, struct barrier *barriers)
{
    const struct plan *plan = w->plan;
    w->shards = calloc(plan->n_streams, sizeof *w->shards);
    if (!w->shards)
        return -1;
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct division part = division_of(plan, i, w->index);
        if (division_n_connections(&part) == 0)
            continue;
        if (shard_init(&w->shards[w->n_shards++], w, &plan->streams[i], (uint32_t)i, &part, &barriers[i]))
            return -1;
    }
    return 0;
}

int worker_init(struct worker *w, const struct worker_params *params, struct err *e)
{
    memset(w, 0, offsetof(struct worker, buffer));
    pthread_mutex_init(&w->call_lock, NULL);
    w->poller.fd = w->pacer.timer_fd = -1;
    w->plan = params->plan;
    w->phases = params->phases;
    w->addresses = params->addresses;
    w->colleagues = params->colleagues;
    w->index = params->index;
    w->spin_ns = params->spin_ns;
    w->pin_cpu = params->pin_cpu;
    w->finished_fd = params->finished_fd;
    w->n_until_sample = 1;
    w->records_remotes = addresses_now(w->addresses)->n > 1;
    if (params->plan->target.tls) {
        if (transport_tls(&w->transport, &params->plan->target, plan_n_connections(params->plan), e))
            return -1;
    } else {
        transport_plain(&w->transport);
    }
    w->stats = stats_new(w->plan);
    struct stats *second = stats_new(w->plan);
    if (second)
        mailbox_put(&w->mailbox.empty, second);
    if (!w->stats || !second || names_init(&w->instances, STATS_INSTANCES_MOST) ||
        names_init(&w->remotes, REMOTES_CAPACITY) || init_shards(w, params->barriers))
        return err_set(e, ERR_FAILED, "out of memory for the connections");
    w->stats->sys_every = second->sys_every = 1;
    return init_loop(w, e);
}

int worker_start(struct worker *w, uint64_t t0_ns, struct err *e)
{
    w->t0_ns = t0_ns;
    w->edge_ns = UINT64_MAX;
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
    if (w->has_loop && !w->is_over) {
        uv_walk(&w->loop, close_handle, NULL);
        uv_run(&w->loop, UV_RUN_DEFAULT);
    }
    if (w->has_loop)
        uv_loop_close(&w->loop);
    pacer_fini(&w->pacer);
    poller_fini(&w->poller);
    for (uint32_t i = 0; i < w->n_shards; i++)
        shard_fini(&w->shards[i]);
    free(w->shards);
    transport_fini(&w->transport);
    stats_free(w->stats);
    stats_free(mailbox_take(&w->mailbox.full));
    stats_free(mailbox_take(&w->mailbox.empty));
    names_fini(&w->instances);
    names_fini(&w->remotes);
    pthread_mutex_destroy(&w->call_lock);
}
