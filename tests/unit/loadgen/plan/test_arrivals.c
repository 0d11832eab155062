#include "arrivals.h"
#include "err.h"
#include "phase.h"
#include "plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND = 1000000000, PHASES_MOST = 8, SEED = 42 };

struct schedule {
    struct plan_phase phases[PHASES_MOST];
    struct plan_stream stream;
};

static struct schedule *schedule(struct schedule *s, enum plan_arrivals arrivals)
{
    *s = (struct schedule){ .stream = { .model = PLAN_OPEN, .arrivals = arrivals } };
    s->stream.phases = s->phases;
    return s;
}

static void add(struct schedule *s, struct phase_given given)
{
    const char *key;
    struct err e;
    assert_int_equal(
        phase_make(&s->phases[s->stream.n_phases++], PLAN_OPEN, s->stream.arrivals, &given, &key, &e), 0);
}

struct due {
    uint64_t ns, index;
    uint32_t phase;
};

/* All arrivals of one thread of several; owned. */
static struct due *walk_part(const struct schedule *s, uint64_t seed, uint64_t n_connections,
                             uint32_t n_threads, uint32_t thread, size_t *n)
{
    struct arrivals a;
    size_t capacity = 1024;
    struct due *dues = malloc(capacity * sizeof *dues);
    *n = 0;
    const struct division d = { .n_connections = n_connections, .n_sharers = n_threads, .index = thread };
    arrivals_init(&a, &s->stream, seed, 3, &d);
    while (arrivals_next(&a, &dues[*n].ns, &dues[*n].index, &dues[*n].phase)) {
        if (++*n == capacity) {
            capacity *= 2;
            dues = realloc(dues, capacity * sizeof *dues);
        }
    }
    return dues;
}

static struct due *walk(const struct schedule *s, uint64_t seed, size_t *n)
{
    return walk_part(s, seed, 1, 1, 0, n);
}

static void constant_rate_spaces_requests_evenly(void **state)
{
    struct schedule s;
    size_t n;
    (void)state;
    add(schedule(&s, PLAN_CONSTANT),
        (struct phase_given){ .rate_per_s = 1000, .duration_ns = 2ull * SECOND });
    struct due *dues = walk(&s, SEED, &n);
    assert_int_equal(n, 2000);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(dues[i].ns, i * 1000000 + 500000);
        assert_int_equal(dues[i].index, i);
        assert_int_equal(dues[i].phase, 0);
    }
    free(dues);
}

static void a_number_of_requests_at_a_rate_is_met_exactly(void **state)
{
    static const uint64_t counts[] = { 1, 2, 999, 1000, 12345 };
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct schedule s;
        size_t n;
        add(schedule(&s, PLAN_CONSTANT),
            (struct phase_given){ .rate_per_s = 333.3, .n_requests = counts[i] });
        free(walk(&s, SEED, &n));
        assert_int_equal(n, counts[i]);
    }
}

static double integral(const struct plan_phase *p, double t_s)
{
    const double d = (double)p->duration_ns / 1e9;
    return p->rate_per_s * t_s + (p->rate_end_per_s - p->rate_per_s) * t_s * t_s / (2 * d);
}

static void ramps_follow_the_integral_of_the_rate(void **state)
{
    static const double rates[][2] = { { 100, 300 },      { 300, 100 }, { 1, 1000 }, { 1000, 0.001 },
                                       { 500, 500.0001 }, { 0, 400 },   { 400, 0 } };
    (void)state;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        struct schedule s;
        size_t n;
        add(schedule(&s, PLAN_CONSTANT), (struct phase_given){ .rate_per_s = rates[k][0],
                                                               .ramp_to_per_s = rates[k][1],
                                                               .has_rate = true,
                                                               .has_ramp_to = true,
                                                               .duration_ns = 10ull * SECOND });
        struct due *dues = walk(&s, SEED, &n);
        assert_int_equal(n, (size_t)floor(5 * (rates[k][0] + rates[k][1]) + .5));
        for (size_t i = 0; i < n; i++) {
            assert_true(fabs(integral(&s.phases[0], (double)dues[i].ns / 1e9) - ((double)i + .5)) < 1e-6);
            assert_true(dues[i].ns <= 10ull * SECOND);
        }
        free(dues);
    }
}

