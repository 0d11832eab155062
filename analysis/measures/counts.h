/* Requests per step of the time axis and arm, summed over the arm's streams from intervals.csv: what was
 * asked for, what was sent, and how it ended. Read row by row, so that a day of seconds costs no more than
 * the axis has steps. */
#ifndef COUNTS_H
#define COUNTS_H

#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arm;
struct err;
struct time_axis;

struct counts_cell {
    double covered_s;    /* stretch of the step that the run covers */
    bool partial;        /* a second of it was not filled by the run or a phase */
    bool intended_known; /* false for a closed model */
    uint64_t intended_n, sent_n, done_n, ok_n, err_n;
    uint64_t by_outcome_n[N_OUTCOMES]; /* errors by class; OUTCOME_OK stays 0 */
};

struct counts {
    size_t n_arms, n_steps;
    struct counts_cell *cells;    /* owned; [arm * n_steps + step] */
    struct counts_cell *measured; /* owned; per arm: all seconds that are not warm-up */
    struct counts_cell all;       /* all rows together */
    uint64_t n_rows;
    double last_s; /* when the last second begins; NAN without a row */
};

/* Reads FOLDER/intervals.csv onto the axis. A cluster that is no arm is an error, as are other columns than
 * the format's. Call counts_fini in every case. */
int counts_read(struct counts *counts, const char *folder, const struct arm *arms, size_t n_arms,
                const struct time_axis *axis, struct err *e);
void counts_fini(struct counts *counts);

#endif
