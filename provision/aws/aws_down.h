/* `down` and `down --lost`. */
#ifndef PROVISION_AWS_DOWN_H
#define PROVISION_AWS_DOWN_H

struct err;
struct provider_context;

int aws_down(struct provider_context *context, struct err *e);
int aws_down_lost(struct provider_context *context, struct err *e);

#endif
