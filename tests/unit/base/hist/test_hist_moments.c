#include "hist_moments.h"

#include "cm.h"
#include "fresh_hist.h"

#include <math.h>

static void assert_near(double value, double right, double share)
{
    if (!(fabs(value - right) <= share * right))
        fail_msg("%.17g is not %.17g", value, right);
}

static void nothing_has_no_mean_and_no_spread(void **state)
{
    (void)state;
    assert_true(isnan(hist_mean_ns(*state)));
    assert_true(isnan(hist_stdev_ns(*state)));
}

static void small_values_are_exact(void **state)
{
    static const uint64_t values[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
    struct hist *h = *state;
    for (size_t i = 0; i < N_OF(values); i++)
        hist_add(h, values[i]);
    assert_true(hist_mean_ns(h) == 5);
    assert_true(hist_stdev_ns(h) == 2);
}

static void the_mean_is_exact_and_the_spread_right_to_a_bin(void **state)
{
    struct hist *h = *state;
    double sum = 0;
    for (uint64_t k = 0; k < 10000; k++) {
        hist_add(h, 1000003 + 977 * k); /* evenly spread: the variance is (n^2 - 1) / 12 steps */
        sum += (double)(1000003 + 977 * k);
    }
    assert_true(hist_mean_ns(h) == sum / 10000);
    assert_near(hist_stdev_ns(h), 977 * sqrt((10000.0 * 10000 - 1) / 12), 1e-3);
}

static void one_value_has_no_spread(void **state)
{
    struct hist *h = *state;
    hist_add(h, 123456789);
    assert_true(hist_mean_ns(h) == 123456789);
    assert_true(hist_stdev_ns(h) == 0);
}

static void percentiles_have_the_names_that_people_use(void **state)
{
    static const struct {
        uint32_t p_ppm;
        const char *name;
    } cases[] = { { 500000, "p50" },     { 990000, "p99" },      { 999000, "p99.9" },
                  { 999990, "p99.999" }, { 999999, "p99.9999" }, { 1000000, "p100" } };
    char out[HIST_PERCENTILE_BYTES];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_string_equal(hist_percentile_name(cases[i].p_ppm, out), cases[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_has_no_mean_and_no_spread, make, drop),
        cmocka_unit_test_setup_teardown(small_values_are_exact, make, drop),
        cmocka_unit_test_setup_teardown(the_mean_is_exact_and_the_spread_right_to_a_bin, make, drop),
        cmocka_unit_test_setup_teardown(one_value_has_no_spread, make, drop),
        cmocka_unit_test_setup_teardown(percentiles_have_the_names_that_people_use, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
