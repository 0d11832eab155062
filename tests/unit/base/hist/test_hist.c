#include "hist.h"
#include "random.h"

#include "cm.h"
#include "same_hist.h"
#include "short_memory.h"

#include <stdlib.h>
#include <string.h>

static int make(void **state)
{
    *state = hist_new();
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    hist_free(*state);
    hist_free(NULL);
    return 0;
}

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

/* Merged, recorded or read, in any mix of dense and compact. */
static void compact_ones_hold_the_same(void **state)
{
    static const int sizes[] = { 0, 1, 5, 100, 127, 128, 129, 300, 3000, 20000 };
    struct random r;
    (void)state;
    random_init(&r, 7, 0);
    for (size_t i = 0; i < N_OF(sizes); i++)
        for (size_t j = 0; j < N_OF(sizes); j++)
            for (int kinds = 0; kinds < 4; kinds++) {
                struct hist *all = hist_new();
                struct hist *a = kinds & 1 ? hist_new() : hist_new_compact();
                struct hist *b = kinds & 2 ? hist_new() : hist_new_compact();
                for (int k = 0; k < sizes[i] + sizes[j]; k++) {
                    const uint64_t value = (uint64_t)(random_exponential(&r) * (k % 7 ? 1e5 : 3e9));
                    hist_add(all, value);
                    hist_add(k < sizes[i] ? a : b, value);
                }
                hist_merge(a, b);
                assert_same_hist(a, all);
                hist_clear(b);
                hist_merge(b, all);
                assert_same_hist(b, all);
                hist_free(all);
                hist_free(a);
                hist_free(b);
            }
}

static void many_small_ones_merge_into_a_compact_one(void **state)
{
    struct hist *all = *state;
    struct hist *sum = hist_new_compact();
    struct random r;
    random_init(&r, 8, 0);
    for (int i = 0; i < 2000; i++) {
        struct hist *few = hist_new_compact();
        for (int k = 0; k < 1 + i % 9; k++) {
            const uint64_t value = (uint64_t)(random_exponential(&r) * 1e6) + 1;
            hist_add(few, value);
            hist_add(all, value);
        }
        hist_merge(sum, few);
        hist_free(few);
        if (i == 100)
            assert_null(sum->counts);
    }
    assert_same_hist(sum, all);
    assert_non_null(sum->counts); /* by now a list would take more */
    for (uint32_t p = 0; p <= 1000000; p += 12500)
        assert_int_equal(hist_value_at_ppm(sum, p), hist_value_at_ppm(all, p));
    hist_free(sum);
}

/* A compact one with `n` bins from `first` on. */
static struct hist *listed(uint32_t first, uint32_t n)
{
    struct hist *h = hist_new_compact();
    assert_non_null(h);
    for (uint32_t i = 0; i < n; i++)
        hist_add_bin(h, first + i, 1);
    return h;
}

static void a_list_becomes_dense_with_one_more_than_it_may_hold(void **state)
{
    (void)state;
    for (uint32_t more = 0; more <= 1; more++) {
        struct hist *added = hist_new_compact();
        for (uint32_t i = 0; i < 128 + more; i++) /* one by one */
            hist_add(added, 7);
        struct hist *read = listed(0, 256 + more), *merged = listed(1, 256);
        for (uint32_t i = 1; i < 8; i++) {
            struct hist *next = listed(1 + i * 256, 256);
            hist_merge(merged, next);
            hist_free(next);
        }
        struct hist *last = listed(more ? 0 : 1, more);
        hist_merge(merged, last);
        struct hist *large = listed(3, 1);
        hist_add_bin(large, 3, UINT32_MAX - 1);
        struct hist *one = listed(3, more);
        hist_merge(large, one);
        const struct hist *const all[] = { added, read, merged, large };
        const uint64_t wanted[] = { 128, 256, 2048, UINT32_MAX };
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            assert_int_equal(all[i]->counts != NULL, more);
            assert_int_equal(all[i]->n, wanted[i] + more);
        }
        assert_int_equal(merged->n_bins, more ? 0 : 2048);
        hist_free(added);
        hist_free(read);
        hist_free(merged);
        hist_free(last);
        hist_free(large);
        hist_free(one);
    }
}

