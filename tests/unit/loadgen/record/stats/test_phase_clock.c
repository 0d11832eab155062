#include "phase_clock.h"

#include "cm.h"
#include "progress_course.h"
#include "small_plan.h"
#include "units.h"

static struct phase_clock clocks[N_PHASES_IN_SMALL_PLAN];

static int nothing_began(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(clocks); i++) {
        atomic_store(&clocks[i].start_ns, 0);
        atomic_store(&clocks[i].end_ns, 0);
    }
    return 0;
}

static void lasts(size_t phase, uint64_t start_ms, uint64_t end_ms)
{
    atomic_store(&clocks[phase].start_ns, start_ms * NS_PER_MS);
    atomic_store(&clocks[phase].end_ns, end_ms * NS_PER_MS);
}

static void a_span_ends_with_the_run_at_the_latest(void **state)
{
    (void)state;
    lasts(OPEN_WARM, 100, 200);
    lasts(OPEN_MAIN, 200, 0);
    struct phase_span span = phase_span(clocks, OPEN_WARM, 900 * NS_PER_MS);
    assert_int_equal(span.start_ns, 100 * NS_PER_MS);
    assert_int_equal(span.end_ns, 200 * NS_PER_MS);
    span = phase_span(clocks, OPEN_MAIN, 900 * NS_PER_MS);
    assert_int_equal(span.start_ns, 200 * NS_PER_MS);
    assert_int_equal(span.end_ns, 900 * NS_PER_MS);
    span = phase_span(clocks, OPEN_WARM, 150 * NS_PER_MS);
    assert_int_equal(span.end_ns, 150 * NS_PER_MS);
    span = phase_span(clocks, CLOSED_P1, 900 * NS_PER_MS); /* never began */
    assert_int_equal(span.start_ns + span.end_ns, 0);
    span = phase_span(clocks, OPEN_MAIN, 150 * NS_PER_MS); /* began later */
    assert_int_equal(span.start_ns + span.end_ns, 0);
}

/* What is awaited after the time of a phase is late, and the wait is not measured. */
static void a_phase_of_a_fixed_time_is_measured_for_that_time(void **state)
{
    (void)state;
    lasts(CLOSED_P1, 100, 0);
    assert_false(phase_is_late(&clocks[CLOSED_P1], UINT64_MAX - 1));
    atomic_store(&clocks[CLOSED_P1].measured_until_ns, 300 * NS_PER_MS);
    assert_false(phase_is_late(&clocks[CLOSED_P1], 300 * NS_PER_MS - 1));
    assert_true(phase_is_late(&clocks[CLOSED_P1], 300 * NS_PER_MS));
    assert_int_equal(phase_span(clocks, CLOSED_P1, 200 * NS_PER_MS).end_ns, 200 * NS_PER_MS);
    assert_int_equal(phase_span(clocks, CLOSED_P1, 400 * NS_PER_MS).end_ns, 300 * NS_PER_MS);
    lasts(CLOSED_P1, 100, 350);
    assert_int_equal(phase_span(clocks, CLOSED_P1, 400 * NS_PER_MS).end_ns, 300 * NS_PER_MS);
    assert_int_equal(phase_active_ns(&small_plan, clocks, 1, 400 * NS_PER_MS), 200 * NS_PER_MS);
    atomic_store(&clocks[CLOSED_P1].measured_until_ns, 0);
}

static void kinds_have_numbers_of_their_own(void **state)
{
    static const struct {
        enum plan_phase_kind kind;
        const char *name;
        bool has_count, has_rate;
    } cases[] = {
        { PLAN_PHASE_REQUESTS, "requests", true, false }, { PLAN_PHASE_DURATION, "duration", false, false },
        { PLAN_PHASE_RATE, "rate", true, true },          { PLAN_PHASE_RAMP, "ramp", true, true },
        { PLAN_PHASE_BURST, "burst", true, false },       { PLAN_PHASE_PAUSE, "pause", false, false },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_string_equal(phase_kind_name(cases[i].kind), cases[i].name);
        assert_int_equal(phase_has_count(cases[i].kind), cases[i].has_count);
        assert_int_equal(phase_has_rate(cases[i].kind), cases[i].has_rate);
    }
}

