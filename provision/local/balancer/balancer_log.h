/* A run in the load balancer's access log: counts, response times and bytes by period and cluster. */
#ifndef PROVISION_BALANCER_LOG_H
#define PROVISION_BALANCER_LOG_H

#include "lab_grid.h"

#include <stddef.h>
#include <stdint.h>

struct deployment;
struct err;
struct hist;

struct balancer_tally {
    uint64_t requests_n;
    uint64_t target_n[6];         /* answers by instances: [2] 2xx, ... [5] 5xx */
    uint64_t balancer_n[6];       /* answers by the load balancer itself, the same way */
    uint64_t connection_errors_n; /* no connection to the instance */
    uint64_t bytes;               /* both ways */
    uint64_t timed_n;             /* answers by instances that have a time */
    uint64_t time_sum_ns;
    struct hist *times; /* owned; NULL until there is one */
};

struct balancer_log {
    struct lab_grid grid;
    size_t n_clusters;
    struct balancer_tally
        *tallies; /* owned; [period * (n_clusters + 1) + cluster]; the last is of no cluster */
};

/* Reads the rows of requests that ended within the run, or up to 100 ms later: the log is written after the
 * client has its answer. */
int balancer_log_read(struct balancer_log *log, const char *path, const struct deployment *d,
                      const struct lab_grid *grid, struct err *e);
void balancer_log_fini(struct balancer_log *log);
struct balancer_tally *balancer_log_at(const struct balancer_log *log, size_t period, size_t cluster);
/* Adds `from`; the times are merged. -1 when memory is out. */
int balancer_tally_add(struct balancer_tally *into, const struct balancer_tally *from);
void balancer_tally_fini(struct balancer_tally *tally);

#endif
