#include "changepoint.h"

#include "err.h"

#include "cm.h"

#include "close.h"

static struct changepoint find(const double *x, size_t n)
{
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, n, &c, &e), 0);
    return c;
}

static void the_worked_examples(void **state)
{
    static const double changed[] = { 20, 21, 19, 22, 20, 21, 20, 31, 30, 33, 29, 32 };
    static const double level[] = { 20, 21, 19, 22, 20, 21, 20, 21, 19, 22, 20, 21 };
    (void)state;
    assert_close(find(changed, 12).g, 2218.29, 5e-3);
    assert_int_equal(find(changed, 12).at, 7);
    assert_close(find(level, 12).g, 4.5, 1e-9);
    assert_int_equal(find(level, 12).at, 3);
}

/* The formula as it is written, without the sums that make it fast. */
static double slow(const double *x, size_t n, size_t k)
{
    double mean = 0, difference = 0, spread = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (int side = 0; side < 2; side++) {
        const size_t size = side == 0 ? k : n - k;
        double own_mean = 0, sum = 0;
        for (size_t i = 0; i < size; i++)
            own_mean += (side == 0 ? x[i] : x[n - 1 - i]) / (double)size;
        for (size_t i = 0; i < size; i++) {
            sum += (side == 0 ? x[i] : x[n - 1 - i]) - own_mean;
            spread += sum * sum;
        }
    }
    for (size_t i = 0; i < k; i++)
        difference += x[i] - mean;
    return (double)n * difference * difference / spread;
}

static void it_is_the_largest_of_all_places(void **state)
{
    double x[50];
    (void)state;
    for (size_t i = 0; i < N_OF(x); i++)
        x[i] = (double)((i * i * 7) % 31) + (i > 33 ? 9 : 0);
    const struct changepoint c = find(x, N_OF(x));
    assert_close(c.g, slow(x, N_OF(x), c.at), 1e-9 * c.g);
    for (size_t k = 1; k < N_OF(x); k++)
        assert_true(slow(x, N_OF(x), k) <= c.g * (1 + 1e-9));
}

static void a_level_series_has_no_change(void **state)
{
    static const double x[] = { 5, 5, 5, 5, 5, 5 };
    (void)state;
    assert_close(find(x, 6).g, 0, 0);
}

static void a_change_without_noise_is_infinite(void **state)
{
    static const double x[] = { 9, 9, 4, 4 };
    (void)state;
    assert_true(isinf(find(x, 4).g));
    assert_int_equal(find(x, 4).at, 2);
    assert_int_equal(find(x + 1, 2).at, 1);
}

static void one_value_cannot_change(void **state)
{
    const double one = 1;
    struct err e;
    struct changepoint c;
    (void)state;
    assert_int_equal(changepoint_find(&one, 1, &c, &e), -1);
    assert_string_equal(e.text, "a change of level needs at least two values, not 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_examples),          cmocka_unit_test(it_is_the_largest_of_all_places),
        cmocka_unit_test(a_level_series_has_no_change), cmocka_unit_test(a_change_without_noise_is_infinite),
        cmocka_unit_test(one_value_cannot_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
