/* `metrics`: cloudwatch.csv of a run. */
#ifndef PROVISION_AWS_METRICS_H
#define PROVISION_AWS_METRICS_H

struct err;
struct provider_context;

int aws_metrics(struct provider_context *context, struct err *e);

#endif
