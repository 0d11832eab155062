#include "bootstrap.h"

#include "err.h"
#include "hist.h"
#include "order.h"
#include "random.h"
#include "timeline.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

const struct bootstrap_params bootstrap_defaults = { .n_resamples = 2000, .confidence = 0.95 };

/* The timeline as a table: the number of values of unit t in bins up to the j-th. The percentile of a
 * weighted sum of units is found by bisection over j, at n_units per step, without adding histograms. */
struct table {
    size_t n_units;
    size_t n_bins;
    uint32_t *index;  /* of each bin that any unit uses, ascending */
    uint64_t *up_to;  /* by bin, then by unit */
    uint32_t *weight; /* how often each unit was drawn */
    struct block_length block;
};

static void table_fini(struct table *table)
{
    free(table->index);
    free(table->up_to);
    free(table->weight);
}

static int find_used_bins(const struct timeline *t, struct table *table, struct err *e)
{
    bool *used = calloc(HIST_N_COUNTS, sizeof *used);
    table->index = malloc(HIST_N_COUNTS * sizeof *table->index);
    if (!used || !table->index) {
        free(used);
        return err_errno(e, ERR_FAILED, "cannot resample %zu seconds", t->n_units);
    }
    for (size_t u = 0; u < t->n_units; u++)
        for (size_t i = 0; i < t->units[u].n_bins; i++)
            used[t->units[u].bins[i].index] = true;
    for (uint32_t index = 0; index < HIST_N_COUNTS; index++)
        if (used[index])
            table->index[table->n_bins++] = index;
    free(used);
    return 0;
}

static void fill_column(const struct timeline_unit *unit, size_t column, struct table *table)
{
    uint64_t seen = 0;
    size_t next = 0;
    for (size_t j = 0; j < table->n_bins; j++) {
        if (next < unit->n_bins && unit->bins[next].index == table->index[j])
            seen += unit->bins[next++].count;
        table->up_to[j * table->n_units + column] = seen;
    }
}

static int choose_block(struct timeline *t, struct table *table, struct err *e)
{
    double *median_ns = malloc(t->n_units * sizeof *median_ns);
    if (!median_ns)
        return err_errno(e, ERR_FAILED, "cannot resample %zu seconds", t->n_units);
    size_t n;
    const int status = timeline_percentiles(t, 500000, median_ns, &n, e);
    if (status == 0)
        table->block = block_length_choose(median_ns, n);
    free(median_ns);
    return status;
}

static int check_units(const struct timeline *t, struct err *e)
{
    if (timeline_n(t) == 0)
        return err_set(e, ERR_FAILED, "there is nothing to resample: no request was recorded");
    if (t->n_units < 2)
        return err_set(e, ERR_FAILED,
                       "one second cannot be resampled: an interval within a run needs at least two");
    return 0;
}

/* Needs a timeline that check_units accepts. */
static int table_init(struct table *table, struct timeline *t, struct err *e)
{
    *table = (struct table){ .n_units = t->n_units };
    if (timeline_settle(t, e) != 0 || find_used_bins(t, table, e) != 0 || choose_block(t, table, e) != 0)
        goto fail;
    assert(table->n_bins > 0 && table->n_units > 1);
    table->up_to = calloc(table->n_bins, table->n_units * sizeof *table->up_to);
    table->weight = calloc(table->n_units, sizeof *table->weight);
    if (!table->up_to || !table->weight) {
        err_errno(e, ERR_FAILED, "cannot resample %zu seconds of %zu bins", t->n_units, table->n_bins);
        goto fail;
    }
    for (size_t u = 0; u < t->n_units; u++)
        fill_column(&t->units[u], u, table);
    return 0;
fail:
    table_fini(table);
    return -1;
}

static void weigh_equally(struct table *table)
{
    for (size_t u = 0; u < table->n_units; u++)
        table->weight[u] = 1;
}

static uint64_t n_up_to(const struct table *table, size_t j)
{
    const uint64_t *row = &table->up_to[j * table->n_units];
    uint64_t n = 0;
    for (size_t u = 0; u < table->n_units; u++)
        n += table->weight[u] * row[u];
    return n;
}

/* Draws blocks until as many units are drawn as there are; again in the rare case that all are empty. */
static void draw_blocks(struct table *table, struct random *random)
{
    do {
        for (size_t u = 0; u < table->n_units; u++)
            table->weight[u] = 0;
        for (size_t drawn = 0; drawn < table->n_units;) {
            const size_t start = random_below(random, table->n_units);
            for (size_t k = 0; k < table->block.length && drawn < table->n_units; k++, drawn++)
                table->weight[(start + k) % table->n_units]++;
        }
    } while (n_up_to(table, table->n_bins - 1) == 0);
}

