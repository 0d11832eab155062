/* The closed model, one event after the other; times are in ms since the run began. */
#include "wired.h"

enum { N_CLOCKS = 4 };

static struct phase_clock clocks[N_CLOCKS];
static struct plan_phase phases[N_CLOCKS];

static uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

/* Every user has a ready connection. */
static struct shard *closed_stream(uint32_t n_users, uint32_t depth, const struct plan_phase *p, size_t n)
{
    wired_init(PLAN_CLOSED, n_users, depth);
    memset(clocks, 0, sizeof clocks);
    memcpy(phases, p, n * sizeof *p);
    wired.stream.phases = phases;
    wired.stream.n_phases = wired.plan.n_phases = wired.plan.n_cells = n;
    wired.shard.clocks = clocks;
    wired.shard.model = &shard_closed;
    for (uint32_t i = 0; i < n_users; i++)
        wired_connect(i);
    return &wired.shard;
}

static void start(struct shard *s)
{
    wired.loop->t0_ns = at_ms(0);
    shard_closed.start(s, at_ms(1)); /* the thread is a little late */
}

/* The oldest request of the connection gets its response. */
static void answered(uint32_t i, uint64_t now_ns)
{
    struct conn *c = shard_conn(&wired.shard, i);
    struct flight f;
    conn_pop_flight(c, &f);
    if (c->n_written == 0)
        conn_list_remove(c);
    shard_on_done(&wired.shard, c, now_ns);
}

static void check_clock(uint32_t phase, uint64_t start_ns, uint64_t end_ns)
{
    assert_int_equal(atomic_load(&clocks[phase].start_ns), start_ns);
    assert_int_equal(atomic_load(&clocks[phase].end_ns), end_ns);
}

static const struct plan_phase three = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 3 };
static const struct plan_phase fifth_of_a_second = { .kind = PLAN_PHASE_DURATION,
                                                     .duration_ns = 200 * NS_PER_MS };

static void a_phase_of_requests_ends_with_the_last_answer(void **state)
{
    (void)state;
    struct shard *s = closed_stream(2, 1, &three, 1);
    start(s);
    assert_string_equal(wired.written, "gg");
    assert_int_equal(s->n_left, 1);
    assert_int_equal(s->n_busy, 2);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
    check_clock(0, at_ms(0), 0);
    answered(0, at_ms(10));
    assert_string_equal(wired.written, "ggg");
    assert_int_equal(s->state, SHARD_RUNNING);
    answered(1, at_ms(20));
    assert_string_equal(wired.written, "ggg");
    assert_int_equal(s->state, SHARD_DRAINING);
    assert_ptr_equal(shard_conn(s, 1)->list, &s->idle);
    check_clock(0, at_ms(0), 0);
    answered(0, at_ms(30));
    assert_int_equal(s->state, SHARD_OVER);
    check_clock(0, at_ms(0), at_ms(30));
    assert_int_equal(s->own.number, 3);
}

static void bytes_that_come_when_all_is_over_are_noted_in_the_last_phase(void **state)
{
    (void)state;
    const struct plan_phase p[] = { three, three };
    struct shard *s = closed_stream(3, 1, p, 2);
    start(s);
    for (uint64_t ms = 10; ms <= 20; ms += 10)
        for (uint32_t i = 0; i < 3; i++)
            answered(i, at_ms(ms));
    assert_int_equal(s->state, SHARD_OVER);
    wired_answer("HTTP/1.1 408 Request Timeout\r\n\r\n");
    wired_looks(shard_conn(s, 0));
    assert_int_equal(wired.loop->stats->n_causes, 1);
    assert_int_equal(wired.loop->stats->causes[0].cell, 1);
}

static void a_phase_of_no_requests_is_over_at_once(void **state)
{
    (void)state;
    static const struct plan_phase none = { .kind = PLAN_PHASE_REQUESTS };
    struct shard *s = closed_stream(2, 1, &none, 1);
    start(s);
    assert_string_equal(wired.written, "");
    assert_int_equal(s->state, SHARD_OVER);
    check_clock(0, at_ms(0), at_ms(1));
}