static void phases_pauses_and_bursts_follow_each_other(void **state)
{
    struct schedule s;
    size_t n;
    (void)state;
    schedule(&s, PLAN_CONSTANT);
    add(&s, (struct phase_given){ .rate_per_s = 2, .duration_ns = 1ull * SECOND });
    add(&s, (struct phase_given){ .pause_ns = 5ull * SECOND });
    add(&s, (struct phase_given){ .n_burst = 3 });
    add(&s, (struct phase_given){ .n_burst = 2, .duration_ns = 1ull * SECOND });
    add(&s, (struct phase_given){ .rate_per_s = 0.1, .duration_ns = 1ull * SECOND }); /* too short for one */
    add(&s, (struct phase_given){ .rate_per_s = 1, .duration_ns = 2ull * SECOND });
    static const struct due right[] = {
        { 250000000, 0, 0 },  { 750000000, 1, 0 },  { 6000000000, 2, 2 },
        { 6000000000, 3, 2 }, { 6000000000, 4, 2 }, { 6000000000, 5, 3 },
        { 6000000000, 6, 3 }, { 8500000000, 7, 5 }, { 9500000000, 8, 5 },
    };
    struct due *dues = walk(&s, SEED, &n);
    assert_int_equal(n, sizeof right / sizeof *right);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(dues[i].ns, right[i].ns);
        assert_int_equal(dues[i].index, right[i].index);
        assert_int_equal(dues[i].phase, right[i].phase);
    }
    free(dues);
    assert_int_equal(arrivals_phase_start_ns(&s.stream, 0), 0);
    assert_int_equal(arrivals_phase_start_ns(&s.stream, 2), 6000000000);
    assert_int_equal(arrivals_phase_start_ns(&s.stream, 6), 10000000000);
}

static void mixed_schedule(struct schedule *s, enum plan_arrivals arrivals)
{
    schedule(s, arrivals);
    add(s, (struct phase_given){ .rate_per_s = 700, .duration_ns = 1ull * SECOND });
    add(s, (struct phase_given){ .n_burst = 11 });
    add(s, (struct phase_given){ .pause_ns = 1ull * SECOND });
    add(s, (struct phase_given){ .rate_per_s = 100, .ramp_to_per_s = 900, .duration_ns = 2ull * SECOND });
    add(s, (struct phase_given){ .n_burst = 5, .duration_ns = 1ull * SECOND });
}

/* Numbers are few places from where they would be in the order of time. */
static const struct due *find(const struct due *all, size_t n_all, uint64_t index)
{
    size_t i = index < POISSON_BLOCK_MOST ? 0 : (size_t)index - POISSON_BLOCK_MOST;
    while (i < n_all && all[i].index != index)
        i++;
    assert_true(i < n_all && i < index + POISSON_BLOCK_MOST);
    return &all[i];
}

/* The same arrivals, each by the thread that owns its connection, in order. */
static void check_union(const struct schedule *s, const struct due *all, size_t n_all, uint64_t n_connections,
                        uint32_t n_threads)
{
    size_t sum = 0;
    for (uint32_t thread = 0; thread < n_threads; thread++) {
        const struct division d = { .n_connections = n_connections, .n_sharers = n_threads, .index = thread };
        size_t n;
        struct due *own = walk_part(s, SEED, n_connections, n_threads, thread, &n);
        assert_int_equal(n, division_n_of(&d, n_all));
        for (size_t i = 0; i < n; i++) {
            const struct due *same = find(all, n_all, own[i].index);
            assert_true(i == 0 || own[i].ns >= own[i - 1].ns);
            assert_int_equal(own[i].index % n_connections % n_threads, thread);
            assert_int_equal(own[i].ns, same->ns);
            assert_int_equal(own[i].phase, same->phase);
        }
        free(own);
        sum += n;
    }
    assert_int_equal(sum, n_all);
}

