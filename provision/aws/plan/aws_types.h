/* The instance types of a topology against what AWS says of them: a file that says otherwise would mislead
 * the guard of the account's vCPUs, the price per request and the reader of the report. */
#ifndef PROVISION_AWS_TYPES_H
#define PROVISION_AWS_TYPES_H

struct aws_plan;
struct aws_session;
struct err;

/* Checks the types of the plan's launches and sets its architecture, of which there must be one, since there
 * is one image. Where describing types is not allowed, x86_64 is assumed. */
int aws_types_check(struct aws_session *s, struct aws_plan *plan, struct err *e);

#endif
