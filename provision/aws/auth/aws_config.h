/* Credentials, region and endpoints, found as the AWS tools do: in options, the environment and the profile's
 * files. */
#ifndef PROVISION_AWS_CONFIG_H
#define PROVISION_AWS_CONFIG_H

#include "credentials.h"

#include <stdbool.h>

struct err;

enum aws_service { AWS_EC2, AWS_ELB, AWS_CLOUDWATCH, AWS_SSM, AWS_STS, AWS_N_SERVICES };

struct aws_service_facts {
    const char *name;         /* for people: "EC2" */
    const char *host;         /* first label of the endpoint's host */
    const char *signing_name; /* in the credential scope */
    const char *version;      /* of the API; "" for JSON */
    const char *variable;     /* ending of AWS_ENDPOINT_URL_... */
    const char *profile_id;   /* in a [services] section */
};
extern const struct aws_service_facts aws_services[AWS_N_SERVICES];

enum { AWS_REGION_BYTES = 32, AWS_URL_BYTES = 512 };

/* From the command line; NULL: not given. */
struct aws_config_options {
    const char *profile;
    const char *region;
    const char *fallback_region; /* used when nothing else names one: the topology's */
};

struct aws_config {
    struct credentials credentials;
    char region[AWS_REGION_BYTES];
    char region_source[64]; /* for people: "--region", "AWS_REGION", "the topology" */
    char endpoint[AWS_N_SERVICES][AWS_URL_BYTES];
    char notice[640]; /* a warning for the user, or "" */
};

/* Finds everything; call aws_config_fini in every case. `env(payload, NAME)` looks up an environment
 * variable. */
int aws_config_read(struct aws_config *c, const struct aws_config_options *options, credentials_env_fn *env,
                    void *payload, struct err *e);
void aws_config_fini(struct aws_config *c);

/* Whether the text looks like a region, "us-east-1": it becomes part of host names and signatures. */
bool aws_config_is_region(const char *text);

/* getenv as a credentials_env_fn. */
const char *aws_config_getenv(void *payload, const char *name);

#endif
