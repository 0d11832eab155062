/* When targets became healthy and unhealthy, as the load balancer wrote it down. */
#ifndef PROVISION_BALANCER_EVENTS_H
#define PROVISION_BALANCER_EVENTS_H

#include "lab_grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deployment;
struct err;

/* Fewest and mean number of healthy targets of a cluster within a period. */
struct balancer_health {
    unsigned least;
    double mean;
};

/* Fills health[period * n_clusters + cluster] for a lab in which every target was healthy when it came up. */
int balancer_events_read(const char *path, const struct deployment *d, const struct lab_grid *grid,
                         struct balancer_health *health, struct err *e);

/* One line of the event log; false when it tells of no target's state. `unix_ms` and `instance` (of 64 bytes)
 * are set on true. */
bool balancer_events_parse(const char *line, uint64_t *unix_ms, char *instance, bool *up);

#endif
