#include "dataset_running.h"

#include "csv.h"
#include "dataset.h"
#include "err.h"
#include "run_file.h"

#include <stdlib.h>
#include <string.h>

typedef uint64_t outcomes[N_OUTCOMES];

static size_t phase_at(const struct run_json *run, const char *stream, const char *phase)
{
    size_t i = 0;
    while (i < run->n_phases &&
           (strcmp(run->phases[i].stream, stream) != 0 || strcmp(run->phases[i].phase, phase) != 0))
        i++;
    return i;
}

static void count_good(const struct dataset *data, outcomes *counted)
{
    for (size_t i = 0; i < data->n_roles; i++) {
        const struct tag *tag = &data->tags.rows[i].tag;
        if (tag->metric == metric_find(data->roles[i].stream->headline) && tag->outcome == OUTCOME_OK &&
            tag_is_all_instances(tag))
            counted[data->roles[i].phase - data->run.phases][OUTCOME_OK] += data->tags.rows[i].hist->n;
    }
}

enum { STREAM, PHASE, CLASS, COUNT, N_COLUMNS };

/* What errors.csv lacks is among the dataset's notes: rows that cannot be read count nothing. */
static void count_errors(const struct dataset *data, outcomes *counted)
{
    static const char *const names[N_COLUMNS] = { "stream", "phase", "class", "count_n" };
    int columns[N_COLUMNS];
    struct err ignored;
    struct csv_reader csv;
    if (run_file_open(&csv, data->folder, "errors.csv", &ignored))
        return;
    int more = run_file_columns(&csv, names, N_COLUMNS, columns, &ignored) ? -1 : 1;
    while (more > 0 && (more = csv_next(&csv, &ignored)) > 0) {
        uint64_t n;
        const size_t phase = phase_at(&data->run, csv.fields[columns[STREAM]], csv.fields[columns[PHASE]]);
        const enum outcome outcome = outcome_find(csv.fields[columns[CLASS]]);
        if (phase < data->run.n_phases && outcome != N_OUTCOMES && outcome != OUTCOME_OK &&
            csv_get_u64(&csv, columns[COUNT], 0, &n, &ignored) == 0)
            counted[phase][outcome] += n;
    }
    csv_reader_fini(&csv);
}

/* Answers that came after the phase's measured time are late, those since run.json was written among them. */
static void bring_up(struct run_phase *phase, const uint64_t *counted, double written_s)
{
    const bool is_over = phase->end_s < written_s;
    const uint64_t n_ok_known = phase->ok_n;
    phase->done_n = 0;
    for (int o = 0; o < N_OUTCOMES; o++) {
        if (counted[o] > phase->n_outcomes[o])
            phase->n_outcomes[o] = counted[o];
        if (o == OUTCOME_OK || outcome_is_failure((enum outcome)o))
            phase->done_n += phase->n_outcomes[o];
    }
    phase->ok_n = phase->n_outcomes[OUTCOME_OK];
    if (is_over)
        phase->n_late += phase->ok_n - n_ok_known;
}

int dataset_running_count(struct dataset *data, struct err *e)
{
    outcomes *counted = calloc(data->run.n_phases + 1, sizeof *counted);
    if (!counted)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", data->folder);
    const double written_s = json_number_value(json_object_get(data->run.root, "duration_s"));
    count_good(data, counted);
    count_errors(data, counted);
    for (size_t i = 0; i < data->run.n_phases; i++)
        bring_up(&data->run.phases[i], counted[i], written_s);
    free(counted);
    return 0;
}
