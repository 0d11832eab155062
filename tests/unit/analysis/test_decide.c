#include "decide.h"

#include "err.h"
#include "power.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../close.h"

enum { N_PAIRS = 8 };
static const double m4_ms[N_PAIRS] = { 41.2, 39.8, 42.5, 40.9, 43.1, 41.7, 40.3, 42.0 };
static const double t2_ms[N_PAIRS] = { 47.9, 45.1, 50.2, 46.0, 49.5, 49.9, 45.8, 47.3 };

static void fill(struct decide_pair *pairs, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct decide_pair){ .place = i + 1, .b_first = i % 2 == 1, .a = a[i], .b = b[i] };
}

static struct decide_result decide(const struct decide_pair *pairs, size_t n,
                                   const struct decide_pair *controls, size_t n_controls)
{
    struct decide_question q = decide_defaults;
    struct decide_result r;
    struct err e;
    q.pairs = pairs;
    q.n_pairs = n;
    q.controls = controls;
    q.n_controls = n_controls;
    assert_int_equal(decide_metric(&q, &r, &e), 0);
    return r;
}

/* Pairs whose log ratios are mean +- spread in turn. */
static struct decide_result decide_spread(double mean, double spread, size_t n)
{
    double a[64], b[64];
    struct decide_pair pairs[64];
    for (size_t i = 0; i < n; i++) {
        a[i] = 100;
        b[i] = 100 * exp(mean + (i / 2 % 2 == 0 ? spread : -spread));
    }
    fill(pairs, a, b, n);
    return decide(pairs, n, NULL, 0);
}

