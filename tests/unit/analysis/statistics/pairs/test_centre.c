/* The worked example is eight pairs of p99 in ms; the other figures are the published coverage of the
 * interval for 6 to 12 pairs. */
#include "centre.h"
#include "signed_rank.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

enum { N_PAIRS = 8 };
static const double m4_ms[N_PAIRS] = { 41.2, 39.8, 42.5, 40.9, 43.1, 41.7, 40.3, 42.0 };
static const double t2_ms[N_PAIRS] = { 47.9, 45.1, 50.2, 46.0, 49.5, 49.9, 45.8, 47.3 };

static void log_ratios(double *d)
{
    for (size_t i = 0; i < N_PAIRS; i++)
        d[i] = log(t2_ms[i] / m4_ms[i]);
}

static struct signed_rank rank_interval(const double *difference, size_t n)
{
    struct err e;
    struct signed_rank r;
    assert_int_equal(signed_rank_interval(difference, n, 0.95, &r, &e), 0);
    return r;
}

static void the_worked_example_has_ratio_1_151(void **state)
{
    (void)state;
    double d[N_PAIRS];
    log_ratios(d);
    const struct centre c = centre_mean(d, N_PAIRS);
    const double half = centre_half_width(&c, 0.95);
    assert_close(c.value, 0.140557, 5e-7);
    assert_close(c.sd, 0.022997, 5e-7);
    assert_close(c.value / c.se, 17.29, 5e-3);
    assert_close(centre_critical(&c, 0.95), 2.3646, 5e-5);
    assert_close(exp(c.value), 1.151, 5e-4);
    assert_close(exp(c.value - half), 1.129, 5e-4);
    assert_close(exp(c.value + half), 1.173, 5e-4);
    assert_true(centre_p(&c) < 1e-6 && centre_p(&c) > 1e-7);
}

static void the_distribution_free_twin_agrees(void **state)
{
    (void)state;
    double d[N_PAIRS];
    log_ratios(d);
    const struct signed_rank r = rank_interval(d, N_PAIRS);
    assert_close(exp(r.centre), 1.149, 5e-4);
    assert_close(exp(r.lo), 1.129, 5e-4);
    assert_close(exp(r.hi), 1.180, 5e-4);
    assert_close(r.p, 2.0 / 256, 1e-12);
    assert_int_equal(r.k, 4);
}

static void six_pairs_are_the_least_for_an_interval(void **state)
{
    (void)state;
    static const struct {
        size_t n, k;
        double coverage;
    } cases[] = { { 6, 1, .969 },  { 7, 3, .953 },   { 8, 4, .961 },  { 9, 6, .961 },
                  { 10, 9, .951 }, { 11, 11, .958 }, { 12, 14, .958 } };
    double d[12];
    for (size_t i = 0; i < 12; i++)
        d[i] = (double)(i + 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct signed_rank r = rank_interval(d, cases[i].n);
        assert_int_equal(r.k, cases[i].k);
        assert_close(r.coverage, cases[i].coverage, 5e-4);
        assert_close(r.p, 2 * pow(2, -(double)cases[i].n), 1e-12);
    }
    const struct signed_rank five = rank_interval(d, 5);
    assert_int_equal(five.k, 0);
    assert_true(isnan(five.lo) && isnan(five.hi) && isnan(five.coverage));
    assert_close(five.p, 0.0625, 1e-12);
}

/* Brute force over all assignments of signs, with ties and a zero. */
static void the_exact_p_counts_all_assignments_of_signs(void **state)
{
    (void)state;
    static const double d[] = { 3, -1, 2, 2, 0, -4, 5, 2 };
    static const double rank[] = { 5, 1, 3, 3, 6, 7, 3 }; /* of the seven that are not 0 */
    const double w_plus = 5 + 3 + 3 + 7 + 3;
    unsigned as_extreme = 0;
    for (unsigned signs = 0; signs < 128; signs++) {
        double w = 0;
        for (unsigned i = 0; i < 7; i++)
            w += signs >> i & 1 ? rank[i] : 0;
        as_extreme += fabs(w - 14) >= w_plus - 14;
    }
    const struct signed_rank r = rank_interval(d, sizeof d / sizeof d[0]);
    assert_close(r.w_plus, w_plus, 0);
    assert_close(r.p, as_extreme / 128.0, 1e-12);
}

