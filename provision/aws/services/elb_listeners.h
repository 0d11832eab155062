/* Listeners and their rules. */
#ifndef PROVISION_ELB_LISTENERS_H
#define PROVISION_ELB_LISTENERS_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stddef.h>

struct aws_client;
struct err;

struct elb_forward {
    const char *group_arn;
    unsigned weight;
};

struct elb_listener {
    char arn[ELB_ARN_BYTES]; /* "" when there is none */
    unsigned port;
};

struct elb_rule {
    char arn[ELB_ARN_BYTES];
    char group_arn[ELB_ARN_BYTES]; /* of its first action */
};

/* Finds the listener on that port of a load balancer. */
int elb_listeners_find(struct aws_client *c, const char *balancer_arn, unsigned port,
                       struct elb_listener *found, struct err *e);
/* A listener that by default forwards to the groups by weight. */
struct elb_listener_wish {
    const char *balancer_arn;
    unsigned port;
    const char *certificate_arn; /* of HTTPS; NULL: HTTP */
    const struct elb_forward *defaults;
    size_t n_defaults;
};
/* With identical settings AWS returns the existing one. */
int elb_listeners_create(struct aws_client *c, const struct aws_tags *tags,
                         const struct elb_listener_wish *wish, char *arn, size_t arn_bytes, struct err *e);

/* Finds the rule of that priority; an empty ARN when there is none. */
int elb_listeners_find_rule(struct aws_client *c, const char *listener_arn, unsigned priority,
                            struct elb_rule *found, struct err *e);
/* Creates a rule for the path and everything below it. Not repeatable: fails with PriorityInUse when it
 * exists. */
int elb_listeners_create_rule(struct aws_client *c, const struct aws_tags *tags, const char *listener_arn,
                              unsigned priority, const char *path, const char *group_arn, char *arn,
                              size_t arn_bytes, struct err *e);

#endif
