/* When each phase of the plan began and ended, on CLOCK_MONOTONIC; 0 = not yet. Written by the worker that
 * sees it first, read by the collector. */
#ifndef RECORD_PHASE_CLOCK_H
#define RECORD_PHASE_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>

struct phase_clock {
    _Atomic uint64_t start_ns;
    _Atomic uint64_t end_ns;
};

#endif
