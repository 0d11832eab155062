#include "address_use.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_remote_has_the_address_that_it_begins_with(void **state)
{
    (void)state;
    assert_true(address_use_is_of("10.0.0.1", "10.0.0.1"));
    assert_true(address_use_is_of("10.0.0.1:80", "10.0.0.1"));
    assert_true(address_use_is_of("[fd00::1]:80", "fd00::1"));
    assert_false(address_use_is_of("10.0.0.11:80", "10.0.0.1"));
    assert_false(address_use_is_of("[fd00::1:2]:80", "fd00::1"));
}

static void the_name_that_used_the_smallest_part_counts(void **state)
{
    static const struct address_use all[] = { { "1", true, 10 }, { "2", true, 10 } };
    static const struct address_use half[] = { { "1", true, 3 }, { "2", false, 0 } };
    struct address_use_worst worst = { 0 };
    (void)state;
    address_use_add(&worst, all, 1); /* of one address there is no part */
    assert_false(worst.has_part);
    address_use_add(&worst, half, 2);
    address_use_add(&worst, all, 2);
    assert_true(worst.has_part && !worst.is_alone);
    assert_float_equal(worst.part_pct, 50, 1e-9);
    assert_true(isnan(worst.invalid_pct)); /* three connections may miss one of two addresses */
    assert_true(worst.has_share);
    assert_float_equal(worst.share, 1, 1e-9);
}

static void one_address_for_many_connections_is_the_worst(void **state)
{
    static const struct address_use few[] = {
        { "1", true, 1 },
        { "2", false, 0 },
        { "3", false, 0 },
        { "4", false, 0 },
    };
    static const struct address_use alone[] = { { "1", true, 40 }, { "2", false, 0 } };
    struct address_use_worst worst = { 0 };
    (void)state;
    address_use_add(&worst, alone, 2);
    address_use_add(&worst, few, 4);
    assert_true(worst.is_alone);
    assert_float_equal(worst.part_pct, 50, 1e-9);
    assert_float_equal(worst.invalid_pct, 75, 1e-9);
    assert_float_equal(worst.share, 2, 1e-9);
}

static void a_family_that_no_request_used_does_not_count(void **state)
{
    static const struct address_use rows[] = { { "1", true, 9 }, { "2", true, 9 }, { "fd00::1", false, 0 } };
    struct address_use_worst worst = { 0 };
    (void)state;
    address_use_add(&worst, rows, 3);
    assert_float_equal(worst.part_pct, 100, 1e-9);
    assert_false(worst.has_share); /* too few connections */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_remote_has_the_address_that_it_begins_with),
        cmocka_unit_test(the_name_that_used_the_smallest_part_counts),
        cmocka_unit_test(one_address_for_many_connections_is_the_worst),
        cmocka_unit_test(a_family_that_no_request_used_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
