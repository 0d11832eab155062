/* The role of a container, a CloudShell or an instance. A local service hands out its credentials, which
 * expire, and has new ones in time. It is asked without a proxy. */
#ifndef PROVISION_AWS_ROLE_H
#define PROVISION_AWS_ROLE_H

#include <stdbool.h>

struct aws_env;
struct credentials;
struct err;
struct profile_set;

enum role_kind { ROLE_NONE, ROLE_OF_CONTAINER, ROLE_OF_INSTANCE };

enum { ROLE_URL_BYTES = 1024, ROLE_PATH_BYTES = 4096 };

struct role {
    enum role_kind kind;
    char url[ROLE_URL_BYTES];         /* of a container's credentials, or of an instance's metadata */
    char token_file[ROLE_PATH_BYTES]; /* holds what authorises a container; "": `token` does */
    char *token;                      /* owned secret; NULL: none */
    unsigned timeout_ms;              /* of each request */
    unsigned n_attempts;
    const char *variable; /* that names the container's URL */
    bool is_cloudshell;
};

/* Finds the service by the rules of the AWS tools. ROLE_NONE where it is switched off. Call role_fini in
 * every case. */
int role_find(struct role *r, const struct profile_set *set, const struct aws_env *env, struct err *e);
void role_fini(struct role *r);

/* Whether credentials may be asked for at this URL: by TLS, or from this machine or AWS's link-local
 * addresses. */
bool role_may_ask(const char *url);

/* Names the role in messages: "the role of this instance". */
const char *role_name(const struct role *r);

/* Asks the service. On success `c`, which must be empty, owns the credentials; a stop ends it (stop.h). */
int role_fetch(const struct role *r, struct credentials *c, struct err *e);

#endif
