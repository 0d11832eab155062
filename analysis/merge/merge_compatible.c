#include "merge_compatible.h"

#include "err.h"
#include "merge_shares.h"
#include "merge_state.h"

#include <inttypes.h>
#include <math.h>
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

static bool have_equal_streams(const json_t *a, const json_t *b)
{
    json_t *x = planned_streams(a), *y = planned_streams(b);
    const bool are_equal = is_equal(x, y);
    json_decref(x);
    json_decref(y);
    return are_equal;
}

/* The two folders that are compared. */
struct pair {
    const char *a, *b;
};

static int not_of_one_run(const struct pair *p, const char *member, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s and %s are not of the same run: '%s' in their run.json differs", p->a,
                   p->b, member);
}

static int check_members(const struct pair *p, const json_t *a, const json_t *b, struct err *e)
{
    static const char *const members[] = { "name", "target", "deployment", "clusters" };
    const json_t *x = json_object_get(json_object_get(a, "scenario"), "text");
    const json_t *y = json_object_get(json_object_get(b, "scenario"), "text");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!is_equal(json_object_get(a, members[i]), json_object_get(b, members[i])))
            return not_of_one_run(p, members[i], e);
    if (!have_equal_streams(a, b))
        return not_of_one_run(p, "streams", e);
    if (!is_equal(x, y))
        return err_set(e, ERR_INPUT, "%s and %s are not of the same run: their scenarios differ", p->a, p->b);
    return 0;
}

static bool is_same_phase(const struct run_phase *a, const struct run_phase *b)
{
    return strcmp(a->stream, b->stream) == 0 && strcmp(a->cluster, b->cluster) == 0 &&
           strcmp(a->phase, b->phase) == 0 && strcmp(a->kind, b->kind) == 0 && a->warmup == b->warmup;
}

static bool is_same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Shares have the numbers of the whole plan; other generators have their own, which are added. */
static bool has_same_numbers(const struct run_phase *a, const struct run_phase *b)
{
    return is_same_number(a->requests_n, b->requests_n) && is_same_number(a->rate_per_s, b->rate_per_s) &&
           is_same_number(a->rate_end_per_s, b->rate_end_per_s);
}

static int check_phases(const struct pair *p, const struct run_json *a, const struct run_json *b,
                        bool are_shares, struct err *e)
{
    if (a->n_phases != b->n_phases)
        return err_set(e, ERR_INPUT, "%s has %zu phases and %s has %zu: they are not of the same run", p->a,
                       a->n_phases, p->b, b->n_phases);
    for (size_t i = 0; i < a->n_phases; i++)
        if (!is_same_phase(&a->phases[i], &b->phases[i]) ||
            (are_shares && !has_same_numbers(&a->phases[i], &b->phases[i])))
            return err_set(
                e, ERR_INPUT,
                "%s and %s are not of the same run: phase %s of stream %s is another in the second", p->a,
                p->b, a->phases[i].phase, a->phases[i].stream);
    return 0;
}

/* The first input file that differs, or that only one of them has; NULL: none does. */
static const char *other_input(const json_t *a, const json_t *b)
{
    const size_t n_a = json_array_size(a), n_b = json_array_size(b);
    for (size_t i = 0; i < n_a || i < n_b; i++) {
        const json_t *x = json_array_get(a, i), *y = json_array_get(b, i);
        const char *name = json_string_value(json_object_get(x ? x : y, "name"));
        if (!is_equal(json_object_get(x, "what"), json_object_get(y, "what")) ||
            !is_equal(json_object_get(x, "sha256"), json_object_get(y, "sha256")))
            return name ? name : "without a name";
    }
    return NULL;
}

/* Shares divide one plan, which the seed and the input files decide. */
static int check_plan(const struct pair *p, const struct run_json *a, const struct run_json *b, struct err *e)
{
    const char *input = other_input(json_object_get(a->root, "inputs"), json_object_get(b->root, "inputs"));
    if (a->seed != b->seed)
        return err_set(e, ERR_INPUT,
                       "%s and %s are not of the same run: their seeds are %" PRIu64 " and %" PRIu64, p->a,
                       p->b, a->seed, b->seed);
    if (input)
        return err_set(e, ERR_INPUT, "%s and %s are not of the same run: the input file %s differs", p->a,
                       p->b, input);
    return 0;
}

/* The start tells runs apart, not the name: two hosts may name their runs alike, but never start in the same
 * nanosecond. `b` started later. */
static int check_clocks(const struct merge_run *a, const struct merge_run *b, struct err *e)
{
    const double apart_s = (double)(b->t0_realtime_ns - a->t0_realtime_ns) / 1e9;
    if (b->t0_realtime_ns == a->t0_realtime_ns && strcmp(a->run_id, b->run_id) == 0)
        return err_set(e, ERR_INPUT, "%s and %s are the same run, %s; its requests would count twice",
                       a->folder, b->folder, a->run_id);
    if (apart_s >= a->duration_s)
        return err_set(e, ERR_INPUT,
                       "%s started %.3f s after %s, which took %.3f s: they did not run at the same time, or "
                       "a clock is wrong",
                       b->folder, apart_s, a->folder, a->duration_s);
    return 0;
}

/* A share may have little to send, or be killed early, so the longest counts. */
static int check_share_clocks(const struct merge *m, struct err *e)
{
    const struct merge_run *first = &m->runs[0], *last = &m->runs[m->n_runs - 1];
    double longest_s = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        longest_s = fmax(longest_s, m->runs[i].duration_s);
    const double apart_s = (double)(last->t0_realtime_ns - first->t0_realtime_ns) / 1e9;
    if (apart_s == 0 || apart_s < longest_s)
        return 0;
    return err_set(e, ERR_INPUT,
                   "%s started %.3f s after %s, and the longest share took %.3f s: they did not run at the "
                   "same time, or a clock is wrong",
                   last->folder, apart_s, first->folder, longest_s);
}

static int check_out(const char *out, struct err *e)
{
    if (access(out, F_OK) == 0)
        return err_set(e, ERR_INPUT, "%s exists already; --out must name a new folder", out);
    return 0;
}

int merge_compatible_runs(const struct merge *m, struct err *e)
{
    if (merge_shares_check(m, e) || (merge_is_of_shares(m) && check_share_clocks(m, e)))
        return -1;
    for (size_t i = 0; !merge_is_of_shares(m) && i < m->n_runs; i++)
        for (size_t k = 0; k < i; k++)
            if (check_clocks(&m->runs[k], &m->runs[i], e))
                return -1;
    return check_out(m->out, e);
}

int merge_compatible(const struct merge *m, size_t i, const struct run_json *other, struct err *e)
{
    const struct pair pair = { m->runs[0].folder, m->runs[i].folder };
    const bool are_shares = merge_is_of_shares(m);
    if (check_members(&pair, m->first.root, other->root, e) ||
        (are_shares && check_plan(&pair, &m->first, other, e)))
        return -1;
    return check_phases(&pair, &m->first, other, are_shares, e);
}