static void the_worked_example_is_15_percent_higher(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    const struct decide_result r = decide(pairs, N_PAIRS, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_int_equal(r.hindrance, DECIDE_NOT_HINDERED);
    assert_close(r.ratio.value, 1.151, 5e-4);
    assert_close(r.ratio.lo, 1.129, 5e-4);
    assert_close(r.ratio.hi, 1.173, 5e-4);
    assert_close(r.ratio_rank.value, 1.149, 5e-4);
    assert_close(r.ratio_rank.hi, 1.180, 5e-4);
    assert_close(r.p_rank, .0078, 5e-5);
    assert_close(r.typical_b / r.typical_a, r.ratio.value, 1e-12);
    assert_close(r.difference.value, (381.7 - 331.5) / 8, 1e-9);
    assert_true(r.difference.lo > 5 && r.difference.hi < 7.5);
    assert_close(r.a12, 1, 0);
    assert_int_equal(r.n_more, 0);
    assert_int_equal(r.n_outliers, 0);
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
        enum decide_hindrance hindrance;
    } cases[] = {
        { 1.15, .05, DECIDE_HIGHER, DECIDE_NOT_HINDERED },
        { .87, .05, DECIDE_LOWER, DECIDE_NOT_HINDERED },
        { 1.00, .03, DECIDE_EQUIVALENT, DECIDE_NOT_HINDERED },
        { 1.02, .01, DECIDE_EQUIVALENT, DECIDE_NOT_HINDERED },
        { 1.00, .20, DECIDE_UNDECIDED, DECIDE_MARGIN },
        { 1.04, .01, DECIDE_EQUIVALENT, DECIDE_NOT_HINDERED },
        { 1.04, .04, DECIDE_UNDECIDED, DECIDE_MARGIN },
        { 1.10, .30, DECIDE_UNDECIDED, DECIDE_INTERVAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct decide_result r = decide_spread(log(cases[i].ratio), cases[i].spread, N_PAIRS);
        assert_close(r.ratio.value, cases[i].ratio, 1e-9);
        assert_int_equal(r.outcome, cases[i].outcome);
        assert_int_equal(r.hindrance, cases[i].hindrance);
        assert_int_equal(r.n_more > 0, cases[i].outcome == DECIDE_UNDECIDED);
    }
}

/* A significant difference that is too small to matter is no difference that anyone asked for. */
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

static void as_many_more_pairs_as_promised_do_decide(void **state)
{
    (void)state;
    const struct decide_result interval = decide_spread(log(1.10), .15, N_PAIRS);
    assert_int_equal(interval.hindrance, DECIDE_INTERVAL);
    assert_int_equal(decide_spread(log(1.10), .15, N_PAIRS + interval.n_more).outcome, DECIDE_HIGHER);
    const struct decide_result margin = decide_spread(0, .1, N_PAIRS);
    assert_int_equal(margin.hindrance, DECIDE_MARGIN);
    assert_int_equal(decide_spread(0, .1, N_PAIRS + margin.n_more).outcome, DECIDE_EQUIVALENT);
    /* At the margin no number of pairs helps, and none is promised. */
    assert_int_equal(decide_spread(log1p(.05) - 1e-9, .1, N_PAIRS).n_more, 0);
}

/* Student's t may want one pair more, but with fewer than six the signed rank test cannot tell at all. */
/* What is promised is the number that the power asks for, less those that there are. */
static void more_pairs_are_those_that_the_power_asks_for(void **state)
{
    (void)state;
    const struct decide_result near = decide_spread(.03, .06, N_PAIRS),
                               far = decide_spread(.09, .15, N_PAIRS);
    assert_int_equal(near.hindrance, DECIDE_MARGIN);
    const size_t for_equivalence =
        power_pairs_for_equivalence(log(near.ratio.value), log1p(.05), near.sd_log, .05, .8);
    assert_true(for_equivalence > N_PAIRS);
    assert_int_equal(near.n_more, for_equivalence - N_PAIRS);
    assert_int_equal(far.hindrance, DECIDE_INTERVAL);
    const size_t for_effect = power_pairs_for_effect(log(far.ratio.value), far.sd_log, .05, .8);
    const double beyond =
        pow(.8416212 * far.sd_log / (log(far.ratio.value) - log1p(.05)), 2); /* the margin, too */
    assert_true(for_effect > N_PAIRS);
    assert_int_equal(far.n_more, (for_effect > ceil(beyond) ? for_effect : (size_t)ceil(beyond)) - N_PAIRS);
}

static void never_so_few_pairs_are_promised_that_no_test_could_tell(void **state)
{
    (void)state;
    for (size_t n = 2; n < 6; n++) {
        double a[6], b[6];
        struct decide_pair pairs[6];
        for (size_t i = 0; i < n; i++) {
            a[i] = 100;
            b[i] = 102 * (i % 2 == 0 ? 1.04 : 1 / 1.04);
        }
        fill(pairs, a, b, n);
        const struct decide_result r = decide(pairs, n, NULL, 0);
        assert_int_equal(r.outcome, DECIDE_UNDECIDED);
        assert_true(r.n_more > 0 && n + r.n_more >= 6);
    }
}

static void no_effect_is_claimed_below_the_noise_floor(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS], controls[2];
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    fill(controls, (const double[]){ 41, 42 }, (const double[]){ 41.4, 41.6 }, 2);
    const struct decide_result quiet = decide(pairs, N_PAIRS, controls, 2);
    assert_int_equal(quiet.outcome, DECIDE_HIGHER);
    assert_int_equal(quiet.control.n, 2);
    assert_close(quiet.control.most, 41.4 / 41, 1e-12);
    assert_close(quiet.control.least, 41.6 / 42, 1e-12);
    assert_false(quiet.control.excludes_one);

    fill(controls, (const double[]){ 41, 42 }, (const double[]){ 35, 41.6 },
         2); /* 1 / 1.171, wider than the effect */
    const struct decide_result loud = decide(pairs, N_PAIRS, controls, 2);
    assert_int_equal(loud.outcome, DECIDE_UNDECIDED);
    assert_int_equal(loud.hindrance, DECIDE_NOISE);
    assert_int_equal(loud.n_more, 0);
}

