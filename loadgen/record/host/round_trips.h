/* Round-trip times to the target before the run: how long a TCP connection takes to each of its addresses.
 * The engine measures, run.json shows them, rule R25 judges. */
#ifndef RECORD_ROUND_TRIPS_H
#define RECORD_ROUND_TRIPS_H

#include "plan.h"

#include <stddef.h>
#include <stdint.h>

enum { ROUND_TRIPS_MOST = 16, ROUND_TRIPS_CONNECTS = 5 };

struct round_trip {
    const char *host; /* borrowed from the plan */
    uint16_t port;
    char address[64];
    unsigned n_connects; /* that succeeded, at least 1 */
    uint64_t min_ns, median_ns;
};

struct round_trips {
    struct round_trip list[ROUND_TRIPS_MOST];
    size_t n;
    uint64_t of_stream_ns[PLAN_STREAMS_MOST]; /* the shortest of its target's addresses; 0: not measured */
};

#endif
