#include "threshold_judge.h"

#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "threshold.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static bool is_in_scope(const char *scope, const char *cluster, const char *stream)
{
    return !*scope || strcmp(scope, cluster) == 0 || strcmp(scope, stream) == 0;
}

/* Whether the tag is headline times of ok answers in the threshold's scope. */
static bool is_time(const struct threshold *t, const struct tag *tag, const struct dataset_tag *role)
{
    return tag->metric == metric_find(role->stream->headline) && tag->outcome == OUTCOME_OK &&
           tag_is_all_instances(tag) && !role->phase->warmup &&
           is_in_scope(t->scope, tag->cluster, tag->stream);
}

static int judge_percentile(const struct dataset *data, const struct threshold *t, double *value,
                            struct err *e)
{
    struct hist *times = hist_new();
    if (!times)
        return err_set(e, ERR_FAILED, "out of memory while judging '%s'", t->text);
    for (size_t i = 0; i < data->tags.n; i++)
        if (is_time(t, &data->tags.rows[i].tag, &data->roles[i]))
            hist_merge(times, data->tags.rows[i].hist);
    if (times->n > 0)
        *value = (double)hist_value_at_ppm(times, t->p_ppm) / 1e9;
    hist_free(times);
    return 0;
}

/* Mean and maximum are exact in run.json. */
static int judge_exact(const struct dataset *data, const struct threshold *t, double *value, struct err *e)
{
    double sum_ns = 0, max_ns = 0;
    uint64_t n = 0;
    for (size_t i = 0; i < data->run.n_exact; i++) {
        const struct run_exact *exact = &data->run.exact[i];
        struct tag tag;
        if (tags_parse(exact->tag, &tag, e))
            return -1;
        const size_t row = tag_set_find(&data->tags, &tag);
        if (row == TAG_SET_NONE || !is_time(t, &tag, &data->roles[row]))
            continue;
        n += exact->n;
        sum_ns += (double)exact->sum_ns;
        max_ns = fmax(max_ns, (double)exact->max_ns);
    }
    if (n > 0)
        *value = (t->metric == THRESHOLD_MEAN ? sum_ns / (double)n : max_ns) / 1e9;
    return 0;
}

/* Ok answers per second, or the share of requests that failed, over the phases that are not warm-up. */
static void judge_counts(const struct dataset *data, const struct threshold *t, double *value)
{
    uint64_t done_n = 0, ok_n = 0;
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        if (phase->warmup || !is_in_scope(t->scope, phase->cluster, phase->stream))
            continue;
        done_n += phase->done_n;
        ok_n += phase->ok_n;
    }
    const double active_s = facts_active_s(&data->run, NULL, t->scope);
    if (t->metric == THRESHOLD_RATE && active_s > 0)
        *value = (double)ok_n / active_s;
    else if (t->metric == THRESHOLD_ERRORS && done_n > 0)
        *value = (double)(done_n - ok_n) / (double)done_n;
}

static int measure(const struct dataset *data, const struct threshold *t, double *value, struct err *e)
{
    switch (t->metric) {
    case THRESHOLD_PERCENTILE:
        return judge_percentile(data, t, value, e);
    case THRESHOLD_MEAN:
    case THRESHOLD_MAX:
        return judge_exact(data, t, value, e);
    case THRESHOLD_ERRORS:
    case THRESHOLD_RATE:
        break;
    }
    judge_counts(data, t, value);
    return 0;
}

int threshold_judge(const struct dataset *data, const struct threshold *t, struct threshold_judged *out,
                    struct err *e)
{
    *out = (struct threshold_judged){ .value = NAN };
    if (measure(data, t, &out->value, e))
        return -1;
    out->is_known = isfinite(out->value);
    out->is_held = out->is_known && threshold_holds(t, out->value);
    return 0;
}
