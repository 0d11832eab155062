#include "threshold_recount.h"

#include "dataset.h"
#include "dataset_derived.h"
#include "derived_attempts.h"
#include "err.h"
#include "facts.h"
#include "threshold_judge.h"

#include <math.h>
#include <string.h>

static bool is_in_scope(const char *scope, const char *cluster, const char *stream)
{
    return !*scope || strcmp(scope, cluster) == 0 || strcmp(scope, stream) == 0;
}

struct scratch {
    struct hist *ok, *ages; /* owned; of one stream */
};

static void add_attempts(struct attempts *sum, const struct attempts *a, struct hist *ok, struct hist *ages)
{
    hist_merge(ok, a->ok);
    hist_merge(ages, a->censored);
    sum->n_failed += a->n_failed;
    sum->n_timeout += a->n_timeout;
    sum->n_censored += a->n_censored;
    if (sum->timeout_ns == 0 || (a->timeout_ns > 0 && a->timeout_ns < sum->timeout_ns))
        sum->timeout_ns = a->timeout_ns;
}

/* The attempts of the scope's streams, each by its own headline. -1 when memory is short. */
static int count_streams(const struct derived_run *run, const char *name, struct threshold_measured *m,
                         struct hist *ok, struct hist *ages, const struct scratch *scratch)
{
    m->attempts = (struct attempts){ .ok = ok, .censored = ages };
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct derived_stream *stream = &run->streams[i];
        const struct derived_cluster cluster = { .name = stream->cluster };
        const struct derived_scope scope = { .cluster = &cluster, .stream = stream };
        if (!is_in_scope(name, stream->cluster, stream->name))
            continue;
        const struct attempts a =
            derived_attempts(run, &scope, stream->headline, stream->headline, scratch->ok, scratch->ages);
        add_attempts(&m->attempts, &a, ok, ages);
        struct derived_count count;
        if (derived_count(run, &scope, stream->headline, &count))
            return -1;
        m->n_in_time += count.n_ok - count.n_late;
    }
    return 0;
}

/* Whether the tag is headline times of good answers in the scope. */
static bool is_good_time(const char *scope, const struct tag *tag, const struct dataset_tag *role)
{
    return tag->metric == metric_find(role->stream->headline) && tag->outcome == OUTCOME_OK &&
           tag_is_all_instances(tag) && !role->phase->warmup && is_in_scope(scope, tag->cluster, tag->stream);
}

/* Sum and maximum are exact in run.json. */
static int add_exact(const struct dataset *data, const char *scope, struct threshold_measured *m,
                     struct err *e)
{
    for (size_t i = 0; i < data->run.n_exact; i++) {
        const struct run_exact *exact = &data->run.exact[i];
        struct tag tag;
        if (tags_parse(exact->tag, &tag, e))
            return -1;
        const size_t row = tag_set_find(&data->tags, &tag);
        if (row == TAG_SET_NONE || !is_good_time(scope, &tag, &data->roles[row]))
            continue;
        m->sum_ns += exact->sum_ns;
        m->max_ns = exact->max_ns > m->max_ns ? exact->max_ns : m->max_ns;
    }
    return 0;
}

int threshold_recount(const struct dataset *data, const struct threshold *t, struct threshold_result *out,
                      struct err *e)
{
    struct dataset_derived d;
    struct hist *ok = hist_new(), *ages = hist_new();
    const struct scratch scratch = { hist_new(), hist_new() };
    const double active_s = facts_active_s(&data->run, NULL, t->scope);
    struct threshold_measured m = { .active_ns = (uint64_t)llround(active_s * 1e9) };
    int status = dataset_derived_init(&d, data, e);
    if (status == 0 && (!ok || !ages || !scratch.ok || !scratch.ages ||
                        count_streams(&d.run, t->scope, &m, ok, ages, &scratch)))
        status = err_set(e, ERR_FAILED, "out of memory while judging '%s'", t->text);
    if (status == 0)
        status = add_exact(data, t->scope, &m, e);
    if (status == 0)
        *out = threshold_judge(t, &m);
    dataset_derived_fini(&d);
    hist_free(ok);
    hist_free(ages);
    hist_free(scratch.ok);
    hist_free(scratch.ages);
    return status;
}
