#include "recompute.h"

#include "dataset.h"
#include "derived.h"
#include "err.h"

#include <math.h>
#include <stdlib.h>

/* Arrays that derived_write takes. */
struct description {
    struct derived_cluster *clusters;
    struct derived_stream *streams;
    struct derived_phase *phases;
    struct derived_check *checks;
};

static uint64_t ns_or_none(double s)
{
    return isfinite(s) ? (uint64_t)llround(s * 1e9) : DERIVED_NONE;
}

static void fill(const struct run_json *run, const struct description *d)
{
    for (size_t i = 0; i < run->n_clusters; i++)
        d->clusters[i] = (struct derived_cluster){
            .name = run->clusters[i].name,
            .instances = run->clusters[i].instances,
            .n_instances = run->clusters[i].n_instances,
        };
    for (size_t i = 0; i < run->n_streams; i++)
        d->streams[i] = (struct derived_stream){
            .name = run->streams[i].name,
            .cluster = run->streams[i].cluster,
            .headline = metric_find(run->streams[i].headline),
            .captures_instance = run->streams[i].captures_instance,
        };
    for (size_t i = 0; i < run->n_phases; i++)
        d->phases[i] = (struct derived_phase){
            .stream = run->phases[i].stream,
            .cluster = run->phases[i].cluster,
            .name = run->phases[i].phase,
            .kind = run->phases[i].kind,
            .warmup = run->phases[i].warmup,
            .start_ns = ns_or_none(run->phases[i].start_s),
            .end_ns = ns_or_none(run->phases[i].end_s),
            .n_requests =
                isfinite(run->phases[i].requests_n) ? (uint64_t)run->phases[i].requests_n : DERIVED_NONE,
            .rate_per_s = run->phases[i].rate_per_s,
            .rate_end_per_s = run->phases[i].rate_end_per_s,
        };
    for (size_t i = 0; i < run->n_checks; i++)
        d->checks[i] = (struct derived_check){
            .rule = run->checks[i].rule,
            .scope = run->checks[i].scope,
            .level = run->checks[i].level,
            .unit = run->checks[i].unit,
            .what = run->checks[i].what,
            .advice = run->checks[i].advice,
            .value = run->checks[i].value,
            .warn = run->checks[i].warn,
            .invalid = run->checks[i].invalid,
        };
}

int recompute(const struct dataset *data, const char *folder, struct err *e)
{
    const struct run_json *run = &data->run;
    const struct description d = {
        .clusters = calloc(run->n_clusters + 1, sizeof *d.clusters),
        .streams = calloc(run->n_streams + 1, sizeof *d.streams),
        .phases = calloc(run->n_phases + 1, sizeof *d.phases),
        .checks = calloc(run->n_checks + 1, sizeof *d.checks),
    };
    int status = -1;
    if (d.clusters && d.streams && d.phases && d.checks) {
        fill(run, &d);
        const struct derived_run described = {
            .clusters = d.clusters,
            .n_clusters = run->n_clusters,
            .streams = d.streams,
            .n_streams = run->n_streams,
            .phases = d.phases,
            .n_phases = run->n_phases,
            .checks = d.checks,
            .n_checks = run->n_checks,
            .tags = &data->tags,
        };
        status = derived_write(&described, folder, e);
    } else {
        err_set(e, ERR_FAILED, "out of memory for the derived files");
    }
    free(d.clusters);
    free(d.streams);
    free(d.phases);
    free(d.checks);
    return status;
}
