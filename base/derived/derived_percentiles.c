#include "csv.h"
#include "derived_attempts.h"
#include "err.h"
#include "hist.h"
#include "quantile.h"
#include "tag_set.h"

#include <math.h>
#include <string.h>

static const uint32_t percentiles_ppm[] = { 500000, 750000, 900000, 950000, 990000,
                                            999000, 999900, 999990, 1000000 };
static const double CONFIDENCE = 0.95;

struct scratch {
    struct hist *ok, *ages; /* owned */
};

static void write_bound(struct csv_writer *w, bool is_known, uint64_t ns)
{
    if (is_known)
        csv_us(w, ns);
    else
        csv_empty(w);
}

static void write_percentile(struct csv_writer *w, const struct attempts *a, uint32_t p_ppm)
{
    const struct attempt_time time = attempts_time(a, p_ppm);
    const struct quantile_interval interval = quantile_interval(a, p_ppm, CONFIDENCE);
    const uint64_t n = attempts_n(a);
    csv_u64(w, p_ppm);
    csv_real(w, p_ppm < 1000000 ? 1e6 / (1e6 - p_ppm) : NAN);
    write_bound(w, time.state == ATTEMPT_EXACT, time.value_ns);
    write_bound(w, time.state == ATTEMPT_AT_LEAST || time.at_least_ns > 0, time.at_least_ns);
    csv_text(w, attempt_state_name(time.state));
    write_bound(w, interval.has_low, interval.low_ns);
    write_bound(w, interval.has_high, interval.high_ns);
    csv_text(w, "order_statistics");
    csv_u64(w, n);
    csv_u64(w, hist_n_beyond(n, p_ppm));
    csv_end_row(w);
}

static void write_rows(struct csv_writer *w, const struct derived_scope *s, const char *class,
                       enum metric metric, const struct attempts *a)
{
    for (size_t i = 0; attempts_n(a) > 0 && i < sizeof percentiles_ppm / sizeof *percentiles_ppm; i++) {
        csv_text(w, s->cluster->name);
        csv_text(w, s->stream ? s->stream->name : TAGS_ALL);
        csv_text(w, s->row ? s->row->name : "");
        csv_text(w, s->phase ? s->phase->name : TAGS_ALL);
        csv_text(w, class);
        csv_text(w, metric_name(metric));
        write_percentile(w, a, percentiles_ppm[i]);
    }
}

/* A stream has its headline; a cluster those of its streams, and the one in which the clusters compare. */
static bool has_row(const struct derived_run *run, const struct derived_scope *s, enum metric metric)
{
    if (s->stream)
        return derived_scope_headline(run, s) == metric;
    return derived_has_headline(run, s, metric) || derived_headline(run) == metric;
}

static void write_all_attempts(const struct derived_run *run, const struct derived_scope *s,
                               struct csv_writer *w, struct scratch *scratch)
{
    static const enum metric headlines[] = { METRIC_RESPONSE, METRIC_SERVICE, METRIC_BUSY };
    for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++) {
        if (!has_row(run, s, headlines[i]))
            continue;
        const struct attempts a =
            derived_attempts(run, s, headlines[i], headlines[i], scratch->ok, scratch->ages);
        write_rows(w, s, TAGS_ALL, headlines[i], &a);
    }
}

static void write_selection(const struct derived_run *run, const struct derived_scope *s,
                            struct csv_writer *w, struct scratch *scratch)
{
    write_all_attempts(run, s, w, scratch);
    for (unsigned outcome = 0; outcome < N_OUTCOMES; outcome++)
        for (unsigned metric = 0; metric < N_METRICS; metric++) {
            hist_clear(scratch->ok);
            derived_times(run, s, (enum metric)metric, (enum outcome)outcome, scratch->ok);
            const struct attempts of_class = { .ok = scratch->ok };
            write_rows(w, s, outcome_name((enum outcome)outcome), (enum metric)metric, &of_class);
        }
}

/* Of the stream as a whole, or of its row that `s` names. */
static void write_phases(const struct derived_run *run, struct derived_scope s, struct csv_writer *w,
                         struct scratch *scratch)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        s.phase = &run->phases[i];
        if (strcmp(s.phase->stream, s.stream->name) == 0 && strcmp(s.phase->cluster, s.cluster->name) == 0)
            write_selection(run, &s, w, scratch);
    }
    s.phase = NULL;
    write_selection(run, &s, w, scratch);
}

static void write_stream(const struct derived_run *run, struct derived_scope s, struct csv_writer *w,
                         struct scratch *scratch)
{
    write_phases(run, s, w, scratch);
    for (size_t i = 0; i < s.stream->n_rows; i++) {
        s.row = &s.stream->rows[i];
        write_phases(run, s, w, scratch);
    }
}

static void write_clusters(const struct derived_run *run, struct csv_writer *w, struct scratch *scratch)
{
    for (size_t c = 0; c < run->n_clusters; c++) {
        struct derived_scope s = { .cluster = &run->clusters[c] };
        for (size_t i = 0; i < run->n_streams; i++)
            if (strcmp(run->streams[i].cluster, s.cluster->name) == 0) {
                s.stream = &run->streams[i];
                write_stream(run, s, w, scratch);
            }
        s.stream = NULL;
        write_selection(run, &s, w, scratch);
    }
}

int derived_percentiles(const struct derived_run *run, struct csv_writer *w, struct err *e)
{
    struct scratch scratch = { hist_new(), hist_new() };
    const bool has_memory = scratch.ok && scratch.ages;
    if (has_memory)
        write_clusters(run, w, &scratch);
    hist_free(scratch.ok);
    hist_free(scratch.ages);
    return has_memory ? 0 : err_set(e, ERR_FAILED, "out of memory for percentiles.csv");
}
