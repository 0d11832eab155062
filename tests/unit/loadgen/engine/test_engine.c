/* What a run sends, how long it lasts, and what is recorded of it. */
#include "engine_run.h"

static void every_request_is_sent_once_and_every_phase_has_its_times(void **state)
{
    struct run *x = &run;
    (void)state;
    make(x, false);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(run_now(x), 0);
    const uint64_t until_ns = clock_monotonic_ns();
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    assert_int_equal(x->server.n_requests, N_ALL);
    assert_in_range(x->server.n_connections, N_USERS + 1, N_USERS + 6);

    assert_true(start_of(x, 0) >= from_ns + 10 * NS_PER_MS); /* no thread is late */
    assert_int_equal(start_of(x, 3), start_of(x, 0));
    assert_int_equal(start_of(x, 1), end_of(x, 0));
    assert_int_equal(end_of(x, 1), start_of(x, 1) + 10 * NS_PER_MS);
    assert_int_equal(start_of(x, 2), end_of(x, 1));
    assert_true(end_of(x, 2) > start_of(x, 2));
    assert_int_equal(end_of(x, 3), start_of(x, 3) + 20 * NS_PER_MS);
    assert_in_range(x->end_ns, end_of(x, 2), until_ns);
    for (int t = 0; t < 2; t++) {
        const struct names *remotes = engine_remotes(x->engine)[t];
        assert_int_equal(remotes->n, 1);
        assert_string_equal(names_text(remotes, 0), "127.0.0.1");
    }
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_ALL);
    json_decref(totals);
}

static void the_time_of_the_start_is_written_by_the_wall_clock(void **state)
{
    struct run *x = &run;
    (void)state;
    make(x, false);
    const uint64_t offset_ns = clock_realtime_ns() - clock_monotonic_ns();
    assert_int_equal(run_now(x), 0);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    json_t *written = read_part(x, "t0_realtime_ns");
    const uint64_t t0_ns = (uint64_t)json_integer_value(written);
    assert_true(t0_ns + NS_PER_MS > start_of(x, 0) + offset_ns);
    assert_true(t0_ns < start_of(x, 0) + offset_ns + NS_PER_S);
    json_decref(written);
}

/* One thread has the only connection of the first stream; the other takes part in the second. */
static void a_thread_serves_the_streams_that_have_a_connection_for_it(void **state)
{
    struct run *x = &run;
    (void)state;
    x->streams[0].n_users = x->streams[0].n_connections = 1;
    make(x, false);
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(x->server.n_requests, N_ALL);
}

/* Before the run has begun: nothing is sent, and no stream waits for its time. */
static void a_run_that_is_stopped_ends(void **state)
{
    struct run *x = &run;
    (void)state;
    closed_phases[0].n_requests = UINT32_MAX;
    open_phases[0].duration_ns = 3600 * NS_PER_S;
    make(x, false);
    atomic_store(&x->stop, 2);
    const uint64_t from_ns = clock_monotonic_ns();
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_INTERRUPTED);
    assert_true(x->end_ns >= from_ns);
}

/* The open stream's requests get no response. It still lasts its time after the first stream has ended. */
static void a_stream_is_looked_after_when_the_one_before_it_is_over(void **state)
{
    struct run *x = &run;
    (void)state;
    x->streams[1].requests = &mute_request;
    x->streams[1].timeout_ns = 60 * NS_PER_MS;
    make(x, false);
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    assert_int_equal(x->server.n_requests, N_CLOSED);
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED);
    json_decref(totals);
}

/* The statistics of the first second are collected and the run goes on; then the rest is. */
static void a_run_of_more_than_a_second_is_collected_to_its_end(void **state)
{
    struct run *x = &run;
    (void)state;
    open_phases[0] = (struct plan_phase){ .name = "p1",
                                          .kind = PLAN_PHASE_RATE,
                                          .duration_ns = 1100 * NS_PER_MS,
                                          .rate_per_s = 100,
                                          .rate_end_per_s = 100,
                                          .n_requests = 110 };
    make(x, false);
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_true(x->end_ns >= start_of(x, 0) + 1100 * NS_PER_MS);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    json_t *totals = read_part(x, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), N_CLOSED + 110);
    json_decref(totals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_request_is_sent_once_and_every_phase_has_its_times, begin, end),
        cmocka_unit_test_setup_teardown(the_time_of_the_start_is_written_by_the_wall_clock, begin, end),
        cmocka_unit_test_setup_teardown(a_thread_serves_the_streams_that_have_a_connection_for_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_run_that_is_stopped_ends, begin, end),
        cmocka_unit_test_setup_teardown(a_stream_is_looked_after_when_the_one_before_it_is_over, begin, end),
        cmocka_unit_test_setup_teardown(a_run_of_more_than_a_second_is_collected_to_its_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
