#include "instances.h"

#include "arms.h"
#include "csv.h"
#include "err.h"
#include "run_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REALS = 10, COUNTS = 3 };

struct columns {
    int cluster, instance, counts[COUNTS], reals[REALS];
};

static int find_columns(const struct csv_reader *csv, struct columns *c, struct err *e)
{
    static const char *const counts[COUNTS] = { "requests_n", "ok_n", "err_n" };
    static const char *const reals[REALS] = { "expected_n", "residual", "band_lo_n", "band_hi_n", "p50_us",
                                              "p99_us",     "chi2",     "df",        "p_uneven",  "p_even" };
    c->cluster = csv_column(csv, "cluster", e);
    c->instance = c->cluster < 0 ? -1 : csv_column(csv, "instance", e);
    return c->instance < 0 || run_file_columns(csv, counts, COUNTS, c->counts, e) ||
                   run_file_columns(csv, reals, REALS, c->reals, e)
               ? -1
               : 0;
}

static int read_row(const struct csv_reader *csv, const struct columns *c, struct instance_row *row,
                    struct err *e)
{
    uint64_t *counts[COUNTS] = { &row->requests_n, &row->ok_n, &row->err_n };
    double *reals[REALS] = {
        &row->expected_n, &row->residual, &row->band_lo_n, &row->band_hi_n, &row->p50_us,
        &row->p99_us,     &row->chi2,     &row->df,        &row->p_uneven,  &row->p_even
    };
    for (int i = 0; i < COUNTS; i++)
        if (csv_get_u64(csv, c->counts[i], 0, counts[i], e))
            return -1;
    for (int i = 0; i < REALS; i++)
        if (csv_get_real(csv, c->reals[i], NAN, reals[i], e))
            return -1;
    row->instance = strdup(csv->fields[c->instance]);
    return row->instance ? 0 : err_set(e, ERR_FAILED, "out of memory while reading %s", csv->path);
}

static int grow(struct instances *instances, size_t *capacity)
{
    if (instances->n < *capacity)
        return 0;
    const size_t more = *capacity ? 2 * *capacity : 16;
    struct instance_row *larger = realloc(instances->rows, more * sizeof *larger);
    if (!larger)
        return -1;
    instances->rows = larger;
    *capacity = more;
    return 0;
}

static int read_rows(struct instances *instances, struct csv_reader *csv, const struct arm *arms,
                     size_t n_arms, struct err *e)
{
    struct columns c;
    size_t capacity = 0;
    int more;
    if (find_columns(csv, &c, e))
        return -1;
    while ((more = csv_next(csv, e)) > 0) {
        const size_t arm = arms_index(arms, n_arms, csv->fields[c.cluster]);
        if (arm == n_arms) /* a cluster of the deployment that got no request */
            continue;
        if (grow(instances, &capacity))
            return err_set(e, ERR_FAILED, "out of memory while reading %s", csv->path);
        struct instance_row *row = &instances->rows[instances->n];
        *row = (struct instance_row){ .arm = arm };
        if (read_row(csv, &c, row, e))
            return -1;
        instances->n++;
    }
    return more;
}

int instances_read(struct instances *instances, const char *folder, const struct arm *arms, size_t n_arms,
                   struct err *e)
{
    *instances = (struct instances){ 0 };
    struct csv_reader csv;
    if (run_file_open(&csv, folder, "instances.csv", e))
        return -1;
    const int status = read_rows(instances, &csv, arms, n_arms, e);
    csv_reader_fini(&csv);
    return status;
}

void instances_fini(struct instances *instances)
{
    for (size_t i = 0; i < instances->n; i++)
        free(instances->rows[i].instance);
    free(instances->rows);
    *instances = (struct instances){ 0 };
}

uint64_t instances_unkept(const struct instances *instances, size_t arm)
{
    size_t n_tested = 0;
    size_t n_untested = 0;
    uint64_t n_unnamed = 0;
    for (size_t i = 0; i < instances->n; i++) {
        const struct instance_row *row = &instances->rows[i];
        if (row->arm != arm)
            continue;
        if (!*row->instance)
            n_unnamed = row->ok_n;
        else if (isnan(row->expected_n))
            n_untested++;
        else
            n_tested++;
    }
    return n_untested > 0 && n_tested == 0 ? n_unnamed : 0;
}

enum balance_answer instances_answer(const struct instance_row *row)
{
    return balance_answer(&(struct balance){
        .expected = row->expected_n, .chi2 = row->chi2, .p_uneven = row->p_uneven, .p_even = row->p_even });
}

const char *instances_words(const struct instance_row *row)
{
    return balance_words(instances_answer(row));
}
