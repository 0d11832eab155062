/* The two clusters of one run compared. */
#include "made_duo.h"

#include "close.h"

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
    assert_close(comparison_ratio(&c, SAMPLE_P50).value, 4, 1e-5); /* of all attempts */
    assert_true(isnan(comparison_ratio(&c, SAMPLE_P50).lo));
    assert_string_equal(c.within[SAMPLE_P50].why,
                        "11 whole seconds are too few for an interval, which takes 30");
    assert_close(comparison_ratio(&c, SAMPLE_LESS_P50).value, 4, 1e-5);
    assert_string_equal(c.within[SAMPLE_RATE].why,
                        "11 whole seconds are too few for an interval, which takes 30");
    assert_close(c.within[SAMPLE_RATE].value, 6000 / 11.4 / (11000 / 10.4), 1e-9);
    assert_true(!isfinite(c.within[SAMPLE_EACH_P50].value)); /* no method */
    /* furthest apart where cluster1 has done 81.8 % and cluster2 nothing yet */
    assert_close(c.ks.distance, 9.0 / 11, 1e-9);
    assert_int_equal(c.ks.at_ns, MADE_MS1);
    assert_false(comparison_has_within(SAMPLE_EACH_P99));
    assert_true(comparison_has_within(SAMPLE_LESS_P99));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_compared_within_itself),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
