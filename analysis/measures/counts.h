/* Requests per step of the time axis and arm, summed over the arm's streams from intervals.csv: intended,
 * sent, and how they ended. Read row by row, so memory depends on the axis alone. */
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
    double covered_s;    /* length of the step that the run covers */
    bool partial;        /* the run or a phase did not fill one of its seconds */
    bool intended_known; /* false for a closed model */
    uint64_t intended_n, sent_n, done_n, ok_n, err_n;
    uint64_t by_outcome_n[N_OUTCOMES]; /* errors by class; OUTCOME_OK stays 0 */
    uint64_t timed_bad_n;              /* attempts without a good answer, of the streams whose times count */
};

struct counts {
    size_t n_arms, n_steps;
    struct counts_cell *cells;    /* owned; [arm * n_steps + step] */
    struct counts_cell *measured; /* owned; per arm: all seconds but warm-up */
    struct counts_cell all;       /* all rows together */
    uint64_t n_rows;
    double last_s; /* start of the last second; NAN without rows */
};

/* Whether the times of a stream count for its arm. */
struct counts_timed {
    bool (*is_timed)(const void *payload, const char *stream);
    const void *payload;
};

/* Reads FOLDER/intervals.csv onto the axis, up to `whole_s` (run_file_end_at). -1 for a cluster that is no
 * arm, or a missing column. Call counts_fini even on failure. */
int counts_read(struct counts *counts, const char *folder, uint64_t whole_s, const struct arm *arms,
                size_t n_arms, const struct time_axis *axis, const struct counts_timed *timed, struct err *e);
void counts_fini(struct counts *counts);

#endif
