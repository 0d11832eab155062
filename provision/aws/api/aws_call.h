/* One call of the AWS API: the request, and then its reply or failure. Knows nothing of connections. */
#ifndef PROVISION_AWS_CALL_H
#define PROVISION_AWS_CALL_H

#include "aws_config.h"
#include "aws_failure.h"
#include "form.h"

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json_t;
struct xml_node;

enum { AWS_REPLY_BYTES_MOST = 8 * 1024 * 1024 };

struct aws_call {
    enum aws_service service;
    const char *action;         /* borrowed: "RunInstances" */
    bool repeatable;            /* may be retried when the outcome of an attempt is unknown */
    bool may_be_missing;        /* "not found" is an answer, never a sign that AWS lags */
    struct form form;           /* body of a query call */
    char *json;                 /* owned body of a JSON call; NULL for query calls */
    struct xml_node *reply;     /* owned root of the reply; NULL after a failure and for JSON calls */
    struct json_t *json_reply;  /* owned */
    struct aws_failure failure; /* class AWS_CLASS_NONE after success */
};

/* Starts a query call, with Action and Version in the form, or for SSM a JSON call without a body yet. */
void aws_call_init(struct aws_call *c, enum aws_service service, const char *action, bool repeatable);
/* Drops the reply or failure of an earlier attempt. */
void aws_call_forget_reply(struct aws_call *c);
void aws_call_fini(struct aws_call *c);

/* Reads a complete reply: 2xx, well-formed and with the root element `<Action>Response` is success; anything
 * else fills `failure`. */
void aws_call_read_reply(struct aws_call *c, long http_status, const char *body, size_t length_bytes);

/* Whether the reply names something new, which may cost money and is otherwise only found by its tags. */
bool aws_call_creates(const struct aws_call *c);

/* Describes the failure in `e`; returns -1. */
int aws_call_error(const struct aws_call *c, struct err *e);

#endif
