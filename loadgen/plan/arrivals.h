/* The open model's schedule: when request number i of a stream is due. One global schedule per stream, by
 * number from the seed alone, so that any number of threads and generators can share it: each takes its own
 * arrivals (division.h). Nothing is computed from "now". */
#ifndef PLAN_ARRIVALS_H
#define PLAN_ARRIVALS_H

#include "division.h"
#include "poisson.h"
#include "recording_walk.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct plan_request;
struct plan_stream;

struct arrivals {
    const struct plan_stream *stream;
    uint64_t seed;
    uint32_t stream_number;
    struct division_walk own; /* the next own number */
    uint32_t phase;           /* of the next arrival */
    uint64_t phase_start_ns;  /* since t0 */
    uint64_t first;           /* the phase's first number */
    bool is_drawing;          /* Poisson: the phase has begun */
    struct poisson poisson;
    struct recording_rows rows; /* recorded: memory of requests */
    struct recording_walk walk; /* over the phase's file */
    struct recording_row *row;  /* of the last arrival; it has to be released */
    const char *wrong;          /* why the schedule ended early: a constant; NULL */
};

/* Starts the walk over the arrivals that belong to `division`. `seed` is the plan's; `stream_number` keeps
 * streams apart. For recorded requests arrivals_open follows. */
void arrivals_init(struct arrivals *a, const struct plan_stream *stream, uint64_t seed,
                   uint32_t stream_number, const struct division *division);
/* Opens the first file of recorded requests, so that the start of the run waits for no disk. -1 and a
 * sentence. arrivals_fini is due even then. */
int arrivals_open(struct arrivals *a, struct err *e);
/* All recorded requests must have been released. Accepts zeroed arrivals. */
void arrivals_fini(struct arrivals *a);

/* The next own arrival in order of time: true, with its due time since t0, its number in the stream and its
 * phase; false when the schedule is over. Constant arrivals: the i-th of a phase is due where the integral of
 * the rate reaches i + 1/2 (ramps: root of the quadratic). Poisson: where it reaches the place that poisson.h
 * draws. Numbers follow the order of phases, and of time within a phase; Poisson arrivals that are a few
 * apart may change places. */
bool arrivals_next(struct arrivals *a, uint64_t *due_ns, uint64_t *number, uint32_t *phase);

/* When phase k of the stream starts, since t0; k = n_phases gives the end of the schedule. */
uint64_t arrivals_phase_start_ns(const struct plan_stream *stream, uint32_t k);

#endif
