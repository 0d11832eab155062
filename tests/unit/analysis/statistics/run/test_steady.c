#include "steady.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

/* Of batches given by their means. */
static struct steady steady_of_batches(const double *means, size_t k)
{
    double x[12 * STEADY_BATCH], z[12];
    for (size_t i = 0; i < k * STEADY_BATCH; i++)
        x[i] = means[i / STEADY_BATCH];
    return steady_of_values(x, k * STEADY_BATCH, z);
}

static void the_worked_example_drops_four_batches(void **state)
{
    (void)state;
    static const double z[] = { 9, 6, 4, 3.2, 3.0, 3.1, 2.9, 3.0, 3.2, 2.8, 3.0, 3.1 };
    const struct steady s = steady_of_batches(z, 12);
    assert_int_equal(s.cut_batches, 4);
    assert_int_equal(s.cut_values, 20);
    assert_false(s.at_boundary);
    assert_close(s.statistic, .001699, 5e-7);
}

static void single_values_are_batched_by_five(void **state)
{
    (void)state;
    double x[43], z[8];
    for (size_t i = 0; i < 43; i++)
        x[i] = i < 10 ? 50 : 3 + .1 * (double)(i % 5);
    const struct steady s = steady_of_values(x, 43, z);
    assert_int_equal(s.n_batches, 8);
    assert_int_equal(s.cut_values, 10);
    assert_close(z[0], 50, 1e-12);
    assert_close(z[7], 3.2, 1e-12);
}

static void a_series_that_never_settles_is_cut_at_the_boundary(void **state)
{
    (void)state;
    double z[10];
    for (size_t i = 0; i < 10; i++)
        z[i] = exp(-(double)i);
    assert_true(steady_of_batches(z, 10).at_boundary);
}

static void too_short_a_series_says_nothing(void **state)
{
    (void)state;
    const double one = 1;
    assert_true(isnan(steady_of_batches(&one, 1).statistic));
    assert_true(isnan(steady_of_batches(NULL, 0).statistic));
    const double equal[4] = { 2, 2, 2, 2 };
    assert_int_equal(steady_of_batches(equal, 4).cut_batches, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_drops_four_batches),
        cmocka_unit_test(single_values_are_batched_by_five),
        cmocka_unit_test(a_series_that_never_settles_is_cut_at_the_boundary),
        cmocka_unit_test(too_short_a_series_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
