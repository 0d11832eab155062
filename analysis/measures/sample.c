#include "sample.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "instance_type.h"

#include <math.h>
#include <stdio.h>
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

static double percentile(const struct hist *h, uint32_t p_ppm)
{
    return hist_n_beyond(h->n, p_ppm) >= BEYOND_LEAST ? (double)hist_value_at_ppm(h, p_ppm) : NAN;
}

static bool is_measured(const struct dataset *data, size_t i, size_t arm)
{
    return data->roles[i].arm == arm && !data->roles[i].phase->warmup &&
           data->tags.rows[i].tag.outcome == OUTCOME_OK;
}

/* The arm's times without the generator's share; owned, NULL when out of memory. */
static struct hist *times_less_generator(const struct dataset *data, size_t arm)
{
    struct hist *h = hist_new();
    for (size_t i = 0; h && i < data->tags.n; i++)
        if (is_measured(data, i, arm) && data->roles[i].is_less_g)
            hist_merge(h, data->tags.rows[i].hist);
    return h;
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

static double value_of(const struct dataset *data, size_t arm, enum sample_value value,
                       const struct hist *less)
{
    enum { INSTANCES_MOST = 200 };
    const struct run_cluster *cluster = data->arms[arm].def;
    switch (values[value].of) {
    case SAMPLE_LESS_GENERATOR:
        return less ? percentile(less, values[value].p_ppm) : NAN;
    case SAMPLE_PER_INSTANCE:
        return cluster && cluster->n_instances <= INSTANCES_MOST
                   ? typical_instance(data, arm, values[value].p_ppm)
                   : NAN;
    case SAMPLE_OF_ALL:
        break;
    }
    return value == SAMPLE_RATE ? facts_of_arm(data, arm).per_s
                                : percentile(data->latency[arm], values[value].p_ppm);
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

void sample_take(const struct dataset *data, size_t arm, struct sample *out)
{
    const struct facts facts = facts_of_arm(data, arm);
    const struct arm *a = &data->arms[arm];
    *out = (struct sample){ .ok_n = facts.ok_n,
                            .err_n = facts.err_n,
                            .err_known = facts.err_known,
                            .n_instances = a->def ? a->def->n_instances : 0,
                            .headline = data->headline,
                            .style = a->style,
                            .started_ns = data->run.t0_realtime_ns,
                            .duration_s = data->run.duration_s,
                            .emulated = data->run.emulated };
    struct hist *less = times_less_generator(data, arm);
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        out->value[i] = value_of(data, arm, (enum sample_value)i, less);
    hist_free(less);
    take_credits(data, a, out);
    out->steadiness = steadiness_of_arm(data, arm);
    load_words(data, arm, out->load);
    out->timed_s = load_timed_s(data, arm);
    snprintf(out->cluster, sizeof out->cluster, "%s", a->cluster);
    snprintf(out->label, sizeof out->label, "%s", a->label);
    snprintf(out->series, sizeof out->series, "%s", a->series);
    snprintf(out->run_id, sizeof out->run_id, "%s", data->run.run_id);
    snprintf(out->verdict, sizeof out->verdict, "%s", data->run.verdict);
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

double sample_generator_share(const struct sample *s)
{
    return 1 - s->value[SAMPLE_LESS_P99] / s->value[SAMPLE_P99];
}
