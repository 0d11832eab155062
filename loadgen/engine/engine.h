/* The engine: makes the threads, starts them together, collects their statistics every second for the
 * recorder, and ends the run when all streams are over, on a signal, or when the recorder asks for it. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "recorder.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct names;
struct phase_clock;
struct plan;
struct engine; /* opaque */

struct engine_params {
    const struct plan *plan; /* borrowed until engine_free */
    struct dns_log *dns;     /* borrowed */
    const atomic_int *stop;  /* non-zero (a signal's number): ends lookup and run early; borrowed */
    uint64_t spin_ns;        /* how long before a due time the loop spins; 0: never */
    bool pins;               /* thread i stays on the i-th allowed processor */
};

/* Resolves the target, raises limits, allocates what the threads need. Sends nothing. NULL with an error on
 * failure. */
struct engine *engine_new(const struct engine_params *params, struct err *e);
void engine_free(struct engine *engine);

/* Measures the round-trip times to the targets (round_trip.h): opens a few connections and sends nothing. */
void engine_measure_round_trips(struct engine *engine);

/* Borrowed, for the recorder: [n_threads] each, [n_phases]. */
const struct names *const *engine_instances(const struct engine *engine);
const struct names *const *engine_remotes(const struct engine *engine);
const struct phase_clock *engine_phases(const struct engine *engine);
const struct round_trips *engine_round_trips(const struct engine *engine);
const char *engine_pacing(const struct engine *engine);

/* Runs to the end; statistics are collected on a thread of their own. Sets how it ended and when the last
 * thread did; -1 with an error when the threads could not be started. */
int engine_run(struct engine *engine, struct recorder *recorder, enum recorder_end *end, uint64_t *end_ns,
               struct err *e);

#endif
