#include "bootstrap.h"

#include "err.h"
#include "hist.h"
#include "random.h"
#include "timeline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static const uint32_t p_ppm[] = { 500000, 990000 };

static struct timeline *new_timeline(void)
{
    struct err e;
    struct timeline *t = timeline_new(&e);
    assert_non_null(t);
    return t;
}

/* Seconds of 1000 exponential values each, whose mean is `mean_ns(second)`. */
static struct timeline *seconds_of(size_t n_seconds, uint64_t seed, double (*mean_ns)(size_t))
{
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    struct random r;
    random_init(&r, seed, 0);
    for (size_t second = 0; second < n_seconds; second++) {
        hist_clear(h);
        for (int i = 0; i < 1000; i++)
            hist_add(h, (uint64_t)(mean_ns(second) * random_exponential(&r)));
        assert_int_equal(timeline_add(t, second, h, &e), 0);
    }
    hist_free(h);
    return t;
}

static double steady(size_t second)
{
    (void)second;
    return 1e6;
}

static double doubled(size_t second)
{
    (void)second;
    return 2e6;
}

static double wave(size_t second)
{
    return 1e6 * (2 + sin((double)second / 10));
}

static void run(struct timeline *t, uint64_t seed, struct bootstrap_interval out[2],
                struct block_length *block)
{
    struct err e;
    struct bootstrap_params params = bootstrap_defaults;
    params.seed = seed;
    assert_int_equal(bootstrap_percentiles(t, p_ppm, 2, &params, out, block, &e), 0);
}

static void steady_seconds_give_the_sampling_error(void **state)
{
    (void)state;
    struct timeline *t = seconds_of(60, 1, steady);
    struct bootstrap_interval i[2];
    struct block_length block;
    run(t, 7, i, &block);
    assert_int_equal(block.length, 1);
    /* The p99 of 60 000 independent exponential values has a standard error of 0.88 % (1 / sqrt(600) / ln
     * 100). */
    const double half = (double)(i[1].hi_ns - i[1].lo_ns) / 2 / (double)i[1].value_ns;
    assert_close(half, 1.96 * .00887, .005);
    assert_true(i[0].lo_ns < 693147 && 693147 < i[0].hi_ns);
    assert_true(i[1].lo_ns < 4605170 && 4605170 < i[1].hi_ns);
    timeline_free(t);
}

static void the_value_is_that_of_the_merged_histogram(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *all = hist_new();
    struct hist *h = hist_new();
    struct random r;
    random_init(&r, 2, 0);
    for (uint64_t second = 0; second < 20; second++) {
        hist_clear(h);
        for (int i = 0; i < 50; i++)
            hist_add(h, random_below(&r, 1000000000));
        hist_merge(all, h);
        assert_int_equal(timeline_add(t, second, h, &e), 0);
    }
    struct bootstrap_interval i[2];
    struct block_length block;
    run(t, 1, i, &block);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(i[k].value_ns, hist_value_at_ppm(all, p_ppm[k]));
        assert_true(i[k].lo_ns <= i[k].value_ns && i[k].value_ns <= i[k].hi_ns);
    }
    assert_int_equal(timeline_n(t), all->n);
    hist_free(h);
    hist_free(all);
    timeline_free(t);
}

static void seconds_with_memory_make_longer_blocks_and_wider_intervals(void **state)
{
    (void)state;
    struct timeline *t = seconds_of(600, 3, wave);
    struct bootstrap_interval i[2];
    struct block_length block;
    run(t, 1, i, &block);
    assert_true(block.length >= 16);
    assert_true((double)(i[0].hi_ns - i[0].lo_ns) / (double)i[0].value_ns >
                .03); /* .008 if seconds were independent */
    timeline_free(t);
}

static void the_seed_fixes_the_interval(void **state)
{
    (void)state;
    struct timeline *t = seconds_of(30, 4, steady);
    struct bootstrap_interval a[2], b[2], other[2];
    struct block_length block;
    run(t, 5, a, &block);
    run(t, 5, b, &block);
    run(t, 6, other, &block);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, other, sizeof a);
    timeline_free(t);
}

