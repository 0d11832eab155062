#include "cm.h"
#include "trend.h"

#include <math.h>

static void a_trend_is_seen_in_the_order_of_the_values(void **state)
{
    static const double up[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, down[] = { 8, 7, 6, 5, 4, 3, 2, 1 };
    (void)state;
    assert_true(fabs(trend_of(up, 8).tau - 1) < 1e-12);
    assert_true(fabs(trend_of(down, 8).tau + 1) < 1e-12);
    /* S = 28, variance 8 * 7 * 21 / 18 = 65.333, z = 27 / 8.0829 = 3.3404 */
    assert_true(fabs(trend_of(up, 8).p - 0.000837) < 1e-6);
    assert_true(fabs(trend_of(down, 8).p - trend_of(up, 8).p) < 1e-12);
}

/* scipy.stats.kendalltau of the same gives tau .4444 (b). */
static void ties_are_reckoned_with(void **state)
{
    static const double values[] = { 1, 3, 2, 2, 5 };
    (void)state;
    const struct trend t = trend_of(values, 5);
    assert_true(fabs(t.tau - 5 / sqrt(90)) < 1e-12); /* S = 7 - 2, of 10 comparisons one is a tie */
    assert_true(t.p > 0.2 && t.p < 1);
}

static void unknown_values_are_left_out(void **state)
{
    static const double values[] = { 1, NAN, 2, INFINITY, 3 }, equal[] = { 2, 2, 2 };
    (void)state;
    assert_true(fabs(trend_of(values, 5).tau - 1) < 1e-12);
    assert_true(isnan(trend_of(values, 1).tau) && isnan(trend_of(NULL, 0).p) &&
                isnan(trend_of(equal, 3).tau));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trend_is_seen_in_the_order_of_the_values),
        cmocka_unit_test(ties_are_reckoned_with),
        cmocka_unit_test(unknown_values_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
