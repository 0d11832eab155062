#include "caption_campaign.h"

#include "caption.h"
#include "comparison.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The runs in the order in which they began, each once: side by side, both samples of a pair are one run. */
struct campaign_runs {
    const struct sample **rows; /* owned */
    size_t n;
};

static int by_start(const void *a, const void *b)
{
    const struct sample *x = *(const struct sample *const *)a, *y = *(const struct sample *const *)b;
    return (x->started_ns > y->started_ns) - (x->started_ns < y->started_ns);
}

static struct campaign_runs runs_of(const struct comparison *c)
{
    const size_t n_pairs = c->n_pairs + c->n_controls;
    struct campaign_runs runs = { .rows = calloc(2 * n_pairs + 1, sizeof(struct sample *)) };
    for (size_t i = 0; runs.rows && i < n_pairs; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        runs.rows[runs.n++] = &pair->a;
        if (strcmp(pair->a.run_id, pair->b.run_id) != 0)
            runs.rows[runs.n++] = &pair->b;
    }
    if (runs.rows)
        qsort(runs.rows, runs.n, sizeof *runs.rows, by_start);
    return runs;
}

static uint64_t end_ns(const struct sample *run)
{
    return run->started_ns + (uint64_t)(run->duration_s * 1e9);
}

static int by_length(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The usual time between two runs; NAN of a single run. A campaign that was resumed has longer ones. */
static double usual_gap_s(const struct campaign_runs *runs)
{
    double *gaps_s = calloc(runs->n + 1, sizeof *gaps_s);
    const size_t n = runs->n > 1 ? runs->n - 1 : 0;
    for (size_t i = 0; gaps_s && i < n; i++)
        gaps_s[i] = ((double)runs->rows[i + 1]->started_ns - (double)end_ns(runs->rows[i])) / 1e9;
    if (gaps_s)
        qsort(gaps_s, n, sizeof *gaps_s, by_length);
    const double usual_s = gaps_s && n > 0 ? gaps_s[n / 2] : NAN;
    free(gaps_s);
    return usual_s;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* "8 pairs and 2 control pairs, 2026-11-21 22:10 to 22:40 UTC, 2.00 s between runs, campaign seed 7. " */
static void describe_runs(FILE *out, const struct comparison *c, const struct campaign_runs *runs)
{
    char text[UNITS_TEXT_BYTES];
    const double gap_s = usual_gap_s(runs);
    fprintf(out, "%zu pair%s", c->n_pairs, plural(c->n_pairs));
    if (c->n_controls > 0)
        fprintf(out, " and %zu control pair%s", c->n_controls, plural(c->n_controls));
    if (runs->n > 0) {
        fputs(", ", out);
        caption_period(out, runs->rows[0]->started_ns, end_ns(runs->rows[runs->n - 1]));
    }
    if (gap_s >= 0)
        fprintf(out, ", %s between runs", units_duration_text((uint64_t)(gap_s * 1e9), text));
    if (c->seed > 0)
        fprintf(out, ", campaign seed %" PRIu64, c->seed);
    fputs(". ", out);
}

static void describe_load(FILE *out, const struct comparison_pair *pair)
{
    if (strcmp(pair->a.load, pair->b.load) == 0)
        fprintf(out, "Load of each run: %s. ", pair->a.load);
    else
        fprintf(out, "Load of %s: %s; of %s: %s. ", pair->a.label, pair->a.load, pair->b.label, pair->b.load);
}

static void describe_failures(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    const struct comparison_errors errors = comparison_errors(c);
    fprintf(out, "Failed in the pairs: %s ", pair->a.label);
    caption_failed(out, errors.a_err, errors.a_n);
    fprintf(out, ", %s ", pair->b.label);
    caption_failed(out, errors.b_err, errors.b_n);
    fputs(". ", out);
}

static void describe_invalid(FILE *out, const struct comparison *c)
{
    if (c->n_invalid > 0)
        fprintf(out, "In %zu of %zu run%s %s may be loadgen's own doing. ", c->n_invalid, c->n_runs,
                plural(c->n_runs), sample_value_name(c->primary));
}

void caption_campaign(FILE *out, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    struct campaign_runs runs = runs_of(c);
    describe_runs(out, c, &runs);
    if (pair) {
        describe_load(out, pair);
        describe_failures(out, c, pair);
        if (pair->a.emulated)
            fputs("Instances are emulated. ", out);
    }
    describe_invalid(out, c);
    if (c->n_broken > 0)
        fprintf(out, "%zu pair%s left out: %s. ", c->n_broken, c->n_broken == 1 ? " is" : "s are",
                c->why_broken);
    free(runs.rows);
}
