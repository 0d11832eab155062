#include "within_steps.h"

#include "derived.h"
#include "hist.h"
#include "units.h"

#include "cm.h"

#include <math.h>

static struct derived_phase phases[] = {
    { .stream = "s",
      .cluster = "m4",
      .name = "warm",
      .kind = "duration",
      .warmup = true,
      .end_ns = 2 * NS_PER_S },
    { .stream = "s",
      .cluster = "m4",
      .name = "main",
      .kind = "duration",
      .start_ns = 2 * NS_PER_S,
      .end_ns = 2000 * NS_PER_S },
};
static const struct derived_run run = { .phases = phases, .n_phases = 2 };
static struct run_second seconds[WITHIN_STEPS_MOST];

static void add(struct within_steps *s, uint64_t index, uint64_t length_ns, uint64_t n, bool is_partial)
{
    struct hist *ok = hist_new();
    for (uint64_t i = 0; i < n; i++)
        hist_add(ok, NS_PER_MS);
    within_steps_add(s, &(struct within_second){ .index = index,
                                                 .length_ns = length_ns,
                                                 .ok = ok,
                                                 .n_bad = 1,
                                                 .n_good = n,
                                                 .is_partial = is_partial });
    hist_free(ok);
}

static void whole_measured_seconds_count(void **state)
{
    struct within_steps s = { 0 };
    (void)state;
    assert_int_equal(within_steps_list(&s, &run, "m4", 5, seconds), 0);
    for (uint64_t i = 0; i < 5; i++)
        add(&s, i, NS_PER_S, 10 + i, i == 3);
    add(&s, 5, NS_PER_S / 2, 1, false);
    /* 0 and 1 are warm-up, 3 is partial, 5 is half a second */
    assert_int_equal(within_steps_list(&s, &run, "m4", 5.5, seconds), 2);
    assert_int_equal(seconds[0].n_good, 12);
    assert_int_equal(seconds[0].n_attempts, 13);
    assert_int_equal(seconds[1].ok->n, 14);
    assert_int_equal(within_steps_list(&s, &run, "t2", 5.5, seconds), 0);
    within_steps_fini(&s);
}

/* As the steps of a time axis, whose lengths these are. */
static void long_runs_have_longer_steps(void **state)
{
    struct within_steps s = { 0 };
    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        add(&s, i, NS_PER_S, 1, i == 100);
    assert_int_equal(s.step_s, 4);
    const size_t n = within_steps_list(&s, &run, "m4", 1000, seconds);
    assert_int_equal(n, 249); /* the step of the partial second is left out; the first is half warm-up */
    assert_int_equal(seconds[n - 1].n_good, 4);
    assert_int_equal(seconds[n - 1].n_attempts, 8);
    assert_int_equal(within_steps_list(&s, &run, "m4", 1700, seconds), 82);
    assert_int_equal(s.step_s, 12);
    within_steps_fini(&s);
}

static void every_length_is_a_multiple_of_the_shorter_ones(void **state)
{
    unsigned last_s = 1;
    (void)state;
    for (double duration_s = 1; duration_s < 3e7; duration_s *= 1.1) {
        const unsigned step_s = within_step_s(duration_s);
        assert_true(duration_s / step_s <= WITHIN_STEPS_MOST);
        assert_int_equal(step_s % last_s, 0);
        last_s = step_s;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_measured_seconds_count),
        cmocka_unit_test(long_runs_have_longer_steps),
        cmocka_unit_test(every_length_is_a_multiple_of_the_shorter_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