/* The bins of a dense one, the lowest of all among them, go into a list. */
static void a_dense_one_merges_into_a_list(void **state)
{
    struct hist *const all = *state;
    static const uint64_t values[] = { 0, 1, 2, 5000, 77777, HIST_HIGHEST_NS };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = i; k < sizeof values / sizeof *values; k++) {
            struct hist *into = hist_new_compact(), *from = hist_new();
            hist_clear(all);
            hist_add(into, values[2]);
            hist_add(all, values[2]);
            hist_add(from, values[i]);
            hist_add(all, values[i]);
            hist_add(from, values[k]);
            hist_add(all, values[k]);
            hist_merge(into, from);
            assert_null(into->counts);
            assert_same_hist(into, all);
            hist_free(into);
            hist_free(from);
        }
}

static void counts_beyond_32_bits_fit(void **state)
{
    struct hist *dense = *state;
    struct hist *a = hist_new_compact();
    struct hist *b = hist_new_compact();
    hist_add_bin(a, 1000, UINT32_MAX);
    assert_null(a->counts);
    hist_add_bin(b, 1000, UINT64_C(1) << 40);
    hist_add_bin(dense, 1000, (UINT64_C(1) << 40) + UINT32_MAX);
    hist_merge(a, b);
    assert_same_counts(a, dense);
    hist_free(a);
    hist_free(b);
}

static void a_few_values_take_little(void **state)
{
    struct hist *h = hist_new_compact();
    (void)state;
    for (int i = 0; i < 20; i++)
        hist_add(h, (uint64_t)i * 7919 + 1);
    assert_null(h->counts);
    assert_true(h->n_bins_most <= 32);
    hist_clear(h);
    assert_int_equal(h->n_bins, 0);
    assert_int_equal(hist_value_at_ppm(h, 500000), 0);
    hist_free(h);
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

static void values_that_find_no_memory_are_lost_and_nothing_else(void **state)
{
    struct hist *h = hist_new_compact();
    (void)state;
    short_memory_arm(1, true);
    hist_add_bin(h, HIST_N_COUNTS - 1, 5);
    hist_add(h, UINT64_MAX);
    short_memory_disarm();
    assert_int_equal(h->n_lost, 6);
    assert_int_equal(h->n, 0);
    assert_int_equal(h->n_overflow, 0);
    assert_int_equal(h->max_ns, 0);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_histogram_knows_nothing, make, drop),
        cmocka_unit_test_setup_teardown(percentiles_are_nearest_ranks, make, drop),
        cmocka_unit_test(ranks_need_no_floating_point),
        cmocka_unit_test_setup_teardown(percentiles_equal_those_of_the_sorted_values, make, drop),
        cmocka_unit_test_setup_teardown(minimum_maximum_and_sum_are_exact, make, drop),
        cmocka_unit_test_setup_teardown(values_beyond_the_range_are_kept_and_counted, make, drop),
        cmocka_unit_test_setup_teardown(merging_equals_recording_both, make, drop),
        cmocka_unit_test_setup_teardown(what_was_lost_is_added_up, make, drop),
        cmocka_unit_test_setup_teardown(clearing_makes_it_as_new, make, drop),
        cmocka_unit_test_setup_teardown(adding_bins_equals_recording_up_to_the_bins_width, make, drop),
        cmocka_unit_test(compact_ones_hold_the_same),
        cmocka_unit_test_setup_teardown(many_small_ones_merge_into_a_compact_one, make, drop),
        cmocka_unit_test(a_list_becomes_dense_with_one_more_than_it_may_hold),
        cmocka_unit_test_setup_teardown(a_dense_one_merges_into_a_list, make, drop),
        cmocka_unit_test_setup_teardown(counts_beyond_32_bits_fit, make, drop),
        cmocka_unit_test(a_few_values_take_little),
        cmocka_unit_test(bins_above_the_highest_value_are_beyond_it),
        cmocka_unit_test(values_that_find_no_memory_are_lost_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
