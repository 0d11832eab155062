#include "range_chance.h"

#include "cm.h"

#include "close.h"

static void the_worked_examples(void **state)
{
    (void)state;
    assert_close(range_chance(20, 2, 0), .176197, 5e-7);
    assert_close(range_chance(21, 2, 1), .336376, 5e-7);
    assert_close(range_chance(300, 3, 1), .00275053, 5e-9);
    assert_close(range_chance(400, 4, 0), .000126591, 5e-10);
    assert_close(range_chance(1000, 5, 5), .00127009, 5e-9);
    assert_close(range_chance(1000, 2, 0), .0252250, 5e-8);
}

/* Three requests over two instances: 3-0 twice in eight, 2-1 six times. */
static void every_range_of_a_small_case(void **state)
{
    (void)state;
    assert_close(range_chance(3, 2, 0), 0, 0);
    assert_close(range_chance(3, 2, 1), .75, 1e-14);
    assert_close(range_chance(3, 2, 2), .75, 1e-14);
    assert_close(range_chance(3, 2, 3), 1, 1e-14);
    assert_close(range_chance(2, 5, 1), .8, 1e-14);
    assert_close(range_chance(0, 4, 0), 1, 0);
    assert_close(range_chance(9, 1, 0), 1, 0);
}

static void large_counts_keep_their_digits(void **state)
{
    (void)state;
    /* two equal counts: C(n, n / 2) / 2^n, about 1 / sqrt(pi n / 2) (1 - 1 / (4 n)) */
    const double n = 1e8;
    assert_close(range_chance(100000000, 2, 0) * sqrt(3.14159265358979 * n / 2), 1, 1e-5);
    assert_true(range_chance(20480, 4096, 1) < 1e-100);
}

static void what_takes_too_long_is_unknown(void **state)
{
    (void)state;
    assert_true(isnan(range_chance(1000, 2, 65)));
    assert_true(isnan(range_chance(100000, 1000, 5)));
    assert_true(isnan(range_chance(10, 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_examples),
        cmocka_unit_test(every_range_of_a_small_case),
        cmocka_unit_test(large_counts_keep_their_digits),
        cmocka_unit_test(what_takes_too_long_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
