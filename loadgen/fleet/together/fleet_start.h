/* The common start: rank 0 names a moment of fleet time, and each rank finds it on its own clock. */
#ifndef FLEET_FLEET_START_H
#define FLEET_FLEET_START_H

#include "engine.h"

#include <stdint.h>

struct err;
struct fleet_clock;
struct wire_patience;

/* All ranks call it at about the same time. Rank 0's parameters decide: the start is at `at_realtime_ns` of
 * its wall clock, or if that is 0, `lead_ns` from now. Sets the same realtime_ns on all ranks. -1 and a
 * sentence on all when the moment has passed, and on some when patience ends first. */
int fleet_start_agree(struct fleet_clock *clock, uint64_t at_realtime_ns, uint64_t lead_ns,
                      const struct wire_patience *patience, struct engine_start *out, struct err *e);

#endif
