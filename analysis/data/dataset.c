#include "dataset.h"

#include "arms.h"
#include "claims.h"
#include "dataset_attempts.h"
#include "dataset_derived.h"
#include "dataset_log.h"
#include "err.h"
#include "json_want.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool arm_has_due_times(const struct dataset *data, size_t arm)
{
    for (size_t i = 0; i < data->run.n_streams; i++)
        if (strcmp(data->run.streams[i].headline, metric_name(METRIC_RESPONSE)) == 0 &&
            strcmp(data->run.streams[i].cluster, data->arms[arm].cluster) == 0)
            return true;
    return false;
}

/* Response time only when every arm has it: a comparison must not mix the two. */
static enum metric choose_headline(const struct dataset *data)
{
    for (size_t arm = 0; arm < data->n_arms; arm++)
        if (!arm_has_due_times(data, arm))
            return METRIC_SERVICE;
    return METRIC_RESPONSE;
}

/* The log has only the bins of extremes, and no sum. */
static void take_exact(struct hist *h, const struct run_exact *exact)
{
    if (exact->max_ns < h->max_ns && hist_index(exact->max_ns) == hist_last(h))
        h->max_ns = exact->max_ns;
    if (exact->n != h->n)
        return;
    if (exact->min_ns > h->min_ns && hist_index(exact->min_ns) == hist_first(h))
        h->min_ns = exact->min_ns;
    h->sum_ns = exact->sum_ns;
}

/* Compares the log with the counts of run.json. A log that was cut short is still useful, so missing values
 * are only counted; one with more values belongs to another run. */
static int check_exact(struct dataset *data, struct err *e)
{
    for (size_t i = 0; i < data->run.n_exact; i++) {
        const struct run_exact *exact = &data->run.exact[i];
        struct tag tag;
        if (tags_parse(exact->tag, &tag, e))
            return err_prefix(e, "%s: exact[%zu]", data->run.file, i);
        const size_t row = tag_set_find(&data->tags, &tag);
        const uint64_t n = row == TAG_SET_NONE ? 0 : data->tags.rows[row].hist->n;
        if (n > exact->n)
            return err_set(
                e, ERR_INPUT,
                "%s/hist.hlog holds %llu values of %s where run.json counted %llu: they are not of one run",
                data->folder, (unsigned long long)n, exact->tag, (unsigned long long)exact->n);
        data->lost_n += exact->n - n;
        if (row == TAG_SET_NONE)
            continue;
        take_exact(data->tags.rows[row].hist, exact);
    }
    return 0;
}

static int merge_latency(struct dataset *data, struct err *e)
{
    data->latency = calloc(data->n_arms + 1, sizeof *data->latency);
    for (size_t arm = 0; data->latency && arm < data->n_arms; arm++) {
        data->latency[arm] = hist_new();
        if (!data->latency[arm])
            return err_set(e, ERR_FAILED, "out of memory for merged histograms");
    }
    for (size_t i = 0; data->latency && i < data->tags.n; i++) {
        const struct dataset_tag *role = &data->roles[i];
        if (role->is_latency && !role->phase->warmup)
            hist_merge(data->latency[role->arm], data->tags.rows[i].hist);
    }
    return data->latency ? 0 : err_set(e, ERR_FAILED, "out of memory for merged histograms");
}

/* Each second up to the last has a row per stream, except in merged runs, whose seconds are rounded. */
static int check_seconds(const struct dataset *data, struct err *e)
{
    const double n_seconds =
        data->counts.n_rows ? fmin(fmax(data->counts.last_s + 1, 0), JSON_WANT_SECONDS_MOST) : 0;
    const uint64_t n_wanted = (uint64_t)n_seconds * data->run.n_streams;
    if (data->counts.n_rows >= n_wanted || json_object_get(data->run.root, "merged_from"))
        return 0;
    return err_set(e, ERR_INPUT, "intervals.csv lacks %llu of its %llu rows: it was cut short",
                   (unsigned long long)(n_wanted - data->counts.n_rows), (unsigned long long)n_wanted);
}

