/* Measures round-trip times to the targets before the run: a TCP connection takes one to open. Blocks for at
 * most two seconds; cold. */
#ifndef ENGINE_ROUND_TRIP_H
#define ENGINE_ROUND_TRIP_H

#include <stdatomic.h>

struct address;
struct endpoints;
struct plan;
struct plan_target;
struct round_trips;

/* Connects a few times to the first addresses of each endpoint, and closes. What does not answer is left out,
 * and so is the loopback, unless a deployment is the target: a server under test there may count its
 * connections. `*stop` turning non-zero (a signal's number) ends it. */
void round_trip_measure(struct round_trips *out, const struct plan *plan, const struct endpoints *endpoints,
                        const atomic_int *stop);

/* A new socket, non-blocking, that connects from a source address of the target; `*status` is as of
 * lookup_connect. -1 and errno without one. */
int round_trip_connect(const struct plan_target *target, const struct address *address, int *status);

#endif
