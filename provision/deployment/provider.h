/* A provider brings a topology up somewhere, tells how it is, hands out its metrics and takes it down again.
 * Each is one const struct in providers[]; everything that they share (options, topology, deployment file,
 * lock, progress) reaches them in a context. */
#ifndef PROVISION_PROVIDER_H
#define PROVISION_PROVIDER_H

#include <stdatomic.h>
#include <stdbool.h>

struct deployment;
struct err;
struct status_lines;
struct settings;
struct topology;

/* What a person may do to one instance, or to the balancer, to see what comes of it. */
enum provider_disturbance { PROVIDER_KILL, PROVIDER_STALL, PROVIDER_REVIVE, PROVIDER_RELOAD };

struct provider_context {
    const struct settings *settings;
    const struct topology *topology; /* `up` only, else NULL */
    const char
        *path; /* of the deployment file, for deployment_save; its lock is held, but not for `status` */
    struct deployment *deployment; /* as loaded; for `up` without a file as deployment_init made it */
    bool existing;                 /* the deployment was loaded from the file */
    struct status_lines *lines;
    const atomic_int
        *interrupted; /* becomes the signal's number (stop.h): record, say what is left, return -1 */
};

struct provider {
    const char *name; /* "local", "aws" */
    const char *app;  /* what an instance runs, where --app does not decide it */
    /* Brings up what is not up yet, saving the deployment before and after each creation. With everything up
     * already it says so, changes nothing and returns 0. */
    int (*up)(struct provider_context *c, struct err *e);
    /* Prints clusters, instances, states, target health with reasons, URL, age and cost to stdout; ends with
     * deployment_judge. */
    int (*status)(struct provider_context *c, struct err *e);
    /* Writes cloudwatch.csv of results/README.md into the run folder settings->run. */
    int (*metrics)(struct provider_context *c, struct err *e);
    /* Removes what is recorded. On 0 nothing is left and the caller removes the deployment file; on -1 the
     * sentence says what is left, and the file, saved, still has it. */
    int (*down)(struct provider_context *c, struct err *e);
    /* `down --lost`: finds what is left of this toolkit without a deployment file. NULL where there is no
     * such way; --lost is then another provider's option. */
    int (*down_lost)(struct provider_context *c, struct err *e);
    /* `kill`, `stall` and `revive` an instance, given by its id or the beginning of it, and `reload` the
     * balancer (`instance` is NULL); says what was done. NULL where there is no such way. */
    int (*disturb)(struct provider_context *c, enum provider_disturbance what, const char *instance,
                   struct err *e);
};

#endif