static void a_phase_of_time_takes_up_requests_until_its_end(void **state)
{
    (void)state;
    struct shard *s = closed_stream(2, 1, &fifth_of_a_second, 1);
    start(s);
    assert_int_equal(s->phase_end_ns, at_ms(200));
    assert_int_equal(s->timer.due_ns, at_ms(200));
    assert_int_equal(s->n_left, UINT64_MAX);
    answered(0, at_ms(200) - 1);
    assert_string_equal(wired.written, "ggg");
    assert_int_equal(s->n_left, UINT64_MAX);
    answered(1, at_ms(200));
    assert_string_equal(wired.written, "ggg");
    assert_int_equal(s->state, SHARD_DRAINING);
    answered(0, at_ms(250));
    assert_int_equal(s->state, SHARD_OVER);
    check_clock(0, at_ms(0), at_ms(250));
    assert_int_equal(atomic_load(&clocks[0].measured_until_ns), at_ms(200));
}

static void the_clock_ends_a_phase_in_which_nobody_is_answered(void **state)
{
    (void)state;
    struct shard *s = closed_stream(1, 1, &fifth_of_a_second, 1);
    start(s);
    shard_closed.on_due(&s->timer, 1, at_ms(200) - 1);
    assert_int_equal(s->state, SHARD_RUNNING);
    assert_int_equal(s->timer.due_ns, at_ms(200));
    shard_closed.on_due(&s->timer, 1, at_ms(200));
    assert_int_equal(s->state, SHARD_DRAINING);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
    shard_closed.check(s, at_ms(300)); /* still in flight */
    assert_int_equal(s->state, SHARD_DRAINING);
}

static void a_tick_ends_it_too(void **state)
{
    (void)state;
    struct shard *s = closed_stream(1, 1, &fifth_of_a_second, 1);
    start(s);
    shard_closed.check(s, at_ms(200) - 1);
    assert_int_equal(s->state, SHARD_RUNNING);
    shard_closed.check(s, at_ms(200));
    assert_int_equal(s->state, SHARD_DRAINING);
}

static void a_pause_ends_by_the_clock_however_late_the_thread_looks(void **state)
{
    (void)state;
    const struct plan_phase p[] = {
        { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1 },
        { .kind = PLAN_PHASE_PAUSE, .duration_ns = 100 * NS_PER_MS },
        { .kind = PLAN_PHASE_DURATION, .duration_ns = 50 * NS_PER_MS },
    };
    struct shard *s = closed_stream(1, 1, p, 3);
    start(s);
    answered(0, at_ms(10));
    assert_int_equal(s->phase, 1);
    assert_int_equal(s->state, SHARD_WAITING);
    assert_int_equal(s->timer.due_ns, at_ms(110));
    check_clock(0, at_ms(0), at_ms(10));
    check_clock(1, at_ms(10), 0);
    shard_closed.check(s, at_ms(110)); /* it waits at no barrier */
    shard_closed.on_due(&s->timer, 1, at_ms(110) - 1);
    assert_int_equal(s->phase, 1);
    assert_string_equal(wired.written, "g");
    shard_closed.on_due(&s->timer, 1, at_ms(117));
    assert_int_equal(s->phase, 2);
    check_clock(1, at_ms(10), at_ms(110));
    check_clock(2, at_ms(110), 0);
    assert_int_equal(s->phase_end_ns, at_ms(160));
    assert_string_equal(wired.written, "gg");
}

static void a_pause_of_no_length_is_one(void **state)
{
    (void)state;
    const struct plan_phase p[] = { { .kind = PLAN_PHASE_PAUSE },
                                    { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1 } };
    struct shard *s = closed_stream(1, 1, p, 2);
    start(s);
    assert_int_equal(s->timer.due_ns, at_ms(0));
    shard_closed.on_due(&s->timer, 1, at_ms(1));
    assert_int_equal(s->phase, 1);
    assert_string_equal(wired.written, "g");
}

static void a_pause_at_the_end_ends_the_stream(void **state)
{
    (void)state;
    const struct plan_phase p = { .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_MS };
    struct shard *s = closed_stream(1, 1, &p, 1);
    start(s);
    shard_closed.on_due(&s->timer, 1, at_ms(10));
    assert_int_equal(s->state, SHARD_OVER);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
    check_clock(0, at_ms(0), at_ms(10));
    shard_closed.check(s, at_ms(20));
    assert_int_equal(s->state, SHARD_OVER);
}

