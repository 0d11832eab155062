#include "thresholds.h"

#include "cm.h"
#include "err.h"
#include "phase_clock.h"
#include "small_plan.h"
#include "stats.h"
#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 4 s of the closed stream with a pause in between, and 2 s of the open one; p3 begins as p2 ends. */
struct judged {
    struct plan plan;
    struct phase_clock phases[N_PHASES_IN_SMALL_PLAN];
    struct stats *stats;
    struct hist *scratch[2];
    struct threshold_data data;
};

static void lasts(struct judged *x, size_t phase, uint64_t start_s, uint64_t end_s)
{
    atomic_store(&x->phases[phase].start_ns, start_s * NS_PER_S);
    atomic_store(&x->phases[phase].end_ns, end_s * NS_PER_S);
}

static int make(void **state)
{
    static struct judged x;
    x = (struct judged){ .plan = small_plan,
                         .stats = stats_new(&small_plan),
                         .scratch = { hist_new(), hist_new() } };
    lasts(&x, CLOSED_P1, 100, 103);
    lasts(&x, CLOSED_PAUSE, 103, 104);
    lasts(&x, CLOSED_P3, 104, 0); /* still going on when the run ends */
    lasts(&x, OPEN_WARM, 100, 101);
    lasts(&x, OPEN_MAIN, 101, 103);
    x.data = (struct threshold_data){
        .plan = &x.plan, .phases = x.phases, .stats = x.stats, .end_ns = 105 * NS_PER_S, .scratch = x.scratch
    };
    *state = &x;
    return x.stats && x.scratch[0] && x.scratch[1] ? 0 : -1;
}

static int drop(void **state)
{
    struct judged *x = *state;
    stats_free(x->stats);
    hist_free(x->scratch[0]);
    hist_free(x->scratch[1]);
    return 0;
}

static void ends(struct judged *x, uint32_t phase, enum outcome outcome, uint64_t n, uint64_t ms)
{
    struct stats_times *cell = stats_times(x->stats, phase, outcome);
    x->stats->cells[phase].n_outcomes[outcome] += n;
    for (uint64_t i = 0; i < n; i++)
        stats_times_add(cell, phase >= OPEN_WARM ? METRIC_RESPONSE : METRIC_SERVICE, ms * NS_PER_MS);
}

/* 8 closed and 4 open responses that count; errors, warm-up and a lost connection that do not. */
static void some_ends(struct judged *x)
{
    ends(x, CLOSED_P1, OUTCOME_OK, 6, 10);
    ends(x, CLOSED_P3, OUTCOME_OK, 2, 50);
    ends(x, CLOSED_P1, OUTCOME_TIMEOUT, 2, 9000);
    ends(x, CLOSED_P1, OUTCOME_RESET_IDLE, 7, 9000);
    ends(x, OPEN_WARM, OUTCOME_OK, 100, 900);
    ends(x, OPEN_WARM, OUTCOME_TIMEOUT, 100, 900);
    ends(x, OPEN_MAIN, OUTCOME_OK, 4, 200);
    ends(x, OPEN_MAIN, OUTCOME_STATUS_5XX, 1, 1);
}

static void values_are_those_of_the_scope_without_warm_up_and_errors(void **state)
{
    static const struct {
        struct threshold threshold;
        double want;
    } cases[] = {
        { { .metric = THRESHOLD_MEAN, .scope = "burst" }, (6 * 0.010 + 2 * 0.050) / 8 },
        { { .metric = THRESHOLD_MEAN, .scope = "cluster2" }, 0.2 },
        { { .metric = THRESHOLD_MEAN }, (6 * 0.010 + 2 * 0.050 + 4 * 0.2) / 12 },
        { { .metric = THRESHOLD_MAX, .scope = "cluster1" }, 0.05 },
        { { .metric = THRESHOLD_MAX }, 0.2 },
        { { .metric = THRESHOLD_ERRORS, .scope = "burst" }, 2.0 / 10 },
        { { .metric = THRESHOLD_ERRORS, .scope = "open" }, 1.0 / 5 },
        { { .metric = THRESHOLD_ERRORS }, 3.0 / 15 },
        { { .metric = THRESHOLD_RATE, .scope = "burst" }, 8.0 / 4 }, /* the pause does not count */
        { { .metric = THRESHOLD_RATE, .scope = "open" }, 4.0 / 2 },
        { { .metric = THRESHOLD_RATE }, 12.0 / 4 }, /* 2 s of it at the same time */
    };
    struct judged *x = *state;
    some_ends(x);
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct threshold_result got = thresholds_judge_one(&cases[i].threshold, &x->data);
        if (isnan(got.value) || got.value < cases[i].want - 1e-9 || got.value > cases[i].want + 1e-9)
            fail_msg("case %zu: %g, wanted %g", i, got.value, cases[i].want);
        assert_ptr_equal(got.text, cases[i].threshold.text);
    }
}

