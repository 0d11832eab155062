/* The lab as recorded in its deployment: paths in the work folder, and processes, running or not. */
#ifndef PROVISION_LOCAL_STATE_H
#define PROVISION_LOCAL_STATE_H

#include <stdbool.h>
#include <stddef.h>

struct deployment;
struct deployment_resource;
struct process;
struct topology;

enum { LOCAL_PATH_BYTES = 4096 };

/* Path of `name` in the work folder, in `out` of LOCAL_PATH_BYTES; empty when no folder is recorded. */
const char *local_path(const struct deployment *d, const char *name, char *out);
/* Path of the control socket of an instance. */
const char *local_control_path(const struct deployment *d, const char *instance, char *out);
#define LOCAL_BALANCER_SOCKET "balancer.sock"
#define LOCAL_ACCESS_LOG      "access.csv"
#define LOCAL_EVENT_LOG       "events.log"
#define LOCAL_SERVER_STATES   "servers.state" /* the targets' states before a reload */
#define LOCAL_CA              "ca.pem"        /* with HTTPS: what clients trust */
#define LOCAL_CERTIFICATE     "balancer.pem"  /* with HTTPS: HAProxy's certificate and key */

/* "m4.large x4 us-east-1b   t2.large x5 us-east-1a" */
void local_describe(const struct topology *t, char *out, size_t out_bytes);

/* Reads the process of a resource of kind `process`; false when its members do not name one. */
bool local_process_of(const struct deployment_resource *r, struct process *p);
/* The process recorded for that role and name (NULL: any); NULL when there is none. Borrowed until the next
 * change. */
struct deployment_resource *local_find_process(const struct deployment *d, const char *role, const char *name,
                                               struct process *p);
/* Whether the process of that role and name ("instance", its id; "balancer", NULL) still runs. */
bool local_is_alive(const struct deployment *d, const char *role, const char *name);
/* Counts the recorded processes, and those of them that run. */
void local_count(const struct deployment *d, unsigned *n, unsigned *n_alive);

#endif
