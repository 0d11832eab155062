#include "noncentral.h"

#include "prob.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

static void without_an_effect_the_distribution_is_central(void **state)
{
    (void)state;
    for (double x = 0.5; x < 20; x += 1.5) {
        assert_close(noncentral_t_cdf(x, 7, 0), prob_student_cdf(x, 7), 1e-14);
        assert_close(noncentral_t_cdf(-x, 7, 0), prob_student_cdf(-x, 7), 1e-14);
    }
}

/* P(T <= 0) is P(Z <= -delta) whatever the degrees of freedom, and many degrees of freedom make t normal. */
static void known_special_cases_hold(void **state)
{
    (void)state;
    for (double delta = -3; delta <= 3; delta += .75) {
        assert_close(noncentral_t_cdf(0, 5, delta), prob_normal_cdf(-delta), 1e-14);
        assert_close(noncentral_t_cdf(1, 1e7, delta), prob_normal_cdf(1 - delta), 1e-6);
    }
    assert_close(noncentral_t_cdf(60, 200, 60), prob_normal_cdf(0), .02); /* no underflow far out */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_effect_the_distribution_is_central),
        cmocka_unit_test(known_special_cases_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
