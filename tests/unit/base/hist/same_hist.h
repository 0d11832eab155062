/* Histograms are the same when all that can be asked of them is, dense or compact. */
#ifndef TESTS_SAME_HIST_H
#define TESTS_SAME_HIST_H

#include "hist.h"

#include "cm.h"

static inline void assert_same_counts(const struct hist *a, const struct hist *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(hist_first(a), hist_first(b));
    assert_int_equal(hist_last(a), hist_last(b));
    for (uint32_t i = 0; i < HIST_N_COUNTS; i++)
        if (hist_count(a, i) != hist_count(b, i))
            fail_msg("bin %u holds %llu and %llu values", i, (unsigned long long)hist_count(a, i),
                     (unsigned long long)hist_count(b, i));
}

static inline void assert_same_hist(const struct hist *a, const struct hist *b)
{
    assert_same_counts(a, b);
    assert_int_equal(a->n_overflow, b->n_overflow);
    assert_int_equal(a->min_ns, b->min_ns);
    assert_int_equal(a->max_ns, b->max_ns);
    assert_int_equal(a->sum_ns, b->sum_ns);
    assert_int_equal(a->n_lost, b->n_lost);
    for (uint32_t p_ppm = 0; p_ppm <= 1000000; p_ppm += 62500)
        assert_int_equal(hist_value_at_ppm(a, p_ppm), hist_value_at_ppm(b, p_ppm));
}

#endif