static void a_control_that_excludes_one_is_reported(void **state)
{
    (void)state;
    struct decide_pair controls[3];
    fill(controls, (const double[]){ 40, 40, 40 }, (const double[]){ 42, 42.1, 41.9 }, 3);
    const struct decide_result r = decide(NULL, 0, controls, 3);
    assert_true(r.control.excludes_one);
    assert_true(r.control.ratio.lo > 1);
}

static void few_or_no_pairs_are_a_description(void **state)
{
    (void)state;
    struct decide_pair pairs[2];
    fill(pairs, m4_ms, t2_ms, 2);
    const struct decide_result one = decide(pairs, 1, NULL, 0);
    assert_int_equal(one.outcome, DECIDE_DESCRIPTION);
    assert_close(one.ratio.value, 47.9 / 41.2, 1e-12);
    assert_close(one.typical_b, 47.9, 1e-9);
    assert_true(isnan(one.ratio.lo) && isnan(one.p) && isnan(one.p_rank) && isnan(one.difference.hi));

    const struct decide_result none = decide(pairs, 0, NULL, 0);
    assert_int_equal(none.outcome, DECIDE_DESCRIPTION);
    assert_true(isnan(none.ratio.value) && isnan(none.typical_a) && isnan(none.order.ratio_a_first));
    assert_true(isnan(none.control.ratio.value) && isnan(none.control.least));
}

static void pairs_without_a_value_are_left_out_and_counted(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS + 3];
    fill(pairs, m4_ms, t2_ms, N_PAIRS);
    pairs[N_PAIRS] = (struct decide_pair){ .place = 9, .a = NAN, .b = 40 };
    pairs[N_PAIRS + 1] = (struct decide_pair){ .place = 10, .a = 40, .b = 0 };
    pairs[N_PAIRS + 2] = (struct decide_pair){ .place = 11, .a = 40, .b = INFINITY };
    const struct decide_result r = decide(pairs, N_PAIRS + 3, NULL, 0);
    assert_int_equal(r.n_pairs, N_PAIRS);
    assert_int_equal(r.n_dropped, 3);
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
    assert_int_equal(r.n_dropped, 5);
    assert_close(r.ratio.value, 2, 1e-12);
    assert_int_equal(r.order.n_a_first, 4); /* the first, third, fifth and ninth */
    assert_close(r.typical_a, exp((log(2) + log(4) + log(8)) / 4), 1e-12);
}

static void two_pairs_are_enough_for_a_p(void **state)
{
    (void)state;
    static const double a[] = { 100, 100 }, b[] = { 200, 210 };
    struct decide_pair pairs[2];
    fill(pairs, a, b, 2);
    const struct decide_result r = decide(pairs, 2, NULL, 0);
    assert_true(isfinite(r.p) && isfinite(r.p_rank) && isfinite(r.p_equivalence));
    assert_int_not_equal(r.outcome, DECIDE_DESCRIPTION);
    assert_true(isnan(decide(pairs, 1, NULL, 0).p));
    assert_int_equal(decide(pairs, 1, NULL, 0).outcome, DECIDE_DESCRIPTION);
}

/* Without any spread the t tests have no error to divide by. */
static void equal_runs_are_equivalent_for_sure(void **state)
{
    (void)state;
    static const double same[] = { 100, 100, 100 }, twice[] = { 200, 200, 200 };
    struct decide_pair pairs[3], controls[3];
    fill(pairs, same, same, 3);
    fill(controls, same, same, 3);
    struct decide_result r = decide(pairs, 3, controls, 3);
    assert_int_equal(r.outcome, DECIDE_EQUIVALENT);
    assert_close(r.p_equivalence, 0, 0);
    assert_close(r.sd_log, 0, 0);
    assert_close(r.detectable_ratio, 1, 0);
    assert_false(r.control.excludes_one); /* its interval is 1 to 1 */
    assert_close(r.control.least, 1, 0);
    fill(pairs, same, twice, 3);
    r = decide(pairs, 3, controls, 3);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_close(r.p_equivalence, 1, 0);
    fill(pairs, twice, same, 3);
    assert_int_equal(decide(pairs, 3, controls, 3).outcome, DECIDE_LOWER);
}

