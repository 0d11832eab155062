/* Which image the instances start from: --ami, the topology's, Canonical's own parameter for the newest
 * Ubuntu, or the newest image of Canonical by name, in that order. */
#ifndef PROVISION_AWS_IMAGE_H
#define PROVISION_AWS_IMAGE_H

struct aws_plan;
struct aws_session;
struct err;

int aws_image_choose(struct aws_session *s, struct aws_plan *plan, struct err *e);

#endif
