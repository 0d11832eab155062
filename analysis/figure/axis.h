/* The rows that every figure over time shares beside its values: the tics of the time axis, the stretches cut
 * out of it, and the phases to be shaded. They stand in the figure's CSV with `kind` telling them apart, so
 * that gnuplot gets numbers only from there. */
#ifndef AXIS_H
#define AXIS_H

#include "csv.h"

#include <stddef.h>

struct dataset;

/* The first columns of such a CSV: kind is `value`, `axis` (its title), `tic`, `cut`, `phase` or `quiet` (a
 * pause or warm-up); `x_s` and `x_end_s` are positions on the axis, which is t less the stretches that are
 * cut out; `note` is a tic's or a phase's text. */
#define AXIS_COLUMNS "kind,series,style,t_s,t_end_s,x_s,x_end_s,note"

/* Writes the shared cells of a row from `t_s` to `t_end_s`. `arm` = n_arms is none: style 0. */
void axis_cells(struct csv_writer *csv, const struct dataset *data, const char *kind, size_t arm, double t_s,
                double t_end_s, const char *note);
/* Writes the rows of tics, cuts and phases, each padded with `n_more` empty cells. */
void axis_rows(struct csv_writer *csv, const struct dataset *data, size_t n_more);

#endif
