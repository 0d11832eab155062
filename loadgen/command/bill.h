/* The deployment that runs are made against: what it costs as long as it is up, and when its instances end by
 * themselves. No run begins that would be cut off by that. */
#ifndef COMMAND_BILL_H
#define COMMAND_BILL_H

#include "plan.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

struct err;

struct bill {
    double usd_per_hour; /* 0: there is no deployment, it costs nothing, or another program reports it */
    uint64_t expires_ns; /* since the epoch; 0: never */
    char topology[64];
    char down[PATH_MAX + 64]; /* the command that ends it */
};

/* Of the plan's deployment, if it has one. */
void bill_init(struct bill *b, const struct plan *plan);

/* -1 when `what`, which begins now and takes that long, would not end before the instances do. */
int bill_check(const struct bill *b, const char *what, struct plan_length length, uint64_t realtime_ns,
               struct err *e);

/* That the deployment, or after its expiry the load balancer, is still up and costs money: as a line under an
 * error, or printed. */
void bill_add(const struct bill *b, struct err *e);
void bill_print(const struct bill *b, FILE *out);

#endif
