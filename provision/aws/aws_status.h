/* `status`: what is recorded, and how it is now. */
#ifndef PROVISION_AWS_STATUS_H
#define PROVISION_AWS_STATUS_H

struct err;
struct provider_context;

int aws_status(struct provider_context *context, struct err *e);

#endif
