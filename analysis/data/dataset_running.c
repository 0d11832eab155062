#include "dataset_running.h"

#include "err.h"
#include "hlog.h"
#include "json_want.h"
#include "run_json.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

#define PHASE_TOLERANCE_S 1e-3

static int find_end(const char *path, double *end_s, struct err *e)
{
    struct hlog_reader log = { 0 };
    struct hlog_line line;
    int more = hlog_open(&log, path, e) ? -1 : 1;
    while (more > 0 && (more = hlog_next(&log, &line, e)) > 0)
        *end_s = fmax(*end_s, ((double)line.start_ns + (double)line.length_ns) / 1e9);
    hlog_reader_fini(&log);
    return more;
}

int dataset_running_extend(struct run_json *run, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    double end_s = run->duration_s;
    if ((size_t)snprintf(path, sizeof path, "%s/hist.hlog", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the run folder is too long");
    if (find_end(path, &end_s, e))
        return -1;
    if (end_s > JSON_WANT_SECONDS_MOST)
        return err_set(e, ERR_INPUT, "%s ends %.3g s after its start, which no run does", path, end_s);
    for (size_t i = 0; i < run->n_phases; i++)
        if (run->phases[i].end_s >= run->duration_s - PHASE_TOLERANCE_S)
            run->phases[i].end_s = end_s;
    run->duration_s = end_s;
    return 0;
}