static void the_ratio_of_two_runs_covers_the_truth(void **state)
{
    (void)state;
    struct timeline *a = seconds_of(60, 8, steady);
    struct timeline *b = seconds_of(60, 9, doubled);
    struct bootstrap_params params = bootstrap_defaults;
    struct bootstrap_ratio ratio[2];
    struct err e;
    params.seed = 1;
    assert_int_equal(bootstrap_ratios(a, b, p_ppm, 2, &params, ratio, &e), 0);
    for (size_t k = 0; k < 2; k++) {
        assert_close(ratio[k].ratio, 2, .08);
        assert_true(ratio[k].lo < 2 && 2 < ratio[k].hi);
        assert_true(ratio[k].hi - ratio[k].lo < .16);
    }
    timeline_free(a);
    timeline_free(b);
}

/* Percentiles computed together equal those computed alone. */
static void each_percentile_has_its_own_interval(void **state)
{
    (void)state;
    struct timeline *a = seconds_of(60, 1, steady), *b = seconds_of(60, 2, wave);
    struct bootstrap_ratio both[2], alone[2];
    struct bootstrap_interval of_both[2], of_one;
    struct block_length block;
    struct err e;
    assert_int_equal(bootstrap_ratios(a, b, p_ppm, 2, &bootstrap_defaults, both, &e), 0);
    run(a, 0, of_both, &block);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(bootstrap_ratios(a, b, &p_ppm[i], 1, &bootstrap_defaults, &alone[i], &e), 0);
        assert_close(both[i].ratio, alone[i].ratio, 0);
        assert_close(both[i].lo, alone[i].lo, 0);
        assert_close(both[i].hi, alone[i].hi, 0);
        assert_int_equal(bootstrap_percentiles(a, &p_ppm[i], 1, &bootstrap_defaults, &of_one, &block, &e), 0);
        assert_int_equal(of_both[i].lo_ns, of_one.lo_ns);
        assert_int_equal(of_both[i].hi_ns, of_one.hi_ns);
    }
    assert_true(fabs(both[0].lo - both[1].lo) > .001);
    timeline_free(a);
    timeline_free(b);
}

static void empty_seconds_are_part_of_the_run(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    assert_int_equal(timeline_add(t, 9, h, &e), 0);
    hist_add(h, 5000000);
    assert_int_equal(timeline_add(t, 3, h, &e), 0);
    assert_int_equal(t->n_units, 10);
    struct bootstrap_interval i[2];
    struct block_length block;
    run(t, 1, i, &block);
    assert_int_equal(i[1].value_ns, hist_highest_ns(hist_index(5000000)));
    hist_free(h);
    timeline_free(t);
}

/* Alternating fast and slow seconds: resampled singly they may be mostly slow, in pairs of neighbours
 * never. */
static void seconds_without_memory_are_drawn_one_by_one(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    for (size_t second = 0; second < 40; second++) {
        hist_clear(h);
        hist_add_bin(h, second % 2 == 0 ? 1000 : 2000, 100);
        assert_int_equal(timeline_add(t, second, h, &e), 0);
    }
    struct bootstrap_interval i[2];
    struct block_length block;
    run(t, 1, i, &block);
    assert_int_equal(block.length, 1);
    assert_int_equal(i[0].value_ns, 1000);
    assert_int_equal(i[0].lo_ns, 1000);
    assert_int_equal(i[0].hi_ns, 2000);
    hist_free(h);
    timeline_free(t);
}

static void two_seconds_and_a_full_timeline_are_resampled(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 2, TIMELINE_UNITS_MOST };
    struct hist *h = hist_new();
    hist_add(h, 1000);
    for (size_t k = 0; k < 2; k++) {
        struct err e;
        struct timeline *t = new_timeline();
        for (uint64_t second = 0; second < lengths[k]; second++)
            assert_int_equal(timeline_add(t, second, h, &e), 0);
        const struct bootstrap_params few = { .n_resamples = 20, .confidence = 0.95 };
        struct bootstrap_interval i[2];
        struct block_length block;
        assert_int_equal(bootstrap_percentiles(t, p_ppm, 2, &few, i, &block, &e), 0);
        assert_int_equal(t->unit_s, 1);
        assert_int_equal(i[1].lo_ns, 1000);
        assert_int_equal(i[1].hi_ns, 1000);
        timeline_free(t);
    }
    hist_free(h);
}

