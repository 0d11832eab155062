/* Due requests and responses share a turn of the loop, however many there are of either. The clock is the
 * real one: everything is due from the start, and nothing waits but the loop's timers. */
#include "wired.h"

#include <sys/eventfd.h>
#include <unistd.h>

enum { N_DUE = 1000, N_CONNS = 4 };

/* A thread with N_DUE requests due, of which the connections carry the first. */
static struct worker *overloaded(void)
{
    struct wired *x = &wired;
    struct worker *w = &x->worker;
    wired_init(PLAN_OPEN, N_CONNS, 1);
    x->phase = (struct plan_phase){ .kind = PLAN_PHASE_RATE,
                                    .duration_ns = NS_PER_MS,
                                    .rate_per_s = 1e6,
                                    .rate_end_per_s = 1e6,
                                    .n_requests = N_DUE };
    x->stream.timeout_ns = UINT64_MAX / 2;
    x->shard.model = &shard_open;
    due_queue_fini(&x->shard.queue);
    assert_int_equal(due_queue_init(&x->shard.queue, N_DUE), 0);
    w->shards = &x->shard;
    w->n_shards = 1;
    loop_add_timer(&w->loop, &x->shard.timer);
    w->loop.t0_ns = 0;
    w->loop.is_awake = false;
    w->loop.poll_ns = clock_monotonic_ns();
    assert_int_equal(uv_loop_init(&w->loop.uv), 0);
    assert_int_equal(poller_init(&w->loop.poller), 0);
    assert_int_equal(pacer_init(&w->loop.pacer, &w->loop.poller, 0), 0);
    w->loop.uv_ran_ns = w->loop.poll_ns;
    for (uint32_t i = 0; i < N_CONNS; i++)
        conn_list_append(&x->shard.idle, wired_connect(i), 0);
    shard_open.start(&x->shard, w->loop.poll_ns);
    shard_open.on_due(&x->shard.timer, N_CONNS, w->loop.poll_ns);
    loop_rearm(&w->loop);
    return w;
}

static int drop(void **state)
{
    (void)state;
    pacer_fini(&wired.loop->pacer);
    poller_fini(&wired.loop->poller);
    uv_loop_close(&wired.loop->uv);
    wired_fini();
    return 0;
}

static void an_answer_lets_one_due_request_go(void **state)
{
    (void)state;
    overloaded();
    struct shard *s = &wired.shard;
    for (uint32_t i = 0; i < N_CONNS; i++) {
        wired_answer(WIRED_OK);
        wired_looks(shard_conn(s, i));
        assert_int_equal(s->counts->n_intended, N_CONNS + 1 + i);
        assert_int_equal(wired_n(OUTCOME_OK), i + 1);
    }
    assert_int_equal(s->counts->n_sent, 2 * N_CONNS);
}

static void a_turn_sends_a_few_and_looks_at_the_sockets_again(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    const struct shard *s = &wired.shard;
    uint64_t n_before = s->counts->n_intended;
    unsigned n_turns = 0;
    while (s->has_next) {
        const uint64_t poll_ns = w->loop.poll_ns;
        worker_turn(w);
        n_turns++;
        assert_true(w->loop.poll_ns > poll_ns);
        assert_in_range(s->counts->n_intended - n_before, 1, 32);
        n_before = s->counts->n_intended;
    }
    assert_int_equal(n_before, N_DUE);
    assert_in_range(n_turns, (N_DUE - N_CONNS) / 32, N_DUE - N_CONNS);
}

static void a_thread_with_requests_due_is_busy_while_it_looks(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    const struct stats_health *h = &w->loop.stats->health;
    const uint64_t from_ns = clock_monotonic_ns();
    w->loop.poll_ns = from_ns;
    for (int i = 0; i < 20; i++)
        worker_turn(w);
    assert_true(w->loop.is_awake);
    /* All time since the first look. */
    assert_true(h->busy_ns + (w->loop.wake_ns - w->loop.poll_ns) <= w->loop.poll_ns - from_ns);
    const uint64_t first_ns = w->loop.poll_ns - h->busy_ns;
    assert_int_equal(h->n_wakeups, 20);
    for (int i = 0; i < 20; i++)
        worker_turn(w);
    assert_int_equal(w->loop.poll_ns - h->busy_ns, first_ns);
}

static void on_answer(struct poller_watch *watch, uint32_t events)
{
    (void)watch;
    (void)events;
    loop_now(wired.loop);
}

/* Requests awaiting responses are no longer due, but a thread that finds responses at every look has no time
 * left. */
static void a_thread_that_need_not_wait_is_busy_while_it_looks(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    const struct stats_health *h = &w->loop.stats->health;
    struct poller_watch watch = { .on_events = on_answer };
    const int fd = eventfd(1, EFD_CLOEXEC); /* always ready */
    assert_int_equal(poller_add(&w->loop.poller, fd, &watch, POLLER_READABLE), 0);
    wired.shard.timer.due_ns = PACER_NEVER;
    loop_rearm(&w->loop);
    worker_turn(w);
    const uint64_t busy_ns = h->busy_ns;
    const uint64_t from_ns = w->loop.poll_ns;
    worker_turn(w);
    assert_int_equal(h->busy_ns - busy_ns, w->loop.poll_ns - from_ns);
    close(fd);
    worker_turn(w);
    const uint64_t n_wakeups = h->n_wakeups, n_counted = h->sends_per_wakeup->n;
    worker_turn(w); /* finds nothing */
    assert_false(w->loop.is_awake);
    assert_int_equal(h->n_wakeups, n_wakeups);
    assert_int_equal(n_counted, 1); /* those sent before; a turn that sends nothing is not counted */
    assert_int_equal(h->sends_per_wakeup->n, n_counted);
}

