/* The local lab: one process per instance and HAProxy in front of them, in a work folder of their own. What
 * its parts share. */
#ifndef PROVISION_LOCAL_H
#define PROVISION_LOCAL_H

#include "deployment.h"
#include "process.h"
#include "provider.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

enum { LOCAL_PATH_BYTES = 4096 };

/* The functions of provider_local. */
int local_up(struct provider_context *c, struct err *e);
int local_status(struct provider_context *c, struct err *e);
int local_metrics(struct provider_context *c, struct err *e);
int local_down(struct provider_context *c, struct err *e);
int local_disturb(struct provider_context *c, enum provider_disturbance what, const char *instance,
                  struct err *e);

/* Path of `name` in the work folder, in `out` of LOCAL_PATH_BYTES; an empty text when there is no folder. */
const char *local_path(const struct deployment *d, const char *name, char *out);
/* Path of the control socket of an instance. */
const char *local_control_path(const struct deployment *d, const char *instance, char *out);
#define LOCAL_BALANCER_SOCKET "balancer.sock"
#define LOCAL_ACCESS_LOG      "access.csv"
#define LOCAL_EVENT_LOG       "events.log"
#define LOCAL_SERVER_STATES   "servers.state" /* what HAProxy knew of its targets before a reload */

/* "m4.large x4 us-east-1b   t2.large x5 us-east-1a" */
void local_describe(const struct topology *t, char *out, size_t out_bytes);

/* The process of a resource of kind `process`; false when its members are none. */
bool local_process_of(const struct deployment_resource *r, struct process *p);
/* The process recorded for that role and name (NULL: any); NULL when there is none. Borrowed until the next
 * change. */
struct deployment_resource *local_find_process(const struct deployment *d, const char *role, const char *name,
                                               struct process *p);
/* Whether the process of that role and name ("instance", its id; "balancer", NULL) still runs. */
bool local_is_alive(const struct deployment *d, const char *role, const char *name);
/* How many recorded processes there are, and how many of them run. */
void local_count(const struct deployment *d, unsigned *n, unsigned *n_alive);

/* Ends every recorded process that is still the same, removes the work folder, and saves the deployment
 * without them. 0 when nothing is left; the sentence of -1 says what is. */
int local_remove(struct provider_context *c, struct err *e);

#endif
