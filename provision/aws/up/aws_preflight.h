/* Looks before anything is created: whether the account has what the topology needs, and out of what it will
 * be made. Creates nothing. Each thing that is missing is one sentence with what to do. */
#ifndef PROVISION_AWS_PREFLIGHT_H
#define PROVISION_AWS_PREFLIGHT_H

struct aws_plan;
struct aws_session;
struct err;

int aws_preflight(struct aws_session *s, struct aws_plan *plan, struct err *e);

#endif
