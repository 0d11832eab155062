#include "export.h"

#include "arms.h"
#include "csv.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const uint32_t percentiles_ppm[] = { 500000, 750000, 900000, 950000, 990000, 999000, 999900, 1000000 };
enum { N_PERCENTILES = sizeof percentiles_ppm / sizeof *percentiles_ppm, TICKS_PER_HALVING = 5 };

static json_t *percentiles_json(const struct hist *h)
{
    json_t *list = json_array();
    for (int i = 0; h->n > 0 && i < N_PERCENTILES; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:f, s:I}", "p_ppm", (json_int_t)percentiles_ppm[i],
                                        "value_us", (double)hist_value_at_ppm(h, percentiles_ppm[i]) / 1000,
                                        "n_beyond", (json_int_t)hist_n_beyond(h->n, percentiles_ppm[i])));
    return list;
}

static json_t *arm_json(const struct dataset *data, size_t arm)
{
    const struct facts facts = facts_of_arm(data, arm);
    return json_pack("{s:s, s:s, s:I, s:o, s:o, s:o}", "cluster", data->arms[arm].cluster, "label",
                     data->arms[arm].label, "ok_n", (json_int_t)facts.ok_n, "err_n",
                     facts.err_known ? json_integer((json_int_t)facts.err_n) : json_null(), "ok_per_s",
                     isfinite(facts.per_s) ? json_real(facts.per_s) : json_null(), "percentiles",
                     percentiles_json(data->latency[arm]));
}

int export_json(FILE *out, const struct dataset *data, struct err *e)
{
    json_t *clusters = json_array();
    int is_short = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        is_short |= json_array_append_new(clusters, arm_json(data, arm));
    json_t *root = json_pack("{s:i, s:s, s:s, s:f, s:s, s:s, s:b, s:o}", "schema_version", 1, "run_id",
                             data->run.run_id, "started_utc", data->run.started_utc, "duration_s",
                             data->run.duration_s, "metric", metric_name(data->headline), "verdict",
                             data->run.verdict, "emulated", data->run.emulated, "clusters", clusters);
    const int status = root && !is_short ? json_dumpf(root, out, JSON_INDENT(2)) : -1;
    json_decref(root);
    fputs("\n", out);
    return status ? err_set(e, ERR_FAILED, "cannot write the JSON of %s", data->folder) : 0;
}

static void write_bin(struct csv_writer *csv, const char *cluster, uint32_t index, uint64_t n)
{
    csv_text(csv, cluster);
    csv_us(csv, hist_lowest_ns(index));
    csv_us(csv, hist_highest_ns(index));
    csv_u64(csv, n);
    csv_end_row(csv);
}

void export_csv(FILE *out, const struct dataset *data)
{
    struct csv_writer csv = { .file = out }; /* borrowed */
    fputs("cluster,lo_us,hi_us,count_n\n", out);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct hist *h = data->latency[arm];
        for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++)
            if (hist_count(h, i))
                write_bin(&csv, data->arms[arm].cluster, i, hist_count(h, i));
    }
}

/* The next percentile to print; ticks grow denser towards 1. */
static double next_tick(double fraction)
{
    const double halvings = floor(log2(1 / (1 - fraction))) + 1;
    return fraction + 1 / (TICKS_PER_HALVING * exp2(halvings));
}

static void print_rows(FILE *out, const struct hist *h)
{
    uint64_t seen_n = 0;
    double tick = 0;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        seen_n += hist_count(h, i);
        const double reached = (double)seen_n / (double)h->n;
        while (hist_count(h, i) && seen_n < h->n && tick <= reached + 1e-12) {
            fprintf(out, "%12.6f %2.12f %10llu %14.2f\n", (double)hist_highest_ns(i) / 1e6, tick,
                    (unsigned long long)seen_n, 1 / (1 - tick));
            tick = next_tick(tick);
        }
    }
    if (h->n > 0)
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
    print_rows(out, h);
    fprintf(out, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n", mean,
            sqrt(fmax(squares / n - mean * mean, 0)));
    fprintf(out, "#[Max     = %12.6f, Total count    = %12llu]\n",
            h->n ? (double)hist_highest_ns(hist_last(h)) / 1e6 : 0.0, (unsigned long long)h->n);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", HIST_N_COUNTS / 1024 - 1, 2048);
}

/* Writes `loadgen_NAME{run="...",cluster="..."`. In labels OpenMetrics escapes quotes, backslashes and
 * line ends. */
static void put_labels(FILE *out, const char *name, const struct dataset *data, size_t arm)
{
    const char *const labels[][2] = { { "{run=", data->run.run_id },
                                      { ",cluster=", data->arms[arm].cluster } };
    fprintf(out, "loadgen_%s", name);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        fprintf(out, "%s\"", labels[i][0]);
        for (const char *c = labels[i][1]; *c; c++)
            fprintf(out, *c == '\n' ? "\\n" : *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        putc('"', out);
    }
}

void export_openmetrics(FILE *out, const struct dataset *data)
{
    fputs("# TYPE loadgen_time_seconds summary\n# UNIT loadgen_time_seconds seconds\n", out);
    fprintf(out, "# HELP loadgen_time_seconds %s of successful requests outside of warm-up\n",
            facts_headline_words(data));
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct hist *h = data->latency[arm];
        for (int i = 0; h->n > 0 && i < N_PERCENTILES; i++) {
            put_labels(out, "time_seconds", data, arm);
            fprintf(out, ",quantile=\"%g\"} %.9f\n", percentiles_ppm[i] / 1e6,
                    (double)hist_value_at_ppm(h, percentiles_ppm[i]) / 1e9);
        }
        put_labels(out, "time_seconds_count", data, arm);
        fprintf(out, "} %llu\n", (unsigned long long)h->n);
    }
    fputs("# TYPE loadgen_requests counter\n# HELP loadgen_requests requests outside of warm-up by how they "
          "ended\n",
          out);
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct facts facts = facts_of_arm(data, arm);
        put_labels(out, "requests_total", data, arm);
        fprintf(out, ",result=\"ok\"} %llu\n", (unsigned long long)facts.ok_n);
        if (facts.err_known) {
            put_labels(out, "requests_total", data, arm);
            fprintf(out, ",result=\"error\"} %llu\n", (unsigned long long)facts.err_n);
        }
    }
    fputs("# EOF\n", out);
}