static void a_user_fills_his_pipeline_before_the_next_begins(void **state)
{
    (void)state;
    const struct plan_phase five = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 5 };
    struct shard *s = closed_stream(3, 3, &five, 1);
    start(s);
    assert_int_equal(shard_conn(s, 0)->n_flights, 3);
    assert_int_equal(shard_conn(s, 1)->n_flights, 2);
    assert_int_equal(shard_conn(s, 2)->n_flights, 0);
    assert_int_equal(s->n_left, 0);
    assert_ptr_equal(shard_conn(s, 2)->list, &s->idle);
    answered(0, at_ms(10));
    assert_int_equal(shard_conn(s, 0)->n_flights, 2);
    assert_ptr_equal(shard_conn(s, 0)->list, &s->busy); /* not parked */
    shard_closed.on_free(s, shard_conn(s, 0), at_ms(11));
    assert_int_equal(s->n_busy, 4);
}

static void a_full_pipeline_takes_no_more(void **state)
{
    (void)state;
    struct shard *s = closed_stream(1, 2, &fifth_of_a_second, 1);
    start(s);
    assert_string_equal(wired.written, "gg");
    shard_closed.on_free(s, shard_conn(s, 0), at_ms(10));
    assert_string_equal(wired.written, "gg");
    answered(0, at_ms(200) - 1);
    assert_string_equal(wired.written, "ggg");
    answered(0, at_ms(200));
    assert_string_equal(wired.written, "ggg");
}

/* --- thinking --- */

static void a_user_thinks_between_an_answer_and_the_next_request(void **state)
{
    (void)state;
    struct shard *s = closed_stream(2, 1, &fifth_of_a_second, 1);
    wired.stream.think_ns = 30 * NS_PER_MS;
    loop_add_timer(wired.loop, &s->timer);
    start(s);
    assert_string_equal(wired.written, "gg"); /* nobody thinks first */
    answered(0, at_ms(10));
    assert_ptr_equal(shard_conn(s, 0)->list, &s->thinking);
    assert_int_equal(s->timer.due_ns, at_ms(40));
    assert_int_equal(wired.loop->pacer.armed_ns, at_ms(40));
    answered(1, at_ms(20));
    assert_int_equal(s->timer.due_ns, at_ms(40));
    shard_on_done(s, shard_conn(s, 0), at_ms(25)); /* already thinking, and goes on */
    assert_int_equal(s->thinking.n, 2);
    assert_int_equal(s->thinking.first->since_ns, at_ms(10));
    shard_closed.on_due(&s->timer, 16, at_ms(40) - 1);
    assert_int_equal(s->thinking.n, 2);
    shard_closed.on_due(&s->timer, 16, at_ms(40));
    assert_int_equal(s->thinking.n, 1);
    assert_string_equal(wired.written, "ggg");
    assert_int_equal(s->timer.due_ns, at_ms(50));
}

static void no_user_thinks_beyond_the_end_of_a_phase(void **state)
{
    (void)state;
    const struct plan_phase p[] = { fifth_of_a_second, three };
    struct shard *s = closed_stream(1, 1, p, 2);
    wired.stream.think_ns = 30 * NS_PER_MS;
    start(s);
    answered(0, at_ms(180));
    assert_int_equal(s->timer.due_ns, at_ms(200)); /* the phase ends before the thinking does */
    shard_closed.on_due(&s->timer, 1, at_ms(200));
    assert_int_equal(s->phase, 1);
    assert_int_equal(s->thinking.n, 0);
    assert_string_equal(wired.written, "gg"); /* begins without thinking */
}

/* --- several threads --- */

static void a_thread_waits_at_the_barrier_for_the_last(void **state)
{
    (void)state;
    const struct plan_phase p[] = { { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1 },
                                    { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1 } };
    struct shard *s = closed_stream(1, 1, p, 2);
    wired.barrier.n_sharers = 2;
    start(s);
    answered(0, at_ms(10));
    assert_int_equal(s->state, SHARD_WAITING);
    assert_int_equal(s->phase, 0);
    shard_closed.check(s, at_ms(15));
    assert_int_equal(s->phase, 0);
    check_clock(0, at_ms(0), 0);
    atomic_store(&clocks[1].start_ns, at_ms(18)); /* by the other one */
    atomic_store(&wired.barrier.n_arrived, 0);
    shard_closed.check(s, at_ms(20));
    assert_int_equal(s->phase, 1);
    assert_string_equal(wired.written, "gg");
    answered(0, at_ms(30));
    shard_closed.check(s, at_ms(35));
    assert_int_equal(s->state, SHARD_WAITING); /* until the others are done as well */
    atomic_store(&clocks[1].end_ns, at_ms(38));
    shard_closed.check(s, at_ms(40));
    assert_int_equal(s->state, SHARD_OVER);
}

