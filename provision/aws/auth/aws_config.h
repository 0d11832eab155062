/* Credentials, region and endpoints, found as the AWS tools do: in options, the environment and the profile's
 * files. */
#ifndef PROVISION_AWS_CONFIG_H
#define PROVISION_AWS_CONFIG_H

#include "aws_endpoint.h"
#include "credentials.h"
#include "role.h"

#include <stdbool.h>

struct aws_env;
struct err;

enum { AWS_REGION_BYTES = 32, AWS_PATH_BYTES = 4096 };

/* From the command line; NULL: not given. */
struct aws_config_options {
    const char *profile;
    const char *recorded_region; /* of a deployment that exists: it cannot be another */
    const char *region;
    const char *topology_region; /* `up` of a new deployment: after --region, before the environment */
};

struct aws_config {
    struct credentials credentials;
    struct role role;     /* that gave them; ROLE_NONE: none */
    int64_t role_asked_s; /* when it was last asked, since the epoch */
    char region[AWS_REGION_BYTES];
    char region_notice[200]; /* shown when the environment names another; "": none */
    char region_source[64];  /* for people: "--region", "AWS_REGION", "the topology" */
    char endpoint[AWS_N_SERVICES][AWS_URL_BYTES];
    char ca_bundle[AWS_PATH_BYTES]; /* certificates to trust, a file or a folder; "": the system's */
    char notice[640];               /* a warning for the user; "": none */
};

/* Finds everything; call aws_config_fini in every case. */
int aws_config_read(struct aws_config *c, const struct aws_config_options *options, const struct aws_env *env,
                    struct err *e);
void aws_config_fini(struct aws_config *c);

/* Replaces credentials of a role that soon expire. -1 only when they have expired. */
int aws_config_renew(struct aws_config *c, int64_t now_s, struct err *e);

/* Whether the text looks like a region, "us-east-1": it becomes part of host names and signatures. */
bool aws_config_is_region(const char *text);

#endif
