/* Reference values were computed with 40 digits by mpmath (sums of exact binomial terms, quadrature of
 * densities). */
#include "prob.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void assert_close(double got, double right, double relative)
{
    if (fabs(got - right) <= relative * fabs(right))
        return;
    print_error("got %.17g, right is %.17g\n", got, right);
    fail();
}

static void binomial_cdf_matches_exact_sums(void **state)
{
    static const struct {
        int64_t k;
        uint64_t n;
        double p, right;
    } cases[] = {
        { 3, 10, .5, 0.171875 },
        { 39, 100, .5, 0.017600100108852408 },
        { 60, 100, .5, 0.98239989989114759 },
        { 9879, 10000, .99, 0.022114487837461477 },
        { 59923, 60000, .999, 0.019509394764213046 },
        { 499999, 1000000, .5, 0.49960105781933412 },
        { 0, 5, .1, 0.59049 },
        { 4, 5, .1, 0.99999 },
        { 5, 5, .1, 1 },
        { 9, 5, .1, 1 },
        { -1, 5, .1, 0 },
        { 2, 5, 0, 1 },
        { 2, 5, 1, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(prob_binomial_cdf(cases[i].k, cases[i].n, cases[i].p), cases[i].right, 1e-9);
}

static void binomial_cdf_holds_for_a_thousand_million_trials(void **state)
{
    (void)state;
    /* The normal approximation with continuity correction is good to 1e-5 here. */
    const uint64_t n = 1000000000;
    const double sd = sqrt((double)n * .99 * .01);
    for (double z = -3; z <= 3; z += 1.5) {
        const int64_t k = 990000000 + (int64_t)(z * sd);
        const double corrected = ((double)k + .5 - (double)n * .99) / sd;
        assert_true(fabs(prob_binomial_cdf(k, n, .99) - prob_normal_cdf(corrected)) < 1e-4);
    }
}

static void the_tail_of_chi_square_keeps_its_precision(void **state)
{
    static const struct {
        double x, df, upper;
    } cases[] = {
        { 3.25, 4, 0.51689314741100938 },
        { 1.0, 3, 0.8012519569012008 },
        { 7.814727903251179, 3, 0.05 },
        { 0.091, 4, 0.99899574448897839 },
        { 0.024, 3, 0.99901822743015586 },
        { 100, 5, 5.2851483609432401e-20 },
        { 0.001, 8, 1 },
        { 200, 200, 0.48670120172085134 },
        { 0, 3, 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(prob_chi_square_upper(cases[i].x, cases[i].df), cases[i].upper, 1e-12);
}

/* Sums of Poisson probabilities to 60 digits. */
static void chi_square_holds_for_many_degrees_of_freedom(void **state)
{
    static const struct {
        double x, df, upper;
    } cases[] = {
        { 2100, 2000, 0.05867111137731808 },
        { 1900, 2000, 0.9449453137692619 },
        { 20400, 20000, 0.023287322133598805 },
        { 19700, 20000, 0.93373876636026 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(prob_chi_square_upper(cases[i].x, cases[i].df), cases[i].upper, 1e-9);
}

static void chi_square_critical_values_are_those_of_the_tables(void **state)
{
    static const struct {
        double df, x05, x01, x001;
    } cases[] = { { 3, 7.815, 11.345, 16.266 }, { 4, 9.488, 13.277, 18.467 }, { 8, 15.507, 20.090, 26.124 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_close(prob_chi_square_upper(cases[i].x05, cases[i].df), .05, 5e-4);
        assert_close(prob_chi_square_upper(cases[i].x01, cases[i].df), .01, 5e-4);
        assert_close(prob_chi_square_upper(cases[i].x001, cases[i].df), .001, 5e-4);
    }
}

static void normal_quantile_inverts_the_cdf(void **state)
{
    static const struct {
        double p, right;
    } cases[] = {
        { .975, 1.9599639845400539 },
        { .995, 2.5758293035489005 },
        { .99375, 2.4977054744123741 },
        { .6, 0.25334710313579974 },
        { .5, 0 },
        { 1e-10, -6.3613409024040562 },
        { .4, -0.25334710313579974 },
        { 1e-300, -37.047096299361199 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close(prob_normal_quantile(cases[i].p), cases[i].right, 1e-14);
    for (double z = -8; z < 8; z += .37)
        assert_close(prob_normal_quantile(prob_normal_cdf(z)), z, z < 0 ? 1e-13 : 1e-2);
    assert_close(prob_normal_upper(3), prob_normal_cdf(-3), 0);
}

static void student_distribution_matches_quadrature(void **state)
{
    static const struct {
        double t, df, right;
    } cdf[] = {
        { -1, 1, .25 },
        { .5, 3, 0.6742760175759245 },
        { 17.29, 7, 0.99999973398891341 },
        { -40, 7, 7.9510899924251852e-10 },
        { 1e-5, 30, 0.50000395632184887 },
        { 1.96, 1e6, 0.9750019662073651 },
        { 0, 5, .5 },
    };
    static const struct {
        double p, df, right;
    } quantile[] = {
        { .975, 7, 2.3646242515927847 },
        { .975, 1, 12.706204736174693 },
        { .95, 7, 1.8945786050900068 },
        { .9995, 3, 12.923978636687964 },
        { .5, 4, 0 },
        { .1, 2.5, -1.7302509288071765 },
        { .975, 1000, 1.9623390808264081 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cdf / sizeof *cdf; i++)
        assert_close(prob_student_cdf(cdf[i].t, cdf[i].df), cdf[i].right, 1e-11);
    for (size_t i = 0; i < sizeof quantile / sizeof *quantile; i++)
        assert_close(prob_student_quantile(quantile[i].p, quantile[i].df), quantile[i].right, 1e-11);
}

static void incomplete_beta_matches_closed_forms(void **state)
{
    (void)state;
    assert_close(prob_beta(.5, .5, .25), 1.0 / 3, 1e-14);
    assert_close(prob_beta(2, 3, .4), .5248, 1e-14);
    assert_close(prob_beta(10, 1, .9), 0.3486784401, 1e-14);
    assert_close(prob_beta(300, 200, .6), 0.497571383680068, 1e-11);
    assert_close(prob_beta(1e5, 1e5, .5), .5, 1e-9);
    assert_close(prob_beta(3, 4, 0), 0, 0);
    assert_close(prob_beta(3, 4, 1), 1, 0);
}

static void arguments_out_of_range_give_nan(void **state)
{
    (void)state;
    assert_true(isnan(prob_beta(0, 1, .5)));
    assert_true(isnan(prob_beta(1, 1, 1.5)));
    assert_true(isnan(prob_beta(1, 1, NAN)));
    assert_true(isnan(prob_chi_square_upper(-1, 2)));
    assert_true(isnan(prob_binomial_cdf(1, 5, 1.1)));
    assert_true(isnan(prob_chi_square_upper(1, 0)));
    assert_true(isnan(prob_normal_quantile(0)));
    assert_true(isnan(prob_normal_quantile(1)));
    assert_true(isnan(prob_student_cdf(1, 0)));
    assert_true(isnan(prob_student_cdf(NAN, 3)));
    assert_true(isnan(prob_student_quantile(1, 3)));
    assert_true(isnan(prob_student_quantile(0, 3)));
    assert_true(isnan(prob_student_cdf(NAN, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomial_cdf_matches_exact_sums),
        cmocka_unit_test(binomial_cdf_holds_for_a_thousand_million_trials),
        cmocka_unit_test(the_tail_of_chi_square_keeps_its_precision),
        cmocka_unit_test(chi_square_holds_for_many_degrees_of_freedom),
        cmocka_unit_test(chi_square_critical_values_are_those_of_the_tables),
        cmocka_unit_test(normal_quantile_inverts_the_cdf),
        cmocka_unit_test(student_distribution_matches_quadrature),
        cmocka_unit_test(incomplete_beta_matches_closed_forms),
        cmocka_unit_test(arguments_out_of_range_give_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
