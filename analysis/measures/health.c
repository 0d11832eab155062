#include "health.h"

#include "csv.h"
#include "err.h"
#include "run_file.h"
#include "time_axis.h"

#include <math.h>
#include <stdlib.h>

static const struct {
    const char *column;
    int sum;
} metrics[] = {
#define HEALTH_ROW(constant, column, sum) [constant] = { column, sum },
    HEALTH_METRICS(HEALTH_ROW)
#undef HEALTH_ROW
};

static void take(double *slot, double value, int sum)
{
    if (isnan(value))
        return;
    if (isnan(*slot))
        *slot = value;
    else
        *slot = sum ? *slot + value : fmax(*slot, value);
}

static int read_rows(struct health *health, struct csv_reader *csv, const struct time_axis *axis,
                     struct err *e)
{
    int column[N_HEALTH_METRICS];
    const int t_column = csv_column(csv, "t_s", e);
    if (t_column < 0)
        return -1;
    for (int m = 0; m < N_HEALTH_METRICS; m++) {
        column[m] = csv_column(csv, metrics[m].column, e);
        if (column[m] < 0)
            return -1;
    }
    int more;
    for (; (more = csv_next(csv, e)) > 0; health->n_rows++) {
        double t_s, value;
        if (csv_get_real(csv, t_column, 0, &t_s, e))
            return -1;
        const size_t step = time_axis_step(axis, t_s + 1e-6);
        for (int m = 0; m < N_HEALTH_METRICS; m++) {
            if (csv_get_real(csv, column[m], NAN, &value, e))
                return -1;
            take(&health->values[(size_t)m * health->n_steps + step], value, metrics[m].sum);
        }
    }
    return more;
}

int health_read(struct health *health, const char *folder, uint64_t whole_s, const struct time_axis *axis,
                struct err *e)
{
    *health = (struct health){ .n_steps = axis->n_steps };
    health->values = malloc(N_HEALTH_METRICS * axis->n_steps * sizeof *health->values);
    if (!health->values)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    for (size_t i = 0; i < N_HEALTH_METRICS * axis->n_steps; i++)
        health->values[i] = NAN;
    struct csv_reader csv;
    if (run_file_open(&csv, folder, "health.csv", e))
        return -1;
    run_file_end_at(&csv, whole_s);
    const int status = read_rows(health, &csv, axis, e);
    csv_reader_fini(&csv);
    return status;
}

void health_fini(struct health *health)
{
    free(health->values);
    *health = (struct health){ 0 };
}

double health_value(const struct health *health, enum health_metric metric, size_t step)
{
    return health->values[(size_t)metric * health->n_steps + step];
}

double health_worst(const struct health *health, enum health_metric metric)
{
    double worst = NAN;
    for (size_t step = 0; step < health->n_steps; step++)
        worst = fmax(worst, health_value(health, metric, step)); /* fmax ignores NAN */
    return worst;
}
