#include "merge_compatible.h"

#include "err.h"
#include "merge_run.h"
#include "run_file.h"

#include <string.h>
#include <unistd.h>

/* json_equal is false for two missing members; missing and null both mean unknown here. */
static bool is_equal(const json_t *a, const json_t *b)
{
    const bool a_unknown = !a || json_is_null(a);
    const bool b_unknown = !b || json_is_null(b);
    return a_unknown || b_unknown ? a_unknown == b_unknown : json_equal(a, b);
}

/* The streams as they were planned: how far each generator was from the target is its own. Owned. */
static json_t *planned_streams(const json_t *root)
{
    json_t *streams = json_deep_copy(json_object_get(root, "streams"));
    for (size_t i = 0; i < json_array_size(streams); i++)
        json_object_del(json_array_get(streams, i), "round_trip_us");
    return streams;
}

static bool have_equal_streams(const struct merge_run *a, const struct merge_run *b)
{
    json_t *x = planned_streams(a->run.root), *y = planned_streams(b->run.root);
    const bool are_equal = is_equal(x, y);
    json_decref(x);
    json_decref(y);
    return are_equal;
}

static int check_members(const struct merge_run *a, const struct merge_run *b, struct err *e)
{
    static const char *const members[] = { "name", "target", "deployment", "clusters" };
    const json_t *x = json_object_get(json_object_get(a->run.root, "scenario"), "text");
    const json_t *y = json_object_get(json_object_get(b->run.root, "scenario"), "text");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!is_equal(json_object_get(a->run.root, members[i]), json_object_get(b->run.root, members[i])))
            return err_set(e, ERR_INPUT, "%s and %s are not of the same run: '%s' in their run.json differs",
                           a->folder, b->folder, members[i]);
    if (!have_equal_streams(a, b))
        return err_set(e, ERR_INPUT, "%s and %s are not of the same run: 'streams' in their run.json differs",
                       a->folder, b->folder);
    if (!is_equal(x, y))
        return err_set(e, ERR_INPUT, "%s and %s are not of the same run: their scenarios differ", a->folder,
                       b->folder);
    return 0;
}

static bool is_same_phase(const struct run_phase *a, const struct run_phase *b)
{
    return strcmp(a->stream, b->stream) == 0 && strcmp(a->cluster, b->cluster) == 0 &&
           strcmp(a->phase, b->phase) == 0 && strcmp(a->kind, b->kind) == 0 && a->warmup == b->warmup;
}

static int check_phases(const struct merge_run *a, const struct merge_run *b, struct err *e)
{
    if (a->run.n_phases != b->run.n_phases)
        return err_set(e, ERR_INPUT, "%s has %zu phases and %s has %zu: they are not of the same run",
                       a->folder, a->run.n_phases, b->folder, b->run.n_phases);
    for (size_t i = 0; i < a->run.n_phases; i++)
        if (!is_same_phase(&a->run.phases[i], &b->run.phases[i]))
            return err_set(
                e, ERR_INPUT,
                "%s and %s are not of the same run: phase %s of stream %s is another in the second",
                a->folder, b->folder, a->run.phases[i].phase, a->run.phases[i].stream);
    return 0;
}

/* The start tells runs apart, not the name: two hosts may name their runs alike, but never start in the same
 * nanosecond. `b` started later. */
static int check_clocks(const struct merge_run *a, const struct merge_run *b, struct err *e)
{
    const double apart_s = (double)(b->run.t0_realtime_ns - a->run.t0_realtime_ns) / 1e9;
    if (b->run.t0_realtime_ns == a->run.t0_realtime_ns && strcmp(a->run.run_id, b->run.run_id) == 0)
        return err_set(e, ERR_INPUT, "%s and %s are the same run, %s; its requests would count twice",
                       a->folder, b->folder, a->run.run_id);
    if (apart_s >= a->run.duration_s)
        return err_set(e, ERR_INPUT,
                       "%s started %.3f s after %s, which took %.3f s: they did not run at the same time, or "
                       "a clock is wrong",
                       b->folder, apart_s, a->folder, a->run.duration_s);
    return 0;
}

static int check_request_log(const struct merge_run *run, struct err *e)
{
    char packed[PATH_MAX], plain[PATH_MAX];
    if (run_file_path(run->folder, "requests.csv.zst", packed, e) ||
        run_file_path(run->folder, "requests.csv", plain, e))
        return -1;
    if (access(packed, F_OK) == 0 && access(plain, F_OK))
        return err_set(e, ERR_INPUT, "%s is compressed; unpack it first: zstd -d %s", packed, packed);
    return 0;
}

static int check_out(const char *out, struct err *e)
{
    if (access(out, F_OK) == 0)
        return err_set(e, ERR_INPUT, "%s exists already; --out must name a new folder", out);
    return 0;
}

int merge_compatible(const struct merge *m, struct err *e)
{
    for (size_t i = 0; i < m->n_runs; i++) {
        for (size_t k = 0; k < i; k++)
            if (check_clocks(&m->runs[k], &m->runs[i], e))
                return -1;
        if (check_members(&m->runs[0], &m->runs[i], e) || check_phases(&m->runs[0], &m->runs[i], e) ||
            check_request_log(&m->runs[i], e))
            return -1;
    }
    return check_out(m->out, e);
}
