#include "steadiness.h"

#include "arms.h"
#include "dataset.h"
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

/* Of one measured phase at one rate, with pauses and warm-up beside it. */
static void steadiness_is_known_where_the_load_was_even(void **state)
{
    static const struct {
        const char *kinds[2];
        bool warmup;
        const char *cluster; /* of the second phase */
        enum steadiness_kind want;
    } cases[] = {
        { { "rate", "pause" }, false, "a", STEADINESS_CHANGED },
        { { "rate", "rate" }, true, "a", STEADINESS_CHANGED },
        { { "duration", "burst" }, true, "a", STEADINESS_CHANGED },
        { { "requests", "burst" }, false, "a", STEADINESS_UNKNOWN },
        { { "rate", "rate" }, false, "a", STEADINESS_UNKNOWN }, /* two phases */
        { { "ramp", "pause" }, false, "a", STEADINESS_UNKNOWN },
        { { "rate", "rate" }, false, "b", STEADINESS_CHANGED },
    };
    enum { SECONDS = 60 };
    struct hist *fast = hist_new(), *slow = hist_new();
    struct hist *by_step[SECONDS];
    struct counts_cell cells[SECONDS];
    (void)state;
    hist_add(fast, 1000000);
    hist_add(slow, 2000000);
    for (size_t s = 0; s < SECONDS; s++) {
        by_step[s] = s < 30 ? fast : slow;
        cells[s] = (struct counts_cell){ .covered_s = 1 };
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run_phase phases[] = {
            { .cluster = "a", .kind = cases[i].kinds[0], .end_s = SECONDS },
            { .cluster = cases[i].cluster,
              .kind = cases[i].kinds[1],
              .warmup = cases[i].warmup,
              .start_s = SECONDS,
              .end_s = SECONDS + 5 },
        };
        struct arm arm = { .cluster = "a" };
        const struct dataset data = { .arms = &arm,
                                      .n_arms = 1,
                                      .run = { .phases = phases, .n_phases = 2 },
                                      .by_step = by_step,
                                      .axis = { .step_s = 1, .n_steps = SECONDS },
                                      .counts = { .n_steps = SECONDS, .cells = cells } };
        const struct steadiness s = steadiness_of_arm(&data, 0);
        assert_int_equal(s.kind, cases[i].want);
        if (s.kind == STEADINESS_CHANGED) {
            assert_close(s.at_s, 30, 0);
            assert_close(s.change, 1, 1e-3);
        }
    }
    hist_free(fast);
    hist_free(slow);
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
        cmocka_unit_test(steadiness_is_known_where_the_load_was_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
