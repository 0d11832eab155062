#include "hist.h"
#include "random.h"

#include "cm.h"
#include "fresh_hist.h"
#include "same_hist.h"

static void an_empty_histogram_knows_nothing(void **state)
{
    struct hist *h = *state;
    assert_int_equal(h->n, 0);
    assert_int_equal(h->max_ns, 0);
    assert_true(h->min_ns == UINT64_MAX);
    assert_int_equal(hist_value_at_ppm(h, 500000), 0);
    assert_int_equal(hist_n_beyond(0, 500000), 0);
}

static void percentiles_are_nearest_ranks(void **state)
{
    static const struct {
        uint32_t p_ppm;
        uint64_t right, n_beyond;
    } cases[] = {
        { 0, 1, 9 },      { 1, 1, 9 },      { 100000, 1, 9 },  { 100001, 2, 8 },  { 500000, 5, 5 },
        { 500001, 6, 4 }, { 900000, 9, 1 }, { 910000, 10, 0 }, { 999999, 10, 0 }, { 1000000, 10, 0 }
    };
    struct hist *h = *state;
    for (uint64_t v = 1; v <= 10; v++)
        hist_add(h, v);
    for (size_t i = 0; i < N_OF(cases); i++) {
        assert_int_equal(hist_value_at_ppm(h, cases[i].p_ppm), cases[i].right);
        assert_int_equal(hist_n_beyond(h->n, cases[i].p_ppm), cases[i].n_beyond);
    }
}

static void ranks_need_no_floating_point(void **state)
{
    /* 0.07 * 100 is 7.000000000000001 in binary, whose ceiling is 8. */
    (void)state;
    assert_int_equal(hist_rank(100, 70000), 7);
    assert_int_equal(hist_rank(1, 0), 1);
    assert_int_equal(hist_rank(2, 500000), 1);
    assert_int_equal(hist_rank(5, 250000), 2);
    assert_true(hist_rank(UINT64_MAX, 1000000) == UINT64_MAX);
    assert_true(hist_rank(UINT64_MAX, 999999) == UINT64_C(18446725626965477906));
}

/* The bin's highest value; no value that was seen is larger than the maximum. */
static uint64_t p_highest(uint64_t max_ns, uint64_t right)
{
    const uint64_t high_ns = hist_highest_ns(hist_index(right));
    return high_ns < max_ns ? high_ns : max_ns;
}

static void percentiles_equal_those_of_the_sorted_values(void **state)
{
    enum { N = 5000 };
    static const uint32_t percentiles_ppm[] = { 1, 250000, 500000, 900000, 990000, 999000, 999900, 1000000 };
    static uint64_t values[N];
    struct hist *h = *state;
    struct random r;
    random_init(&r, 5, 0);
    for (size_t i = 0; i < N; i++) {
        values[i] = (uint64_t)(random_exponential(&r) * 2e6) + 1;
        hist_add(h, values[i]);
    }
    for (size_t i = 1; i < N; i++) /* insertion sort */
        for (size_t j = i; j > 0 && values[j - 1] > values[j]; j--) {
            const uint64_t larger = values[j - 1];
            values[j - 1] = values[j];
            values[j] = larger;
        }
    for (size_t i = 0; i < N_OF(percentiles_ppm); i++) {
        const uint64_t right = values[hist_rank(N, percentiles_ppm[i]) - 1];
        const uint64_t got = hist_value_at_ppm(h, percentiles_ppm[i]);
        assert_int_equal(got, p_highest(values[N - 1], right));
        assert_true((double)(got - right) <= (double)right / 1024);
    }
    assert_int_equal(h->min_ns, values[0]);
    assert_int_equal(h->max_ns, values[N - 1]);
}

static void minimum_maximum_and_sum_are_exact(void **state)
{
    struct hist *h = *state;
    hist_add(h, 123456789);
    hist_add(h, 987654321);
    hist_add(h, 5);
    assert_int_equal(h->min_ns, 5);
    assert_int_equal(h->max_ns, 987654321);
    assert_int_equal(h->sum_ns, UINT64_C(1111111115));
    assert_int_equal(h->n, 3);
}

static void values_beyond_the_range_are_kept_and_counted(void **state)
{
    struct hist *h = *state;
    hist_add(h, HIST_HIGHEST_NS);
    assert_int_equal(h->n_overflow, 0);
    hist_add(h, HIST_HIGHEST_NS + 1);
    hist_add(h, UINT64_MAX / 2);
    assert_int_equal(h->n_overflow, 2);
    assert_int_equal(h->n, 3);
    assert_int_equal(hist_count(h, hist_index(HIST_HIGHEST_NS)), 3);
    assert_true(h->max_ns == UINT64_MAX / 2);
    assert_true(hist_index(HIST_HIGHEST_NS) < HIST_N_COUNTS);
}

