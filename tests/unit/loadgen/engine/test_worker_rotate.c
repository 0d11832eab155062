/* The second's edge, at which a thread's statistics change hands. Times are in ms since the run began. */
#include "wired.h"

#include <sys/resource.h>

static uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

/* A thread of one shard, in its first second. */
static struct worker *in_first_second(void)
{
    struct worker *w = &wired.worker;
    wired_init(PLAN_OPEN, 4, 1);
    w->shards = &wired.shard;
    w->n_shards = 1;
    w->loop.edge_ns = at_ms(1000);
    w->loop.stats->start_ns = at_ms(0);
    w->loop.stats->sys_every = 1;
    return w;
}

static void add_empty(struct worker *w)
{
    struct stats *b = stats_new(w->loop.plan);
    assert_non_null(b);
    mailbox_put(&w->mailbox.empty, b);
}

static int drop(void **state)
{
    (void)state;
    stats_free(mailbox_take(&wired.worker.mailbox.full));
    stats_free(mailbox_take(&wired.worker.mailbox.empty));
    wired_fini();
    return 0;
}

static void at_the_edge_the_collector_gets_the_statistics_and_the_thread_empty_ones(void **state)
{
    (void)state;
    struct worker *w = in_first_second();
    add_empty(w);
    struct stats *first = w->loop.stats;
    wired.shard.n_busy = 3;
    names_number(&w->loop.remotes, "10.0.0.1", 8);
    names_number(&w->loop.remotes, "10.0.0.2", 8);
    w->loop.slowest_floor_ns = 7;
    worker_rotate(w, at_ms(1000));
    assert_ptr_equal(mailbox_take(&w->mailbox.full), first);
    assert_int_equal(first->end_ns, at_ms(1000));
    assert_int_equal(first->streams[0].n_inflight, 3);
    assert_int_equal(first->n_remotes, 2);
    assert_ptr_not_equal(w->loop.stats, first);
    assert_int_equal(w->loop.stats->start_ns, at_ms(1000));
    assert_false(w->loop.stats->is_last);
    assert_ptr_equal(wired.shard.counts, &w->loop.stats->streams[0]);
    assert_int_equal(w->loop.slowest_floor_ns, 0);
    assert_int_equal(w->loop.edge_ns, at_ms(2000));
    stats_free(first);
}

/* Seconds stay whole, however late the thread looks. */
static void an_interval_ends_at_the_last_edge_that_has_passed(void **state)
{
    (void)state;
    static const struct {
        uint64_t now_ms, end_ms;
    } cases[] = { { 1000, 1000 }, { 1001, 1000 }, { 1999, 1000 }, { 2000, 2000 }, { 4700, 4000 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct worker *w = in_first_second();
        add_empty(w);
        const struct stats *first = w->loop.stats;
        worker_rotate(w, at_ms(cases[i].now_ms));
        assert_int_equal(first->end_ns, at_ms(cases[i].end_ms));
        assert_int_equal(w->loop.stats->start_ns, at_ms(cases[i].end_ms));
        assert_int_equal(w->loop.edge_ns, at_ms(cases[i].end_ms + 1000));
        drop(NULL);
    }
}

static void an_interval_grows_while_the_collector_is_behind(void **state)
{
    (void)state;
    struct worker *w = in_first_second();
    struct stats *first = w->loop.stats;
    worker_rotate(w, at_ms(1000)); /* there is no other struct stats */
    assert_ptr_equal(w->loop.stats, first);
    assert_int_equal(w->loop.edge_ns, at_ms(2000));
    add_empty(w);
    mailbox_put(&w->mailbox.full, stats_new(w->loop.plan)); /* not taken yet */
    worker_rotate(w, at_ms(2000));
    assert_ptr_equal(w->loop.stats, first);
    stats_free(mailbox_take(&w->mailbox.full));
    worker_rotate(w, at_ms(3000));
    assert_ptr_not_equal(w->loop.stats, first);
    assert_int_equal(first->start_ns, at_ms(0));
    assert_int_equal(first->end_ns, at_ms(3000));
}

/* About 500 rows a second are wanted. */
static void the_next_second_is_sampled_by_this_ones_requests(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_rows, every, next;
    } cases[] = { { 0, 1, 1 },    { 499, 1, 1 },   { 500, 1, 2 },   { 999, 1, 2 },
                  { 1000, 1, 3 }, { 600, 10, 13 }, { 50, 100, 11 }, { 49, 10, 1 } };
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct worker *w = in_first_second();
        add_empty(w);
        w->loop.stats->sys.n = cases[i].n_rows;
        w->loop.stats->sys_every = cases[i].every;
        worker_rotate(w, at_ms(1000));
        assert_int_equal(w->loop.stats->sys_every, cases[i].next);
        assert_int_equal(w->loop.n_until_sample, cases[i].next);
        drop(NULL);
    }
}

/* In place of the C library's: what the thread has used. */
static struct rusage used;