/* Index of the bin that holds the percentile of the weighted sum. */
static uint32_t percentile_index(const struct table *table, uint32_t p_ppm)
{
    const uint64_t rank = hist_rank(n_up_to(table, table->n_bins - 1), p_ppm);
    size_t first = 0;
    size_t last = table->n_bins - 1;
    while (first < last) {
        const size_t middle = first + (last - first) / 2;
        if (n_up_to(table, middle) >= rank)
            last = middle;
        else
            first = middle + 1;
    }
    return table->index[first];
}

/* draws[i * n_resamples + b] receives the bin index of the i-th percentile in resample b. */
static void resample(struct table *table, const uint32_t *p_ppm, size_t n_p, uint32_t n_resamples,
                     struct random *random, double *draws)
{
    for (size_t b = 0; b < n_resamples; b++) {
        draw_blocks(table, random);
        for (size_t i = 0; i < n_p; i++)
            draws[i * n_resamples + b] = percentile_index(table, p_ppm[i]);
    }
}

/* How many of n sorted draws are outside at either end. */
static size_t left_out(uint32_t n, double confidence)
{
    return (size_t)floor((1 - confidence) / 2 * n + 1e-9);
}

static void interval_of(double *draws, const struct bootstrap_params *params, double *lo, double *hi)
{
    const size_t n = params->n_resamples;
    const size_t outside = left_out(params->n_resamples, params->confidence);
    order_sort(draws, n);
    *lo = draws[outside];
    *hi = draws[n - 1 - outside];
}

int bootstrap_percentiles(struct timeline *t, const uint32_t *p_ppm, size_t n_p,
                          const struct bootstrap_params *params, struct bootstrap_interval *out,
                          struct block_length *block, struct err *e)
{
    struct table table;
    if (check_units(t, e) != 0 || table_init(&table, t, e) != 0)
        return -1;
    double *draws = malloc(n_p * params->n_resamples * sizeof *draws);
    if (!draws) {
        table_fini(&table);
        return err_errno(e, ERR_FAILED, "cannot keep %u resamples", params->n_resamples);
    }
    struct random random;
    random_init(&random, params->seed, 0);
    resample(&table, p_ppm, n_p, params->n_resamples, &random, draws);
    weigh_equally(&table);
    for (size_t i = 0; i < n_p; i++) {
        double lo, hi;
        interval_of(&draws[i * params->n_resamples], params, &lo, &hi);
        out[i].value_ns = hist_highest_ns(percentile_index(&table, p_ppm[i]));
        out[i].lo_ns = hist_lowest_ns((uint32_t)lo);
        out[i].hi_ns = hist_highest_ns((uint32_t)hi);
    }
    *block = table.block;
    free(draws);
    table_fini(&table);
    return 0;
}

static double log_value(double index)
{
    return log((double)hist_highest_ns((uint32_t)index));
}

static int ratios_of(struct table *a, struct table *b, const uint32_t *p_ppm, size_t n_p,
                     const struct bootstrap_params *params, struct bootstrap_ratio *out, struct err *e)
{
    const size_t n_draws = n_p * params->n_resamples;
    double *draws_a = malloc(2 * n_draws * sizeof *draws_a);
    if (!draws_a)
        return err_errno(e, ERR_FAILED, "cannot keep %u resamples", params->n_resamples);
    double *draws_b = draws_a + n_draws;
    struct random random;
    random_init(&random, params->seed, 1);
    resample(a, p_ppm, n_p, params->n_resamples, &random, draws_a);
    random_init(&random, params->seed, 2);
    resample(b, p_ppm, n_p, params->n_resamples, &random, draws_b);
    for (size_t k = 0; k < n_draws; k++)
        draws_b[k] = log_value(draws_b[k]) - log_value(draws_a[k]);
    weigh_equally(a);
    weigh_equally(b);
    for (size_t i = 0; i < n_p; i++) {
        double lo, hi;
        interval_of(&draws_b[i * params->n_resamples], params, &lo, &hi);
        out[i].ratio =
            exp(log_value(percentile_index(b, p_ppm[i])) - log_value(percentile_index(a, p_ppm[i])));
        out[i].lo = exp(lo);
        out[i].hi = exp(hi);
    }
    free(draws_a);
    return 0;
}

int bootstrap_ratios(struct timeline *a, struct timeline *b, const uint32_t *p_ppm, size_t n_p,
                     const struct bootstrap_params *params, struct bootstrap_ratio *out, struct err *e)
{
    struct table table_a, table_b;
    if (check_units(a, e) != 0 || check_units(b, e) != 0 || table_init(&table_a, a, e) != 0)
        return -1;
    int status = table_init(&table_b, b, e);
    if (status == 0) {
        status = ratios_of(&table_a, &table_b, p_ppm, n_p, params, out, e);
        table_fini(&table_b);
    }
    table_fini(&table_a);
    return status;
}
