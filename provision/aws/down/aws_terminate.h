/* The termination of the instances of an inventory, which cost most: what is refused for one keeps none of
 * the others running. */
#ifndef PROVISION_AWS_TERMINATE_H
#define PROVISION_AWS_TERMINATE_H

struct aws_inventory;
struct aws_session;
struct err;

/* Asks AWS to terminate them. -1 if no other call can succeed. */
int aws_terminate(struct aws_session *s, struct aws_inventory *inventory, struct err *e);
/* Waits until they are terminated, and marks them as gone. -1 as above. */
int aws_terminate_wait(struct aws_session *s, struct aws_inventory *inventory, struct err *e);

#endif
