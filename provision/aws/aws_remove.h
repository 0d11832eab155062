/* Removing what an inventory lists, in the order that AWS's own dependencies ask for: load balancer and
 * instances, target groups, the load balancer's network interfaces (which go by themselves), security groups.
 * A failure is noted with its resource and the rest goes on; only an interruption, or credentials that are no
 * longer accepted, ends it. */
#ifndef PROVISION_AWS_REMOVE_H
#define PROVISION_AWS_REMOVE_H

struct aws_inventory;
struct aws_session;
struct err;

/* Marks what is gone, notes why the rest is not. -1 when it had to end early. */
int aws_remove(struct aws_session *s, struct aws_inventory *inventory, struct err *e);

#endif
