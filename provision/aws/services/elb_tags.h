/* Tags of load balancers and target groups, which DescribeLoadBalancers and DescribeTargetGroups omit. */
#ifndef PROVISION_ELB_TAGS_H
#define PROVISION_ELB_TAGS_H

#include "aws_tags.h"

#include <stddef.h>

struct aws_client;
struct err;

enum { ELB_ARN_BYTES = 256, ELB_TAGS_AT_ONCE = 20 };

/* Reads the tags of n ARNs into `tags[0..n)`, ELB_TAGS_AT_ONCE per call; empty for those without tags or
 * already gone. */
int elb_tags_describe(struct aws_client *c, const char *const *arns, size_t n, struct aws_tags *tags,
                      struct err *e);

#endif
