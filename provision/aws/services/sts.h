/* Who the credentials belong to: the cheapest check that they work. */
#ifndef PROVISION_STS_H
#define PROVISION_STS_H

struct aws_client;
struct err;

struct sts_caller {
    char account[32];
    char arn[256];
};

int sts_get_caller(struct aws_client *c, struct sts_caller *caller, struct err *e);

#endif
