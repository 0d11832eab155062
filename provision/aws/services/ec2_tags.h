/* Tags of EC2 resources that exist already. */
#ifndef PROVISION_EC2_TAGS_H
#define PROVISION_EC2_TAGS_H

struct aws_call;

/* Prepares CreateTags, which sets or replaces one tag. */
void ec2_tags_set(struct aws_call *call, const char *id, const char *key, const char *value);

#endif
