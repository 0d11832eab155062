/* Tags mark what is ours: every resource is created with its run's id and its role, and nothing without them
 * is ever adopted or removed. */
#ifndef PROVISION_AWS_TAGS_H
#define PROVISION_AWS_TAGS_H

#include <stddef.h>

struct form;
struct xml_node;

#define AWS_TAG_START   "loadgen-"
#define AWS_TAG_RUN     AWS_TAG_START "run"
#define AWS_TAG_ROLE    AWS_TAG_START "role"
#define AWS_TAG_OWNER   AWS_TAG_START "owner"
#define AWS_TAG_CREATED AWS_TAG_START "created"
#define AWS_TAG_PRICE   AWS_TAG_START "usd-per-hour"

struct aws_user_tags;

struct aws_tags {
    char run[16];                     /* run id; "": not ours */
    char role[64];                    /* "cluster1", "balancer", "instances"; of an instance with its zone:
                                         "cluster1/us-east-1a" */
    char owner[256];                  /* who created it; "": unknown */
    char created_utc[32];             /* of the run, "2026-11-21T22:09:00Z"; "": unknown */
    double usd_per_hour;              /* of this resource; 0: it costs nothing, or unknown */
    char name[96];                    /* Name, when read; creation names it by aws_tags_name */
    const struct aws_user_tags *user; /* borrowed; for creation only, NULL: none */
};

/* The name of a resource: "loadgen-7f3a19c2-cluster1", or without a role "loadgen-7f3a19c2". */
const char *aws_tags_name(const char *run, const char *role, char *out, size_t out_bytes);

/* Adds the tags and a Name to a query; `prefix` is "TagSpecification.1.Tag." (EC2) or "Tags.member." (ELB).
 */
void aws_tags_add(struct form *f, const char *prefix, const struct aws_tags *tags);
/* Adds a whole TagSpecification.N of EC2. */
void aws_tags_add_specification(struct form *f, unsigned n, const char *resource_type,
                                const struct aws_tags *tags);

/* Reads the tags that are the children of the element at `path`, with key and value in either spelling. */
void aws_tags_read(const struct xml_node *node, const char *path, struct aws_tags *tags);

#endif
