/* What else may have made a difference between runs: noise, their order, and the many numbers
 * compared. */
#include "made_pairs.h"

/* Ratio 1.3, and controls of that ratio alternately over and under 1. */
static struct decide_result with_controls(const double *controls, size_t k)
{
    static const double b[] = { 1.30, 1.31, 1.29, 1.30, 1.32, 1.30, 1.31, 1.29 };
    struct decide_pair pairs[8], aa[8];
    fill_ratios(pairs, b, 8);
    fill_ratios(aa, controls, k);
    return decide(pairs, 8, aa, k);
}

static void controls_enter_by_their_mean_and_not_by_their_extremes(void **state)
{
    (void)state;
    static const double wild[] = { 1.4, 1 / 1.38, 1.02, .99 }, shifted[] = { 1.30, 1.28, 1.31, 1.29 },
                        half[] = { 1.10, 1.11, 1.09, 1.10 };
    const struct decide_result quiet = with_controls(wild, 4);
    assert_int_equal(quiet.outcome, DECIDE_HIGHER);
    assert_false(quiet.control.is_shifted);
    assert_close(quiet.control.most, 1.4, 1e-12);
    assert_close(quiet.control.least, 1 / 1.38, 1e-12);
    const struct decide_result same = with_controls(shifted, 4);
    assert_int_equal(same.outcome, DECIDE_UNDECIDED);
    assert_int_equal(same.reason, DECIDE_CONTROLS);
    const struct decide_result some = with_controls(half, 4);
    assert_int_equal(some.outcome, DECIDE_HIGHER);
    assert_true(some.control.is_shifted);
    assert_close(some.control.left.value, 1.3025 / 1.1, .002);
}

static void a_shift_in_the_other_direction_weakens_a_claim_as_well(void **state)
{
    (void)state;
    static const double opposite[] = { 1 / 1.30, 1 / 1.28, 1 / 1.31, 1 / 1.29 };
    assert_int_equal(with_controls(opposite, 4).reason, DECIDE_CONTROLS);
}

static void one_control_is_shown_and_decides_nothing(void **state)
{
    (void)state;
    static const double one[] = { 1.8 };
    const struct decide_result r = with_controls(one, 1);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_int_equal(r.control.n, 1);
    assert_close(r.control.ratio.value, 1.8, 1e-12);
    assert_true(isnan(r.control.ratio.lo));
}

static void equivalence_needs_controls_without_a_shift(void **state)
{
    (void)state;
    static const double ratios[] = { 1.01, .99, 1.02, 1, .98, 1.01, 1.02, 1 },
                        shifted[] = { 1.03, 1.035, 1.03, 1.031 };
    struct decide_pair pairs[8], controls[4];
    fill_ratios(pairs, ratios, 8);
    fill_ratios(controls, shifted, 4);
    assert_int_equal(decide(pairs, 8, NULL, 0).outcome, DECIDE_EQUIVALENT);
    assert_int_equal(decide(pairs, 8, controls, 4).reason, DECIDE_CONTROLS);
}

static void controls_alone_are_described(void **state)
{
    (void)state;
    struct decide_pair controls[3];
    fill(controls, (const double[]){ 40, 40, 40 }, (const double[]){ 42, 42.1, 41.9 }, 3);
    const struct decide_result r = decide(NULL, 0, controls, 3);
    assert_int_equal(r.outcome, DECIDE_DESCRIPTION);
    assert_close(r.control.ratio.value, 1.05, 1e-3);
    assert_int_equal(r.control.n, 3);
}

/* Eight pairs of that ratio; the arms fail so many of their requests, each pair a little more or less. */
static struct decide_result with_failures(double ratio, double failed_a, double failed_b, uint32_t p_ppm)
{
    struct decide_pair pairs[8];
    struct decide_question q = decide_defaults;
    struct decide_result r;
    struct err e;
    for (size_t i = 0; i < 8; i++) {
        const double more = i % 2 == 0 ? .001 : -.001;
        pairs[i] = (struct decide_pair){ .a = run_of(100), .b = run_of(100 * ratio * (1 + more)) };
        pairs[i].a.failed = failed_a;
        pairs[i].b.failed = failed_b * (1 + 50 * more);
    }
    q.pairs = pairs;
    q.n_pairs = 8;
    q.p_ppm = p_ppm;
    assert_int_equal(decide_metric(&q, &r, &e), 0);
    return r;
}

