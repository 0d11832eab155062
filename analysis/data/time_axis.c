#include "time_axis.h"

#include "err.h"
#include "within_steps.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const unsigned nice_s[] = { 1,   2,   5,    10,   15,   20,    30,    60,    120,  300,
                                   600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400 };
enum { N_NICE = sizeof nice_s / sizeof *nice_s };

/* The smallest nice length that divides `span_s` into at most `most` parts. */
static unsigned nice_step_s(double span_s, double most)
{
    for (size_t i = 0; i < N_NICE; i++)
        if (span_s / nice_s[i] <= most)
            return nice_s[i];
    return nice_s[N_NICE - 1] * (unsigned)ceil(span_s / most / nice_s[N_NICE - 1]);
}

void time_axis_init(struct time_axis *axis, double duration_s)
{
    *axis = (struct time_axis){ .duration_s = fmax(duration_s, 1e-3) };
    axis->step_s = within_step_s(axis->duration_s);
    axis->n_steps = (size_t)ceil(axis->duration_s / axis->step_s);
}

void time_axis_fini(struct time_axis *axis)
{
    free(axis->cuts);
    *axis = (struct time_axis){ 0 };
}

size_t time_axis_step(const struct time_axis *axis, double t_s)
{
    if (t_s <= 0)
        return 0;
    const double step = t_s / axis->step_s;
    return step < (double)axis->n_steps ? (size_t)step : axis->n_steps - 1;
}

static double cut_total_s(const struct time_axis *axis)
{
    double total_s = 0;
    for (size_t i = 0; i < axis->n_cuts; i++)
        total_s += axis->cuts[i].to_s - axis->cuts[i].from_s;
    return total_s;
}

int time_axis_cut_idle(struct time_axis *axis, const bool *busy, struct err *e)
{
    const double least_s = fmax(5, axis->duration_s / 8);
    for (size_t i = 0; i < axis->n_steps;) {
        size_t end = i;
        while (end < axis->n_steps && !busy[end])
            end++;
        const double from_s = (double)i * axis->step_s;
        const double to_s = fmin((double)end * axis->step_s, axis->duration_s);
        if (to_s - from_s > least_s && i > 0 && end < axis->n_steps) {
            struct time_axis_cut *larger = realloc(axis->cuts, (axis->n_cuts + 1) * sizeof *larger);
            if (!larger)
                return err_set(e, ERR_FAILED, "out of memory for the time axis");
            axis->cuts = larger;
            axis->cuts[axis->n_cuts++] = (struct time_axis_cut){ from_s, to_s };
        }
        i = end + 1;
    }
    axis->cut_width_s = 0.06 * (axis->duration_s - cut_total_s(axis));
    return 0;
}

double time_axis_x(const struct time_axis *axis, double t_s)
{
    double x = t_s;
    for (size_t i = 0; i < axis->n_cuts && t_s > axis->cuts[i].from_s; i++) {
        const struct time_axis_cut *cut = &axis->cuts[i];
        const double length_s = cut->to_s - cut->from_s;
        const double inside_s = fmin(t_s - cut->from_s, length_s);
        x -= inside_s * (1 - axis->cut_width_s / length_s);
    }
    return x;
}

static bool is_cut(const struct time_axis *axis, double t_s)
{
    for (size_t i = 0; i < axis->n_cuts; i++)
        if (t_s > axis->cuts[i].from_s && t_s < axis->cuts[i].to_s)
            return true;
    return false;
}

bool time_axis_step_is_cut(const struct time_axis *axis, size_t step)
{
    return is_cut(axis, ((double)step + 0.5) * axis->step_s);
}

size_t time_axis_tics(const struct time_axis *axis, size_t wanted, double *t_s, size_t most)
{
    const double shown_s = time_axis_x(axis, axis->duration_s);
    const unsigned step_s = nice_step_s(shown_s, (double)wanted);
    size_t n = 0;
    for (uint64_t t = 0; (double)t <= axis->duration_s && n < most; t += step_s)
        if (!is_cut(axis, (double)t))
            t_s[n++] = (double)t;
    return n;
}
