#include "power.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

/* The effects are logarithms of ratios: 0.05 is a ratio of 1.0513. */
static void pairs_for_80_percent_power(void **state)
{
    (void)state;
    static const struct {
        double effect, sd;
        size_t n;
    } cases[] = {
        { .05, .03, 6 },  { .05, .05, 10 }, { .05, .10, 34 }, { .10, .03, 3 },   { .10, .05, 5 },
        { .10, .10, 10 }, { .02, .03, 20 }, { .02, .05, 52 }, { .02, .10, 199 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t n = power_pairs_for_effect(cases[i].effect, cases[i].sd, .05, .8);
        assert_int_equal(n, cases[i].n);
        assert_int_equal(power_pairs_for_effect(-cases[i].effect, cases[i].sd, .05, .8), n);
        assert_true(power_of_effect(n, cases[i].effect, cases[i].sd, .05) >= .8);
        assert_true(power_of_effect(n - 1, cases[i].effect, cases[i].sd, .05) < .8);
    }
}

static void the_detectable_effect_is_the_one_with_that_power(void **state)
{
    (void)state;
    for (size_t n = 2; n < 40; n += 3) {
        const double effect = power_detectable_effect(n, .05, .05, .8);
        assert_close(power_of_effect(n, effect, .05, .05), .8, 1e-9);
    }
    assert_true(isnan(power_detectable_effect(1, .05, .05, .8)));
    assert_true(isnan(power_detectable_effect(8, NAN, .05, .8)));
}

static void no_effect_is_rejected_as_often_as_the_level_says(void **state)
{
    (void)state;
    assert_close(power_of_effect(8, 0, .05, .05), .05, 1e-9);
    assert_int_equal(power_pairs_for_effect(0, .05, .05, .8), 0);
    assert_int_equal(power_pairs_for_effect(.05, 0, .05, .8), 0);
    assert_int_equal(power_pairs_for_effect(NAN, .05, .05, .8), 0);
}

/* Against the noncentral t as an integral over the chi distribution, computed separately. */
static void chances_are_those_of_the_noncentral_t(void **state)
{
    (void)state;
    assert_close(power_of_effect(8, .05, .05, .05), .680834, 2e-6);
    assert_close(power_detectable_effect(8, 0, .05, .8), 0, 0);
    assert_true(isnan(power_detectable_effect(1, 0, .05, .8)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_for_80_percent_power),
        cmocka_unit_test(the_detectable_effect_is_the_one_with_that_power),
        cmocka_unit_test(no_effect_is_rejected_as_often_as_the_level_says),
        cmocka_unit_test(chances_are_those_of_the_noncentral_t),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
