/* Which second statistics count in, and when a second is complete. Times are in ms since the run began. */
#include "cm.h"
#include "seconds.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"

#define T0_NS (1000 * NS_PER_S)

static uint64_t at_ms(uint64_t ms)
{
    return T0_NS + ms * NS_PER_MS;
}

static struct seconds seconds;

static int begin(void **state)
{
    (void)state;
    assert_int_equal(seconds_init(&seconds, &small_plan, 2), 0);
    seconds.t0_ns = T0_NS;
    return 0;
}

static int drop(void **state)
{
    (void)state;
    seconds_fini(&seconds);
    return 0;
}

static uint64_t report(uint32_t thread, uint64_t start_ns, uint64_t end_ns, bool is_last)
{
    const struct stats b = { .start_ns = start_ns, .end_ns = end_ns, .is_last = is_last };
    const struct second *second = seconds_of(&seconds, thread, &b);
    assert_non_null(second);
    return second->index;
}

static void statistics_count_in_the_second_in_which_they_began(void **state)
{
    (void)state;
    assert_int_equal(report(0, at_ms(0), at_ms(1000), false), 0);
    assert_int_equal(report(0, at_ms(0) - 1, at_ms(1000), false), 0);
    assert_int_equal(report(0, at_ms(1000) - 1, at_ms(1000), false), 0);
    assert_int_equal(report(0, at_ms(1000), at_ms(2000), false), 1);
    assert_int_equal(report(1, at_ms(2999), at_ms(3000), false), 2);
    assert_int_equal(report(1, at_ms(1500), at_ms(3000), false), 1);
    assert_int_equal(seconds.pending->index, 0);
    assert_int_equal(seconds.pending->next->index, 1);
    assert_int_equal(seconds.pending->next->next->index, 2);
    assert_null(seconds.pending->next->next->next);
}

static void a_second_is_whole_when_all_threads_have_reported_it(void **state)
{
    (void)state;
    report(0, at_ms(0), at_ms(1000), false);
    assert_null(seconds_take(&seconds, 0));
    report(1, at_ms(0), at_ms(1000) - 1, false);
    assert_null(seconds_take(&seconds, 0));
    report(1, at_ms(0), at_ms(1000), false);
    struct second *second = seconds_take(&seconds, 0);
    assert_non_null(second);
    assert_int_equal(second->index, 0);
    assert_int_equal(seconds.next_index, 1);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, 0));
    /* Too late for its own second. */
    assert_int_equal(report(1, at_ms(500), at_ms(2000), false), 1);
}

static void a_second_that_no_thread_reported_is_one_too(void **state)
{
    (void)state;
    report(0, at_ms(1000), at_ms(2000), false);
    report(1, at_ms(1000), at_ms(2000), false);
    for (uint64_t i = 0; i < 2; i++) {
        struct second *second = seconds_take(&seconds, 0);
        assert_non_null(second);
        assert_int_equal(second->index, i);
        seconds_give_back(&seconds, second);
    }
    assert_null(seconds_take(&seconds, 0));
}

static void the_last_second_waits_for_the_end_of_the_run(void **state)
{
    (void)state;
    report(0, at_ms(0), at_ms(300), true);
    report(1, at_ms(0), at_ms(400), false);
    assert_null(seconds_take(&seconds, 0));
    report(1, at_ms(0), at_ms(1000), false);
    struct second *second = seconds_take(&seconds, 0); /* one goes on, and it is whole */
    assert_non_null(second);
    seconds_give_back(&seconds, second);
    report(1, at_ms(1000), at_ms(1400), true);
    assert_null(seconds_take(&seconds, 0));
    second = seconds_take(&seconds, at_ms(1400));
    assert_non_null(second);
    assert_int_equal(second->index, 1);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, at_ms(1400)));
}