static void the_phase_in_force_began_before_the_moment(void **state)
{
    const struct plan_stream *closed = &small_plan_streams[CLOSED];
    const struct plan_stream *open = &small_plan_streams[OPEN];
    (void)state;
    assert_int_equal(phase_in_force(closed, clocks, UINT64_MAX), 0);
    lasts(CLOSED_P1, 100, 200);
    lasts(CLOSED_PAUSE, 200, 0);
    lasts(OPEN_WARM, 50, 60);
    lasts(OPEN_MAIN, 60, 0);
    assert_int_equal(phase_in_force(closed, clocks, 10 * NS_PER_MS), 0);
    assert_int_equal(phase_in_force(closed, clocks, 200 * NS_PER_MS), 0); /* at its end the first still is */
    assert_int_equal(phase_in_force(closed, clocks, 200 * NS_PER_MS + 1), 1);
    assert_int_equal(phase_in_force(open, clocks, 60 * NS_PER_MS), 0);
    assert_int_equal(phase_in_force(open, clocks, 60 * NS_PER_MS + 1), 1);
}

static void a_phase_fills_a_second_to_the_millisecond(void **state)
{
    static const struct {
        uint64_t start_ns, end_ns; /* asked of a phase from 1000 ms to 2000 ms */
        bool want;
    } cases[] = {
        { 1000 * NS_PER_MS, 2000 * NS_PER_MS, true },      { 999 * NS_PER_MS, 2000 * NS_PER_MS, true },
        { 999 * NS_PER_MS - 1, 2000 * NS_PER_MS, false },  { 1000 * NS_PER_MS, 2001 * NS_PER_MS, true },
        { 1000 * NS_PER_MS, 2001 * NS_PER_MS + 1, false }, { 1500 * NS_PER_MS, 1600 * NS_PER_MS, true },
        { 500 * NS_PER_MS, 1500 * NS_PER_MS, false },
    };
    const struct plan_stream *open = &small_plan_streams[OPEN];
    (void)state;
    assert_false(phase_fills(open, clocks, 0, 0)); /* none began */
    lasts(OPEN_WARM, 1000, 2000);
    lasts(CLOSED_P1, 1, 9000); /* of the other stream */
    for (size_t i = 0; i < N_OF(cases); i++)
        if (phase_fills(open, clocks, cases[i].start_ns, cases[i].end_ns) != cases[i].want)
            fail_msg("case %zu", i);
    lasts(OPEN_MAIN, 2000, 0); /* has no end yet */
    assert_true(phase_fills(open, clocks, 2000 * NS_PER_MS, 1000000 * NS_PER_MS));
    assert_false(phase_fills(open, clocks, 1500 * NS_PER_MS, 2500 * NS_PER_MS));
    lasts(OPEN_MAIN, 2000, 3000);
    assert_true(phase_fills(open, clocks, 2000 * NS_PER_MS, 3000 * NS_PER_MS));
    assert_false(phase_fills(open, clocks, 2000 * NS_PER_MS, 4000 * NS_PER_MS));
}

static void a_stream_is_over_with_its_last_phase(void **state)
{
    (void)state;
    lasts(CLOSED_P1, 1, 2);
    lasts(CLOSED_PAUSE, 2, 3);
    lasts(OPEN_WARM, 1, 2);
    lasts(OPEN_MAIN, 2, 3);
    assert_false(phase_all_over(&small_plan_streams[CLOSED], clocks));
    assert_true(phase_all_over(&small_plan_streams[OPEN], clocks));
    lasts(CLOSED_P3, 3, 4);
    assert_true(phase_all_over(&small_plan_streams[CLOSED], clocks));
}

static uint64_t active_ms(uint64_t streams, uint64_t now_ms)
{
    return phase_active_ns(&small_plan, clocks, streams, now_ms * NS_PER_MS) / NS_PER_MS;
}

static void time_that_streams_share_counts_once(void **state)
{
    enum { ONE = 1 << CLOSED, OTHER = 1 << OPEN };
    (void)state;
    assert_int_equal(active_ms(ONE | OTHER, 1000), 0);
    lasts(CLOSED_P1, 100, 400);
    lasts(CLOSED_PAUSE, 400, 800);
    lasts(OPEN_WARM, 100, 300);
    lasts(OPEN_MAIN, 300, 500);
    assert_int_equal(active_ms(0, 1000), 0);
    assert_int_equal(active_ms(ONE, 1000), 300);
    assert_int_equal(active_ms(OTHER, 1000), 200);       /* warm-up is left out */
    assert_int_equal(active_ms(ONE | OTHER, 1000), 400); /* they overlap by 100 */
    lasts(CLOSED_P3, 800, 0);
    assert_int_equal(active_ms(ONE, 1000), 300 + 200); /* up to now */
    assert_int_equal(active_ms(ONE | OTHER, 1000), 600);
    lasts(OPEN_MAIN, 100, 400); /* the same time as the closed phase */
    assert_int_equal(active_ms(ONE | OTHER, 1000), 300 + 200);
    lasts(OPEN_MAIN, 150, 250); /* within it */
    assert_int_equal(active_ms(ONE | OTHER, 1000), 300 + 200);
    lasts(OPEN_MAIN, 400, 800); /* in its pause, edge to edge */
    assert_int_equal(active_ms(ONE | OTHER, 1000), 900);
}