static void merging_equals_recording_both(void **state)
{
    struct hist *both = *state;
    struct hist *a = hist_new();
    struct hist *b = hist_new();
    for (uint64_t i = 0; i < 1000; i++) {
        const uint64_t value = i * i * 977 + 1;
        hist_add(i % 3 ? a : b, value);
        hist_add(both, value);
    }
    hist_add(b, HIST_HIGHEST_NS * 2);
    hist_add(both, HIST_HIGHEST_NS * 2);
    hist_merge(a, b);
    assert_same_hist(a, both);
    hist_clear(b);
    hist_merge(a, b);
    assert_same_hist(a, both);
    hist_merge(b, a);
    assert_same_hist(b, both);
    hist_free(a);
    hist_free(b);
}

/* Values that found no memory count as lost only. */
static void what_was_lost_is_added_up(void **state)
{
    struct hist *into = *state;
    struct hist *from = hist_new();
    hist_add(from, 5);
    from->n_lost = 3;
    into->n_lost = 4;
    hist_merge(into, from);
    assert_int_equal(into->n_lost, 7);
    assert_int_equal(into->n, 1);
    hist_clear(from);
    from->n_lost = 2;
    hist_merge(into, from); /* of nothing else */
    assert_int_equal(into->n_lost, 9);
    hist_free(from);
}

static void clearing_makes_it_as_new(void **state)
{
    struct hist *h = *state;
    struct hist *fresh = hist_new();
    hist_clear(h);
    assert_same_hist(h, fresh);
    for (uint64_t v = 1; v < HIST_HIGHEST_NS; v *= 3)
        hist_add(h, v);
    hist_add(h, UINT64_MAX);
    hist_clear(h);
    assert_same_hist(h, fresh);
    hist_free(fresh);
}

static void adding_bins_equals_recording_up_to_the_bins_width(void **state)
{
    struct hist *bins = *state;
    struct hist *values = hist_new();
    for (uint64_t v = 1; v < HIST_HIGHEST_NS; v = v * 5 / 4 + 1) {
        hist_add(values, v);
        hist_add(values, v);
        hist_add_bin(bins, hist_index(v), 2);
    }
    hist_add_bin(bins, 0, 0);
    hist_add_bin(bins, HIST_N_COUNTS - 1, 0);
    assert_same_counts(bins, values);
    assert_int_equal(bins->n, values->n);
    assert_int_equal(hist_first(bins), hist_first(values));
    assert_int_equal(hist_last(bins), hist_last(values));
    assert_int_equal(bins->min_ns, values->min_ns);
    assert_true(bins->max_ns >= values->max_ns && bins->max_ns - values->max_ns <= values->max_ns / 1024);
    const uint64_t half_permille = values->sum_ns / 2000;
    assert_true(bins->sum_ns > values->sum_ns - half_permille &&
                bins->sum_ns < values->sum_ns + half_permille);
    hist_free(values);
}

static void bins_above_the_highest_value_are_beyond_it(void **state)
{
    struct hist *kinds[] = { hist_new(), hist_new_compact() };
    const uint32_t last = hist_index(HIST_HIGHEST_NS);
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct hist *h = kinds[i];
        hist_add_bin(h, HIST_N_COUNTS - 1, 3);
        hist_add_bin(h, last + 1, 1);
        hist_add_bin(h, last, 1);
        assert_int_equal(h->n, 5);
        assert_int_equal(h->n_overflow, 4);
        assert_int_equal(hist_count(h, last), 5);
        assert_int_equal(hist_first(h), last);
        assert_int_equal(hist_last(h), last);
        hist_free(h);
    }
}

static void values_above_a_limit_are_counted_by_bins(void **state)
{
    struct hist *h = hist_new();
    (void)state;
    assert_int_equal(hist_n_above(h, 0), 0);
    for (uint64_t ns = 1; ns <= 100; ns++)
        hist_add(h, ns);
    hist_add(h, 1000001); /* in the bin from 1 000 000 */
    hist_add(h, 2000000);
    assert_int_equal(hist_n_above(h, 0), 102);
    assert_int_equal(hist_n_above(h, 90), 12);
    assert_int_equal(hist_n_above(h, 1000000), 1);
    assert_int_equal(hist_n_above(h, 3000000), 0);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_histogram_knows_nothing, make, drop),
        cmocka_unit_test_setup_teardown(percentiles_are_nearest_ranks, make, drop),
        cmocka_unit_test(values_above_a_limit_are_counted_by_bins),
        cmocka_unit_test(ranks_need_no_floating_point),
        cmocka_unit_test_setup_teardown(percentiles_equal_those_of_the_sorted_values, make, drop),
        cmocka_unit_test_setup_teardown(minimum_maximum_and_sum_are_exact, make, drop),
        cmocka_unit_test_setup_teardown(values_beyond_the_range_are_kept_and_counted, make, drop),
        cmocka_unit_test_setup_teardown(merging_equals_recording_both, make, drop),
        cmocka_unit_test_setup_teardown(what_was_lost_is_added_up, make, drop),
        cmocka_unit_test_setup_teardown(clearing_makes_it_as_new, make, drop),
        cmocka_unit_test_setup_teardown(adding_bins_equals_recording_up_to_the_bins_width, make, drop),
        cmocka_unit_test(bins_above_the_highest_value_are_beyond_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
