#include "role.h"

#include "aws_env.h"
#include "err.h"
#include "http_url.h"
#include "profile_set.h"
#include "secret.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RELATIVE_VARIABLE "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL_VARIABLE     "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define CONTAINER_HOST    "http://169.254.170.2"
#define INSTANCE_HOST     "http://169.254.169.254"
#define INSTANCE_HOST_V6  "http://[fd00:ec2::254]"

enum { CONTAINER_TIMEOUT_MS = 2000, CONTAINER_ATTEMPTS = 3, INSTANCE_TIMEOUT_S = 1 };
enum { TIMEOUT_S_MOST = 60, ATTEMPTS_MOST = 10 };

static bool is_near(const char *host)
{
    static const char *const hosts[] = { "localhost", "[::1]", "169.254.170.2", "169.254.170.23",
                                         "[fd00:ec2::23]" };
    unsigned part[4];
    char end;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strcasecmp(host, hosts[i]) == 0)
            return true;
    return sscanf(host, "%3u.%3u.%3u.%3u%c", &part[0], &part[1], &part[2], &part[3], &end) == 4 &&
           part[0] == 127;
}

bool role_may_ask(const char *url)
{
    char *scheme = NULL;
    char *host = NULL;
    CURLU *parts = curl_url();
    const bool whole = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                       curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                       curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    const bool may =
        whole && (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_near(host)));
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return may;
}

static int find_container(struct role *r, const char *relative, const char *full, const struct aws_env *env,
                          struct err *e)
{
    const char *token_file = aws_env_get(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = aws_env_get(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    const char *tool = aws_env_get(env, "AWS_EXECUTION_ENV");
    r->kind = ROLE_OF_CONTAINER;
    r->variable = relative ? RELATIVE_VARIABLE : FULL_VARIABLE;
    r->timeout_ms = CONTAINER_TIMEOUT_MS;
    r->n_attempts = CONTAINER_ATTEMPTS;
    r->is_cloudshell = tool && strncmp(tool, "CloudShell", 10) == 0;
    const int length =
        snprintf(r->url, sizeof r->url, "%s%s", relative ? CONTAINER_HOST : "", relative ? relative : full);
    if ((size_t)length >= sizeof r->url || (relative && *relative != '/') || !role_may_ask(r->url))
        return err_set(e, ERR_INPUT,
                       "%s does not name a service for credentials: a URL must begin with https://, or be of "
                       "this machine or a link-local address of AWS",
                       r->variable);
    if ((size_t)snprintf(r->token_file, sizeof r->token_file, "%s", token_file ? token_file : "") >=
        sizeof r->token_file)
        return err_set(e, ERR_INPUT, "the path in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is too long");
    r->token = token && !token_file ? secret_copy(token, strlen(token)) : NULL;
    return token && !token_file && !r->token ? err_set(e, ERR_FAILED, "out of memory") : 0;
}

static const char *setting(const char *name, enum profile_key key, const struct profile_set *set,
                           const struct aws_env *env)
{
    const char *value = aws_env_get(env, name);
    return value ? value : profile_set_get(set, key);
}

/* A small number that the user gives, within its limits. */
static unsigned number(const char *text, unsigned otherwise, unsigned most)
{
    const unsigned long value = text ? strtoul(text, NULL, 10) : 0;
    return value < 1 ? otherwise : value > most ? most : (unsigned)value;
}

static int find_instance(struct role *r, const struct profile_set *set, const struct aws_env *env,
                         struct err *e)
{
    const char *endpoint = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", PROFILE_METADATA_ENDPOINT, set, env);
    const char *mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", PROFILE_METADATA_MODE, set, env);
    if (aws_env_is_true(aws_env_get(env, "AWS_EC2_METADATA_DISABLED")))
        return 0;
    if (!endpoint)
        endpoint = mode && strcasecmp(mode, "ipv6") == 0 ? INSTANCE_HOST_V6 : INSTANCE_HOST;
    char shown[HTTP_URL_SHOWN_BYTES];
    if (strncasecmp(endpoint, "http://", 7) != 0 && strncasecmp(endpoint, "https://", 8) != 0)
        return err_set(e, ERR_INPUT, "the metadata endpoint '%s' is not of the form http://host[:port]",
                       http_url_shown(endpoint, shown));
    const size_t length = strlen(endpoint);
    const bool slash = endpoint[length - 1] == '/';
    if (length + 2 > sizeof r->url)
        return err_set(e, ERR_INPUT, "the metadata endpoint is too long");
    snprintf(r->url, sizeof r->url, "%s%s", endpoint, slash ? "" : "/");
    r->kind = ROLE_OF_INSTANCE;
    r->timeout_ms = 1000 * number(setting("AWS_METADATA_SERVICE_TIMEOUT", PROFILE_METADATA_TIMEOUT, set, env),
                                  INSTANCE_TIMEOUT_S, TIMEOUT_S_MOST);
    r->n_attempts = number(setting("AWS_METADATA_SERVICE_NUM_ATTEMPTS", PROFILE_METADATA_ATTEMPTS, set, env),
                           1, ATTEMPTS_MOST);
    return 0;
}

int role_find(struct role *r, const struct profile_set *set, const struct aws_env *env, struct err *e)
{
    const char *relative = aws_env_get(env, RELATIVE_VARIABLE);
    const char *full = aws_env_get(env, FULL_VARIABLE);
    *r = (struct role){ .kind = ROLE_NONE };
    return relative || full ? find_container(r, relative, full, env, e) : find_instance(r, set, env, e);
}

void role_fini(struct role *r)
{
    secret_free(r->token);
    r->token = NULL;
}

const char *role_name(const struct role *r)
{
    if (r->kind == ROLE_OF_INSTANCE)
        return "the role of this instance";
    return r->is_cloudshell ? "this CloudShell" : "the role of this container";
}
