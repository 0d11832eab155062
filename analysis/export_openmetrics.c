#include "export.h"

#include "again_metrics.h"
#include "arms.h"
#include "claims.h"
#include "dataset.h"
#include "facts.h"
#include "http2_metrics.h"
#include "openmetrics.h"

#include <math.h>

/* Labels of a cluster of the run, and perhaps more. */
#define LABELS(data, arm)                                                                                    \
    ((const char *const[]){ "run", (data)->run.run_id, "cluster", (data)->arms[arm].cluster, NULL })
#define LABELS_AND(data, arm, ...)                                                                           \
    ((const char *const[]){ "run", (data)->run.run_id, "cluster", (data)->arms[arm].cluster, __VA_ARGS__,    \
                            NULL })

static const struct {
    uint32_t p_ppm;
    const char *quantile;
} quantiles[] = { { 500000, "0.5" },  { 750000, "0.75" },  { 900000, "0.9" },    { 950000, "0.95" },
                  { 990000, "0.99" }, { 999000, "0.999" }, { 999900, "0.9999" }, { 1000000, "1" } };

/* A percentile that lies among failures is infinite; one of which only a lower bound is known is left out. */
static void put_quantiles(const struct openmetrics *m, const struct dataset *data, size_t arm)
{
    const struct attempts *a = dataset_attempts(data, arm);
    for (size_t i = 0; attempts_n(a) > 0 && i < sizeof quantiles / sizeof *quantiles; i++) {
        const struct attempt_time t = attempts_time(a, quantiles[i].p_ppm);
        if (t.state != ATTEMPT_AT_LEAST)
            openmetrics_real(m, "", LABELS_AND(data, arm, "quantile", quantiles[i].quantile),
                             t.state == ATTEMPT_EXACT ? (double)t.value_ns / 1e9 : INFINITY);
    }
    openmetrics_count(m, "_count", LABELS(data, arm), attempts_n(a));
}

static void put_results(const struct openmetrics *m, const struct dataset *data, size_t arm,
                        const struct claim_row *row)
{
    openmetrics_count(m, "", LABELS_AND(data, arm, "result", "ok"), row->n_ok);
    openmetrics_count(m, "", LABELS_AND(data, arm, "result", "failed"), row->n_failed);
    openmetrics_count(m, "", LABELS_AND(data, arm, "result", "censored"), row->n_censored);
}

static void put_rate(const struct openmetrics *m, const struct dataset *data, size_t arm,
                     const struct claim_row *row)
{
    const struct claim *rate = &row->claims[CLAIM_RATE];
    openmetrics_real(m, "", LABELS_AND(data, arm, "level", claim_level_name(rate->level)), rate->rate_per_s);
}

static void put_shares(const struct openmetrics *m, const struct dataset *data, size_t arm,
                       const struct claim_row *row)
{
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        const struct claim *claim = &row->claims[what];
        if (isfinite(claim->generator_share))
            openmetrics_real(m, "",
                             LABELS_AND(data, arm, "claim", claim_name((enum claim_what)what), "level",
                                        claim_level_name(claim->level)),
                             claim->generator_share);
    }
}

typedef void put_fn(const struct openmetrics *m, const struct dataset *data, size_t arm,
                    const struct claim_row *row);

static void put_all(const struct openmetrics *m, const struct dataset *data, put_fn *put)
{
    for (size_t arm = 0; arm < data->n_arms; arm++)
        put(m, data, arm, claims_cluster(data->claims, data->arms[arm].cluster));
}

/* Labels of a row of a session stream, and perhaps more. */
#define ROW_LABELS(data, row, ...)                                                                           \
    ((const char *const[]){ "run", (data)->run.run_id, "cluster", (row)->cluster, "stream", (row)->stream,   \
                            "step", (row)->step, __VA_ARGS__, NULL })

