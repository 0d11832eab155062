/* The decision on pairs of runs, and how many more would change it. */
#include "made_pairs.h"

#include "power.h"

static void the_worked_example_is_15_percent_higher(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    const struct decide_result r = decide(pairs, N_PAIRS, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_int_equal(r.reason, DECIDE_NO_REASON);
    assert_close(r.ratio.value, 1.151, 5e-4);
    assert_close(r.ratio.lo, 1.129, 5e-4);
    assert_close(r.ratio.hi, 1.173, 5e-4);
    assert_close(r.ratio_rank.value, 1.149, 5e-4);
    assert_close(r.ratio_rank.hi, 1.180, 5e-4);
    assert_close(r.p_rank, .0078, 5e-5);
    assert_close(r.typical_b.value / r.typical_a.value, r.ratio.value, 1e-12);
    assert_close(r.difference.value, (381.7 - 331.5) / 8, 1e-9);
    assert_true(r.difference.lo > 5 && r.difference.hi < 7.5);
    assert_close(r.a12, 1, 0);
    assert_int_equal(r.n_more, 0);
    assert_int_equal(r.n_apart, 0);
    assert_close(r.p_holm, r.p, 0);
    assert_true(r.detectable_ratio > 1.02 && r.detectable_ratio < 1.03);
    assert_string_equal(decide_outcome_name(r.outcome), "higher");
}

static void exchanging_the_arms_mirrors_the_answer(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    fill(pairs, t2_ms, m4_ms, N_PAIRS);
    const struct decide_result r = decide(pairs, N_PAIRS, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_LOWER);
    assert_close(r.ratio.lo, 1 / 1.173, 5e-4);
    assert_close(r.ratio.hi, 1 / 1.129, 5e-4);
    assert_close(r.a12, 0, 0);
}

static void the_rule_has_four_answers(void **state)
{
    (void)state;
    static const struct {
        double ratio, spread;
        enum decide_outcome outcome;
        enum decide_reason reason;
    } cases[] = {
        { 1.15, .05, DECIDE_HIGHER, DECIDE_NO_REASON },
        { .87, .05, DECIDE_LOWER, DECIDE_NO_REASON },
        { 1.00, .03, DECIDE_EQUIVALENT, DECIDE_NO_REASON },
        { 1.02, .01, DECIDE_EQUIVALENT, DECIDE_NO_REASON },
        { 1.00, .20, DECIDE_UNDECIDED, DECIDE_MARGIN },
        { 1.04, .01, DECIDE_EQUIVALENT, DECIDE_NO_REASON },
        { 1.04, .04, DECIDE_UNDECIDED, DECIDE_MARGIN },
        { 1.10, .30, DECIDE_UNDECIDED, DECIDE_INTERVAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct decide_result r = decide_spread(log(cases[i].ratio), cases[i].spread, N_PAIRS);
        assert_close(r.ratio.value, cases[i].ratio, 1e-9);
        assert_int_equal(r.outcome, cases[i].outcome);
        assert_int_equal(r.reason, cases[i].reason);
    }
}

/* A significant difference within the margin is no difference. */
static void a_tiny_but_certain_difference_is_equivalent(void **state)
{
    (void)state;
    const struct decide_result r = decide_spread(log(1.03), .005, N_PAIRS);
    assert_true(r.ratio.lo > 1);
    assert_true(r.p < .001 && r.p_equivalence < .001);
    assert_int_equal(r.outcome, DECIDE_EQUIVALENT);
}

static void equivalence_and_its_p_agree(void **state)
{
    (void)state;
    for (double spread = .01; spread < .2; spread += .003) {
        const struct decide_result r = decide_spread(.01, spread, N_PAIRS);
        assert_int_equal(r.outcome == DECIDE_EQUIVALENT, r.p_equivalence <= .05);
    }
}

/* The advice is the number that the power needs, minus the pairs at hand. */
static void more_pairs_are_those_that_the_power_asks_for(void **state)
{
    (void)state;
    const struct decide_result r = decide_spread(log(1.12), .15, N_PAIRS);
    assert_int_equal(r.reason, DECIDE_INTERVAL);
    const size_t for_effect = power_pairs_for_effect(log(r.ratio.value), r.sd_log, .05, .8);
    const double beyond =
        pow(.8416212 * r.sd_log / (log(r.ratio.value) - log1p(.05)), 2); /* the margin, too */
    assert_true(for_effect > N_PAIRS && ceil(beyond) < 3 * N_PAIRS);
    assert_int_equal(r.n_more, (for_effect > ceil(beyond) ? for_effect : (size_t)ceil(beyond)) - N_PAIRS);
    assert_int_equal(decide_spread(log(1.12), .15, N_PAIRS + r.n_more).outcome, DECIDE_HIGHER);
}

static void more_than_three_times_as_many_pairs_are_not_advised(void **state)
{
    (void)state;
    const struct decide_result wide = decide_spread(log(1.10), .30, N_PAIRS),
                               near = decide_spread(log(1.051), .10, N_PAIRS),
                               within = decide_spread(0, .1, N_PAIRS);
    assert_int_equal(wide.reason, DECIDE_INTERVAL);
    assert_int_equal(wide.n_more, 0);
    assert_int_equal(near.reason, DECIDE_INTERVAL);
    assert_int_equal(near.n_more, 0);
    assert_int_equal(within.reason, DECIDE_MARGIN);
    assert_int_equal(within.n_more, 0);
}

/* Five pairs that agree as well as pairs can: still no word. */
static void fewer_than_six_pairs_are_a_description(void **state)
{
    (void)state;
    static const double ratios[] = { 1.07, 1.07, 1.0700001, 1.07, 1.07, 1.07 };
    struct decide_pair pairs[6];
    fill_ratios(pairs, ratios, 6);
    for (size_t n = 1; n < 6; n++) {
        const struct decide_result r = decide(pairs, n, NULL, 0);
        assert_int_equal(r.outcome, DECIDE_DESCRIPTION);
        assert_close(r.ratio.value, 1.07, 1e-6);
        assert_true(isnan(r.ratio.lo) && isnan(r.ratio.hi) && isnan(r.p) && isnan(r.p_equivalence));
        assert_true(isnan(r.difference.lo) && isnan(r.equivalence.hi) && isnan(r.detectable_ratio));
        assert_int_equal(r.n_more, 0);
    }
    assert_int_equal(decide(pairs, 6, NULL, 0).outcome, DECIDE_HIGHER);
}

static void a_secondary_row_has_an_interval_and_no_word(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    struct decide_question q = decide_defaults;
    struct decide_result r;
    struct err e;
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    q.pairs = pairs;
    q.n_pairs = N_PAIRS;
    q.is_secondary = true;
    assert_int_equal(decide_metric(&q, &r, &e), 0);
    assert_int_equal(r.outcome, DECIDE_DESCRIPTION);
    assert_close(r.ratio.lo, 1.129, 5e-4);
    assert_true(isnan(r.p) && isnan(r.p_rank) && isnan(r.p_equivalence));
}

/* What lies at a limit goes to the weaker claim. */
static void a_tie_with_a_limit_is_no_claim(void **state)
{
    (void)state;
    static const double at_margin[] = { 1.05, 1.05, 1.05, 1.05, 1.05, 1.05 };
    struct decide_pair pairs[6];
    fill_ratios(pairs, at_margin, 6);
    const struct decide_result r = decide(pairs, 6, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_UNDECIDED);
    assert_int_equal(r.reason, DECIDE_MARGIN);
}

static void few_or_no_pairs_are_a_description(void **state)
{
    (void)state;
    struct decide_pair pairs[2];
    fill(pairs, m4_ms, t2_ms, 2);
    const struct decide_result one = decide(pairs, 1, NULL, 0);
    assert_int_equal(one.outcome, DECIDE_DESCRIPTION);
    assert_close(one.ratio.value, 47.9 / 41.2, 1e-12);
    assert_close(one.typical_b.value, 47.9, 1e-9);
    assert_true(isnan(one.ratio.lo) && isnan(one.p) && isnan(one.p_rank) && isnan(one.difference.hi));

    const struct decide_result none = decide(pairs, 0, NULL, 0);
    assert_int_equal(none.outcome, DECIDE_DESCRIPTION);
    assert_true(isnan(none.ratio.value) && none.typical_a.state == ATTEMPT_NONE &&
                isnan(none.order.ratio_a_first));
    assert_true(isnan(none.control.ratio.value) && isnan(none.control.least));
}

static void pairs_without_a_value_are_left_out(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS + 4];
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    pairs[N_PAIRS] = (struct decide_pair){ .a = run_of(NAN), .b = run_of(40) };
    pairs[N_PAIRS + 1] = (struct decide_pair){ .a = run_of(40), .b = run_of(0) };
    pairs[N_PAIRS + 2] = (struct decide_pair){ .a = run_of(40), .b = run_of(INFINITY) };
    pairs[N_PAIRS + 3] = (struct decide_pair){ .a = run_of(40), .b = { .time = { .state = ATTEMPT_NONE } } };
    const struct decide_result r = decide(pairs, N_PAIRS + 4, NULL, 0);
    assert_int_equal(r.n_pairs, N_PAIRS);
    assert_close(r.ratio.value, 1.151, 5e-4);
}

static void a_pair_counts_when_both_values_are_positive(void **state)
{
    (void)state;
    static const double a[] = { 1, 0, 2, NAN, 4, 1, INFINITY, -1, 8 }, b[] = { 2, 1, 4, 1, 8, 0, 1, 1, 16 };
    struct decide_pair pairs[9];
    fill(pairs, a, b, 9);
    const struct decide_result r = decide(pairs, 9, NULL, 0);
    assert_int_equal(r.n_pairs, 4);
    assert_close(r.ratio.value, 2, 1e-12);
    assert_int_equal(r.order.n_a_first, 4); /* the first, third, fifth and ninth */
    assert_close(r.typical_a.value, exp((log(2) + log(4) + log(8)) / 4), 1e-12);
}

/* Without spread the t tests have no error to divide by. */
static void equal_runs_are_equivalent_for_sure(void **state)
{
    (void)state;
    static const double same[] = { 100, 100, 100, 100, 100, 100 }, twice[] = { 200, 200, 200, 200, 200, 200 };
    struct decide_pair pairs[6], controls[3];
    fill(pairs, same, same, 6);
    fill(controls, same, same, 3);
    struct decide_result r = decide(pairs, 6, controls, 3);
    assert_int_equal(r.outcome, DECIDE_EQUIVALENT);
    assert_close(r.p_equivalence, 0, 0);
    assert_close(r.sd_log, 0, 0);
    assert_close(r.detectable_ratio, 1, 0);
    assert_false(r.control.is_shifted); /* its interval is 1 to 1 */
    assert_close(r.control.least, 1, 0);
    fill(pairs, same, twice, 6);
    r = decide(pairs, 6, controls, 3);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_close(r.p_equivalence, 1, 0);
    fill(pairs, twice, same, 6);
    assert_int_equal(decide(pairs, 6, controls, 3).outcome, DECIDE_LOWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_is_15_percent_higher),
        cmocka_unit_test(exchanging_the_arms_mirrors_the_answer),
        cmocka_unit_test(the_rule_has_four_answers),
        cmocka_unit_test(a_tiny_but_certain_difference_is_equivalent),
        cmocka_unit_test(equivalence_and_its_p_agree),
        cmocka_unit_test(more_pairs_are_those_that_the_power_asks_for),
        cmocka_unit_test(more_than_three_times_as_many_pairs_are_not_advised),
        cmocka_unit_test(fewer_than_six_pairs_are_a_description),
        cmocka_unit_test(a_secondary_row_has_an_interval_and_no_word),
        cmocka_unit_test(a_tie_with_a_limit_is_no_claim),
        cmocka_unit_test(few_or_no_pairs_are_a_description),
        cmocka_unit_test(pairs_without_a_value_are_left_out),
        cmocka_unit_test(a_pair_counts_when_both_values_are_positive),
        cmocka_unit_test(equal_runs_are_equivalent_for_sure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
