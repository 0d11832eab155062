/* `up`: the steps in their order, each of which can be interrupted anywhere and taken up again. */
#ifndef PROVISION_AWS_UP_H
#define PROVISION_AWS_UP_H

#include "aws_plan.h"
#include "aws_session.h"
#include "ec2_instances.h"
#include "elb_tags.h"

struct err;

/* What the steps hand on to each other. */
struct aws_up {
    struct aws_session session;
    struct aws_plan plan;
    char balancer_group_id[32];
    char instances_group_id[32];
    char *user_data[TOPOLOGY_CLUSTERS_MOST]; /* owned, base64 */
    char group_arns[TOPOLOGY_CLUSTERS_MOST][ELB_ARN_BYTES];
    char balancer_arn[ELB_ARN_BYTES];
    char listener_arn[ELB_ARN_BYTES];
    unsigned n_made; /* resources created in this run of the program; 0: all was there */
};

/* The port that the app listens on at the instances. */
enum { AWS_UP_APP_PORT = 80 };

/* The steps, in files of their own. */
int aws_up_firewall(struct aws_up *up, struct err *e);  /* security groups and what they let in */
int aws_up_instances(struct aws_up *up, struct err *e); /* launched */
int aws_up_groups(struct aws_up *up, struct err *e);    /* target groups */
int aws_up_balancer(struct aws_up *up, struct err *e);  /* load balancer, listener, rules */
int aws_up_running(struct aws_up *up, struct err *e);   /* instances run */
int aws_up_targets(struct aws_up *up, struct err *e);   /* registered */
int aws_up_active(struct aws_up *up, struct err *e);    /* load balancer active */
int aws_up_healthy(struct aws_up *up, struct err *e);   /* all targets healthy */
int aws_up_answers(struct aws_up *up,
                   struct err *e); /* the app answers through the load balancer's own name */

#endif
