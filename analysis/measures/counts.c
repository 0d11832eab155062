#include "counts.h"

#include "arms.h"
#include "csv.h"
#include "err.h"
#include "run_file.h"
#include "time_axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMN_NAME_BYTES = 32 };

struct columns {
    int t_s, dur_s, stream, step, cluster, partial, warmup, intended, sent, done, ok, err;
    int by_outcome[N_OUTCOMES]; /* -1 without a column */
};

static int find_columns(const struct csv_reader *csv, struct columns *c, struct err *e)
{
    const struct {
        const char *name;
        int *index;
    } wanted[] = {
        { "t_s", &c->t_s },
        { "dur_s", &c->dur_s },
        { "stream", &c->stream },
        { "cluster", &c->cluster },
        { "partial", &c->partial },
        { "warmup", &c->warmup },
        { "intended_n", &c->intended },
        { "sent_n", &c->sent },
        { "done_n", &c->done },
        { "ok_n", &c->ok },
        { "err_n", &c->err },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].index = csv_column(csv, wanted[i].name, e);
        if (*wanted[i].index < 0)
            return -1;
    }
    c->step = run_file_step_column(csv);
    c->by_outcome[OUTCOME_OK] = -1;
    for (int i = OUTCOME_OK + 1; i < N_OUTCOMES; i++) {
        char name[COLUMN_NAME_BYTES];
        snprintf(name, sizeof name, "%s_n", outcome_name((enum outcome)i));
        c->by_outcome[i] = csv_column(csv, name, e);
        if (c->by_outcome[i] < 0)
            return -1;
    }
    return 0;
}

static int add_count(const struct csv_reader *csv, int column, uint64_t *sum, struct err *e)
{
    uint64_t n;
    if (csv_get_u64(csv, column, 0, &n, e))
        return -1;
    *sum += n;
    return 0;
}

/* Adds the current row to its cell. */
static int add_row(const struct csv_reader *csv, const struct columns *c, struct counts_cell *cell,
                   struct err *e)
{
    uint64_t partial;
    if (csv_get_u64(csv, c->partial, 0, &partial, e) || add_count(csv, c->intended, &cell->intended_n, e) ||
        add_count(csv, c->sent, &cell->sent_n, e) || add_count(csv, c->done, &cell->done_n, e) ||
        add_count(csv, c->ok, &cell->ok_n, e) || add_count(csv, c->err, &cell->err_n, e))
        return -1;
    cell->partial |= partial != 0;
    cell->intended_known |= *csv->fields[c->intended] != '\0';
    for (int i = OUTCOME_OK + 1; i < N_OUTCOMES; i++)
        if (add_count(csv, c->by_outcome[i], &cell->by_outcome_n[i], e))
            return -1;
    return 0;
}

static int add_timed(const struct csv_reader *csv, const struct columns *c, const struct counts_timed *timed,
                     struct counts_cell *cell, struct err *e)
{
    if (!timed->is_timed(timed->payload, csv->fields[c->stream]))
        return 0;
    return add_count(csv, c->err, &cell->timed_bad_n, e) ||
                   add_count(csv, c->by_outcome[OUTCOME_CENSORED], &cell->timed_bad_n, e)
               ? -1
               : 0;
}

static int read_rows(struct counts *counts, struct csv_reader *csv, const struct arm *arms,
                     const struct time_axis *axis, const struct counts_timed *timed, struct err *e)
{
    struct columns c;
    if (find_columns(csv, &c, e))
        return -1;
    int more;
    while ((more = csv_next(csv, e)) > 0) {
        double t_s, dur_s;
        if (*run_file_step(csv, c.step)) /* the stream has a row of its own, with their sum */
            continue;
        if (csv_get_real(csv, c.t_s, 0, &t_s, e) || csv_get_real(csv, c.dur_s, 0, &dur_s, e))
            return -1;
        const size_t arm = arms_index(arms, counts->n_arms, csv->fields[c.cluster]);
        if (arm == counts->n_arms)
            return err_set(e, ERR_INPUT, "%s:%llu: cluster '%.40s' is not in run.json", csv->path,
                           (unsigned long long)csv->line_number, csv->fields[c.cluster]);
        const size_t step = time_axis_step(axis, t_s + dur_s / 2);
        struct counts_cell *cell = &counts->cells[arm * counts->n_steps + step];
        cell->covered_s = fmax(cell->covered_s, t_s + dur_s - (double)step * axis->step_s);
        uint64_t warmup;
        counts->n_rows++;
        counts->last_s = fmax(counts->last_s, t_s);
        if (add_row(csv, &c, cell, e) || add_timed(csv, &c, timed, cell, e) ||
            add_row(csv, &c, &counts->all, e) || csv_get_u64(csv, c.warmup, 0, &warmup, e) ||
            (!warmup && add_row(csv, &c, &counts->measured[arm], e)))
            return -1;
    }
    return more;
}

int counts_read(struct counts *counts, const char *folder, uint64_t whole_s, const struct arm *arms,
                size_t n_arms, const struct time_axis *axis, const struct counts_timed *timed, struct err *e)
{
    *counts = (struct counts){ .n_arms = n_arms, .n_steps = axis->n_steps, .last_s = NAN };
    counts->cells = calloc(n_arms * axis->n_steps + 1, sizeof *counts->cells);
    counts->measured = calloc(n_arms + 1, sizeof *counts->measured);
    if (!counts->cells || !counts->measured)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    struct csv_reader csv;
    if (run_file_open(&csv, folder, "intervals.csv", e))
        return -1;
    run_file_end_at(&csv, whole_s);
    const int status = read_rows(counts, &csv, arms, axis, timed, e);
    csv_reader_fini(&csv);
    return status;
}

void counts_fini(struct counts *counts)
{
    free(counts->cells);
    free(counts->measured);
    *counts = (struct counts){ 0 };
}
