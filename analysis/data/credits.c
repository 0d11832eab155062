#include "credits.h"

#include "csv.h"
#include "run_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TIME_BYTES = 32 };

/* Mean over the rows of one time. Times sort as texts. */
struct moment {
    char at[TIME_BYTES];
    double sum;
    unsigned n;
};

static void put(struct moment *m, const char *at, double value)
{
    if (m->n == 0 || strcmp(m->at, at) != 0) {
        *m = (struct moment){ 0 };
        snprintf(m->at, sizeof m->at, "%s", at);
    }
    m->sum += value;
    m->n++;
}

enum { AT, METRIC, STATISTIC, CLUSTER, INSTANCE, VALUE, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = { "ts_utc",  "metric",   "statistic",
                                                     "cluster", "instance", "value" };

static bool is_balance(const struct csv_reader *csv, const int *column, const char *cluster)
{
    return strcmp(csv->fields[column[METRIC]], "CPUCreditBalance") == 0 &&
           strcmp(csv->fields[column[STATISTIC]], "Average") == 0 &&
           strcmp(csv->fields[column[CLUSTER]], cluster) == 0 && *csv->fields[column[INSTANCE]];
}

static int read_rows(struct credits *credits, struct csv_reader *csv, const char *cluster, struct err *e)
{
    int column[N_COLUMNS], more;
    struct moment first = { 0 }, last = { 0 };
    if (run_file_columns(csv, column_names, N_COLUMNS, column, e))
        return -1;
    while ((more = csv_next(csv, e)) > 0) {
        const char *at = csv->fields[column[AT]];
        double value;
        if (csv_get_real(csv, column[VALUE], NAN, &value, e))
            return -1;
        if (!is_balance(csv, column, cluster) || !isfinite(value))
            continue;
        credits->least = credits->is_known ? fmin(credits->least, value) : value;
        credits->is_known = true;
        if (first.n == 0 || strcmp(at, first.at) <= 0)
            put(&first, at, value);
        if (last.n == 0 || strcmp(at, last.at) >= 0)
            put(&last, at, value);
    }
    if (credits->is_known) {
        credits->first = first.sum / first.n;
        credits->last = last.sum / last.n;
    }
    return more;
}

int credits_read(struct credits *credits, const char *folder, const char *cluster, struct err *e)
{
    char path[PATH_MAX];
    struct csv_reader csv;
    *credits = (struct credits){ .first = NAN, .last = NAN, .least = NAN };
    if (run_file_path(folder, "cloudwatch.csv", path, e))
        return -1;
    if (access(path, F_OK))
        return 0;
    if (csv_open_results(&csv, path, e))
        return -1;
    const int status = read_rows(credits, &csv, cluster, e);
    csv_reader_fini(&csv);
    return status;
}
