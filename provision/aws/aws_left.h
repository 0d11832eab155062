/* What may be running after an error: how many instances, what they cost, when they end by themselves and
 * which command removes them. The price of a resource is recorded when its creation begins, so that nothing
 * is left out whose creation got no reply. */
#ifndef PROVISION_AWS_LEFT_H
#define PROVISION_AWS_LEFT_H

#include <stdint.h>

struct deployment;
struct err;
struct provider_context;

/* Adds a line to the error, from what is recorded; none if nothing was begun. After the expiry it is the load
 * balancer that costs. */
void aws_left_add(const struct provider_context *c, uint64_t realtime_ns, struct err *e);

/* What the load balancer costs; 0 if its creation was never begun. */
double aws_left_balancer_usd_per_hour(const struct deployment *d);

#endif
