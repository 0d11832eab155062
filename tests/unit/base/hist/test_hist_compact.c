/* The list of bins of a compact histogram, against a dense one. */
#include "hist.h"
#include "random.h"

#include "cm.h"
#include "fresh_hist.h"
#include "same_hist.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compact_ones_hold_the_same),
        cmocka_unit_test_setup_teardown(many_small_ones_merge_into_a_compact_one, make, drop),
        cmocka_unit_test(a_list_becomes_dense_with_one_more_than_it_may_hold),
        cmocka_unit_test_setup_teardown(a_dense_one_merges_into_a_list, make, drop),
        cmocka_unit_test_setup_teardown(counts_beyond_32_bits_fit, make, drop),
        cmocka_unit_test(a_few_values_take_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