/* Compares intervals.csv with the counts of run.json. */
static int check_counts(const struct dataset *data, struct err *e)
{
    const uint64_t n = data->counts.all.done_n, n_counted = data->run.done_n;
    if (n > n_counted)
        return err_set(
            e, ERR_INPUT,
            "intervals.csv holds %llu requests where run.json counted %llu: they are not of one run",
            (unsigned long long)n, (unsigned long long)n_counted);
    if (n < n_counted)
        return err_set(e, ERR_INPUT,
                       "intervals.csv holds %" PRIu64 " of the %" PRIu64
                       " requests that run.json counted: it was cut short",
                       n, n_counted);
    return check_seconds(data, e);
}

static bool stream_is_timed(const void *payload, const char *name)
{
    const struct dataset *data = payload;
    const struct run_stream *stream = run_json_stream(&data->run, name);
    return stream && dataset_stream_counts(data, stream);
}

static void read_counts(struct dataset *data)
{
    struct err e = { ERR_NONE, "" };
    const struct counts_timed timed = { stream_is_timed, data };
    if (!counts_read(&data->counts, data->folder, data->run.whole_s, data->arms, data->n_arms, &data->axis,
                     &timed, &e) &&
        !check_counts(data, &e))
        return;
    counts_fini(&data->counts);
    snprintf(data->no_counts, sizeof data->no_counts, "%.390s", e.text);
}

int dataset_open(struct dataset *data, const char *folder, struct err *e)
{
    *data = (struct dataset){ .folder = strdup(folder) };
    if (!data->folder)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    if (run_json_read(&data->run, folder, e) || arms_of_run(&data->run, &data->arms, &data->n_arms, e))
        return -1;
    data->headline = choose_headline(data);
    data->is_running = strcmp(data->run.end, "running") == 0;
    time_axis_init(&data->axis, data->run.duration_s);
    data->by_step = calloc(data->n_arms * data->axis.n_steps + 1, sizeof *data->by_step);
    data->less_g_by_step = calloc(data->n_arms * data->axis.n_steps + 1, sizeof *data->less_g_by_step);
    if (!data->by_step || !data->less_g_by_step)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    if (dataset_log_read(data, e) || check_exact(data, e) || merge_latency(data, e))
        return -1;
    if (dataset_attempts_count(data, e) || !(data->claims = dataset_derived_claims(data, e)))
        return -1;
    read_counts(data);
    whole_look(&data->whole, data);
    return 0;
}

void dataset_fini(struct dataset *data)
{
    for (size_t i = 0; data->by_step && i < data->n_arms * data->axis.n_steps; i++)
        hist_free(data->by_step[i]);
    for (size_t i = 0; data->less_g_by_step && i < data->n_arms * data->axis.n_steps; i++)
        hist_free(data->less_g_by_step[i]);
    for (size_t i = 0; data->latency && i < data->n_arms; i++)
        hist_free(data->latency[i]);
    for (size_t i = 0; data->ages && i < data->n_arms; i++)
        hist_free(data->ages[i]);
    free(data->ages);
    free(data->attempts);
    free(data->by_step);
    free(data->less_g_by_step);
    free(data->latency);
    counts_fini(&data->counts);
    time_axis_fini(&data->axis);
    answer_seconds_fini(&data->answers);
    tag_set_fini(&data->tags);
    free(data->roles);
    arms_free(data->arms, data->n_arms);
    claims_free(data->claims);
    run_json_fini(&data->run);
    free(data->folder);
    *data = (struct dataset){ 0 };
}

const struct counts_cell *dataset_cell(const struct dataset *data, size_t arm, size_t step)
{
    return &data->counts.cells[arm * data->counts.n_steps + step];
}

const struct hist *dataset_step(const struct dataset *data, size_t arm, size_t step)
{
    return data->by_step[arm * data->axis.n_steps + step];
}

uint64_t dataset_latency_n(const struct dataset *data)
{
    uint64_t n = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++)
        n += data->latency[arm]->n;
    return n;
}

double dataset_time_unit_s(const struct dataset *data)
{
    return data->run.duration_s > 4 * 3600 ? 3600 : data->run.duration_s > 600 ? 60 : 1;
}
