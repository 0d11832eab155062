/* The services that are called, and where each of them is reached: at a URL that the user gives, or at the
 * one of its region, dual-stack (IPv4 and IPv6) or FIPS if the user asks for it. */
#ifndef PROVISION_AWS_ENDPOINT_H
#define PROVISION_AWS_ENDPOINT_H

struct aws_env;
struct err;
struct profile_set;

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

enum { AWS_URL_BYTES = 512 };

/* Writes `scheme://host[:port]/` to `url`, which has AWS_URL_BYTES. */
int aws_endpoint_choose(char *url, enum aws_service service, const char *region,
                        const struct profile_set *set, const struct aws_env *env, struct err *e);

#endif
