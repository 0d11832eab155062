#include "aws_config.h"

#include "err.h"
#include "profile_set.h"

#include <stdio.h>
#include <stdlib.h>
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

const char *aws_config_getenv(void *payload, const char *name)
{
    (void)payload;
    return getenv(name);
}

bool aws_config_is_region(const char *text)
{
    const size_t length = strlen(text);
    unsigned hyphens = 0;
    if (length < 9 || length >= AWS_REGION_BYTES || text[length - 1] < '1' || text[length - 1] > '9')
        return false;
    for (size_t i = 0; i < length - 1; i++) {
        if (text[i] == '-')
            hyphens++;
        else if (text[i] < 'a' || text[i] > 'z')
            return false;
        if (text[i] == '-' && (i < 2 || text[i - 1] == '-'))
            return false;
    }
    return hyphens >= 2 && text[length - 2] == '-';
}

struct environment {
    credentials_env_fn *env;
    void *payload;
};

static const char *variable(const struct environment *l, const char *name)
{
    const char *value = l->env(l->payload, name);
    return value && *value ? value : NULL;
}

static const char *either(const struct profile_set *set, enum profile_key key)
{
    const char *from_config = set->value[PROFILE_FROM_CONFIG][key];
    const char *chosen = from_config ? from_config : set->value[PROFILE_FROM_CREDENTIALS][key];
    return chosen && *chosen ? chosen : NULL;
}

static int choose_region(struct aws_config *c, const struct aws_config_options *options,
                         const struct profile_set *set, const struct environment *l, struct err *e)
{
    const struct {
        const char *value;
        const char *source;
    } candidates[] = {
        { options->region, "--region" },
        { variable(l, "AWS_REGION"), "AWS_REGION" },
        { variable(l, "AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION" },
        { either(set, PROFILE_REGION), "the profile" },
        { options->fallback_region, "the topology" },
        { "us-east-1", "the default" },
    };
    size_t i = 0;
    while (!candidates[i].value || !*candidates[i].value)
        i++;
    if (!aws_config_is_region(candidates[i].value))
        return err_set(e, ERR_INPUT, "'%.40s' (from %s) is not the name of a region, such as us-east-1",
                       candidates[i].value, candidates[i].source);
    snprintf(c->region, sizeof c->region, "%s", candidates[i].value);
    snprintf(c->region_source, sizeof c->region_source, "%s", candidates[i].source);
    return 0;
}

static const char *given_endpoint(const struct environment *l, const struct profile_set *set,
                                  const struct aws_service_facts *facts)
{
    char name[64];
    const char *ignore = variable(l, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (ignore && strcmp(ignore, "true") == 0)
        return NULL;
    snprintf(name, sizeof name, "AWS_ENDPOINT_URL_%s", facts->variable);
    const char *url = variable(l, name);
    if (!url)
        url = variable(l, "AWS_ENDPOINT_URL");
    for (size_t i = 0; !url && i < set->n_services; i++)
        if (strcmp(set->services[i].id, facts->profile_id) == 0)
            url = set->services[i].endpoint;
    return url ? url : either(set, PROFILE_ENDPOINT);
}

/* An endpoint becomes `scheme://host[:port]/`: libcurl's versions differ in how they sign a path or query. */
static int set_endpoint(struct aws_config *c, size_t service, const char *given, struct err *e)
{
    char *url = c->endpoint[service];
    if (!given) {
        const char *suffix = strncmp(c->region, "cn-", 3) == 0 ? ".cn" : "";
        snprintf(url, AWS_URL_BYTES, "https://%s.%s.amazonaws.com%s/", aws_services[service].host, c->region,
                 suffix);
        return 0;
    }
    const char *host = strncasecmp(given, "https://", 8) == 0  ? given + 8
                       : strncasecmp(given, "http://", 7) == 0 ? given + 7
                                                               : NULL;
    const size_t length = host ? strcspn(host, "/?#@") : 0;
    if (length == 0 || (host[length] && strcmp(host + length, "/") != 0) || strlen(given) + 2 > AWS_URL_BYTES)
        return err_set(e, ERR_INPUT, "the endpoint '%.100s' for %s is not of the form http(s)://host[:port]",
                       given, aws_services[service].name);
    snprintf(url, AWS_URL_BYTES, "%.*s/", (int)(host - given) + (int)length, given);
    return 0;
}

static int read_profiles(struct profile_set *set, const char *name, const struct environment *l,
                         struct err *e)
{
    char credentials[PROFILE_PATH_BYTES] = "";
    char config[PROFILE_PATH_BYTES] = "";
    const char *home = variable(l, "HOME");
    const char *credentials_given = variable(l, "AWS_SHARED_CREDENTIALS_FILE");
    const char *config_given = variable(l, "AWS_CONFIG_FILE");
    if (home) {
        snprintf(credentials, sizeof credentials, "%s/.aws/credentials", home);
        snprintf(config, sizeof config, "%s/.aws/config", home);
    }
    return profile_set_read(set, name, credentials_given ? credentials_given : credentials,
                            config_given ? config_given : config, e);
}

static int read_with_profiles(struct aws_config *c, const struct aws_config_options *options,
                              const struct profile_set *set, const struct environment *l, struct err *e)
{
    if (choose_region(c, options, set, l, e) < 0 ||
        credentials_choose(&c->credentials, set, options->profile != NULL, l->env, l->payload, e) < 0)
        return -1;
    for (size_t i = 0; i < AWS_N_SERVICES; i++)
        if (set_endpoint(c, i, given_endpoint(l, set, &aws_services[i]), e) < 0)
            return -1;
    if (set->readable_by_others && strncmp(c->credentials.source, "profile", 7) == 0)
        snprintf(c->notice, sizeof c->notice,
                 "other users of this machine can read %.400s: run `chmod 600` on it",
                 set->path[PROFILE_FROM_CREDENTIALS]);
    return 0;
}

int aws_config_read(struct aws_config *c, const struct aws_config_options *options, credentials_env_fn *env,
                    void *payload, struct err *e)
{
    const struct environment l = { env, payload };
    struct profile_set set = { 0 };
    const char *name = options->profile;

    *c = (struct aws_config){ 0 };
    name = name ? name : variable(&l, "AWS_PROFILE");
    name = name ? name : variable(&l, "AWS_DEFAULT_PROFILE");
    int status = read_profiles(&set, name ? name : "default", &l, e);
    if (status == 0)
        status = read_with_profiles(c, options, &set, &l, e);
    profile_set_fini(&set);
    return status;
}

void aws_config_fini(struct aws_config *c)
{
    credentials_fini(&c->credentials);
}
