/* A deployment as a target: reads the deployment file that `loadgen provision up` wrote (results/README.md).
 */
#ifndef PLAN_DEPLOYED_H
#define PLAN_DEPLOYED_H

struct err;
struct plan;

#define DEPLOYED_DEFAULT_FILE "results/deployment.json"

/* Fills the plan's deployment, clusters with their instances, and target; the plan owns all of it. The
 * deployment must be up; if it is not, the sentence names the command that brings it up. */
int deployed_load(struct plan *plan, const char *path, struct err *e);

#endif
