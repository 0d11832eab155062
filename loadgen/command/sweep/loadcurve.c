#include "loadcurve.h"

#include "backlog.h"
#include "err.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { QUOTED_MOST = 16, P99_PPM = 990000 };
#define ANSWERED_LEAST 0.99 /* below that share of the requests that were due the target is saturated */

/* A row of percentiles.csv for the cluster as a whole. */
struct quoted {
    uint64_t p_ppm;
    double value_us, lo_us, hi_us;
    uint64_t n;
};

int loadcurve_create(struct csv_writer *w, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/loadcurve.csv", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    return csv_create(
        w, path, "cluster,offered_per_s,achieved_per_s,p_ppm,value_us,lo_us,hi_us,n,held,result,verdict,run",
        e);
}

static bool is_wanted(const struct csv_reader *r, const int *at, const char *cluster)
{
    return strcmp(r->fields[at[0]], cluster) == 0 && strcmp(r->fields[at[1]], "all") == 0 &&
           strcmp(r->fields[at[2]], "all") == 0 && strcmp(r->fields[at[3]], "ok") == 0 &&
           strcmp(r->fields[at[4]], "response") == 0;
}

static int read_row(const struct csv_reader *r, const int *at, struct quoted *row, struct err *e)
{
    return csv_get_u64(r, at[5], 0, &row->p_ppm, e) || csv_get_real(r, at[6], -1, &row->value_us, e) ||
                   csv_get_real(r, at[7], -1, &row->lo_us, e) || csv_get_real(r, at[8], -1, &row->hi_us, e) ||
                   csv_get_u64(r, at[9], 0, &row->n, e)
               ? -1
               : 0;
}

/* The rows of the headline metric of ok answers; 0 of them when nothing was answered. */
static int read_quoted(const char *path, const char *cluster, struct quoted *rows, size_t *n, struct err *e)
{
    static const char *const names[] = { "cluster", "stream",   "phase", "class", "metric",
                                         "p_ppm",   "value_us", "lo_us", "hi_us", "n" };
    int at[sizeof names / sizeof *names];
    struct csv_reader r;
    int status = 0;

    *n = 0;
    if (csv_open_results(&r, path, e))
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++)
        if ((at[i] = csv_column(&r, names[i], e)) < 0)
            status = -1;
    while (status == 0 && (status = csv_next(&r, e)) == 1) {
        status = 0;
        if (is_wanted(&r, at, cluster) && *n < QUOTED_MOST && (status = read_row(&r, at, &rows[*n], e)) == 0)
            ++*n;
    }
    csv_reader_fini(&r);
    return status < 0 ? -1 : 0;
}

/* INVALID by any rule but R5 (dropped requests), which a saturated target fails too. */
static bool is_disturbance(const json_t *check)
{
    const char *rule = json_string_value(json_object_get(check, "rule"));
    const char *level = json_string_value(json_object_get(check, "level"));
    return rule && level && strcmp(level, "INVALID") == 0 && strcmp(rule, "R5") != 0;
}

/* Random arrivals are seldom as many as the rate says, so answers are compared with what was due, all of
 * which has ended, one way or another. The warm-up does not count. */
static bool is_saturated(const json_t *phases)
{
    const json_t *phase;
    size_t k;
    double done_n = 0, ok_n = 0;
    json_array_foreach(phases, k, phase)
    {
        if (json_is_true(json_object_get(phase, "warmup")))
            continue;
        done_n += json_number_value(json_object_get(phase, "done_n"));
        ok_n += json_number_value(json_object_get(phase, "ok_n"));
    }
    return ok_n < ANSWERED_LEAST * done_n || ok_n < 1;
}

/* A step that seems to have held; all its streams are measured at the same time. */
static int judge_backlog(const char *folder, const json_t *phases, struct loadcurve_point *point,
                         struct err *e)
{
    const json_t *phase;
    size_t k;
    double from_s = 0, to_s = 0;
    bool grew;
    json_array_foreach(phases, k, phase)
    {
        if (json_is_true(json_object_get(phase, "warmup")))
            continue;
        from_s = json_number_value(json_object_get(phase, "start_s"));
        to_s = json_number_value(json_object_get(phase, "end_s"));
    }
    if (backlog_grew(folder, from_s, to_s, &grew, e))
        return -1;
    point->result = grew ? SWEEP_QUEUE : SWEEP_HELD;
    return 0;
}

