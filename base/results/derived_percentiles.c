#include "csv.h"
#include "derived.h"
#include "err.h"
#include "hist.h"
#include "quantile.h"
#include "tag_set.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint32_t percentiles_ppm[] = { 500000, 750000, 900000, 950000, 990000,
                                            999000, 999900, 999990, 1000000 };
static const double CONFIDENCE = 0.95;

/* Which histograms a block of rows merges. */
struct selection {
    const struct derived_cluster *cluster;
    const struct derived_stream *stream; /* NULL: those of the cluster that belong together, see is_merged */
    const struct derived_phase *phase;   /* NULL: all but warm-up */
};

static bool is_of(const char *cluster, const struct selection *s)
{
    return strcmp(cluster, s->cluster->name) == 0;
}

static bool has_headline(const struct derived_run *run, const struct selection *s, enum metric metric)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (is_of(run->streams[i].cluster, s) && run->streams[i].headline == metric)
            return true;
    return false;
}

/* Over a whole cluster, a headline metric merges the streams whose headline it is: response times of an open
 * stream and service times of a closed one answer different questions. Any other metric merges all streams
 * that have it. */
static bool is_merged(const struct derived_run *run, const struct selection *s,
                      const struct derived_stream *stream, enum metric metric)
{
    if (s->stream)
        return stream == s->stream;
    return is_of(stream->cluster, s) && (stream->headline == metric || !has_headline(run, s, metric));
}

static void merge_stream(const struct derived_run *run, const struct selection *s,
                         const struct derived_stream *stream, struct tag *tag, struct hist *into)
{
    snprintf(tag->stream, sizeof tag->stream, "%s", stream->name);
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct derived_phase *p = &run->phases[i];
        if (strcmp(p->stream, stream->name) != 0 || !is_of(p->cluster, s) ||
            (s->phase ? p != s->phase : p->warmup))
            continue;
        snprintf(tag->phase, sizeof tag->phase, "%s", p->name);
        const size_t row = tag_set_find(run->tags, tag);
        if (row != TAG_SET_NONE)
            hist_merge(into, run->tags->rows[row].hist);
    }
}

static void write_interval(struct csv_writer *w, const struct hist *h, uint32_t p_ppm)
{
    const struct quantile_interval interval = quantile_interval(h, p_ppm, CONFIDENCE);
    if (interval.has_low)
        csv_us(w, interval.low_ns);
    else
        csv_empty(w);
    if (interval.has_high)
        csv_us(w, interval.high_ns);
    else
        csv_empty(w);
    csv_text(w, "order_statistics");
}

static void write_rows(struct csv_writer *w, const struct selection *s, const struct tag *tag,
                       const struct hist *h)
{
    for (size_t i = 0; h->n > 0 && i < sizeof percentiles_ppm / sizeof *percentiles_ppm; i++) {
        const uint32_t p_ppm = percentiles_ppm[i];
        csv_text(w, s->cluster->name);
        csv_text(w, s->stream ? s->stream->name : TAGS_ALL);
        csv_text(w, s->phase ? s->phase->name : TAGS_ALL);
        csv_text(w, outcome_name(tag->outcome));
        csv_text(w, metric_name(tag->metric));
        csv_u64(w, p_ppm);
        csv_real(w, p_ppm < 1000000 ? 1e6 / (1e6 - p_ppm) : NAN);
        csv_us(w, hist_value_at_ppm(h, p_ppm));
        write_interval(w, h, p_ppm);
        csv_u64(w, h->n);
        csv_u64(w, hist_n_beyond(h->n, p_ppm));
        csv_end_row(w);
    }
}

static void write_selection(const struct derived_run *run, const struct selection *s, struct csv_writer *w,
                            struct hist *scratch)
{
    struct tag tag = { .instance = TAGS_ALL };
    snprintf(tag.cluster, sizeof tag.cluster, "%s", s->cluster->name);
    for (unsigned outcome = 0; outcome < N_OUTCOMES; outcome++)
        for (unsigned metric = 0; metric < N_METRICS; metric++) {
            tag.outcome = (enum outcome)outcome;
            tag.metric = (enum metric)metric;
            hist_clear(scratch);
            for (size_t i = 0; i < run->n_streams; i++)
                if (is_merged(run, s, &run->streams[i], tag.metric))
                    merge_stream(run, s, &run->streams[i], &tag, scratch);
            write_rows(w, s, &tag, scratch);
        }
}

static void write_stream(const struct derived_run *run, struct selection s, struct csv_writer *w,
                         struct hist *scratch)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        s.phase = &run->phases[i];
        if (strcmp(s.phase->stream, s.stream->name) == 0 && is_of(s.phase->cluster, &s))
            write_selection(run, &s, w, scratch);
    }
    s.phase = NULL;
    write_selection(run, &s, w, scratch);
}

int derived_percentiles(const struct derived_run *run, struct csv_writer *w, struct err *e)
{
    struct hist *scratch = hist_new();
    if (!scratch)
        return err_set(e, ERR_FAILED, "out of memory for percentiles.csv");
    for (size_t c = 0; c < run->n_clusters; c++) {
        struct selection s = { .cluster = &run->clusters[c] };
        for (size_t i = 0; i < run->n_streams; i++)
            if (is_of(run->streams[i].cluster, &s)) {
                s.stream = &run->streams[i];
                write_stream(run, s, w, scratch);
            }
        s.stream = NULL;
        write_selection(run, &s, w, scratch);
    }
    hist_free(scratch);
    return 0;
}

void derived_add_times(const struct derived_run *run, const struct derived_stream *stream, struct hist *into)
{
    const struct derived_cluster cluster = { .name = stream->cluster };
    const struct selection s = { .cluster = &cluster, .stream = stream };
    struct tag tag = { .metric = stream->headline, .outcome = OUTCOME_OK, .instance = TAGS_ALL };
    snprintf(tag.cluster, sizeof tag.cluster, "%s", cluster.name);
    merge_stream(run, &s, stream, &tag, into);
}
