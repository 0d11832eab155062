#include "summary_input.h"

#include "csv.h"
#include "dataset.h"
#include "derived_attempts.h"
#include "err.h"
#include "run_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The place of a stream; n_streams when run.json has none of that name. */
static size_t stream_at(const struct run_json *run, const char *name)
{
    size_t i = 0;
    while (i < run->n_streams && strcmp(run->streams[i].name, name) != 0)
        i++;
    return i;
}

static uint64_t errors_of(const struct run_phase *phase)
{
    return phase->done_n > phase->ok_n ? phase->done_n - phase->ok_n : 0;
}

static void count_phases(const struct run_json *run, struct summary_counts *counts)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct run_phase *phase = &run->phases[i];
        struct summary_counts *c = &counts[stream_at(run, phase->stream)];
        c->n_warmup += phase->warmup ? phase->done_n : 0;
        c->n_ok += phase->warmup ? 0 : phase->ok_n;
        c->n_done += phase->warmup ? 0 : phase->ok_n + errors_of(phase);
    }
}

/* Of a run that did not end, hist.hlog and errors.csv know more than run.json; not which errors are those of
 * warm-up, which is over by then. */
static int count_running(struct summary_input *in, const struct run_json *run)
{
    struct hist *times = hist_new();
    for (size_t i = 0; times && i < run->n_streams; i++) {
        struct summary_counts *c = &in->counts[i];
        const uint64_t n_err_known = c->n_done - c->n_ok;
        uint64_t n_err = 0, n_err_warmup = 0;
        for (int o = 0; o < N_OUTCOMES; o++)
            n_err += o == OUTCOME_RESET_IDLE ? 0 : c->n_outcomes[o];
        for (size_t k = 0; k < run->n_phases; k++)
            if (run->phases[k].warmup && stream_at(run, run->phases[k].stream) == i)
                n_err_warmup += errors_of(&run->phases[k]);
        hist_clear(times);
        const struct derived_cluster cluster = { .name = in->derived.streams[i].cluster };
        const struct derived_scope scope = { .cluster = &cluster, .stream = &in->derived.streams[i] };
        derived_times(&in->derived.run, &scope, scope.stream->headline, OUTCOME_OK, times);
        c->n_ok = times->n;
        c->n_done = times->n + (n_err > n_err_known + n_err_warmup ? n_err - n_err_warmup : n_err_known);
    }
    hist_free(times);
    return times ? 0 : -1;
}

/* The same cause of the same class and stream is one row. False when memory is short; what finds no room is
 * left out. */
static bool add_cause(struct summary_input *in, const struct summary_cause *cause)
{
    struct summary_cause *known = in->causes;
    struct summary_cause *end = in->causes + in->summary.n_causes;
    while (known < end && (known->stream != cause->stream || known->outcome != cause->outcome ||
                           known->status != cause->status || strcmp(known->cause, cause->cause) != 0))
        known++;
    if (known < end) {
        known->count += cause->count;
        return true;
    }
    if (in->summary.n_causes == SUMMARY_INPUT_CAUSES_MOST)
        return true;
    *end = *cause;
    end->cause = strdup(cause->cause);
    in->summary.n_causes += end->cause != NULL;
    return end->cause != NULL;
}

enum { STREAM, CLASS, CAUSE, STATUS, COUNT, N_COLUMNS };

static int add_row(struct summary_input *in, const struct run_json *run, const struct csv_reader *csv,
                   const int *columns, struct err *e)
{
    uint64_t status;
    struct summary_cause cause = { .stream = stream_at(run, csv->fields[columns[STREAM]]),
                                   .outcome = outcome_find(csv->fields[columns[CLASS]]),
                                   .cause = csv->fields[columns[CAUSE]] };
    if (csv_get_u64(csv, columns[STATUS], 0, &status, e) ||
        csv_get_u64(csv, columns[COUNT], 0, &cause.count, e))
        return -1;
    cause.status = (unsigned)status;
    if (cause.stream == run->n_streams || cause.outcome == N_OUTCOMES)
        return 0;
    if (cause.outcome != OUTCOME_OK)
        in->counts[cause.stream].n_outcomes[cause.outcome] += cause.count;
    return !*cause.cause || add_cause(in, &cause) ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

static int read_errors(struct summary_input *in, const struct dataset *data, struct err *e)
{
    static const char *const names[N_COLUMNS] = { "stream", "class", "cause", "status", "count_n" };
    int columns[N_COLUMNS], more = 1;
    struct csv_reader csv;
    if (run_file_open(&csv, data->folder, "errors.csv", e))
        return -1;
    if (run_file_columns(&csv, names, N_COLUMNS, columns, e))
        more = -1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0)
        if (add_row(in, &data->run, &csv, columns, e))
            more = -1;
    csv_reader_fini(&csv);
    return more;
}

int summary_input_init(struct summary_input *in, const struct dataset *data, struct err *e)
{
    const struct run_json *run = &data->run;
    struct err ignored; /* what errors.csv lacks is among the dataset's notes */
    *in = (struct summary_input){ .counts = calloc(run->n_streams + 1, sizeof *in->counts) };
    if (dataset_derived_init(&in->derived, data, e))
        return -1;
    if (!in->counts)
        return err_set(e, ERR_FAILED, "out of memory for the summary");
    in->summary = (struct summary){ .run = &in->derived.run,
                                    .counts = in->counts,
                                    .causes = in->causes,
                                    .thresholds = run->thresholds,
                                    .n_thresholds = run->n_thresholds,
                                    .verdict = run->verdict,
                                    .end = run->end,
                                    .duration_ns = (uint64_t)llround(run->duration_s * 1e9),
                                    .lacks_times = whole_lacks(data, "hist.hlog") != NULL,
                                    .n_log_rows = run->log_rows_n,
                                    .n_log_dropped = run->log_dropped_n,
                                    .n_log_unwritten = run->log_unwritten_n,
                                    .folder = data->folder };
    count_phases(run, in->counts);
    read_errors(in, data, &ignored);
    return data->is_running && count_running(in, run)
               ? err_set(e, ERR_FAILED, "out of memory for the summary")
               : 0;
}

void summary_input_fini(struct summary_input *in)
{
    for (size_t i = 0; i < in->summary.n_causes; i++)
        free((char *)in->causes[i].cause);
    dataset_derived_fini(&in->derived);
    free(in->counts);
}
