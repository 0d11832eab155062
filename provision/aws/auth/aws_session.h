/* A working connection to one account and region, and the deployment that it serves. Each AWS subcommand
 * opens and closes one. */
#ifndef PROVISION_AWS_SESSION_H
#define PROVISION_AWS_SESSION_H

#include "aws_client.h"
#include "aws_config.h"
#include "aws_user_tags.h"

#include <stdint.h>

struct deployment;
struct deployment_resource;
struct err;
struct status_lines;
struct provider_context;

enum { ACCOUNT_DIGITS = 12 };

/* The owner of the credentials. */
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
    struct aws_user_tags user_tags; /* of aws_owner_tags; borrowed from the deployment */
};

/* Finds and tries the credentials. An existing deployment fixes the region, and credentials of another
 * account are refused; `topology_region` is for a new one. Call aws_session_close in every case. Must not
 * move afterwards. */
int aws_session_open(struct aws_session *s, struct provider_context *context, const char *topology_region,
                     struct err *e);
void aws_session_close(struct aws_session *s);

/* Saves the deployment file. */
int aws_session_save(const struct aws_session *s, struct err *e);

/* The recorded value of `key` of the first resource with that kind and role; "" when there is none. */
const char *aws_session_recall(const struct aws_session *s, const char *kind, const char *role,
                               const char *key);
/* Records it, adding the resource when it is new. Does not save. */
int aws_session_remember(struct aws_session *s, const char *kind, const char *role, const char *key,
                         const char *value, struct err *e);
/* Records what one of a resource's instances, or the resource itself, costs. Does not save. */
int aws_session_remember_price(struct aws_session *s, const char *kind, const char *role, double usd_per_hour,
                               struct err *e);
/* Records that the creation of a resource begins now: until two minutes later, here and in later commands,
 * "not found" may mean "not yet". Does not save. */
int aws_session_begin(struct aws_session *s, const char *kind, const char *role, struct err *e);
/* Records that AWS refused it for good, so that nothing is looked for. Does not save. */
void aws_session_refused(struct aws_session *s, const char *kind, const char *role);
/* When the creation of a resource began: nanoseconds since the epoch, 0 if that is not recorded. */
uint64_t aws_session_begun_ns(const struct deployment_resource *r);

/* Waits between polls: at most `n_most` times `delay_ns`, as botocore's waiters do. */
struct aws_wait {
    uint64_t delay_ns;
    unsigned n_most;
    unsigned n;
};
/* Sleeps until the next poll. -1 after the last one ("`what` took longer than ...") or when interrupted. */
int aws_session_wait(struct aws_session *s, struct aws_wait *wait, const char *what, struct err *e);
/* The same after an attempt whose failure is in `e`: the message of the last poll ends with it. */
int aws_session_wait_after(struct aws_session *s, struct aws_wait *wait, const char *what, struct err *e);

#endif
