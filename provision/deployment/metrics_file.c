#include "metrics_file.h"

#include "clock.h"
#include "err.h"
#include "units.h"

#include <limits.h>
#include <stdio.h>

int metrics_file_create(struct metrics_file *m, const char *run, const char *source, struct err *e)
{
    char path[PATH_MAX];
    *m = (struct metrics_file){ .source = source };
    if ((size_t)snprintf(path, sizeof path, "%s/cloudwatch.csv", run) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the run folder is too long");
    return csv_create(&m->csv, path,
                      "ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s", e);
}

void metrics_file_write(struct metrics_file *m, const struct metrics_point *p, double value)
{
    char when[CLOCK_UTC_TEXT_BYTES];
    csv_text(&m->csv, clock_utc_text(p->unix_s * NS_PER_S, when));
    csv_text(&m->csv, m->source);
    csv_text(&m->csv, p->namespace);
    csv_text(&m->csv, p->metric);
    csv_text(&m->csv, p->statistic);
    csv_text(&m->csv, p->cluster);
    csv_text(&m->csv, p->instance);
    csv_fixed(&m->csv, value, 6);
    csv_text(&m->csv, p->unit);
    csv_u64(&m->csv, p->period_s);
    csv_end_row(&m->csv);
    m->n_points++;
}

int metrics_file_close(struct metrics_file *m, struct err *e)
{
    return csv_close(&m->csv, e);
}
