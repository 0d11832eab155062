#include "steadiness.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

enum { N = 80 };

/* Levels of 1000 +- 1 %, times `shape` of the second. */
static struct steadiness of_shape(double (*shape)(size_t i))
{
    double x[N];
    struct random r;
    random_init(&r, 5, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = 1000 * (1 + .02 * (random_uniform(&r) - .5)) * shape(i);
    return steadiness_of(x, N, 2);
}

static double flat(size_t i)
{
    (void)i;
    return 1;
}

static double step(size_t i)
{
    return i < 20 ? 1 : 1.35;
}

static double small_step(size_t i)
{
    return i < 20 ? 1 : 1.03;
}

static void noise_is_steady(void **state)
{
    (void)state;
    assert_int_equal(of_shape(flat).kind, STEADINESS_STEADY);
}

static void a_step_is_found_with_its_place_and_size(void **state)
{
    char words[128];
    (void)state;
    const struct steadiness s = of_shape(step);
    assert_int_equal(s.kind, STEADINESS_CHANGED);
    assert_close(s.at_s, 40, 0);
    assert_close(s.change, .35, .01);
    assert_string_equal(
        steadiness_words(&(struct steadiness){ STEADINESS_CHANGED, .35, 40 }, words, sizeof words),
        "its p50 rose by 35.0 % after 40.0 s");
}

static void what_is_certain_but_small_is_steady(void **state)
{
    (void)state;
    assert_int_equal(of_shape(small_step).kind, STEADINESS_STEADY);
}

static double wave(size_t i)
{
    return 1 + .1 * sin((double)i / 5);
}

static void seconds_that_depend_on_each_other_are_not_judged(void **state)
{
    char words[128];
    (void)state;
    const struct steadiness s = of_shape(wave);
    assert_int_equal(s.kind, STEADINESS_DEPENDENT);
    assert_string_equal(steadiness_words(&s, words, sizeof words), "its seconds depend on each other");
}

static void a_short_run_cannot_tell(void **state)
{
    double x[59] = { 0 };
    (void)state;
    assert_int_equal(steadiness_of(x, 59, 1).kind, STEADINESS_UNKNOWN);
}

/* Times of 0 have no logarithm. */
static void zeros_are_left_out(void **state)
{
    double x[80] = { 0 };
    (void)state;
    assert_int_equal(steadiness_of(x, 80, 1).kind, STEADINESS_UNKNOWN);
    for (size_t i = 0; i < 60; i++)
        x[i] = 5;
    assert_int_equal(steadiness_of(x, 80, 1).kind, STEADINESS_STEADY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_steady),
        cmocka_unit_test(a_step_is_found_with_its_place_and_size),
        cmocka_unit_test(what_is_certain_but_small_is_steady),
        cmocka_unit_test(seconds_that_depend_on_each_other_are_not_judged),
        cmocka_unit_test(a_short_run_cannot_tell),
        cmocka_unit_test(zeros_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
