/* What `up` will make and out of what, decided before the first creation: the preflight's result. It is
 * recorded with the deployment, so that a run that is taken up again uses the same image, subnets and counts,
 * and every repeated call is the same call. */
#ifndef PROVISION_AWS_PLAN_H
#define PROVISION_AWS_PLAN_H

#include "topology.h"

#include <stddef.h>
#include <stdio.h>

struct aws_session;
struct err;

enum { AWS_PLAN_LAUNCHES_MOST = TOPOLOGY_CLUSTERS_MOST * TOPOLOGY_ZONES_MOST };

struct aws_plan_subnet {
    char id[32];
    char zone[32];
};

/* One RunInstances: the part of a cluster that lies in one zone. */
struct aws_plan_launch {
    unsigned cluster; /* index */
    unsigned subnet;  /* index */
    unsigned count;
    char role[64]; /* "cluster1/us-east-1b" */
};

struct aws_plan {
    char vpc_id[32];
    struct aws_plan_subnet subnets[TOPOLOGY_ZONES_MOST]; /* of the balancer */
    size_t n_subnets;
    char image_id[32];
    char image_about[200]; /* for people: name, and how it was found */
    char key_pair[64];     /* "" none */
    char caller_cidr[48];  /* what "caller" in the topology stands for; "" when no rule says so */
    struct aws_plan_launch launches[AWS_PLAN_LAUNCHES_MOST];
    size_t n_launches;
    unsigned n_running;       /* instances that the account already runs here */
    unsigned n_vcpus_running; /* and their vCPUs, as far as AWS tells */
    unsigned n_vcpus;         /* of what will be made */
};

/* The zone as it is called in `region`, when the topology was written for `written_for`: "us-east-1b" becomes
 * "us-west-2b". */
void aws_plan_move_zone(const char *zone, const char *written_for, const char *region, char *out,
                        size_t out_bytes);

/* Fills the launches from the session's deployment and the plan's subnets: a cluster whose zone is the region
 * is spread over the subnets, the first ones taking the remainder. -1 when a cluster's zone has no subnet. */
int aws_plan_spread(struct aws_plan *p, const struct aws_session *s, struct err *e);

/* Remembers the plan in the deployment (which is not saved), and reads it back. */
int aws_plan_record(const struct aws_plan *p, struct aws_session *s, struct err *e);
int aws_plan_recall(struct aws_plan *p, const struct aws_session *s, struct err *e);

/* What will be made, where, and what it costs. */
void aws_plan_print(const struct aws_plan *p, const struct aws_session *s, FILE *out);

#endif
