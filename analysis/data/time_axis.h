/* The time axis of figures: steps of equal length, few enough to draw, and stretches in which nothing
 * happened cut out, so that two bursts around a pause of a minute do not become two slivers. A position on
 * the axis is called x; it is t less what was cut. */
#ifndef TIME_AXIS_H
#define TIME_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    double cut_width_s; /* what is left of each cut on the axis */
};

/* Chooses a step of 1 s or more so that there are at most TIME_AXIS_MOST_STEPS. Nothing is cut yet. */
void time_axis_init(struct time_axis *axis, double duration_s);
void time_axis_fini(struct time_axis *axis);
/* Step that holds the time; times after the end belong to the last step. */
size_t time_axis_step(const struct time_axis *axis, double t_s);
/* Cuts out every stretch of idle steps (`busy[i]` false) that takes more than an eighth of the duration and 5
 * s. */
int time_axis_cut_idle(struct time_axis *axis, const bool *busy, struct err *e);
/* Whether a step lies within a cut. */
bool time_axis_step_is_cut(const struct time_axis *axis, size_t step);
double time_axis_x(const struct time_axis *axis, double t_s);
/* Round times for labels, about `wanted` in all, none inside a cut. Writes at most `most` to `t_s` and
 * returns how many. */
size_t time_axis_tics(const struct time_axis *axis, size_t wanted, double *t_s, size_t most);

#endif
