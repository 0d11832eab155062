#include "throughput.h"

#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void independent_seconds_are_their_own_blocks(void **state)
{
    (void)state;
    double count[60];
    struct random r;
    random_init(&r, 3, 0);
    for (size_t i = 0; i < 60; i++)
        count[i] = 1000 + (double)random_below(&r, 60);
    const struct throughput t = throughput_of(count, 60, .95);
    assert_int_equal(t.block.length, 1);
    assert_int_equal(t.n_blocks, 60);
    assert_true(t.lo_per_s < 1029.5 && 1029.5 < t.hi_per_s);
    assert_close(t.hi_per_s - t.mean_per_s, 2.001 * 17.3 / sqrt(60), .7);
}

/* An autocorrelated series: the interval from single seconds would be far too narrow. */
static void seconds_with_memory_are_grouped(void **state)
{
    (void)state;
    double count[600], level = 0;
    struct random r;
    random_init(&r, 4, 0);
    for (size_t i = 0; i < 600; i++) {
        level = .9 * level + random_uniform(&r) - .5;
        count[i] = 1000 + 100 * level;
    }
    const struct throughput t = throughput_of(count, 600, .95);
    assert_true(t.block.length >= 8);
    assert_false(t.block.capped);
    assert_true(t.block.autocorrelation < .2);
    assert_int_equal(t.n_blocks, 600 / t.block.length);
}

static void a_drift_reaches_the_cap(void **state)
{
    (void)state;
    double count[60];
    for (size_t i = 0; i < 60; i++)
        count[i] = (double)i;
    const struct block_length b = block_length_choose(count, 60);
    assert_int_equal(b.length, 6);
    assert_true(b.capped);
}

static void the_autocorrelation_is_that_of_block_means(void **state)
{
    (void)state;
    static const double x[] = { 1, 3, 1, 3, 1, 3, 1, 3 };
    assert_close(block_length_autocorrelation(x, 8, 1), -7.0 / 8, 1e-12);
    assert_close(block_length_autocorrelation(x, 8, 2), 0, 0);
    assert_close(block_length_autocorrelation(x, 8, 8), 0, 0);
}

static void small_series_are_cut_into_whole_blocks(void **state)
{
    (void)state;
    static const double x[] = { 1, 1, 3, 3, 100 };
    assert_close(block_length_autocorrelation((const double[]){ 1, 3 }, 2, 1), -.5, 1e-12);
    assert_close(block_length_autocorrelation(x, 5, 2), -.5, 1e-12); /* without what fills no block */
    assert_close(block_length_autocorrelation(x, 3, 2), 0, 0);       /* one block */
    assert_close(block_length_autocorrelation(x, 4, 1), .25, 1e-12);
    static const struct {
        size_t n, length;
    } cases[] = { { 9, 1 }, { 19, 1 }, { 20, 2 }, { 39, 3 }, { 40, 4 }, { 50, 5 }, { 90, 9 } };
    double rising[90];
    for (size_t i = 0; i < 90; i++)
        rising[i] = (double)i;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(block_length_choose(rising, cases[i].n).length, cases[i].length);
}

static void two_blocks_are_the_least_for_an_interval(void **state)
{
    (void)state;
    static const double x[] = { 10, 14 };
    const struct throughput t = throughput_of(x, 2, .95);
    assert_int_equal(t.n_blocks, 2);
    assert_close(t.mean_per_s, 12, 0);
    assert_close(t.lo_per_s, 0, 0); /* 12 - 12.706 * 2, but at least 0 */
    assert_close(t.hi_per_s, 12 + 12.7062 * 2, 1e-3);
    assert_true(isnan(throughput_of(x, 1, .95).lo_per_s));
    assert_close(throughput_of(x, 1, .95).mean_per_s, 10, 0);
    static const double y[] = { 100, 102, 98, 100, 101, 99 };
    const struct throughput six = throughput_of(y, 6, .95); /* sd 1.41421, t 2.57058 */
    assert_close(six.lo_per_s, 100 - 2.57058 * 1.41421 / sqrt(6), 1e-4);
}

