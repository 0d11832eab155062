#include "sample.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "hist.h"
#include "instance_type.h"
#include "threshold.h"
#include "utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEYOND_LEAST = 10 };

static const struct {
    const char *name;
    uint32_t p_ppm;
    enum sample_of of;
} values[] = {
#define SAMPLE_ROW(constant, name, p_ppm, of) [constant] = { name, p_ppm, of },
    SAMPLE_VALUES(SAMPLE_ROW)
#undef SAMPLE_ROW
};

static bool is_measured(const struct dataset *data, size_t i, size_t arm)
{
    return data->roles[i].arm == arm && !data->roles[i].phase->warmup &&
           data->tags.rows[i].tag.outcome == OUTCOME_OK;
}

/* Geometric mean of a percentile over the arm's instances, each from its own histogram. */
static double typical_instance(const struct dataset *data, size_t arm, uint32_t p_ppm)
{
    const struct run_cluster *cluster = data->arms[arm].def;
    struct hist *h = hist_new();
    double sum_log = 0;
    size_t n = 0;
    for (size_t k = 0; h && cluster && k < cluster->n_instances; k++) {
        hist_clear(h);
        for (size_t i = 0; i < data->tags.n; i++)
            if (is_measured(data, i, arm) && data->tags.rows[i].tag.metric == data->headline &&
                strcmp(data->tags.rows[i].tag.instance, cluster->instances[k]) == 0)
                hist_merge(h, data->tags.rows[i].hist);
        if (h->n == 0)
            continue;
        sum_log += log((double)hist_value_at_ppm(h, p_ppm));
        n++;
    }
    hist_free(h);
    return n > 0 ? exp(sum_log / (double)n) : NAN;
}

static void take_value(struct sample *out, enum sample_value value, double number)
{
    out->value[value] = number;
    out->state[value] = isfinite(number) ? ATTEMPT_EXACT : ATTEMPT_NONE;
}

static void take_percentile(struct sample *out, enum sample_value value, const struct attempts *a)
{
    const uint32_t p_ppm = values[value].p_ppm;
    const bool is_enough = hist_n_beyond(attempts_n(a), p_ppm) >= BEYOND_LEAST;
    const struct attempt_time time =
        is_enough ? attempts_time(a, p_ppm) : (struct attempt_time){ .state = ATTEMPT_NONE };
    take_value(out, value, time.state == ATTEMPT_EXACT ? (double)time.value_ns : NAN);
    out->state[value] = time.state;
    out->at_least[value] = (double)time.at_least_ns;
}

static void take_typical(const struct dataset *data, size_t arm, enum sample_value value, struct sample *out)
{
    enum { INSTANCES_MOST = 200 };
    const struct run_cluster *cluster = data->arms[arm].def;
    const bool is_known = cluster && cluster->n_instances <= INSTANCES_MOST;
    take_value(out, value, is_known ? typical_instance(data, arm, values[value].p_ppm) : NAN);
}

static void take_values(const struct dataset *data, size_t arm, struct sample *out)
{
    struct hist *h = hist_new();
    const struct attempts less = h ? dataset_attempts_less_g(data, arm, h) : (struct attempts){ 0 };
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        const enum sample_value value = (enum sample_value)i;
        if (value == SAMPLE_RATE)
            take_value(out, value, facts_of_arm(data, arm).per_s);
        else if (values[i].of == SAMPLE_PER_INSTANCE)
            take_typical(data, arm, value, out);
        else if (values[i].of == SAMPLE_OF_ALL)
            take_percentile(out, value, dataset_attempts(data, arm));
        else if (h && h->n > 0)
            take_percentile(out, value, &less);
        else
            take_value(out, value, NAN);
    }
    hist_free(h);
}

static void take_claims(const struct dataset *data, const char *cluster, struct sample *out)
{
    for (int i = 0; i < N_SAMPLE_CLAIMS; i++) {
        const struct claim *claim = claims_at(data->claims, cluster, values[i].p_ppm);
        out->level[i] = claim ? claim->level : CLAIM_NOT_JUDGED;
        out->generator_share[i] = claim && i != SAMPLE_RATE ? claim->generator_share : NAN;
    }
}

/* The limit of the first percentile that the scenario declared for the arm or for everything. */
static double declared_limit_s(const struct run_json *run, const char *cluster)
{
    double limit_s = NAN;
    for (size_t i = 0; i < run->n_thresholds && isnan(limit_s); i++) {
        struct threshold t;
        struct err ignored;
        if (threshold_parse(&t, run->thresholds[i].text, &ignored))
            continue;
        if (t.metric == THRESHOLD_PERCENTILE && t.at_most && (!*t.scope || strcmp(t.scope, cluster) == 0))
            limit_s = t.limit;
        free(t.text);
    }
    return limit_s;
}

