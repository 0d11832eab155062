/* The table was computed from exact binomial sums. */
#include "attempts.h"
#include "hist.h"
#include "prob.h"
#include "quantile.h"

#include "cm.h"

#include <math.h>

/* P(low <= X <= high - 1): the confidence that the ranks really give. */
static double coverage_of(uint64_t n, uint32_t p_ppm, struct quantile_ranks ranks)
{
    const double p = (double)p_ppm / 1e6;
    if (ranks.low == 0 || ranks.high == 0)
        return NAN;
    return prob_binomial_cdf((int64_t)ranks.high - 1, n, p) - prob_binomial_cdf((int64_t)ranks.low - 1, n, p);
}

static void ranks_are_those_of_exact_binomial_sums(void **state)
{
    static const struct {
        uint64_t n;
        uint32_t p_ppm;
        uint64_t low, high;
        double coverage;
    } cases[] = {
        { 100, 500000, 40, 61, .9648 },
        { 1000, 500000, 469, 532, .9537 },
        { 1000, 900000, 881, 919, .9549 },
        { 1000, 950000, 936, 964, .9581 },
        { 1000, 990000, 983, 997, .9761 },
        { 10000, 990000, 9880, 9920, .9558 },
        { 10000, 999000, 9983, 9997, .9755 },
        { 60000, 990000, 59352, 59448, .9511 },
        { 60000, 999000, 59924, 59956, .9616 },
        { 300, 990000, 293, 0, NAN },
        { 1, 500000, 0, 0, NAN },
        { 5, 500000, 0, 0, NAN },
        { 6, 500000, 1, 6, 1 - 2 * 0.5 * 0.5 * 0.5 * 0.5 * 0.5 * 0.5 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct quantile_ranks r = quantile_ranks(cases[i].n, cases[i].p_ppm, .95);
        assert_int_equal(r.low, cases[i].low);
        assert_int_equal(r.high, cases[i].high);
        const double coverage = coverage_of(cases[i].n, cases[i].p_ppm, r);
        if (isnan(cases[i].coverage))
            assert_true(isnan(coverage));
        else
            assert_true(fabs(coverage - cases[i].coverage) < 5e-5);
    }
}

static void ranks_are_the_closest_that_reach_the_confidence(void **state)
{
    /* Against a search from the end, which knows no shortcut. */
    (void)state;
    for (uint64_t n = 1; n <= 80; n++)
        for (uint32_t p_ppm = 50000; p_ppm < 1000000; p_ppm += 50000) {
            uint64_t low = 0;
            uint64_t high = 0;
            double below = 0; /* P(X <= rank - 1) */
            for (uint64_t rank = 1; rank <= n; rank++) {
                const double p = (double)p_ppm / 1e6;
                const double k = (double)rank - 1;
                below += exp(lgamma((double)n + 1) - lgamma(k + 1) - lgamma((double)n - k + 1) + k * log(p) +
                             ((double)n - k) * log1p(-p));
                if (below <= .025)
                    low = rank;
                if (below >= .975 && high == 0)
                    high = rank;
            }
            const struct quantile_ranks r = quantile_ranks(n, p_ppm, .95);
            assert_int_equal(r.low, low);
            assert_int_equal(r.high, high);
        }
}

static void a_two_sided_interval_exists_from_these_sizes_on(void **state)
{
    static const struct {
        uint32_t p_ppm;
        uint64_t n;
    } cases[] = { { 900000, 36 }, { 950000, 72 }, { 990000, 368 }, { 999000, 3688 }, { 999900, 36887 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_int_equal(quantile_ranks(cases[i].n - 1, cases[i].p_ppm, .95).high, 0);
        assert_int_equal(quantile_ranks(cases[i].n, cases[i].p_ppm, .95).high, cases[i].n);
    }
}

static void nothing_lies_above_the_maximum(void **state)
{
    (void)state;
    assert_int_equal(quantile_ranks(500, 1000000, .95).low, 500);
    assert_int_equal(quantile_ranks(500, 1000000, .95).high, 0);
    assert_int_equal(quantile_ranks(0, 500000, .95).low, 0);
    assert_int_equal(quantile_ranks(0, 500000, .95).high, 0);
}

static void a_thousand_million_values_are_no_trouble(void **state)
{
    const uint64_t n = 1000000000;
    (void)state;
    const struct quantile_ranks r = quantile_ranks(n, 990000, .95);
    const double half = 1.959964 * sqrt((double)n * .99 * .01);
    assert_true(fabs((double)r.low - (990000000 - half)) < 3);
    assert_true(fabs((double)r.high - (990000000 + half)) < 3);
}

static void the_interval_covers_the_bins_of_its_ranks(void **state)
{
    struct hist *h = hist_new();
    const struct attempts a = { .ok = h };
    (void)state;
    for (uint64_t i = 1; i <= 1000; i++)
        hist_add(h, i * 1000000); /* 1 to 1000 ms */
    const struct quantile_interval median = quantile_interval(&a, 500000, .95);
    assert_true(median.has_low && median.has_high);
    assert_int_equal(median.low_ns, hist_lowest_ns(hist_index(469000000)));
    assert_int_equal(median.high_ns, hist_highest_ns(hist_index(532000000)));
    const struct quantile_interval tail = quantile_interval(&a, 999000, .95);
    assert_true(tail.has_low);
    assert_false(tail.has_high);
    hist_clear(h);
    const struct quantile_interval none = quantile_interval(&a, 500000, .95);
    assert_false(none.has_low || none.has_high);
    hist_free(h);
}

static void an_end_among_failures_is_unknown(void **state)
{
    struct hist *h = hist_new();
    (void)state;
    for (uint64_t i = 1; i <= 970; i++)
        hist_add(h, i * 1000000);
    const struct attempts a = { .ok = h, .n_failed = 30 };
    const struct quantile_interval p95 = quantile_interval(&a, 960000, .95);
    assert_true(p95.has_low);
    assert_false(p95.has_high); /* rank 972 of 1000 */
    const struct quantile_interval p99 = quantile_interval(&a, 990000, .95);
    assert_false(p99.has_low || p99.has_high);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_exact_binomial_sums),
        cmocka_unit_test(ranks_are_the_closest_that_reach_the_confidence),
        cmocka_unit_test(a_two_sided_interval_exists_from_these_sizes_on),
        cmocka_unit_test(nothing_lies_above_the_maximum),
        cmocka_unit_test(a_thousand_million_values_are_no_trouble),
        cmocka_unit_test(the_interval_covers_the_bins_of_its_ranks),
        cmocka_unit_test(an_end_among_failures_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
