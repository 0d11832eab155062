#include "poisson.h"

#include "cm.h"
#include "prob.h"

#include <math.h>
#include <stdlib.h>

enum { N_EXPECTED = 400000, BLOCK = 16 };

static struct division only = { .n_connections = 1, .n_sharers = 1 };

struct drawn {
    double *at;
    size_t n;
};

/* All arrivals of a phase in order, by a single thread; freed by the caller. */
static struct drawn draw(uint64_t seed, uint32_t stream, uint32_t phase, double n_expected)
{
    struct poisson p;
    struct division_walk own = division_walk_begin(&only);
    const size_t most = (size_t)(n_expected + 20 * sqrt(n_expected) + 100);
    struct drawn d = { .at = malloc(most * sizeof *d.at) };
    uint64_t number;
    assert_non_null(d.at);
    poisson_begin(&p, seed, stream, phase, n_expected, 0);
    while (poisson_next(&p, &own, &d.at[d.n], &number))
        assert_true(++d.n < most);
    assert_int_equal(poisson_end_number(&p), d.n);
    return d;
}

static double gap(const struct drawn *d, size_t i)
{
    return d->at[i] - (i > 0 ? d->at[i - 1] : 0);
}

static int compare(const void *x, const void *y)
{
    const double a = *(const double *)x;
    const double b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Kolmogorov's statistic of the gaps against the exponential distribution. Above 1.63 with probability 0.01.
 */
static void gaps_are_exponential(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const struct drawn d = draw(seed, 0, 0, N_EXPECTED);
        double *gaps = malloc(d.n * sizeof *gaps);
        double most = 0;
        for (size_t i = 0; i < d.n; i++)
            gaps[i] = gap(&d, i);
        qsort(gaps, d.n, sizeof *gaps, compare);
        for (size_t i = 0; i < d.n; i++) {
            const double f = -expm1(-gaps[i]);
            most = fmax(most, fmax(f - (double)i / (double)d.n, (double)(i + 1) / (double)d.n - f));
        }
        assert_true(sqrt((double)d.n) * most < 1.63);
        free(gaps);
        free(d.at);
    }
}

/* Neighbours within blocks and across their edges: the correlation of gaps up to four apart is that of
 * chance, whose standard deviation is 1 / sqrt(n). */
static void gaps_are_independent_of_each_other(void **state)
{
    (void)state;
    const struct drawn d = draw(4, 0, 0, N_EXPECTED);
    for (size_t lag = 1; lag <= 4; lag++) {
        double sum = 0;
        for (size_t i = lag; i < d.n; i++)
            sum += (gap(&d, i) - 1) * (gap(&d, i - lag) - 1);
        assert_true(fabs(sum / (double)d.n) < 4 / sqrt((double)d.n));
    }
    free(d.at);
}

/* The index of dispersion of counts in windows that do and do not follow the blocks: their variance is their
 * mean, and its estimate has a standard deviation of sqrt(2 / n). */
static void counts_vary_as_they_should_in_windows_of_any_width(void **state)
{
    static const double widths[] = { 0.5, 3, 11, 16, 23.7, 64, 200 };
    (void)state;
    const struct drawn d = draw(5, 0, 0, N_EXPECTED);
    for (size_t k = 0; k < N_OF(widths); k++) {
        const size_t n_windows = (size_t)(N_EXPECTED / widths[k]);
        double squares = 0;
        size_t i = 0;
        for (size_t w = 0; w < n_windows; w++) {
            double n = 0;
            for (; i < d.n && d.at[i] < (double)(w + 1) * widths[k]; i++)
                n++;
            squares += (n - widths[k]) * (n - widths[k]);
        }
        const double dispersion = squares / (double)n_windows / widths[k];
        /* The fourth moment of a small count is larger than a normal one's. */
        assert_true(fabs(dispersion - 1) < 4 * sqrt((2 + 1 / widths[k]) / (double)n_windows));
    }
    free(d.at);
}

/* Chi-square of the counts of whole blocks against the Poisson distribution, the tails put together. */
static void blocks_hold_poisson_counts(void **state)
{
    enum { LEAST = 4, MOST = 32, CELLS = MOST - LEAST + 1 };
    (void)state;
    const struct drawn d = draw(6, 0, 0, N_EXPECTED);
    double seen[CELLS] = { 0 };
    double x = 0;
    size_t i = 0;
    for (size_t b = 0; b < N_EXPECTED / BLOCK; b++) {
        int n = 0;
        for (; i < d.n && d.at[i] < (double)(b + 1) * BLOCK; i++)
            n++;
        seen[n < LEAST ? 0 : n > MOST ? CELLS - 1 : n - LEAST]++;
    }
    for (int c = 0; c < CELLS; c++) {
        double chance = 0;
        for (int n = c == 0 ? 0 : LEAST + c; n <= (c == CELLS - 1 ? 70 : LEAST + c); n++)
            chance += exp(-BLOCK + n * log(BLOCK) - lgamma(n + 1));
        const double wanted = chance * N_EXPECTED / BLOCK;
        x += (seen[c] - wanted) * (seen[c] - wanted) / wanted;
    }
    assert_true(prob_chi_square_upper(x, CELLS - 1) > 0.01);
    free(d.at);
}

