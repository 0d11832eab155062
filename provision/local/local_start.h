/* Starting the lab's processes, each recorded in the deployment file before it runs. */
#ifndef PROVISION_LOCAL_START_H
#define PROVISION_LOCAL_START_H

struct deployment_instance;
struct err;
struct provider_context;

/* A bound socket for the load balancer, on the port asked for or a free one; sets URL, address and port. The
 * descriptor is the caller's. -1 names the port that is taken. */
int local_listen(struct provider_context *c, struct err *e);
/* One process per instance: the emulator with the parameters of its type, or the Flask app. Their ports are
 * not known yet. */
int local_start_instances(struct provider_context *c, struct err *e);
/* Starts an instance whose process has ended as it was started before, on the port that it had. */
int local_restart_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e);
/* Writes HAProxy's configuration and starts it; needs the instances' ports. */
int local_start_balancer(struct provider_context *c, int listen_fd, struct err *e);

#endif
