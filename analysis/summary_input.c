#include "summary_input.h"

#include "csv.h"
#include "dataset.h"
#include "err.h"
#include "run_file.h"
#include "run_generators.h"

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

static bool is_warmup(const struct run_json *run, const char *stream, const char *name)
{
    for (size_t i = 0; i < run->n_phases; i++)
        if (strcmp(run->phases[i].stream, stream) == 0 && strcmp(run->phases[i].phase, name) == 0)
            return run->phases[i].warmup;
    return false;
}

/* The name of the stream's row, which lives as long as `run`; "" when it has none of that name. */
static const char *step_of(const struct run_json *run, size_t stream, const char *name)
{
    for (size_t i = 0; stream < run->n_streams && i < run->streams[stream].n_rows; i++)
        if (strcmp(run->streams[stream].rows[i].name, name) == 0)
            return run->streams[stream].rows[i].name;
    return "";
}

/* The same cause of the same class, stream and step is one row. False when memory is short; what finds no
 * room is left out. */
static bool add_cause(struct summary_input *in, const struct summary_cause *cause)
{
    struct summary_cause *known = in->causes;
    struct summary_cause *end = in->causes + in->summary.n_causes;
    while (known < end && (known->stream != cause->stream || strcmp(known->step, cause->step) != 0 ||
                           known->outcome != cause->outcome || known->status != cause->status ||
                           strcmp(known->cause, cause->cause) != 0))
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

enum { STREAM, PHASE, CLASS, CAUSE, STATUS, COUNT, N_COLUMNS };

static int add_row(struct summary_input *in, const struct run_json *run, const struct csv_reader *csv,
                   const int *columns, int step_column, struct err *e)
{
    uint64_t status;
    const char *step = run_file_step(csv, step_column);
    if (run_file_is_of_passes(csv, step_column)) /* each failed with a step, which has its own row */
        return 0;
    struct summary_cause cause = { .stream = stream_at(run, csv->fields[columns[STREAM]]),
                                   .outcome = outcome_find(csv->fields[columns[CLASS]]),
                                   .cause = csv->fields[columns[CAUSE]] };
    if (csv_get_u64(csv, columns[STATUS], 0, &status, e) ||
        csv_get_u64(csv, columns[COUNT], 0, &cause.count, e))
        return -1;
    cause.status = (unsigned)status;
    cause.step = step_of(run, cause.stream, step);
    if (cause.stream == run->n_streams || cause.outcome == N_OUTCOMES ||
        is_warmup(run, csv->fields[columns[STREAM]], csv->fields[columns[PHASE]]))
        return 0;
    return !*cause.cause || add_cause(in, &cause) ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

static int read_errors(struct summary_input *in, const struct dataset *data, struct err *e)
{
    static const char *const names[N_COLUMNS] = { "stream", "phase", "class", "cause", "status", "count_n" };
    int columns[N_COLUMNS], more = 1;
    struct csv_reader csv;
    if (run_file_open(&csv, data->folder, "errors.csv", e))
        return -1;
    run_file_end_at(&csv, data->run.whole_s);
    const int step_column = run_file_step_column(&csv);
    if (run_file_columns(&csv, names, N_COLUMNS, columns, e))
        more = -1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0)
        if (add_row(in, &data->run, &csv, columns, step_column, e))
            more = -1;
    csv_reader_fini(&csv);
    return more;
}

int summary_input_init(struct summary_input *in, const struct dataset *data, struct err *e)
{
    const struct run_json *run = &data->run;
    struct err ignored; /* what errors.csv lacks is among the dataset's notes */
    *in = (struct summary_input){ 0 };
    if (dataset_derived_init(&in->derived, data, e))
        return -1;
    in->summary = (struct summary){ .scenario = run->scenario ? run->name : NULL,
                                    .scenario_file = run->scenario,
                                    .is_emulated = run->emulated,
                                    .n_threads = run->threads,
                                    .run = &in->derived.run,
                                    .claims = data->claims,
                                    .causes = in->causes,
                                    .thresholds = run->thresholds,
                                    .n_thresholds = run->n_thresholds,
                                    .end = run->end,
                                    .duration_ns = (uint64_t)llround(run->duration_s * 1e9),
                                    .lacks_times = whole_lacks(data, "hist.hlog") != NULL,
                                    .n_log_rows = run->log_rows_n,
                                    .n_log_dropped = run->log_dropped_n,
                                    .n_log_unwritten = run->log_unwritten_n,
                                    .folder = data->folder,
                                    .share = run->share,
                                    .n_shares = run->n_shares };
    if (within_sides_init(&in->within, data))
        in->summary.sides = in->within.sides;
    read_errors(in, data, &ignored);
    in->generators = run_generators(run, &in->summary.n_generators);
    in->summary.generators = in->generators;
    return in->generators ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

void summary_input_fini(struct summary_input *in)
{
    for (size_t i = 0; i < in->summary.n_causes; i++)
        free((char *)in->causes[i].cause);
    free(in->generators);
    within_sides_fini(&in->within);
    dataset_derived_fini(&in->derived);
}
