#include "mann_whitney.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static struct mann_whitney test_of(const double *a, size_t n_a, const double *b, size_t n_b)
{
    struct err e;
    struct mann_whitney m;
    assert_int_equal(mann_whitney_test(a, n_a, b, n_b, &m, &e), 0);
    return m;
}

static void the_worked_example_with_ties(void **state)
{
    (void)state;
    static const double a[] = { 12, 13, 13, 14, 15, 17 };
    static const double b[] = { 13, 15, 16, 16, 18, 21, 22 };
    const struct mann_whitney m = test_of(a, 6, b, 7);
    assert_close(m.u, 34.5, 0);
    assert_close(6 * 7 - m.u, 7.5, 0);
    assert_close(m.ties, 36, 0);
    assert_close(m.sigma, 6.9421, 5e-5);
    assert_close(m.z, 1.8726, 5e-5);
    assert_close(m.p, 0.0611, 5e-5);
    assert_close(m.a12, 0.8214, 5e-5);
}

static void the_least_exact_p_is_that_of_complete_separation(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double p, half_digit;
    } cases[] = { { 3, .10, 1e-12 }, { 4, .029, 5e-4 }, { 5, .0079, 5e-5 } };
    static const double a[] = { 1, 2, 3, 4, 5 };
    static const double b[] = { 11, 12, 13, 14, 15 };
    for (size_t i = 0; i < 3; i++) {
        const struct mann_whitney m = test_of(a, cases[i].n, b, cases[i].n);
        assert_close(m.p_exact, cases[i].p, cases[i].half_digit);
        assert_close(m.a12, 1, 0);
    }
}

static void the_exact_p_counts_all_splits(void **state)
{
    (void)state;
    static const double values[] = { 1, 2, 2, 3, 3, 3, 7 }; /* A is the first three */
    static const double rank[] = { 1, 2.5, 2.5, 5, 5, 5, 7 };
    unsigned n_splits = 0, as_extreme = 0;
    for (unsigned split = 0; split < 128; split++) {
        double sum = 0;
        unsigned n = 0;
        for (unsigned i = 0; i < 7; i++) {
            n += split >> i & 1;
            sum += split >> i & 1 ? rank[i] : 0;
        }
        n_splits += n == 3;
        as_extreme += n == 3 && fabs(sum - 12) >= 12 - 6;
    }
    assert_int_equal(n_splits, 35);
    assert_close(test_of(values, 3, values + 3, 4).p_exact, as_extreme / 35.0, 1e-12);
}

static void sixty_values_are_counted_exactly(void **state)
{
    (void)state;
    double a[30], b[31];
    for (size_t i = 0; i < 31; i++) {
        b[i] = (double)(i * 7 % 31) + .5;
        if (i < 30)
            a[i] = (double)(i * 11 % 30);
    }
    const struct mann_whitney m = test_of(a, 30, b, 30);
    assert_close(m.p_exact, m.p, .01);
    assert_true(isnan(test_of(a, 30, b, 31).p_exact));
    assert_true(isfinite(test_of(a, 1, b, 1).p_exact));
}

static void equal_values_are_no_evidence(void **state)
{
    (void)state;
    static const double same[] = { 4, 4, 4 };
    const struct mann_whitney m = test_of(same, 3, same, 3);
    assert_close(m.z, 0, 0);
    assert_close(m.p, 1, 0);
    assert_close(m.p_exact, 1, 0);
    assert_close(m.a12, 0.5, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_with_ties),
        cmocka_unit_test(the_least_exact_p_is_that_of_complete_separation),
        cmocka_unit_test(the_exact_p_counts_all_splits),
        cmocka_unit_test(sixty_values_are_counted_exactly),
        cmocka_unit_test(equal_values_are_no_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
