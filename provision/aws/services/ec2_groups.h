/* Security groups: created, opened, found, deleted. */
#ifndef PROVISION_EC2_GROUPS_H
#define PROVISION_EC2_GROUPS_H

#include "aws_tags.h"

#include <stdbool.h>
#include <stddef.h>

struct aws_client;
struct ec2_filter;
struct err;

enum { EC2_RULES_MOST = 40 };

/* One TCP port that is open to a range of addresses or to the members of another group. */
struct ec2_rule {
    unsigned port;
    char cidr[48]; /* "0.0.0.0/0", "::/0"; "" when from_group is set */
    char from_group[32];
};

struct ec2_group {
    char id[32];
    char name[96];
    struct aws_tags tags;
    struct ec2_rule rules[EC2_RULES_MOST]; /* more than that are not read */
    size_t n_rules;
};

struct ec2_group_list {
    struct ec2_group *items; /* owned; free() */
    size_t n;
};

int ec2_groups_describe(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                        struct ec2_group_list *list, struct err *e);
/* Creates one, named after its tags. Not repeatable: after a failure of unknown outcome, look it up. */
int ec2_groups_create(struct aws_client *c, const struct aws_tags *tags, const char *vpc_id,
                      const char *description, char *id, size_t id_bytes, struct err *e);
/* Adds all rules in one call; AWS refuses all if one exists (InvalidPermission.Duplicate). Tags them if the
 * user asked for tags. */
int ec2_groups_open(struct aws_client *c, const struct aws_tags *tags, const char *group_id,
                    const struct ec2_rule *rules, size_t n, struct err *e);
int ec2_groups_delete(struct aws_client *c, const char *group_id, struct err *e);

bool ec2_group_has_rule(const struct ec2_group *g, const struct ec2_rule *rule);

#endif