static void threads_together_walk_the_schedule_of_one(void **state)
{
    static const struct {
        uint64_t n_connections;
        uint32_t n_threads;
    } cases[] = { { 2, 2 }, { 3, 2 },   { 10, 4 },  { 5, 3 },    { 7, 7 },       { 16, 5 },
                  { 1, 1 }, { 64, 16 }, { 256, 7 }, { 5000, 3 }, { 1000000, 11 } };
    (void)state;
    for (int arrivals = PLAN_CONSTANT; arrivals <= PLAN_POISSON; arrivals++) {
        struct schedule s;
        size_t n_all;
        mixed_schedule(&s, (enum plan_arrivals)arrivals);
        struct due *all = walk(&s, SEED, &n_all);
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
            check_union(&s, all, n_all, cases[k].n_connections, cases[k].n_threads);
        free(all);
    }
}

static void the_schedule_never_goes_back(void **state)
{
    (void)state;
    for (int arrivals = PLAN_CONSTANT; arrivals <= PLAN_POISSON; arrivals++) {
        struct schedule s;
        size_t n;
        mixed_schedule(&s, (enum plan_arrivals)arrivals);
        struct due *dues = walk(&s, SEED, &n);
        for (size_t i = 1; i < n; i++)
            assert_true(dues[i].ns >= dues[i - 1].ns && dues[i].phase >= dues[i - 1].phase);
        for (size_t i = 0; i < n; i++) {
            assert_true(dues[i].ns >= arrivals_phase_start_ns(&s.stream, dues[i].phase));
            assert_true(dues[i].ns <= arrivals_phase_start_ns(&s.stream, dues[i].phase + 1));
        }
        free(dues);
    }
}

static void nothing_drifts_after_a_hundred_million_arrivals(void **state)
{
    struct schedule s;
    struct arrivals a;
    uint64_t due_ns, index;
    uint32_t phase;
    (void)state;
    add(schedule(&s, PLAN_CONSTANT),
        (struct phase_given){ .rate_per_s = 300000, .duration_ns = 4000ull * SECOND });
    const struct division d = { .n_connections = 1000000000, .n_sharers = 1000000000, .index = 100000000 };
    arrivals_init(&a, &s.stream, SEED, 0, &d);
    assert_true(arrivals_next(&a, &due_ns, &index, &phase));
    assert_int_equal(index, 100000000);
    assert_int_equal(due_ns, 333333335000); /* (10^8 + 1/2) / 300 000 s = 333.333335 s */
    assert_true(arrivals_next(&a, &due_ns, &index, &phase));
    assert_int_equal(index, 1100000000);
    assert_int_equal(due_ns, 3666666668333); /* 3666.6666683333 s */
    assert_false(arrivals_next(&a, &due_ns, &index, &phase));
}

static void a_seed_gives_one_schedule_and_another_seed_another(void **state)
{
    struct schedule s;
    size_t n, m, k;
    (void)state;
    mixed_schedule(&s, PLAN_POISSON);
    struct due *a = walk(&s, 1, &n);
    struct due *b = walk(&s, 1, &m);
    struct due *c = walk(&s, 2, &k);
    assert_int_equal(n, m);
    assert_memory_equal(&a[n / 2].ns, &b[n / 2].ns, sizeof a->ns);
    assert_int_not_equal(a[0].ns, c[0].ns);
    free(a);
    free(b);
    free(c);
}

