/* What else may have made a difference between runs: noise, their order, and the many numbers
 * compared. */
#include "made_pairs.h"

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
    static const double logs[] = { .1, .2, .4 };
    static const bool a_first[] = { false, false, false }, b_first[] = { true, true, true };
    struct order_effect o;
    struct err e;
    assert_int_equal(order_effect_find(logs, a_first, 3, &o, &e), 0);
    assert_int_equal(o.n_a_first, 3);
    assert_int_equal(o.n_b_first, 0);
    assert_close(o.ratio_a_first, exp(.7 / 3), 1e-12);
    assert_true(isnan(o.ratio_b_first) && isnan(o.p));
    assert_int_equal(order_effect_find(logs, b_first, 2, &o, &e), 0);
    assert_close(o.ratio_b_first, exp(.15), 1e-12);
    assert_true(isnan(o.ratio_a_first) && isnan(o.p));
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
        cmocka_unit_test(no_effect_is_claimed_below_the_noise_floor),
        cmocka_unit_test(a_control_that_excludes_one_is_reported),
        cmocka_unit_test(the_noise_floor_is_the_furthest_control_on_either_side),
        cmocka_unit_test(an_order_effect_is_found),
        cmocka_unit_test(one_order_alone_cannot_matter),
        cmocka_unit_test(among_many_metrics_only_the_clear_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
