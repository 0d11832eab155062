#include "sound_run.h"

#include "round_trips.h"

#include <math.h>

#define COUNTERS(cpu, tcp, ticks, steal, out, again)                                                         \
    {                                                                                                        \
        .has_cpu = (cpu), .has_tcp = (tcp), .cpu_ticks = (ticks), .steal_ticks = (steal),                    \
        .segments_out = (out), .segments_again = (again)                                                     \
    }

static void r12_looks_at_the_machine(void **state)
{
    static const struct {
        uint64_t again, steal;
        enum check_level want;
    } cases[] = {
        { 0, 0, CHECK_OK },       { 50, 50, CHECK_OK },   { 500, 0, CHECK_WARN },
        { 50000, 0, CHECK_WARN }, { 0, 200, CHECK_WARN }, { 0, 1000, CHECK_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.host_end.segments_again = cases[i].again;
        x.in.host_end.steal_ticks = cases[i].steal;
        judge(&x);
        assert_int_equal(level_of(&x, "R12", "run"), cases[i].want);
        sound_fini(&x);
    }
}

static void packets_beyond_the_instance_type_s_limits_are_invalid(void **state)
{
    static const struct {
        bool is_known;
        uint64_t n;
        bool has_check;
        enum check_level want;
    } cases[] = { { false, 0, false, CHECK_OK },
                  { true, 0, true, CHECK_OK },
                  { true, 7, true, CHECK_INVALID } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.allowances_start = (struct host_allowances){ cases[i].is_known, { 5, 5, 5, 5 } };
        x.in.allowances_end = (struct host_allowances){ cases[i].is_known, { 5, 5, 5 + cases[i].n, 5 } };
        judge(&x);
        assert_int_equal(has_check(&x, "R26", "run"), cases[i].has_check);
        if (cases[i].has_check)
            assert_int_equal(level_of(&x, "R26", "run"), cases[i].want);
        if (cases[i].n > 0)
            assert_non_null(strstr(advice_of(&x, "R26", "run"), "packets per second"));
        sound_fini(&x);
    }
}

static void a_stolen_tick_of_a_few_is_not_judged(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.in.host_end.cpu_ticks = x.in.host_start.cpu_ticks + 4;
    x.in.host_end.steal_ticks = x.in.host_start.steal_ticks + 1;
    judge(&x);
    assert_int_equal(level_of(&x, "R12", "run"), CHECK_OK);
    sound_fini(&x);
}

static void r14_is_said_to_be_not_judged_where_credits_matter(void **state)
{
    struct plan_cluster clusters[2];
    struct sound x;
    (void)state;
    sound_init(&x);
    memcpy(clusters, small_plan_clusters, sizeof clusters);
    clusters[0].instance_type = (char[]){ "m4.large" };
    clusters[1].instance_type = (char[]){ "t2.large" };
    x.plan.clusters = clusters;
    add_ok(&x, CLOSED_P1, 1000, 5);
    judge(&x);
    assert_false(has_check(&x, "R14", "cluster1"));
    assert_true(has_check(&x, "R14", "cluster2"));
    for (size_t i = 0; i < x.verdict.n_checks; i++)
        if (strcmp(x.verdict.checks[i].rule, "R14") == 0)
            assert_string_equal(check_level_name(x.verdict.checks[i].level), "NOT JUDGED");
    assert_int_equal(worst_level(&x), CHECK_OK);
    sound_fini(&x);
}

static void r15_notices_steps_and_another_clock_source(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.in.clocks.step_max_ns = NS_PER_MS / 2;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_OK);
    x.in.clocks.step_max_ns = 2 * NS_PER_MS;
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_WARN);
    strcpy(x.in.clocksource_start, "tsc");
    strcpy(x.in.clocksource_end, "hpet");
    judge(&x);
    assert_int_equal(level_of(&x, "R15", "run"), CHECK_INVALID);
    sound_fini(&x);
}

static void r27_notices_a_share_that_starts_late_or_whose_clock_drifts(void **state)
{
    static const struct {
        double start_late_ms, clock_drift_ms;
        enum check_level want;
    } cases[] = { { 0.06, -1, CHECK_OK },     { 50, 50, CHECK_OK },   { 51, 0, CHECK_WARN },
                  { 1001, 0, CHECK_INVALID }, { 0, -51, CHECK_WARN }, { 0, 2000, CHECK_WARN } };
    struct sound x;
    (void)state;
    sound_init(&x);
    judge(&x);
    assert_false(has_check(&x, "R27", "run"));
    sound_fini(&x);
    for (size_t i = 0; i < N_OF(cases); i++) {
        sound_init(&x);
        x.in.start_late_ms = cases[i].start_late_ms;
        x.in.clock_drift_ms = cases[i].clock_drift_ms;
        judge(&x);
        assert_int_equal(level_of(&x, "R27", "run"), cases[i].want);
        sound_fini(&x);
    }
}

