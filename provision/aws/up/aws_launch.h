/* One RunInstances of a plan, as it is sent: first as a dry run, then for real. */
#ifndef PROVISION_AWS_LAUNCH_H
#define PROVISION_AWS_LAUNCH_H

struct aws_call;
struct aws_plan_launch;
struct aws_up;
struct err;

/* Prepares the call; its token must be recorded. */
void aws_launch_prepare(struct aws_up *up, const struct aws_plan_launch *l, struct aws_call *call);

/* Sends each launch of the plan as a dry run with all of its parameters but the security group, which does
 * not exist yet, and the token: EC2 checks permission and parameters and launches nothing. */
int aws_launch_try(struct aws_up *up, struct err *e);

#endif
