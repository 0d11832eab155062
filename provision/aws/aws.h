/* The provider "aws": instances of EC2 behind an Application Load Balancer. */
#ifndef PROVISION_AWS_H
#define PROVISION_AWS_H

#include "provider.h"

extern const struct provider provider_aws;

/* Its functions: see struct provider. */
int aws_up(struct provider_context *c, struct err *e);
int aws_status(struct provider_context *c, struct err *e);
int aws_metrics(struct provider_context *c, struct err *e);
int aws_down(struct provider_context *c, struct err *e);
int aws_down_lost(struct provider_context *c, struct err *e);

#endif