static int compare(const void *x, const void *y)
{
    const double a = *(const double *)x;
    const double b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Anderson-Darling statistic of values that should be uniform on (0, 1); sorts them. Above 3.857 with
 * probability 0.01. */
static double anderson_darling(double *u, size_t n)
{
    double sum = 0;
    qsort(u, n, sizeof *u, compare);
    for (size_t i = 0; i < n; i++)
        sum += (2 * (double)i + 1) * (log(u[i]) + log1p(-u[n - 1 - i]));
    return -(double)n - sum / (double)n;
}

static void poisson_gaps_are_exponential(void **state)
{
    struct schedule s;
    size_t n;
    (void)state;
    add(schedule(&s, PLAN_POISSON),
        (struct phase_given){ .rate_per_s = 1000, .duration_ns = 20ull * SECOND });
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct due *dues = walk(&s, seed, &n);
        double *u = malloc(n * sizeof *u);
        for (size_t i = 0; i < n; i++) {
            const double gap_s = (double)(dues[i].ns - (i ? dues[i - 1].ns : 0)) / 1e9;
            u[i] = -expm1(-1000 * (gap_s + 0.5e-9)); /* half a ns keeps a gap of 0 off the edge */
        }
        assert_true(fabs((double)n - 20000) < 4 * sqrt(20000));
        assert_true(anderson_darling(u, n) < 3.857);
        free(u);
        free(dues);
    }
}

/* Given their number, the arrivals of a ramp are spread as its integral. */
static void poisson_ramps_are_spread_as_the_rate(void **state)
{
    static const double rates[][2] = { { 100, 1900 }, { 0, 2000 }, { 2000, 0 } };
    (void)state;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        struct schedule s;
        add(schedule(&s, PLAN_POISSON), (struct phase_given){ .rate_per_s = rates[k][0],
                                                              .ramp_to_per_s = rates[k][1],
                                                              .has_rate = true,
                                                              .has_ramp_to = true,
                                                              .duration_ns = 20ull * SECOND });
        for (uint64_t seed = 1; seed <= 5; seed++) {
            size_t n;
            struct due *dues = walk(&s, seed, &n);
            double *u = malloc(n * sizeof *u);
            for (size_t i = 0; i < n; i++)
                u[i] = integral(&s.phases[0], (double)dues[i].ns / 1e9) / 20000;
            assert_true(fabs((double)n - 20000) < 4 * sqrt(20000));
            assert_true(anderson_darling(u, n) < 3.857);
            free(u);
            free(dues);
        }
    }
}

static void poisson_counts_vary_as_poisson_counts_do(void **state)
{
    enum { RUNS = 400, MEAN = 100 };
    struct schedule s;
    double sum = 0;
    double squares = 0;
    (void)state;
    add(schedule(&s, PLAN_POISSON), (struct phase_given){ .rate_per_s = MEAN, .duration_ns = 1ull * SECOND });
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        size_t n;
        free(walk(&s, seed, &n));
        sum += (double)n;
        squares += ((double)n - MEAN) * ((double)n - MEAN);
    }
    assert_true(fabs(sum / RUNS - MEAN) < 4 * sqrt((double)MEAN / RUNS));
    /* The variance is the mean; its estimate has a relative standard deviation of about sqrt(2 / RUNS). */
    assert_true(fabs(squares / RUNS / MEAN - 1) < 4 * sqrt(2.0 / RUNS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_rate_spaces_requests_evenly),
        cmocka_unit_test(a_number_of_requests_at_a_rate_is_met_exactly),
        cmocka_unit_test(ramps_follow_the_integral_of_the_rate),
        cmocka_unit_test(phases_pauses_and_bursts_follow_each_other),
        cmocka_unit_test(threads_together_walk_the_schedule_of_one),
        cmocka_unit_test(the_schedule_never_goes_back),
        cmocka_unit_test(nothing_drifts_after_a_hundred_million_arrivals),
        cmocka_unit_test(a_seed_gives_one_schedule_and_another_seed_another),
        cmocka_unit_test(poisson_gaps_are_exponential),
        cmocka_unit_test(poisson_ramps_are_spread_as_the_rate),
        cmocka_unit_test(poisson_counts_vary_as_poisson_counts_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
