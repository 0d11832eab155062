/* The open model, one event after the other; times are in ms since the run began. Ten requests a second are
 * due at 50 ms, 150 ms and so on. */
#include "wired_open.h"

static void check_clock(uint32_t phase, uint64_t start_ns, uint64_t end_ns)
{
    assert_int_equal(atomic_load(&clocks[phase].start_ns), start_ns);
    assert_int_equal(atomic_load(&clocks[phase].end_ns), end_ns);
}

static void a_request_is_dispatched_when_it_is_due_and_no_sooner(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 1);
    idle(s, 0);
    assert_int_equal(s->timer.due_ns, at_ms(50));
    due(s, at_ms(50) - 1);
    assert_string_equal(wired.written, "");
    assert_int_equal(s->counts->n_intended, 0);
    due(s, at_ms(50));
    assert_string_equal(wired.written, "g");
    assert_int_equal(s->counts->n_intended, 1);
    assert_int_equal(s->timer.due_ns, at_ms(150));
    assert_int_equal(wired.loop->n_due_sends, 1);
    const struct flight *f = conn_flight(shard_conn(s, 0), 0, 1);
    assert_int_equal(f->due_ns, at_ms(50));
    assert_int_equal(f->dispatched_ns, at_ms(50));
    assert_int_equal(f->seq, 0);
}

static void phases_begin_and_end_by_the_schedule(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 2);
    check_clock(0, at_ms(0), 0);
    check_clock(1, 0, 0);
    shard_open.check(s, at_ms(1000) - 1);
    check_clock(0, at_ms(0), 0);
    shard_open.check(s, at_ms(1000));
    check_clock(0, at_ms(0), at_ms(1000));
    check_clock(1, at_ms(1000), 0);
    assert_int_equal(s->phase, 1);
    shard_open.check(s, at_ms(2000) - 1);
    check_clock(1, at_ms(1000), 0);
    shard_open.check(s, at_ms(2000));
    check_clock(1, at_ms(1000), at_ms(2000));
    assert_int_equal(s->phase, 1);
}

/* Answers to one phase that come during the next count, but not in a pause, and not those to warm-up. */
static void measured_time_lasts_through_phases_that_follow(void **state)
{
    static const struct {
        enum plan_phase_kind kind;
        bool warmup;
        uint64_t until_ms; /* 0: none */
    } cases[] = {
        { PLAN_PHASE_RATE, true, 1000 },  { PLAN_PHASE_RATE, false, 3000 }, { PLAN_PHASE_RAMP, false, 3000 },
        { PLAN_PHASE_PAUSE, false, 0 },   { PLAN_PHASE_RATE, false, 5000 }, { PLAN_PHASE_BURST, false, 0 },
        { PLAN_PHASE_RATE, false, 7000 },
    };
    (void)state;
    struct shard *s = open_stream(1, 4, N_OF(cases));
    for (size_t i = 0; i < N_OF(cases); i++) {
        phases[i].kind = cases[i].kind;
        phases[i].warmup = cases[i].warmup;
    }
    shard_open.start(s, at_ms(0));
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_int_equal(atomic_load(&clocks[i].measured_until_ns),
                         cases[i].until_ms ? at_ms(cases[i].until_ms) : 0);
}

/* Whichever share of the plan is sent here, and whichever thread looks first. */
static void any_thread_notes_the_times_of_phases(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 2);
    memset(clocks, 0, sizeof clocks);
    s->division.index = 1;
    shard_open.check(s, at_ms(500));
    check_clock(0, at_ms(0), 0);
    shard_open.check(s, at_ms(1000));
    shard_open.check(s, at_ms(3000));
    check_clock(0, at_ms(0), at_ms(1000));
    check_clock(1, at_ms(1000), at_ms(2000));
    assert_int_equal(s->phase, 1);
}

static void what_finds_the_queue_full_is_dropped(void **state)
{
    (void)state;
    struct shard *s = open_stream(3, 2, 1);
    due(s, at_ms(50));
    due(s, at_ms(150));
    assert_int_equal(s->queue.n, 2);
    assert_int_equal(wired_n(OUTCOME_DROPPED), 0);
    assert_int_equal(shard_n_opening(s), 2);
    due(s, at_ms(250));
    assert_int_equal(s->queue.n, 2);
    assert_int_equal(wired_n(OUTCOME_DROPPED), 1);
    assert_int_equal(s->counts->n_intended, 3);
    assert_int_equal(shard_n_opening(s), 3); /* one for what comes next */
}

