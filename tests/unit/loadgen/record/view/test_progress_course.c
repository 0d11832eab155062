#include "progress_course.h"

#include "cm.h"
#include "division.h"
#include "phase_clock.h"
#include "small_plan.h"
#include "units.h"

static void phases(struct phase_clock *clocks, size_t phase, uint64_t start_s, uint64_t end_s)
{
    atomic_store(&clocks[phase].start_ns, start_s * NS_PER_S);
    atomic_store(&clocks[phase].end_ns, end_s * NS_PER_S);
}

static void time_left_is_estimated_from_the_rate(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    uint64_t n_done[3] = { 40, 0, 0 };
    (void)state;
    phases(clocks, CLOSED_P1, 100, 0);
    struct progress_moment m = { .stream = &small_plan.streams[CLOSED],
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 104 * NS_PER_S };
    struct progress_course c = progress_course_of(&m);
    assert_false(c.is_known); /* no rate yet */
    assert_int_equal(c.n_total, 150);
    m.rate_per_s = 10;
    c = progress_course_of(&m);
    assert_true(c.is_known && c.is_estimate);
    assert_int_equal(c.left_ns, (6 + 1 + 5) * NS_PER_S); /* 60 requests, the pause, 50 requests */
    assert_string_equal(c.phase, "p1");

    phases(clocks, CLOSED_P1, 100, 110);
    phases(clocks, CLOSED_PAUSE, 110, 0);
    n_done[0] = 100;
    m.now_ns = 110 * NS_PER_S + NS_PER_S / 2;
    c = progress_course_of(&m);
    assert_string_equal(c.phase, "pause 1 s");
    assert_int_equal(c.left_ns, 5 * NS_PER_S + NS_PER_S / 2);
    assert_float_equal(c.fraction, 100.0 / 150, 1e-9);

    phases(clocks, CLOSED_PAUSE, 110, 111);
    phases(clocks, CLOSED_P3, 111, 116);
    n_done[2] = 50;
    c = progress_course_of(&m);
    assert_int_equal(c.left_ns, 0);
    assert_string_equal(c.phase, "done");
    assert_float_equal(c.fraction, 1, 1e-9);
}

/* A third of 5 users' requests; the users are connections 0 to 4 of the plan. */
static void a_share_has_less_to_do(void **state)
{
    struct plan_phase phase = { .kind = PLAN_PHASE_REQUESTS, .n_requests = 1000 };
    const struct plan_stream stream = { .phases = &phase, .n_phases = 1 };
    const struct division part = { .n_connections = 5, .n_sharers = 3, .index = 2 };
    struct phase_clock clocks[1] = { 0 };
    const uint64_t n_done[1] = { 100 };
    (void)state;
    phases(clocks, 0, 100, 0);
    const struct progress_course c = progress_course_of(&(struct progress_moment){ .stream = &stream,
                                                                                   .phases = clocks,
                                                                                   .n_done_in_phase = n_done,
                                                                                   .part = &part,
                                                                                   .t0_ns = 100 * NS_PER_S,
                                                                                   .now_ns = 101 * NS_PER_S,
                                                                                   .rate_per_s = 100 });
    assert_int_equal(c.n_total, 200);
    assert_float_equal(c.fraction, 0.5, 1e-9);
    assert_int_equal(c.left_ns, NS_PER_S);
}

static void a_phase_takes_no_longer_than_it_may(void **state)
{
    struct plan_phase phase = { .kind = PLAN_PHASE_REQUESTS,
                                .n_requests = 1000,
                                .duration_ns = 30 * NS_PER_S };
    const struct plan_stream stream = { .phases = &phase, .n_phases = 1 };
    struct phase_clock clocks[1] = { 0 };
    const uint64_t n_done[1] = { 100 };
    (void)state;
    phases(clocks, 0, 100, 0);
    struct progress_moment m = { .stream = &stream,
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 110 * NS_PER_S,
                                 .rate_per_s = 10 };
    assert_int_equal(progress_course_of(&m).left_ns, 20 * NS_PER_S);
    m.rate_per_s = 100;
    assert_int_equal(progress_course_of(&m).left_ns, 9 * NS_PER_S);
    m.rate_per_s = 0;
    assert_int_equal(progress_course_of(&m).left_ns, 20 * NS_PER_S);
}

