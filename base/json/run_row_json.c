#include "run_row_json.h"

#include "claims.h"
#include "derived_attempts.h"
#include "hist_moments.h"
#include "json_tree.h"
#include "quantile.h"
#include "status_counts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint32_t percentiles_ppm[] = { 500000, 750000, 900000, 950000, 990000, 999000, 999900, 999990 };
enum { N_PERCENTILES = sizeof percentiles_ppm / sizeof *percentiles_ppm };
static const double CONFIDENCE = 0.95;

struct times {
    struct hist *ok, *ages, *connect; /* owned */
};

static json_t *us_json(bool is_known, double ns)
{
    return is_known ? json_tree_real(ns / 1e3) : json_null();
}

/* Its streams are those whose times are merged. */
static struct derived_scope scope_of(const struct derived_run *run, const struct claim_row *row)
{
    struct derived_scope scope = { 0 };
    for (size_t i = 0; i < run->n_clusters; i++)
        if (strcmp(run->clusters[i].name, row->cluster) == 0)
            scope.cluster = &run->clusters[i];
    for (size_t i = 0; row->stream && i < run->n_streams; i++)
        if (strcmp(run->streams[i].name, row->stream) == 0 &&
            strcmp(run->streams[i].cluster, row->cluster) == 0)
            scope.stream = &run->streams[i];
    for (size_t i = 0; row->step && scope.stream && i < scope.stream->n_rows; i++)
        if (strcmp(scope.stream->rows[i].name, row->step) == 0)
            scope.row = &scope.stream->rows[i];
    return scope;
}

static json_t *percentile_json(const struct attempts *a, uint32_t p_ppm)
{
    const struct attempt_time t = attempts_time(a, p_ppm);
    const struct quantile_interval interval = quantile_interval(a, p_ppm, CONFIDENCE);
    json_t *row = json_object();
    json_tree_set(&row, "value_us", us_json(t.state == ATTEMPT_EXACT, (double)t.value_ns));
    json_tree_set(&row, "at_least_us",
                  us_json(t.state == ATTEMPT_AT_LEAST || t.at_least_ns > 0, (double)t.at_least_ns));
    json_tree_set(&row, "low_us", us_json(interval.has_low, (double)interval.low_ns));
    json_tree_set(&row, "high_us", us_json(interval.has_high, (double)interval.high_ns));
    json_tree_set(&row, "state", json_tree_text_or_null(attempt_state_name(t.state)));
    json_tree_set(&row, "beyond_n", json_tree_count(hist_n_beyond(attempts_n(a), p_ppm)));
    return row;
}

/* Between two claims the stricter one counts. */
static json_t *percentiles_json(const struct attempts *a, const struct claim_row *row)
{
    json_t *all = json_object();
    char name[HIST_PERCENTILE_BYTES];
    for (int i = 0; attempts_n(a) > 0 && i < N_PERCENTILES; i++) {
        const struct claim *claim = &row->claims[claim_what_at(percentiles_ppm[i])];
        json_t *one = percentile_json(a, percentiles_ppm[i]);
        json_tree_set(&one, "level", json_string(claim_level_name(claim->level)));
        json_tree_set(&one, "generator_share", json_tree_real(claim->generator_share));
        json_tree_set(&all, hist_percentile_name(percentiles_ppm[i], name), one);
    }
    return all;
}

static json_t *percentiles_of(const struct hist *times)
{
    json_t *all = json_object();
    char name[HIST_PERCENTILE_BYTES];
    for (int i = 0; times->n > 0 && i < N_PERCENTILES; i++)
        json_tree_set(&all, hist_percentile_name(percentiles_ppm[i], name),
                      us_json(true, (double)hist_value_at_ppm(times, percentiles_ppm[i])));
    return all;
}

static void set_moments(json_t **object, const struct hist *times)
{
    const bool has_some = times->n > 0;
    json_tree_set(object, "mean_us", us_json(has_some, hist_mean_ns(times)));
    json_tree_set(object, "stdev_us", us_json(has_some, hist_stdev_ns(times)));
    json_tree_set(object, "min_us", us_json(has_some, (double)times->min_ns));
    json_tree_set(object, "max_us", us_json(has_some, (double)times->max_ns));
}

static json_t *connect_json(const struct hist *times)
{
    json_t *connect = json_object();
    json_tree_set(&connect, "n", json_tree_count(times->n));
    set_moments(&connect, times);
    json_tree_set(&connect, "percentiles_us", percentiles_of(times));
    return connect;
}

static json_t *errors_json(const uint64_t n_outcomes[static N_OUTCOMES])
{
    json_t *errors = json_object();
    for (int o = 0; o < N_OUTCOMES; o++)
        if (outcome_is_failure((enum outcome)o) && n_outcomes[o] > 0)
            json_tree_set(&errors, outcome_name((enum outcome)o), json_tree_count(n_outcomes[o]));
    return errors;
}

