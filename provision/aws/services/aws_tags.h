/* Tags mark what is ours: every resource is created with its run's id and its role, and nothing without them
 * is ever adopted or removed. */
#ifndef PROVISION_AWS_TAGS_H
#define PROVISION_AWS_TAGS_H

#include <stddef.h>

struct form;
struct xml_node;

#define AWS_TAG_RUN  "loadgen-run"
#define AWS_TAG_ROLE "loadgen-role"

struct aws_tags {
    char run[16];  /* run id; "": not ours */
    char role[64]; /* "cluster1", "balancer", "instances"; of an instance with its zone: "cluster1/us-east-1a"
                    */
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
