/* Waiting for the lab's processes to be ready, with a deadline, and saying what kept them from it. */
#ifndef PROVISION_LOCAL_WAIT_H
#define PROVISION_LOCAL_WAIT_H

struct deployment_instance;
struct err;
struct provider_context;

/* Until every instance has told its port, which goes into the deployment. */
int local_wait_ports(struct provider_context *c, struct err *e);
/* Until the load balancer finds every target healthy and each cluster answers through its URL. */
int local_wait_healthy(struct provider_context *c, struct err *e);
/* Until an instance that was started again answers its health check. */
int local_wait_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e);
/* Until another of HAProxy's workers than `old` answers. */
int local_wait_worker(struct provider_context *c, long old, struct err *e);

#endif
