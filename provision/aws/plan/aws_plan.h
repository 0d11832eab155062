/* What `up` will create and from what: the preflight's result. It is recorded with the deployment, so that a
 * resumed `up` uses the same image, subnets and counts, and repeats the very same calls. */
#ifndef PROVISION_AWS_PLAN_H
#define PROVISION_AWS_PLAN_H

#include "topology.h"

#include <stddef.h>
#include <stdio.h>

struct aws_session;
struct err;

enum {
    AWS_PLAN_GENERATOR = TOPOLOGY_CLUSTERS_MOST, /* in place of a cluster's index */
    AWS_PLAN_LAUNCHES_MOST = TOPOLOGY_CLUSTERS_MOST * TOPOLOGY_ZONES_MOST + 1,
};

struct aws_plan_subnet {
    char id[32];
    char zone[32];
    unsigned n_free_addresses; /* 0 in a plan that was read back */
};

/* One RunInstances: the part of a cluster that lies in one zone, or the generator. */
struct aws_plan_launch {
    unsigned cluster; /* index, or AWS_PLAN_GENERATOR */
    unsigned subnet;  /* index */
    unsigned count;
    char role[64]; /* "cluster1/us-east-1b", "generator/us-east-1b" */
};

struct aws_plan {
    char vpc_id[32];
    struct aws_plan_subnet subnets[TOPOLOGY_ZONES_MOST]; /* of the balancer */
    size_t n_subnets;
    char architecture[16]; /* of the instance types: "x86_64", "arm64" */
    char image_id[32];
    char image_about[200];             /* name, and how it was found */
    char key_pair[TOPOLOGY_KEY_BYTES]; /* "" none */
    char caller_cidr[48];              /* what "caller" in the topology stands for; "" if no rule uses it */
    struct aws_plan_launch launches[AWS_PLAN_LAUNCHES_MOST];
    size_t n_launches;
    unsigned n_running;       /* that the account already runs in this region */
    unsigned n_vcpus_running; /* theirs, as far as known */
    unsigned n_vcpus;         /* to be created */
};

/* Maps a zone of the region `written_for` to `region`: "us-east-1b" becomes "us-west-2b". */
void aws_plan_move_zone(const char *zone, const char *written_for, const char *region, char *out,
                        size_t out_bytes);

/* Fills the launches from the session's deployment and the plan's subnets. A cluster whose zone is the region
 * is spread over the subnets; the first ones take the remainder. The generator comes last. -1 when a zone has
 * no subnet. */
int aws_plan_spread(struct aws_plan *p, const struct aws_session *s, struct err *e);

/* Of all launches together. */
unsigned aws_plan_n_instances(const struct aws_plan *p);
/* The type of a launch's instances. */
const struct topology_type *aws_plan_type(const struct topology *t, const struct aws_plan_launch *l);

/* Records the plan in the deployment, without saving it, and reads it back. */
int aws_plan_record(const struct aws_plan *p, struct aws_session *s, struct err *e);
int aws_plan_recall(struct aws_plan *p, const struct aws_session *s, struct err *e);

/* Prints what will be created, where, and what it costs. */
void aws_plan_print(const struct aws_plan *p, const struct aws_session *s, FILE *out);

#endif
