/* Index vectors were computed from the rule of HdrHistogram's AbstractHistogram; counters and buckets are
 * those that its own tests (Java and C) expect. */
#include "hist.h"
#include "hist_layout.h"

#include "cm.h"
#include "layout_bins.h"

static const uint64_t HOUR_NS = UINT64_C(3600000000000);

static void layouts_have_hdrhistograms_sizes(void **state)
{
    static const struct {
        uint64_t lowest, highest;
        unsigned digits, unit_bits;
        uint32_t n_buckets, n_counts;
    } cases[] = {
        { 1000, UINT64_C(3600000000000), 3, 9, 23, 24576 },
        { 1, UINT64_C(3600000000000), 3, 0, 32, 33792 },
        { 1000, UINT64_C(60000000000), 3, 9, 17, 18432 },
        { 1000, UINT64_C(3600000000000), 2, 9, 26, 3456 },
        { 1, UINT64_C(3600000000), 3, 0, 22, 23552 },
        { 1, UINT64_C(4294967296), 3, 0, 23, 24576 },
        { 1, 2, 0, 0, 2, 3 },
        { 1, INT64_MAX, 3, 0, 53, 55296 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct hist_layout l;
        assert_int_equal(hist_layout_init(&l, cases[i].lowest, cases[i].highest, cases[i].digits), 0);
        assert_int_equal(l.unit_bits, cases[i].unit_bits);
        assert_int_equal(l.n_buckets, cases[i].n_buckets);
        assert_int_equal(l.n_counts, cases[i].n_counts);
    }
}

static void impossible_layouts_are_refused(void **state)
{
    struct hist_layout l;
    (void)state;
    assert_int_equal(hist_layout_init(&l, 0, 1000, 3), -1);
    assert_int_equal(hist_layout_init(&l, 1, 1, 3), -1);
    assert_int_equal(hist_layout_init(&l, 600, 1000, 3), -1);
    assert_int_equal(hist_layout_init(&l, 1, 1000, 6), -1);
    assert_int_equal(hist_layout_init(&l, 1, UINT64_C(1) << 63, 3), -1);
    assert_int_equal(hist_layout_init(&l, UINT64_C(1) << 60, INT64_MAX, 3), -1);
}

static void values_fall_into_hdrhistograms_bins(void **state)
{
    static const struct {
        uint64_t lowest, highest, value;
        uint32_t index;
        uint64_t bin_lowest, bin_highest;
    } cases[] = {
        { 1000, UINT64_C(3600000000000), 0, 0, 0, 511 },
        { 1000, UINT64_C(3600000000000), 1000, 1, 512, 1023 },
        { 1000, UINT64_C(3600000000000), 1000000, 1953, 999936, 1000447 },
        { 1000, UINT64_C(3600000000000), 1048576, 2048, 1048576, 1049599 },
        { 1000, UINT64_C(3600000000000), 10000000, 5316, 9994240, 10002431 },
        { 1000, UINT64_C(3600000000000), 123456789, 9051, 123404288, 123469823 },
        { 1000, UINT64_C(3600000000000), UINT64_C(3600000000000), 24204, UINT64_C(3599182594048),
          UINT64_C(3601330077695) },
        { 1, UINT64_C(3600000000), 1000, 1000, 1000, 1000 },
        { 1, UINT64_C(3600000000), 100000000, 17909, 99942400, 100007935 },
        { 1, UINT64_C(4294967296), 2048, 2048, 2048, 2049 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct hist_layout l;
        assert_int_equal(hist_layout_init(&l, cases[i].lowest, cases[i].highest, 3), 0);
        const uint32_t index = layout_index(&l, cases[i].value);
        assert_int_equal(index, cases[i].index);
        assert_int_equal(layout_lowest(&l, index), cases[i].bin_lowest);
        assert_int_equal(layout_highest(&l, index), cases[i].bin_highest);
    }
}

static void bins_follow_each_other_without_gap(void **state)
{
    struct hist_layout l;
    (void)state;
    for (unsigned digits = 0; digits <= 4; digits++) {
        assert_int_equal(hist_layout_init(&l, 20000, HOUR_NS, digits), 0);
        assert_int_equal(layout_lowest(&l, 0), 0);
        for (uint32_t i = 0; i + 1 < l.n_counts; i++) {
            assert_int_equal(layout_highest(&l, i) + 1, layout_lowest(&l, i + 1));
            assert_int_equal(layout_index(&l, layout_lowest(&l, i)), i);
            assert_int_equal(layout_index(&l, layout_highest(&l, i)), i);
        }
        assert_true(layout_highest(&l, l.n_counts - 1) >= HOUR_NS);
    }
}

static void our_histogram_has_the_layout_that_its_logs_declare(void **state)
{
    struct hist_layout l;
    (void)state;
    assert_int_equal(hist_layout_init(&l, HIST_LOWEST_NS, HIST_HIGHEST_NS, HIST_DIGITS), 0);
    assert_int_equal(l.n_counts, HIST_N_COUNTS);
    assert_int_equal(l.half_bits, HIST_HALF_BITS);
    for (uint32_t i = 0; i < HIST_N_COUNTS; i++) {
        assert_int_equal(hist_lowest_ns(i), layout_lowest(&l, i));
        assert_int_equal(hist_highest_ns(i), layout_highest(&l, i));
    }
    for (uint64_t v = 1; v <= HIST_HIGHEST_NS; v += v / 7 + 1)
        assert_int_equal(hist_index(v), layout_index(&l, v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_have_hdrhistograms_sizes),
        cmocka_unit_test(impossible_layouts_are_refused),
        cmocka_unit_test(values_fall_into_hdrhistograms_bins),
        cmocka_unit_test(bins_follow_each_other_without_gap),
        cmocka_unit_test(our_histogram_has_the_layout_that_its_logs_declare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
