#include "watch_metrics.h"

#include "again_metrics.h"
#include "openmetrics.h"
#include "watch_facts.h"
#include "watch_http2.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define LABELS(s) ((const char *const[]){ "stream", (s)->name, "cluster", (s)->cluster, NULL })
#define LABELS_AND(s, ...)                                                                                   \
    ((const char *const[]){ "stream", (s)->name, "cluster", (s)->cluster, __VA_ARGS__, NULL })

static const char *const quantiles[WATCH_N_TIMES] = { "0.5", "0.9", "0.99", "0.999" };

typedef uint64_t count_of(const struct watch_stream *s);

static uint64_t n_sent(const struct watch_stream *s)
{
    return s->n_sent;
}

static uint64_t n_connections(const struct watch_stream *s)
{
    return s->n_connections;
}

static uint64_t bytes_rx(const struct watch_stream *s)
{
    return s->bytes_rx;
}

static uint64_t bytes_tx(const struct watch_stream *s)
{
    return s->bytes_tx;
}

static uint64_t n_in_flight(const struct watch_stream *s)
{
    return s->n_in_flight;
}

static const struct count_family {
    const char *name;
    enum openmetrics_type type;
    const char *unit, *help;
    count_of *count;
} count_families[] = {
    { "loadgen_requests_sent", OPENMETRICS_COUNTER, "", "requests sent, warm-up included", n_sent },
    { "loadgen_connections_opened", OPENMETRICS_COUNTER, "", "connections opened, warm-up included",
      n_connections },
    { "loadgen_received_bytes", OPENMETRICS_COUNTER, "bytes", "bytes received outside of warm-up", bytes_rx },
    { "loadgen_transmitted_bytes", OPENMETRICS_COUNTER, "bytes", "bytes sent outside of warm-up", bytes_tx },
    { "loadgen_in_flight_requests", OPENMETRICS_GAUGE, "", "requests sent or waiting for a connection",
      n_in_flight },
};

static void put_counts(struct openmetrics *m, const struct watch_facts *f)
{
    for (size_t k = 0; k < sizeof count_families / sizeof *count_families; k++) {
        const struct count_family *family = &count_families[k];
        openmetrics_family(m, family->name, family->type, family->unit, family->help);
        for (size_t i = 0; i < f->n_streams; i++)
            openmetrics_count(m, "", LABELS(&f->streams[i]), family->count(&f->streams[i]));
    }
}

static void put_again(struct openmetrics *m, const struct watch_facts *f)
{
    again_metrics_begin(m);
    for (size_t i = 0; i < f->n_streams; i++)
        again_metrics_stream(m, &(struct again_metrics_stream){ .name = f->streams[i].name,
                                                                .cluster = f->streams[i].cluster,
                                                                .counts = &f->streams[i].again });
}

static uint64_t n_failed(const uint64_t n_outcomes[static N_OUTCOMES])
{
    uint64_t n = 0;
    for (int o = 0; o < N_OUTCOMES; o++)
        n += outcome_is_failure((enum outcome)o) ? n_outcomes[o] : 0;
    return n;
}

static void put_results(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_requests", OPENMETRICS_COUNTER, "",
                       "attempts outside of warm-up by how they ended");
    for (size_t i = 0; i < f->n_streams; i++) {
        const struct watch_stream *s = &f->streams[i];
        openmetrics_count(m, "", LABELS_AND(s, "result", "ok"), s->n_outcomes[OUTCOME_OK]);
        openmetrics_count(m, "", LABELS_AND(s, "result", "failed"), n_failed(s->n_outcomes));
        openmetrics_count(m, "", LABELS_AND(s, "result", "censored"), s->n_outcomes[OUTCOME_CENSORED]);
    }
    openmetrics_family(m, "loadgen_failures", OPENMETRICS_COUNTER, "",
                       "failed attempts outside of warm-up by class");
    for (size_t i = 0; i < f->n_streams; i++)
        for (int o = 0; o < N_OUTCOMES; o++)
            if (outcome_is_failure((enum outcome)o))
                openmetrics_count(m, "", LABELS_AND(&f->streams[i], "class", outcome_name((enum outcome)o)),
                                  f->streams[i].n_outcomes[o]);
}

static void put_statuses(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_responses", OPENMETRICS_COUNTER, "",
                       "complete answers outside of warm-up by HTTP status code; 0: the rest");
    for (size_t i = 0; i < f->n_streams; i++)
        for (uint32_t k = 0; k < f->streams[i].statuses.n; k++) {
            const struct status_count *row = &f->streams[i].statuses.rows[k];
            char code[16];
            snprintf(code, sizeof code, "%u", row->status);
            openmetrics_count(m, "", LABELS_AND(&f->streams[i], "code", code), row->n);
        }
}