/* The last block is narrower, and may be all there is. */
static void short_phases_have_poisson_counts_too(void **state)
{
    static const double expected[] = { 0.01, 0.5, 3, 15.9, 16, 16.5, 31 };
    enum { PHASES = 4000 };
    (void)state;
    for (size_t k = 0; k < N_OF(expected); k++) {
        double sum = 0;
        double squares = 0;
        for (uint32_t phase = 0; phase < PHASES; phase++) {
            const struct drawn d = draw(7, 1, phase, expected[k]);
            sum += (double)d.n;
            squares += ((double)d.n - expected[k]) * ((double)d.n - expected[k]);
            for (size_t i = 0; i < d.n; i++)
                assert_true(d.at[i] >= 0 && d.at[i] < expected[k]);
            free(d.at);
        }
        assert_true(fabs(sum / PHASES - expected[k]) < 4 * sqrt(expected[k] / PHASES));
        assert_true(fabs(squares / PHASES / expected[k] - 1) < 4 * sqrt((2 + 1 / expected[k]) / PHASES));
    }
    const struct drawn none = draw(7, 1, 0, 0);
    assert_int_equal(none.n, 0);
    free(none.at);
}

/* Correlation of the counts per unit of two phases, streams or seeds. */
static void phases_streams_and_seeds_are_unrelated(void **state)
{
    static const struct {
        uint64_t seed;
        uint32_t stream, phase;
    } others[] = { { 8, 0, 1 }, { 8, 1, 0 }, { 9, 0, 0 } };
    enum { UNITS = 50000 };
    (void)state;
    const struct drawn a = draw(8, 0, 0, UNITS);
    for (size_t k = 0; k < N_OF(others); k++) {
        const struct drawn b = draw(others[k].seed, others[k].stream, others[k].phase, UNITS);
        double sum = 0;
        size_t i = 0;
        size_t j = 0;
        for (int u = 1; u <= UNITS; u++) {
            double n = 0;
            double m = 0;
            for (; i < a.n && a.at[i] < u; i++)
                n++;
            for (; j < b.n && b.at[j] < u; j++)
                m++;
            sum += (n - 1) * (m - 1);
        }
        assert_true(fabs(sum / UNITS) < 4 / sqrt(UNITS));
        free(b.at);
    }
    free(a.at);
}

/* A share of many draws its own arrivals alone: the same as one that draws all. */
static void a_few_numbers_can_be_drawn_alone(void **state)
{
    enum { OWNERS = 1000, OWNER = 123 };
    const struct division few = { .n_connections = OWNERS, .n_sharers = OWNERS, .index = OWNER };
    struct division_walk own = division_walk_begin(&few);
    struct division_walk every = division_walk_begin(&only);
    struct poisson p;
    struct poisson whole;
    double at;
    double same = 0;
    uint64_t number;
    uint64_t found;
    size_t n = 0;
    (void)state;
    poisson_begin(&p, 10, 2, 3, N_EXPECTED, 77);
    poisson_begin(&whole, 10, 2, 3, N_EXPECTED, 77);
    division_walk_next(&own); /* past what was before the phase */
    every.number = 77;
    for (; poisson_next(&p, &own, &at, &number); n++) {
        assert_int_equal(number % OWNERS, OWNER);
        do
            assert_true(poisson_next(&whole, &every, &same, &found));
        while (found != number);
        assert_true(same == at);
    }
    assert_in_range(n, N_EXPECTED / OWNERS - 20, N_EXPECTED / OWNERS + 20);
    while (poisson_next(&whole, &every, &same, &found))
        ;
    assert_int_equal(poisson_end_number(&p), poisson_end_number(&whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_exponential),
        cmocka_unit_test(gaps_are_independent_of_each_other),
        cmocka_unit_test(counts_vary_as_they_should_in_windows_of_any_width),
        cmocka_unit_test(blocks_hold_poisson_counts),
        cmocka_unit_test(short_phases_have_poisson_counts_too),
        cmocka_unit_test(phases_streams_and_seeds_are_unrelated),
        cmocka_unit_test(a_few_numbers_can_be_drawn_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
