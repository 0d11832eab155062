#include "order.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void equal_values_share_the_mean_of_their_ranks(void **state)
{
    (void)state;
    static const double x[] = { 13, 12, 15, 13, 13, 15 };
    static const double right[] = { 3, 1, 5.5, 3, 3, 5.5 };
    struct err e;
    double rank[6], ties;
    assert_int_equal(order_mid_ranks(x, 6, rank, &ties, &e), 0);
    for (size_t i = 0; i < 6; i++)
        assert_close(rank[i], right[i], 0);
    assert_close(ties, 27 - 3 + 8 - 2, 0);
}

static void the_median_is_the_middle(void **state)
{
    (void)state;
    static const double x[] = { 1, 2, 4, 9 };
    assert_close(order_median_of_sorted(x, 4), 3, 0);
    assert_close(order_median_of_sorted(x, 3), 2, 0);
    assert_true(isnan(order_median_of_sorted(x, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_share_the_mean_of_their_ranks),
        cmocka_unit_test(the_median_is_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
