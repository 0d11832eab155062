/* Starts the lab's processes, each recorded in the deployment file before it runs. */
#ifndef PROVISION_LOCAL_START_H
#define PROVISION_LOCAL_START_H

struct deployment_instance;
struct err;
struct provider_context;

/* Returns a listening socket for the load balancer, on the port of the settings or a free one, and sets URL,
 * address and port. The caller closes it. -1 names the port that is taken. */
int local_listen(struct provider_context *c, struct err *e);
/* Starts one process per instance: the emulator with the parameters of its type, or the Flask app. Their
 * ports are not known yet. */
int local_start_instances(struct provider_context *c, struct err *e);
/* Restarts an instance whose process has ended, with its arguments and on its port. */
int local_restart_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e);
/* Configures and starts HAProxy; needs the instances' ports. */
int local_start_balancer(struct provider_context *c, int listen_fd, struct err *e);

#endif