static void answers_that_wait_are_read_before_more_is_sent(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    const struct shard *s = &wired.shard;
    struct poller_watch watch = { .on_events = on_answer };
    int fds[POLLER_CALLS_MOST];
    fds[0] = eventfd(1, EFD_CLOEXEC);
    for (int i = 1; i < POLLER_CALLS_MOST; i++)
        fds[i] = dup(fds[0]);
    for (int i = 0; i < POLLER_CALLS_MOST; i++)
        assert_int_equal(poller_add(&w->loop.poller, fds[i], &watch, POLLER_READABLE), 0);
    const uint64_t n_before = s->counts->n_intended;
    worker_turn(w);
    assert_int_equal(s->counts->n_intended, n_before);
    assert_int_equal(epoll_ctl(w->loop.poller.fd, EPOLL_CTL_DEL, fds[0], NULL),
                     0); /* one fewer than a wait reports */
    worker_turn(w);
    assert_true(s->counts->n_intended > n_before);
    for (int i = 0; i < POLLER_CALLS_MOST; i++)
        close(fds[i]);
}

static void on_timer(uv_timer_t *timer)
{
    ++*(unsigned *)timer->data;
    uv_close((uv_handle_t *)timer, NULL);
}

static void start_timer(struct worker *w, uv_timer_t *timer, unsigned *n_fired, uint64_t after_ms)
{
    wired.shard.timer.due_ns = PACER_NEVER;
    loop_rearm(&w->loop);
    assert_int_equal(uv_timer_init(&w->loop.uv, timer), 0);
    timer->data = n_fired;
    uv_update_time(&w->loop.uv);
    assert_int_equal(uv_timer_start(timer, on_timer, after_ms, 0), 0);
    uv_run(&w->loop.uv, UV_RUN_NOWAIT); /* it has something to set up first */
    w->loop.uv_ran_ns = clock_monotonic_ns();
}

/* In between it waits, at most a tick at a time. */
static void the_loops_timers_are_kept_in_a_few_turns(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    uv_timer_t timer;
    unsigned n_fired = 0;
    unsigned n_turns = 0;
    start_timer(w, &timer, &n_fired, LOOP_TICK_MS + 3);
    for (; n_fired == 0; n_turns++)
        worker_turn(w);
    assert_in_range(n_turns, 1, 6);
    worker_run_loop(w); /* until the timer is closed */
    assert_int_equal(n_fired, 1);
}

static void note_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)n_most;
    (void)now_ns;
    timer->due_ns = PACER_NEVER;
    wired.n_freed++;
}

/* One wake-up serves both. */
static void a_timer_waits_for_a_request_that_is_due_within_a_millisecond(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    uv_timer_t timer;
    unsigned n_fired = 0;
    wired.shard.timer.on_due = note_due;
    start_timer(w, &timer, &n_fired, 3);
    wired.shard.timer.due_ns =
        w->loop.uv_ran_ns + (uint64_t)uv_backend_timeout(&w->loop.uv) * NS_PER_MS + 900 * NS_PER_US;
    loop_rearm(&w->loop);
    while (n_fired == 0 && wired.n_freed == 0)
        worker_turn(w);
    assert_int_equal(n_fired, 1);
    assert_int_equal(wired.n_freed, 1);
    worker_run_loop(w);
}

static void the_loop_runs_until_nothing_is_left(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    uv_timer_t timer;
    unsigned n_fired = 0;
    start_timer(w, &timer, &n_fired, 1);
    worker_run_loop(w);
    assert_int_equal(n_fired, 1);
    assert_false(uv_loop_alive(&w->loop.uv));
}

static void what_comes_while_it_waits_ends_the_wait_and_not_before(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    uv_timer_t timer;
    unsigned n_fired = 0;
    struct poller_watch watch = { .on_events = on_answer };
    const int fd = eventfd(1, EFD_CLOEXEC);
    start_timer(w, &timer, &n_fired, 1000);
    assert_int_equal(poller_add(&w->loop.poller, fd, &watch, POLLER_READABLE), 0);
    worker_turn(w);
    assert_true(w->loop.is_awake);
    assert_true(w->loop.wake_ns > w->loop.poll_ns);
    close(fd);
    uv_close((uv_handle_t *)&timer, NULL);
    worker_run_loop(w);
}

static void being_kept_from_running_counts_beyond_the_tick(void **state)
{
    (void)state;
    struct worker *w = overloaded();
    const struct stats_health *h = &w->loop.stats->health;
    loop_note_oversleep(&w->loop, 25 * NS_PER_MS);
    loop_note_oversleep(&w->loop, 15 * NS_PER_MS);
    assert_int_equal(h->iteration_max_ns, (25 - LOOP_TICK_MS) * NS_PER_MS);
    assert_true(h->overslept_ns >= h->iteration_max_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_answer_lets_one_due_request_go, drop),
        cmocka_unit_test_teardown(a_turn_sends_a_few_and_looks_at_the_sockets_again, drop),
        cmocka_unit_test_teardown(a_thread_with_requests_due_is_busy_while_it_looks, drop),
        cmocka_unit_test_teardown(a_thread_that_need_not_wait_is_busy_while_it_looks, drop),
        cmocka_unit_test_teardown(answers_that_wait_are_read_before_more_is_sent, drop),
        cmocka_unit_test_teardown(the_loops_timers_are_kept_in_a_few_turns, drop),
        cmocka_unit_test_teardown(a_timer_waits_for_a_request_that_is_due_within_a_millisecond, drop),
        cmocka_unit_test_teardown(the_loop_runs_until_nothing_is_left, drop),
        cmocka_unit_test_teardown(what_comes_while_it_waits_ends_the_wait_and_not_before, drop),
        cmocka_unit_test_teardown(being_kept_from_running_counts_beyond_the_tick, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
