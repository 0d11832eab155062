/* EC2 instances: launched, described, terminated. */
#ifndef PROVISION_EC2_INSTANCES_H
#define PROVISION_EC2_INSTANCES_H

#include "aws_tags.h"

#include <stdbool.h>
#include <stddef.h>

struct aws_call;
struct aws_client;
struct ec2_filter;
struct err;
struct xml_node;

enum { EC2_USER_DATA_BYTES_MOST = 16 * 1024 };

struct ec2_instance {
    char id[32];
    char state[16];        /* "pending", "running", "shutting-down", "terminated", "stopping", "stopped" */
    char reason[200];      /* of that state, when AWS gives one */
    unsigned vcpus;        /* 0: unknown */
    char launched_utc[32]; /* ISO 8601: compares as text */
    char address[48];      /* public, or private in a subnet that gives no public ones */
    struct aws_tags tags;
};

struct ec2_instance_list {
    struct ec2_instance *items; /* owned; free() */
    size_t n;
};

struct ec2_launch {
    const char *image_id;
    const char *type;
    const char *key_pair; /* "" none */
    const char *subnet_id;
    const char *group_id;  /* NULL in a dry run */
    const char *token;     /* makes the call idempotent; NULL in a dry run */
    const char *user_data; /* base64 */
    const char *credits;   /* "standard", "unlimited"; NULL for types without credits */
    bool detailed_monitoring;
    bool is_dry_run; /* nothing is launched, and the call fails with DryRunOperation when it could be */
    unsigned count;
    struct aws_tags tags;
};

/* Prepares RunInstances, all or nothing. The reply is read by ec2_instances_read_launched. */
void ec2_instances_launch(struct aws_call *call, const struct ec2_launch *launch);
int ec2_instances_read_launched(const struct xml_node *reply, struct ec2_instance_list *list, struct err *e);

/* Appends to `list` every instance that the filters let through. */
int ec2_instances_describe(struct aws_client *c, const struct ec2_filter *filters, size_t n_filters,
                           struct ec2_instance_list *list, struct err *e);

/* Prepares StartInstances, which leaves alone what runs. */
void ec2_instances_start(struct aws_call *call, const char *const *ids, size_t n);

/* The instance of that id in the list; NULL when it is not listed. */
const struct ec2_instance *ec2_instances_find(const struct ec2_instance_list *list, const char *id);

/* Prepares TerminateInstances. */
void ec2_instances_terminate(struct aws_call *call, const char *const *ids, size_t n);

/* Not "shutting-down" and not "terminated". */
bool ec2_instance_is_alive(const struct ec2_instance *i);

#endif