static struct sample_goodput goodput_of(const struct dataset *data, size_t arm)
{
    const double limit_s = declared_limit_s(&data->run, data->arms[arm].cluster);
    const struct attempts *a = dataset_attempts(data, arm);
    const uint64_t n = attempts_n(a);
    if (!(limit_s > 0) || n == 0)
        return (struct sample_goodput){ NAN, NAN };
    const uint64_t n_within = attempts_n_within(a, (uint64_t)llround(limit_s * 1e9));
    return (struct sample_goodput){ limit_s, (double)n_within / (double)n };
}

static void take_credits(const struct dataset *data, const struct arm *a, struct sample *out)
{
    struct err e = { ERR_NONE, "" };
    out->is_burstable = a->def && instance_type_is_burstable(a->def->instance_type);
    if (!credits_read(&out->credits, data->folder, a->cluster, &e))
        return;
    out->credits.is_known = false;
    snprintf(out->no_credits, sizeof out->no_credits, "%.190s", e.text);
}

static void take_machine(const struct run_json *run, struct sample *out)
{
    const json_t *host = json_object_get(run->root, "host");
    const char *cpu = json_string_value(json_object_get(host, "cpu"));
    if (!cpu)
        return;
    snprintf(out->machine, sizeof out->machine, "%.60s, %lld CPUs", cpu,
             (long long)json_integer_value(json_object_get(host, "cpus")));
    utf8_trim(out->machine);
    utf8_line(out->machine);
}

static bool is_missed(const struct run_json *run, const char *rule, const char *scope)
{
    for (size_t i = 0; i < run->n_checks; i++)
        if (strcmp(run->checks[i].rule, rule) == 0 && strcmp(run->checks[i].scope, scope) == 0 &&
            strcmp(run->checks[i].level, "WARN") == 0)
            return true;
    return false;
}

/* The longest of the cluster's streams. */
static void take_round_trip(const struct run_json *run, const char *cluster, struct sample *out)
{
    out->round_trip_ns = NAN;
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct run_stream *stream = &run->streams[i];
        if (strcmp(stream->cluster, cluster) != 0)
            continue;
        out->round_trip_ns = fmax(out->round_trip_ns, stream->round_trip_us * 1e3); /* ignores NAN */
        out->is_far |= is_missed(run, "R25", stream->name);
    }
}

void sample_take(const struct dataset *data, size_t arm, struct sample *out)
{
    const struct facts facts = facts_of_arm(data, arm);
    const struct arm *a = &data->arms[arm];
    *out = (struct sample){ .ok_n = facts.ok_n,
                            .attempts_n = attempts_n(dataset_attempts(data, arm)),
                            .failed_n = dataset_attempts(data, arm)->n_failed,
                            .goodput = goodput_of(data, arm),
                            .n_instances = a->def ? a->def->n_instances : 0,
                            .headline = data->headline,
                            .style = a->style,
                            .started_ns = data->run.t0_realtime_ns,
                            .duration_s = data->run.duration_s,
                            .emulated = data->run.emulated };
    take_values(data, arm, out);
    take_claims(data, a->cluster, out);
    take_credits(data, a, out);
    take_machine(&data->run, out);
    take_round_trip(&data->run, a->cluster, out);
    out->steadiness = steadiness_of_arm(data, arm);
    load_words(data, arm, out->load);
    load_without_connections(data, arm, out->load_without_connections);
    snprintf(out->protocol, sizeof out->protocol, "%s", load_protocol(data, arm));
    out->timed_s = load_timed_s(data, arm);
    snprintf(out->cluster, sizeof out->cluster, "%s", a->cluster);
    snprintf(out->label, sizeof out->label, "%s", a->label);
    snprintf(out->series, sizeof out->series, "%s", a->series);
    snprintf(out->run_id, sizeof out->run_id, "%s", data->run.run_id);
    snprintf(out->end, sizeof out->end, "%s", data->run.end);
}

const char *sample_value_name(enum sample_value value)
{
    return values[value].name;
}

uint32_t sample_value_ppm(enum sample_value value)
{
    return values[value].p_ppm;
}

enum sample_of sample_value_of(enum sample_value value)
{
    return values[value].of;
}

struct attempt_time sample_time(const struct sample *s, enum sample_value value)
{
    const enum attempt_state state = s->state[value];
    return (struct attempt_time){ .state = state,
                                  .value_ns = state == ATTEMPT_EXACT ? (uint64_t)llround(s->value[value]) : 0,
                                  .at_least_ns = (uint64_t)s->at_least[value] };
}

double sample_failed_share(const struct sample *s)
{
    return s->attempts_n > 0 ? (double)s->failed_n / (double)s->attempts_n : NAN;
}
