#include "aws_endpoint.h"

#include "aws_env.h"
#include "err.h"
#include "http_url.h"
#include "profile_set.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct aws_service_facts aws_services[AWS_N_SERVICES] = {
    [AWS_EC2] = { "EC2", "ec2", "ec2", "2016-11-15", "EC2", "ec2" },
    [AWS_ELB] = { "Elastic Load Balancing", "elasticloadbalancing", "elasticloadbalancing", "2015-12-01",
                  "ELASTIC_LOAD_BALANCING_V2", "elastic_load_balancing_v2" },
    [AWS_CLOUDWATCH] = { "CloudWatch", "monitoring", "monitoring", "2010-08-01", "CLOUDWATCH", "cloudwatch" },
    [AWS_SSM] = { "SSM", "ssm", "ssm", "", "SSM", "ssm" },
    [AWS_STS] = { "STS", "sts", "sts", "2011-06-15", "STS", "sts" },
};

/* Of the regions whose names begin so; the last row fits all others. */
static const struct {
    const char *region_prefix;
    const char *suffix;
    const char *dualstack_suffix;
} partitions[] = {
    { "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
    { "eusc-", "amazonaws.eu", "api.amazonwebservices.eu" },
    { "", "amazonaws.com", "api.aws" },
};

static const char *given(enum aws_service service, const struct profile_set *set, const struct aws_env *env)
{
    char name[64];
    if (aws_env_is_true(aws_env_get(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")))
        return NULL;
    snprintf(name, sizeof name, "AWS_ENDPOINT_URL_%s", aws_services[service].variable);
    const char *url = aws_env_get(env, name);
    if (!url)
        url = aws_env_get(env, "AWS_ENDPOINT_URL");
    for (size_t i = 0; !url && i < set->n_services; i++)
        if (strcmp(set->services[i].id, aws_services[service].profile_id) == 0)
            url = set->services[i].endpoint;
    return url ? url : profile_set_get(set, PROFILE_ENDPOINT);
}

static bool is_on(const char *name, enum profile_key key, const struct profile_set *set,
                  const struct aws_env *env)
{
    const char *value = aws_env_get(env, name);
    return aws_env_is_true(value ? value : profile_set_get(set, key));
}

static void write_regional(char *url, enum aws_service service, const char *region,
                           const struct profile_set *set, const struct aws_env *env)
{
    size_t i = 0;
    while (strncmp(region, partitions[i].region_prefix, strlen(partitions[i].region_prefix)) != 0)
        i++;
    const bool dualstack = is_on("AWS_USE_DUALSTACK_ENDPOINT", PROFILE_DUALSTACK, set, env);
    const bool fips = is_on("AWS_USE_FIPS_ENDPOINT", PROFILE_FIPS, set, env);
    /* The ordinary endpoints of GovCloud are FIPS ones. */
    const bool is_fips_anyway = strncmp(region, "us-gov-", 7) == 0 && !dualstack;
    snprintf(url, AWS_URL_BYTES, "https://%s%s.%s.%s/", aws_services[service].host,
             fips && !is_fips_anyway ? "-fips" : "", region,
             dualstack ? partitions[i].dualstack_suffix : partitions[i].suffix);
}

int aws_endpoint_choose(char *url, enum aws_service service, const char *region,
                        const struct profile_set *set, const struct aws_env *env, struct err *e)
{
    const char *text = given(service, set, env);
    char shown[HTTP_URL_SHOWN_BYTES];
    if (!text) {
        write_regional(url, service, region, set, env);
        return 0;
    }
    /* Without a path or a query: libcurl's versions differ in how they sign these. */
    const char *host = strncasecmp(text, "https://", 8) == 0  ? text + 8
                       : strncasecmp(text, "http://", 7) == 0 ? text + 7
                                                              : NULL;
    const size_t length = host ? strcspn(host, "/?#@") : 0;
    if (length == 0 || (host[length] && strcmp(host + length, "/") != 0) || strlen(text) + 2 > AWS_URL_BYTES)
        return err_set(e, ERR_INPUT, "the endpoint '%s' for %s is not of the form http(s)://host[:port]",
                       http_url_shown(text, shown), aws_services[service].name);
    snprintf(url, AWS_URL_BYTES, "%.*s/", (int)(host - text) + (int)length, text);
    return 0;
}