static struct threshold_result judged(struct judged *x, const char *scope, uint32_t p_ppm)
{
    struct threshold t = { .metric = THRESHOLD_PERCENTILE, .p_ppm = p_ppm, .at_most = true, .limit = .03 };
    snprintf(t.scope, sizeof t.scope, "%s", scope);
    return thresholds_judge_one(&t, &x->data);
}

static void percentiles_are_those_of_all_attempts(void **state)
{
    struct judged *x = *state;
    some_ends(x);
    assert_float_equal(judged(x, "burst", 600000).value, 0.010, 0.0002); /* the 6th of 10 */
    assert_int_equal(judged(x, "burst", 600000).held, THRESHOLD_HELD);
    assert_float_equal(judged(x, "burst", 800000).value, 0.050, 0.0005); /* the 8th */
    assert_int_equal(judged(x, "burst", 800000).held, THRESHOLD_MISSED);
    const struct threshold_result late = judged(x, "burst", 810000); /* a timeout */
    assert_int_equal(late.state, ATTEMPT_FAILED);
    assert_int_equal(late.held, THRESHOLD_MISSED);
    assert_float_equal(late.at_least, (float)small_plan.streams[CLOSED].timeout_ns / 1e9F, 1e-6);
    assert_true(isnan(late.value) && isnan(judged(x, "open", 990000).at_least)); /* a 503 */
}

/* Requests cut off by the end of the run. */
static void ages_bound_a_percentile(void **state)
{
    struct judged *x = *state;
    ends(x, CLOSED_P1, OUTCOME_OK, 8, 10);
    ends(x, CLOSED_P1, OUTCOME_CENSORED, 1, 20);
    x->stats->cells[CLOSED_P1].n_outcomes[OUTCOME_CENSORED]++;         /* it had not been sent */
    assert_int_equal(judged(x, "burst", 800000).held, THRESHOLD_HELD); /* whatever became of them */
    assert_float_equal(judged(x, "burst", 900000).at_least, 0.010, 0.0002);
    assert_int_equal(judged(x, "burst", 900000).held, THRESHOLD_UNDECIDED);
    assert_float_equal(judged(x, "burst", 1000000).at_least, 0.020, 0.0002);
    assert_int_equal(judged(x, "burst", 1000000).held, THRESHOLD_UNDECIDED);
    ends(x, CLOSED_P1, OUTCOME_CENSORED, 1, 40);
    assert_int_equal(judged(x, "burst", 1000000).held, THRESHOLD_MISSED);
    const struct threshold errors = { .metric = THRESHOLD_ERRORS, .at_most = true, .or_equal = true };
    assert_int_equal(thresholds_judge_one(&errors, &x->data).held, THRESHOLD_UNDECIDED);
}

static void late_answers_are_in_no_rate(void **state)
{
    struct judged *x = *state;
    const struct threshold rate = { .metric = THRESHOLD_RATE, .scope = "open" };
    ends(x, OPEN_MAIN, OUTCOME_OK, 10, 10);
    x->stats->cells[OPEN_MAIN].n_late = 4;
    assert_float_equal(thresholds_judge_one(&rate, &x->data).value, 6.0 / 2, 1e-9);
}