static void a_run_that_ends_with_a_second_has_no_other(void **state)
{
    (void)state;
    struct second *second = seconds_take(&seconds, at_ms(1000));
    assert_non_null(second);
    seconds_give_back(&seconds, second);
    assert_null(seconds_take(&seconds, at_ms(1000)));
    second = seconds_take(&seconds, at_ms(1000) + 1);
    assert_non_null(second);
    assert_int_equal(second->index, 1);
    seconds_give_back(&seconds, second);
}

/* A sample of a request that took `us`; `seq` tells it from others. */
static struct stats_sample sample_of(uint64_t seq, uint64_t due_us, uint64_t sent_us, uint64_t done_us)
{
    return (struct stats_sample){ .seq = seq,
                                  .due_ns = due_us * NS_PER_US,
                                  .sent_ns = sent_us * NS_PER_US,
                                  .done_ns = done_us * NS_PER_US };
}

static bool is_kept(const struct second *second, uint64_t seq)
{
    for (uint32_t i = 0; i < second->n_slow; i++)
        if (second->slow[i].sample.seq == seq)
            return true;
    return false;
}

/* From when it was due, else from when it was sent. */
static void the_slowest_requests_of_all_threads_are_kept(void **state)
{
    struct stats *b = stats_new(&small_plan);
    (void)state;
    assert_non_null(b);
    b->start_ns = at_ms(0);
    b->end_ns = at_ms(1000);
    struct second *second = seconds_of(&seconds, 0, b);
    for (uint64_t i = 0; i < STATS_SLOW_SAMPLES_MOST; i++)
        b->slow.rows[b->slow.n++] = sample_of(i, 0, 1000, 1000 + 100 * (i + 1)); /* 100 us and more */
    second_fill(second, 0, b, NULL);
    assert_int_equal(second->n_slow, STATS_SLOW_SAMPLES_MOST);
    b->slow.n = 0;
    b->slow.rows[b->slow.n++] = sample_of(20, 0, 1000, 1100); /* as slow as the fastest of them */
    second_fill(second, 1, b, NULL);
    assert_true(is_kept(second, 0) && !is_kept(second, 20));
    b->slow.n = 0;
    b->slow.rows[b->slow.n++] = sample_of(21, 0, 1000, 5000);
    b->slow.rows[b->slow.n++] = sample_of(22, 1000, 1999, 1250); /* due long before it was sent */
    b->slow.rows[b->slow.n++] = sample_of(23, 0, 3000, 2000);    /* no time at all */
    second_fill(second, 1, b, NULL);
    assert_int_equal(second->n_slow, STATS_SLOW_SAMPLES_MOST);
    assert_false(is_kept(second, 23));
    assert_false(is_kept(second, 0) || is_kept(second, 1)); /* 100 and 200 us */
    assert_true(is_kept(second, 21) && is_kept(second, 22) && is_kept(second, 2));
    for (uint32_t i = 0; i < second->n_slow; i++)
        assert_int_equal(second->slow[i].thread, second->slow[i].sample.seq >= 20);
    stats_free(b);
}