static void without_a_queue_a_connection_is_opened_all_the_same(void **state)
{
    (void)state;
    struct shard *s = open_stream(3, 0, 1);
    due(s, at_ms(50));
    assert_int_equal(wired_n(OUTCOME_DROPPED), 1);
    assert_int_equal(shard_n_opening(s), 1);
    due(s, at_ms(150));
    assert_int_equal(shard_n_opening(s), 1);
}

/* Nothing overtakes waiting requests. */
static void what_waits_goes_first(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 4, 1);
    due(s, at_ms(50));
    idle(s, 1);
    due(s, at_ms(150));
    assert_int_equal(s->queue.n, 2);
    assert_string_equal(wired.written, "");
    conn_list_remove(shard_conn(s, 1));
    shard_open.on_free(s, shard_conn(s, 1), at_ms(160));
    assert_int_equal(conn_flight(shard_conn(s, 1), 0, 1)->seq, 0);
    assert_int_equal(s->queue.n, 1);
    assert_int_equal(s->idle.n, 0);
}

static void a_free_connection_waits_for_the_next(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 4, 1);
    shard_open.on_free(s, wired_connect(1), at_ms(60));
    assert_ptr_equal(s->idle.first, shard_conn(s, 1));
    assert_int_equal(s->idle.first->since_ns, at_ms(60));
}

/* Whether a free connection or a tick finds it. */
static void a_wait_times_out_to_the_nanosecond(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 1);
    due(s, at_ms(50));
    due(s, at_ms(150));
    due(s, at_ms(250));
    shard_open.check(s, at_ms(50) + WIRED_TIMEOUT_NS - 1);
    assert_int_equal(s->queue.n, 3);
    shard_open.check(s, at_ms(50) + WIRED_TIMEOUT_NS);
    assert_int_equal(s->queue.n, 2);
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 1);
    shard_open.on_free(s, wired_connect(0), at_ms(150) + WIRED_TIMEOUT_NS);
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 2);
    assert_string_equal(wired.written, "g"); /* the third, 100 ms before its timeout */
    assert_int_equal(conn_flight(shard_conn(s, 0), 0, 1)->seq, 2);
}

static void the_last_moment_is_still_in_time(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 1);
    due(s, at_ms(50));
    shard_open.on_free(s, wired_connect(0), at_ms(50) + WIRED_TIMEOUT_NS - 1);
    assert_string_equal(wired.written, "g");
    assert_int_equal(wired_n(OUTCOME_TIMEOUT), 0);
}

static void a_closed_connection_is_opened_when_one_is_wanted(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 4, 1);
    struct conn *c = wired_connect(1);
    c->state = CONN_CLOSED;
    shard_open.on_free(s, c, at_ms(10));
    assert_ptr_equal(c->list, &s->closed);
    assert_int_equal(shard_n_opening(s), 0);
    due(s, at_ms(50));
    assert_int_equal(shard_n_opening(s), 1);
    due(s, at_ms(150));
    assert_int_equal(shard_n_opening(s), 2);
    assert_int_equal(s->closed.n, 0);
    wired_connect(0)->state = CONN_CLOSED;
    shard_open.on_free(s, shard_conn(s, 0), at_ms(160)); /* two wait, and one connection is being opened */
    assert_int_equal(shard_n_opening(s), 2);
}

static void a_failed_attempt_ends_what_no_other_attempt_is_for(void **state)
{
    (void)state;
    struct shard *s = open_stream(3, 4, 1);
    struct conn *c = shard_conn(s, 0);
    due(s, at_ms(50));
    due(s, at_ms(150));
    assert_int_equal(shard_n_opening(s), 2);
    shard_open.on_connect_failed(shard_conn(s, 2), OUTCOME_CONNECT, "test", at_ms(160));
    assert_int_equal(wired_n(OUTCOME_CONNECT), 0);
    conn_list_remove(c);
    shard_open.on_connect_failed(c, OUTCOME_CONNECT, "test", at_ms(170));
    assert_int_equal(wired_n(OUTCOME_CONNECT), 1);
    assert_int_equal(due_queue_first(&s->queue)->seq, 1); /* the one that waited longest */
}