static void nothing_known_is_not_held_over_a_run(void **state)
{
    static struct threshold any[] = {
        { .metric = THRESHOLD_PERCENTILE, .p_ppm = 500000, .at_most = true, .limit = 1 },
        { .metric = THRESHOLD_MEAN, .at_most = true, .limit = 1 },
        { .metric = THRESHOLD_MAX, .at_most = true, .limit = 1 },
        { .metric = THRESHOLD_ERRORS, .at_most = true, .limit = 1 },
        { .metric = THRESHOLD_RATE, .at_most = true, .limit = 1, .scope = "burst" },
    };
    struct judged *x = *state;
    struct verdict j = { 0 };
    struct err e;
    x->plan.thresholds = any;
    x->plan.n_thresholds = N_OF(any);
    lasts(x, CLOSED_P1, 0, 0);
    lasts(x, CLOSED_P3, 0, 0); /* no phase of it began: its rate is not known either */
    assert_int_equal(thresholds_judge(&x->data, &j, &e), 0);
    assert_int_equal(j.n_thresholds, 5);
    assert_int_equal(j.n_missed, 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(isnan(j.thresholds[i].value) && j.thresholds[i].held == THRESHOLD_MISSED);
    verdict_fini(&j);

    some_ends(x); /* now there are values, but the rate still has no time */
    any[1].limit = 0.01;
    assert_int_equal(thresholds_judge(&x->data, &j, &e), 0);
    assert_int_equal(j.n_missed, 2);
    assert_true(isfinite(j.thresholds[1].value));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(j.thresholds[i].held, i == 1 ? THRESHOLD_MISSED : THRESHOLD_HELD);
    assert_true(isnan(j.thresholds[4].value));
    verdict_fini(&j);
    any[1].limit = 1;
}

static void a_plan_without_thresholds_misses_none(void **state)
{
    struct judged *x = *state;
    struct verdict j = { 0 };
    struct err e;
    assert_int_equal(thresholds_judge(&x->data, &j, &e), 0);
    assert_null(j.thresholds);
    assert_int_equal(j.n_thresholds + j.n_missed, 0);
    assert_false(thresholds_abort(&x->data));
}

/* What the closed stream counted in its first seconds, and whether a threshold with `abort` is missed. */
static const struct {
    const char *why;
    struct threshold threshold;
    uint64_t n_ok, n_timeout, ms;
    bool want;
} beginnings[] = {
#define OF(...)                                                                                              \
    {                                                                                                        \
        __VA_ARGS__, .aborts = true                                                                          \
    }
    { "nothing ended", OF(.metric = THRESHOLD_MAX, .at_most = true, .limit = 1), 0, 0, 1000, false },
    { "only errors: no time can hold", OF(.metric = THRESHOLD_MAX, .at_most = true, .limit = 1), 0, 1, 1000,
      true },
    { "only errors of another scope",
      OF(.metric = THRESHOLD_MAX, .scope = "open", .at_most = true, .limit = 1), 0, 1, 1000, false },
    { "held", OF(.metric = THRESHOLD_MAX, .at_most = true, .limit = 0.011), 5, 1, 1000, false },
    { "missed", OF(.metric = THRESHOLD_MAX, .at_most = true, .limit = 0.009), 5, 1, 1000, true },
    { "missed, but does not abort",
      { .metric = THRESHOLD_MAX, .at_most = true, .limit = 0.009 },
      5,
      1,
      1000,
      false },
    { "a percentile below the failures",
      OF(.metric = THRESHOLD_PERCENTILE, .p_ppm = 500000, .at_most = true, .limit = 1), 5, 5, 1000, false },
    { "a percentile among them",
      OF(.metric = THRESHOLD_PERCENTILE, .p_ppm = 510000, .at_most = true, .limit = 1), 5, 5, 1000, true },
    { "errors at their limit",
      OF(.metric = THRESHOLD_ERRORS, .at_most = true, .or_equal = true, .limit = 0.5), 5, 5, 1000, false },
    { "errors beyond it", OF(.metric = THRESHOLD_ERRORS, .at_most = true, .or_equal = true, .limit = 0.5), 5,
      6, 1000, true },
    { "no ends, no errors", OF(.metric = THRESHOLD_ERRORS, .limit = 0.5), 0, 0, 1000, false },
    { "a rate of 5/s", OF(.metric = THRESHOLD_RATE, .limit = 4.9), 5, 0, 1000, false },
    { "a rate before its first full second", OF(.metric = THRESHOLD_RATE, .limit = 50), 5, 0, 999, false },
    { "a rate too low", OF(.metric = THRESHOLD_RATE, .limit = 5), 5, 0, 1000, true },
    { "a rate of 0", OF(.metric = THRESHOLD_RATE, .limit = 1), 0, 0, 1000, true },
    { "a rate over two seconds", OF(.metric = THRESHOLD_RATE, .limit = 5), 10, 0, 2000, true },
    { "a rate after a pause", OF(.metric = THRESHOLD_RATE, .scope = "burst", .limit = 2.9), 9, 0, 3900,
      false },
#undef OF
};

static void a_run_ends_early_by_what_it_measured_so_far(void **state)
{
    struct judged *x = *state;
    lasts(x, OPEN_MAIN, 0, 0);
    for (size_t i = 0; i < N_OF(beginnings); i++) {
        struct threshold both[] = { { .metric = THRESHOLD_MAX, .limit = 1000 }, /* missed, does not abort */
                                    beginnings[i].threshold };
        x->plan.thresholds = both;
        x->plan.n_thresholds = 2;
        stats_clear(x->stats);
        ends(x, CLOSED_P1, OUTCOME_OK, beginnings[i].n_ok, 10);
        ends(x, CLOSED_P1, OUTCOME_TIMEOUT, beginnings[i].n_timeout, 5);
        x->data.end_ns = 100 * NS_PER_S + beginnings[i].ms * NS_PER_MS;
        if (thresholds_abort(&x->data) != beginnings[i].want)
            fail_msg("%s", beginnings[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_are_those_of_the_scope_without_warm_up_and_errors, make, drop),
        cmocka_unit_test_setup_teardown(percentiles_are_those_of_all_attempts, make, drop),
        cmocka_unit_test_setup_teardown(ages_bound_a_percentile, make, drop),
        cmocka_unit_test_setup_teardown(late_answers_are_in_no_rate, make, drop),
        cmocka_unit_test_setup_teardown(nothing_known_is_not_held_over_a_run, make, drop),
        cmocka_unit_test_setup_teardown(a_plan_without_thresholds_misses_none, make, drop),
        cmocka_unit_test_setup_teardown(a_run_ends_early_by_what_it_measured_so_far, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
