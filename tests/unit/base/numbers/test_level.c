#include "level.h"

#include "err.h"
#include "random.h"

#include "cm.h"

#include "close.h"

enum { N = 120 };

/* Medians about 10, each `memory` of the last one's deviation, with a step of `change` after 80. */
static struct level of(double memory, double noise, double change)
{
    double x[N], last = 0;
    struct random r;
    struct level level;
    struct err e;
    random_init(&r, 11, 0);
    for (size_t i = 0; i < N; i++) {
        last = memory * last + noise * (random_uniform(&r) - .5);
        x[i] = 10 * exp(last + (i < 80 ? 0 : log1p(change)));
    }
    assert_int_equal(level_judge(x, N, &level, &e), 0);
    return level;
}

static void noise_is_steady(void **state)
{
    (void)state;
    assert_int_equal(of(0, .2, 0).answer, LEVEL_STEADY);
    assert_int_equal(of(.3, .2, 0).answer, LEVEL_STEADY);
}

static void a_step_is_found_with_place_and_size(void **state)
{
    (void)state;
    const struct level level = of(0, .1, .2);
    assert_int_equal(level.answer, LEVEL_CHANGED);
    assert_int_equal(level.at, 80);
    assert_close(level.change, .2, .01);
    assert_close(of(0, .1, -.2).change, -.2, .01);
}

static void a_step_below_five_per_cent_does_not_count(void **state)
{
    (void)state;
    const struct level level = of(0, .02, .04);
    assert_true(level.g > 68.6);
    assert_int_equal(level.answer, LEVEL_STEADY);
}

/* With memory, only a large change is one. */
static void seconds_that_depend_are_judged_for_large_changes_only(void **state)
{
    (void)state;
    assert_int_equal(of(.95, .05, 0).answer, LEVEL_DEPENDENT);
    assert_true(of(.95, .05, 0).dependence > .5);
    assert_int_equal(of(.95, .02, .2).answer, LEVEL_DEPENDENT);
    assert_int_equal(of(.9, .02, 1).answer, LEVEL_CHANGED);
}

static void sixty_seconds_are_the_least(void **state)
{
    double x[60];
    struct level level;
    struct err e;
    (void)state;
    for (size_t i = 0; i < N_OF(x); i++)
        x[i] = i % 2 ? 10 : 11;
    assert_int_equal(level_judge(x, 59, &level, &e), 0);
    assert_int_equal(level.answer, LEVEL_UNKNOWN);
    level_judge(x, 60, &level, &e);
    assert_int_equal(level.answer, LEVEL_STEADY);
    x[7] = 0; /* no answer in that second */
    level_judge(x, 60, &level, &e);
    assert_int_equal(level.answer, LEVEL_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_steady),
        cmocka_unit_test(a_step_is_found_with_place_and_size),
        cmocka_unit_test(a_step_below_five_per_cent_does_not_count),
        cmocka_unit_test(seconds_that_depend_are_judged_for_large_changes_only),
        cmocka_unit_test(sixty_seconds_are_the_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