static void without_whole_seconds_nothing_is_known(void **state)
{
    (void)state;
    const double one = 7;
    assert_true(isnan(throughput_of(&one, 0, .95).mean_per_s));
    const struct throughput t = throughput_of(&one, 1, .95);
    assert_close(t.mean_per_s, 7, 0);
    assert_true(isnan(t.lo_per_s) && isnan(t.hi_per_s));
}

/* From the intervals 90 to 110 and 180 to 220: ln(1.1) and ln(1 / .9) twice each. */
static void the_ratio_of_two_rates_has_the_uncertainty_of_both(void **state)
{
    const struct throughput a = { .mean_per_s = 100, .lo_per_s = 90, .hi_per_s = 110 };
    const struct throughput b = { .mean_per_s = 200, .lo_per_s = 180, .hi_per_s = 220 };
    (void)state;
    const struct throughput_ratio r = throughput_ratio_of(&a, &b);
    assert_close(r.ratio, 2, 1e-12);
    assert_close(r.lo, 2 * exp(-hypot(log(1 / .9), log(1.1))), 1e-12);
    assert_close(r.hi, 2 * exp(hypot(log(1.1), log(1 / .9))), 1e-12);
}

static void a_rate_that_may_be_nothing_leaves_the_ratio_open(void **state)
{
    (void)state;
    const struct throughput zero = { .mean_per_s = 10, .lo_per_s = 0, .hi_per_s = 20 };
    const struct throughput known = { .mean_per_s = 10, .lo_per_s = 5, .hi_per_s = 20 };
    assert_true(isnan(throughput_ratio_of(&zero, &known).lo) && isnan(throughput_ratio_of(&known, &zero).hi));
    const struct throughput_ratio r = throughput_ratio_of(&known, &known);
    assert_close(r.ratio, 1, 0);
    assert_close(r.lo, exp(-sqrt(2) * log(2)), 1e-12);
    assert_close(r.hi, exp(sqrt(2) * log(2)), 1e-12);
}

static void without_one_interval_the_ratio_has_none(void **state)
{
    const struct throughput a = { .mean_per_s = 100, .lo_per_s = NAN, .hi_per_s = NAN };
    const struct throughput b = { .mean_per_s = 200, .lo_per_s = 180, .hi_per_s = 220 };
    const struct throughput zero = { .mean_per_s = 100, .lo_per_s = 0, .hi_per_s = 300 };
    (void)state;
    assert_close(throughput_ratio_of(&a, &b).ratio, 2, 1e-12);
    assert_true(isnan(throughput_ratio_of(&a, &b).lo) && isnan(throughput_ratio_of(&b, &a).hi));
    assert_true(isnan(throughput_ratio_of(&zero, &b).lo));
}

/* 200 times two series of the same true rate: the interval covers 1 in about 95 %. */
static void the_ratio_of_equal_rates_is_covered_as_promised(void **state)
{
    double a[40], b[40];
    int n_covered = 0;
    struct random r;
    (void)state;
    random_init(&r, 9, 0);
    for (int k = 0; k < 200; k++) {
        for (size_t i = 0; i < 40; i++) {
            a[i] = 50 + 30 * random_exponential(&r);
            b[i] = 50 + 30 * random_exponential(&r);
        }
        const struct throughput ta = throughput_of(a, 40, .95), tb = throughput_of(b, 40, .95);
        const struct throughput_ratio ratio = throughput_ratio_of(&ta, &tb);
        n_covered += ratio.lo < 1 && 1 < ratio.hi;
    }
    assert_in_range(n_covered, 180, 199);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_seconds_are_their_own_blocks),
        cmocka_unit_test(seconds_with_memory_are_grouped),
        cmocka_unit_test(a_drift_reaches_the_cap),
        cmocka_unit_test(the_autocorrelation_is_that_of_block_means),
        cmocka_unit_test(small_series_are_cut_into_whole_blocks),
        cmocka_unit_test(two_blocks_are_the_least_for_an_interval),
        cmocka_unit_test(without_whole_seconds_nothing_is_known),
        cmocka_unit_test(the_ratio_of_two_rates_has_the_uncertainty_of_both),
        cmocka_unit_test(a_rate_that_may_be_nothing_leaves_the_ratio_open),
        cmocka_unit_test(without_one_interval_the_ratio_has_none),
        cmocka_unit_test(the_ratio_of_equal_rates_is_covered_as_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
