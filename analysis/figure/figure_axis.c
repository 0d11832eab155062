#include "figure_axis.h"

#include "arms.h"
#include "dataset.h"
#include "time_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TICS_MOST = 32, TICS_WANTED = 9, NOTE_BYTES = 96 };

void figure_axis_cells(struct csv_writer *csv, const struct dataset *data, const char *kind, size_t arm,
                       double t_s, double t_end_s, const char *note)
{
    csv_text(csv, kind);
    csv_text(csv, arm < data->n_arms ? data->arms[arm].series : "");
    csv_i64(csv, arm < data->n_arms ? data->arms[arm].style : 0);
    csv_fixed(csv, t_s, 3);
    csv_fixed(csv, t_end_s, 3);
    csv_fixed(csv, time_axis_x(&data->axis, t_s), 4);
    csv_fixed(csv, time_axis_x(&data->axis, t_end_s), 4);
    csv_text(csv, note);
}

void figure_axis_step(struct csv_writer *csv, const struct dataset *data, size_t arm, size_t step)
{
    const double begin_s = (double)step * data->axis.step_s;
    figure_axis_cells(csv, data, "value", arm, begin_s,
                      fmin(begin_s + data->axis.step_s, data->run.duration_s), "");
}

static void end_row(struct csv_writer *csv, size_t n_more)
{
    for (size_t i = 0; i < n_more; i++)
        csv_empty(csv);
    csv_end_row(csv);
}

static void write_tics(struct csv_writer *csv, const struct dataset *data, size_t n_more)
{
    double t_s[TICS_MOST];
    const size_t n = time_axis_tics(&data->axis, TICS_WANTED, t_s, TICS_MOST);
    for (size_t i = 0; i < n; i++) {
        char text[NOTE_BYTES];
        snprintf(text, sizeof text, "%g", t_s[i] / dataset_time_unit_s(data));
        figure_axis_cells(csv, data, "tic", data->n_arms, t_s[i], t_s[i], text);
        end_row(csv, n_more);
    }
}

static void write_title(struct csv_writer *csv, const struct dataset *data, size_t n_more)
{
    const double unit_s = dataset_time_unit_s(data);
    figure_axis_cells(csv, data, "axis", data->n_arms, 0, 0,
                      unit_s > 60  ? "hours since the start"
                      : unit_s > 1 ? "minutes since the start"
                                   : "seconds since the start");
    end_row(csv, n_more);
}

static void write_cuts(struct csv_writer *csv, const struct dataset *data, size_t n_more)
{
    for (size_t i = 0; i < data->axis.n_cuts; i++) {
        const struct time_axis_cut *cut = &data->axis.cuts[i];
        char text[NOTE_BYTES];
        snprintf(text, sizeof text, "%g s without requests", round(cut->to_s - cut->from_s));
        figure_axis_cells(csv, data, "cut", data->n_arms, cut->from_s, cut->to_s, text);
        end_row(csv, n_more);
    }
}

/* The phase's label; NULL when an earlier stream of the cluster has a phase at the same time. */
static const char *phase_text(const struct dataset *data, size_t index)
{
    const struct run_phase *phase = &data->run.phases[index];
    for (size_t i = 0; i < index; i++) {
        const struct run_phase *other = &data->run.phases[i];
        if (strcmp(other->cluster, phase->cluster) == 0 && fabs(other->start_s - phase->start_s) < 0.5 &&
            fabs(other->end_s - phase->end_s) < 0.5)
            return NULL;
    }
    if (phase->warmup)
        return "warm-up";
    return strcmp(phase->kind, "pause") == 0 ? "pause" : phase->phase;
}

static void write_phases(struct csv_writer *csv, const struct dataset *data, size_t n_more)
{
    for (size_t i = 0; i < data->run.n_phases; i++) {
        const struct run_phase *phase = &data->run.phases[i];
        const char *text = phase_text(data, i);
        if (!text || !isfinite(phase->start_s) || !isfinite(phase->end_s))
            continue;
        const size_t arm = arms_index(data->arms, data->n_arms, phase->cluster);
        figure_axis_cells(csv, data, phase->warmup || strcmp(phase->kind, "pause") == 0 ? "quiet" : "phase",
                          arm, phase->start_s, phase->end_s, text);
        end_row(csv, n_more);
    }
}

void figure_axis_rows(struct csv_writer *csv, const struct dataset *data, size_t n_more)
{
    write_title(csv, data, n_more);
    write_tics(csv, data, n_more);
    write_cuts(csv, data, n_more);
    write_phases(csv, data, n_more);
}
