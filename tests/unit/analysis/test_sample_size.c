#include "sample_size.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../close.h"

static void samples_for_a_bound_an_interval_and_a_tail(void **state)
{
    (void)state;
    static const struct {
        double p;
        uint32_t p_ppm;
        uint64_t bound, interval, tail_100, tail_400;
    } cases[] = {
        { .9, 900000, 29, 36, 1000, 4000 },
        { .95, 950000, 59, 72, 2000, 8000 },
        { .99, 990000, 299, 368, 10000, 40000 },
        { .999, 999000, 2995, 3688, 100000, 400000 },
        { .9999, 999900, 29956, 36887, 1000000, 4000000 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sample_size_for_upper_bound(cases[i].p, .95), cases[i].bound);
        assert_int_equal(sample_size_for_interval(cases[i].p, .95), cases[i].interval);
        assert_int_equal(sample_size_for_tail(cases[i].p_ppm, 100), cases[i].tail_100);
        assert_int_equal(sample_size_for_tail(cases[i].p_ppm, 400), cases[i].tail_400);
    }
}

static void half_widths_of_a_percentile(void **state)
{
    (void)state;
    assert_close(sample_size_half_width_exponential(.99, 100, .95), .043, 5e-4);
    assert_close(sample_size_half_width_pareto(2, 100, .95), .098, 5e-4);
    assert_int_equal(sample_size_for_rank(.5, .01, .95), 9604);
}

static void requests_that_show_an_uneven_balancer(void **state)
{
    (void)state;
    static const double delta[] = { .05, .10, .20, .50 };
    static const uint64_t k4[] = { 13084, 3271, 818, 131 };
    static const uint64_t k5[] = { 19097, 4775, 1194, 191 };
    assert_close(sample_size_noncentrality(4, .05, .8), 10.90, 5e-3);
    assert_close(sample_size_noncentrality(5, .05, .8), 11.94, 5e-3);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sample_size_for_imbalance(4, delta[i], .05, .8), k4[i]);
        assert_int_equal(sample_size_for_imbalance(5, delta[i], .05, .8), k5[i]);
    }
    assert_int_equal(sample_size_for_imbalance(1, .1, .05, .8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_for_a_bound_an_interval_and_a_tail),
        cmocka_unit_test(half_widths_of_a_percentile),
        cmocka_unit_test(requests_that_show_an_uneven_balancer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
