/* When targets became healthy and unhealthy, from the load balancer's event log. */
#ifndef PROVISION_BALANCER_EVENTS_H
#define PROVISION_BALANCER_EVENTS_H

#include "lab_grid.h"

#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct err;

/* Fewest and mean number of healthy targets of a cluster within a period. */
struct balancer_health {
    unsigned least;
    double mean;
};

/* Fills health[period * n_clusters + cluster]. Every target starts healthy, as `up` waits for that. */
int balancer_events_read(const char *path, const struct deployment *d, const struct lab_grid *grid,
                         struct balancer_health *health, struct err *e);

/* Parses a line of the event log; false if it reports no target's state. On true sets `unix_ms` and
 * `instance`, which has 64 bytes. */
bool balancer_events_parse(const char *line, uint64_t *unix_ms, char *instance, bool *up);

#endif