static void the_noise_floor_is_the_furthest_control_on_either_side(void **state)
{
    (void)state;
    static const double same[] = { 100, 100, 100 }, a[] = { 100, 100, 100, 100, 100, 100, 100, 100 },
                        b[] = { 130, 131, 129, 130, 132, 130, 131, 129 };
    static const struct {
        double controls[3];
        enum decide_outcome outcome;
        double least, most;
    } cases[] = { { { 100, 120, 110 }, DECIDE_HIGHER, 1, 1.2 },
                  { { 100, 140, 90 }, DECIDE_UNDECIDED, .9, 1.4 },
                  { { 110, 70, 100 }, DECIDE_UNDECIDED, .7, 1.1 },
                  { { 110, 80, 100 }, DECIDE_HIGHER, .8, 1.1 } };
    struct decide_pair pairs[8], controls[3];
    fill(pairs, a, b, 8);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fill(controls, same, cases[i].controls, 3);
        const struct decide_result r = decide(pairs, 8, controls, 3);
        assert_int_equal(r.outcome, cases[i].outcome);
        assert_int_equal(r.hindrance, cases[i].outcome == DECIDE_HIGHER ? DECIDE_NOT_HINDERED : DECIDE_NOISE);
        assert_close(r.control.least, cases[i].least, 1e-12);
        assert_close(r.control.most, cases[i].most, 1e-12);
        assert_int_equal(r.control.n, 3);
    }
}

static void an_order_effect_is_found(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    double b[N_PAIRS];
    for (size_t i = 0; i < N_PAIRS; i++)
        b[i] = m4_ms[i] * (i % 2 == 1 ? 1.2 : 1.0) * (1 + .001 * (double)i);
    fill(pairs, m4_ms, b, N_PAIRS);
    const struct decide_result r = decide(pairs, N_PAIRS, NULL, 0);
    assert_int_equal(r.order.n_a_first, 4);
    assert_int_equal(r.order.n_b_first, 4);
    assert_close(r.order.ratio_b_first / r.order.ratio_a_first, 1.2, .01);
    assert_close(r.order.p, 2.0 / 70, 1e-12);
}

static void one_order_alone_cannot_matter(void **state)
{
    (void)state;
    static const double logs[] = { .1, .2, .4 }, place[] = { 1, 2, 4 };
    static const bool a_first[] = { false, false, false }, b_first[] = { true, true, true };
    struct order_effect o;
    struct err e;
    assert_int_equal(order_effect_find(logs, a_first, place, 3, &o, &e), 0);
    assert_int_equal(o.n_a_first, 3);
    assert_int_equal(o.n_b_first, 0);
    assert_close(o.ratio_a_first, exp(.7 / 3), 1e-12);
    assert_true(isnan(o.ratio_b_first) && isnan(o.p));
    assert_close(o.drift_per_pair, exp(.1), 1e-12); /* the median of .1, .1 and .1 a place */
    assert_int_equal(order_effect_find(logs, b_first, place, 2, &o, &e), 0);
    assert_close(o.ratio_b_first, exp(.15), 1e-12);
    assert_true(isnan(o.ratio_a_first) && isnan(o.p));
    assert_close(o.drift_per_pair, exp(.1), 1e-12); /* of two places */
    assert_close(o.drift_p, 1, 1e-12);
    assert_int_equal(order_effect_find(logs, b_first, place, 1, &o, &e), 0);
    assert_true(isnan(o.drift_per_pair) && isnan(o.drift_p));
}

