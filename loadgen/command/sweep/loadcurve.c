#include "loadcurve.h"

#include "err.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { P99_PPM = 990000 };

int loadcurve_create(struct csv_writer *w, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/loadcurve.csv", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    return csv_create(w, path,
                      "cluster,offered_per_s,achieved_per_s,p_ppm,value_us,at_least_us,state,lo_us,hi_us,n,"
                      "failed_n,censored_n,held,result,level,rate_level,run",
                      e);
}

/* --- reading --- */

enum column { CLUSTER, STREAM, PHASE, CLASS, METRIC, STATE, P_PPM, N, VALUE, AT_LEAST, LO, HI, N_COLUMNS };
static const char *const column_names[] = {
    "cluster", "stream", "phase",    "class",       "metric", "state",
    "p_ppm",   "n",      "value_us", "at_least_us", "lo_us",  "hi_us"
};

static bool is_wanted(const struct csv_reader *r, const int *at, const char *cluster)
{
    return strcmp(r->fields[at[CLUSTER]], cluster) == 0 && strcmp(r->fields[at[STREAM]], "all") == 0 &&
           strcmp(r->fields[at[PHASE]], "all") == 0 && strcmp(r->fields[at[CLASS]], "all") == 0 &&
           strcmp(r->fields[at[METRIC]], "response") == 0;
}

static int read_row(const struct csv_reader *r, const int *at, struct loadcurve_time *row, struct err *e)
{
    row->state = attempt_state_find(r->fields[at[STATE]]);
    return csv_get_u64(r, at[P_PPM], 0, &row->p_ppm, e) || csv_get_u64(r, at[N], 0, &row->n, e) ||
                   csv_get_real(r, at[VALUE], -1, &row->value_us, e) ||
                   csv_get_real(r, at[AT_LEAST], -1, &row->at_least_us, e) ||
                   csv_get_real(r, at[LO], -1, &row->lo_us, e) || csv_get_real(r, at[HI], -1, &row->hi_us, e)
               ? -1
               : 0;
}

/* The percentiles of response times over all attempts; none when nothing was due. */
static int read_quoted(const char *path, const char *cluster, struct loadcurve_time *rows, size_t *n,
                       struct err *e)
{
    int at[N_COLUMNS];
    struct csv_reader r;
    int status = 0;

    *n = 0;
    if (csv_open_results(&r, path, e))
        return -1;
    for (size_t i = 0; i < N_COLUMNS && status == 0; i++)
        if ((at[i] = csv_column(&r, column_names[i], e)) < 0)
            status = -1;
    while (status == 0 && (status = csv_next(&r, e)) == 1) {
        status = 0;
        if (is_wanted(&r, at, cluster) && *n < LOADCURVE_TIMES_MOST &&
            (status = read_row(&r, at, &rows[*n], e)) == 0)
            ++*n;
    }
    csv_reader_fini(&r);
    return status < 0 ? -1 : 0;
}

/* --- writing --- */

static void us_or_empty(struct csv_writer *w, double us)
{
    if (us < 0)
        csv_empty(w);
    else
        csv_fixed(w, us, 3);
}

static void write_row(struct csv_writer *w, const char *run, const struct loadcurve_point *point,
                      const struct loadcurve_time *row)
{
    const struct step_judged *step = &point->step;
    csv_text(w, point->cluster);
    csv_fixed(w, point->offered_per_s, 3);
    csv_fixed(w, step->rate_per_s, 3);
    csv_u64(w, row->p_ppm);
    us_or_empty(w, row->value_us);
    us_or_empty(w, row->at_least_us);
    csv_text(w, attempt_state_name(row->state));
    us_or_empty(w, row->lo_us);
    us_or_empty(w, row->hi_us);
    csv_u64(w, row->n);
    csv_u64(w, step->n_failed);
    csv_u64(w, step->n_censored);
    csv_u64(w, step->is_held);
    csv_text(w, sweep_result_name(step->result));
    csv_text(w, claim_level_name(step->levels[claim_what_at((uint32_t)row->p_ppm)]));
    csv_text(w, claim_level_name(step->levels[CLAIM_RATE]));
    csv_text(w, run);
    csv_end_row(w);
}

static struct attempt_time time_of(const struct loadcurve_time *row)
{
    return (struct attempt_time){ .state = row->state,
                                  .value_ns = row->value_us > 0 ? (uint64_t)(row->value_us * 1e3 + .5) : 0,
                                  .at_least_ns =
                                      row->at_least_us > 0 ? (uint64_t)(row->at_least_us * 1e3 + .5) : 0 };
}

int loadcurve_add(struct csv_writer *w, const char *folder, const char *run, struct loadcurve_point *point,
                  struct err *e)
{
    static const struct loadcurve_time nothing = {
        .p_ppm = P99_PPM, .state = ATTEMPT_NONE, .value_us = -1, .at_least_us = -1, .lo_us = -1, .hi_us = -1
    };
    char run_folder[PATH_MAX], path[PATH_MAX];

    if ((size_t)snprintf(run_folder, sizeof run_folder, "%s/%s", folder, run) >= sizeof run_folder ||
        (size_t)snprintf(path, sizeof path, "%s/percentiles.csv", run_folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    if (read_quoted(path, point->cluster, point->times, &point->n_times, e) ||
        step_judge(&point->step, run_folder, point->cluster, e))
        return -1;
    if (point->n_times == 0) /* nothing was due, which is a point of the curve too */
        point->times[point->n_times++] = nothing;
    point->p99 = (struct attempt_time){ .state = ATTEMPT_NONE };
    for (size_t i = 0; i < point->n_times; i++) {
        if (point->times[i].p_ppm == P99_PPM)
            point->p99 = time_of(&point->times[i]);
        write_row(w, run, point, &point->times[i]);
    }
    return csv_flush(w, e);
}
