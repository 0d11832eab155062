/* Public parameters of the Systems Manager: where Canonical publishes the id of its newest image. */
#ifndef PROVISION_SSM_H
#define PROVISION_SSM_H

#include <stddef.h>

struct aws_client;
struct err;

int ssm_get_parameter(struct aws_client *c, const char *name, char *value, size_t value_bytes, struct err *e);

#endif
