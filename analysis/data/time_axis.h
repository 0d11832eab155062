/* The time axis of figures: few enough steps of equal length, without idle stretches, so that two bursts
 * around a long pause stay visible. x is a position on the axis: t minus what was cut before it. */
#ifndef TIME_AXIS_H
#define TIME_AXIS_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct figure_file;

enum { TIME_AXIS_MOST_STEPS = 400 };

struct time_axis_cut {
    double from_s, to_s;
};

struct time_axis {
    double duration_s;
    unsigned step_s;
    size_t n_steps;
    struct time_axis_cut *cuts; /* owned, in order */
    size_t n_cuts;
    double cut_width_s; /* width of each cut on the axis */
};

/* Chooses a step of whole seconds for at most TIME_AXIS_MOST_STEPS steps. Nothing is cut yet. */
void time_axis_init(struct time_axis *axis, double duration_s);
void time_axis_fini(struct time_axis *axis);
/* The step at a time; times after the end belong to the last step. */
size_t time_axis_step(const struct time_axis *axis, double t_s);
/* Cuts out every stretch of idle steps (`busy[i]` false) longer than an eighth of the duration and 5 s. */
int time_axis_cut_idle(struct time_axis *axis, const bool *busy, struct err *e);
/* Whether a step lies within a cut. */
bool time_axis_step_is_cut(const struct time_axis *axis, size_t step);
double time_axis_x(const struct time_axis *axis, double t_s);
/* Writes round times for labels to `t_s`, about `wanted` and at most `most`, none inside a cut; returns
 * how many. */
size_t time_axis_tics(const struct time_axis *axis, size_t wanted, double *t_s, size_t most);

#endif