static json_t *statuses_json(const struct status_counts *counts)
{
    json_t *statuses = json_object();
    for (uint32_t i = 0; i < counts->n; i++) {
        char status[16];
        snprintf(status, sizeof status, "%u", counts->rows[i].status);
        if (counts->rows[i].n > 0)
            json_tree_set(&statuses, counts->rows[i].status ? status : "other",
                          json_tree_count(counts->rows[i].n));
    }
    return statuses;
}

static void add_outcomes(const struct derived_run *run, const struct derived_scope *scope,
                         const struct derived_stream *stream, uint64_t n_outcomes[static N_OUTCOMES])
{
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct derived_phase *p = &run->phases[i];
        const bool is_of_it =
            strcmp(p->stream, stream->name) == 0 && strcmp(p->cluster, stream->cluster) == 0;
        for (int o = 0; is_of_it && !p->warmup && o < N_OUTCOMES; o++)
            n_outcomes[o] += derived_cell_of(scope, p)->n_outcomes[o];
    }
}

/* What the streams have outside of warm-up. */
static void set_sums(json_t **object, const struct derived_run *run, const struct derived_scope *scope,
                     const struct claim_row *row)
{
    const enum metric headline = row->headline;
    const double active_s = (double)row->active_ns / 1e9;
    struct status_counts statuses = { .n = 0 };
    uint64_t bytes_rx = 0, bytes_tx = 0, n_outcomes[N_OUTCOMES] = { 0 };
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct derived_stream *stream = &run->streams[i];
        if (!derived_is_merged(run, scope, stream, headline))
            continue;
        bytes_rx += stream->bytes_rx;
        bytes_tx += stream->bytes_tx;
        for (size_t k = 0; k < stream->n_statuses; k++)
            status_counts_add(&statuses, stream->statuses[k].status, stream->statuses[k].n);
        add_outcomes(run, scope, stream, n_outcomes);
    }
    json_tree_set(object, "errors", errors_json(n_outcomes));
    if (row->step)
        return;
    json_tree_set(object, "statuses", statuses_json(&statuses));
    json_tree_set(object, "bytes_rx", json_tree_count(bytes_rx));
    json_tree_set(object, "bytes_tx", json_tree_count(bytes_tx));
    json_tree_set(object, "bytes_per_s", json_tree_real(active_s > 0 ? (double)bytes_rx / active_s : NAN));
}

static void set_counts(json_t **object, const struct claim_row *row)
{
    const struct claim *rate = &row->claims[CLAIM_RATE];
    json_tree_set(object, "metric", json_string(metric_name(row->headline)));
    json_tree_set(object, "attempts_n", json_tree_count(row->n));
    json_tree_set(object, "ok_n", json_tree_count(row->n_ok));
    json_tree_set(object, "failed_n", json_tree_count(row->n_failed));
    json_tree_set(object, "failed_ratio",
                  json_tree_real(row->n > 0 ? (double)row->n_failed / (double)row->n : NAN));
    json_tree_set(object, "censored_n", json_tree_count(row->n_censored));
    json_tree_set(object, "ok_late_n", json_tree_count(row->n_late));
    json_tree_set(object, "active_s", json_tree_real((double)row->active_ns / 1e9));
    json_tree_set(object, "good_per_s", json_tree_real(rate->rate_per_s));
    json_tree_set(object, "good_per_s_level", json_string(claim_level_name(rate->level)));
}

static void set_times(json_t **object, const struct derived_run *run, const struct derived_scope *scope,
                      const struct claim_row *row, const struct times *times)
{
    const enum metric headline = row->headline;
    const struct attempts a = derived_attempts(run, scope, headline, headline, times->ok, times->ages);
    json_tree_set(object, "percentiles", percentiles_json(&a, row));
    set_moments(object, times->ok);
    json_tree_set(object, "ok_percentiles_us", percentiles_of(times->ok));
    if (row->step)
        return;
    derived_times(run, scope, METRIC_CONNECT, OUTCOME_OK, times->connect);
    json_tree_set(object, "connect", connect_json(times->connect));
}

void run_row_json_set(json_t **object, const struct derived_run *run, const struct claim_row *row)
{
    const struct derived_scope scope = scope_of(run, row);
    const struct times times = { hist_new(), hist_new(), hist_new() };
    set_counts(object, row);
    set_sums(object, run, &scope, row);
    if (times.ok && times.ages && times.connect)
        set_times(object, run, &scope, row, &times);
    else
        json_tree_set(object, "percentiles", NULL); /* memory is short: so is the object */
    hist_free(times.ok);
    hist_free(times.ages);
    hist_free(times.connect);
}
