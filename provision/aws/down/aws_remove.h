/* Removes what an inventory lists, in the order of AWS's dependencies: load balancer and instances, target
 * groups, the load balancer's network interfaces (which AWS removes), security groups. A failure is noted
 * with its resource and the rest goes on; only an interruption or refused credentials end it. */
#ifndef PROVISION_AWS_REMOVE_H
#define PROVISION_AWS_REMOVE_H

struct aws_inventory;
struct aws_session;
struct err;

/* Marks what is gone and notes why the rest is not. -1 if it ended early. */
int aws_remove(struct aws_session *s, struct aws_inventory *inventory, struct err *e);

#endif
