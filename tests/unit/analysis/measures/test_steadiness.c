#include "steadiness.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"

enum { N = 60 };

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

static double settling(size_t i)
{
    return i == 3 ? 1 : 1 + 3.0 / (double)(1 + i);
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

static void a_run_that_settles_is_not_steady(void **state)
{
    (void)state;
    const struct steadiness s = of_shape(settling);
    assert_int_not_equal(s.kind, STEADINESS_STEADY);
    assert_true(s.change < 0);
}

/* One outlier, which affects neither ranks nor slope, but the mean of its half: {1, 1, 10, 1 ...}. */
static void a_wild_start_is_a_warm_up_when_it_moves_the_mean(void **state)
{
    static const struct {
        double wild;
        enum steadiness_kind kind;
        double change;
    } cases[] = { { 10, STEADINESS_WARMING, 1 / 1.9 - 1 },
                  { 0.1, STEADINESS_WARMING, 1 / .91 - 1 },
                  { 1.5, STEADINESS_STEADY, 1 / 1.05 - 1 } }; /* 4.8 % is no change */
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double x[20];
        for (size_t k = 0; k < 20; k++)
            x[k] = k == 9 ? cases[i].wild : 1;
        const struct steadiness s = steadiness_of(x, 20, 1);
        assert_int_equal(s.kind, cases[i].kind);
        assert_close(s.change, cases[i].change, 1e-9);
    }
    double late[20];
    for (size_t k = 0; k < 20; k++)
        late[k] = k == 19 ? 10 : 1; /* the cut would lie in the second half */
    assert_int_equal(steadiness_of(late, 20, 1).kind, STEADINESS_STEADY);
}

/* A slow drift: the halves differ little, start and end do. */
static void a_drift_is_noted_from_start_to_end(void **state)
{
    static const double rises[] = { .0006, .0013, -.0013 };
    static const enum steadiness_kind kinds[] = { STEADINESS_STEADY, STEADINESS_DRIFTED, STEADINESS_DRIFTED };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        double x[60];
        for (size_t k = 0; k < 60; k++)
            x[k] = 1 + rises[i] * (double)k;
        const struct steadiness s = steadiness_of(x, 60, 1);
        assert_int_equal(s.kind, kinds[i]);
        if (i > 0)
            assert_close(s.change, rises[i] * 59, 1e-9);
    }
}

static void a_short_run_cannot_tell(void **state)
{
    double x[19] = { 0 };
    (void)state;
    assert_int_equal(steadiness_of(x, 19, 1).kind, STEADINESS_UNKNOWN);
}

/* Times of 0 divide by zero nowhere. */
static void zeros_are_steady(void **state)
{
    double x[40] = { 0 };
    (void)state;
    assert_int_equal(steadiness_of(x, 40, 1).kind, STEADINESS_STEADY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_steady),
        cmocka_unit_test(a_step_is_found_with_its_place_and_size),
        cmocka_unit_test(what_is_certain_but_small_is_steady),
        cmocka_unit_test(a_run_that_settles_is_not_steady),
        cmocka_unit_test(a_wild_start_is_a_warm_up_when_it_moves_the_mean),
        cmocka_unit_test(a_drift_is_noted_from_start_to_end),
        cmocka_unit_test(a_short_run_cannot_tell),
        cmocka_unit_test(zeros_are_steady),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
