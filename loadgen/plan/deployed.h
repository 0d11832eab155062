/* A deployment as a target: reads the deployment file that `loadgen provision up` wrote (results/README.md).
 */
#ifndef PLAN_DEPLOYED_H
#define PLAN_DEPLOYED_H

struct err;
struct input_files;
struct plan;

#define DEPLOYED_DEFAULT_FILE "results/deployment.json"

/* Reads the file, from `in` unless that is NULL. Fills the plan's deployment, clusters with their instances,
 * and target; the plan owns all of it. The deployment must be up; if it is not, the sentence names the
 * command that brings it up. */
int deployed_load(struct plan *plan, struct input_files *in, const char *path, struct err *e);

/* Refuses a stream that sends to the deployment and asks for a version of HTTP that its load balancer does
 * not speak. Does nothing without a deployment. */
int deployed_check_http(const struct plan *plan, struct err *e);

#endif
