#include "dataset_derived.h"

#include "claims.h"
#include "dataset.h"
#include "err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t ns_or_none(double s)
{
    return isfinite(s) ? (uint64_t)llround(s * 1e9) : DERIVED_NONE;
}

static void describe_phase(const struct run_phase *phase, struct derived_phase *out)
{
    const bool has_count = phase->requests_n >= 0 && phase->requests_n < 1e18;
    *out = (struct derived_phase){
        .stream = phase->stream,
        .cluster = phase->cluster,
        .name = phase->phase,
        .kind = phase->kind,
        .warmup = phase->warmup,
        .start_ns = ns_or_none(phase->start_s),
        .end_ns = ns_or_none(phase->end_s),
        .n_requests = has_count ? (uint64_t)phase->requests_n : DERIVED_NONE,
        .rate_per_s = phase->rate_per_s,
        .rate_end_per_s = phase->rate_end_per_s,
        .all.n_late = phase->n_late,
    };
    memcpy(out->all.n_outcomes, phase->n_outcomes, sizeof out->all.n_outcomes);
    out->cells = phase->cells;
}

/* A stream's cluster that run.json does not list is one without instances. */
static size_t add_unlisted(const struct run_json *run, struct derived_cluster *clusters, size_t n)
{
    for (size_t i = 0; i < run->n_streams; i++) {
        size_t k = 0;
        while (k < n && strcmp(clusters[k].name, run->streams[i].cluster) != 0)
            k++;
        if (k == n)
            clusters[n++] = (struct derived_cluster){ .name = run->streams[i].cluster };
    }
    return n;
}

static void add_total(const struct run_total *total, struct derived_stream *streams, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(streams[i].name, total->stream) == 0) {
            streams[i].bytes_rx = total->bytes_rx;
            streams[i].bytes_tx = total->bytes_tx;
            streams[i].statuses = total->statuses.rows;
            streams[i].n_statuses = total->statuses.n;
            streams[i].again = total->has_again ? &total->again : NULL;
            streams[i].http2 = total->has_http2 ? &total->http2 : NULL;
        }
}

static uint64_t count_or_0(double n)
{
    return isfinite(n) && n > 0 && n < 1e15 ? (uint64_t)n : 0;
}

/* Returns the number of clusters. */
static size_t describe(const struct run_json *run, struct dataset_derived *d)
{
    for (size_t i = 0; i < run->n_clusters; i++)
        d->clusters[i] = (struct derived_cluster){
            .name = run->clusters[i].name,
            .instances = run->clusters[i].instances,
            .n_instances = run->clusters[i].n_instances,
            .label = run->clusters[i].label,
            .instance_type = run->clusters[i].instance_type,
        };
    for (size_t i = 0; i < run->n_streams; i++)
        d->streams[i] = (struct derived_stream){
            .name = run->streams[i].name,
            .cluster = run->streams[i].cluster,
            .headline = metric_find(run->streams[i].headline),
            .is_open = run->streams[i].open,
            .rows = run->streams[i].rows,
            .n_rows = run->streams[i].n_rows,
            .captures_instance = run->streams[i].captures_instance,
            .n_connections = count_or_0(run->streams[i].connections),
            .http = run->streams[i].http,
            .streams_per_connection = count_or_0(run->streams[i].streams_per_connection),
            .round_trip_ns = isfinite(run->streams[i].round_trip_us)
                                 ? (uint64_t)llround(run->streams[i].round_trip_us * 1e3)
                                 : 0,
            .target = run->streams[i].target ? run->streams[i].target : run->target_url,
            .timeout_ns = isfinite(run->streams[i].timeout_s) ? ns_or_none(run->streams[i].timeout_s) : 0,
        };
    for (size_t i = 0; i < run->n_totals; i++)
        add_total(&run->totals[i], d->streams, run->n_streams);
    for (size_t i = 0; i < run->n_phases; i++)
        describe_phase(&run->phases[i], &d->phases[i]);
    return add_unlisted(run, d->clusters, run->n_clusters);
}

int dataset_derived_init(struct dataset_derived *d, const struct dataset *data, struct err *e)
{
    const struct run_json *run = &data->run;
    *d = (struct dataset_derived){
        .clusters = calloc(run->n_clusters + run->n_streams + 1, sizeof *d->clusters),
        .streams = calloc(run->n_streams + 1, sizeof *d->streams),
        .phases = calloc(run->n_phases + 1, sizeof *d->phases),
    };
    if (!d->clusters || !d->streams || !d->phases)
        return err_set(e, ERR_FAILED, "out of memory for the description of the run");
    const size_t n_clusters = describe(run, d);
    for (size_t i = 0; i < n_clusters; i++)
        d->clusters[i].seconds = answer_seconds_of(&data->answers, d->clusters[i].name);
    d->run = (struct derived_run){
        .clusters = d->clusters,
        .n_clusters = n_clusters,
        .streams = d->streams,
        .n_streams = run->n_streams,
        .phases = d->phases,
        .n_phases = run->n_phases,
        .checks = run->checks,
        .n_checks = run->n_checks,
        .tags = &data->tags,
        .lacks_times = data->lost_n > 0,
        .end = run->end,
    };
    return 0;
}

void dataset_derived_fini(struct dataset_derived *d)
{
    free(d->clusters);
    free(d->streams);
    free(d->phases);
}

struct claims *dataset_derived_claims(const struct dataset *data, struct err *e)
{
    struct dataset_derived d;
    struct claims *claims = dataset_derived_init(&d, data, e) ? NULL : claims_new(&d.run, e);
    dataset_derived_fini(&d);
    return claims;
}

int dataset_derived_write(const struct dataset *data, const char *folder, struct err *e)
{
    struct dataset_derived d;
    const int status = dataset_derived_init(&d, data, e) ? -1 : derived_write(&d.run, folder, e);
    dataset_derived_fini(&d);
    return status;
}