/* A second that is added to again has the bins of both, in order. */
static void a_second_that_is_added_to_again_holds_both(void **state)
{
    (void)state;
    static const uint32_t first[] = { 5, 7, 9 }, again[] = { 4, 7, 8, 10 };
    static const struct timeline_bin both[] = { { 4, 2 }, { 5, 1 }, { 7, 3 }, { 8, 2 }, { 9, 1 }, { 10, 2 } };
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    for (size_t i = 0; i < 3; i++)
        hist_add_bin(h, first[i], 1);
    assert_int_equal(timeline_add(t, 3, h, &e), 0);
    assert_int_equal(timeline_add(t, 0, h, &e), 0); /* another second in between */
    hist_clear(h);
    for (size_t i = 0; i < 4; i++)
        hist_add_bin(h, again[i], 2);
    assert_int_equal(timeline_add(t, 3, h, &e), 0);
    assert_int_equal(timeline_settle(t, &e), 0);
    assert_int_equal(t->n_units, 4);
    assert_int_equal(t->units[3].n, 11);
    assert_int_equal(t->units[3].n_bins, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(t->units[3].bins[i].index, both[i].index);
        assert_int_equal(t->units[3].bins[i].count, both[i].count);
    }
    assert_int_equal(t->units[1].n_bins, 0);
    double p50_ns[4];
    size_t n;
    assert_int_equal(timeline_percentiles(t, 500000, p50_ns, &n, &e), 0);
    assert_int_equal(n, 2); /* of seconds that are not empty */
    assert_close(p50_ns[0], 7, 0);
    assert_close(p50_ns[1], 7, 0); /* the 6th of 11 */
    hist_free(h);
    timeline_free(t);
}

static void nothing_and_one_second_are_refused(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    struct bootstrap_interval i[2];
    struct block_length block;
    assert_int_equal(bootstrap_percentiles(t, p_ppm, 2, &bootstrap_defaults, i, &block, &e), -1);
    assert_string_equal(e.text, "there is nothing to resample: no request was recorded");
    hist_add(h, 1);
    assert_int_equal(timeline_add(t, 0, h, &e), 0);
    assert_int_equal(bootstrap_percentiles(t, p_ppm, 2, &bootstrap_defaults, i, &block, &e), -1);
    assert_string_equal(e.text,
                        "one second cannot be resampled: an interval within a run needs at least two");
    hist_free(h);
    timeline_free(t);
}

static void a_day_fits_in_longer_units(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    hist_add(h, 1000);
    hist_add(h, 2000);
    for (uint64_t second = 0; second < 86400; second++)
        assert_int_equal(timeline_add(t, second, h, &e), 0);
    assert_int_equal(timeline_settle(t, &e), 0);
    assert_int_equal(t->unit_s, 128);
    assert_int_equal(t->n_units, 675);
    assert_int_equal(timeline_n(t), 2 * 86400);
    for (size_t u = 0; u < t->n_units; u++) {
        assert_int_equal(t->units[u].n, 256);
        assert_int_equal(t->units[u].n_bins, 2);
    }
    double median_ns[TIMELINE_UNITS_MOST];
    size_t n_medians;
    assert_int_equal(timeline_percentiles(t, 500000, median_ns, &n_medians, &e), 0);
    assert_int_equal(n_medians, 675);
    assert_close(median_ns[674], 1000, 0);
    hist_free(h);
    timeline_free(t);
}

static void a_second_of_another_century_is_refused(void **state)
{
    (void)state;
    struct err e;
    struct timeline *t = new_timeline();
    struct hist *h = hist_new();
    hist_add(h, 1);
    assert_int_equal(timeline_add(t, UINT64_MAX, h, &e), -1);
    assert_string_equal(
        e.text, "a histogram lies 18446744073709551615 s after the start: at most 2147483648 s are kept");
    assert_int_equal(timeline_add(t, TIMELINE_SECONDS_MOST - 1, h, &e), 0);
    assert_int_equal(t->n_units, TIMELINE_UNITS_MOST);
    hist_free(h);
    timeline_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_seconds_give_the_sampling_error),
        cmocka_unit_test(the_value_is_that_of_the_merged_histogram),
        cmocka_unit_test(seconds_with_memory_make_longer_blocks_and_wider_intervals),
        cmocka_unit_test(the_seed_fixes_the_interval),
        cmocka_unit_test(the_ratio_of_two_runs_covers_the_truth),
        cmocka_unit_test(each_percentile_has_its_own_interval),
        cmocka_unit_test(empty_seconds_are_part_of_the_run),
        cmocka_unit_test(seconds_without_memory_are_drawn_one_by_one),
        cmocka_unit_test(two_seconds_and_a_full_timeline_are_resampled),
        cmocka_unit_test(a_second_that_is_added_to_again_holds_both),
        cmocka_unit_test(nothing_and_one_second_are_refused),
        cmocka_unit_test(a_day_fits_in_longer_units),
        cmocka_unit_test(a_second_of_another_century_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