static void put_histogram(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_good_time_seconds", OPENMETRICS_HISTOGRAM, "seconds",
                       "times of good answers outside of warm-up");
    for (size_t i = 0; i < f->n_streams; i++) {
        const struct watch_stream *s = &f->streams[i];
        for (int b = 0; b < WATCH_N_BUCKETS; b++) {
            char le[32];
            const double bound_s = (double)watch_bucket_ns[b] / 1e9;
            snprintf(le, sizeof le, bound_s < 1 ? "%g" : "%.1f", bound_s);
            openmetrics_count(m, "_bucket", LABELS_AND(s, "le", le), s->n_within[b]);
        }
        openmetrics_count(m, "_bucket", LABELS_AND(s, "le", "+Inf"), s->n_good);
        openmetrics_real(m, "_sum", LABELS(s), s->good_sum_s);
        openmetrics_count(m, "_count", LABELS(s), s->n_good);
    }
}

/* A percentile that lies among failures is infinite; one of which only a lower bound is known is left out. */
static void put_quantile(const struct openmetrics *m, const char *stream, const char *step,
                         const char *cluster, int i, struct attempt_time time)
{
    const char *const labels[] = { "stream", stream,     "step",       step, "cluster",
                                   cluster,  "quantile", quantiles[i], NULL };
    if (time.state == ATTEMPT_EXACT)
        openmetrics_real(m, "", labels, (double)time.value_ns / 1e9);
    else if (time.state == ATTEMPT_FAILED)
        openmetrics_real(m, "", labels, INFINITY);
}

/* Clusters as soon as their claims are known. */
static void put_times(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_time_seconds", OPENMETRICS_SUMMARY, "seconds",
                       "time within which so many of all attempts got a good answer; +Inf: the rest failed");
    for (size_t i = 0; i < f->n_streams; i++) {
        const struct watch_stream *s = &f->streams[i];
        for (int k = 0; k < WATCH_N_TIMES; k++)
            put_quantile(m, s->name, NULL, s->cluster, k, s->times[k]);
        openmetrics_count(m, "_count", LABELS(s), s->n_attempts);
    }
    for (size_t i = 0; i < f->n_claims; i++) {
        const struct watch_claim *c = &f->claims[i];
        if (*c->stream)
            continue;
        for (int k = 0; k < WATCH_N_TIMES; k++)
            put_quantile(m, NULL, NULL, c->cluster, k, c->row.claims[CLAIM_P50 + k].time);
        openmetrics_count(m, "_count", (const char *const[]){ "cluster", c->cluster, NULL }, c->row.n);
    }
}

static void put_step(struct openmetrics *m, const struct watch_facts *f, const struct watch_step *step,
                     const char *result, uint64_t n)
{
    openmetrics_count(m, "", LABELS_AND(&f->streams[step->stream], "step", step->name, "result", result), n);
}

/* Families of their own, so that sums over a family count each request once. */
static void put_steps(struct openmetrics *m, const struct watch_facts *f)
{
    if (f->n_steps == 0)
        return;
    openmetrics_family(m, "loadgen_step_requests", OPENMETRICS_COUNTER, "",
                       "attempts of steps outside of warm-up by how they ended; step session: its passes");
    for (size_t i = 0; i < f->n_steps; i++) {
        const struct watch_step *step = &f->steps[i];
        put_step(m, f, step, "ok", step->n_outcomes[OUTCOME_OK]);
        put_step(m, f, step, "failed", n_failed(step->n_outcomes));
        put_step(m, f, step, "censored", step->n_outcomes[OUTCOME_CENSORED]);
    }
    openmetrics_family(
        m, "loadgen_step_time_seconds", OPENMETRICS_SUMMARY, "seconds",
        "time within which so many of all attempts of the step got a good answer; step session: "
        "a pass without its thinks");
    for (size_t i = 0; i < f->n_steps; i++) {
        const struct watch_step *step = &f->steps[i];
        const struct watch_stream *s = &f->streams[step->stream];
        for (int k = 0; k < WATCH_N_TIMES; k++)
            put_quantile(m, s->name, step->name, s->cluster, k, step->times[k]);
        openmetrics_count(m, "_count", LABELS_AND(s, "step", step->name), step->n_attempts);
    }
}