static void open_streams_know_their_time(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    const uint64_t n_done[2] = { 5, 0 };
    (void)state;
    phases(clocks, OPEN_WARM, 100, 0);
    const struct progress_course c =
        progress_course_of(&(struct progress_moment){ .stream = &small_plan.streams[OPEN],
                                                      .phases = clocks,
                                                      .n_done_in_phase = n_done,
                                                      .t0_ns = 100 * NS_PER_S,
                                                      .now_ns = 100 * NS_PER_S + NS_PER_S / 2 });
    assert_true(c.is_known && !c.is_estimate);
    assert_int_equal(c.left_ns, 2 * NS_PER_S + NS_PER_S / 2);
    assert_string_equal(c.phase, "warm (warm-up)");
}

/* A stream that runs for a time has no total. */
static void without_a_count_the_bar_goes_by_time(void **state)
{
    struct plan_phase list[2] = { { .kind = PLAN_PHASE_DURATION, .duration_ns = 10 * NS_PER_S },
                                  { .kind = PLAN_PHASE_PAUSE, .duration_ns = 10 * NS_PER_S } };
    const struct plan_stream stream = { .phases = list, .n_phases = 2 };
    struct phase_clock clocks[2] = { 0 };
    const uint64_t n_done[2] = { 7, 0 };
    struct progress_moment m = { .stream = &stream,
                                 .phases = clocks,
                                 .n_done_in_phase = n_done,
                                 .t0_ns = 100 * NS_PER_S,
                                 .now_ns = 105 * NS_PER_S };
    (void)state;
    phases(clocks, 0, 100, 0);
    struct progress_course c = progress_course_of(&m);
    assert_int_equal(c.n_total, 0);
    assert_int_equal(c.left_ns, 15 * NS_PER_S);
    assert_float_equal(c.fraction, 0.25, 1e-9);
    m.now_ns = m.t0_ns;
    assert_float_equal(progress_course_of(&m).fraction, 0, 1e-9);
    m.now_ns = m.t0_ns - 1;
    assert_float_equal(progress_course_of(&m).fraction, 0, 1e-9);
    m.now_ns = 130 * NS_PER_S; /* later than it may be: the phase has no more time, the pause all of its */
    c = progress_course_of(&m);
    assert_int_equal(c.left_ns, 10 * NS_PER_S);
    assert_float_equal(c.fraction, 0.75, 1e-9);
    list[1] = (struct plan_phase){ .kind = PLAN_PHASE_REQUESTS, .n_requests = 10 };
    m.now_ns = 105 * NS_PER_S; /* how long those take is not known */
    c = progress_course_of(&m);
    assert_false(c.is_known);
    assert_float_equal(c.fraction, 0, 1e-9);
}

static void requests_that_are_all_done_need_no_rate(void **state)
{
    struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN] = { 0 };
    const uint64_t n_done[3] = { 100, 0, 60 }; /* more than there were to do */
    (void)state;
    phases(clocks, CLOSED_P1, 100, 0);
    const struct progress_course c =
        progress_course_of(&(struct progress_moment){ .stream = &small_plan.streams[CLOSED],
                                                      .phases = clocks,
                                                      .n_done_in_phase = n_done,
                                                      .t0_ns = 100 * NS_PER_S,
                                                      .now_ns = 104 * NS_PER_S });
    assert_true(c.is_known && c.is_estimate);
    assert_int_equal(c.left_ns, NS_PER_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_left_is_estimated_from_the_rate),
        cmocka_unit_test(a_share_has_less_to_do),
        cmocka_unit_test(a_phase_takes_no_longer_than_it_may),
        cmocka_unit_test(open_streams_know_their_time),
        cmocka_unit_test(without_a_count_the_bar_goes_by_time),
        cmocka_unit_test(requests_that_are_all_done_need_no_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
