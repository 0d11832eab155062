/* For how long streams sent requests, the divisor of rates: without pauses and warm-up; time that streams
 * share counts once. */
#ifndef RECORD_ACTIVE_TIME_H
#define RECORD_ACTIVE_TIME_H

#include <stdint.h>

struct phase_clock;
struct plan;

/* `streams` is a bit set; a running phase lasts until `now_ns`. */
uint64_t active_time_ns(const struct plan *plan, const struct phase_clock *clocks, uint64_t streams,
                        uint64_t now_ns);

#endif