static void put_phases(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_phase_active", OPENMETRICS_GAUGE, "",
                       "1 while the stream is in the phase, else 0");
    for (size_t i = 0; i < f->n_phases; i++) {
        const struct watch_phase *p = &f->phases[i];
        const struct watch_stream *s = &f->streams[p->stream];
        openmetrics_count(
            m, "",
            LABELS_AND(s, "phase", p->name, "kind", p->kind, "warmup", p->is_warmup ? "true" : "false"),
            !s->is_over && s->phase == i);
    }
}

static void put_real(struct openmetrics *m, const char *name, const char *unit, const char *help,
                     double value)
{
    openmetrics_family(m, name, OPENMETRICS_GAUGE, unit, help);
    if (isfinite(value))
        openmetrics_real(m, "", NULL, value);
}

static void put_generator(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_generator_cpu_ratio", OPENMETRICS_GAUGE, "ratio",
                       "share of a processor that each of loadgen's threads used in the last second");
    for (uint32_t t = 0; t < f->n_threads; t++) {
        char thread[16];
        snprintf(thread, sizeof thread, "%" PRIu32, t);
        openmetrics_real(m, "", (const char *const[]){ "thread", thread, NULL }, f->cpu_ratio[t]);
    }
    put_real(m, "loadgen_generator_lag_p99_seconds", "seconds",
             "how late due requests were sent in the last second, 99th percentile of the worst thread",
             f->lag_p99_s);
    put_real(m, "loadgen_generator_receive_p99_seconds", "seconds",
             "how long answers waited for loadgen in the last second, 99th percentile of the worst thread",
             f->rx_age_p99_s);
    put_real(m, "loadgen_generator_resident_bytes", "bytes", "memory that loadgen uses",
             (double)f->rss_bytes);
}

static void put_run(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_run", OPENMETRICS_INFO, "", "the run that the other metrics are of");
    openmetrics_count(m, "",
                      (const char *const[]){ "run", f->run_id, "scenario", f->name, "url", f->url, "commit",
                                             f->commit, NULL },
                      1);
    put_real(m, "loadgen_run_start_seconds", "seconds", "when the run began, in seconds since 1970",
             f->started_unix_s);
    put_real(m, "loadgen_run_elapsed_seconds", "seconds", "how long the run has lasted", f->elapsed_s);
    put_real(m, "loadgen_run_ended", "", "1 when the values are final, else 0", f->end != NULL);
}

static void put_claims(struct openmetrics *m, const struct watch_facts *f)
{
    openmetrics_family(m, "loadgen_good_per_second", OPENMETRICS_GAUGE, "",
                       "good answers per measured second; known at the end");
    for (size_t i = 0; i < f->n_claims; i++) {
        const struct watch_claim *c = &f->claims[i];
        const struct claim *rate = &c->row.claims[CLAIM_RATE];
        if (isfinite(rate->rate_per_s))
            openmetrics_real(m, "",
                             (const char *const[]){ "stream", *c->stream ? c->stream : NULL, "cluster",
                                                    c->cluster, "level", claim_level_name(rate->level),
                                                    NULL },
                             rate->rate_per_s);
    }
    openmetrics_family(m, "loadgen_generator_share_ratio", OPENMETRICS_GAUGE, "ratio",
                       "share of the time that was spent in loadgen, at least; known at the end");
    for (size_t i = 0; i < f->n_claims; i++)
        for (int k = 0; k < WATCH_N_TIMES; k++) {
            const struct watch_claim *c = &f->claims[i];
            const struct claim *claim = &c->row.claims[CLAIM_P50 + k];
            if (isfinite(claim->generator_share))
                openmetrics_real(m, "",
                                 (const char *const[]){ "stream", *c->stream ? c->stream : NULL, "cluster",
                                                        c->cluster, "claim",
                                                        claim_name((enum claim_what)(CLAIM_P50 + k)), "level",
                                                        claim_level_name(claim->level), NULL },
                                 claim->generator_share);
        }
}

void watch_metrics_write(FILE *out, const struct watch_facts *f, bool is_classic)
{
    struct openmetrics m = { .out = out, .is_classic = is_classic };
    if (f) {
        put_run(&m, f);
        put_results(&m, f);
        put_statuses(&m, f);
        put_counts(&m, f);
        put_again(&m, f);
        watch_http2_write(&m, f);
        put_histogram(&m, f);
        put_times(&m, f);
        put_steps(&m, f);
        put_phases(&m, f);
        put_generator(&m, f);
        put_claims(&m, f);
    }
    openmetrics_end(&m);
}
