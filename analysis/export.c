#include "export.h"

#include "arms.h"
#include "claims.h"
#include "csv.h"
#include "dataset.h"
#include "err.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const uint32_t percentiles_ppm[] = { 500000, 750000, 900000, 950000, 990000, 999000, 999900, 1000000 };
enum {
    N_PERCENTILES = sizeof percentiles_ppm / sizeof *percentiles_ppm,
    TICKS_PER_HALVING = 5,
    REAL_DIGITS = 15
};

static json_t *us_or_null(bool is_known, uint64_t ns)
{
    return is_known ? json_real((double)ns / 1000) : json_null();
}

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Over all attempts; or, without claims, over the good answers alone. */
static json_t *percentiles_json(const struct attempts *a, const struct claims *claims, const char *cluster)
{
    json_t *list = json_array();
    for (int i = 0; attempts_n(a) > 0 && i < N_PERCENTILES; i++) {
        const struct attempt_time t = attempts_time(a, percentiles_ppm[i]);
        json_t *row = json_pack("{s:I, s:o, s:o, s:s, s:I}", "p_ppm", (json_int_t)percentiles_ppm[i],
                                "value_us", us_or_null(t.state == ATTEMPT_EXACT, t.value_ns), "at_least_us",
                                us_or_null(t.state == ATTEMPT_AT_LEAST || t.at_least_ns > 0, t.at_least_ns),
                                "state", attempt_state_name(t.state), "n_beyond",
                                (json_int_t)hist_n_beyond(attempts_n(a), percentiles_ppm[i]));
        const struct claim *claim = claims ? claims_at(claims, cluster, percentiles_ppm[i]) : NULL;
        if (claim) {
            json_object_set_new(row, "level", json_string(claim_level_name(claim->level)));
            json_object_set_new(row, "generator_share", real_or_null(claim->generator_share));
        }
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *arm_json(const struct dataset *data, size_t arm)
{
    const char *cluster = data->arms[arm].cluster;
    const struct claim_row *row = claims_cluster(data->claims, cluster);
    const struct claim *rate = &row->claims[CLAIM_RATE];
    const struct attempts *a = dataset_attempts(data, arm);
    const struct attempts good = { .ok = a->ok };
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:s, s:o, s:o}", "cluster", cluster, "label",
                     data->arms[arm].label, "attempts_n", (json_int_t)row->n, "ok_n", (json_int_t)row->n_ok,
                     "failed_n", (json_int_t)row->n_failed, "censored_n", (json_int_t)row->n_censored,
                     "ok_late_n", (json_int_t)row->n_late, "ok_per_s", real_or_null(rate->rate_per_s),
                     "ok_per_s_level", claim_level_name(rate->level), "percentiles",
                     percentiles_json(a, data->claims, cluster), "percentiles_ok",
                     percentiles_json(&good, NULL, cluster));
}

int export_json(FILE *out, const struct dataset *data, struct err *e)
{
    json_t *clusters = json_array();
    int is_short = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        is_short |= json_array_append_new(clusters, arm_json(data, arm));
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:f, s:s, s:s, s:b, s:o}", "schema_version", 2, "run_id", data->run.run_id,
        "started_utc", data->run.started_utc, "duration_s", data->run.duration_s, "end", data->run.end,
        "metric", metric_name(data->headline), "emulated", data->run.emulated, "clusters", clusters);
    const int status =
        root && !is_short ? json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS)) : -1;
    json_decref(root);
    fputs("\n", out);
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
