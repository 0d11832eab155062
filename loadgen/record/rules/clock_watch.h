/* Compares the wall clock with the monotonic one: a step shifts the dates of the results against the
 * provider's. */
#ifndef RECORD_CLOCK_WATCH_H
#define RECORD_CLOCK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* Both clocks, read at the same moment. */
struct clock_pair {
    uint64_t monotonic_ns, realtime_ns;
};

struct clock_watch {
    struct clock_pair last;
    bool has_last;
    uint64_t step_max_ns;
};

/* False if every attempt was interrupted between the two readings. */
bool clock_watch_read(struct clock_pair *pair);
/* Compares a pair with the previous one. Slewing, at most 500 ppm, is not a step. */
void clock_watch_add(struct clock_watch *w, const struct clock_pair *pair);

#endif
