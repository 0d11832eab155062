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
    bool is_gated;           /* phases of closed streams begin by engine_begin_phase alone */
    /* Called by engine_run again and again until the run is over, on the caller's thread: sleeps a few
     * milliseconds at most and never blocks. It then also heeds `stop` and engine_stop_cause, by engine_end.
     * NULL: none. */
    void (*attend)(void *payload);
    void *attend_payload;
};

/* When a run begins, the same moment on both clocks; 0: soon. */
struct engine_start {
    uint64_t monotonic_ns, realtime_ns;
};

/* Resolves the target, raises limits, allocates what the threads need. Sends nothing. NULL with an error on
 * failure. */
struct engine *engine_new(const struct engine_params *params, struct err *e);
void engine_free(struct engine *engine);

/* Measures the round-trip times to the targets (round_trip.h): opens a few connections and sends nothing. */
void engine_measure_round_trips(struct engine *engine);

/* Whether the targets can be reached (probe.h): opens a connection to each address and sends nothing. */
int engine_probe(const struct engine *engine, struct err *e);

/* Borrowed, for the recorder: [n_threads] each, [n_phases]. */
const struct names *const *engine_instances(const struct engine *engine);
const struct names *const *engine_remotes(const struct engine *engine);
const struct phase_clock *engine_phases(const struct engine *engine);
const struct round_trips *engine_round_trips(const struct engine *engine);
const char *engine_pacing(const struct engine *engine);

/* Waits for the start and runs to the end; statistics are collected on a thread of their own. Sets how it
 * ended and when the last thread did; -1 with an error when the threads could not be started. */
int engine_run(struct engine *engine, struct recorder *recorder, struct engine_start at,
               enum recorder_end *end, uint64_t *end_ns, struct err *e);
/* After the run: how long after its start the first thread began. */
uint64_t engine_start_late_ns(const struct engine *engine);

/* Why the plan wants the run to end early, a constant string: a session's step failed that stops the run, or
 * a feed has no row left. NULL: it does not. From any thread. */
const char *engine_stop_cause(const struct engine *engine);

/* For `attend` only. Ends the run at the monotonic time, which may be ahead, as a signal would; what is then
 * in flight is censored. `how` is what engine_run reports, unless the run ends before. Only the first call
 * counts. */
void engine_end(struct engine *engine, enum recorder_end how, uint64_t at_ns);

/* The gates between the phases of a closed stream, if the engine is gated. Its threads wait at the end of
 * each phase but a pause, which ends by the clock. True with the time once the last of them is done with the
 * phase; never for a stream that has no connection here. From any thread. */
bool engine_phase_done(const struct engine *engine, size_t stream, uint32_t phase, uint64_t *done_ns);
/* Ends the phase before, as of `ended_ns`, and begins this one at `start_ns`, which may be ahead; with
 * n_phases of the stream, the stream is over. Once for each phase that was done. */
void engine_begin_phase(struct engine *engine, size_t stream, uint32_t phase, uint64_t ended_ns,
                        uint64_t start_ns);

#endif
