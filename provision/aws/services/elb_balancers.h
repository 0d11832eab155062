/* Application load balancers: created, found, deleted. */
#ifndef PROVISION_ELB_BALANCERS_H
#define PROVISION_ELB_BALANCERS_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stdbool.h>
#include <stddef.h>

struct aws_call;
struct aws_client;
struct err;

struct elb_balancer {
    char arn[ELB_ARN_BYTES];
    char name[40];
    char dns_name[256];
    char state[24]; /* "provisioning", "active", "active_impaired", "failed" */
    char reason[200];
};

struct elb_balancer_list {
    struct elb_balancer *items; /* owned; free() */
    size_t n;
};

/* All load balancers, or the one of that name; none is not a failure. */
int elb_balancers_describe(struct aws_client *c, const char *name, struct elb_balancer_list *list,
                           struct err *e);
struct elb_balancer_wish {
    const char *const *subnet_ids;
    size_t n_subnets;
    const char *group_id;
    const char *scheme;          /* "internet-facing", "internal" */
    const char *ip_address_type; /* "ipv4", "dualstack" */
};
/* Creates one, named after its tags. With identical settings AWS returns the existing one. */
int elb_balancers_create(struct aws_client *c, const struct aws_tags *tags,
                         const struct elb_balancer_wish *wish, struct elb_balancer *made, struct err *e);
/* Whether its HTTPS listeners offer HTTP/2 beside HTTP/1.1. */
int elb_balancers_set_http2(struct aws_client *c, const char *arn, bool is_on, struct err *e);
/* Prepares DeleteLoadBalancer, which also deletes listeners and rules, and succeeds if it is already gone. */
void elb_balancers_delete(struct aws_call *call, const char *arn);

/* The tail of a load balancer's ARN, "app/NAME/ID", or of a target group's, "targetgroup/NAME/ID": what
 * CloudWatch and network interfaces call it. Points into `arn`. */
const char *elb_balancers_tail(const char *arn);

#endif