static void what_a_thread_tells_of_a_second_adds_up(void **state)
{
    struct stats *b = stats_new(&small_plan);
    (void)state;
    assert_non_null(b);
    struct second *second = NULL;
    for (uint64_t i = 1; i <= 2; i++) {
        b->start_ns = at_ms(0);
        b->end_ns = at_ms(500 * i);
        b->streams[OPEN].n_inflight = 7 * i;
        b->health.cpu_user_ns = 1;
        b->health.cpu_sys_ns = 2;
        b->health.busy_ns = 3;
        b->health.n_wakeups = 4;
        b->health.n_sends = 5;
        b->health.n_switches_involuntary = 6;
        b->health.iteration_max_ns = 30 / i; /* the largest counts */
        hist_add(b->health.sends_per_wakeup, 9);
        stats_times_add(stats_times(b, OPEN_MAIN, OUTCOME_OK), METRIC_LAG, 8);
        stats_times_add(stats_times(b, OPEN_MAIN, OUTCOME_TIMEOUT), METRIC_RX_AGE, 8);
        second = seconds_of(&seconds, 1, b);
        second_fill(second, 1, b, NULL);
        stats_clear(b);
    }
    const struct second_thread *t = &second->threads[1];
    assert_true(t->span_ns == 1500 * NS_PER_MS && t->end_ns == at_ms(1000));
    assert_int_equal(t->n_inflight[OPEN], 14);
    assert_int_equal(t->n_inflight[CLOSED], 0);
    assert_int_equal(t->health.cpu_user_ns, 2);
    assert_int_equal(t->health.cpu_sys_ns, 4);
    assert_int_equal(t->health.busy_ns, 6);
    assert_int_equal(t->health.n_wakeups, 8);
    assert_int_equal(t->health.n_sends, 10);
    assert_int_equal(t->health.n_switches_involuntary, 12);
    assert_int_equal(t->health.iteration_max_ns, 30);
    assert_int_equal(t->health.sends_per_wakeup->n, 2);
    assert_int_equal(t->lag->n, 2);
    assert_int_equal(t->rx_age->n, 2);
    assert_int_equal(second->threads[0].span_ns, 0);
    b->start_ns = at_ms(900);
    b->end_ns = at_ms(900) - 1; /* no time */
    second_fill(second, 1, b, NULL);
    assert_true(t->span_ns == 1500 * NS_PER_MS);
    stats_free(b);
}

/* A reused second is empty. */
static void a_second_that_was_given_back_is_as_new(void **state)
{
    struct stats *b = stats_new(&small_plan);
    (void)state;
    assert_non_null(b);
    b->start_ns = at_ms(0);
    b->end_ns = at_ms(1000);
    b->streams[OPEN].n_inflight = 3;
    b->health.n_sends = 5;
    b->slow.rows[b->slow.n++] = sample_of(1, 0, 1, 2);
    stats_times_add(stats_times(b, OPEN_MAIN, OUTCOME_OK), METRIC_LAG, 8);
    for (uint32_t t = 0; t < 2; t++)
        second_fill(seconds_of(&seconds, t, b), t, b, NULL);
    struct second *second = seconds_take(&seconds, 0);
    assert_non_null(second);
    second->n_err_samples = 4;
    seconds_give_back(&seconds, second);
    b->start_ns = at_ms(1000);
    b->end_ns = at_ms(2000);
    const struct second *again = seconds_of(&seconds, 0, b);
    assert_ptr_equal(again, second);
    assert_int_equal(again->index, 1);
    assert_null(again->next);
    assert_int_equal(again->n_slow + again->n_err_samples, 0);
    assert_int_equal(again->sum->streams[OPEN].n_sent, 0);
    for (uint32_t t = 0; t < 2; t++) {
        assert_true(again->threads[t].span_ns == 0 && again->threads[t].end_ns == 0);
        assert_int_equal(again->threads[t].n_inflight[OPEN], 0);
        assert_int_equal(again->threads[t].health.n_sends, 0);
        assert_int_equal(again->threads[t].lag->n, 0);
    }
    stats_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statistics_count_in_the_second_in_which_they_began, begin, drop),
        cmocka_unit_test_setup_teardown(a_second_is_whole_when_all_threads_have_reported_it, begin, drop),
        cmocka_unit_test_setup_teardown(a_second_that_no_thread_reported_is_one_too, begin, drop),
        cmocka_unit_test_setup_teardown(the_last_second_waits_for_the_end_of_the_run, begin, drop),
        cmocka_unit_test_setup_teardown(a_run_that_ends_with_a_second_has_no_other, begin, drop),
        cmocka_unit_test_setup_teardown(the_slowest_requests_of_all_threads_are_kept, begin, drop),
        cmocka_unit_test_setup_teardown(what_a_thread_tells_of_a_second_adds_up, begin, drop),
        cmocka_unit_test_setup_teardown(a_second_that_was_given_back_is_as_new, begin, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
