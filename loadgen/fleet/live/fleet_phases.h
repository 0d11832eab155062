/* When each phase began and ended, as rank 0 shows and judges the fleet's run: by rank 0's own clocks, and
 * for streams of which rank 0 sends nothing by the plan. */
#ifndef FLEET_FLEET_PHASES_H
#define FLEET_FLEET_PHASES_H

#include <stdint.h>

struct phase_clock;
struct plan;

/* Zeroed clocks, [plan->n_phases], owned by the caller (free); NULL when memory is short. */
struct phase_clock *fleet_phases_new(const struct plan *plan);
/* Takes over what `own` clocks show, and what follows from the plan until `now_ns`; monotonic. */
void fleet_phases_refresh(struct phase_clock *clocks, const struct plan *plan, const struct phase_clock *own,
                          uint64_t t0_ns, uint64_t now_ns);

#endif
