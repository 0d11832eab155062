/* `up`: its steps, each of which can be interrupted anywhere and resumed. */
#ifndef PROVISION_AWS_UP_H
#define PROVISION_AWS_UP_H

#include "aws_plan.h"
#include "aws_session.h"
#include "elb_tags.h"
#include "loadgen_package.h"
#include "lock.h"

struct err;

/* What the steps share. */
struct aws_up {
    struct aws_session session;
    struct aws_plan plan;
    char balancer_group_id[32];
    char instances_group_id[32];
    char *user_data[TOPOLOGY_CLUSTERS_MOST + 1]; /* owned, base64; the last one is the generator's */
    char group_arns[TOPOLOGY_CLUSTERS_MOST][ELB_ARN_BYTES];
    char balancer_arn[ELB_ARN_BYTES];
    char listener_arn[ELB_ARN_BYTES];
    struct loadgen_package package; /* for the generator; empty: nothing to install */
    struct lock lock;               /* of the account and region, until the instances run */
    unsigned n_made;                /* resources created by this process; 0: everything existed */
};

/* The port that the app listens on at the instances. */
enum { AWS_UP_APP_PORT = 80 };

/* The steps, in this order. */
int aws_up_firewall(struct aws_up *up, struct err *e);  /* security groups and their rules */
int aws_up_groups(struct aws_up *up, struct err *e);    /* target groups */
int aws_up_balancer(struct aws_up *up, struct err *e);  /* load balancer, listener, rules */
int aws_up_instances(struct aws_up *up, struct err *e); /* instances are launched */
int aws_up_running(struct aws_up *up, struct err *e);   /* instances are running */
int aws_up_names(struct aws_up *up, struct err *e);     /* instances are named by number */
int aws_up_targets(struct aws_up *up, struct err *e);   /* instances are registered as targets */
int aws_up_active(struct aws_up *up, struct err *e);    /* load balancer is active */
int aws_up_healthy(struct aws_up *up, struct err *e);   /* all targets are healthy */
int aws_up_answers(struct aws_up *up, struct err *e);   /* the app answers at the load balancer's name */
int aws_up_generator(struct aws_up *up, struct err *e); /* loadgen is installed on the generator */

#endif