static void put_step_times(const struct openmetrics *m, const struct dataset *data,
                           const struct claim_row *row)
{
    static const struct {
        enum claim_what what;
        const char *quantile;
    } times[] = {
        { CLAIM_P50, "0.5" }, { CLAIM_P90, "0.9" }, { CLAIM_P99, "0.99" }, { CLAIM_P999, "0.999" }
    };
    for (size_t i = 0; row->n > 0 && i < sizeof times / sizeof *times; i++) {
        const struct attempt_time t = row->claims[times[i].what].time;
        if (t.state != ATTEMPT_AT_LEAST)
            openmetrics_real(m, "", ROW_LABELS(data, row, "quantile", times[i].quantile),
                             t.state == ATTEMPT_EXACT ? (double)t.value_ns / 1e9 : INFINITY);
    }
}

static void put_step_results(const struct openmetrics *m, const struct dataset *data,
                             const struct claim_row *row)
{
    openmetrics_count(m, "", ROW_LABELS(data, row, "result", "ok"), row->n_ok);
    openmetrics_count(m, "", ROW_LABELS(data, row, "result", "failed"), row->n_failed);
    openmetrics_count(m, "", ROW_LABELS(data, row, "result", "censored"), row->n_censored);
}

/* Sessions count passes, which are no requests. */
static void put_steps(struct openmetrics *m, const struct dataset *data)
{
    const struct claims *claims = data->claims;
    if (claims->n_steps == 0)
        return;
    openmetrics_family(m, "loadgen_step_time_seconds", OPENMETRICS_SUMMARY, "seconds",
                       "the same of each step of a session stream; of session, the time without pauses");
    for (size_t i = 0; i < claims->n_steps; i++)
        put_step_times(m, data, &claims->steps[i]);
    openmetrics_family(m, "loadgen_step_requests", OPENMETRICS_COUNTER, "",
                       "attempts of each step outside of warm-up by how they ended; of session, passes");
    for (size_t i = 0; i < claims->n_steps; i++)
        put_step_results(m, data, &claims->steps[i]);
}

/* Nothing of a run whose folder does not say. */
static void put_again(struct openmetrics *m, const struct run_json *run)
{
    bool has_begun = false;
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct run_stream *stream = &run->streams[i];
        const struct run_total *total = run_json_total(run, stream->name);
        if (!total || !total->has_again)
            continue;
        if (!has_begun)
            again_metrics_begin(m);
        has_begun = true;
        again_metrics_stream(m, &(struct again_metrics_stream){ .run = run->run_id,
                                                                .name = stream->name,
                                                                .cluster = stream->cluster,
                                                                .counts = &total->again });
    }
}

static bool http2_stream(const void *run_json, size_t i, struct http2_metrics_stream *s)
{
    const struct run_json *run = run_json;
    const struct run_stream *stream = &run->streams[i];
    const struct run_total *total = run_json_total(run, stream->name);
    if (!total || !total->has_http2)
        return false;
    *s = (struct http2_metrics_stream){
        .run = run->run_id,
        .name = stream->name,
        .cluster = stream->cluster,
        .streams_per_connection =
            isfinite(stream->streams_per_connection) ? (uint64_t)stream->streams_per_connection : 0,
        .counts = &total->http2,
    };
    return true;
}

void export_openmetrics(FILE *out, const struct dataset *data)
{
    struct openmetrics m = { .out = out };
    char help[256];
    snprintf(help, sizeof help,
             "%s within which so many of all attempts got a good answer; +Inf: the rest failed",
             facts_headline_words(data));
    openmetrics_family(&m, "loadgen_time_seconds", OPENMETRICS_SUMMARY, "seconds", help);
    for (size_t arm = 0; arm < data->n_arms; arm++)
        put_quantiles(&m, data, arm);
    openmetrics_family(&m, "loadgen_requests", OPENMETRICS_COUNTER, "",
                       "attempts outside of warm-up by how they ended");
    put_all(&m, data, put_results);
    openmetrics_family(&m, "loadgen_good_per_second", OPENMETRICS_GAUGE, "",
                       "good answers per measured second");
    put_all(&m, data, put_rate);
    openmetrics_family(&m, "loadgen_generator_share_ratio", OPENMETRICS_GAUGE, "ratio",
                       "share of the time that was spent in loadgen, at least");
    put_all(&m, data, put_shares);
    put_steps(&m, data);
    put_again(&m, &data->run);
    http2_metrics_write(&m, http2_stream, &data->run, data->run.n_streams);
    openmetrics_end(&m);
}
