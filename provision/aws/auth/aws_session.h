/* A working connection to one account and region: credentials found and tried, client ready, and the
 * deployment that is worked on. Every AWS subcommand opens one and closes it. */
#ifndef PROVISION_AWS_SESSION_H
#define PROVISION_AWS_SESSION_H

#include "aws_client.h"
#include "aws_config.h"

#include <stdint.h>

struct deployment;
struct err;
struct status_lines;
struct provider_context;

/* Whom the credentials belong to. */
struct aws_caller {
    char account[32];
    char arn[256];
};

struct aws_session {
    struct provider_context *context; /* borrowed */
    struct deployment *deployment;    /* the context's */
    struct status_lines *lines;       /* the context's */
    struct aws_config config;
    struct aws_client client;
    struct aws_caller caller;
};

/* Finds and tries the credentials. The region of a deployment that exists is the recorded one, and another
 * account than the recorded one is refused; `fallback_region` serves a new one. Call aws_session_close in
 * every case. Must not be moved afterwards. */
int aws_session_open(struct aws_session *s, struct provider_context *context, const char *fallback_region,
                     struct err *e);
void aws_session_close(struct aws_session *s);

/* Saves the deployment file. */
int aws_session_save(const struct aws_session *s, struct err *e);

/* What is remembered of a resource: the member `key` of the first with that kind and role; "" when there is
 * none. */
const char *aws_session_recall(const struct aws_session *s, const char *kind, const char *role,
                               const char *key);
/* Sets a member, making the resource when it is new. Does not save. */
int aws_session_remember(struct aws_session *s, const char *kind, const char *role, const char *key,
                         const char *value, struct err *e);

/* Waits between polls: at most `n_most` times `delay_ns`, as botocore's waiters do. */
struct aws_wait {
    uint64_t delay_ns;
    unsigned n_most;
    unsigned n;
};
/* Sleeps until the next poll. -1 when the last one is over, with "`what` took longer than ...", or when
 * interrupted. */
int aws_session_wait(struct aws_session *s, struct aws_wait *wait, const char *what, struct err *e);

#endif
