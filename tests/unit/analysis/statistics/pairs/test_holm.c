#include "holm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

/* Sorted .01 .02 .03 .04 times 4 3 2 1, then the running maximum: .04 .06 .06 .06. */
static void each_p_is_multiplied_by_those_still_open(void **state)
{
    (void)state;
    static const double p[] = { .04, .01, .03, .02 };
    static const double right[] = { .06, .04, .06, .06 };
    double adjusted[4];
    holm_adjust(p, 4, adjusted);
    for (size_t i = 0; i < 4; i++)
        assert_close(adjusted[i], right[i], 1e-15);
}

/* Rejecting where the adjusted p is at most the level is the same as comparing p_(i) with level / (m - i + 1)
 * until one fails. */
static void it_equals_the_step_down_rule(void **state)
{
    (void)state;
    static const double sorted[] = { .001, .012, .0126, .02, .3 };
    double adjusted[5];
    holm_adjust(sorted, 5, adjusted);
    int still = 1;
    for (size_t i = 0; i < 5; i++) {
        still = still && sorted[i] <= .05 / (double)(5 - i);
        assert_int_equal(adjusted[i] <= .05, still);
    }
}

static void a_test_that_was_not_made_is_no_member(void **state)
{
    (void)state;
    static const double p[] = { NAN, .02, NAN, .9 };
    double adjusted[4];
    holm_adjust(p, 4, adjusted);
    assert_true(isnan(adjusted[0]) && isnan(adjusted[2]));
    assert_close(adjusted[1], .04, 1e-15);
    assert_close(adjusted[3], .9, 1e-15);
}

static void certain_and_equal_ones_are_adjusted_once(void **state)
{
    (void)state;
    static const double p[] = { 0, .01, 0, .01 };
    double adjusted[4];
    holm_adjust(p, 4, adjusted);
    assert_close(adjusted[0], 0, 0);
    assert_close(adjusted[2], 0, 0);
    assert_close(adjusted[1], .02, 1e-15);
    assert_close(adjusted[3], .02, 1e-15);
}

static void it_never_exceeds_one(void **state)
{
    (void)state;
    static const double p[] = { .7, .8 };
    double adjusted[2];
    holm_adjust(p, 2, adjusted);
    assert_close(adjusted[0], 1, 0);
    assert_close(adjusted[1], 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_p_is_multiplied_by_those_still_open),
        cmocka_unit_test(it_equals_the_step_down_rule),
        cmocka_unit_test(a_test_that_was_not_made_is_no_member),
        cmocka_unit_test(certain_and_equal_ones_are_adjusted_once),
        cmocka_unit_test(it_never_exceeds_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
