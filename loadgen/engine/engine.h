/* The engine: makes the threads, starts them together, collects their stats once a second for the recorder,
 * and ends the run when all streams are over, a signal came, or the recorder says so. */
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
    const atomic_int *stop;  /* turning non-zero, a signal's number, ends look-up and run early; borrowed */
    uint64_t spin_ns;        /* how long before a due time the loop keeps turning; 0: never */
    bool pins;               /* thread i stays on the i-th allowed processor */
};

/* Resolves the target, raises limits, makes threads' structures. Sends nothing. NULL and a sentence when that
 * fails. */
struct engine *engine_new(const struct engine_params *params, struct err *e);
void engine_free(struct engine *engine);

/* Borrowed, for the recorder: [n_threads] each, [n_phases]. */
const struct names *const *engine_instances(const struct engine *engine);
const struct names *const *engine_remotes(const struct engine *engine);
const struct phase_clock *engine_phases(const struct engine *engine);
const char *engine_pacing(const struct engine *engine);

/* Runs to the end, and meanwhile collects on a thread of its own. Fills how it ended and when the last thread
 * did; -1 and a sentence when the threads could not be started. */
int engine_run(struct engine *engine, struct recorder *recorder, enum recorder_end *end, uint64_t *end_ns,
               struct err *e);

#endif