static void a_failed_attempt_ends_the_request_that_it_was_for(void **state)
{
    (void)state;
    struct shard *s = open_stream(2, 4, 1);
    idle(s, 0);
    due(s, at_ms(50));
    due(s, at_ms(150));
    shard_open.on_connect_failed(shard_conn(s, 0), OUTCOME_CONNECT, "test", at_ms(160));
    assert_int_equal(wired_n(OUTCOME_CONNECT), 1);
    assert_int_equal(shard_conn(s, 0)->n_flights, 0);
    assert_int_equal(s->queue.n, 1);
}

/* --- the end --- */

/* All ten were dispatched. */
static struct shard *all_dispatched(void)
{
    struct shard *s = open_stream(1, 16, 1);
    for (uint64_t i = 0; i < 10; i++)
        due(s, at_ms(50 + 100 * i));
    assert_false(s->has_next);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
    assert_int_equal(s->counts->n_intended, 10);
    return s;
}

static void a_stream_is_over_when_its_time_is_and_nothing_waits(void **state)
{
    (void)state;
    struct shard *s = all_dispatched();
    shard_open.check(s, at_ms(1000));
    assert_int_equal(s->state, SHARD_RUNNING);
    for (int i = 0; i < 10; i++)
        due_queue_take(&s->queue);
    shard_open.check(s, at_ms(1000) - 1);
    assert_int_equal(s->state, SHARD_RUNNING);
    s->n_busy = 1;
    shard_open.check(s, at_ms(1000));
    assert_int_equal(s->state, SHARD_RUNNING);
    s->n_busy = 0;
    shard_open.check(s, at_ms(1000));
    assert_int_equal(s->state, SHARD_OVER);
}

static void the_last_answer_ends_a_stream(void **state)
{
    (void)state;
    struct shard *s = all_dispatched();
    for (int i = 0; i < 10; i++)
        due_queue_take(&s->queue);
    shard_open.on_free(s, wired_connect(0), at_ms(1100));
    assert_int_equal(s->state, SHARD_OVER);
}

static void with_more_to_come_it_is_not_over(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 1);
    shard_open.check(s, at_ms(5000));
    assert_int_equal(s->state, SHARD_RUNNING);
}

static void what_is_due_at_the_very_moment_of_a_stop_was_intended(void **state)
{
    (void)state;
    struct shard *s = open_stream(1, 4, 1);
    due(s, at_ms(50));
    shard_stop(s, at_ms(250));
    assert_int_equal(s->counts->n_intended, 3);
    assert_int_equal(wired_n(OUTCOME_CENSORED), 3);
    assert_false(s->has_next);
    const struct hist *lag = wired.loop->stats->cells[0].times[OUTCOME_CENSORED]->metrics[METRIC_LAG];
    assert_int_equal(lag->max_ns, 100 * NS_PER_MS); /* of the one that was due at 150 ms */
    assert_int_equal(lag->min_ns, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_request_is_dispatched_when_it_is_due_and_no_sooner, drop),
        cmocka_unit_test_teardown(phases_begin_and_end_by_the_schedule, drop),
        cmocka_unit_test_teardown(measured_time_lasts_through_phases_that_follow, drop),
        cmocka_unit_test_teardown(any_thread_notes_the_times_of_phases, drop),
        cmocka_unit_test_teardown(what_finds_the_queue_full_is_dropped, drop),
        cmocka_unit_test_teardown(without_a_queue_a_connection_is_opened_all_the_same, drop),
        cmocka_unit_test_teardown(what_waits_goes_first, drop),
        cmocka_unit_test_teardown(a_free_connection_waits_for_the_next, drop),
        cmocka_unit_test_teardown(a_wait_times_out_to_the_nanosecond, drop),
        cmocka_unit_test_teardown(the_last_moment_is_still_in_time, drop),
        cmocka_unit_test_teardown(a_closed_connection_is_opened_when_one_is_wanted, drop),
        cmocka_unit_test_teardown(a_failed_attempt_ends_what_no_other_attempt_is_for, drop),
        cmocka_unit_test_teardown(a_failed_attempt_ends_the_request_that_it_was_for, drop),
        cmocka_unit_test_teardown(a_stream_is_over_when_its_time_is_and_nothing_waits, drop),
        cmocka_unit_test_teardown(the_last_answer_ends_a_stream, drop),
        cmocka_unit_test_teardown(with_more_to_come_it_is_not_over, drop),
        cmocka_unit_test_teardown(what_is_due_at_the_very_moment_of_a_stop_was_intended, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