static void r12_counts_from_the_run_s_start(void **state)
{
    static const struct {
        const char *why;
        struct host_counters from, to;
        double want, warn; /* want < 0: not judged */
    } cases[] = {
        { "a tenth", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 3000, 300), 10, 0.5 },
        { "many sent", COUNTERS(true, true, 0, 0, 0, 100), COUNTERS(true, true, 0, 0, 100000, 300), 0.2,
          0.1 },
        { "none sent", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 1000, 100), -1, 0 },
        { "one sent", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 1001, 100), 0, 1000 },
        { "counted anew", COUNTERS(true, true, 0, 0, 1000, 100), COUNTERS(true, true, 0, 0, 10, 100), -1, 0 },
        { "unknown at first", COUNTERS(true, false, 0, 0, 0, 0), COUNTERS(true, true, 0, 0, 3000, 300), -1,
          0 },
        { "unknown at last", COUNTERS(true, true, 0, 0, 0, 0), COUNTERS(true, false, 0, 0, 3000, 300), -1,
          0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.host_start = cases[i].from;
        x.in.host_end = cases[i].to;
        judge(&x);
        const struct check *c = check_in(&x, "R12", "sent again");
        if ((c != NULL) != (cases[i].want >= 0))
            fail_msg("%s: judged or not", cases[i].why);
        if (c && (fabs(c->value - cases[i].want) > 1e-9 || fabs(c->warn - cases[i].warn) > 1e-9))
            fail_msg("%s: %g, limit %g", cases[i].why, c->value, c->warn);
        sound_fini(&x);
    }
}

static void stolen_time_needs_a_hundred_ticks(void **state)
{
    (void)state;
    for (uint64_t n = 99; n <= 100; n++) {
        struct sound x;
        sound_init(&x);
        x.in.host_start.cpu_ticks = 5000;
        x.in.host_end.cpu_ticks = 5000 + n;
        judge(&x);
        assert_int_equal(check_in(&x, "R12", "hypervisor") != NULL, n == 100);
        sound_fini(&x);
    }
}

static void r25_compares_the_round_trip_with_the_median(void **state)
{
    static const struct {
        uint64_t round_trip_ns, median_ms;
        enum check_level want;
    } cases[] = {
        { 5 * NS_PER_MS, 11, CHECK_OK },
        { 5 * NS_PER_MS, 9, CHECK_WARN },
        { 5 * NS_PER_MS, 4, CHECK_WARN }, /* the first connections met a busier network */
        { 999 * NS_PER_US, 1, CHECK_OK }, /* too short to be a distance */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        struct round_trips trips = { .n = 0 };
        sound_init(&x);
        add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE, 1000, cases[i].median_ms * NS_PER_MS);
        judge(&x);
        assert_null(check_in(&x, "R25", "round trip")); /* not measured */
        for (size_t s = 0; s < x.plan.n_streams; s++)
            trips.of_stream_ns[s] = cases[i].round_trip_ns;
        x.in.round_trips = &trips;
        judge(&x);
        const struct check *check = check_in(&x, "R25", "round trip");
        assert_non_null(check);
        assert_int_equal(check->level, cases[i].want);
        assert_true(check->value > 0 && check->value <= 100);
        assert_string_equal(check->advice,
                            cases[i].want == CHECK_OK ? "" : "It takes 5.00 ms. Run closer to the target.");
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r12_looks_at_the_machine),
        cmocka_unit_test(packets_beyond_the_instance_type_s_limits_are_invalid),
        cmocka_unit_test(a_stolen_tick_of_a_few_is_not_judged),
        cmocka_unit_test(r14_is_said_to_be_not_judged_where_credits_matter),
        cmocka_unit_test(r15_notices_steps_and_another_clock_source),
        cmocka_unit_test(r27_notices_a_share_that_starts_late_or_whose_clock_drifts),
        cmocka_unit_test(r12_counts_from_the_run_s_start),
        cmocka_unit_test(stolen_time_needs_a_hundred_ticks),
        cmocka_unit_test(r25_compares_the_round_trip_with_the_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