static int judge(const json_t *root, const char *folder, struct loadcurve_point *point, struct err *e)
{
    static const char *const verdicts[] = { "OK", "WARN", "INVALID" };
    const json_t *phases = json_object_get(root, "phases");
    const char *text = json_string_value(json_object_get(root, "verdict"));
    const json_t *check, *threshold;
    size_t k;
    bool is_disturbed = false;

    point->verdict = "";
    point->is_held = true;
    for (size_t i = 0; text && i < sizeof verdicts / sizeof *verdicts; i++)
        if (strcmp(text, verdicts[i]) == 0)
            point->verdict = verdicts[i];
    json_array_foreach(json_object_get(root, "checks"), k, check) is_disturbed |= is_disturbance(check);
    json_array_foreach(json_object_get(root, "thresholds"), k, threshold) point->is_held &=
        json_is_true(json_object_get(threshold, "held"));
    if (is_disturbed)
        point->result = SWEEP_GENERATOR;
    else if (!point->is_held)
        point->result = SWEEP_THRESHOLD;
    else if (strcmp(point->verdict, "INVALID") == 0 || is_saturated(phases))
        point->result = SWEEP_SATURATED;
    else
        return judge_backlog(folder, phases, point, e);
    return 0;
}

static int judge_run(const char *folder, struct loadcurve_point *point, struct err *e)
{
    char path[PATH_MAX];
    json_error_t trouble;
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    json_t *root = json_load_file(path, 0, &trouble);
    if (!root)
        return err_set(e, ERR_FAILED, "cannot read %s: %s", path, trouble.text);
    const int status = judge(root, folder, point, e);
    json_decref(root);
    return status;
}

static void us_or_empty(struct csv_writer *w, double us)
{
    if (us < 0)
        csv_empty(w);
    else
        csv_fixed(w, us, 3);
}

static void write_row(struct csv_writer *w, const char *run, const struct loadcurve_point *point,
                      const struct quoted *row)
{
    csv_text(w, point->cluster);
    csv_fixed(w, point->offered_per_s, 3);
    csv_fixed(w, point->achieved_per_s, 3);
    csv_u64(w, row->p_ppm);
    us_or_empty(w, row->value_us);
    us_or_empty(w, row->lo_us);
    us_or_empty(w, row->hi_us);
    csv_u64(w, row->n);
    csv_u64(w, point->is_held);
    csv_text(w, sweep_result_name(point->result));
    csv_text(w, point->verdict);
    csv_text(w, run);
    csv_end_row(w);
}

int loadcurve_add(struct csv_writer *w, const char *folder, const char *run, uint64_t measured_ns,
                  struct loadcurve_point *point, struct err *e)
{
    static const struct quoted nothing = { .p_ppm = P99_PPM, .value_us = -1, .lo_us = -1, .hi_us = -1 };
    char run_folder[PATH_MAX];
    char path[PATH_MAX];
    struct quoted rows[QUOTED_MOST];
    size_t n;

    if ((size_t)snprintf(run_folder, sizeof run_folder, "%s/%s", folder, run) >= sizeof run_folder ||
        (size_t)snprintf(path, sizeof path, "%s/percentiles.csv", run_folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    if (read_quoted(path, point->cluster, rows, &n, e) || judge_run(run_folder, point, e))
        return -1;
    if (n == 0) /* nothing was answered well, which is a point of the curve too */
        rows[n++] = nothing;
    point->achieved_per_s = (double)rows[0].n * 1e9 / (double)measured_ns;
    point->p99_s = NAN;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].p_ppm == P99_PPM && rows[i].value_us >= 0)
            point->p99_s = rows[i].value_us / 1e6;
        write_row(w, run, point, &rows[i]);
    }
    return csv_flush(w, e);
}
