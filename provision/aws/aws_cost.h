/* What a deployment has cost, what it costs now and when that ends, as `status` shows it. */
#ifndef PROVISION_AWS_COST_H
#define PROVISION_AWS_COST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct deployment;
struct ec2_instance_list;

/* From the record alone: age, cost at most and expiry, with a warning when it has been up for hours without
 * one. */
void aws_cost_print_recorded(const struct deployment *d, uint64_t realtime_ns, FILE *out);

/* What of it still costs money. */
void aws_cost_print_now(const struct deployment *d, const struct ec2_instance_list *instances,
                        bool has_balancer, uint64_t realtime_ns, FILE *out);

#endif