static void equal_pairs_give_no_false_precision(void **state)
{
    (void)state;
    static const double zeros[6] = { 0 };
    struct centre c = centre_mean(zeros, 6);
    assert_close(centre_p(&c), 1, 0);
    assert_close(centre_p_beyond(&c, .05), 0, 0);
    assert_close(rank_interval(zeros, 6).p, 1, 0);

    static const double equal[3] = { .5, .5, .5 };
    c = centre_mean(equal, 3);
    assert_close(centre_p(&c), 0, 0);
    assert_close(centre_p_beyond(&c, .5), 1, 0); /* at the limit: not within it */
    assert_close(centre_half_width(&c, 0.95), 0, 1e-12);
}

static void one_pair_has_no_interval(void **state)
{
    (void)state;
    static const double d[1] = { .1 };
    const struct centre c = centre_mean(d, 1);
    assert_close(c.value, .1, 0);
    assert_true(isnan(c.sd) && isnan(centre_half_width(&c, .95)) && isnan(centre_p(&c)));
    assert_true(isnan(centre_p_beyond(&c, .05)));
    assert_int_equal(rank_interval(d, 1).k, 0);
}

/* The second is more than 10 MAD from the others; with it and its counterpart gone, six are left. */
static void a_trimmed_mean_is_not_moved_by_one_value(void **state)
{
    (void)state;
    static const double ratio[] = { 1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48, 1.51 };
    double d[8];
    struct centre c;
    struct err e;
    for (size_t i = 0; i < 8; i++)
        d[i] = log(ratio[i]);
    assert_int_equal(centre_trimmed(d, 8, &c, &e), 0);
    assert_close(c.value, .406535, 5e-7);
    assert_close(c.se, .005290, 5e-7);
    assert_close(c.df, 5, 0);
    assert_close(c.sd, c.se * sqrt(8), 1e-12);
    assert_close(exp(c.value - centre_half_width(&c, .95)), 1.4813, 5e-5);
    assert_close(exp(c.value + centre_half_width(&c, .95)), 1.5222, 5e-5);
    d[3] = -100;
    assert_int_equal(centre_trimmed(d, 8, &c, &e), 0);
    assert_close(c.value, .406535, 5e-7);
}

static void few_values_are_not_trimmed(void **state)
{
    (void)state;
    static const double d[] = { 1, 2, 4, 9 };
    struct centre c;
    struct err e;
    const struct centre mean = centre_mean(d, 4);
    assert_int_equal(centre_trimmed(d, 4, &c, &e), 0);
    assert_close(c.value, mean.value, 1e-12);
    assert_close(c.se, mean.se, 1e-12);
    assert_close(c.df, mean.df, 0);
}

static void values_that_follow_each_other_correlate(void **state)
{
    (void)state;
    static const double up[] = { 1, 2, 3, 4, 5 }, zigzag[] = { 1, 2, 1, 2 }, equal[] = { 1, 1, 1 };
    assert_close(centre_lag1(up, 5), .4, 1e-12);
    assert_close(centre_lag1(zigzag, 4), -.75, 1e-12);
    assert_true(isnan(centre_lag1(equal, 3)) && isnan(centre_lag1(up, 2)));
}

static void too_many_pairs_are_refused_with_a_sentence(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct signed_rank r;
    static const double d[1] = { 0 };
    assert_int_equal(signed_rank_interval(d, SIGNED_RANK_MOST + 1, 0.95, &r, &e), -1);
    assert_string_equal(e.text, "the signed rank interval takes 1 to 1000 pairs, not 1001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_ratio_1_151),
        cmocka_unit_test(the_distribution_free_twin_agrees),
        cmocka_unit_test(six_pairs_are_the_least_for_an_interval),
        cmocka_unit_test(the_exact_p_counts_all_assignments_of_signs),
        cmocka_unit_test(equal_pairs_give_no_false_precision),
        cmocka_unit_test(one_pair_has_no_interval),
        cmocka_unit_test(a_trimmed_mean_is_not_moved_by_one_value),
        cmocka_unit_test(few_values_are_not_trimmed),
        cmocka_unit_test(values_that_follow_each_other_correlate),
        cmocka_unit_test(too_many_pairs_are_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
