/* Waits for the lab's processes with a deadline, and reports why they are not ready. */
#ifndef PROVISION_LOCAL_WAIT_H
#define PROVISION_LOCAL_WAIT_H

struct deployment_instance;
struct err;
struct provider_context;

/* Until every instance has printed its port, which is recorded in the deployment. */
int local_wait_ports(struct provider_context *c, struct err *e);
/* Until the load balancer finds every target healthy and each cluster answers through its URL. */
int local_wait_healthy(struct provider_context *c, struct err *e);
/* Until an instance that was started again answers its health check. */
int local_wait_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e);
/* Until a HAProxy worker other than `old` answers. */
int local_wait_worker(struct provider_context *c, long old, struct err *e);

#endif