int getrusage(__rusage_who_t who, struct rusage *usage)
{
    assert_int_equal(who, RUSAGE_THREAD);
    *usage = used;
    return 0;
}

static void statistics_have_the_processor_time_of_their_interval(void **state)
{
    (void)state;
    struct worker *w = in_first_second();
    add_empty(w);
    struct stats *first = w->loop.stats;
    used = (struct rusage){ .ru_utime = { .tv_sec = 2, .tv_usec = 500000 },
                            .ru_stime = { .tv_sec = 1, .tv_usec = 250000 },
                            .ru_nivcsw = 7 };
    worker_rotate(w, at_ms(1000));
    assert_int_equal(first->health.cpu_user_ns, 2500 * NS_PER_MS);
    assert_int_equal(first->health.cpu_sys_ns, 1250 * NS_PER_MS);
    assert_int_equal(first->health.n_switches_involuntary, 7);
    struct stats *second = w->loop.stats;
    mailbox_take(&w->mailbox.full);
    stats_clear(first);
    mailbox_put(&w->mailbox.empty, first);
    used = (struct rusage){ .ru_utime = { .tv_sec = 3, .tv_usec = 100000 },
                            .ru_stime = { .tv_sec = 1, .tv_usec = 300000 },
                            .ru_nivcsw = 9 };
    worker_rotate(w, at_ms(2000));
    assert_int_equal(second->health.cpu_user_ns, 600 * NS_PER_MS);
    assert_int_equal(second->health.cpu_sys_ns, 50 * NS_PER_MS);
    assert_int_equal(second->health.n_switches_involuntary, 2);
}

static void the_wall_clock_is_looked_up_every_second(void **state)
{
    (void)state;
    struct worker *w = in_first_second();
    worker_rotate(w, at_ms(1000));
    const int64_t now_ns = (int64_t)(clock_realtime_ns() - clock_monotonic_ns());
    assert_true(now_ns - w->loop.realtime_offset_ns < (int64_t)NS_PER_S);
    assert_true(w->loop.realtime_offset_ns - now_ns < (int64_t)NS_PER_S);
}

/* --- the shards --- */

static struct loop_timer timers[2];
static uint32_t n_called[2], n_given;

static void first_due(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns)
{
    (void)now_ns;
    n_called[timer - timers]++;
    n_given = n_most;
}

static void timers_that_are_due_run(void **state)
{
    (void)state;
    static const struct {
        uint64_t first_ms, second_ms;
        uint32_t first, second;
        uint64_t armed_ms;
    } cases[] = { { 100, 200, 1, 0, 100 },
                  { 200, 100, 0, 1, 100 },
                  { 101, 200, 0, 0, 101 },
                  { 50, 100, 1, 1, 50 },
                  { 300, 250, 0, 0, 250 } };
    struct worker *w = in_first_second();
    for (size_t i = 0; i < N_OF(timers); i++) {
        timers[i].on_due = first_due;
        loop_add_timer(&w->loop, &timers[i]);
    }
    for (size_t i = 0; i < N_OF(cases); i++) {
        memset(n_called, 0, sizeof n_called);
        timers[0].due_ns = at_ms(cases[i].first_ms);
        timers[1].due_ns = at_ms(cases[i].second_ms);
        loop_run_due(&w->loop, 5, at_ms(100));
        assert_int_equal(n_called[0], cases[i].first);
        assert_int_equal(n_called[1], cases[i].second);
        assert_int_equal(w->loop.pacer.armed_ns, at_ms(cases[i].armed_ms));
    }
    assert_int_equal(n_given, 5);
}

static void sleeping_too_long_is_time_in_which_it_did_not_look(void **state)
{
    (void)state;
    struct worker *w = in_first_second();
    struct stats_health *h = &w->loop.stats->health;
    loop_note_oversleep(&w->loop, 17 * NS_PER_MS);
    assert_int_equal(h->iteration_max_ns, 12 * NS_PER_MS);
    loop_note_oversleep(&w->loop, 9 * NS_PER_MS);
    assert_int_equal(h->iteration_max_ns, 12 * NS_PER_MS);
    loop_note_oversleep(&w->loop, 18 * NS_PER_MS);
    assert_int_equal(h->iteration_max_ns, 13 * NS_PER_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(at_the_edge_the_collector_gets_the_statistics_and_the_thread_empty_ones,
                                  drop),
        cmocka_unit_test(an_interval_ends_at_the_last_edge_that_has_passed),
        cmocka_unit_test_teardown(an_interval_grows_while_the_collector_is_behind, drop),
        cmocka_unit_test(the_next_second_is_sampled_by_this_ones_requests),
        cmocka_unit_test_teardown(statistics_have_the_processor_time_of_their_interval, drop),
        cmocka_unit_test_teardown(the_wall_clock_is_looked_up_every_second, drop),
        cmocka_unit_test_teardown(timers_that_are_due_run, drop),
        cmocka_unit_test_teardown(sleeping_too_long_is_time_in_which_it_did_not_look, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