static struct progress_course course_of(const struct plan_stream *stream, const uint64_t *n_done,
                                        uint64_t now_ms, double rate_per_s)
{
    return progress_course_of(&(struct progress_moment){ .stream = stream,
                                                         .phases = clocks,
                                                         .n_done_in_phase = n_done,
                                                         .t0_ns = 100 * NS_PER_MS,
                                                         .now_ns = now_ms * NS_PER_MS,
                                                         .rate_per_s = rate_per_s });
}

static void a_pause_is_told_in_whole_seconds_that_are_left(void **state)
{
    static const struct {
        uint64_t now_ms;
        const char *want;
    } cases[] = {
        { 1001, "pause 1 s" }, { 1999, "pause 1 s" }, { 2000, "pause 0 s" }, { 2500, "pause 0 s" }
    };
    const uint64_t n_done[3] = { 100, 0, 0 };
    (void)state;
    lasts(CLOSED_P1, 100, 1000);
    lasts(CLOSED_PAUSE, 1000, 0);
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct progress_course c = course_of(&small_plan_streams[CLOSED], n_done, cases[i].now_ms, 0);
        assert_string_equal(c.phase, cases[i].want);
    }
}

static void a_stream_by_time_goes_by_time(void **state)
{
    struct plan_phase phases[] = {
        { .name = "a", .kind = PLAN_PHASE_REQUESTS, .n_requests = 10, .duration_ns = 5 * NS_PER_S },
        { .name = "b", .kind = PLAN_PHASE_DURATION, .duration_ns = 3 * NS_PER_S },
    };
    const struct plan_stream stream = { .phases = phases, .n_phases = 2, .first_phase_index = 1 };
    const uint64_t n_done[2] = { 10, 7 };
    (void)state;
    lasts(1, 100, 1100);
    lasts(2, 1100, 0);
    struct progress_course c = course_of(&stream, n_done, 2100, 10);
    assert_int_equal(c.n_total, 0);
    assert_true(c.is_known && !c.is_estimate);
    assert_int_equal(c.left_ns, 2 * NS_PER_S);
    assert_float_equal(c.fraction, 0.5, 1e-9); /* 2 s of 4 */
    assert_string_equal(c.phase, "b");
    c = course_of(&stream, n_done, 90, 10); /* before it began */
    assert_float_equal(c.fraction, 0, 1e-9);
    assert_int_equal(c.left_ns, 3 * NS_PER_S);
    phases[1].kind = PLAN_PHASE_PAUSE; /* has no requests, and is no reason to go by time */
    assert_int_equal(course_of(&stream, n_done, 2100, 10).n_total, 10);
}

static void more_done_than_planned_leaves_nothing(void **state)
{
    struct plan_phase phase = { .name = "only", .kind = PLAN_PHASE_REQUESTS, .n_requests = 10 };
    const struct plan_stream stream = { .phases = &phase, .n_phases = 1 };
    const uint64_t done[3][1] = { { 9 }, { 10 }, { 12 } };
    (void)state;
    lasts(0, 100, 0);
    assert_false(course_of(&stream, done[0], 600, 0).is_known);
    assert_true(course_of(&stream, done[1], 600, 0).is_known);
    assert_true(course_of(&stream, done[2], 600, 0).is_known);
    assert_int_equal(course_of(&stream, done[2], 600, 0).left_ns, 0);
    assert_int_equal(course_of(&stream, done[0], 600, 2).left_ns, NS_PER_S / 2);
    assert_string_equal(course_of(&stream, done[0], 600, 2).phase, ""); /* the only one has no name to tell */
    assert_float_equal(course_of(&stream, done[0], 600, 2).fraction, 0.9, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_span_ends_with_the_run_at_the_latest, nothing_began),
        cmocka_unit_test_setup(a_phase_of_a_fixed_time_is_measured_for_that_time, nothing_began),
        cmocka_unit_test_setup(kinds_have_numbers_of_their_own, nothing_began),
        cmocka_unit_test_setup(the_phase_in_force_began_before_the_moment, nothing_began),
        cmocka_unit_test_setup(a_phase_fills_a_second_to_the_millisecond, nothing_began),
        cmocka_unit_test_setup(a_stream_is_over_with_its_last_phase, nothing_began),
        cmocka_unit_test_setup(time_that_streams_share_counts_once, nothing_began),
        cmocka_unit_test_setup(a_pause_is_told_in_whole_seconds_that_are_left, nothing_began),
        cmocka_unit_test_setup(a_stream_by_time_goes_by_time, nothing_began),
        cmocka_unit_test_setup(more_done_than_planned_leaves_nothing, nothing_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
