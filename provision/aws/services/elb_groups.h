/* Target groups: created, found, filled, checked, deleted. */
#ifndef PROVISION_ELB_GROUPS_H
#define PROVISION_ELB_GROUPS_H

#include "aws_tags.h"
#include "elb_tags.h"

#include <stddef.h>

struct aws_call;
struct aws_client;
struct err;
struct topology_health_check;
struct xml_node;

struct elb_group {
    char arn[ELB_ARN_BYTES];
    char name[40];
};

struct elb_group_list {
    struct elb_group *items; /* owned; free() */
    size_t n;
};

struct elb_target {
    char id[32];
    char state[24]; /* "initial", "healthy", "unhealthy", "unused", "draining", "unavailable" */
    char reason[64];
    char description[200];
};

struct elb_target_list {
    struct elb_target *items; /* owned; free() */
    size_t n;
};

/* All target groups, or the one of that name; none is not a failure. */
int elb_groups_describe(struct aws_client *c, const char *name, struct elb_group_list *list, struct err *e);
/* Creates one named after its tags, HTTP on `port`. With identical settings AWS returns the existing one. */
int elb_groups_create(struct aws_client *c, const struct aws_tags *tags, const char *vpc_id, unsigned port,
                      const struct topology_health_check *check, char *arn, size_t arn_bytes, struct err *e);
int elb_groups_set_algorithm(struct aws_client *c, const char *arn, const char *algorithm, struct err *e);

/* Prepare calls, to be sent together. */
void elb_groups_register(struct aws_call *call, const char *arn, const char *const *instance_ids, size_t n,
                         unsigned port);
void elb_groups_health(struct aws_call *call, const char *arn);
void elb_groups_delete(struct aws_call *call, const char *arn);

/* Appends the targets of a DescribeTargetHealth reply. */
int elb_groups_read_health(const struct xml_node *reply, struct elb_target_list *list, struct err *e);

#endif
