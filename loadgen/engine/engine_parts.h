/* Private to the files of the engine: engine.c (what it is made of), engine_run.c (the run and the
 * collector), engine_gate.c (phases that begin by order). */
#ifndef ENGINE_ENGINE_PARTS_H
#define ENGINE_ENGINE_PARTS_H

#include "barrier.h"
#include "endpoints.h"
#include "engine.h"
#include "phase_clock.h"
#include "round_trips.h"
#include "worker.h"

struct engine {
    const struct plan *plan;
    const atomic_int *stop;
    void (*attend)(void *payload);
    void *attend_payload;
    struct endpoints endpoints;
    struct round_trips round_trips;
    struct phase_clock *phases;
    struct barrier *barriers;
    struct worker **workers;
    const struct names **instances;
    const struct names **remotes;
    bool *has_ended;
    uint32_t n_ended;
    uint64_t ended_ns; /* when the last of the finished threads ended; 0: none has */
    int finished_fd, stamps_fd;
    enum recorder_end ordered_end; /* see engine_end; valid once ordered_ns is set */
    _Atomic uint64_t ordered_ns;   /* when the run must end; UINT64_MAX: no order */
    atomic_bool is_collected;      /* the collector is done */
};

/* Wakes all threads to check for news. From any thread. */
void engine_call_all(void *engine);

#endif