static void the_arm_that_fails_more_is_never_faster_nor_equivalent(void **state)
{
    (void)state;
    static const struct {
        double ratio, failed_a, failed_b;
        uint32_t p_ppm;
        enum decide_outcome outcome;
        enum decide_reason reason;
    } cases[] = {
        { .8, 0, .083, 990000, DECIDE_UNDECIDED, DECIDE_FAILURES },
        { 1, 0, .083, 990000, DECIDE_UNDECIDED, DECIDE_FAILURES },
        { 1.2, 0, .083, 990000, DECIDE_HIGHER, DECIDE_NO_REASON },
        { .8, .083, 0, 990000, DECIDE_LOWER, DECIDE_NO_REASON },
        { 1.2, .083, 0, 990000, DECIDE_UNDECIDED, DECIDE_FAILURES },
        { .8, 0, .0009, 990000, DECIDE_LOWER, DECIDE_NO_REASON },    /* less than .1 points */
        { .8, 0, .0011, 990000, DECIDE_UNDECIDED, DECIDE_FAILURES }, /* more */
        { .8, 0, .04, 500000, DECIDE_LOWER, DECIDE_NO_REASON },      /* the median bears 5 points */
        { .8, 0, .06, 500000, DECIDE_UNDECIDED, DECIDE_FAILURES },
        { .8, 0, .5, 0, DECIDE_LOWER, DECIDE_NO_REASON }, /* a rate counts good answers */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct decide_result r =
            with_failures(cases[i].ratio, cases[i].failed_a, cases[i].failed_b, cases[i].p_ppm);
        assert_int_equal(r.outcome, cases[i].outcome);
        assert_int_equal(r.reason, cases[i].reason);
    }
}

static void failed_shares_have_the_interval_of_their_pairs(void **state)
{
    (void)state;
    const struct decide_result r = with_failures(1, 0, .083, 990000);
    assert_int_equal(r.failures.n, 8);
    assert_close(r.failures.a, 0, 0);
    assert_close(r.failures.b, .083, 1e-12);
    assert_close(r.failures.difference.value, .083, 1e-12);
    assert_close(r.failures.difference.lo, .083 - 2.364624 * .083 * .05 * sqrt(8. / 7) / sqrt(8), 1e-8);
    assert_true(r.failures.is_certain);
    assert_false(with_failures(1, 0, 0, 990000).failures.is_certain);
}

static void unknown_failures_are_left_out(void **state)
{
    (void)state;
    const struct decide_result none = with_failures(.8, NAN, .1, 990000);
    assert_int_equal(none.failures.n, 0);
    assert_true(isnan(none.failures.a) && !none.failures.is_certain);
    assert_int_equal(none.outcome, DECIDE_LOWER);
}

/* Eight pairs of which the generator is seen to have this share, and of which so many of B's rest on an
 * invalid claim. */
static struct decide_result with_generator(double ratio, double share_a, double share_b, size_t n_invalid)
{
    struct decide_pair pairs[8];
    for (size_t i = 0; i < 8; i++) {
        const double more = i % 2 == 0 ? 1.01 : .99;
        pairs[i] = (struct decide_pair){ .a = run_of(100), .b = run_of(100 * ratio * more) };
        pairs[i].a.less_generator = pairs[i].a.time.value * (1 - share_a);
        pairs[i].b.less_generator = pairs[i].b.time.value * (1 - share_b);
        pairs[i].b.is_invalid = i < n_invalid;
    }
    return decide(pairs, 8, NULL, 0);
}

static void the_word_must_stay_without_twice_the_generators_share(void **state)
{
    (void)state;
    assert_int_equal(with_generator(1.2, .02, .02, 0).outcome, DECIDE_HIGHER);
    assert_int_equal(with_generator(1.2, NAN, .3, 0).outcome, DECIDE_HIGHER);  /* unknown of one arm */
    assert_int_equal(with_generator(1.2, 0, .05, 0).outcome, DECIDE_HIGHER);   /* 1.2 * .9 is 1.08 */
    assert_int_equal(with_generator(1.2, 0, .08, 0).reason, DECIDE_GENERATOR); /* 1.2 * .84 is 1.008 */
    assert_int_equal(with_generator(1.0, 0, .05, 0).reason, DECIDE_GENERATOR); /* equivalent, then lower */
    assert_int_equal(with_generator(1.2, .5, .5, 0).reason, DECIDE_GENERATOR); /* nothing is left */
    assert_int_equal(with_generator(1.2, .1, .1, 0).outcome, DECIDE_HIGHER);
}