/* --- ends --- */

static void who_cannot_connect_fails_his_request_and_takes_up_the_next(void **state)
{
    (void)state;
    struct shard *s = closed_stream(1, 1, &three, 1);
    start(s);
    shard_closed.on_connect_failed(shard_conn(s, 0), OUTCOME_CONNECT, "test", at_ms(10));
    assert_int_equal(wired_n(OUTCOME_CONNECT), 1);
    assert_int_equal(shard_conn(s, 0)->n_flights, 1);
    assert_int_equal(s->n_left, 1);
}

static void a_stopped_stream_takes_up_nothing_more(void **state)
{
    (void)state;
    struct shard *s = closed_stream(2, 1, &three, 1);
    start(s);
    shard_stop(s, at_ms(10));
    assert_int_equal(wired_n(OUTCOME_CENSORED), 2);
    assert_int_equal(s->n_left, 0);
    assert_int_equal(s->n_busy, 0);
    assert_int_equal(s->state, SHARD_OVER);
    assert_int_equal(s->timer.due_ns, UINT64_MAX);
    assert_string_equal(wired.written, "gg");
}

/* Its request goes to the next connection, and the user takes up no other one when its thinking would have
 * ended. */
static void whose_idle_connection_is_stale_begins_a_phase_too(void **state)
{
    (void)state;
    const struct plan_phase p[] = { fifth_of_a_second, three };
    struct shard *s = closed_stream(1, 1, p, 2);
    wired.stream.think_ns = 30 * NS_PER_MS;
    wired.stream.idle_limit_ns = 5 * NS_PER_MS;
    start(s);
    answered(0, at_ms(180));
    struct conn *c = shard_conn(s, 0);
    c->since_ns = at_ms(180); /* of its last response */
    shard_closed.on_due(&s->timer, 1, at_ms(200));
    assert_int_equal(s->phase, 1);
    assert_int_equal(c->state, CONN_CLOSING);
    assert_int_equal(c->n_flights, 1);
    assert_int_equal(s->thinking.n, 0);
    assert_string_equal(wired.written, "g");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_phase_of_requests_ends_with_the_last_answer, drop),
        cmocka_unit_test_teardown(bytes_that_come_when_all_is_over_are_noted_in_the_last_phase, drop),
        cmocka_unit_test_teardown(a_phase_of_no_requests_is_over_at_once, drop),
        cmocka_unit_test_teardown(a_phase_of_time_takes_up_requests_until_its_end, drop),
        cmocka_unit_test_teardown(the_clock_ends_a_phase_in_which_nobody_is_answered, drop),
        cmocka_unit_test_teardown(a_tick_ends_it_too, drop),
        cmocka_unit_test_teardown(a_pause_ends_by_the_clock_however_late_the_thread_looks, drop),
        cmocka_unit_test_teardown(a_pause_of_no_length_is_one, drop),
        cmocka_unit_test_teardown(a_pause_at_the_end_ends_the_stream, drop),
        cmocka_unit_test_teardown(a_user_fills_his_pipeline_before_the_next_begins, drop),
        cmocka_unit_test_teardown(a_full_pipeline_takes_no_more, drop),
        cmocka_unit_test_teardown(a_user_thinks_between_an_answer_and_the_next_request, drop),
        cmocka_unit_test_teardown(no_user_thinks_beyond_the_end_of_a_phase, drop),
        cmocka_unit_test_teardown(a_thread_waits_at_the_barrier_for_the_last, drop),
        cmocka_unit_test_teardown(who_cannot_connect_fails_his_request_and_takes_up_the_next, drop),
        cmocka_unit_test_teardown(a_stopped_stream_takes_up_nothing_more, drop),
        cmocka_unit_test_teardown(whose_idle_connection_is_stale_begins_a_phase_too, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
