/* Checks before anything is created that the account has what the topology needs, and fills the plan. Creates
 * nothing. Each failure says what to do. */
#ifndef PROVISION_AWS_PREFLIGHT_H
#define PROVISION_AWS_PREFLIGHT_H

struct aws_plan;
struct aws_session;
struct err;

int aws_preflight(struct aws_session *s, struct aws_plan *plan, struct err *e);

/* Its parts, in files of their own. The VPC and one subnet for each of the load balancer's zones: those of
 * --vpc and --subnets, or the default ones. */
int aws_subnets_choose(struct aws_session *s, struct aws_plan *plan, struct err *e);
/* Whether each subnet has an address for each of its instances, once the launches are planned. */
int aws_subnets_check_room(const struct aws_plan *plan, struct err *e);
/* The image of the instances: that of --ami, the topology's, the newest Ubuntu by Canonical's own parameter,
 * or Canonical's newest by name, in that order. */
int aws_image_choose(struct aws_session *s, struct aws_plan *plan, struct err *e);

#endif
