#include "export.h"

#include "arms.h"
#include "claims.h"
#include "csv.h"
#include "dataset.h"
#include "dataset_derived.h"
#include "err.h"
#include "json_out.h"
#include "run_object.h"

#include <math.h>
#include <stdlib.h>

enum { TICKS_PER_HALVING = 5 };

int export_json(FILE *out, const struct dataset *data, struct err *e)
{
    struct dataset_derived d;
    json_t *root = NULL;
    if (dataset_derived_init(&d, data, e) == 0)
        root = run_object_json(&(struct run_object){
            .run = data->run.root, .derived = &d.run, .claims = data->claims, .folder = data->folder });
    dataset_derived_fini(&d);
    const int status = json_out_write(out, root);
    json_decref(root);
    return status ? err_set(e, ERR_FAILED, "cannot write the JSON of %s", data->folder) : 0;
}

static void write_bins(struct csv_writer *csv, const char *cluster, enum outcome class, const struct hist *h)
{
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        if (hist_count(h, i) == 0)
            continue;
        csv_text(csv, cluster);
        csv_text(csv, outcome_name(class));
        csv_us(csv, hist_lowest_ns(i));
        csv_us(csv, hist_highest_ns(i));
        csv_u64(csv, hist_count(h, i));
        csv_end_row(csv);
    }
}

/* Attempts that have no place among the times. */
static void write_count(struct csv_writer *csv, const char *cluster, const char *class, uint64_t n)
{
    if (n == 0)
        return;
    csv_text(csv, cluster);
    csv_text(csv, class);
    csv_empty(csv);
    csv_empty(csv);
    csv_u64(csv, n);
    csv_end_row(csv);
}

void export_csv(FILE *out, const struct dataset *data)
{
    struct csv_writer csv = { .file = out }; /* borrowed */
    fputs("cluster,class,lo_us,hi_us,count_n\n", out);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct attempts *a = dataset_attempts(data, arm);
        const char *cluster = data->arms[arm].cluster;
        write_bins(&csv, cluster, OUTCOME_OK, a->ok);
        write_bins(&csv, cluster, OUTCOME_CENSORED, a->censored);
        write_count(&csv, cluster, outcome_name(OUTCOME_CENSORED), a->n_censored - a->censored->n);
        write_count(&csv, cluster, "failed", a->n_failed);
    }
}

/* The next percentile to print; ticks grow denser towards 1. */
static double next_tick(double fraction)
{
    const double halvings = floor(log2(1 / (1 - fraction))) + 1;
    return fraction + 1 / (TICKS_PER_HALVING * exp2(halvings));
}

/* Of `n` attempts: where some failed or were cut off, the rows end below 1. */
static void print_rows(FILE *out, const struct hist *h, uint64_t n)
{
    uint64_t seen_n = 0;
    double tick = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        seen_n += hist_count(h, i);
        const double reached = (double)seen_n / (double)n;
        while (hist_count(h, i) && seen_n < n && tick <= reached + 1e-12) {
            fprintf(out, "%12.6f %2.12f %10llu %14.2f\n", (double)hist_highest_ns(i) / 1e6, tick,
                    (unsigned long long)seen_n, 1 / (1 - tick));
            tick = next_tick(tick);
        }
    }
    if (h->n > 0 && h->n == n)
        fprintf(out, "%12.6f %2.12f %10llu\n", (double)hist_highest_ns(hist_last(h)) / 1e6, 1.0,
                (unsigned long long)h->n);
}

void export_hgrm(FILE *out, const struct dataset *data, size_t arm)
{
    const struct hist *h = data->latency[arm];
    double sum = 0, squares = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        const double ms = 0.5 * ((double)hist_lowest_ns(i) + (double)hist_highest_ns(i)) / 1e6;
        sum += (double)hist_count(h, i) * ms;
        squares += (double)hist_count(h, i) * ms * ms;
    }
    const double n = h->n ? (double)h->n : 1;
    const double mean = sum / n;
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    print_rows(out, h, attempts_n(dataset_attempts(data, arm)));
    fprintf(out, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n", mean,
            sqrt(fmax(squares / n - mean * mean, 0)));
    fprintf(out, "#[Max     = %12.6f, Total count    = %12llu]\n",
            h->n ? (double)hist_highest_ns(hist_last(h)) / 1e6 : 0.0, (unsigned long long)h->n);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", HIST_N_COUNTS / 1024 - 1, 2048);
}
