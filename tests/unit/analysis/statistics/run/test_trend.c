#include "trend.h"

#include "err.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "close.h"

static struct trend trend_through(const double *x, const double *y, size_t n)
{
    struct err e;
    struct trend t;
    assert_int_equal(trend_of_points(x, y, n, &t, &e), 0);
    return t;
}

static void a_few_wild_values_do_not_move_the_slope(void **state)
{
    (void)state;
    static const double x[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    static const double y[] = { 3, 5, 7, 900, 11, 13, 15, 17 };
    const struct trend t = trend_through(x, y, 8);
    assert_close(t.slope, 2, 1e-12);
    assert_close(t.intercept, 1, 1e-12);
    assert_close(t.s, 28 - 2 * 4, 0);
}

/* Brute force over the 120 orders of five values. */
static void the_exact_p_counts_all_orders(void **state)
{
    (void)state;
    static const double x[] = { 1, 2, 3, 4, 5 };
    unsigned n_with[11] = { 0 }; /* of |S| */
    for (unsigned code = 0; code < 120; code++) {
        unsigned s_up = 0;
        for (unsigned i = 2, rest = code; i <= 5; rest /= i, i++)
            s_up += rest % i; /* the digits of the factorial number system are the inversions */
        n_with[abs(10 - 2 * (int)s_up)]++;
    }
    static const double y[] = { 1, 3, 2, 4, 5 }; /* S = 8 */
    assert_close(trend_through(x, y, 5).p, (n_with[8] + n_with[10]) / 120.0, 1e-12);
    static const double z[] = { 5, 4, 3, 2, 1 };
    assert_close(trend_through(x, z, 5).p, 2.0 / 120, 1e-12);
}

static void exact_and_normal_p_agree_where_they_meet(void **state)
{
    (void)state;
    double x[TREND_EXACT_MOST], y[TREND_EXACT_MOST];
    struct random r;
    random_init(&r, 5, 0);
    for (size_t i = 0; i < TREND_EXACT_MOST; i++) {
        x[i] = (double)i;
        y[i] = random_uniform(&r) + .01 * (double)i;
    }
    const double exact = trend_through(x, y, TREND_EXACT_MOST).p;
    size_t above = 0; /* the value next above y[1]: with these two equal, p is the normal approximation */
    for (size_t i = 0; i < TREND_EXACT_MOST; i++)
        if (y[i] > y[1] && (y[above] <= y[1] || y[i] < y[above]))
            above = i;
    assert_true(y[above] > y[1]);
    y[above] = y[1];
    assert_close(trend_through(x, y, TREND_EXACT_MOST).p, exact, .1 * exact);
}

static void equal_values_have_no_trend(void **state)
{
    (void)state;
    static const double x[] = { 1, 2, 3 };
    static const double y[] = { 4, 4, 4 };
    const struct trend t = trend_through(x, y, 3);
    assert_close(t.slope, 0, 0);
    assert_close(t.p, 1, 0);
}

/* Two equal values neither rise nor fall: S = 2 of 3 pairs, its variance (66 - 18) / 18. */
static void a_thousand_values_are_points_of_their_own(void **state)
{
    (void)state;
    static double y[2001];
    static const size_t points[][2] = {
        { 999, 999 }, { 1000, 1000 }, { 1001, 500 }, { 2000, 1000 }, { 2001, 667 }
    };
    for (size_t i = 0; i < 2001; i++)
        y[i] = 5 + 2 * (double)i;
    for (size_t i = 0; i < 5; i++) {
        struct trend t;
        struct err e;
        assert_int_equal(trend_of_series(y, points[i][0], &t, &e), 0);
        assert_int_equal(t.n, points[i][1]);
        assert_close(t.slope, 2, 1e-9);
        assert_close(t.intercept, 5, 1e-6);
    }
}

static void ties_count_for_neither_side(void **state)
{
    (void)state;
    static const double x[] = { 0, 1, 3 }, y[] = { 1, 1, 2 }, falling[] = { 2, 1, 1 };
    struct trend t;
    struct err e;
    assert_int_equal(trend_of_points(x, y, 3, &t, &e), 0);
    assert_close(t.s, 2, 0);
    assert_close(t.slope, 1.0 / 3, 1e-12); /* of 0, 1/3, 1/2 */
    assert_close(t.intercept, 1, 1e-12);   /* of 1, 2/3, 1 */
    assert_close(t.p, .5403, 5e-5);
    assert_int_equal(trend_of_points(x, falling, 3, &t, &e), 0);
    assert_close(t.s, -2, 0);
    assert_close(t.p, .5403, 5e-5);
}

static void a_day_of_seconds_keeps_its_slope(void **state)
{
    (void)state;
    enum { N_SECONDS = 86400 };
    double *y = malloc(N_SECONDS * sizeof *y);
    assert_non_null(y);
    struct random r;
    random_init(&r, 6, 0);
    for (size_t i = 0; i < N_SECONDS; i++)
        y[i] = 1e-5 * (double)i + random_uniform(&r);
    struct err e;
    struct trend t;
    assert_int_equal(trend_of_series(y, N_SECONDS, &t, &e), 0);
    assert_true(t.n <= TREND_POINTS_MOST);
    assert_close(t.slope, 1e-5, 2e-7);
    assert_close(t.intercept, .5, .01);
    assert_true(t.p < 1e-6);
    free(y);
}

static void one_point_is_refused(void **state)
{
    (void)state;
    const double one = 1;
    struct err e;
    struct trend t;
    assert_int_equal(trend_of_series(&one, 1, &t, &e), -1);
    assert_int_equal(trend_of_series(NULL, 0, &t, &e), -1);
    assert_string_equal(e.text, "a trend takes 2 to 1000 points, not 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_wild_values_do_not_move_the_slope),
        cmocka_unit_test(the_exact_p_counts_all_orders),
        cmocka_unit_test(exact_and_normal_p_agree_where_they_meet),
        cmocka_unit_test(equal_values_have_no_trend),
        cmocka_unit_test(a_thousand_values_are_points_of_their_own),
        cmocka_unit_test(ties_count_for_neither_side),
        cmocka_unit_test(a_day_of_seconds_keeps_its_slope),
        cmocka_unit_test(one_point_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
