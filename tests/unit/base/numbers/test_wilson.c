#include "wilson.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void three_of_a_thousand(void **state)
{
    (void)state;
    const struct wilson w = wilson_interval(3, 1000, .95);
    assert_close(w.share, .003, 1e-15);
    assert_close(w.lo, .00102, 5e-6);
    assert_close(w.hi, .00878, 5e-6);
}

/* Newcombe 1998, table II: 56 of 70 against 48 of 80, method 10. */
static void the_difference_of_two_shares_is_newcombes(void **state)
{
    (void)state;
    const struct wilson d = wilson_difference(48, 80, 56, 70, .95);
    assert_close(d.share, .2, 1e-12);
    assert_close(d.lo, .0524, 5e-5);
    assert_close(d.hi, .3339, 5e-5);
}

static void without_trials_nothing_is_known(void **state)
{
    (void)state;
    const struct wilson w = wilson_interval(0, 0, .95);
    assert_true(isnan(w.share) && isnan(w.lo) && isnan(w.hi));
    const struct wilson d = wilson_difference(0, 0, 1, 10, .95);
    assert_true(isnan(d.share) && isnan(d.lo) && isnan(d.hi));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_of_a_thousand),
        cmocka_unit_test(the_difference_of_two_shares_is_newcombes),
        cmocka_unit_test(without_trials_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
