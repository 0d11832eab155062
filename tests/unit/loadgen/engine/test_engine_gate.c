/* What the caller of engine_run does meanwhile: begins phases, ends the run, and waits for a start that is
 * ahead. */
#include "engine_run.h"

enum { LEAD_MS = 5 };

static struct attended {
    unsigned n_calls;
    uint32_t phase;       /* that is waited for */
    uint64_t done_ns[3];  /* as engine_phase_done says */
    uint64_t start_ns[3]; /* as ordered */
    uint64_t end_at_ns;   /* 0: the run is not ended */
    unsigned n_sent_when_done[3];
} attended;

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
}

/* The phases of the closed stream: 20 requests, a pause, 9 requests. */
static void pass_gates(void *payload)
{
    struct run *x = payload;
    struct attended *a = &attended;
    a->n_calls++;
    if (a->phase < 3 && engine_phase_done(x->engine, 0, a->phase, &a->done_ns[a->phase])) {
        a->n_sent_when_done[a->phase] = x->server.n_requests;
        a->start_ns[a->phase] = clock_monotonic_ns() + LEAD_MS * NS_PER_MS;
        engine_begin_phase(x->engine, 0, a->phase + 1, a->done_ns[a->phase], a->start_ns[a->phase]);
        a->phase += 2; /* the pause ends by the clock */
    }
    nap();
}

static void phases_begin_when_they_are_ordered_to(void **state)
{
    struct run *x = &run;
    (void)state;
    attended = (struct attended){ 0 };
    open_phases[0].n_requests = 0;
    make_of(x, (struct engine_params){ .is_gated = true, .attend = pass_gates, .attend_payload = x });
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_DONE);
    assert_int_equal(x->server.n_requests, N_CLOSED);
    assert_int_equal(attended.phase, 4);
    assert_int_equal(attended.n_sent_when_done[0], 20);
    assert_int_equal(attended.n_sent_when_done[2], N_CLOSED);
    assert_int_equal(end_of(x, 0), attended.done_ns[0]);
    assert_int_equal(start_of(x, 1), attended.start_ns[0]);
    assert_int_equal(end_of(x, 1), attended.start_ns[0] + 10 * NS_PER_MS);
    assert_int_equal(start_of(x, 2), end_of(x, 1));
    assert_int_equal(end_of(x, 2), attended.done_ns[2]);
    assert_true(attended.done_ns[2] > start_of(x, 2));
}

static void end_in_time(void *payload)
{
    struct run *x = payload;
    if (attended.end_at_ns == 0)
        attended.end_at_ns = clock_monotonic_ns() + 30 * NS_PER_MS;
    engine_end(x->engine, RECORDER_ABORTED, attended.end_at_ns);
    engine_end(x->engine, RECORDER_INTERRUPTED, 1); /* too late */
    nap();
}

static void a_run_ends_at_the_time_and_in_the_way_that_were_ordered(void **state)
{
    struct run *x = &run;
    (void)state;
    attended = (struct attended){ 0 };
    x->streams[0].requests = &mute_request;
    open_phases[0].duration_ns = 3600 * NS_PER_S;
    make_of(x, (struct engine_params){ .attend = end_in_time, .attend_payload = x });
    atomic_store(&x->stop, 2); /* left to the caller */
    assert_int_equal(run_now(x), 0);
    assert_int_equal(x->end, RECORDER_ABORTED);
    assert_true(x->end_ns >= attended.end_at_ns);
}

static void a_run_waits_for_its_start(void **state)
{
    struct run *x = &run;
    (void)state;
    make(x, false);
    const struct engine_start at = { clock_monotonic_ns() + 200 * NS_PER_MS, 1234 * NS_PER_S };
    assert_int_equal(engine_run(x->engine, x->recorder, at, &x->end, &x->end_ns, &x->e), 0);
    assert_int_equal(x->server.n_requests, N_ALL);
    assert_int_equal(start_of(x, 0), at.monotonic_ns);
    assert_int_equal(recorder_finish(x->recorder, x->end, x->end_ns, &x->e), 0);
    json_t *written = read_part(x, "t0_realtime_ns");
    assert_int_equal(json_integer_value(written), at.realtime_ns);
    json_decref(written);
}

static void a_stop_before_the_start_is_heeded_at_once_and_nothing_is_sent(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run *x = &run;
        assert_true(i == 0 || begin(NULL) == 0);
        attended = (struct attended){ 0 };
        make_of(x, i == 0 ? (struct engine_params){ 0 }
                          : (struct engine_params){ .attend = end_in_time, .attend_payload = x });
        atomic_store(&x->stop, 15);
        const uint64_t now_ns = clock_monotonic_ns();
        const struct engine_start at = { now_ns + 3600 * NS_PER_S, 3600 * NS_PER_S };
        assert_int_equal(engine_run(x->engine, x->recorder, at, &x->end, &x->end_ns, &x->e), 0);
        assert_int_equal(x->end, i == 0 ? RECORDER_INTERRUPTED : RECORDER_ABORTED);
        assert_true(x->end_ns < now_ns + 100 * NS_PER_S);
        assert_int_equal(x->server.n_requests, 0);
        recorder_finish(x->recorder, x->end, x->end_ns, &x->e);
        json_t *totals = read_part(x, "totals"), *written = read_part(x, "t0_realtime_ns");
        assert_int_equal(json_integer_value(json_object_get(totals, "ok_n")), 0);
        assert_int_equal(json_integer_value(written), at.realtime_ns); /* as that of other shares */
        json_decref(written);
        json_decref(totals);
        if (i == 0)
            assert_int_equal(end(NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(phases_begin_when_they_are_ordered_to, begin, end),
        cmocka_unit_test_setup_teardown(a_run_ends_at_the_time_and_in_the_way_that_were_ordered, begin, end),
        cmocka_unit_test_setup_teardown(a_run_waits_for_its_start, begin, end),
        cmocka_unit_test_setup_teardown(a_stop_before_the_start_is_heeded_at_once_and_nothing_is_sent, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