/* A time of which the generator leaves nothing controls nothing. */
static void controls_that_are_the_generators_doing_are_lost(void **state)
{
    (void)state;
    struct decide_pair pairs[8], controls[4];
    for (size_t i = 0; i < 8; i++)
        pairs[i] = (struct decide_pair){ .a = run_of(100), .b = run_of(i % 2 == 0 ? 121 : 119) };
    for (size_t i = 0; i < 4; i++) {
        controls[i] = (struct decide_pair){ .a = run_of(100), .b = run_of(i % 2 == 0 ? 101 : 99) };
        controls[i].a.less_generator = 90;
        controls[i].b.less_generator = i < 2 ? 90 : 40;
    }
    assert_int_equal(decide(pairs, 8, controls, 4).outcome, DECIDE_HIGHER);
    controls[0].b.less_generator = 40;
    assert_int_equal(decide(pairs, 8, controls, 4).reason, DECIDE_GENERATOR);
}

static void no_word_rests_on_invalid_runs(void **state)
{
    (void)state;
    const struct decide_result some = with_generator(1.2, NAN, NAN, 3),
                               half = with_generator(1.2, NAN, NAN, 4);
    assert_int_equal(some.outcome, DECIDE_HIGHER);
    assert_int_equal(some.n_invalid_b, 3);
    assert_false(some.rests_on_invalid);
    assert_int_equal(half.outcome, DECIDE_UNDECIDED);
    assert_int_equal(half.reason, DECIDE_GENERATOR);
    assert_true(half.rests_on_invalid);
    assert_int_equal(with_generator(1.05, NAN, NAN, 0).reason, DECIDE_MARGIN);
    assert_int_equal(with_generator(1.05, NAN, NAN, 4).reason, DECIDE_GENERATOR); /* the first to be named */
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
    assert_int_equal(r[2].reason, DECIDE_FAMILY);
    assert_close(r[2].p_holm, 2 * r[2].p, 1e-15);
    assert_int_equal(r[3].outcome, DECIDE_EQUIVALENT);
    assert_int_equal(decide_family(NULL, 0, 0, .95, &e), 0);
    struct decide_result at_level[2] = { r[3], { .outcome = DECIDE_LOWER, .p = 1 - .95 } };
    assert_int_equal(decide_family(at_level, 2, 0, .95, &e), 0);
    assert_int_equal(at_level[1].outcome, DECIDE_UNDECIDED); /* what is at the level is not below it */
    at_level[1] = (struct decide_result){ .outcome = DECIDE_LOWER, .p = .0499 };
    assert_int_equal(decide_family(at_level, 2, 0, .95, &e), 0);
    assert_int_equal(at_level[1].outcome, DECIDE_LOWER);
    at_level[1].p = .0501;
    assert_int_equal(decide_family(at_level, 2, 2, .95, &e), 0); /* none was declared: both are members */
    assert_int_equal(at_level[1].outcome, DECIDE_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_enter_by_their_mean_and_not_by_their_extremes),
        cmocka_unit_test(a_shift_in_the_other_direction_weakens_a_claim_as_well),
        cmocka_unit_test(one_control_is_shown_and_decides_nothing),
        cmocka_unit_test(equivalence_needs_controls_without_a_shift),
        cmocka_unit_test(controls_alone_are_described),
        cmocka_unit_test(the_arm_that_fails_more_is_never_faster_nor_equivalent),
        cmocka_unit_test(failed_shares_have_the_interval_of_their_pairs),
        cmocka_unit_test(unknown_failures_are_left_out),
        cmocka_unit_test(the_word_must_stay_without_twice_the_generators_share),
        cmocka_unit_test(controls_that_are_the_generators_doing_are_lost),
        cmocka_unit_test(no_word_rests_on_invalid_runs),
        cmocka_unit_test(an_order_effect_is_found),
        cmocka_unit_test(one_order_alone_cannot_matter),
        cmocka_unit_test(among_many_metrics_only_the_clear_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
