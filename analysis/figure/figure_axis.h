/* The rows that all figures over time share: title and tics of the time axis, stretches cut out of it, and
 * phases to shade. They are in the figure's CSV, marked by `kind`, so that gnuplot gets all numbers from
 * there. */
#ifndef FIGURE_AXIS_H
#define FIGURE_AXIS_H

#include "csv.h"

#include <stddef.h>

struct dataset;

/* The first columns of such a CSV. `kind` is `value`, `axis` (the title), `tic`, `cut`, `phase` or `quiet`
 * (pause or warm-up); x is a position on the axis: t minus what is cut out before it; `note` labels a tic or
 * phase. */
#define FIGURE_AXIS_COLUMNS "kind,series,style,t_s,t_end_s,x_s,x_end_s,note"

/* Writes these cells of a row from `t_s` to `t_end_s`. Pass n_arms as `arm` for a row of no arm; its
 * style is 0. */
void figure_axis_cells(struct csv_writer *csv, const struct dataset *data, const char *kind, size_t arm,
                       double t_s, double t_end_s, const char *note);
/* Writes these cells for a `value` row of one time step. */
void figure_axis_step(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step);
/* Writes the rows of axis, tics, cuts and phases, each padded with `n_more` empty cells. */
void figure_axis_rows(struct csv_writer *csv, const struct dataset *data, size_t n_more);

#endif
