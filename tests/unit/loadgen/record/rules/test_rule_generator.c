#include "sound_run.h"

#include <math.h>

static void r4_needs_a_measured_second(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    x.in.n_busy_seconds = 120;
    judge(&x);
    assert_float_equal(check_of(&x, "R4", "run")->value, 12, 1e-9);
    x.in.n_seconds = x.in.n_busy_seconds = 0;
    judge(&x);
    assert_false(has_check(&x, "R4", "run"));
    sound_fini(&x);
}

static void r21_is_the_time_in_which_threads_had_work_and_did_not_run(void **state)
{
    static const struct {
        uint64_t stopped_ms;
        enum check_level want;
    } cases[] = { { 0, CHECK_OK }, { 25000, CHECK_OK }, { 25100, CHECK_WARN }, { 450000, CHECK_WARN } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        x.in.stopped_ns = cases[i].stopped_ms * NS_PER_MS;
        judge(&x);
        assert_int_equal(level_of(&x, "R21", "run"), cases[i].want);
        assert_true(fabs(check_of(&x, "R21", "run")->value - (double)cases[i].stopped_ms / 1e4) < 1e-6);
        x.in.thread_ns = 0; /* nothing was measured */
        judge(&x);
        assert_false(has_check(&x, "R21", "run"));
        sound_fini(&x);
    }
}

static void r22_counts_large_messages_and_warns_of_none(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_ok(&x, CLOSED_P1, 2000, 5);
    x.run->streams[CLOSED].n_large = 50;
    judge(&x);
    assert_float_equal(check_of(&x, "R22", "burst")->value, 2.5, 1e-9);
    assert_int_equal(level_of(&x, "R22", "burst"), CHECK_OK);
    assert_false(has_check(&x, "R22", "open")); /* nothing was sent */
    x.run->streams[CLOSED].n_large = 4000;      /* both ways */
    judge(&x);
    assert_float_equal(check_of(&x, "R22", "burst")->value, 100, 1e-9);
    sound_fini(&x);
}

static void r6_a_long_stretch_matters_by_what_it_touches(void **state)
{
    static const struct {
        uint64_t stretch_ms, duration_s;
        enum check_level want;
    } cases[] = {
        { 9, 1, CHECK_OK },          /* short */
        { 50, 60, CHECK_WARN },      /* longer than the longest time of 10 ms, but one in 1200 */
        { 1000, 60, CHECK_INVALID }, /* one in 60: p99 is the generator's */
        { 50, 1, CHECK_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_ok(&x, CLOSED_P1, 2000, 5);
        x.in.iteration_max_ns = cases[i].stretch_ms * NS_PER_MS;
        x.in.duration_ns = cases[i].duration_s * NS_PER_S;
        judge(&x);
        assert_int_equal(level_of(&x, "R6", "run"), cases[i].want);
        sound_fini(&x);
    }
}

/* The longest iteration is compared with the longest time of any stream; INVALID, with the smallest p99. */
static void r6_has_limits_by_the_times_and_the_run(void **state)
{
    static const struct {
        const char *why;
        uint64_t n_burst, burst_ms, n_open, open_ms, duration_s;
        double warn, invalid; /* ms; 0: none */
    } cases[] = {
        { "short times, short run", 1000, 10, 0, 0, 1, 10, 10 },
        { "short times, long run", 1000, 10, 0, 0, 60, 10, 600 },
        { "long times, short run", 1000, 500, 0, 0, 1, 50, 50 },
        { "long times, long run", 1000, 500, 0, 0, 10, 50, 100 },
        { "the second stream is slower", 1000, 200, 1000, 500, 1, 50, 20 },
        { "the first stream is slower", 1000, 500, 1000, 200, 1, 50, 20 },
        { "no p99 is quoted", 999, 500, 0, 0, 1, 50, 0 },
        { "p99 of one stream alone is quoted", 999, 200, 1000, 500, 1, 50, 50 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add(x.run, CLOSED_P1, OUTCOME_OK, METRIC_SERVICE, cases[i].n_burst, cases[i].burst_ms * NS_PER_MS);
        add(x.run, OPEN_MAIN, OUTCOME_OK, METRIC_RESPONSE, cases[i].n_open, cases[i].open_ms * NS_PER_MS);
        x.in.duration_ns = cases[i].duration_s * NS_PER_S;
        x.in.iteration_max_ns = 1500 * NS_PER_US;
        judge(&x);
        for (size_t k = 0; k < x.verdict.n_checks; k++) {
            const struct check *c = &x.verdict.checks[k];
            if (strcmp(c->rule, "R6") != 0)
                continue;
            const bool has_invalid = fabs(c->invalid - cases[i].invalid) <= 0.01 * cases[i].invalid;
            if (fabs(c->warn - cases[i].warn) > 0.01 * cases[i].warn || fabs(c->value - 1.5) > 1e-9 ||
                !(cases[i].invalid > 0 ? has_invalid : isnan(c->invalid)))
                fail_msg("%s: %g, limits %g and %g", cases[i].why, c->value, c->warn, c->invalid);
        }
        assert_true(has_check(&x, "R6", "run"));
        x.in.iteration_max_ns = 0; /* nothing was measured */
        judge(&x);
        assert_false(has_check(&x, "R6", "run"));
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r4_needs_a_measured_second),
        cmocka_unit_test(r21_is_the_time_in_which_threads_had_work_and_did_not_run),
        cmocka_unit_test(r22_counts_large_messages_and_warns_of_none),
        cmocka_unit_test(r6_a_long_stretch_matters_by_what_it_touches),
        cmocka_unit_test(r6_has_limits_by_the_times_and_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
