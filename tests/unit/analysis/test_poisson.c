#include "poisson.h"

#include "err.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../close.h"

static struct poisson_gaps gaps_test(const double *gap, size_t n, double resolution)
{
    struct err e;
    struct poisson_gaps g;
    assert_int_equal(poisson_test_gaps(gap, n, resolution, &g, &e), 0);
    return g;
}

static void the_worked_example_looks_exponential(void **state)
{
    (void)state;
    static const double gap[] = { .12, .35, .41, .58, .77, .93, 1.30, 1.55, 2.10, 2.89 };
    const struct poisson_gaps g = gaps_test(gap, 10, 0);
    assert_close(g.a2, .26268, 5e-6);
    assert_close(g.a2_star, .27844, 5e-6);
    assert_close(g.level, 1, 0);
    assert_close(g.mean, 1.1, 1e-12);
}

static void near_constant_gaps_are_rejected(void **state)
{
    (void)state;
    static const double gap[] = { .98, 1.02, .99, 1.01, 1, 1, .985, 1.015, .995, 1.005 };
    const struct poisson_gaps g = gaps_test(gap, 10, 0);
    assert_close(g.a2_star, 4.74, .1); /* which ten gaps of 1 +- .02 hardly matters */
    assert_close(g.level, .01, 0);
    assert_true(g.distance > .6);
}

static void the_level_is_the_smallest_that_rejects(void **state)
{
    (void)state;
    enum { N_GAPS = 400, N_TRIALS = 2000 };
    static const double levels[] = { .15, .10, .05, .025, .01 };
    unsigned n_rejected[5] = { 0 };
    double gap[N_GAPS];
    struct random r;
    random_init(&r, 11, 0);
    for (size_t trial = 0; trial < N_TRIALS; trial++) {
        for (size_t i = 0; i < N_GAPS; i++)
            gap[i] = random_exponential(&r);
        const double level = gaps_test(gap, N_GAPS, 0).level;
        for (size_t k = 0; k < 5; k++)
            n_rejected[k] += level <= levels[k];
    }
    for (size_t k = 0; k < 5; k++) /* within four standard errors of the nominal level */
        assert_close(n_rejected[k] / (double)N_TRIALS, levels[k], 4 * sqrt(levels[k] / N_TRIALS));
}

/* 5000 arrivals a second, stamped with a clock that ticks each millisecond: four of five gaps are 0. */
static void ticks_of_a_coarse_clock_are_seen_at_once(void **state)
{
    (void)state;
    enum { N_GAPS = POISSON_GAPS_MOST };
    const double resolution_s = 1e-6;
    double exact[N_GAPS], ticked[N_GAPS];
    unsigned n_zero = 0;
    double now_s = 0, tick_s = 0;
    struct random r;
    random_init(&r, 12, 0);
    for (size_t i = 0; i < N_GAPS; i++) {
        exact[i] = random_exponential(&r) / 5000;
        now_s += exact[i];
        ticked[i] = round(now_s * 1000) / 1000 - tick_s;
        tick_s += ticked[i];
        n_zero += ticked[i] < resolution_s;
    }
    assert_close(n_zero / (double)N_GAPS, .8, .02);
    assert_close(gaps_test(ticked, N_GAPS, resolution_s).a2, 5250, 250);
    assert_true(gaps_test(exact, N_GAPS, resolution_s).a2 < 1.341);
}

static void dispersion_tells_even_random_and_batched(void **state)
{
    (void)state;
    enum { N_ARRIVALS = 100000, PER_BATCH = 20 };
    const uint64_t ms = 1000000;
    const uint64_t end_ns = 9000 * ms; /* of about 10 s: 10 000 arrivals a second */
    uint64_t *even = calloc(N_ARRIVALS, sizeof *even);
    uint64_t *random = calloc(N_ARRIVALS, sizeof *random);
    uint64_t *batched = calloc(N_ARRIVALS, sizeof *batched);
    assert_true(even && random && batched);
    double now_ns = 0;
    struct random r;
    random_init(&r, 13, 0);
    for (size_t i = 0; i < N_ARRIVALS; i++) {
        even[i] = 50000 + 100000 * (uint64_t)i;
        now_ns += 1e5 * random_exponential(&r);
        random[i] = (uint64_t)now_ns;
        batched[i] = i % PER_BATCH == 0 || i == 0 ? random[i] : batched[i - 1];
    }
    assert_close(poisson_dispersion(even, N_ARRIVALS, 0, end_ns, ms), 0, 0);
    assert_close(poisson_dispersion(random, N_ARRIVALS, 0, end_ns, ms), 1, .06);
    assert_close(poisson_dispersion(random, N_ARRIVALS, 0, end_ns, 10 * ms), 1, .18);
    assert_true(poisson_dispersion(batched, N_ARRIVALS, 0, end_ns, ms) > 3);
    assert_true(isnan(poisson_dispersion(random, N_ARRIVALS, 0, 99 * ms, ms)));
    assert_true(isnan(poisson_dispersion(random, 0, 0, end_ns, ms)));
    free(even);
    free(random);
    free(batched);
}

static void gaps_that_are_all_zero_are_refused(void **state)
{
    (void)state;
    static const double gap[3] = { 0 };
    struct err e;
    struct poisson_gaps g;
    assert_int_equal(poisson_test_gaps(gap, 3, 0, &g, &e), -1);
    assert_int_equal(poisson_test_gaps(gap, 1, 1, &g, &e), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_looks_exponential),
        cmocka_unit_test(near_constant_gaps_are_rejected),
        cmocka_unit_test(the_level_is_the_smallest_that_rejects),
        cmocka_unit_test(ticks_of_a_coarse_clock_are_seen_at_once),
        cmocka_unit_test(dispersion_tells_even_random_and_batched),
        cmocka_unit_test(gaps_that_are_all_zero_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
