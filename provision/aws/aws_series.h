/* The metrics of a run: of the load balancer, of each target group and of each instance. Source: Elastic Load
 * Balancing, "CloudWatch metrics for your Application Load Balancer"; Amazon EC2, "List the available
 * CloudWatch metrics for your instances". */
#ifndef PROVISION_AWS_SERIES_H
#define PROVISION_AWS_SERIES_H

#include "cloudwatch.h"

#include <stddef.h>

struct deployment;
struct err;

/* What the rows of cloudwatch.csv say about a series. */
struct aws_series {
    const char *unit;
    const char *cluster;  /* "" for the load balancer as a whole */
    const char *instance; /* "" for all of them */
};

struct aws_series_list {
    struct cloudwatch_series *series; /* owned */
    struct aws_series *about;         /* owned; same order */
    size_t n;
    size_t n_plain; /* the first ones; the others are percentiles, requested apart */
};

/* Lists the series of a deployment, which must outlive the list. */
int aws_series_list(struct aws_series_list *list, const struct deployment *d, struct err *e);
void aws_series_fini(struct aws_series_list *list);

/* The one series that counts every request: RequestCount of the load balancer. NULL when there is none. */
const struct cloudwatch_series *aws_series_requests(const struct aws_series_list *list);

#endif
