/* The two clusters of one run compared. */
#include "made_duo.h"

#include "close.h"
#include "made_text.h"

#include "comparison.h"
#include "sample.h"

static void a_run_is_compared_within_itself(void **state)
{
    struct comparison c;
    struct err e;
    (void)state;
    assert_int_equal(comparison_of_run(&c, &duo, &e), 0);
    assert_true(c.within_run);
    assert_int_equal(c.n_pairs, 1);
    assert_string_equal(c.pairs[0].order, "side");
    assert_int_equal(c.results[SAMPLE_P99].outcome, DECIDE_DESCRIPTION);
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 2, 1e-5);
    assert_true(isfinite(comparison_ratio(&c, SAMPLE_P50).lo));
    assert_close(comparison_ratio(&c, SAMPLE_LESS_P50).value, 4, 1e-5);
    assert_true(isfinite(comparison_ratio(&c, SAMPLE_LESS_P50).lo));
    assert_true(!isfinite(c.within[SAMPLE_EACH_P50].value)); /* no method */
    /* rates: 6000 in 11.4 s against 11 000 in 10.4 s, with the interval of 1008 or 1000 and 500 a second */
    const double rates = 6000 / 11.4 / (11000 / 10.4);
    assert_close(c.within[SAMPLE_RATE].value, rates, 1e-9);
    assert_true(c.within[SAMPLE_RATE].lo < rates && c.within[SAMPLE_RATE].hi > rates);
    assert_true(c.within[SAMPLE_RATE].lo > 0.49 && c.within[SAMPLE_RATE].hi < 0.5);
    /* furthest apart where cluster1 has done 81.8 % and cluster2 nothing yet */
    assert_close(c.ks.distance, 9.0 / 11, 1e-9);
    assert_int_equal(c.ks.at_ns, MADE_MS1);
    assert_int_equal(comparison_method_within(SAMPLE_RATE), COMPARISON_BLOCKS);
    assert_int_equal(comparison_method_within(SAMPLE_EACH_P99), COMPARISON_NO_METHOD);
    assert_int_equal(comparison_method_within(SAMPLE_LESS_P99), COMPARISON_BOOTSTRAP);
    comparison_fini(&c);
}

/* Both sides need four seconds. */
static void fewer_than_four_seconds_have_no_interval(void **state)
{
    static const struct {
        unsigned a_to_s, b_to_s;
        bool has_interval;
    } cases[] = { { 4, 3, true }, { 3, 3, false }, { 4, 2, false } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct made_times times[] = {
            { 1, cases[i].a_to_s, "response.load1.cluster1.main.ok.all", MADE_MS1, 300 },
            { 0, cases[i].b_to_s, "response.load2.cluster2.main.ok.all", MADE_MS2, 300 },
        };
        struct dataset data;
        struct comparison c;
        struct err e;
        made_open_dataset(&data, made_run_of("few", times, N_OF(times)));
        assert_int_equal(comparison_of_run(&c, &data, &e), 0);
        assert_int_equal(isfinite(c.within[SAMPLE_P50].lo), cases[i].has_interval);
        assert_true(!isfinite(c.within[SAMPLE_LESS_P50].lo));
        comparison_fini(&c);
        dataset_fini(&data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_compared_within_itself),
        cmocka_unit_test(fewer_than_four_seconds_have_no_interval),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
