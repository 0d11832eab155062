#include "credits.h"

#include "csv.h"
#include "err.h"

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TIME_BYTES = 32 };

/* Mean over the rows of one time; times are written so that they sort as texts. */
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

struct columns {
    int at, metric, statistic, cluster, instance, value;
};

static int find_columns(const struct csv_reader *csv, struct columns *c, struct err *e)
{
    const struct {
        const char *name;
        int *column;
    } wanted[] = {
        { "ts_utc", &c->at },       { "metric", &c->metric },     { "statistic", &c->statistic },
        { "cluster", &c->cluster }, { "instance", &c->instance }, { "value", &c->value },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if ((*wanted[i].column = csv_column(csv, wanted[i].name, e)) < 0)
            return -1;
    return 0;
}

static bool is_balance(const struct csv_reader *csv, const struct columns *c, const char *cluster)
{
    return strcmp(csv->fields[c->metric], "CPUCreditBalance") == 0 &&
           strcmp(csv->fields[c->statistic], "Average") == 0 &&
           strcmp(csv->fields[c->cluster], cluster) == 0 && *csv->fields[c->instance];
}

static int read_rows(struct credits *credits, struct csv_reader *csv, const char *cluster, struct err *e)
{
    struct columns c;
    struct moment first = { 0 }, last = { 0 };
    int more;
    if (find_columns(csv, &c, e))
        return -1;
    while ((more = csv_next(csv, e)) > 0) {
        const char *at = csv->fields[c.at];
        double value;
        if (csv_get_real(csv, c.value, NAN, &value, e))
            return -1;
        if (!is_balance(csv, &c, cluster) || !isfinite(value))
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
    if ((size_t)snprintf(path, sizeof path, "%s/cloudwatch.csv", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of cloudwatch.csv in %.200s is too long", folder);
    if (access(path, F_OK))
        return 0;
    if (csv_open_results(&csv, path, e))
        return -1;
    const int status = read_rows(credits, &csv, cluster, e);
    csv_reader_fini(&csv);
    return status;
}
