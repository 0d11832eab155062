/* A provider brings a topology up somewhere, shows its state, exports its metrics and takes it down again.
 * Each is one const struct; what they share (options, topology, deployment file, status lines) comes in a
 * context. */
#ifndef PROVISION_PROVIDER_H
#define PROVISION_PROVIDER_H

#include "topology.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct deployment;
struct deployment_resource;
struct err;
struct status_lines;
struct settings;

/* Faults that a user can inject into one instance or the load balancer. */
enum provider_disturbance { PROVIDER_KILL, PROVIDER_STALL, PROVIDER_REVIVE, PROVIDER_RELOAD };

struct provider_context {
    const struct settings *settings;
    const struct topology *topology; /* `up` only, else NULL */
    const char *down;                /* the command that takes the deployment down, as words of a shell */
    const char *path; /* of the deployment file; its lock is held, except for `status` and `metrics` */
    struct deployment *deployment; /* as loaded, or for `up` without a file as deployment_init made it */
    bool existing;                 /* the deployment was loaded from the file */
    bool left_is_said;             /* the error of `down` names what is left and how to end it */
    const struct deployment_resource *asked; /* `up` only: what a fresh deployment records as asked for */
    struct status_lines *lines;
    const atomic_int
        *interrupted; /* becomes the signal's number (stop.h): save, report what is left, return -1 */
};

struct provider {
    const char *name; /* "local", "aws" */
    const char *app;  /* what an instance runs if --app does not decide it, else NULL */
    bool resumes;     /* `up` goes on with what is half made; else it removes that first */
    enum topology_rules rules;
    /* Brings up what is not up yet, saving the deployment before and after each creation. If everything is up
     * already it reports that, changes nothing and returns 0. */
    int (*up)(struct provider_context *c, struct err *e);
    /* Adds to the error of `up` or `down` what may be running, what that costs and how to end it. NULL if
     * nothing costs money. */
    void (*add_left)(const struct provider_context *c, uint64_t realtime_ns, struct err *e);
    /* Prints clusters, instances, states, target health with reasons, URL, age and cost to stdout; returns
     * what deployment_check does. */
    int (*status)(struct provider_context *c, struct err *e);
    /* Writes cloudwatch.csv (results/README.md) into the run folder settings->run. */
    int (*metrics)(struct provider_context *c, struct err *e);
    /* Removes everything recorded. 0: nothing is left, and the caller removes the deployment file. -1: `e`
     * lists what is left, and the saved file still has it. */
    int (*down)(struct provider_context *c, struct err *e);
    /* `down --lost`: lists the runs that have resources, found without a deployment file, and removes the one
     * that is named. NULL if not supported. */
    int (*down_lost)(struct provider_context *c, struct err *e);
    /* `kill`, `stall` or `revive` an instance, given by its id or a prefix of it, or `reload` the balancer
     * (`instance` is NULL), and prints what was done. NULL if not supported. */
    int (*disturb)(struct provider_context *c, enum provider_disturbance what, const char *instance,
                   struct err *e);
};

/* Saves the deployment for `down`, which goes on, with a note, on a disk that is full or read-only. */
void provider_save_if_possible(const struct provider_context *c);

#endif
