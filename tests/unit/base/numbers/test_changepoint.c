#include "changepoint.h"

#include "err.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void the_worked_example_changes_after_the_seventh_value(void **state)
{
    (void)state;
    static const double x[] = { 20, 21, 19, 22, 20, 21, 20, 31, 30, 33, 29, 32 };
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, 12, &c, &e), 0);
    assert_close(c.k, 35, 0);
    assert_int_equal(c.at, 7);
    assert_close(c.p, .039, 5e-4);
    assert_close(c.before, 20, 0);
    assert_close(c.after, 31, 0);
}

static void a_level_series_has_no_change(void **state)
{
    (void)state;
    static const double x[] = { 5, 5, 5, 5, 5, 5 };
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, 6, &c, &e), 0);
    assert_close(c.p, 1, 0);
    assert_close(c.k, 0, 0);
}

static void two_values_may(void **state)
{
    (void)state;
    static const double x[] = { 1, 2 };
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, 2, &c, &e), 0);
    assert_int_equal(c.at, 1);
    assert_close(c.k, 1, 0);
    assert_close(c.p, 1, 0); /* 2 exp(-6 / 12) is more */
    assert_close(c.before, 1, 0);
    assert_close(c.after, 2, 0);
}

static void one_value_cannot_change(void **state)
{
    (void)state;
    const double one = 1;
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(&one, 1, &c, &e), -1);
    assert_string_equal(e.text, "a change of level needs at least two values, not 1");
}

static void of_two_equal_changes_the_first_is_found(void **state)
{
    (void)state;
    static const double x[] = { 0, 1, 1, 0 };
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, 4, &c, &e), 0);
    assert_close(c.k, 2, 0);
    assert_int_equal(c.at, 1);
    assert_close(c.before, 0, 0);
    assert_close(c.after, 1, 0);
}

static void a_fall_is_a_change_too(void **state)
{
    (void)state;
    static const double x[] = { 9, 9, 9, 4, 4 };
    struct err e;
    struct changepoint c;
    assert_int_equal(changepoint_find(x, 5, &c, &e), 0);
    assert_int_equal(c.at, 3);
    assert_close(c.k, 6, 0);
    assert_close(c.before, 9, 0);
    assert_close(c.after, 4, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_changes_after_the_seventh_value),
        cmocka_unit_test(a_level_series_has_no_change),
        cmocka_unit_test(two_values_may),
        cmocka_unit_test(one_value_cannot_change),
        cmocka_unit_test(of_two_equal_changes_the_first_is_found),
        cmocka_unit_test(a_fall_is_a_change_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
