/* Worked examples of the rule, computed apart from it. */
#include "made_pairs.h"

#include "centre.h"

static struct decide_result decide_ratios(const double *ratios, size_t n, const double *controls, size_t k)
{
    struct decide_pair ab[16], aa[16];
    fill_ratios(ab, ratios, n);
    fill_ratios(aa, controls, k);
    return decide(ab, n, aa, k);
}

static void one_broken_run_of_eight_is_named_and_borne(void **state)
{
    (void)state;
    static const double ratios[] = { 1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48, 1.51 };
    const struct decide_result r = decide_ratios(ratios, 8, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_int_equal(r.method, DECIDE_TRIMMED);
    assert_close(r.ratio.value, 1.5016, 5e-5);
    assert_close(r.ratio.lo, 1.4813, 5e-5);
    assert_close(r.ratio.hi, 1.5222, 5e-5);
    assert_int_equal(r.n_apart, 1);
    assert_int_equal(r.apart[0].index, 3);
    assert_close(r.apart[0].ratio, .19, 1e-12);
    assert_close(r.without_apart.value, 1.5056, 5e-5);
    assert_close(r.without_apart.lo, 1.4898, 5e-5);
    assert_close(r.without_apart.hi, 1.5216, 5e-5);
    assert_close(r.p_rank, .1875, 1e-12); /* the signed rank test would not have decided */

    static const double few[] = { 1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48 };
    const struct decide_result seven = decide_ratios(few, 7, NULL, 0);
    assert_int_equal(seven.n_apart, 1);
    assert_int_equal(seven.method, DECIDE_MEAN);
    assert_int_equal(seven.outcome, DECIDE_UNDECIDED);
    assert_int_equal(seven.reason, DECIDE_INTERVAL);
}

/* By the mean, one run would have made it undecidable. */
static void the_mean_of_the_same_pairs_says_nothing(void **state)
{
    (void)state;
    static const double ratios[] = { 1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48, 1.51 };
    double d[8];
    for (size_t i = 0; i < 8; i++)
        d[i] = log(ratios[i]);
    const struct centre mean = centre_mean(d, 8);
    const double half = centre_half_width(&mean, .95);
    assert_close(exp(mean.value), 1.1624, 5e-5);
    assert_close(exp(mean.value - half), .6304, 5e-5);
    assert_close(exp(mean.value + half), 2.1433, 5e-5);
}

static void one_bad_control_does_not_forbid_a_decision(void **state)
{
    (void)state;
    static const double ratios[] = { 1.51, 1.49, 1.53, 1.52, 1.50, 1.52, 1.48, 1.51 };
    static const double controls[] = { 1.01, 2.02 };
    const struct decide_result r = decide_ratios(ratios, 8, controls, 2);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_close(r.ratio.value, 1.5074, 5e-5);
    assert_close(r.ratio.lo, 1.4935, 5e-5);
    assert_close(r.ratio.hi, 1.5215, 5e-5);
    assert_close(log(r.control.ratio.value), .3565, 5e-5);
    assert_close(log(r.control.ratio.hi) - log(r.control.ratio.value), .8195, 5e-5);
    assert_false(r.control.is_shifted);
}

static void a_shift_that_is_smaller_leaves_enough(void **state)
{
    (void)state;
    static const double ratios[] = { 1.25, 1.27, 1.26, 1.24, 1.28, 1.26, 1.25, 1.27 };
    static const double controls[] = { 1.12, 1.14 };
    const struct decide_result r = decide_ratios(ratios, 8, controls, 2);
    assert_int_equal(r.outcome, DECIDE_HIGHER);
    assert_true(r.control.is_shifted);
    assert_close(log(r.control.ratio.value), .122178, 5e-7);
    assert_close(log(r.control.ratio.hi) - log(r.control.ratio.value), .020926, 5e-7);
    assert_close(log(r.control.left.value), .108886, 5e-7);
    assert_close(log(r.control.left.hi) - log(r.control.left.value), .023396, 5e-7);
    assert_close(r.ratio.value, 1.260, 5e-4);
    assert_close(r.control.left.value, 1.115, 5e-4);
}

static void a_shift_as_large_as_the_difference_leaves_nothing(void **state)
{
    (void)state;
    static const double ratios[] = { 1.14, 1.12, 1.15, 1.13, 1.11, 1.14, 1.13, 1.15 };
    static const double controls[] = { 1.12, 1.14 };
    const struct decide_result r = decide_ratios(ratios, 8, controls, 2);
    assert_int_equal(r.outcome, DECIDE_UNDECIDED);
    assert_int_equal(r.reason, DECIDE_CONTROLS);
    assert_close(log(r.control.left.value), .003285, 5e-7);
    assert_close(log(r.control.left.hi) - log(r.control.left.value), .023396, 5e-7);
    assert_int_equal(r.n_more, 0);
}

static void equivalence_has_its_own_interval_and_p(void **state)
{
    (void)state;
    static const double ratios[] = { 1.01, .99, 1.02, 1, .98, 1.01, 1.02, 1 };
    const struct decide_result r = decide_ratios(ratios, 8, NULL, 0);
    assert_int_equal(r.outcome, DECIDE_EQUIVALENT);
    assert_close(r.ratio.value, 1.0037, 5e-5);
    assert_close(r.equivalence.lo, .9943, 5e-5);
    assert_close(r.equivalence.hi, 1.0132, 5e-5);
    assert_close(r.p_equivalence, 2.018e-5, 5e-9);
}

/* The declared family of the lab campaign: .0306 alone, .0788 among four, as .0263 among three others. */
static void a_p_of_0306_is_not_enough_among_four(void **state)
{
    (void)state;
    struct err e;
    struct decide_result r[5] = { { .p = .0306, .outcome = DECIDE_LOWER },
                                  { .p = .0263, .outcome = DECIDE_LOWER },
                                  { .p = .001, .outcome = DECIDE_HIGHER },
                                  { .p = .9 },
                                  { .p = .001, .outcome = DECIDE_LOWER } };
    assert_int_equal(decide_family(r, 5, 2, .95, &e), 0);
    assert_close(r[1].p_holm, .0789, 1e-12);
    assert_close(r[0].p_holm, .0789, 1e-12);
    assert_int_equal(r[0].reason, DECIDE_FAMILY);
    assert_int_equal(r[2].outcome, DECIDE_HIGHER);
    assert_int_equal(r[4].outcome, DECIDE_LOWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_broken_run_of_eight_is_named_and_borne),
        cmocka_unit_test(the_mean_of_the_same_pairs_says_nothing),
        cmocka_unit_test(one_bad_control_does_not_forbid_a_decision),
        cmocka_unit_test(a_shift_that_is_smaller_leaves_enough),
        cmocka_unit_test(a_shift_as_large_as_the_difference_leaves_nothing),
        cmocka_unit_test(equivalence_has_its_own_interval_and_p),
        cmocka_unit_test(a_p_of_0306_is_not_enough_among_four),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
