#include "outlier.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void only_what_lies_very_far_is_an_outlier(void **state)
{
    (void)state;
    static const double x[] = { 10, 11, 9, 10.5, 9.5, 18, 26 };
    bool is_outlier[7];
    size_t n;
    struct err e;
    assert_int_equal(outlier_find(x, 5, is_outlier, &n, &e), 0);
    assert_int_equal(n, 0);
    assert_int_equal(outlier_find(x, 6, is_outlier, &n, &e), 0); /* median 10.25, MAD 0.75: limit 17.75 */
    assert_int_equal(n, 1);
    assert_true(is_outlier[5] && !is_outlier[0]);
}

static void equal_values_have_no_outliers(void **state)
{
    (void)state;
    static const double x[] = { 3, 3, 3, 3, 8 };
    bool is_outlier[5];
    size_t n;
    struct err e;
    assert_int_equal(outlier_find(x, 5, is_outlier, &n, &e), 0);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_lies_very_far_is_an_outlier),
        cmocka_unit_test(equal_values_have_no_outliers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
