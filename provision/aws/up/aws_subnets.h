/* Where it goes: the VPC and one subnet for each of the load balancer's zones, given by --vpc and --subnets
 * or the default ones. */
#ifndef PROVISION_AWS_SUBNETS_H
#define PROVISION_AWS_SUBNETS_H

struct aws_plan;
struct aws_session;
struct err;

int aws_subnets_choose(struct aws_session *s, struct aws_plan *plan, struct err *e);

#endif