static void a_drift_over_the_campaign_is_found(void **state)
{
    (void)state;
    struct decide_pair pairs[N_PAIRS];
    double b[N_PAIRS];
    for (size_t i = 0; i < N_PAIRS; i++)
        b[i] = m4_ms[i] * pow(1.02, (double)(i + 1));
    fill(pairs, m4_ms, b, N_PAIRS);
    const struct decide_result r = decide(pairs, N_PAIRS, NULL, 0);
    assert_close(r.order.drift_per_pair, 1.02, 1e-9);
    assert_close(r.order.drift_p, 2.0 / 40320, 1e-12);
}

static void among_many_metrics_only_the_clear_ones_stay(void **state)
{
    (void)state;
    struct err e;
    struct decide_result r[4] = {
        decide_spread(log(1.10), .095, N_PAIRS), /* p = .033: the primary */
        decide_spread(log(1.15), .05, N_PAIRS),
        decide_spread(log(1.10), .095, N_PAIRS),
        decide_spread(0, .02, N_PAIRS),
    };
    assert_true(r[0].p > .01 && r[0].p < .05);
    assert_int_equal(r[2].outcome, DECIDE_HIGHER);
    assert_int_equal(decide_family(r, 4, 0, .95, &e), 0);
    assert_int_equal(r[0].outcome, DECIDE_HIGHER);
    assert_close(r[0].p_holm, r[0].p, 0);
    assert_int_equal(r[1].outcome, DECIDE_HIGHER);
    assert_close(r[1].p_holm, 3 * r[1].p, 1e-15);
    assert_int_equal(r[2].outcome, DECIDE_UNDECIDED);
    assert_int_equal(r[2].hindrance, DECIDE_FAMILY);
    assert_close(r[2].p_holm, 2 * r[2].p, 1e-15);
    assert_int_equal(r[3].outcome, DECIDE_EQUIVALENT);
    assert_int_equal(decide_family(NULL, 0, 0, .95, &e), 0);
    struct decide_result at_level[2] = { r[3], { .outcome = DECIDE_LOWER, .p = 1 - .95 } };
    assert_int_equal(decide_family(at_level, 2, 0, .95, &e), 0);
    assert_int_equal(at_level[1].outcome, DECIDE_LOWER); /* what is at the level stays */
    at_level[1].p = .0501;
    assert_int_equal(decide_family(at_level, 2, 2, .95, &e), 0); /* none was declared: both are members */
    assert_int_equal(at_level[1].outcome, DECIDE_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_is_15_percent_higher),
        cmocka_unit_test(exchanging_the_arms_mirrors_the_answer),
        cmocka_unit_test(the_rule_has_four_answers),
        cmocka_unit_test(a_tiny_but_certain_difference_is_equivalent),
        cmocka_unit_test(equivalence_and_its_p_agree),
        cmocka_unit_test(as_many_more_pairs_as_promised_do_decide),
        cmocka_unit_test(more_pairs_are_those_that_the_power_asks_for),
        cmocka_unit_test(never_so_few_pairs_are_promised_that_no_test_could_tell),
        cmocka_unit_test(no_effect_is_claimed_below_the_noise_floor),
        cmocka_unit_test(a_control_that_excludes_one_is_reported),
        cmocka_unit_test(few_or_no_pairs_are_a_description),
        cmocka_unit_test(pairs_without_a_value_are_left_out_and_counted),
        cmocka_unit_test(a_pair_counts_when_both_values_are_positive),
        cmocka_unit_test(two_pairs_are_enough_for_a_p),
        cmocka_unit_test(equal_runs_are_equivalent_for_sure),
        cmocka_unit_test(the_noise_floor_is_the_furthest_control_on_either_side),
        cmocka_unit_test(an_order_effect_is_found),
        cmocka_unit_test(one_order_alone_cannot_matter),
        cmocka_unit_test(a_drift_over_the_campaign_is_found),
        cmocka_unit_test(among_many_metrics_only_the_clear_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
