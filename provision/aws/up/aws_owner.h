/* The owner of a deployment: recorded in its file and tagged on everything it creates, so that team mates in
 * one account can tell their resources apart. */
#ifndef PROVISION_AWS_OWNER_H
#define PROVISION_AWS_OWNER_H

#include "aws_tags.h"

struct aws_session;
struct err;

/* Records the owner ("jane@laptop as user3141") and the user's tags in the deployment, without saving it. */
int aws_owner_record(struct aws_session *s, struct err *e);

/* The tags of a resource with that role and price (0: it costs nothing). They point into the session and its
 * deployment. */
struct aws_tags aws_owner_tags(struct aws_session *s, const char *role, double usd_per_hour);

#endif
